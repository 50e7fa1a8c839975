import type {Problem} from '../../../resources/problem.ts';
import type {PullRequestEffect} from '../../session.ts';
import {pullRequestsHeight} from '../layout.ts';
import {settle} from '../lists/list.ts';
import {problemSentence} from '../problems.ts';
import {takeBack} from '../requests.ts';
import {replaceScreen} from '../screen-stack.ts';
import {
  askPullRequests,
  completePullRequests,
  effectKey,
  openableRequest,
  pullRequestKeys,
  pullRequestList,
  shownPullRequests,
  withSeen,
} from '../screens/pull-requests-screen.ts';
import type {PullRequestsScreen} from '../state.ts';
import {flat} from './flat.ts';
import type {ScreenKind} from './kind.ts';

/** The open pull requests. */
export const pullRequests: ScreenKind<PullRequestsScreen> = {
  listing: flat(pullRequestList, shownPullRequests, pullRequestsHeight),
  rows: (state, screen) => ({keys: pullRequestKeys(state, screen), height: pullRequestsHeight(state)}),
  above: () => 3,
  refresh(state, screen) {
    const left = takeBack(state, ({owner}) => owner === 'screen');
    const fresh = {...screen, failure: null, effects: new Map(), round: screen.round + 1};
    return askPullRequests(replaceScreen({...left, seen: new Map()}, fresh));
  },
  settle(state, screen) {
    const list = settle(screen.list, pullRequestKeys(state, screen), pullRequestsHeight(state));
    return completePullRequests(list === screen.list ? state : replaceScreen(state, {...screen, list}));
  },
  reduce(state, screen, action) {
    if (action.type !== 'pull-request-scope') return state;
    const before = state.screens.at(-2);
    const name =
      before === undefined || before.id === 'overview' ? state.screens[0].list.key : before.environment;
    return replaceScreen(state, {...screen, environment: screen.environment === null ? name : null});
  },
  answered(state, screen, call, answer) {
    switch (answer.name) {
      case 'pullRequests':
        return replaceScreen(state, {...screen, answer: answer.value, failure: null});
      case 'pullRequest': {
        const {value} = answer;
        return withSeen(state, value.pullRequest.number, {state: value, error: null, retryAt: null});
      }
      case 'pullRequestChange': {
        if (call.name !== answer.name) return state;
        const effect = {effect: answer.value, asked: call.cluster};
        return replaceScreen(state, withChange(screen, effectKey(call.request), effect));
      }
      default:
        return state;
    }
  },
  failed(state, screen, call, problem) {
    switch (call.name) {
      case 'pullRequests':
        return replaceScreen(state, {...screen, failure: problem});
      case 'pullRequest':
        return withSeen(state, call.number, {state: null, error: problemSentence(problem), retryAt: null});
      case 'pullRequestChange': {
        const before = screen.effects.get(effectKey(call.request));
        // What was rendered stays where only the clusters could not be asked.
        const known =
          before !== undefined && 'effect' in before ? {...before, asked: call.cluster} : {problem};
        return replaceScreen(state, withChange(screen, effectKey(call.request), known));
      }
      default:
        return state;
    }
  },
  copyable: openableRequest,
};

function withChange(
  screen: PullRequestsScreen,
  key: string,
  effect: {effect: PullRequestEffect; asked: 'at-hand' | 'no'} | {problem: Problem},
): PullRequestsScreen {
  return {...screen, effects: new Map(screen.effects).set(key, effect)};
}
