import type {SyncStep} from '../../../engines/types.ts';
import {formatIdentity, identityKey} from '../../../resources/identity.ts';
import {changesTheWorld} from '../calls.ts';
import {emptyList, type ListState} from '../lists/list.ts';
import {ask} from '../requests.ts';
import {pushScreen} from '../screen-stack.ts';
import {type AppState, currentScreen, environmentNamed} from '../state.ts';
import {beginRun, endWords, type SyncRun} from './sync-run.ts';

/** A sync while it runs, and what became of it. */
export interface SyncScreen {
  readonly id: 'sync';
  readonly environment: string;
  readonly list: ListState;
  /** True until the user moves: then the choice follows what runs. */
  readonly following: boolean;
}

/** A row of the screen: the head of a part, or a step. */
export type SyncRow =
  | {readonly key: string; readonly kind: 'part'; readonly title: string; readonly steps: readonly number[]}
  | {readonly key: string; readonly kind: 'step'; readonly index: number; readonly step: SyncStep};

/** The steps of a run by waves, deletions in a part of their own; without heads where there is one part only. */
export function syncRows({plan}: SyncRun): SyncRow[] {
  const parts = new Map<string, number[]>();
  for (const [index, {action, wave = 0}] of plan.steps.entries()) {
    const title = action === 'delete' ? 'prune' : action === 'skip' ? 'skipped' : `wave ${wave}`;
    parts.set(title, [...(parts.get(title) ?? []), index]);
  }
  return [...parts].flatMap(([title, steps]): SyncRow[] => [
    ...(parts.size > 1 ? [{key: title, kind: 'part', title, steps} as const] : []),
    ...steps.flatMap(index => {
      const step = plan.steps[index];
      return step === undefined ? [] : [{key: `${index}`, kind: 'step', index, step} as const];
    }),
  ]);
}

/** Which wave is on: counted from 1, of how many; null where there is one only, and when all are through. */
export function currentWave({plan, progress}: SyncRun): {number: number; of: number; wave: number} | null {
  const waves = [
    ...new Set(
      plan.steps.flatMap(({action, wave = 0}) => (action === 'create' || action === 'apply' ? [wave] : [])),
    ),
  ];
  if (waves.length < 2) return null;
  const begun = progress.steps.findLastIndex(({state}) => state !== 'waiting');
  const wave = plan.steps[Math.max(0, begun)]?.wave ?? 0;
  const number = waves.indexOf(wave);
  return number < 0 ? null : {number: number + 1, of: waves.length, wave};
}

/** The row that the choice follows: what runs, else what is waited for or went wrong, else the last that began. */
export function runningRow(run: SyncRun, rows: readonly SyncRow[]): number {
  const {steps, health} = run.progress;
  const running = steps.findLastIndex(({state}) => state === 'running');
  const troubled = steps.findIndex(({state}, index) => {
    if (state === 'failed' || state === 'unknown') return true;
    const id = run.plan.steps[index]?.id;
    const seen = id === undefined ? undefined : health.get(identityKey(id));
    return state === 'done' && seen !== undefined && seen.health !== 'Healthy' && seen.health !== 'Suspended';
  });
  const begun = steps.findLastIndex(({state}) => state !== 'waiting');
  const at = [running, troubled, begun].find(index => index >= 0);
  return rows.findIndex(row => row.kind === 'step' && row.index === at);
}

/** The run of the screen's environment. */
export function shownRun(state: AppState): SyncRun | undefined {
  const screen = currentScreen(state);
  return screen.id === 'sync' ? state.syncs.get(screen.environment) : undefined;
}

/** The state with a sync begun, and its screen in front. */
export function startSync(
  state: AppState,
  call: Extract<AppState['requests'][number]['call'], {name: 'sync'}>,
): AppState {
  return showSync(beginSync(state, call), call.plan.environment);
}

