import type {RememberedList, RememberedView} from '../../remembered/types.ts';
import type {Action} from './actions.ts';
import {emptyList} from './lists/list.ts';
import type {ListView} from './lists/listing.ts';
import {replaceScreen} from './screen-stack.ts';
import {environmentScreen} from './screens/environment-screen.ts';
import {
  type AppState,
  currentScreen,
  type EnvironmentScreen,
  environmentNamed,
  type Screen,
} from './state.ts';

const restorable = ['environment', 'revisions', 'pull-requests', 'images', 'promotion', 'versions'] as const;

type Restorable = Extract<Screen, {id: (typeof restorable)[number]}>;

/** What of the app is looked at again after the next start: the screen in front of which nothing is open. */
export function lastView(state: AppState): RememberedView {
  const [overview] = state.screens;
  const screen = state.screens.findLast(isRestorable);
  const tree = state.screens.findLast(one => one.id === 'environment') ?? environmentScreen('');
  return {
    screen: screen?.id ?? 'overview',
    environment: screen?.environment ?? null,
    overview: listOf(overview),
    list: listOf(screen ?? overview),
    split: tree.split,
    context: tree.context,
  };
}

function isRestorable(screen: Screen): screen is Restorable {
  return restorable.some(id => id === screen.id);
}

function listOf({list, filter, sort, driftOnly}: ListView): RememberedList {
  return {chosen: list.key, filter, sort, driftOnly};
}

/**
 * The state with the last view again, the overview below it; `run` is the reducer. Where its environment is gone, it is the
 * overview; where the user has gone anywhere by then, that is where he wants to be.
 */
export function restored(
  state: AppState,
  view: RememberedView,
  run: (state: AppState, action: Action) => AppState,
): AppState {
  const [overview] = state.screens;
  const isUntouched =
    state.screens.length === 1 &&
    state.dialog === null &&
    state.overlay === null &&
    overview.filter === '' &&
    overview.marked.size === 0 &&
    overview.list.index === 0;
  if (!isUntouched) return state;
  const shown: AppState = {...state, screens: [{...overview, ...restoredList(view.overview)}]};
  const {screen, environment} = view;
  if (screen === 'overview') return shown;
  if (environment === null) return screen === 'environment' ? shown : opened(shown, view, run);
  if (environmentNamed(state, environment) === undefined) return shown;
  // The keys of the overview open the chosen environment's screens: for that it must be there.
  const list = {...emptyList, key: environment};
  const chosen: AppState = {...state, screens: [{...overview, list}]};
  const next = opened(chosen, view, run);
  const [, ...rest] = next.screens;
  const [under] = shown.screens;
  return {...next, screens: [{...under, list: {...under.list, key: environment}}, ...rest]};
}

function opened(
  state: AppState,
  view: RememberedView,
  run: (state: AppState, action: Action) => AppState,
): AppState {
  const {screen} = view;
  if (screen === 'overview') return state;
  const next = run(state, screen === 'environment' ? {type: 'enter'} : {type: screen});
  const front = currentScreen(next);
  if (!isRestorable(front)) return next;
  const {environment} = view;
  const list = restoredList(view.list);
  const tree: Partial<EnvironmentScreen> =
    front.id === 'environment' ? {split: view.split, context: view.context} : {};
  // Of the pull requests and the versions the environment is a choice on the screen.
  const isChoice = front.id === 'pull-requests' || front.id === 'versions';
  return replaceScreen(next, {...front, ...list, ...tree, ...(isChoice ? {environment} : {})} as Restorable);
}

function restoredList({chosen, filter, sort, driftOnly}: RememberedList): Partial<ListView> {
  const wanted = chosen === null ? {} : {wanted: chosen};
  return {list: {...emptyList, ...wanted}, filter, sort, driftOnly};
}
