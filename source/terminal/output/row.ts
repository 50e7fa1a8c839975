import {blank, type Cell, isSure, type Row} from './cells.ts';
import {moveTo, type Pen} from './move.ts';
import {ordinary, transition} from './style.ts';

// Further than this a cursor move is always shorter than writing what is there again.
const longestGap = 12;

// From so many columns on that become blank, erasing what follows and writing it anew may be shorter.
const shortestErased = 4;

/**
 * What turns a row that the terminal shows into the wanted one; '' where they are the same. Needs a terminal that doesn't
 * wrap (DECAWM off). Moves the pen.
 */
export function paintRow(shown: Row, wanted: Row, y: number, pen: Pen): string {
  const dirty = dirtyColumns(shown, wanted);
  const written = (by: Pen) => dirty.map(column => putAt(shown, wanted, y, column, by)).join('');
  const from = firstErased(dirty, wanted);
  if (from === undefined) return written(pen);
  const erased = (by: Pen) => {
    let out = '';
    for (const column of dirty) if (column < from) out += putAt(shown, wanted, y, column, by);
    const left = wanted.map((cell, column) => (column < from ? cell : blank));
    return out + erase(y, from, by) + paintRow(left, wanted, y, by);
  };
  return shorter(pen, [written, erased]);
}

/** Where blank columns begin of which several are to be written, the first such place. */
function firstErased(dirty: readonly number[], wanted: Row): number | undefined {
  let start: number | undefined;
  let count = 0;
  let before = 0;
  for (const column of dirty) {
    const isSameRun = start !== undefined && wanted.slice(before, column + 1).every(cell => cell === blank);
    if (!isSameRun) {
      start = wanted[column] === blank ? column : undefined;
      count = 0;
    }
    before = column;
    count++;
    if (start !== undefined && count === shortestErased) return start;
  }
  return undefined;
}

/** Columns to write, the first ones of wide cells. */
function dirtyColumns(shown: Row, wanted: Row): number[] {
  const columns: number[] = [];
  // What may have been under or beside a cell of unsure width is written again with it.
  let reached = 0;
  for (let column = 0; column < wanted.length; column++) {
    const cell = wanted[column] ?? blank;
    const before = shown[column];
    const isChanged = cell !== before;
    if (!isChanged && column >= reached) continue;
    if (isChanged) reached = Math.max(reached, column + Math.max(unsureReach(cell), unsureReach(before)));
    // The rest of a wide cell comes with its first column.
    const first =
      cell.width > 0 ? column : wanted.findLastIndex((each, index) => index < column && each.width > 0);
    if (columns.at(-1) !== first) columns.push(first);
  }
  return columns;
}

function unsureReach(cell: Cell | undefined): number {
  return cell === undefined || isSure(cell) ? 0 : cell.reach;
}

/** Goes to a column and writes its cell: by the shorter of a move and writing what lies between once more. */
function putAt(shown: Row, wanted: Row, y: number, column: number, pen: Pen): string {
  const cell = wanted[column] ?? blank;
  if (pen.row === y && pen.column === column) return put(shown, cell, pen, wanted.length);
  const move = (by: Pen) => moveTo(by, y, column) + put(shown, cell, by, wanted.length);
  const gap = column - pen.column;
  if (pen.row !== y || pen.column < 0 || gap <= 0 || gap > longestGap) return move(pen);
  const between = wanted.slice(pen.column, column);
  if (!between.every(isSure) || between[0]?.width === 0) return move(pen);
  return shorter(pen, [
    move,
    by =>
      [...between, cell].map(each => (each.width === 0 ? '' : put(shown, each, by, wanted.length))).join(''),
  ]);
}

/** Writes a cell where the pen is. */
function put(shown: Row, cell: Cell, pen: Pen, columns: number): string {
  let out = '';
  if (cell.text !== ' ' || pen.style.blank !== cell.style) {
    out += transition(pen.style, cell.style);
    pen.style = cell.style;
  }
  const {column} = pen;
  if (isSure(cell)) {
    pen.column = column + cell.width < columns ? column + cell.width : -1;
    return out + cell.text;
  }
  // A terminal that takes fewer columns for it would leave there what they showed.
  const isClear =
    shown.slice(column, column + cell.width).every(each => each === blank) && cell.style.blank === ordinary;
  if (cell.width > 1 && !isClear)
    out +=
      ' '.repeat(cell.width) +
      moveTo({...pen, column: column + cell.width < columns ? column + cell.width : -1}, pen.row, column);
  pen.column = -1;
  return out + cell.text;
}

/** Erases from a column to the end of the row. */
function erase(y: number, column: number, pen: Pen): string {
  let out = moveTo(pen, y, column);
  // Terminals erase with the background that they write with.
  if (pen.style.blank !== ordinary) {
    out += transition(pen.style, ordinary);
    pen.style = ordinary;
  }
  return `${out}\u001B[K`;
}

/** The shorter of several ways to the same, each tried with a pen of its own; moves the pen as that one does. */
function shorter(pen: Pen, ways: readonly ((pen: Pen) => string)[]): string {
  let best: {out: string; pen: Pen} | undefined;
  for (const way of ways) {
    const tried = {...pen};
    const out = way(tried);
    if (best === undefined || Buffer.byteLength(out) < Buffer.byteLength(best.out)) best = {out, pen: tried};
  }
  Object.assign(pen, best?.pen);
  return best?.out ?? '';
}
