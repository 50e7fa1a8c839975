import {inputOf} from './input-line.ts';
import {panelRows} from './layout.ts';
import {scroll} from './lists/list.ts';
import type {AppState, Overlay} from './state.ts';
import type {TextAction, TextView} from './text-view.ts';

// How far the text moves to the side at a time.
const sideStep = 8;

/** The state after a key of the text in front. */
export function reduceText(state: AppState, action: TextAction): AppState {
  const {overlay} = state;
  if (overlay === null) return state;
  const view = overlay.view ?? {};
  if (action.type === 'text-view') {
    const top = action.top ?? overlay.top;
    return {...state, overlay: {...overlay, top, view: {...view, ...action.change}}};
  }
  if (action.type === 'text-gap') {
    if ((action.at ?? null) === null)
      return {...state, notice: {text: 'no lines are left out here', tone: 'drift'}};
    const opened = new Set([...(view.opened ?? []), action.at ?? 0]);
    return {...state, overlay: {...overlay, view: {...view, opened, here: null}}};
  }
  const {to = null, jump} = action;
  if (to === null) {
    // While a query is typed there may be none yet: the footer says so, and the next letter is no command.
    if (jump === 'first-match') return state;
    return {...state, notice: {text: nothingMore(view, jump), tone: 'drift'}};
  }
  return {...state, overlay: {...overlay, top: to.top, view: {...view, here: to.line}}};
}

/** Out of a text; first out of what was searched for in it. */
export function leaveText(state: AppState, overlay: Overlay): AppState {
  if (overlay.view?.query === undefined || overlay.view.query === '') return {...state, overlay: null};
  return {...state, overlay: {...overlay, view: {...overlay.view, query: '', here: null}}};
}

/** The view after a step to the side. */
export function sideways({left = 0, wrap = false}: TextView, by: 1 | -1): TextView {
  return wrap ? {} : {left: Math.max(0, left + by * sideStep)};
}

/** The view that begins to search, with what was searched for before. */
export function searching({query = ''}: TextView): TextView {
  return {typing: inputOf(query)};
}

/** The first row that is shown of the text in front. */
export function topRow(state: AppState, length: number): number {
  return scroll(state.overlay?.top ?? 0, 0, length, panelRows(state));
}

function nothingMore({query = ''}: TextView, jump: string): string {
  const way = jump.startsWith('next') ? 'below' : 'above';
  if (jump.endsWith('file')) return `no file begins ${way}`;
  return query === '' ? `nothing changes ${way}` : `no "${query}" ${way}`;
}
