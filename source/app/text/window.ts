import {type Line, lineWidth, type Span, span} from './line.ts';
import {startOf, widthOf} from './width.ts';

/** The part of a line from a column on; half a wide character at the cut is a space. */
export function fromColumn(spans: Line, column: number): Line {
  if (column <= 0) return spans;
  const result: Span[] = [];
  let skip = column;
  for (const item of spans) {
    if (skip <= 0) {
      result.push(item);
      continue;
    }
    const width = widthOf(item.text);
    if (width <= skip) {
      skip -= width;
      continue;
    }
    const gone = startOf(item.text, skip);
    const half = skip - widthOf(gone);
    const [wide = ''] = half > 0 ? graphemesFrom(item.text, gone.length) : [];
    const rest = ' '.repeat(half > 0 ? widthOf(wide) - half : 0) + item.text.slice(gone.length + wide.length);
    result.push(span(rest, item.tone, item.ground));
    skip = 0;
  }
  return result;
}

/** A line in rows of at most `columns`, broken where it is full: what is read sign by sign must not move. */
export function folded(spans: Line, columns: number): Line[] {
  const rows: Line[] = [];
  let row: Span[] = [];
  let room = columns;
  for (const item of spans) {
    let text: string = item.text;
    while (text !== '') {
      const piece = startOf(text, room);
      if (piece === '' && room === columns) break;
      if (piece !== '') row.push(span(piece, item.tone, item.ground));
      room -= widthOf(piece);
      text = text.slice(piece.length);
      if (text === '') break;
      rows.push(row);
      row = [];
      room = columns;
    }
  }
  if (row.length > 0 || rows.length === 0) rows.push(row);
  return rows;
}

/** The line on at most `columns`, cut in its middle: its end tells as much as its start. */
export function clipMiddleOf(spans: Line, columns: number, ellipsis: string): Line {
  const width = lineWidth(spans);
  if (width <= columns) return spans;
  const room = columns - widthOf(ellipsis);
  const tail = Math.floor(room / 2);
  const head = folded(spans, Math.max(1, room - tail))[0] ?? [];
  return [...head, span(ellipsis, 'dim'), ...fromColumn(spans, width - tail)];
}

function graphemesFrom(text: string, at: number): string[] {
  const [first] = new Intl.Segmenter(undefined, {granularity: 'grapheme'}).segment(text.slice(at));
  return first === undefined ? [] : [first.segment];
}
