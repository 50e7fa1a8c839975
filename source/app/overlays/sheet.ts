import {type Cells, wrappedHeight} from '../text/cell.ts';
import type {Line} from '../text/line.ts';

/** A text to be looked at, line by line. Lines are made when they are seen: a patch can have a hundred thousand. */
export interface Sheet {
  readonly title: Line;
  readonly length: number;
  /** The same object for the same text: what is worked out of all of its lines is kept for it. */
  readonly source: object;
  cells(index: number): Cells;
  /** The same as `wrappedHeight` of its cells, where that can be told without making them. */
  height?(index: number, columns: number): number;
  /** What a line says, without drawing it: for search. */
  text(index: number): string;
  /** True where a change begins; without it the text is no diff. */
  isChange?(index: number): boolean;
  /** True where a file begins. */
  isFile?(index: number): boolean;
  /** The gap (`at`) that a line stands for; null for a line that is none. */
  gapAt?(index: number): number | null;
}

/** Lines that are there already as a sheet. */
export function sheetOf(title: Line, lines: readonly Line[]): Sheet {
  const text = (index: number) => (lines[index] ?? []).map(item => item.text).join('');
  return {
    title,
    length: lines.length,
    source: lines,
    text,
    cells(index) {
      const spans = lines[index] ?? [];
      return [
        {
          gutter: [],
          text: text(index),
          layers() {
            let at = 0;
            const tones = [];
            const grounds = [];
            for (const {text: piece, tone, ground} of spans) {
              const stretch = {from: at, to: at + piece.length};
              at = stretch.to;
              if (tone !== 'plain') tones.push({...stretch, tone});
              if (ground !== undefined) grounds.push({...stretch, ground});
            }
            return {tone: 'plain' as const, tones, grounds};
          },
        },
      ];
    },
  };
}

const stacks = new WeakMap<object, {readonly above: number; readonly source: object}>();

/** Lines above a sheet, as one. */
export function stacked(above: readonly Line[], below: Sheet): Sheet {
  const over = sheetOf(below.title, above);
  const first = above.length;
  let source = stacks.get(below.source);
  if (source?.above !== first) {
    source = {above: first, source: {}};
    stacks.set(below.source, source);
  }
  const of = <T>(index: number, own: (index: number) => T, theirs: (index: number) => T): T =>
    index < first ? own(index) : theirs(index - first);
  return {
    title: below.title,
    length: first + below.length,
    source: source.source,
    cells: index => of(index, over.cells, below.cells),
    text: index => of(index, over.text, below.text),
    height: (index, columns) =>
      index >= first && below.height !== undefined
        ? below.height(index - first, columns)
        : wrappedHeight(index < first ? over.cells(index) : below.cells(index - first), columns),
    ...(below.isChange === undefined
      ? {}
      : {isChange: index => of(index, () => false, below.isChange ?? (() => false))}),
    ...(below.isFile === undefined
      ? {}
      : {isFile: index => of(index, () => false, below.isFile ?? (() => false))}),
    ...(below.gapAt === undefined
      ? {}
      : {gapAt: index => of(index, () => null, below.gapAt ?? (() => null))}),
  };
}
