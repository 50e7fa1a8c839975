import {type FieldPath, formatPath} from '../../resources/field-path.ts';
import {clipMiddle, widthOf} from './width.ts';

/** A field's path on at most `columns`: steps in its middle give way first, `spec..containers[name=api].image`. */
export function shortPath(path: FieldPath, whole: string, columns: number, ellipsis: string): string {
  if (widthOf(whole) <= columns) return whole;
  const [first] = path;
  for (let from = 2; first !== undefined && from < path.length; from += 1) {
    // A step into a list says nothing without the list's name.
    if (path[from]?.type !== 'field') continue;
    const text = `${formatPath([first])}..${formatPath(path.slice(from))}`;
    if (widthOf(text) <= columns) return text;
  }
  return clipMiddle(whole, columns, ellipsis);
}

const separators = /[/:@=,\s]/;

/**
 * Two values side by side on at most `columns`: where they are too long, what they have in common at their start gives
 * way, up to a separator, so that `registry/app:v1` and `registry/app:v2` differ where they differ.
 */
export function shortPair(
  before: string,
  after: string,
  columns: number,
  ellipsis: string,
): readonly [string, string] {
  if (widthOf(before) + widthOf(after) <= columns) return [before, after];
  const cut = commonStart(before, after);
  const first = cut === 0 ? before : ellipsis + before.slice(cut);
  const second = cut === 0 ? after : ellipsis + after.slice(cut);
  const half = Math.floor(columns / 2);
  const room = Math.max(half, columns - widthOf(second));
  const shortFirst = clipMiddle(first, room, ellipsis);
  return [shortFirst, clipMiddle(second, columns - widthOf(shortFirst), ellipsis)];
}

function commonStart(a: string, b: string): number {
  let cut = 0;
  for (let index = 0; index < Math.min(a.length, b.length) && a[index] === b[index]; index += 1) {
    if (separators.test(a[index] ?? '')) cut = index + 1;
  }
  return cut;
}
