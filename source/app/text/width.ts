import stringWidth from 'string-width';
import {plain} from '../../text/plain.ts';

// Letters of the West, arrows, boxes and braille: a column each, on every terminal.
const narrow =
  /^[\u0020-\u007E\u00A0-\u00AC\u00AE-\u02FF\u2010-\u2027\u2190-\u21FF\u2500-\u25FC\u2713\u2800-\u28FF]*$/;
const graphemes = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

/** Columns that a text takes on a terminal. Most texts are narrow throughout: those are not measured rune by rune. */
export function widthOf(text: string): number {
  return narrow.test(text) ? text.length : stringWidth(text);
}

const joiners = /\u200C|\u200D|\u20E3|[\uFE00-\uFE0F]|\p{Emoji_Modifier}/gu;
const flagLetters = /[\u{1F1E6}-\u{1F1FF}]/gu;
const manyMarks = /(\p{M}{3})\p{M}+/gu;
// Thai and Lao AM are a mark and a letter in one; a consonant that loses its vowel (virama) is a letter of its own.
const am = /[\u0E33\u0EB3]/g;
const conjunct = /([\u094D\u09CD\u0ACD\u0B4D\u0C4D\u0D4D])(?=\p{Lo})/gu;

/**
 * A text of which terminals (and Ink) agree how wide it is: emoji that are joined of several, coloured or asked to be drawn
 * as pictures are as many columns as each likes, so they fall into their parts; flags become their letters; letters and
 * their marks are one where Unicode has one, with three more marks at most; Indic letters stand side by side.
 */
export function steady(text: string): string {
  if (narrow.test(text)) return text;
  return text
    .normalize('NFC')
    .replace(joiners, '')
    .replace(flagLetters, letter => String.fromCharCode((letter.codePointAt(0) ?? 0) - 0x1f1e6 + 65))
    .replace(am, letter => letter.normalize('NFKD'))
    .replace(manyMarks, '$1')
    .replace(conjunct, '$1\u200C');
}

/** Outside text as a row shows it: nothing that a terminal obeys, as wide on each, line ends as spaces. */
export function shown(text: string): string {
  return steady(plain(text)).replaceAll('\n', ' ');
}

/** `shown`, but with its tabs: where they are told from spaces. */
export function shownWithTabs(text: string): string {
  return narrow.test(text) ? text : text.split('\t').map(shown).join('\t');
}

/** The start of a text that fits into `columns`; never half a wide character. */
export function startOf(text: string, columns: number): string {
  if (columns <= 0) return '';
  if (widthOf(text) <= columns) return text;
  if (narrow.test(text)) return text.slice(0, columns);
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
  if (narrow.test(text)) return text.slice(-columns);
  let taken = '';
  let used = 0;
  // No letter has more than a few marks: what is farther from the end can't be reached.
  for (const {segment} of [...graphemes.segment(text.slice(-16 * (columns + 1)))].reverse()) {
    used += widthOf(segment);
    if (used > columns) break;
    taken = segment + taken;
  }
  return taken;
}

/** A text cut at its end to `columns`, with the ellipsis in place of what is gone. */
export function clipEnd(text: string, columns: number, ellipsis = '…'): string {
  const whole = shown(text);
  if (widthOf(whole) <= columns) return whole;
  return startOf(whole, columns - widthOf(ellipsis)) + startOf(ellipsis, columns);
}

/** A text cut in its middle: a path's or name's end tells as much as its start. */
export function clipMiddle(text: string, columns: number, ellipsis = '…'): string {
  const whole = shown(text);
  if (widthOf(whole) <= columns) return whole;
  const room = columns - widthOf(ellipsis);
  if (room < 2) return startOf(whole, columns);
  const tail = Math.floor(room / 2);
  return startOf(whole, room - tail) + ellipsis + endOf(whole, tail);
}

/** A text on exactly `columns`: cut at its end or filled with spaces. */
export function padEnd(text: string, columns: number, ellipsis = '…'): string {
  const clipped = clipEnd(text, columns, ellipsis);
  return clipped + ' '.repeat(Math.max(0, columns - widthOf(clipped)));
}
