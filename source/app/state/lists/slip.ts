import {shown} from '../screen-kinds.ts';
import {type AppState, currentScreen} from '../state.ts';
import {hiddenMarks} from './listing.ts';

/** How long a change waits after the chosen row has gone, in ms: so long the key may have been meant for what was there. */
export const slipTime = 1000;

/** The state after something happened by itself: told is where the row that was chosen is gone, and another one is now. */
export function withSlip(before: AppState, next: AppState): AppState {
  const [was, is] = [currentScreen(before), currentScreen(next)];
  const {key, wanted} = was.list;
  const isSame = was.id === is.id && before.screens.length === next.screens.length && 'filter' in is;
  if (!isSame || key === null || wanted !== undefined || is.list.key === null || is.list.key === key)
    return next;
  return {...next, slipped: {at: next.now, key}};
}

/** The state after a key: whoever moves has seen where the cursor is. */
export function withoutSlip(state: AppState): AppState {
  return state.slipped === null ? state : {...state, slipped: null};
}

/** Why a change waits for a moment: the cursor is not where it was; null where it is. */
export function slipRefusal({slipped, dialog, overlay}: AppState, now: number): string | null {
  if (slipped === null || dialog !== null || overlay !== null || now - slipped.at >= slipTime) return null;
  return 'the row that was chosen is gone, and the cursor on another one: look, and press again';
}

/** The state after a dialog was opened: in the footer how many of the marked ones that it is about nobody sees now. */
export function withHiddenTold(before: AppState, next: AppState): AppState {
  if (before.dialog !== null || next.dialog === null) return next;
  const {screen, kind} = shown(before);
  if (kind.listing?.canMark === undefined || !('filter' in screen) || screen.marked.size === 0) return next;
  const hidden =
    kind.listing.hidden?.(before, screen) ?? hiddenMarks(screen, kind.listing.shown(before, screen).keys);
  if (hidden === 0) return next;
  const text = `${hidden} of the ${screen.marked.size} marked ${hidden === 1 ? 'is' : 'are'} not in sight, and part of this`;
  return {...next, notice: {text, tone: 'drift'}};
}
