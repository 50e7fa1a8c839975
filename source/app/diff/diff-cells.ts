import type {Cell, Cells} from '../text/cell.ts';
import {isLong} from '../text/cell.ts';
import type {Layers} from '../text/layers.ts';
import {type Ground, type Line, line, span, type Tone} from '../text/line.ts';
import type {Look} from '../text/theme.ts';
import type {DiffLine} from './diff-lines.ts';
import {partsOf} from './partner.ts';
import type {DiffPair} from './side-by-side.ts';
import {isInBlock, type Toned, yamlSyntax} from './syntax.ts';

/** How the lines of a diff are drawn. */
export interface DiffStyle {
  readonly look: Look;
  /** Path of the chosen field. */
  readonly chosen?: string | null;
  /** `at` of the gap that is opened next. */
  readonly next?: number | null;
  /** Digits of the largest line number; at least 4. */
  readonly digits?: number;
  /** True where a line's syntax is YAML's. */
  isYaml(index: number): boolean;
}

const tones: Record<DiffLine['mark'], Tone> = {
  ' ': 'plain',
  '-': 'removed',
  '+': 'added',
  gap: 'dim',
  file: 'strong',
  hunk: 'busy',
  note: 'dim',
};

/** A line of the unified diff: the source's line number, the mark, the text. */
export function unifiedCells(lines: readonly DiffLine[], index: number, style: DiffStyle): Cells {
  const item = lines[index];
  return item === undefined ? [null, null] : [cellOf(lines, index, item, style)];
}

/** A row of the diff in two columns; `lines` are those that the pairs were made of. */
export function pairCells(lines: readonly DiffLine[], pair: DiffPair, style: DiffStyle): Cells {
  const {left, right, leftAt, rightAt} = pair;
  const side = (item: DiffLine | null, at: number): Cell | null =>
    item === null ? null : cellOf(lines, at, item, style);
  // What belongs to no side, or to both in one, has the whole row.
  return isWhole(pair) && left !== null
    ? [cellOf(lines, leftAt, left, style)]
    : [side(left, leftAt), side(right, rightAt)];
}

/** True for what belongs to neither side: a header, lines that are left out. */
export function isWhole({left, right}: DiffPair): boolean {
  return left !== null && left === right && left.mark !== ' ';
}

function cellOf(lines: readonly DiffLine[], index: number, item: DiffLine, style: DiffStyle): Cell {
  const isChange = item.mark === '-' || item.mark === '+';
  const text = item.mark === 'gap' ? item.text.replace('…', style.look.glyphs.gap) : item.text;
  return {
    gutter: gutterOf(item, style),
    text,
    middle: isChange,
    layers: () => layersOf(lines, index, {...item, text}, style),
  };
}

/** Columns of what stands before a line: its number, the marker of what is chosen, its mark, a space. */
export function gutterWidth({mark}: DiffLine, {digits = 4}: DiffStyle): number {
  return mark === 'file' || mark === 'hunk' ? 0 : digits + 3;
}

function gutterOf(item: DiffLine, {chosen = null, next = null, digits = 4}: DiffStyle): Line {
  if (item.mark === 'file' || item.mark === 'hunk') return [];
  const number = (item.number === null ? '' : String(item.number)).padStart(digits);
  const isChosen =
    (chosen !== null && item.path === chosen) || (item.mark === 'gap' && next !== null && item.at === next);
  const mark = item.mark === '-' || item.mark === '+' ? item.mark : ' ';
  return line(span(number, 'dim'), span(isChosen ? '>' : ' ', 'strong'), span(`${mark} `, tones[item.mark]));
}

function layersOf(
  lines: readonly DiffLine[],
  index: number,
  item: DiffLine,
  style: DiffStyle,
): Omit<Layers, 'text'> {
  const {mark, text} = item;
  const tone = tones[mark];
  if (mark !== ' ' && mark !== '-' && mark !== '+') return {tone};
  const syntax = style.isYaml(index) && !isLong(text) ? syntaxOf(lines, index, text) : [];
  if (mark === ' ') return {tone: 'plain', tones: syntax};
  const ground: Ground = mark === '-' ? 'removed' : 'added';
  const part: Ground = mark === '-' ? 'removed-part' : 'added-part';
  const trailing = text.length - text.trimEnd().length;
  const ends =
    trailing > 0 && trailing < text.length ? [{from: text.length - trailing, to: text.length}] : [];
  const marked = [...partsOf(lines, index), ...ends];
  const blank = marked.filter(({from, to}) => text.slice(from, to).trim() === '');
  return {
    tone,
    tones: syntax,
    ground,
    grounds: marked.map(stretch => ({...stretch, ground: part})),
    write: (piece, at) =>
      blank.some(({from, to}) => from <= at && to >= at + piece.length)
        ? visibleSpace(piece, style.look)
        : piece,
  };
}

/** White space that matters, as signs: as wide as it is elsewhere on the screen. */
function visibleSpace(piece: string, {glyphs}: Look): string {
  return piece.replaceAll(' ', glyphs.times).replaceAll('\t', glyphs.tab);
}

/** A line's syntax; what stands above it on its own side says whether it is inside a block. */
function syntaxOf(lines: readonly DiffLine[], index: number, text: string): readonly Toned[] {
  const other = lines[index]?.mark === '-' ? '+' : '-';
  let at = index;
  const inBlock = isInBlock(text, () => {
    do at -= 1;
    while (lines[at]?.mark === other);
    const above = lines[at];
    return above === undefined || above.mark === 'file' || above.mark === 'hunk'
      ? null
      : above.mark === 'gap'
        ? ''
        : above.text;
  });
  return yamlSyntax(text, inBlock);
}
