import type {AppState, EnvironmentState} from '../state.ts';
import {Arranger, latestFirst, type Shown} from './listing.ts';

/** The environments of the overview. */
export const environmentList = new Arranger<EnvironmentState>({
  key: nameOf,
  fields: {
    name: nameOf,
    context: ({environment}) => environment.context ?? 'none',
    state: stateWords,
    branch: ({environment}) => environment.branch ?? '',
    by: ({deployments}) => deployments[0]?.by ?? '',
  },
  orders: [
    {by: 'listed'},
    {by: 'state', way: 'down', key: urgency},
    {by: 'name', way: 'up', key: nameOf},
    {by: 'deployed', way: 'down', key: ({deployments}) => latestFirst(deployments[0]?.time)},
  ],
  isDrift: known => urgency(known) < inOrder,
  canMark: ({environment: {name, context}}) =>
    context === null ? `${name} has no kubeconfig context` : true,
});

/** The environments as the overview shows them. */
export function shownOverview(state: AppState): Shown<EnvironmentState> {
  return environmentList.shown(state.environments, state.screens[0]);
}

/** The same, without what else is known of the list. */
export function shownEnvironments(state: AppState): readonly EnvironmentState[] {
  return shownOverview(state).items;
}

/** The names of the environments as the overview shows them. */
export function shownNames(state: AppState): readonly string[] {
  return shownOverview(state).keys;
}

/** From here on nothing needs a look: no cluster was chosen, or it is in sync and healthy. */
const inOrder = 4;

/** What needs a look comes first: what failed, what drifted, what is ill, what isn't known yet; what is in sync last. */
function urgency({environment, failure, report}: EnvironmentState): number {
  if (environment.context === null) return inOrder;
  if (failure !== null) return 0;
  if (report === null) return 3;
  const isBroken = report.errors.some(({severity}) => severity === 'error');
  if (isBroken || report.syncStatus === 'Unknown') return 0;
  if (report.syncStatus === 'OutOfSync') return 1;
  return report.healthStatus === 'Healthy' || report.healthStatus === 'Unknown' ? 5 : 2;
}

/** By what an environment is found: `state:drift`, `state:failed`, `state:protected`. */
function stateWords(known: EnvironmentState): string[] {
  const {environment, failure, report} = known;
  const words = environment.protected ? ['protected'] : [];
  if (environment.context === null) return [...words, 'no context'];
  if (failure !== null) words.push('failed');
  if (report === null) return failure === null ? [...words, 'loading'] : words;
  if (report.syncStatus === 'OutOfSync') words.push('drift');
  else words.push(report.syncStatus === 'Synced' ? 'in sync' : 'unknown');
  return [...words, report.healthStatus];
}

function nameOf({environment}: EnvironmentState): string {
  return environment.name;
}
