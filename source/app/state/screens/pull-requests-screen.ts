import type {ListedPullRequest, PullRequest, PullRequestSeen} from '../../session.ts';
import type {Call} from '../calls.ts';
import {pullRequestsHeight} from '../layout.ts';
import {Arranger, chosenOf, freshView, latestFirst, type Shown} from '../lists/listing.ts';
import {ask, isWaiting, takeBack} from '../requests.ts';
import {replaceScreen} from '../screen-stack.ts';
import {type AppState, currentScreen, type PullRequestsScreen} from '../state.ts';

/** So many rows are asked for their checks at once, besides the chosen one, which is followed. */
const atOnce = 2;

/** A fresh screen of open pull requests; with a name those that touch this environment. */
export function pullRequestsScreen(environment: string | null): PullRequestsScreen {
  return {
    id: 'pull-requests',
    environment,
    ...freshView,
    answer: null,
    failure: null,
    effects: new Map(),
    round: 0,
  };
}

/** Asks for the list. */
export function askPullRequests(state: AppState): AppState {
  return ask(state, 'screen', {name: 'pullRequests'});
}

/** The open pull requests, by their numbers. */
export const pullRequestList = new Arranger<ListedPullRequest>({
  key: ({number}) => String(number),
  fields: {
    number: ({number}) => `#${number}`,
    title: ({title}) => title,
    author: ({author}) => author ?? '',
    env: ({environments}) => environments,
    state: ({draft, state}) => (draft ? ['draft', state] : state),
    branch: ({branch}) => branch,
  },
  orders: [
    {by: 'listed'},
    {
      by: 'age',
      way: 'down',
      key: ({updatedAt}) => latestFirst(updatedAt),
    },
    {by: 'author', way: 'up', key: ({author}) => author ?? ''},
    {by: 'title', way: 'up', key: ({title}) => title.toLowerCase()},
  ],
});

interface Listed {
  readonly environment: string | null;
  readonly seen: AppState['seen'];
  readonly requests: readonly ListedPullRequest[];
}

const listed = new WeakMap<object, Listed>();
const nothing: readonly ListedPullRequest[] = [];

/** The pull requests of the screen's environment, each as it was last seen. */
function requestsOf(
  {seen}: AppState,
  {answer, environment}: PullRequestsScreen,
): readonly ListedPullRequest[] {
  if (answer === null || answer.forge === null) return nothing;
  const known = listed.get(answer);
  if (known?.seen === seen && known.environment === environment) return known.requests;
  const requests = answer.requests
    .filter(({environments}) => environment === null || environments.includes(environment))
    .map(request => ({...request, ...seen.get(request.number)?.state?.pullRequest}));
  listed.set(answer, {environment, seen, requests});
  return requests;
}

/** The rows of the screen. */
export function shownPullRequests(state: AppState, screen: PullRequestsScreen): Shown<ListedPullRequest> {
  return pullRequestList.shown(requestsOf(state, screen), screen);
}

/** The pull requests that the screen shows. */
export function shownRequests(state: AppState, screen: PullRequestsScreen): readonly ListedPullRequest[] {
  return shownPullRequests(state, screen).items;
}

/** The keys of the rows: their numbers. */
export function pullRequestKeys(state: AppState, screen: PullRequestsScreen): readonly string[] {
  return shownPullRequests(state, screen).keys;
}

/** The chosen pull request; undefined while there is none. */
export function chosenRequest(state: AppState, screen: PullRequestsScreen): ListedPullRequest | undefined {
  return chosenOf(screen, shownPullRequests(state, screen));
}

/** The address of the chosen pull request; of their list on the web where the forge can't be asked; null for none. */
export function openableRequest(state: AppState, screen: PullRequestsScreen): string | null {
  if (screen.answer?.forge === null) return screen.answer.url;
  return chosenRequest(state, screen)?.url ?? null;
}

