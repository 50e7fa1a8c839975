import type {FollowEvent} from '../../engines/types.ts';
import type {Problem} from '../../resources/problem.ts';
import type {Answer, CallEvent} from './calls.ts';
import {ask, isWaiting, takeBack} from './requests.ts';
import {type AppState, currentScreen, type EnvironmentState, environmentNamed} from './state.ts';
import {cancelled} from './waiting.ts';

/** An environment's answer is asked for again when it is this old, in ms, and on the screen. */
export const oldAfter = 15_000;

/** The state with every environment inspected that has a context; what was known of it stays until then. */
export function afterLoad(state: AppState, answer: Extract<Answer, {name: 'load'}>['value']): AppState {
  const environments = answer.environments.map(environment => {
    const known = environmentNamed(state, environment.name);
    return known === undefined ? unknown(environment) : {...known, environment};
  });
  let next: AppState = {
    ...state,
    loaded: true,
    failure: null,
    repository: answer.repository,
    problems: answer.problems,
    contextCount: answer.contextCount,
    kubeconfig: answer.kubeconfig ?? null,
    environments,
  };
  for (const {environment} of environments) next = inspect(next, environment.name, false);
  return isWaiting(next, ({name}) => name === 'forgeRules') ? next : ask(next, 'app', {name: 'forgeRules'});
}

/** Asks for an environment's verdict, unless it has no cluster; an earlier question for it is taken back. */
export function inspect(state: AppState, name: string, quiet: boolean): AppState {
  const known = environmentNamed(state, name);
  if (known === undefined || known.environment.context === null) return state;
  const isSame = (call: {name: string; environment?: string}) =>
    call.name === 'inspect' && call.environment === name;
  const next = takeBack(state, ({call}) => isSame(call));
  const begun = quiet
    ? next
    : change(next, name, {
        progress: {phase: 'connect', done: 0, total: null, since: state.now},
      });
  return ask(begun, 'app', {name: 'inspect', environment: name, quiet});
}

/** The state with an environment's report; who deployed last is asked next. */
export function afterInspection(
  state: AppState,
  name: string,
  report: NonNullable<EnvironmentState['report']>,
  tookMs: number,
): AppState {
  const next = change(state, name, {
    report,
    checkedAt: state.now,
    settledAt: state.now,
    tookMs,
    failure: null,
    progress: null,
    early: [],
  });
  const known = environmentNamed(state, name);
  const sameDeployment = known?.report?.liveRevision === report.liveRevision && known.deployments.length > 0;
  if (sameDeployment || report.liveRevision === null || report.liveMatch !== undefined) return next;
  return askHistory(next, name);
}

/** The state with an environment on the cluster that was chosen for it: what was known of it was of another, or nothing. */
export function afterContext(state: AppState, environment: EnvironmentState['environment']): AppState {
  const {name, context} = environment;
  if (environmentNamed(state, name)?.environment.context === context) return state;
  return inspect(change(state, name, {...unknown(environment), isChosen: true}), name, false);
}

/** Asks who deployed what, once at a time. */
export function askHistory(state: AppState, name: string): AppState {
  if (isWaiting(state, call => call.name === 'history' && call.environment === name)) return state;
  return ask(state, 'app', {name: 'history', environment: name});
}

/** The state after an inspection failed: the old report stays, with its age. */
export function afterFailedInspection(
  state: AppState,
  name: string,
  problem: Problem,
  tookMs: number,
): AppState {
  return change(state, name, {failure: problem, settledAt: state.now, tookMs, progress: null, early: []});
}

/** The state after something was told of an environment that is followed. */
export function afterFollowed(state: AppState, name: string, event: FollowEvent | {type: 'ended'}): AppState {
  const known = environmentNamed(state, name);
  if (known === undefined) return state;
  switch (event.type) {
    case 'report': {
      // A running inspection answers for itself.
      const {progress, early} = known;
      const next = afterInspection(state, name, event.report, known.tookMs);
      return change(next, name, {followed: true, progress, early});
    }
    case 'lost': {
      const checkedAt = checkedAtOf(known, state.now);
      return change(state, name, {followed: true, checkedAt, failure: event.problem, settledAt: state.now});
    }
    case 'ended':
      return change(state, name, {followed: false});
  }
}

/** As of when an environment's report is, in ms: while it is followed, of now. Null where there is none. */
export function checkedAtOf({checkedAt, followed, failure}: EnvironmentState, now: number): number | null {
  return checkedAt !== null && followed && failure === null ? now : checkedAt;
}

/** What a running inspection tells; a quiet one tells nothing until it is done. */
export function afterInspectionNews(state: AppState, name: string, events: readonly CallEvent[]): AppState {
  const known = environmentNamed(state, name);
  if (known === undefined) return state;
  let {progress, early} = known;
  const found = [];
  for (const news of events) {
    if (news.of !== 'inspect') continue;
    const {event} = news;
    if (event.type === 'progress') {
      const {phase, done, total} = event;
      progress = {phase, done, total, since: progress?.since ?? state.now};
    } else found.push(event.resource);
  }
  if (found.length > 0 && known.report === null) early = [...early, ...found];
  return change(state, name, {progress, early});
}

/** The state after the clock ticked: environments on the screen whose answer is old are asked for, quietly. */
export function afterTick(state: AppState): AppState {
  // While a change is shown or runs, the cluster has better things to do.
  if (state.dialog !== null || state.overlay !== null) return state;
  let next = state;
  for (const known of state.environments) {
    const {name} = known.environment;
    if (!isVisible(state, name) || known.followed || known.settledAt === null) continue;
    // What the user took back is asked for again by the user.
    if (known.failure === cancelled) continue;
    if (isWaiting(state, call => call.name === 'inspect' && call.environment === name)) continue;
    if (state.syncs.get(name)?.end === null) continue;
    // A cluster that answers slowly is asked less often: never more than a tenth of the time.
    if (state.now - known.settledAt < Math.max(oldAfter, 10 * known.tookMs)) continue;
    next = inspect(next, name, true);
  }
  return next;
}

/** The state with something else known of an environment. */
export function change(state: AppState, name: string, known: Partial<EnvironmentState>): AppState {
  return {
    ...state,
    environments: state.environments.map(item =>
      item.environment.name === name ? {...item, ...known} : item,
    ),
  };
}

function isVisible(state: AppState, name: string): boolean {
  const screen = currentScreen(state);
  return screen.id === 'overview' || screen.environment === name;
}

function unknown(environment: EnvironmentState['environment']): EnvironmentState {
  return {
    environment,
    isChosen: false,
    report: null,
    checkedAt: null,
    followed: false,
    tookMs: 0,
    failure: null,
    settledAt: null,
    progress: null,
    early: [],
    deployments: [],
    rule: null,
  };
}
