import {readChoices} from '../app/dialogs/buttons.ts';
import type {Line, Span} from '../app/text/line.ts';
import {plainLook} from './look.ts';

/** Columns, and rows, that nothing of ours fills: nothing is cut, the terminal breaks what is too long for it. */
export const endless = 2000;

/** What stands between the parts of a line: columns and gaps on the screen. */
const gap = /\s{2,}/;

/** Marks that some lines begin with, and what they mean in words. */
const marks: readonly [RegExp, string][] = [
  [/^! /, 'Note: '],
  [/^~ /, ''],
  [/^\* /, 'marked: '],
  [/^\[x\] /, 'marked: '],
  [/^\[ \] /, 'not marked: '],
  [/^- {2,}/, 'not possible: '],
  [/, !$/, ', with a note'],
];

/** The text of a line as it stands, without what fills it up at its end: of YAML, diffs and patches. */
export function verbatim(spans: Line): string {
  return spans
    .map(({text}) => text)
    .join('')
    .trimEnd();
}

/** The text of a line as words: gaps are commas, a label in front has a colon, a mark is its meaning. Indents are kept. */
export function sentence(spans: Line): string {
  const [first, ...rest] = spans;
  if (first === undefined) return '';
  const isLabel =
    first.tone === 'dim' && /^\s*[A-Za-z#].*\s$/.test(first.text) && verbatim(rest).trim() !== '';
  if (isLabel) return `${first.text.trimEnd()}: ${parts(verbatim(rest))}`;
  const whole = verbatim(spans);
  // A label of nothing.
  if (first.tone === 'dim' && /^\S.*\s$/.test(first.text) && whole === first.text.trimEnd()) return '';
  // One space is what is left of a glyph.
  const indent = /^\s{2,}/.exec(whole)?.[0] ?? '';
  const text = meant(whole.trimStart());
  return text === '' ? '' : indent.slice(0, mostIndent) + meant(parts(text));
}

/** A text with the mark that it begins with in words. */
export function meant(text: string): string {
  return marks.reduce((words, [mark, meaning]) => words.replace(mark, meaning), text);
}

const mostIndent = 8;

function parts(text: string): string {
  return text
    .trim()
    .split(gap)
    .filter(part => part !== '')
    .join(', ')
    .replace(/,(?=,)/g, '')
    .replace(/([:;]),/g, '$1')
    .replace(/(^|, )\* (?=live)/g, '$1');
}

/** The lines of a dialog as words: each choice is a line of its own with its key and its state. Buttons are left out. */
export function dialogSentences(lines: readonly Line[]): string[] {
  return lines.flatMap(spans => {
    const choices = readChoices(spans, plainLook.glyphs.chosen);
    if (choices.length === 0) {
      const text = sentence(spans).trim();
      return text === '' ? [] : [text];
    }
    const isMark = ({text}: Span) => /^(?:\[.\]|\(.*\)) $/.test(text);
    // A choice takes three pieces: its mark, its key, its words.
    const around = [
      spans.slice(0, spans.findIndex(isMark)),
      spans.slice(spans.findLastIndex(isMark) + 3),
    ].map(piece => sentence(piece).trim());
    return [
      ...around.filter(text => text !== ''),
      ...choices.map(
        ({kind, on, key, words}) =>
          `${key}: ${words}, ${kind === 'radio' ? (on ? 'chosen' : 'not chosen') : on ? 'on' : 'off'}`,
      ),
    ];
  });
}

/** How long ago a time was, in words that are printed once and never change: seconds too. */
export function agoInWords(time: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - time) / 1000));
  if (seconds === 0) return 'just now';
  if (seconds < 60) return `${seconds}s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ago`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)}h ago` : `${Math.floor(seconds / 86_400)}d ago`;
}
