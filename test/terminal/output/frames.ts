import fc from 'fast-check';
import {type Look, seen} from './emulator.ts';

/** A piece of a line in one style, as Ink writes it. */
interface Piece {
  readonly graphemes: readonly Grapheme[];
  readonly style: Style;
}

interface Style {
  readonly foreground: number | undefined;
  readonly background: number | undefined;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
}

interface Grapheme {
  readonly text: string;
  readonly width: 1 | 2;
  /** Terminals don't agree on its width: what it covers is not compared, what is beside it is. */
  readonly isUnsure?: boolean;
}

/** A frame as text and as what a terminal must show of it; undefined where a character of unsure width may be. */
export interface TestFrame {
  readonly text: string;
  readonly looks: readonly (readonly (Look | undefined)[])[];
}

const letters: Grapheme[] = [...'abcxyz019./-é─│╭●…✓→'].map(text => ({text, width: 1}));
const wide: Grapheme[] = [...'環境本番配置한글ＡＢ'].map(text => ({text, width: 2}));
// A letter with marks, of which emulators that know them show one column.
const combined: Grapheme[] = ['e\u0301', 'o\u0308\u0323'].map(text => ({text, width: 1}));
const unsure: Grapheme[] = ['😀', '👩‍💻', '🇩🇪', '❤️', '⚠️', '👍🏽'].map(text => ({
  text,
  width: 2,
  isUnsure: true,
}));

const common = [
  {weight: 8, arbitrary: fc.constantFrom(...letters)},
  {weight: 6, arbitrary: fc.constant<Grapheme>({text: ' ', width: 1})},
  {weight: 2, arbitrary: fc.constantFrom(...wide)},
  {weight: 1, arbitrary: fc.constantFrom(...combined)},
];
const flag = fc.oneof({weight: 4, arbitrary: fc.constant(false)}, {weight: 1, arbitrary: fc.boolean()});
const basicColor = fc.oneof(
  {weight: 1, arbitrary: fc.constant(undefined)},
  {weight: 2, arbitrary: fc.integer({min: 0, max: 7})},
);
const anyColor = fc.oneof(
  {weight: 3, arbitrary: fc.constant(undefined)},
  {weight: 3, arbitrary: fc.integer({min: 0, max: 15})},
  {weight: 1, arbitrary: fc.integer({min: 16, max: 255})},
  {weight: 1, arbitrary: fc.integer({min: 256, max: 0xff_ff_ff})},
  // True colours that are of the 256, too.
  {
    weight: 1,
    arbitrary: fc.constantFrom(0x94_94_94, 0x87_d7_87, 0xff_ff_00, 0x08_08_08, 0xee_ee_ee, 0x5f_00_00),
  },
);

/** What frames are made of: anything, or only what is the same on all terminals. */
interface Variety {
  readonly isEverywhereSame?: boolean;
}

function pieces({isEverywhereSame = false}: Variety): fc.Arbitrary<Piece> {
  const color = isEverywhereSame ? basicColor : anyColor;
  const doubtful = {weight: 1, arbitrary: fc.constantFrom(...unsure)};
  return fc.record({
    graphemes: fc.array(fc.oneof(...common, ...(isEverywhereSame ? [] : [doubtful])), {
      minLength: 1,
      maxLength: 12,
    }),
    style: fc.record({
      foreground: color,
      background: fc.oneof({weight: 3, arbitrary: fc.constant(undefined)}, {weight: 1, arbitrary: color}),
      bold: flag,
      dim: isEverywhereSame ? fc.constant(false) : flag,
      underline: flag,
      inverse: flag,
    }),
  });
}

