// Pictures for README: what is on a headless terminal's screen, as SVG with a place for every run of cells.
import type {IBufferCell, Terminal} from '@xterm/headless';

/** How the picture looks. */
export interface FrameStyle {
  /** Written into the title bar; '' leaves the bar out. */
  title?: string;
  fontSize?: number;
}

const background = '#1d2026';
const foreground = '#d7dae0';
// The sixteen colours of terminals, in tones that can be read on the background.
const palette = [
  '#3b4048',
  '#e06c75',
  '#98c379',
  '#e5c07b',
  '#61afef',
  '#c678dd',
  '#56b6c2',
  '#d7dae0',
  '#7f848e',
  '#f07178',
  '#b5e890',
  '#ffd68a',
  '#82c4ff',
  '#e09bf5',
  '#7fdbe8',
  '#ffffff',
];

/** A moment of a recording: what was on the screen, and for how long (ms). */
export interface Moment {
  readonly cells: string;
  readonly ms: number;
}

/** The terminal's screen as an SVG document. */
export function frameToSvg(terminal: Terminal, style: FrameStyle = {}): string {
  return documentOf(terminal, style, frameCells(terminal, style));
}

/** A recording as one SVG document that plays for ever, each moment after the other; all of one terminal's size. */
export function recordingToSvg(
  terminal: Pick<Terminal, 'cols' | 'rows'>,
  moments: readonly Moment[],
  style: FrameStyle = {},
): string {
  const total = moments.reduce((sum, {ms}) => sum + ms, 0);
  const percent = (ms: number) => `${round((ms / total) * 100)}%`;
  const rules: string[] = [];
  const groups: string[] = [];
  let from = 0;
  for (const [index, {cells, ms}] of moments.entries()) {
    const until = from + ms;
    const before = from === 0 ? '' : '0%{visibility:hidden}';
    const after = until >= total ? '' : `${percent(until)}{visibility:hidden}`;
    rules.push(`@keyframes m${index}{${before}${percent(from)}{visibility:visible}${after}}`);
    // Where nothing is animated the first moment stands.
    const first = index === 0 ? 'visible' : 'hidden';
    rules.push(`.m${index}{visibility:${first};animation:m${index} ${total / 1000}s step-end infinite}`);
    groups.push(`<g class="m${index}">`, cells, '</g>');
    from = until;
  }
  return documentOf(terminal, style, [`<style>${rules.join('')}</style>`, ...groups].join('\n'));
}

/** What is on the terminal's screen, as elements of an SVG document of this style. */
export function frameCells(terminal: Terminal, style: FrameStyle = {}): string {
  const {fontSize, cell, bar, margin} = measures(style);
  const buffer = terminal.buffer.active;
  const parts: string[] = [];
  for (let row = 0; row < terminal.rows; row += 1) {
    const y = bar + margin + row * cell.height;
    for (const run of runsOf(terminal, buffer.baseY + row)) {
      const x = margin + run.from * cell.width;
      const runWidth = run.columns * cell.width;
      if (run.background !== null) {
        parts.push(
          `<rect x="${round(x)}" y="${round(y)}" width="${round(runWidth)}" height="${round(cell.height)}" fill="${run.background}"/>`,
        );
      }
      const weight =
        (run.bold ? ' font-weight="bold"' : '') + (run.underline ? ' text-decoration="underline"' : '');
      const words = run.text.trim();
      if (words === '') continue;
      // A run has its place and its length: columns stay columns in whatever font the reader has.
      const before = run.text.length - run.text.trimStart().length;
      const columns = run.columns - (run.text.length - words.length);
      const fill = run.foreground === foreground ? '' : ` fill="${run.foreground}"`;
      const place = `x="${round(x + before * cell.width)}" y="${round(y + fontSize)}"`;
      const length = `textLength="${round(columns * cell.width)}"`;
      parts.push(`<text ${place} ${length}${fill}${weight}>${escapeXml(words)}</text>`);
    }
  }
  return parts.join('\n');
}

