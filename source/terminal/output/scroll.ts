import {blankRow, type Row} from './cells.ts';
import {moveTo, type Pen} from './move.ts';
import {ordinary, transition} from './style.ts';

/** Rows that are on the screen already, but elsewhere: what is to be at `top` to `bottom` is `by` rows further down. */
export interface Shift {
  readonly top: number;
  readonly bottom: number;
  readonly by: number;
}

/** The shift that brings most changed rows to where they are wanted, or undefined where none brings several. */
export function findShift(shown: readonly Row[], wanted: readonly Row[]): Shift | undefined {
  const last = wanted.length - 1;
  let best: Shift | undefined;
  let most = 1;
  for (let by = -last; by <= last; by++) {
    if (by === 0) continue;
    for (let top = Math.max(0, -by); top <= Math.min(last, last - by); top++) {
      let bottom = top;
      let gained = 0;
      for (; bottom <= Math.min(last, last - by) && shown[bottom + by] === wanted[bottom]; bottom++) {
        if (shown[bottom] !== wanted[bottom]) gained++;
      }
      if (gained > most) {
        most = gained;
        best = {top, bottom: bottom - 1, by};
      }
      top = bottom;
    }
  }
  return best;
}

/**
 * Shifts rows by deleting lines on one side and inserting as many on the other: rows further up and down stay, and no
 * margins are left behind, unlike with scroll regions. VT102's IL and DL are understood everywhere, SU and SD are not (by
 * Linux's console). Changes `shown` and moves the pen.
 */
export function shift(shown: Row[], {top, bottom, by}: Shift, pen: Pen): string {
  const columns = shown[0]?.length ?? 0;
  const count = Math.abs(by);
  const last = shown.length - 1;
  // The rows from the first to the last that move or are moved over.
  const first = by > 0 ? top : top + by;
  const end = by > 0 ? bottom + by : bottom;
  const deleted = by > 0 ? first : end - count + 1;
  const inserted = by > 0 ? end - count + 1 : first;
  // Terminals fill new lines with the background that they write with.
  let out = pen.style.blank === ordinary ? '' : transition(pen.style, ordinary);
  if (out !== '') pen.style = ordinary;
  if (by > 0 || end < last) out += lines(deleted, count, 'M', pen);
  if (by < 0 || end < last) out += lines(inserted, count, 'L', pen);
  shown.splice(deleted, count);
  shown.splice(inserted, 0, ...Array.from({length: count}, () => blankRow(columns)));
  return out;
}

function lines(row: number, count: number, final: string, pen: Pen): string {
  // The column stays on some terminals, on others it becomes the first: from the first column both are the same.
  return `${moveTo(pen, row, 0)}\u001B[${count === 1 ? '' : count}${final}`;
}
