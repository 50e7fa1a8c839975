import type {AppState} from '../state.ts';

/** Sizes of the two panels of the events, borders included. */
export function eventsPanes(size: {rows: number}): {list: number; detail: number} {
  const body = Math.max(2, size.rows - 2);
  const detail = Math.max(5, Math.min(10, Math.floor(body * 0.3)));
  return {list: body - detail, detail};
}

/** Rows of the list in sight: three lines of it name what follows. */
export function eventsHeight(state: AppState): number {
  return Math.max(1, eventsPanes(state.size).list - 2 - 3);
}

/** Sizes of the two panels of a field. */
export function fieldPanes(size: {rows: number}): {list: number; detail: number} {
  const body = Math.max(2, size.rows - 2);
  const detail = Math.max(5, Math.floor(body * 0.42));
  return {list: body - detail, detail};
}

/** The same: three lines name what follows. */
export function fieldHeight(state: AppState): number {
  return Math.max(1, fieldPanes(state.size).list - 2 - 3);
}
