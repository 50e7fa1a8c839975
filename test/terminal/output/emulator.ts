import assert from 'node:assert/strict';
import xterm from '@xterm/headless';

/** How one column of a terminal should look. */
export interface Look {
  /** '' in the second column of a wide character. */
  readonly text: string;
  /** Palette index or 0xRRGGBB; undefined for the terminal's own. */
  readonly foreground?: number | undefined;
  readonly background?: number | undefined;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly underline?: boolean;
  readonly inverse?: boolean;
}

/** A terminal emulator that takes what is written to it at once. */
export class Emulator {
  readonly #terminal: xterm.Terminal;

  constructor(columns: number, rows: number) {
    this.#terminal = new xterm.Terminal({cols: columns, rows, allowProposedApi: true, scrollback: 0});
  }

  write(text: string): Promise<void> {
    return new Promise(resolve => this.#terminal.write(text, resolve));
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
  }

  get isAlternate(): boolean {
    return this.#terminal.buffer.active.type === 'alternate';
  }

  look(row: number, column: number): Look {
    return lookOf(this.#terminal, row, column);
  }

  /** The rows as text, without spaces at their ends. */
  text(): string[] {
    const {active} = this.#terminal.buffer;
    return Array.from({length: this.#terminal.rows}, (_, row) =>
      (active.getLine(active.baseY + row)?.translateToString(true) ?? '').trimEnd(),
    );
  }
}

/** What a column of an emulator shows; of a space only what can be seen. */
export function lookOf(terminal: xterm.Terminal, row: number, column: number): Look {
  const {active} = terminal.buffer;
  const cell = active.getLine(active.baseY + row)?.getCell(column);
  assert.ok(cell !== undefined);
  return seen({
    text: cell.getWidth() === 0 ? '' : cell.getChars() || ' ',
    foreground: cell.isFgDefault() ? undefined : cell.getFgColor(),
    background: cell.isBgDefault() ? undefined : cell.getBgColor(),
    bold: cell.isBold() !== 0,
    dim: cell.isDim() !== 0,
    underline: cell.isUnderline() !== 0,
    inverse: cell.isInverse() !== 0,
  });
}

/** A look without what nobody can see: the colour of a space, unless it is underlined or inverse. */
export function seen({text, foreground, background, bold, dim, underline, inverse}: Look): Look {
  const isBlank = text === ' ';
  const isColorSeen = !isBlank || underline === true || inverse === true;
  return {
    text,
    foreground: isColorSeen ? trueColor(foreground) : undefined,
    background: trueColor(background),
    bold: !isBlank && bold === true,
    dim: !isBlank && dim === true,
    underline: underline === true,
    inverse: inverse === true,
  };
}

/** One of xterm's 256 colours as the true colour that it is; the first sixteen are each terminal's own. */
function trueColor(color: number | undefined): number | undefined {
  if (color === undefined || color < 16 || color > 255) return color;
  if (color >= 232) return (8 + 10 * (color - 232)) * 0x01_01_01;
  const steps = [0, 95, 135, 175, 215, 255];
  const step = (place: number) => steps[Math.floor((color - 16) / place) % 6] ?? 0;
  return (step(36) << 16) + (step(6) << 8) + step(1);
}