/** The same without its screen: another dialog may wait. */
export function beginSync(
  state: AppState,
  call: Extract<AppState['requests'][number]['call'], {name: 'sync'}>,
): AppState {
  const name = call.plan.environment;
  const isProtected = environmentNamed(state, name)?.environment.protected ?? false;
  const syncs = new Map(state.syncs).set(name, beginRun(call, isProtected, state.now));
  return ask({...state, syncs}, 'app', call);
}

/** The state with the screen of an environment's sync in front. */
export function showSync(state: AppState, environment: string): AppState {
  const at = currentScreen(state);
  if (at.id === 'sync' && at.environment === environment) return state;
  return pushScreen(state, {id: 'sync', environment, list: emptyList, following: true});
}

/** The state with an environment's run changed; as it was where there is none. */
export function withRun(state: AppState, environment: string, update: (run: SyncRun) => SyncRun): AppState {
  const run = state.syncs.get(environment);
  return run === undefined ? state : {...state, syncs: new Map(state.syncs).set(environment, update(run))};
}

/** The state without an environment's run, and without its screen. */
export function withoutRun(state: AppState, environment: string): AppState {
  const syncs = new Map(state.syncs);
  syncs.delete(environment);
  const [first, ...rest] = state.screens;
  const left = rest.filter(screen => !(screen.id === 'sync' && screen.environment === environment));
  return {...state, syncs, screens: [first, ...left]};
}

/** Asks the sync of an environment, or all that run, to stop after the writes that are under way. */
export function stopSync(state: AppState, environment: string | null): AppState {
  const isMeant = (name: string) => environment === null || name === environment;
  return {
    ...state,
    requests: state.requests.map(request =>
      changesTheWorld(request.call) && request.call.name === 'sync' && isMeant(request.call.plan.environment)
        ? {...request, stopping: true}
        : request,
    ),
    syncs: new Map(
      [...state.syncs].map(([name, run]) => [
        name,
        run.end === null && isMeant(name) ? {...run, stopping: true} : run,
      ]),
    ),
  };
}

/** The syncs that run now. */
export function runningSyncs(state: AppState): SyncRun[] {
  return [...state.syncs.values()].filter(({end}) => end === null);
}

/** The sync that a key to look at one means: of the screen's environment, else the only or the newest one. */
export function syncToShow(state: AppState, environment: string | undefined): SyncRun | undefined {
  const own = environment === undefined ? undefined : state.syncs.get(environment);
  return own ?? runningSyncs(state).at(-1) ?? [...state.syncs.values()].at(-1);
}

/** A run as text to keep: what became of it, and of each object. */
export function syncText(run: SyncRun): string {
  const {plan, progress, end} = run;
  const head = `sync ${run.environment} (${plan.context}) to ${plan.revision}: ${end === null ? 'it runs' : endWords(run)}`;
  const steps = plan.steps.map((step, index) => {
    const told = progress.steps[index];
    const state = stepWord(step, told?.state ?? 'waiting', end !== null);
    const message = (step.action === 'skip' ? step.reason : told?.message) ?? '';
    return `  ${state.padEnd(10)} ${formatIdentity(step.id)}${message === '' ? '' : `: ${message}`}`;
  });
  const unhealthy =
    end !== null && 'result' in end
      ? end.result.unhealthy.map(
          ({id, health, message}) =>
            `  ${health.toLowerCase().padEnd(10)} ${formatIdentity(id)}${message === '' ? '' : `: ${message}`}`,
        )
      : [];
  return [head, ...steps, ...unhealthy].join('\n');
}

/** How a step's state is called; `isOver`: what waits by then was not begun. */
export function stepWord(
  {action}: SyncStep,
  state: SyncRun['progress']['steps'][number]['state'],
  isOver: boolean,
): string {
  if (action === 'skip') return 'skipped';
  switch (state) {
    case 'waiting':
      return isOver ? 'not begun' : 'waiting';
    case 'running':
      return action === 'delete' ? 'pruning' : 'applying';
    case 'done':
      return {create: 'created', apply: 'applied', delete: 'pruned'}[action];
    case 'failed':
    case 'unknown':
      return state;
  }
}