function measures({title = '', fontSize = 14}: FrameStyle) {
  return {
    title,
    fontSize,
    cell: {width: fontSize * 0.6, height: fontSize * 1.2},
    bar: title === '' ? 0 : fontSize * 2,
    margin: fontSize * 0.8,
  };
}

function documentOf(terminal: Pick<Terminal, 'cols' | 'rows'>, style: FrameStyle, content: string): string {
  const {title, fontSize, cell, bar, margin} = measures(style);
  const width = round(terminal.cols * cell.width + 2 * margin);
  const height = round(terminal.rows * cell.height + 2 * margin + bar);
  const dots = ['#e06c75', '#e5c07b', '#98c379']
    .map(
      (color, index) =>
        `<circle cx="${round(margin + fontSize * (0.5 + index * 1.3))}" cy="${fontSize * 1.1}" r="${fontSize * 0.36}" fill="${color}"/>`,
    )
    .join('');
  const heading = `${dots}<text x="${round(Number(width) / 2)}" y="${fontSize * 1.4}" fill="#7f848e" text-anchor="middle">${escapeXml(title)}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="'DejaVu Sans Mono', ui-monospace, Menlo, Consolas, monospace" font-size="${fontSize}" fill="${foreground}" xml:space="preserve">`,
    `<rect width="100%" height="100%" rx="${fontSize * 0.6}" fill="${background}"/>`,
    ...(bar === 0 ? [] : [heading]),
    content,
    '</svg>\n',
  ].join('\n');
}

interface Run {
  from: number;
  columns: number;
  text: string;
  foreground: string;
  background: string | null;
  bold: boolean;
  underline: boolean;
}

/** The cells of a row, those that look alike together. A run never holds more than one wide character. */
function runsOf(terminal: Terminal, row: number): Run[] {
  const bufferLine = terminal.buffer.active.getLine(row);
  const runs: Run[] = [];
  if (bufferLine === undefined) return runs;
  for (let column = 0; column < terminal.cols; column += 1) {
    const cell = bufferLine.getCell(column);
    if (cell === undefined || cell.getWidth() === 0) continue;
    const look = lookOf(cell);
    const text = cell.getChars() === '' ? ' ' : cell.getChars();
    const last = runs.at(-1);
    const fits =
      last !== undefined &&
      cell.getWidth() === 1 &&
      last.columns === last.text.length &&
      last.background === look.background &&
      last.underline === look.underline &&
      // A space looks the same in any colour.
      (text === ' ' || (last.foreground === look.foreground && last.bold === look.bold));
    if (fits) {
      last.text += text;
      last.columns += 1;
    } else {
      runs.push({...look, from: column, columns: cell.getWidth(), text});
    }
  }
  return runs;
}

function lookOf(cell: IBufferCell): {
  foreground: string;
  background: string | null;
  bold: boolean;
  underline: boolean;
} {
  const front = colorOf(cell.isFgRGB(), cell.isFgPalette(), cell.getFgColor()) ?? foreground;
  const back = colorOf(cell.isBgRGB(), cell.isBgPalette(), cell.getBgColor());
  const bold = cell.isBold() !== 0;
  const underline = cell.isUnderline() !== 0;
  if (cell.isInverse() !== 0) return {foreground: back ?? background, background: front, bold, underline};
  return {foreground: cell.isDim() !== 0 ? '#7f848e' : front, background: back, bold, underline};
}

function colorOf(isRgb: boolean, isPalette: boolean, value: number): string | null {
  if (isRgb) return `#${value.toString(16).padStart(6, '0')}`;
  if (!isPalette) return null;
  if (value < 16) return palette[value] ?? null;
  if (value >= 232) {
    const grey = (8 + (value - 232) * 10).toString(16).padStart(2, '0');
    return `#${grey.repeat(3)}`;
  }
  const levels = [0, 95, 135, 175, 215, 255];
  const index = value - 16;
  const parts = [Math.floor(index / 36), Math.floor(index / 6) % 6, index % 6];
  return `#${parts.map(part => (levels[part] ?? 0).toString(16).padStart(2, '0')).join('')}`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}
