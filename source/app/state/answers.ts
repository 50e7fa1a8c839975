import type {Problem} from '../../resources/problem.ts';
import type {PullRequestEffect} from '../session.ts';
import type {Answer, Call, CallEvent} from './calls.ts';
import {withDialogAnswer, withDialogProblem} from './dialogs.ts';
import {askImages, withImageFailure, withImageReport} from './images-screen.ts';
import {
  afterContext,
  afterFailedInspection,
  afterInspection,
  afterLoad,
  askHistory,
  change,
  inspect,
} from './inspections.ts';
import {revisionsHeight} from './layout.ts';
import {refreshPromotion, withPromotionAnswer, withPromotionFailure} from './promotion-actions.ts';
import {afterEdit, askPullRequests, effectKey, withSeen} from './pull-requests-screen.ts';
import {ask, settleRequest, takeBack} from './requests.ts';
import {
  pageSize,
  withDetail,
  withEffect,
  withNoted,
  withNotes,
  withPage,
  withPullRequest,
} from './revisions-screen.ts';
import {type AppState, currentScreen, type PullRequestsScreen, type RevisionsScreen} from './state.ts';

/** The state after an answer; one to a question that was taken back changes nothing. */
export function reduceAnswer(before: AppState, token: number, answer: Answer): AppState {
  const taken = settleRequest(before, token, 'ok');
  if (taken === undefined) return before;
  const {state, request, tookMs} = taken;
  const {call} = request;
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
    case 'revisions':
      return onRevisions(state, screen =>
        call.name === 'revisions'
          ? withPage(screen, call.range.skip, answer.value, revisionsHeight(state))
          : screen,
      );
    case 'pullRequests':
      return onPullRequests(state, screen => ({...screen, answer: answer.value, failure: null}));
    case 'pullRequest': {
      const {value} = answer;
      return withSeen(state, value.pullRequest.number, {state: value, error: null, retryAt: null});
    }
    case 'pullRequestChange':
      return onPullRequests(state, screen =>
        call.name === 'pullRequestChange'
          ? withChange(screen, effectKey(call.request), {effect: answer.value, asked: call.cluster})
          : screen,
      );
    case 'forgeRules':
      return answer.value.reduce(
        (next, {environment, straight, reason}) => change(next, environment, {rule: {straight, reason}}),
        state,
      );
    case 'imageUpdates': {
      const screen = currentScreen(state);
      return screen.id === 'images' ? withImageReport(state, screen, answer.value) : state;
    }
    case 'commitDetail':
      return onRevisions(state, screen =>
        call.name === 'commitDetail'
          ? withDetail(screen, call.sha, {...answer.value, problem: null})
          : screen,
      );
    case 'commitEffect':
      return onRevisions(state, screen =>
        call.name === 'commitEffect' ? withEffect(screen, call.sha, answer.value) : screen,
      );
    case 'commitPullRequest':
      return onRevisions(state, screen =>
        call.name === 'commitPullRequest' ? withPullRequest(screen, call.sha, answer.value) : screen,
      );
    case 'revisionNotes':
      return onRevisions(state, screen =>
        call.name === 'revisionNotes' ? withNoted(screen, call.question.shas) : screen,
      );
    case 'promotionChoices':
    case 'versions':
      return withPromotionAnswer(state, answer);
    default:
      return afterChange(withDialogAnswer(state, answer), call);
  }
}

/** The state after something was told of revisions. */
export function reduceRevisionNews(state: AppState, events: readonly CallEvent[]): AppState {
  const notes = events.flatMap(news => (news.of === 'revisionNotes' ? [news.event] : []));
  return onRevisions(state, screen => withNotes(screen, notes));
}

