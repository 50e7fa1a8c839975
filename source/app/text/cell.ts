import {type Grounded, type Layers, layered} from './layers.ts';
import {fit, type Line, lineWidth, span} from './line.ts';
import {widthOf} from './width.ts';
import {clipMiddleOf, folded, fromColumn} from './window.ts';

/** A text beside its gutter, which stays where it is when the text is scrolled. */
export interface Cell {
  readonly gutter: Line;
  /** What it says, for search and for its width. */
  readonly text: string;
  /** Cut in its middle where it is too long: its end tells as much as its start. */
  readonly middle?: boolean;
  /** How it looks; made when it is seen. */
  layers(): Omit<Layers, 'text'>;
}

/** A row of a text: one cell, or two side by side (null where a side has none). */
export type Cells = readonly [Cell] | readonly [Cell | null, Cell | null];

/** What of a row is shown, and how. */
export interface Cut {
  readonly columns: number;
  /** The first column of the text that is shown. */
  readonly left: number;
  readonly ellipsis: string;
  /** What parts two cells. */
  readonly vertical: string;
}

/** Where what was searched for stands in a text. */
export type Marks = (text: string) => readonly Grounded[];

// A longer line (a certificate, a minified file) is cut by its characters before it is measured: a megabyte takes no longer.
const longLine = 4000;
const narrow = /^[\u0020-\u007E]*$/;

/** Columns of two cells beside one another. */
export function halves(columns: number): readonly [number, number] {
  const left = Math.floor((columns - 3) / 2);
  return [left, columns - 3 - left];
}

/** Columns that a cell of a row has, of those of the whole row. */
function cellColumns(cells: Cells, columns: number): readonly number[] {
  return cells.length === 1 ? [columns] : halves(columns);
}

/** A row on one line of the screen. */
export function cutRow(cells: Cells, cut: Cut, marks?: Marks): Line {
  const columns = cellColumns(cells, cut.columns);
  const lines = cells.map((cell, index) => {
    const room = columns[index] ?? 0;
    return cell === null ? fit([], room) : cutCell(cell, room, cut, marks);
  });
  return joined(cells, lines, columns, cut);
}

function cutCell(cell: Cell, columns: number, {left, ellipsis}: Cut, marks?: Marks): Line {
  const room = columns - lineWidth(cell.gutter);
  if (cell.text.length > longLine) {
    const from = Math.min(left, cell.text.length);
    const body = bodyOf(cell, from, from + room * 2, marks);
    return [...cell.gutter, ...ends(fit(body, room, ellipsis), left > 0, ellipsis)];
  }
  const whole = bodyOf(cell, 0, cell.text.length, marks);
  if (left > 0)
    return [...cell.gutter, ...ends(fit(fromColumn(whole, left), room, ellipsis), true, ellipsis)];
  return [...cell.gutter, ...(cell.middle === true ? clipMiddleOf(whole, room, ellipsis) : whole)];
}

/** A line with its first column saying that there is more on the left. */
function ends(spans: Line, isCut: boolean, ellipsis: string): Line {
  return isCut ? [span(ellipsis, 'dim'), ...fromColumn(spans, widthOf(ellipsis))] : spans;
}

/** All of a row's first cell, however long it is. */
export function wholeRow([cell]: Cells): Line {
  return cell === null ? [] : [...cell.gutter, ...bodyOf(cell, 0, cell.text.length)];
}

/** How many lines of the screen a row takes where nothing is cut. */
export function wrappedHeight(cells: Cells, columns: number): number {
  const widths = cellColumns(cells, columns);
  return Math.max(
    1,
    ...cells.map((cell, index) =>
      cell === null ? 1 : heightOf(cell.text, (widths[index] ?? 0) - lineWidth(cell.gutter)),
    ),
  );
}

/** How many lines of the screen a text takes where nothing is cut. */
export function heightOf(text: string, columns: number): number {
  const room = Math.max(1, columns);
  if (text.length > longLine) return Math.ceil(text.length / chunkOf(text, room));
  return narrow.test(text) ? Math.max(1, Math.ceil(text.length / room)) : folded([span(text)], room).length;
}

/** One of the lines of the screen that a row takes where nothing is cut, counted from 0. */
export function wrappedRow(cells: Cells, at: number, cut: Cut, marks?: Marks): Line {
  const columns = cellColumns(cells, cut.columns);
  const lines = cells.map((cell, index) => {
    const room = columns[index] ?? 0;
    return cell === null ? fit([], room) : wrappedCell(cell, at, room, marks);
  });
  return joined(cells, lines, columns, cut);
}

function wrappedCell(cell: Cell, at: number, columns: number, marks?: Marks): Line {
  const gutterWidth = lineWidth(cell.gutter);
  const room = Math.max(1, columns - gutterWidth);
  const gutter = at === 0 ? cell.gutter : [span(' '.repeat(gutterWidth))];
  if (cell.text.length > longLine) {
    const chunk = chunkOf(cell.text, room);
    return at * chunk >= cell.text.length && at > 0
      ? []
      : [...gutter, ...bodyOf(cell, at * chunk, (at + 1) * chunk, marks)];
  }
  const rows = folded(bodyOf(cell, 0, cell.text.length, marks), room);
  return rows[at] === undefined ? [] : [...gutter, ...rows[at]];
}

function joined(cells: Cells, lines: readonly Line[], columns: readonly number[], cut: Cut): Line {
  if (cells.length === 1) return lines[0] ?? [];
  const [left = [], right = []] = lines;
  return [
    ...fit(left, columns[0] ?? 0, cut.ellipsis),
    span(` ${cut.vertical} `, 'dim'),
    ...fit(right, columns[1] ?? 0, cut.ellipsis),
  ];
}

/** Characters of a long line for one line of the screen: half as many where some are two columns wide. */
function chunkOf(text: string, room: number): number {
  return isNarrow(text) ? room : Math.max(1, Math.floor(room / 2));
}

// The long lines in sight are asked for row by row: what is known of the last few saves reading a megabyte each time.
const asked: {readonly text: string; readonly narrow: boolean}[] = [];

function isNarrow(text: string): boolean {
  const known = asked.find(one => one.text === text);
  if (known !== undefined) return known.narrow;
  const made = {text, narrow: narrow.test(text)};
  asked.unshift(made);
  asked.length = Math.min(asked.length, 8);
  return made.narrow;
}

/** The text between two characters with its tones, and what was searched for in it. */
function bodyOf(cell: Cell, from: number, to: number, marks?: Marks): Line {
  const layers = cell.layers();
  const text = cell.text.slice(from, to);
  const shifted = <S extends {readonly from: number; readonly to: number}>(
    stretches: readonly S[] = [],
  ): S[] =>
    from === 0
      ? [...stretches]
      : stretches.flatMap(item =>
          item.to <= from ? [] : [{...item, from: Math.max(0, item.from - from), to: item.to - from}],
        );
  const grounds = [...shifted(layers.grounds), ...(marks?.(text) ?? [])];
  const {write} = layers;
  const written = write === undefined ? {} : {write: (piece: string, at: number) => write(piece, at + from)};
  return layered({...layers, ...written, text, tones: shifted(layers.tones), grounds});
}

/** True for a line whose syntax is not told: it is too long. */
export function isLong(text: string): boolean {
  return text.length > longLine;
}
