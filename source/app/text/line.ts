import {plain} from '../../text/plain.ts';
import {shown, startOf, widthOf} from './width.ts';

/** What a piece of text means; how that looks is the theme's business. */
export type Tone =
  | 'plain'
  | 'dim'
  | 'strong'
  | 'good'
  | 'drift'
  | 'bad'
  | 'busy'
  | 'added'
  | 'removed'
  | 'alarm'
  /** The character under the cursor of a line that is being typed: told without colour, too. */
  | 'cursor'
  // Syntax of what is shown as YAML.
  | 'key'
  | 'string'
  | 'number'
  | 'literal'
  | 'comment'
  | 'punctuation';

/** What lies under a piece of text: a changed line, the part of it that changed, what was searched for. */
export type Ground = 'added' | 'removed' | 'added-part' | 'removed-part' | 'match' | 'match-here';

declare const safe: unique symbol;

/** Text without escapes and line ends. Only `span` makes it, so nothing else can reach the terminal. */
export type ScreenText = string & {readonly [safe]: true};

/** A piece of a line in one tone. */
export interface Span {
  readonly text: ScreenText;
  readonly tone: Tone;
  readonly ground?: Ground;
}

/** One row of the screen. */
export type Line = readonly Span[];

/** Makes a piece of a line of any text, stripped of what a terminal would obey; line ends become spaces. */
export function span(text: string, tone: Tone = 'plain', ground?: Ground): Span {
  const safeText = shown(text) as ScreenText;
  return ground === undefined ? {text: safeText, tone} : {text: safeText, tone, ground};
}

/** A line of texts and spans, one after the other. */
export function line(...parts: readonly (string | Span)[]): Line {
  return parts.map(part => (typeof part === 'string' ? span(part) : part));
}

/** Columns that a line takes. */
export function lineWidth(spans: Line): number {
  return spans.reduce((sum, {text}) => sum + widthOf(text), 0);
}

/** The line on exactly `columns`: cut with an ellipsis or filled with spaces. */
export function fit(spans: Line, columns: number, ellipsis = '…'): Line {
  const total = lineWidth(spans);
  if (total === columns) return spans;
  if (total < columns) return [...spans, span(' '.repeat(columns - total))];
  const fitted: Span[] = [];
  let room = Math.max(0, columns - widthOf(ellipsis));
  for (const {text, tone, ground} of spans) {
    if (room <= 0) break;
    const piece = startOf(text, room);
    if (piece !== '') fitted.push(span(piece, tone, ground));
    room -= widthOf(piece);
    // A wide character that didn't fit leaves a column: stop here, or a later piece would jump the gap.
    if (piece !== text) break;
  }
  fitted.push(span(startOf(ellipsis, columns), 'dim'));
  const used = lineWidth(fitted);
  return used < columns ? [...fitted, span(' '.repeat(columns - used))] : fitted;
}

/** Two parts on one line of `columns`, the second at the right edge; the first gives way. */
export function spread(left: Line, right: Line, columns: number, ellipsis = '…'): Line {
  const room = columns - lineWidth(right);
  if (room <= 0) return fit(right, columns, ellipsis);
  return [...fit(left, room, ellipsis), ...right];
}

/** The same line with everything dim: what is out of date stays readable, but recedes. */
export function dimmed(spans: Line): Line {
  return spans.map(({text}) => ({text, tone: 'dim'}));
}

/** True where two lines look the same. */
export function sameLine(a: Line, b: Line): boolean {
  return (
    a.length === b.length &&
    a.every((item, index) => {
      const other = b[index];
      return item.text === other?.text && item.tone === other.tone && item.ground === other.ground;
    })
  );
}

/** Text broken into lines of at most `columns`, at spaces where there are any. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const paragraph of plain(text).split('\n')) {
    let rest = paragraph.trimEnd();
    while (widthOf(rest) > columns) {
      const head = startOf(rest, columns);
      const space = head.lastIndexOf(' ');
      const cut = space > columns / 3 ? space : Math.max(1, head.length);
      lines.push(rest.slice(0, cut).trimEnd());
      rest = rest.slice(cut).trimStart();
    }
    lines.push(rest);
  }
  return lines;
}
