import {keyWord} from '../../keys/key-words.ts';
import {overviewRows} from '../layout.ts';
import {choose} from '../lists/list.ts';
import {shownOverview} from '../lists/overview-order.ts';
import type {AppState, EnvironmentState} from '../state.ts';

/** Environments that were marked to be synced: one dialog after the other, each with its own plan and confirmation. */
export interface SyncQueue {
  /** Those whose dialog has not been shown yet. */
  readonly left: readonly string[];
  readonly all: number;
  /** How many were begun. */
  readonly begun: number;
}

/** True where an environment can be synced now, else the reason why not. */
export function syncable(state: AppState, known: EnvironmentState | undefined): true | string {
  if (known === undefined) return 'no environment is chosen';
  const {name, context} = known.environment;
  if (context === null) return `${name} has no kubeconfig context`;
  if (state.session?.worktree === true)
    return 'started with --worktree: only what is committed can be synced';
  if (known.report === null) return `${name} is not compared yet`;
  const {syncStatus, liveRevision, desiredRevision} = known.report;
  // What is in sync but was deployed from another commit can still be recorded as this one.
  return syncStatus === 'Synced' && liveRevision === desiredRevision ? `${name} is in sync` : true;
}

/** The marked environments that can be synced now and are not being synced, in the order of the overview; hidden ones last. */
export function marksToSync(state: AppState): readonly string[] {
  const [{marked}] = state.screens;
  const {keys} = shownOverview(state);
  const hidden = state.environments.flatMap(({environment: {name}}) => (keys.includes(name) ? [] : [name]));
  return [...keys, ...hidden].filter(name => marked.has(name) && canBegin(state, name));
}

function canBegin(state: AppState, name: string): boolean {
  const known = state.environments.find(({environment}) => environment.name === name);
  const isRunning = state.syncs.get(name)?.end === null;
  return !isRunning && syncable(state, known) === true;
}

/** The next environment of the queue that can still be synced, and the state with it chosen; null where none is left. */
export function nextOfQueue(state: AppState): {state: AppState; name: string} | null {
  const {queue} = state;
  const index = queue?.left.findIndex(name => canBegin(state, name)) ?? -1;
  const name = queue?.left[index];
  if (queue === null || name === undefined) return null;
  const [overview, ...rest] = state.screens;
  const {keys} = shownOverview(state);
  const at = keys.indexOf(name);
  const list = at < 0 ? overview.list : choose(overview.list, at, keys, overviewRows(state));
  return {
    name,
    state: {
      ...state,
      queue: {...queue, left: queue.left.slice(index + 1)},
      screens: [{...overview, list}, ...rest],
    },
  };
}

/** The state after the sync of one was begun: its mark has done what it was for. */
export function withBegun(state: AppState, name: string): AppState {
  const [overview, ...rest] = state.screens;
  const marked = new Set(overview.marked);
  marked.delete(name);
  const queue = state.queue === null ? null : {...state.queue, begun: state.queue.begun + 1};
  return {...state, queue, screens: [{...overview, marked}, ...rest]};
}

/** The state after the queue: what became of it in the footer. What was not begun stays marked. */
export function endQueue(state: AppState, cancelled: string | null): AppState {
  const {queue} = state;
  if (queue === null) return state;
  const {begun, left} = queue;
  const others = left.length === 0 ? '' : ` and ${left.length} more`;
  const syncs = begun === 1 ? '1 sync was begun' : `${begun} syncs were begun`;
  const text =
    cancelled === null
      ? `${syncs}: ${keyWord(state, 'sync-show')} watches, each on its own screen`
      : `${cancelled}${others} not synced, still marked${begun === 0 ? '' : `; ${syncs}`}`;
  return {...state, queue: null, notice: {text, tone: cancelled === null ? 'good' : 'drift'}};
}

/** Where the open dialog is in the queue: ` 2 of 3`; '' where there is none. */
export function placeInQueue({queue}: AppState): string {
  return queue === null ? '' : ` (${queue.all - queue.left.length} of ${queue.all})`;
}
