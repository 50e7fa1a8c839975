/** A list on the screen: what is chosen, by key, so that it stays on its object when the list changes. */
export interface ListState {
  /** Key of the chosen item; null before there was one. */
  readonly key: string | null;
  /** Where it was last seen: the place to fall back to when it is gone. */
  readonly index: number;
  /** The first visible row. */
  readonly top: number;
  /** What is to be chosen as soon as it is there, unless the user moves before: the last session's choice. */
  readonly wanted?: string;
}

export const emptyList: ListState = {key: null, index: 0, top: 0};

/** How far to move. */
export type Step = number | 'first' | 'last' | 'page-up' | 'page-down' | 'half-up' | 'half-down';

/** Where the chosen item is now: by its key, else where it was. -1 in an empty list. */
export function chosenIndex(list: ListState, keys: readonly string[]): number {
  if (keys.length === 0) return -1;
  if (list.key !== null) {
    // The common case is that nothing moved.
    if (keys[list.index] === list.key) return list.index;
    const found = keys.indexOf(list.key);
    if (found >= 0) return found;
  }
  return Math.min(list.index, keys.length - 1);
}

/** The list after a step; `height` is the number of visible rows. */
export function step(list: ListState, by: Step, keys: readonly string[], height: number): ListState {
  const index = chosenIndex(list, keys);
  if (index < 0) return emptyList;
  return choose(list, target(index, by, keys.length, height), keys, height);
}

/** The list with the item at `index` chosen and visible. */
export function choose(list: ListState, index: number, keys: readonly string[], height: number): ListState {
  const kept = Math.max(0, Math.min(index, keys.length - 1));
  return {key: keys[kept] ?? null, index: kept, top: visibleTop(list.top, kept, keys.length, height)};
}

/** The list on its object again after its items changed. */
export function settle(list: ListState, keys: readonly string[], height: number): ListState {
  const {wanted} = list;
  const found = wanted === undefined ? -1 : keys.indexOf(wanted);
  if (found >= 0) return choose(list, found, keys, height);
  const index = chosenIndex(list, keys);
  if (index < 0) return list;
  const settled = choose(list, index, keys, height);
  if (settled.key === list.key && settled.index === list.index && settled.top === list.top) return list;
  return wanted === undefined ? settled : {...settled, wanted};
}

/** The first visible row: as it was while the chosen one is in sight, else half a page on. */
export function visibleTop(top: number, index: number, length: number, height: number): number {
  const last = Math.max(0, length - height);
  const half = Math.max(1, Math.floor(height / 2));
  let first = top;
  if (index < first) first = Math.abs(first - index) > height ? index - half : Math.min(index, first - half);
  if (index >= first + height)
    first = index - first >= 2 * height ? index - half : Math.max(index - height + 1, first + half);
  return Math.max(0, Math.min(first, last));
}

/** The first line of a text after a step through it. */
export function scroll(top: number, by: Step, length: number, height: number): number {
  const last = Math.max(0, length - height);
  return Math.max(0, Math.min(target(Math.min(top, last), by, last + 1, height), last));
}

function target(from: number, by: Step, length: number, height: number): number {
  const half = Math.max(1, Math.floor(height / 2));
  const page = Math.max(1, height - 1);
  switch (by) {
    case 'first':
      return 0;
    case 'last':
      return length - 1;
    case 'page-up':
      return from - page;
    case 'page-down':
      return from + page;
    case 'half-up':
      return from - half;
    case 'half-down':
      return from + half;
    default:
      return from + by;
  }
}
