import {type FieldPath, formatPath} from '../../resources/field-path.ts';
import {maskDigits} from '../../secrets/mask.ts';
import {clipEnd, clipMiddle, widthOf} from './width.ts';

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

/**
 * An image's name on at most `columns`: the registry and the folders give way first, then the name's middle; its tag (or
 * the end of its digest) stays as long as there is any room, for that is what differs.
 */
export function clipImage(image: string, columns: number, ellipsis: string): string {
  if (widthOf(image) <= columns) return image;
  const slash = image.lastIndexOf('/');
  const room = columns - widthOf(image.slice(slash));
  if (slash >= 0 && room >= widthOf(ellipsis)) {
    const before = room < 4 ? ellipsis : clipMiddle(image.slice(0, slash), room, ellipsis);
    return before + image.slice(slash);
  }
  const [, name = image, tag = ''] = /^([^:@]*)([:@].*)?$/s.exec(image.slice(slash + 1)) ?? [];
  const left = columns - widthOf(tag);
  if (tag === '' || left < 6) return clipMiddle(image.slice(slash + 1), columns, ellipsis);
  return clipMiddle(name, left, ellipsis) + tag;
}

const separators = /[/:@=,\s]/;

/** A value on at most `columns`. A fingerprint loses no digit, as two that are cut short may look alike. */
export function clipValue(text: string, columns: number, ellipsis: string): string {
  return widthOf(text) <= columns ? text : (maskDigits(text) ?? clipMiddle(text, columns, ellipsis));
}

/**
 * Two values side by side on at most `columns`: where they are too long, what they have in common at their start gives
 * way, up to a separator, so that `registry/app:v1` and `registry/app:v2` differ where they differ. Values that differ
 * never look alike.
 */
export function shortPair(
  before: string,
  after: string,
  columns: number,
  ellipsis: string,
): readonly [string, string] {
  if (widthOf(before) + widthOf(after) <= columns) return [before, after];
  const digits = [maskDigits(before), maskDigits(after)] as const;
  if (digits[0] !== undefined && digits[1] !== undefined) {
    // A star as long as there is room: bare digits could be taken for the value.
    const star = widthOf(digits[0]) + widthOf(digits[1]) + 2 <= columns ? '*' : '';
    return [star + digits[0], star + digits[1]];
  }
  const cut = commonStart(before, after);
  const first = cut === 0 ? before : ellipsis + before.slice(cut);
  const second = cut === 0 ? after : ellipsis + after.slice(cut);
  const half = Math.floor(columns / 2);
  const room = Math.max(half, columns - widthOf(second));
  const shortFirst = clipMiddle(first, room, ellipsis);
  const shortSecond = clipMiddle(second, columns - widthOf(shortFirst), ellipsis);
  if (shortFirst !== shortSecond || before === after) return [shortFirst, shortSecond];
  const at = firstDifference(before, after);
  const from = (text: string) => clipEnd(ellipsis + text.slice(at), half, ellipsis);
  return [from(before), from(after)];
}

function firstDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}

function commonStart(a: string, b: string): number {
  let cut = 0;
  for (let index = 0; index < Math.min(a.length, b.length) && a[index] === b[index]; index += 1) {
    if (separators.test(a[index] ?? '')) cut = index + 1;
  }
  return cut;
}
