import type {ListAction} from './actions.ts';
import {commandLog} from './kinds/command-log.ts';
import {environment} from './kinds/environment.ts';
import {events} from './kinds/events.ts';
import {field} from './kinds/field.ts';
import {images} from './kinds/images.ts';
import type {ScreenKind} from './kinds/kind.ts';
import {logs} from './kinds/logs.ts';
import {overview} from './kinds/overview.ts';
import {problems} from './kinds/problems.ts';
import {promotion} from './kinds/promotion.ts';
import {pullRequests} from './kinds/pull-requests.ts';
import {revisions} from './kinds/revisions.ts';
import {sync} from './kinds/sync.ts';
import {versions} from './kinds/versions.ts';
import {choose, type Step, settle, step} from './lists/list.ts';
import {replaceScreen} from './screen-stack.ts';
import {type AppState, currentScreen, type Screen} from './state.ts';

/** Every screen, declared once: the reducer, the footer and the keys ask here what it does. */
const kinds: {readonly [Id in Screen['id']]: ScreenKind<Extract<Screen, {id: Id}>>} = {
  overview,
  environment,
  revisions,
  'pull-requests': pullRequests,
  images,
  promotion,
  versions,
  sync,
  events,
  logs,
  field,
  'command-log': commandLog,
  problems,
};

/** What the shown screen does, and the screen: it is only ever given its own. */
export function shown(state: AppState): {screen: Screen; kind: ScreenKind<Screen>} {
  const screen = currentScreen(state);
  return {screen, kind: kinds[screen.id]};
}

/** A step through the shown screen. */
export function moveShown(state: AppState, by: Step): AppState {
  const {screen, kind} = shown(state);
  if (kind.move !== undefined) return kind.move(state, screen, by);
  const {keys, height} = kind.rows(state, screen);
  return replaceScreen(state, {...screen, list: step(screen.list, by, keys, height)});
}

/** The key of the row of the shown screen that is at a line of the terminal, from 0; null where there is none. */
export function rowAt(state: AppState, at: number): string | null {
  const {screen, kind} = shown(state);
  if (kind.above === undefined) return null;
  const {keys, height} = kind.rows(state, screen);
  const row = at - kind.above(state, screen);
  return row < 0 || row >= height ? null : (keys[screen.list.top + row] ?? null);
}

/** The shown screen with the row of a key chosen; as it was where it has none of it. */
export function chooseShown(state: AppState, key: string): AppState {
  const {screen, kind} = shown(state);
  if (kind.choose !== undefined) return kind.choose(state, screen, key);
  const {keys, height} = kind.rows(state, screen);
  const index = keys.indexOf(key);
  return index < 0
    ? state
    : replaceScreen(state, {...screen, list: choose(screen.list, index, keys, height)});
}

/** The shown screen after one of the keys that all lists have. Its choice stays on its object where that is still shown. */
export function reduceListing(state: AppState, action: ListAction): AppState {
  const {screen, kind} = shown(state);
  const {listing} = kind;
  if (listing === undefined || !('filter' in screen)) return state;
  if (action.type !== 'sort') return replaceScreen(state, listing.reduce(state, screen, action));
  const {order} = action;
  const isKnown = order !== undefined && shownOrders(state).includes(order);
  return replaceScreen(state, {...screen, sort: isKnown ? order : listing.nextOrder(screen.sort)});
}

/** The names of the orders that the shown list has. */
export function shownOrders(state: AppState): readonly string[] {
  const {kind} = shown(state);
  if (kind.listing === undefined) return [];
  const names: string[] = [];
  for (let next = kind.listing.nextOrder(''); !names.includes(next); next = kind.listing.nextOrder(next))
    names.push(next);
  return names;
}

/** A step out within a list: a range is given up, then the filter; null where there is neither. */
export function leaveView(screen: Screen): Screen | null {
  if (!('filter' in screen)) return null;
  if (screen.rangeFrom !== null) return {...screen, rangeFrom: null};
  return screen.filter === '' ? null : {...screen, filter: ''};
}

/** After anything: the choice on its object and in sight, the questions asked that the screen needs. */
export function settleShown(state: AppState): AppState {
  const {screen, kind} = shown(state);
  if (kind.settle !== undefined) return kind.settle(state, screen);
  const {keys, height} = kind.rows(state, screen);
  const list = settle(screen.list, keys, height);
  return list === screen.list ? state : replaceScreen(state, {...screen, list});
}

/** The shown screen after git moved. */
export function showMovedGit(state: AppState): AppState {
  const {screen, kind} = shown(state);
  return kind.gitMoved?.(state, screen) ?? state;
}
