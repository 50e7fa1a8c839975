import type {SyncResult} from '../../../engines/types.ts';
import type {Problem} from '../../../resources/problem.ts';
import {keyWord} from '../../keys/key-words.ts';
import type {Call, CallEvent} from '../calls.ts';
import {openMoved} from '../dialogs/sync-dialog.ts';
import {type AppState, currentScreen} from '../state.ts';
import {afterSyncEvent, endRun, endWords, isAllWell} from './sync-run.ts';
import {withoutRun, withRun} from './sync-screen.ts';

/** The state after a running sync told something. */
export function withSyncNews(state: AppState, environment: string, events: readonly CallEvent[]): AppState {
  return withRun(state, environment, run =>
    events.reduce(
      (next, news) => (news.of === 'sync' ? afterSyncEvent(next, news.event, state.now) : next),
      run,
    ),
  );
}

/**
 * The state after a sync ended. Where the cluster moved before it began, the new plan is shown to whom looks at it; to
 * anybody else it is told that nothing was done.
 */
export function afterSync(
  state: AppState,
  call: Extract<Call, {name: 'sync'}>,
  end: {result: SyncResult} | {problem: Problem},
): AppState {
  const name = call.plan.environment;
  const run = state.syncs.get(name);
  if (run === undefined) return state;
  const at = currentScreen(state);
  const isLookedAt = at.id === 'sync' && at.environment === name && state.dialog === null;
  if ('result' in end && end.result.newPlan !== undefined && isLookedAt)
    return {...withoutRun(state, name), dialog: openMoved(run, end.result.newPlan, state.now), dialogTop: 0};
  const ended = endRun(run, end, state.now);
  const next = withRun(state, name, () => ended);
  if (isLookedAt && state.overlay === null) return next;
  const well = isAllWell(ended);
  const words = endWords(ended);
  const text = `sync of ${name}: ${words.startsWith(`${name}: `) ? words.slice(name.length + 2) : words}; ${keyWord(state, 'sync-show')} shows it`;
  return {...next, notice: {text, tone: well ? 'good' : 'bad'}};
}
