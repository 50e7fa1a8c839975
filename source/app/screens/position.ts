import {chosenIndex} from '../state/lists/list.ts';
import {shown} from '../state/screen-kinds.ts';
import type {AppState} from '../state/state.ts';

/** Where the choice is in the list that is shown: `3/7`; '' where there is none. */
export function positionOf(state: AppState): string {
  if (state.overlay !== null || state.dialog !== null) return '';
  const {screen, kind} = shown(state);
  const {keys} = kind.rows(state, screen);
  const more = kind.hasMore?.(screen) === true ? '+' : '';
  return keys.length === 0 ? '' : `${chosenIndex(screen.list, keys) + 1}/${keys.length}${more}`;
}
