import type {Problem} from '../../resources/problem.ts';
import {keyWord} from '../keys/key-words.ts';
import type {Answer, Call} from './calls.ts';
import {withDialogAnswer, withDialogProblem} from './dialogs/dialogs.ts';
import {
  afterContext,
  afterFailedInspection,
  afterInspection,
  afterLoad,
  askHistory,
  change,
  inspect,
} from './inspections.ts';
import {problemSentence} from './problems.ts';
import {afterProgram} from './program.ts';
import {ask, settleRequest} from './requests.ts';
import {showMovedGit, shown} from './screen-kinds.ts';
import {afterEdit, askPullRequests} from './screens/pull-requests-screen.ts';
import {afterSync} from './screens/sync-answers.ts';
import {type AppState, currentScreen} from './state.ts';

/** The state after an answer; one to a question that was taken back changes nothing. */
export function reduceAnswer(before: AppState, token: number, answer: Answer): AppState {
  const taken = settleRequest(before, token, 'ok');
  if (taken === undefined) return before;
  const {state, request, tookMs} = taken;
  const {call} = request;
  if (request.owner === 'screen') {
    const {screen, kind} = shown(state);
    return kind.answered?.(state, screen, call, answer) ?? state;
  }
  switch (answer.name) {
    case 'load':
      return afterLoad(state, answer.value);
    case 'fetch':
      return afterFetch(state, answer.value);
    case 'setContext':
      return afterContext(withDialogAnswer(state, answer), answer.value.environment);
    case 'inspect':
      return call.name === 'inspect' ? afterInspection(state, call.environment, answer.value, tookMs) : state;
    case 'history':
      return call.name === 'history' ? change(state, call.environment, {deployments: answer.value}) : state;
    case 'forgeRules':
      return answer.value.reduce(
        (next, {environment, straight, reason}) => change(next, environment, {rule: {straight, reason}}),
        state,
      );
    case 'runProgram':
      return call.name === 'runProgram' ? afterProgram(state, call, answer.value) : state;
    case 'sync':
      return call.name === 'sync' ? afterChange(afterSync(state, call, {result: answer.value}), call) : state;
    default:
      return afterChange(withDialogAnswer(state, answer), call);
  }
}

/** The state after a call failed. */
export function reduceFailure(before: AppState, token: number, problem: Problem): AppState {
  const taken = settleRequest(before, token, 'failed');
  if (taken === undefined) return before;
  const {state, request, tookMs} = taken;
  const {call} = request;
  if (request.owner === 'screen') {
    const {screen, kind} = shown(state);
    return kind.failed?.(state, screen, call, problem) ?? state;
  }
  switch (call.name) {
    case 'load':
      return {...state, failure: problem};
    case 'fetch':
      return {
        ...state,
        fetchFailure: problem,
        // One line holds no cause of git's: where it is, comes first.
        notice: {
          text: `not fetched, ${keyWord(state, 'problems')} says why, ${keyWord(state, 'fetch')} tries again: ${problemSentence(problem)}`,
          tone: 'bad',
        },
      };
    case 'inspect':
      return afterFailedInspection(state, call.environment, problem, tookMs);
    case 'history':
    case 'forgeRules':
      return state;
    case 'runProgram':
      return afterProgram(state, call, problem);
    case 'sync':
      return afterChange(afterSync(state, call, {problem}), call);
    default:
      return afterChange(withDialogProblem(state, problem, call), call);
  }
}

function afterFetch(state: AppState, repository: Extract<Answer, {name: 'fetch'}>['value']): AppState {
  const before = state.repository;
  const behind = repository.behind ?? 0;
  const text = behind > 0 ? `fetched: the remote is ${behind} ahead` : 'fetched: nothing new';
  const next = showMovedGit({...state, repository, fetchFailure: null, notice: {text, tone: 'good'}});
  // New commits can be what an environment's branch says now.
  if (before?.behind === repository.behind && before?.head === repository.head) return next;
  return next.environments.reduce((all, {environment}) => inspect(all, environment.name, false), next);
}

/** After a change ran, or broke off: what it touched is looked at again, whatever it said of itself. */
function afterChange(state: AppState, call: Call): AppState {
  switch (call.name) {
    case 'sync':
      return askHistory(inspect(state, call.plan.environment, false), call.plan.environment);
    case 'makeBaseline':
      return showMovedGit(state);
    case 'makeChange':
    case 'openPullRequest':
      return showMovedGit(ask(state, 'app', {name: 'load'}));
    case 'updatePullRequest':
      return afterEdit(state, call.number);
    case 'mergePullRequest': {
      // What the remote's branch says now is the environments' new state.
      const next = ask(state, 'app', {name: 'fetch'});
      const screen = currentScreen(next);
      return screen.id === 'pull-requests' ? askPullRequests(next) : next;
    }
    default:
      return state;
  }
}
