import {widthOf} from '../../app/text/width.ts';
import {afterSgr, ordinary, type Style, withLink} from './style.ts';

/** One column of a row. There is one object for each content: two cells are equal where they are the same. */
export interface Cell {
  /** A grapheme; '' in the further columns of a wide one. */
  readonly text: string;
  readonly style: Style;
  /** Columns from here on; 0 in the further columns of a wide one. */
  readonly width: number;
  /** Columns that it may take on some terminal: more than its width where terminals don't agree (emoji, combining marks). */
  readonly reach: number;
}

/** A row of the screen: as many cells as the terminal has columns. */
export type Row = readonly Cell[];

// Single code points that every terminal gives the same columns: letters of Latin, Greek and Cyrillic, punctuation,
// arrows, lines, blocks, shapes that are no emoji, braille, this app's marks; then CJK and Hangul, which take two. A
// terminal that shows ambiguous ones (East Asian Width) in two columns breaks every frame of lines: it wants --ascii.
const ofSureWidth =
  /^[ -~\u00A1-\u00A8\u00AA-\u00AC\u00AF-\u02FF\u0370-\u0377\u037A-\u037F\u0384-\u0481\u048A-\u052F\u2010-\u2027\u2030-\u203A\u2190-\u2193\u2500-\u25A9\u25AC-\u25B5\u25B7-\u25BF\u25C1-\u25FA\u2713\u2717\u2800-\u28FF\u3001-\u3029\u3041-\u3096\u309B-\u30FF\u3105-\u312F\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7A3\uFF01-\uFF60]$/;
// An SGR sequence, a hyperlink, text, or what is neither: other sequences and control characters.
const pieces =
  /\u001B\[([\d;]*)m|\u001B\]8;([^\u0007\u001B]*)(?:\u0007|\u001B\\)|([^\u0000-\u001F\u007F-\u009F]+)|\u001B\[[0-?]*[ -/]*[@-~]|\u001B\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[\u0000-\u001F\u007F-\u009F]/g;
// Texts whose characters need not be put together: no marks, joiners or surrogates among them.
const apart = /^[ -~\u00A1-\u00AC\u00AE-\u02FF\u2010-\u2027\u2190-\u2193\u2500-\u25FA\u2713\u2800-\u28FF]*$/;
const graphemes = new Intl.Segmenter(undefined, {granularity: 'grapheme'});
const cells = new Map<Style, Map<string, Cell>>();

/** A cell that shows nothing. */
export const blank: Cell = cellOf(' ', ordinary);

/**
 * Reads a line of text with SGR sequences and hyperlinks into cells; columns beyond the text are blank, text beyond the
 * columns is left out. A line begins in the terminal's own style: Ink closes every style at a line's end.
 */
export function rowOf(line: string, columns: number): Row {
  const row: Cell[] = [];
  let style = ordinary;
  for (const [, sgr, link, text] of line.matchAll(pieces)) {
    if (sgr !== undefined) style = afterSgr(style, sgr);
    else if (link !== undefined) style = withLink(style, link);
    else if (text !== undefined) addText(row, text, style, columns);
  }
  while (row.length < columns) row.push(blank);
  return row;
}

/** A row with nothing on it. */
export function blankRow(columns: number): Row {
  return Array.from({length: columns}, () => blank);
}

/** Whether terminals agree on the columns of a cell. */
export function isSure(cell: Cell): boolean {
  return cell.reach === cell.width;
}

function addText(row: Cell[], text: string, style: Style, columns: number): void {
  const known = knownOf(style);
  for (const grapheme of apart.test(text) ? text : segments(text)) {
    const cell = known.get(grapheme) ?? cellOf(grapheme, style);
    if (cell.width === 0) {
      addMark(row, grapheme);
      continue;
    }
    // Half a wide character can't be shown.
    const isWhole = row.length + cell.width <= columns;
    row.push(isWhole ? cell : cellOf(' ', style));
    for (let more = 1; isWhole && more < cell.width; more++) row.push(cellOf('', style));
    if (row.length >= columns) break;
  }
  row.length = Math.min(row.length, columns);
}

/** What takes no column belongs to the grapheme before it. */
function addMark(row: Cell[], mark: string): void {
  const owner = row.findLastIndex(({width}) => width > 0);
  const before = row[owner];
  if (before !== undefined) row[owner] = cellOf(before.text + mark, before.style, before.width);
}

function* segments(text: string): Iterable<string> {
  for (const {segment} of graphemes.segment(text)) yield segment;
}

function cellOf(text: string, style: Style, knownWidth?: number): Cell {
  // Most of a style can't be seen on a space: leaving it away saves switching to it.
  const seen = text === ' ' ? style.blank : style;
  const known = knownOf(seen);
  const key = knownWidth === undefined ? text : `${knownWidth} ${text}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const width = knownWidth ?? widthOf(text);
  const isOfSure = text === '' || ofSureWidth.test(text);
  const cell = {
    text,
    style: seen,
    width,
    reach: isOfSure ? width : Math.max(width + 1, 2 * [...text].length),
  };
  known.set(key, cell);
  return cell;
}

function knownOf(style: Style): Map<string, Cell> {
  let known = cells.get(style);
  if (known === undefined) {
    known = new Map();
    cells.set(style, known);
  }
  return known;
}
