import type {ThemeName} from '../../preferences/types.ts';
import {type ColorDepth, colorParameters} from './color.ts';
import type {Ground, Line, Tone} from './line.ts';
import {paletteOf} from './themes/palettes.ts';
import {plainPalette} from './themes/plain.ts';
import type {GroundPaint, Paint, Shade} from './themes/theme.ts';

/** The glyphs of one set. All take one column. */
export interface Glyphs {
  synced: string;
  modified: string;
  missing: string;
  extra: string;
  unknown: string;
  failed: string;
  live: string;
  arrow: string;
  fold: string;
  unfold: string;
  ellipsis: string;
  chosen: string;
  spinner: readonly string[];
  up: string;
  down: string;
  times: string;
  /** In place of lines that are left out. */
  gap: string;
  /** A tab that matters. Two columns, as tabs are everywhere on the screen. */
  tab: string;
  corners: readonly [string, string, string, string];
  horizontal: string;
  vertical: string;
  thumb: string;
}

/** What is written before and after a piece of text, so that it looks as it should. */
export interface Sgr {
  readonly open: string;
  readonly close: string;
}

/** How the app looks on this terminal. */
export interface Look {
  readonly glyphs: Glyphs;
  /** How a tone is drawn on what lies under it. */
  sgr(tone: Tone, ground?: Ground): Sgr;
}

const unicode: Glyphs = {
  synced: '✓',
  modified: '~',
  missing: '+',
  extra: '-',
  unknown: '?',
  failed: 'x',
  live: '●',
  arrow: '→',
  fold: '>',
  unfold: 'v',
  ellipsis: '…',
  chosen: '•',
  spinner: ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'],
  up: '↑',
  down: '↓',
  times: '·',
  gap: '…',
  tab: '→ ',
  corners: ['╭', '╮', '╰', '╯'],
  horizontal: '─',
  vertical: '│',
  thumb: '█',
};

const ascii: Glyphs = {
  ...unicode,
  synced: '=',
  live: '*',
  arrow: '->',
  ellipsis: '~',
  chosen: 'o',
  spinner: ['|', '/', '-', '\\'],
  up: '^',
  down: 'v',
  times: '.',
  gap: '..',
  tab: '> ',
  corners: ['+', '+', '+', '+'],
  horizontal: '-',
  vertical: '|',
  thumb: '#',
};

/** What the user and the terminal want of the app's look. */
export interface LookOptions {
  readonly ascii: boolean;
  /** Colours that the terminal has; false for none. */
  readonly color: ColorDepth | false;
  readonly theme?: ThemeName;
  /** The terminal's background. */
  readonly shade?: Shade;
}

/** The look that the user asked for. */
export function lookOf(options: LookOptions): Look {
  const {theme = 'auto', shade = 'dark'} = options;
  const depth = options.color === false ? 'none' : options.color;
  const palette = depth === 'none' ? plainPalette : paletteOf(theme, shade);
  const tones = depth === '16' ? palette.basic.tones : palette.tones;
  const grounds =
    depth === '16' ? palette.basic.grounds : depth === '256' ? palette.grounds256 : palette.grounds;
  const known = new Map<string, Sgr>();
  return {
    glyphs: options.ascii ? ascii : unicode,
    sgr(tone, ground) {
      const name = ground === undefined ? tone : `${tone} ${ground}`;
      let made = known.get(name);
      if (made === undefined) {
        made = sgrOf(ground === undefined ? tones[tone] : onGround(tones[tone], grounds[ground]), depth);
        known.set(name, made);
      }
      return made;
    },
  };
}

/** A line as the terminal takes it. */
export function drawn(spans: Line, look: Look): string {
  let text = '';
  for (const {text: piece, tone, ground} of spans) {
    const {open, close} = look.sgr(tone, ground);
    text += open + piece + close;
  }
  return text;
}

/** What turns while something is waited for, at a frame of the clock; a space below 0, while it is not worth a sign yet. */
export function spinnerOf({spinner}: Pick<Glyphs, 'spinner'>, frame: number): string {
  return frame < 0 ? ' ' : (spinner[frame % spinner.length] ?? '');
}

function onGround(tone: Paint, ground: GroundPaint): Paint {
  const {over, ...under} = ground;
  if (tone.background !== undefined && over !== true) return tone;
  const color = over === true ? (ground.color ?? tone.color) : (tone.color ?? ground.color);
  // Faint text on a ground of its own would be hard to read.
  const {faint: _, ...rest} = tone;
  return {...rest, ...under, ...(color === undefined ? {} : {color})};
}

// Bold and faint are ended by the same parameter (ECMA-48, 22).
function sgrOf(paint: Paint, depth: ColorDepth): Sgr {
  const attributes: (readonly [string, string])[] = [];
  if (paint.bold === true) attributes.push(['1', '22']);
  if (paint.faint === true && paint.bold !== true) attributes.push(['2', '22']);
  if (paint.underline === true) attributes.push(['4', '24']);
  if (paint.inverse === true) attributes.push(['7', '27']);
  const color = paint.color === undefined ? '' : colorParameters(paint.color, depth, false);
  const background = paint.background === undefined ? '' : colorParameters(paint.background, depth, true);
  if (color !== '') attributes.push([color, '39']);
  if (background !== '') attributes.push([background, '49']);
  return {
    open: attributes.map(([on]) => `\u001B[${on}m`).join(''),
    close: attributes
      .map(([, off]) => `\u001B[${off}m`)
      .reverse()
      .join(''),
  };
}
