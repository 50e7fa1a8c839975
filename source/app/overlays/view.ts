import type {Jump, TextView} from '../state/text-view.ts';
import {type Cut, cutRow, type Marks, wrappedHeight, wrappedRow} from '../text/cell.ts';
import type {Line} from '../text/line.ts';
import type {Look} from '../text/theme.ts';
import {linesWith, matchesOf, patternOf} from './search.ts';
import type {Sheet} from './sheet.ts';

/** A sheet as it is looked at, in rows of the screen: a wrapped line takes several. */
export interface View {
  readonly length: number;
  line(row: number): Line;
  /** The line of the sheet that a row shows. */
  lineAt(row: number): number;
  /** The first row of a line. */
  rowOf(line: number): number;
}

/** A sheet on `columns` of the screen. */
export function viewOf(sheet: Sheet, view: TextView, columns: number, look: Look): View {
  const {left = 0, query = '', here = null} = view;
  const cut: Cut = {columns, left, ellipsis: look.glyphs.ellipsis, vertical: look.glyphs.vertical};
  const pattern = patternOf(query);
  const marksOf = (line: number): Marks | undefined =>
    pattern === null ? undefined : text => matchesOf(pattern, text, line === here);
  if (view.wrap !== true) {
    return {
      length: sheet.length,
      line: row => (row < sheet.length ? cutRow(sheet.cells(row), cut, marksOf(row)) : []),
      lineAt: row => row,
      rowOf: line => line,
    };
  }
  const starts = startsOf(sheet, columns);
  const length = starts[sheet.length] ?? 0;
  const lineAt = (row: number) => {
    let [low, high] = [0, Math.max(0, sheet.length - 1)];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= row) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return {
    length,
    line(row) {
      if (row >= length) return [];
      const line = lineAt(row);
      return wrappedRow(sheet.cells(line), row - (starts[line] ?? 0), cut, marksOf(line));
    },
    lineAt,
    rowOf: line => starts[Math.max(0, Math.min(line, sheet.length - 1))] ?? 0,
  };
}

const wrapped = new WeakMap<object, {readonly columns: number; readonly starts: Uint32Array}>();

/** The first row of each line where lines are wrapped, and behind the last line how many there are. */
function startsOf(sheet: Sheet, columns: number): Uint32Array {
  const known = wrapped.get(sheet.source);
  if (known?.columns === columns) return known.starts;
  const starts = new Uint32Array(sheet.length + 1);
  for (let index = 0, row = 0; index < sheet.length; index += 1) {
    row += sheet.height?.(index, columns) ?? wrappedHeight(sheet.cells(index), columns);
    starts[index + 1] = row;
  }
  wrapped.set(sheet.source, {columns, starts});
  return starts;
}

/** Where a jump leads from what is in sight; null where there is nothing of the kind. */
export function jumpIn(
  sheet: Sheet,
  view: View,
  {query = '', here = null}: TextView,
  at: {readonly top: number; readonly height: number; readonly jump: Jump},
): {readonly line: number; readonly top: number} | null {
  const {top, height, jump} = at;
  const first = view.lineAt(top);
  const last = view.lineAt(Math.min(top + height, view.length) - 1);
  // The last jump's place counts as long as it is in sight; else what is in sight does.
  const inSight = here !== null && here >= first && here <= last;
  const lines = jump.endsWith('file') || query === '' ? null : linesWith(sheet, query);
  const isStop = jump.endsWith('file') ? sheet.isFile : sheet.isChange;
  let line: number | null;
  if (jump === 'first-match') line = lines?.find(found => found >= first) ?? lines?.[0] ?? null;
  else if (jump.startsWith('next')) {
    const from = inSight ? here + 1 : first;
    line = lines !== null ? (lines.find(found => found >= from) ?? null) : stop(sheet, isStop, from, 1);
  } else {
    const from = inSight ? here - 1 : first - 1;
    line = lines !== null ? (lines.findLast(found => found <= from) ?? null) : stop(sheet, isStop, from, -1);
  }
  if (line === null) return null;
  const row = view.rowOf(line);
  const isVisible = row >= top && row < top + height && !jump.endsWith('file');
  const wanted = jump.endsWith('file') ? row : row - Math.floor(height / 3);
  const lastTop = Math.max(0, view.length - height);
  return {line, top: isVisible ? top : Math.max(0, Math.min(wanted, lastTop))};
}

function stop(sheet: Sheet, isStop: Sheet['isChange'], from: number, by: 1 | -1): number | null {
  if (isStop === undefined) return null;
  for (let line = from; line >= 0 && line < sheet.length; line += by) if (isStop(line)) return line;
  return null;
}

/** The first gap in sight: what `enter` opens. */
export function gapInSight(sheet: Sheet, view: View, top: number, height: number): number | null {
  if (sheet.gapAt === undefined) return null;
  for (let row = top; row < Math.min(top + height, view.length); row += 1) {
    const gap = sheet.gapAt(view.lineAt(row));
    if (gap !== null) return gap;
  }
  return null;
}
