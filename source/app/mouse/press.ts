import type {MouseEvent} from '../../terminal/input/events.ts';
import {placeOf} from '../keys/command.ts';
import {dispatch} from '../keys/dispatch.ts';
import {type Dispatched, isEarly, nothing} from '../keys/run-command.ts';
import type {Action} from '../state/actions.ts';
import {type AppState, currentScreen} from '../state/state.ts';
import {hitAt, paneAt} from './hit.ts';

/** A press, and when it was (ms). */
export interface Press {
  readonly event: MouseEvent;
  readonly time: number;
}

/** Two presses of one place within this time are a double click. */
const doubleMs = 400;
/** Rows that a notch of the wheel moves. */
const notch = 3;

/**
 * What the mouse does in a state at a time (ms): a press chooses a row or a pane, or presses a key of the footer as the
 * keyboard does; the second one on a row is enter; the wheel moves in the pane below it. `before` is the press before it.
 */
export function dispatchMouse(
  state: AppState,
  event: MouseEvent,
  now: number,
  before: Press | null,
): Dispatched {
  if (event.action !== 'press') return wheel(state, event, now);
  const hit = hitAt(state, event.column, event.row);
  if (hit === null) return nothing;
  if (hit.at === 'key') return dispatch(state, hit.key, now);
  if (hit.at === 'row' && isDouble(event, now, before)) return dispatch(state, 'enter', now);
  const pane = inPane(state, hit.at === 'row' ? 'tree' : hit.pane);
  const chosen: Action[] = hit.at === 'row' ? [{type: 'choose', key: hit.key}] : [];
  return {actions: [{type: 'hush'}, ...pane, ...chosen], outside: null};
}

/** True for the second press of a double click. */
export function isDouble({column, row}: MouseEvent, now: number, before: Press | null): boolean {
  if (before === null || now - before.time > doubleMs) return false;
  return before.event.row === row && before.event.column === column;
}

function wheel(state: AppState, event: MouseEvent, now: number): Dispatched {
  if (state.palette !== null || isEarly(state, now)) return nothing;
  const over = placeOf(state) === 'environment' ? paneAt(state, event.column, event.row) : null;
  const by = event.action === 'wheel-up' ? -notch : notch;
  return {actions: [...(over === null ? [] : inPane(state, over)), {type: 'move', by}], outside: null};
}

/** What gives a pane the keys, unless it has them. */
function inPane(state: AppState, pane: 'tree' | 'diff'): Action[] {
  const screen = currentScreen(state);
  return screen.id === 'environment' && screen.pane !== pane ? [{type: 'pane'}] : [];
}
