import type {DiffLine} from '../diff/diff-lines.ts';
import type {DiffPair} from '../diff/side-by-side.ts';
import {fit, type Line, line, span, type Tone} from '../text/line.ts';
import type {Look} from '../text/theme.ts';
import {clipMiddle} from '../text/width.ts';

const tones: Record<DiffLine['mark'], Tone> = {' ': 'plain', '-': 'removed', '+': 'added', gap: 'dim'};

// The line number, the marker of the chosen field, the mark and a space.
const gutter = 7;

/**
 * A line of the unified diff: the source's line number, the mark, the text. The chosen field's stand out. A changed line
 * that is too long for `columns` is cut in its middle: versions differ at their end.
 */
export function unifiedLine(item: DiffLine, chosen: string | null, columns: number, look: Look): Line {
  const number = item.number === null ? '    ' : String(item.number).padStart(4);
  const isChange = item.mark === '-' || item.mark === '+';
  const text = isChange ? clipMiddle(item.text, columns - gutter, look.glyphs.ellipsis) : item.text;
  const mark = item.mark === 'gap' ? ' ' : item.mark;
  const isChosen = chosen !== null && item.path === chosen;
  return line(
    span(number, 'dim'),
    span(isChosen ? '>' : ' ', 'strong'),
    span(`${mark} `, tones[item.mark]),
    span(text, tones[item.mark]),
  );
}

/** A row of the diff in two columns, each half of `columns`. */
export function pairLine(pair: DiffPair, chosen: string | null, columns: number, look: Look): Line {
  const left = Math.floor((columns - 3) / 2);
  const right = columns - 3 - left;
  const {vertical, ellipsis} = look.glyphs;
  const half = (item: DiffLine | null, width: number): Line =>
    fit(item === null ? [] : unifiedLine(item, chosen, width, look), width, ellipsis);
  return [...half(pair.left, left), span(` ${vertical} `, 'dim'), ...half(pair.right, right)];
}