/** The state after a call failed. */
export function reduceFailure(before: AppState, token: number, problem: Problem): AppState {
  const taken = settleRequest(before, token, 'failed');
  if (taken === undefined) return before;
  const {state, request, tookMs} = taken;
  const {call} = request;
  switch (call.name) {
    case 'load':
      return {...state, failure: problem};
    case 'fetch':
      return {
        ...state,
        fetchFailure: problem,
        // One line holds no cause of git's: where it is, comes first.
        notice: {text: `not fetched, ! says why, ctrl-r tries again: ${sentence(problem)}`, tone: 'bad'},
      };
    case 'inspect':
      return afterFailedInspection(state, call.environment, problem, tookMs);
    case 'history':
    case 'forgeRules':
      return state;
    case 'pullRequests':
      return onPullRequests(state, screen => ({...screen, failure: problem}));
    case 'pullRequest':
      return withSeen(state, call.number, {state: null, error: sentence(problem), retryAt: null});
    case 'pullRequestChange':
      return onPullRequests(state, screen => {
        const before = screen.effects.get(effectKey(call.request));
        // What was rendered stays where only the clusters could not be asked.
        const known =
          before !== undefined && 'effect' in before ? {...before, asked: call.cluster} : {problem};
        return withChange(screen, effectKey(call.request), known);
      });
    case 'revisions':
      return onRevisions(state, screen => ({...screen, failure: problem}));
    case 'imageUpdates': {
      const screen = currentScreen(state);
      return screen.id === 'images' ? withImageFailure(state, screen, problem) : state;
    }
    case 'commitDetail':
      return onRevisions(state, screen => withDetail(screen, call.sha, {files: [], patch: '', problem}));
    case 'commitEffect':
      return onRevisions(state, screen => withEffect(screen, call.sha, {problem: sentence(problem)}));
    case 'commitPullRequest':
      return onRevisions(state, screen => withPullRequest(screen, call.sha, null));
    case 'revisionNotes':
      return onRevisions(state, screen => withNoted(screen, call.question.shas));
    case 'promotionChoices':
    case 'versions':
      return withPromotionFailure(state, call, problem);
    default:
      return afterChange(withDialogProblem(state, problem, call), call);
  }
}

function afterFetch(state: AppState, repository: Extract<Answer, {name: 'fetch'}>['value']): AppState {
  const before = state.repository;
  const behind = repository.behind ?? 0;
  const text = behind > 0 ? `fetched: the remote is ${behind} ahead` : 'fetched: nothing new';
  const next = refreshFromGit({...state, repository, fetchFailure: null, notice: {text, tone: 'good'}});
  // New commits can be what an environment's branch says now.
  if (before?.behind === repository.behind && before?.head === repository.head) return next;
  return next.environments.reduce((all, {environment}) => inspect(all, environment.name, false), next);
}

/** What the screen shows of git alone, anew after git moved. */
export function refreshFromGit(state: AppState): AppState {
  const {id} = currentScreen(state);
  return id === 'promotion' || id === 'versions' ? refreshPromotion(state) : refreshRevisions(state);
}

/** The log anew where it is on the screen: as much of it as is known, so that the choice stays where it is. */
function refreshRevisions(state: AppState): AppState {
  const screen = currentScreen(state);
  if (screen.id !== 'revisions') return state;
  // An older page would be of the log as it was.
  const left = takeBack(state, ({call}) => call.name === 'revisions');
  return ask(left, 'screen', {
    name: 'revisions',
    environment: screen.environment,
    range: {skip: 0, limit: Math.max(pageSize, screen.revisions.length), quick: true},
  });
}

/** After a change ran, or broke off: what it touched is looked at again, whatever it said of itself. */
function afterChange(state: AppState, call: Call): AppState {
  switch (call.name) {
    case 'sync':
      return askHistory(inspect(state, call.plan.environment, false), call.plan.environment);
    case 'makeBaseline':
      return refreshRevisions(state);
    case 'makeChange':
    case 'openPullRequest': {
      const next = ask(state, 'app', {name: 'load'});
      const screen = currentScreen(next);
      // What was brought to git is what git says from now on.
      if (screen.id === 'images') return askImages(next, screen.environment, false);
      if (screen.id === 'promotion' || screen.id === 'versions') return refreshPromotion(next);
      return refreshRevisions(next);
    }
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

function onPullRequests(
  state: AppState,
  update: (screen: PullRequestsScreen) => PullRequestsScreen,
): AppState {
  const screen = currentScreen(state);
  if (screen.id !== 'pull-requests') return state;
  const [first, ...rest] = state.screens;
  return {...state, screens: [first, ...rest.slice(0, -1), update(screen)]};
}

function withChange(
  screen: PullRequestsScreen,
  key: string,
  effect: {effect: PullRequestEffect; asked: 'at-hand' | 'no'} | {problem: Problem},
): PullRequestsScreen {
  return {...screen, effects: new Map(screen.effects).set(key, effect)};
}

function onRevisions(state: AppState, update: (screen: RevisionsScreen) => RevisionsScreen): AppState {
  const screen = currentScreen(state);
  if (screen.id !== 'revisions') return state;
  const [first, ...rest] = state.screens;
  return {...state, screens: [first, ...rest.slice(0, -1), update(screen)]};
}

function sentence({message, fix}: Problem): string {
  return fix === undefined ? message : `${message}; ${fix}`;
}
