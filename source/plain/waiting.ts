import {type Call, describeCall, type Request} from '../app/state/calls.ts';
import {shown} from '../app/state/screen-kinds.ts';
import {countSteps} from '../app/state/screens/sync-run.ts';
import {shownRun} from '../app/state/screens/sync-screen.ts';
import {type AppState, currentScreen, environmentNamed} from '../app/state/state.ts';
import {environmentLine} from './screens/overview.ts';

/** What is to be printed once it is there: the screen with its rows, or what is known of the chosen row. */
export type Wanted = 'screen' | 'detail';

/** What is asked on the side of each: a row's detail is no part of the list, and the other way round. */
const aside: Readonly<Record<Wanted, ReadonlySet<Call['name']>>> = {
  screen: new Set(['commitDetail', 'commitEffect', 'commitPullRequest', 'pullRequestChange']),
  detail: new Set(['revisions', 'revisionNotes', 'commitPullRequest']),
};

/** What goes on for as long as it is looked at: it is printed with what was told of it by then. */
const followed: ReadonlySet<Call['name']> = new Set(['followEvents', 'followLogs']);

/** The questions whose answers what is wanted still lacks; `isPatient` where it was waited for what may never tell anything. */
export function lacking(state: AppState, wanted: Wanted, isPatient = false): readonly Request[] {
  const screen = currentScreen(state);
  return state.requests.filter(({owner, call}) => {
    if (call.name === 'load') return true;
    if (call.name === 'inspect') {
      const isShown =
        screen.id === 'overview' || (screen.id === 'environment' && screen.environment === call.environment);
      return isShown && !call.quiet;
    }
    if (call.name === 'sync') return screen.id === 'sync' && screen.environment === call.plan.environment;
    if (followed.has(call.name)) return !isPatient && isEmpty(state);
    return owner === 'screen' && !aside[wanted].has(call.name);
  });
}

function isEmpty(state: AppState): boolean {
  const {screen, kind} = shown(state);
  return kind.rows(state, screen).keys.length === 0;
}

/** True while something that was asked for is not there yet, or runs: who reads commands from a file waits for that. */
export function isAtWork(state: AppState): boolean {
  if (state.session === null) return true;
  return state.requests.some(
    ({owner, call}) =>
      owner === 'dialog' ||
      call.name === 'load' ||
      call.name === 'fetch' ||
      call.name === 'sync' ||
      (call.name === 'inspect' && !call.quiet),
  );
}

/** How far it is, in a line; null where nothing can be told. */
export function progressLine(state: AppState, wanted: Wanted | null): string | null {
  const {dialog} = state;
  const run = dialog === null ? shownRun(state) : undefined;
  if (run !== undefined && run.end === null) {
    const {done, total} = countSteps(run);
    const {waiting} = run.progress;
    const health = waiting === null ? '' : `, ${waiting.healthy} of ${waiting.total} healthy`;
    return `Syncing ${run.environment}: ${done} of ${total} done${health}`;
  }
  if (dialog !== null) {
    const [asked] = state.requests.filter(({owner}) => owner === 'dialog');
    return asked === undefined ? null : `Still at work: ${describeCall(asked.call)}`;
  }
  const [first] = wanted === null ? [] : lacking(state, wanted);
  if (first === undefined) return state.session === null ? 'Still at work: opening the repository' : null;
  const {call} = first;
  const known = call.name === 'inspect' ? environmentNamed(state, call.environment) : undefined;
  return known === undefined ? `Still at work: ${describeCall(call)}` : environmentLine(known, state.now);
}
