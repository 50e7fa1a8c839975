import {blankRow, type Row} from './cells.ts';
import type {Pen} from './move.ts';
import {paintRow} from './row.ts';
import {findShift, shift} from './scroll.ts';
import {ordinary, transition, withLink} from './style.ts';

/** What a terminal shows, as far as it was written to. */
export interface Shown {
  rows: Row[];
  pen: Pen;
}

// Below this many changed rows a shift gains nothing.
const fewestToShift = 3;

/** Clears a terminal of which nothing is known: the sequence, and what it shows then. */
export function clear(columns: number, rows: number): {out: string; shown: Shown} {
  const pen = {row: 0, column: 0, style: ordinary};
  const empty = Array.from({length: rows}, () => blankRow(columns));
  return {out: '\u001B[m\u001B[H\u001B[J', shown: {rows: empty, pen}};
}

/**
 * The shortest sequence found that brings a terminal to the wanted rows; '' where it shows them. It goes from the top to
 * the row on which it has `limit` characters: `shown` is then as the terminal will be, the rest comes with a next call.
 */
export function paint(shown: Shown, wanted: readonly Row[], limit: number): string {
  const changed = wanted.filter((row, y) => row !== shown.rows[y]).length;
  if (changed === 0) return '';
  const straight = straightOn(shown, wanted, '');
  const shifted = changed < fewestToShift ? undefined : afterShift(shown, wanted);
  const best = shifted !== undefined && shifted.length < straight.length ? shifted : straight;
  shown.rows = best.rows;
  let out = best.start;
  shown.pen = best.pen;
  for (const row of best.painted) {
    if (out.length >= limit) break;
    out += row.out;
    shown.rows[row.y] = wanted[row.y] ?? [];
    shown.pen = row.pen;
  }
  // A link is never left open: what is written next may not be ours.
  const {style} = shown.pen;
  const unlinked = withLink(style, '');
  out += transition(style, unlinked);
  shown.pen = {...shown.pen, style: unlinked};
  return best === shifted ? atOnce(out) : out;
}

/** A sequence of which a terminal that can shows nothing before its end; others ignore the marks. */
export function atOnce(out: string): string {
  return `\u001B[?2026h${out}\u001B[?2026l`;
}

/** A way to the wanted rows: what it starts with, what is shown then, and the rows written after. */
interface Way {
  start: string;
  rows: Row[];
  pen: Pen;
  painted: {y: number; out: string; pen: Pen}[];
  length: number;
}

function straightOn({rows, pen}: Shown, wanted: readonly Row[], start: string): Way {
  const painted: Way['painted'] = [];
  const moving = {...pen};
  let length = start.length;
  for (const [y, row] of wanted.entries()) {
    const before = rows[y] ?? [];
    if (row === before) continue;
    const out = paintRow(before, row, y, moving);
    length += Buffer.byteLength(out);
    painted.push({y, out, pen: {...moving}});
  }
  return {start, rows: [...rows], pen, painted, length};
}

function afterShift(shown: Shown, wanted: readonly Row[]): Way | undefined {
  const found = findShift(shown.rows, wanted);
  if (found === undefined) return undefined;
  const rows = [...shown.rows];
  const pen = {...shown.pen};
  const start = shift(rows, found, pen);
  const way = straightOn({rows, pen}, wanted, start);
  return {...way, length: way.length + atOnce('').length};
}
