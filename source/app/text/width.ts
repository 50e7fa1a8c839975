import stringWidth from 'string-width';

const ascii = /^[\u0020-\u007E]*$/;
const graphemes = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

/** Columns that a text takes on a terminal. Most texts are ASCII: those are not measured rune by rune. */
export function widthOf(text: string): number {
  return ascii.test(text) ? text.length : stringWidth(text);
}

/** The start of a text that fits into `columns`; never half a wide character. */
export function startOf(text: string, columns: number): string {
  if (columns <= 0) return '';
  if (widthOf(text) <= columns) return text;
  if (ascii.test(text)) return text.slice(0, columns);
  let taken = '';
  let used = 0;
  for (const {segment} of graphemes.segment(text)) {
    used += widthOf(segment);
    if (used > columns) break;
    taken += segment;
  }
  return taken;
}

/** The end of a text that fits into `columns`. */
export function endOf(text: string, columns: number): string {
  if (columns <= 0) return '';
  if (widthOf(text) <= columns) return text;
  if (ascii.test(text)) return text.slice(-columns);
  let taken = '';
  let used = 0;
  for (const {segment} of [...graphemes.segment(text)].reverse()) {
    used += widthOf(segment);
    if (used > columns) break;
    taken = segment + taken;
  }
  return taken;
}

/** A text cut at its end to `columns`, with the ellipsis in place of what is gone. */
export function clipEnd(text: string, columns: number, ellipsis = '…'): string {
  if (widthOf(text) <= columns) return text;
  return startOf(text, columns - widthOf(ellipsis)) + startOf(ellipsis, columns);
}

/** A text cut in its middle: a path's or name's end tells as much as its start. */
export function clipMiddle(text: string, columns: number, ellipsis = '…'): string {
  if (widthOf(text) <= columns) return text;
  const room = columns - widthOf(ellipsis);
  if (room < 2) return startOf(text, columns);
  const tail = Math.floor(room / 2);
  return startOf(text, room - tail) + ellipsis + endOf(text, tail);
}

/** A text on exactly `columns`: cut at its end or filled with spaces. */
export function padEnd(text: string, columns: number, ellipsis = '…'): string {
  const clipped = clipEnd(text, columns, ellipsis);
  return clipped + ' '.repeat(Math.max(0, columns - widthOf(clipped)));
}
