import type {Tone} from './line.ts';

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
  corners: readonly [string, string, string, string];
  horizontal: string;
  vertical: string;
}

/** How a tone is drawn. Names are Ink's. */
export interface Paint {
  color?: string;
  backgroundColor?: string;
  bold?: boolean;
  dimColor?: boolean;
  inverse?: boolean;
}

/** How the app looks on this terminal. */
export interface Look {
  glyphs: Glyphs;
  color: boolean;
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
  corners: ['╭', '╮', '╰', '╯'],
  horizontal: '─',
  vertical: '│',
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
  corners: ['+', '+', '+', '+'],
  horizontal: '-',
  vertical: '|',
};

const paints: Record<Tone, Paint> = {
  plain: {},
  dim: {color: 'gray'},
  strong: {bold: true},
  good: {color: 'green'},
  drift: {color: 'yellow'},
  bad: {color: 'red'},
  busy: {color: 'cyan'},
  added: {color: 'green'},
  removed: {color: 'red'},
  alarm: {color: 'white', backgroundColor: 'red', bold: true},
  cursor: {inverse: true},
};

/** The look that the user asked for. */
export function lookOf(options: {ascii: boolean; color: boolean}): Look {
  return {glyphs: options.ascii ? ascii : unicode, color: options.color};
}

/** What turns while something is waited for, at a frame of the clock. */
export function spinnerOf({spinner}: Pick<Glyphs, 'spinner'>, frame: number): string {
  return spinner[frame % spinner.length] ?? '';
}

/** How a tone is drawn; without colour only weight and the cursor are left, and every status says itself in words anyway. */
export function paintOf(tone: Tone, look: Look): Paint {
  if (look.color) return paints[tone];
  const {bold = false, inverse = false} = paints[tone];
  return {...(bold ? {bold} : {}), ...(inverse ? {inverse} : {})};
}