/** Under which what a pull request changes is kept: other commits are another change. */
export function effectKey({number, head}: Pick<PullRequest, 'number' | 'head'>): string {
  return `${number}@${head}`;
}

/** The pull request that is followed now, and since which look at the list; null for none. */
export function followedRequest(state: AppState): {number: number; round: number} | null {
  const {dialog} = state;
  const screen = currentScreen(state);
  const round = screen.id === 'pull-requests' ? screen.round : 0;
  if (dialog?.kind === 'merge') return {number: dialog.request.number, round};
  if (dialog !== null && 'outcome' in dialog.stage) {
    const {pullRequest} = dialog.stage.outcome;
    return pullRequest?.opened === true ? {number: pullRequest.number, round} : null;
  }
  if (screen.id !== 'pull-requests') return null;
  const chosen = chosenRequest(state, screen);
  return chosen === undefined ? null : {number: chosen.number, round};
}

/** After one was edited, or that broke off: what was seen of it before says nothing of it now. */
export function afterEdit(state: AppState, number: number): AppState {
  const screen = currentScreen(state);
  const seen = new Map(state.seen);
  seen.delete(number);
  if (screen.id !== 'pull-requests') return {...state, seen};
  const left = takeBack(state, ({call}) => call.name === 'pullRequests' || call.name === 'pullRequest');
  return askPullRequests(replaceScreen({...left, seen}, {...screen, round: screen.round + 1}));
}

/** The state with a look at a pull request; one that nobody waits for any more changes nothing. */
export function withSeen(state: AppState, number: number, seen: PullRequestSeen): AppState {
  const before = state.seen.get(number);
  // After a failure what was seen before still stands.
  const kept = seen.state === null && before !== undefined ? {...seen, state: before.state} : seen;
  return {...state, seen: new Map(state.seen).set(number, kept)};
}

/** A look at the followed pull request, as it came; late ones are of another and are dropped. */
export function afterSeen(state: AppState, number: number, seen: PullRequestSeen): AppState {
  return followedRequest(state)?.number === number ? withSeen(state, number, seen) : state;
}

/** What is to be asked of a pull request's effect: first what it renders to, then what that does to clusters; null for nothing. */
function nextAsked(screen: PullRequestsScreen, chosen: ListedPullRequest): 'no' | 'at-hand' | null {
  const known = screen.effects.get(effectKey(chosen));
  if (known === undefined) return 'no';
  const isRest = 'effect' in known && known.asked === 'no' && known.effect.effects.length > 0;
  return isRest ? 'at-hand' : null;
}

/** Asks for what the screen lacks: what the chosen one changes, and the checks of the rows in sight. */
export function completePullRequests(state: AppState): AppState {
  const screen = currentScreen(state);
  if (screen.id !== 'pull-requests') return state;
  const chosen = chosenRequest(state, screen);
  let next = state;
  const cluster = chosen === undefined || chosen.state !== 'open' ? null : nextAsked(screen, chosen);
  if (chosen !== undefined && cluster !== null) {
    const isIt = (call: Call) =>
      call.name === 'pullRequestChange' &&
      call.cluster === cluster &&
      effectKey(call.request) === effectKey(chosen);
    if (!isWaiting(state, isIt)) {
      next = takeBack(next, ({call}) => call.name === 'pullRequestChange');
      next = ask(next, 'screen', {name: 'pullRequestChange', request: chosen, cluster});
    }
  }
  const rows = shownRequests(next, screen).slice(
    screen.list.top,
    screen.list.top + pullRequestsHeight(state),
  );
  for (const {number} of rows) {
    if (number === chosen?.number || next.seen.has(number)) continue;
    if (isWaiting(next, call => call.name === 'pullRequest' && call.number === number)) continue;
    if (next.requests.filter(({call}) => call.name === 'pullRequest').length >= atOnce) break;
    next = ask(next, 'screen', {name: 'pullRequest', number});
  }
  return next;
}