/** Frames of a size, each made of the one before: rows shift, change and stay, as they do in an app. */
export function frameSequence(
  columns: number,
  rows: number,
  variety: Variety = {},
): fc.Arbitrary<TestFrame[]> {
  const piece = pieces(variety);
  const line = fc.array(piece, {maxLength: 4});
  const first = fc.array(line, {minLength: rows, maxLength: rows});
  const row = fc.nat({max: rows - 1});
  const change = fc.oneof(
    fc.record({row, line}).map(one => (lines: Piece[][]) => lines.with(one.row, one.line)),
    fc
      .record({row, piece, at: fc.nat({max: 3})})
      .map(
        one => (lines: Piece[][]) =>
          lines.with(one.row, (lines[one.row] ?? []).toSpliced(one.at, 1, one.piece)),
      ),
    fc
      .record({
        from: row,
        to: row,
        by: fc.integer({min: 1, max: rows - 1}),
        fresh: fc.array(line, {maxLength: rows}),
      })
      .map(({from, to, by, fresh}) => (lines: Piece[][]) => {
        const [top, bottom] = [Math.min(from, to), Math.max(from, to)];
        const region = lines.slice(top, bottom + 1);
        const shifted = [...region.slice(by), ...fresh, ...Array.from({length: rows}, () => [])];
        return lines.toSpliced(top, region.length, ...shifted.slice(0, region.length));
      }),
    fc
      .record({
        from: row,
        to: row,
        by: fc.integer({min: 1, max: rows - 1}),
        fresh: fc.array(line, {maxLength: rows}),
      })
      .map(({from, to, by, fresh}) => (lines: Piece[][]) => {
        const [top, bottom] = [Math.min(from, to), Math.max(from, to)];
        const region = lines.slice(top, bottom + 1);
        const above = [...fresh, ...Array.from({length: rows}, () => [])].slice(0, by);
        return lines.toSpliced(top, region.length, ...[...above, ...region].slice(0, region.length));
      }),
  );
  const steps = fc.array(fc.array(change, {minLength: 1, maxLength: 4}), {minLength: 1, maxLength: 6});
  return fc.record({first, steps}).map(({first: lines, steps: all}) => {
    const frames = [lines];
    for (const changes of all) {
      frames.push(changes.reduce((before, apply) => apply(before), frames.at(-1) ?? lines));
    }
    return frames.map(each => frameOf(each, columns));
  });
}

function frameOf(lines: readonly Piece[][], columns: number): TestFrame {
  const rows = lines.map(pieces => rowOf(pieces, columns));
  return {text: rows.map(({text}) => text).join('\n'), looks: rows.map(({looks}) => looks)};
}

/** A line cut to the columns, as Ink writes it: each style is opened and closed, spaces at the end are left out. */
function rowOf(pieces: readonly Piece[], columns: number): {text: string; looks: (Look | undefined)[]} {
  const looks: (Look | undefined)[] = [];
  let text = '';
  // Up to here an unsure character may reach on some terminal.
  let doubtful = 0;
  for (const {graphemes, style: pieceStyle} of pieces) {
    let written = '';
    for (const {text: each, width, isUnsure = false} of graphemes) {
      if (looks.length + width > columns) break;
      written += each;
      if (isUnsure) doubtful = looks.length + width;
      const isDoubtful = looks.length < doubtful;
      looks.push(isDoubtful ? undefined : seen({...pieceStyle, text: each}));
      if (width === 2) looks.push(isDoubtful ? undefined : seen({...pieceStyle, text: ''}));
    }
    text += styled(written, pieceStyle);
  }
  while (looks.length < columns) looks.push(seen({text: ' '}));
  return {text: text.trimEnd(), looks};
}

function styled(text: string, {foreground, background, bold, dim, underline, inverse}: Style): string {
  let out = text;
  const wrap = (open: string, close: string) => {
    out = `\u001B[${open}m${out}\u001B[${close}m`;
  };
  if (foreground !== undefined) wrap(colorCode(foreground, 30), '39');
  if (background !== undefined) wrap(colorCode(background, 40), '49');
  if (bold) wrap('1', '22');
  if (dim) wrap('2', '22');
  if (underline) wrap('4', '24');
  if (inverse) wrap('7', '27');
  return out;
}

function colorCode(color: number, base: 30 | 40): string {
  if (color < 8) return String(base + color);
  if (color < 16) return String(base + 60 + color - 8);
  if (color < 256) return `${base + 8};5;${color}`;
  return `${base + 8};2;${color >> 16};${(color >> 8) & 255};${color & 255}`;
}
