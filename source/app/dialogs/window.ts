import {type Line, line, span} from '../text/line.ts';

/** What of a dialog's lines can be seen. */
export interface DialogWindow {
  readonly lines: readonly Line[];
  /** How many of its lines are scrolled, and how many of these are in sight. */
  readonly length: number;
  readonly height: number;
}

/**
 * The lines of a dialog in `rows` rows, from line `top` on. What is decided stands below the last empty line and stays in sight; where
 * the room is short, what is above it scrolls.
 */
export function dialogWindow(lines: readonly Line[], rows: number, top: number): DialogWindow {
  if (lines.length <= rows) return {lines, length: lines.length, height: lines.length};
  const decided = lines.length - Math.max(0, lines.findLastIndex(spans => spans.length === 0) + 1);
  // One line at least is read, and one says which.
  const foot = Math.min(Math.max(1, decided), Math.max(1, rows - 2));
  const head = lines.slice(0, -foot);
  while (head.at(-1)?.length === 0) head.pop();
  const height = Math.max(1, rows - foot - 1);
  if (head.length <= height + 1)
    return {lines: [...head, ...lines.slice(-foot)], length: head.length, height};
  const first = Math.max(0, Math.min(top, head.length - height));
  const where = line(span(`  ${first + 1}-${first + height} of ${head.length}, j k scroll`, 'dim'));
  return {
    lines: [...head.slice(first, first + height), where, ...lines.slice(-foot)],
    length: head.length,
    height,
  };
}
