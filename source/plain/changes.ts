import type {ShownText} from './screens/shown.ts';

/** The rows of a screen by number. */
export function numbered({rows}: ShownText): string[] {
  return rows.flatMap(({text, above = []}, index) => [...above, `${index + 1}. ${text}`]);
}

/** All that is printed of a screen, its detail aside. */
export function wholeText(text: ShownText): string[] {
  return [...text.head, ...numbered(text), ...text.foot];
}

/** What a command changed in what a screen says: rows, or all of it where there are other rows now. */
export function changedText(before: ShownText, after: ShownText): {rows: boolean; lines: string[]} {
  const isSame =
    before.rows.length === after.rows.length &&
    before.rows.every(({key}, index) => after.rows[index]?.key === key);
  if (!isSame) return {rows: true, lines: wholeText(after)};
  const was = new Set([...wholeText(before), ...before.detail]);
  return {rows: false, lines: [...wholeText(after), ...after.detail].filter(text => !was.has(text))};
}
