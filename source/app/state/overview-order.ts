import type {AppState, EnvironmentState, OverviewSort} from './state.ts';

const sorts: readonly OverviewSort[] = ['listed', 'state', 'name'];

/** The environments in the order in which the overview shows them; equal ones as they are listed. */
export function shownEnvironments(state: AppState): readonly EnvironmentState[] {
  switch (state.screens[0].sort) {
    case 'listed':
      return state.environments;
    case 'state':
      return state.environments.toSorted((a, b) => urgency(a) - urgency(b));
    case 'name':
      return state.environments.toSorted((a, b) => (a.environment.name < b.environment.name ? -1 : 1));
  }
}

/** The names of the environments as the overview shows them. */
export function shownNames(state: AppState): string[] {
  return shownEnvironments(state).map(({environment}) => environment.name);
}

/** The order after this one. */
export function nextSort(sort: OverviewSort): OverviewSort {
  return sorts[(sorts.indexOf(sort) + 1) % sorts.length] ?? 'listed';
}

/** What needs a look comes first: what failed, what drifted, what is ill, what isn't known yet; what is in sync last. */
function urgency({environment, failure, report}: EnvironmentState): number {
  if (environment.context === null) return 4;
  if (failure !== null) return 0;
  if (report === null) return 3;
  const isBroken = report.errors.some(({severity}) => severity === 'error');
  if (isBroken || report.syncStatus === 'Unknown') return 0;
  if (report.syncStatus === 'OutOfSync') return 1;
  return report.healthStatus === 'Healthy' || report.healthStatus === 'Unknown' ? 5 : 2;
}
