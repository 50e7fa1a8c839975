import type {ListAction} from '../actions.ts';
import {inputOf} from '../input-line.ts';
import {choose, chosenIndex} from './list.ts';
import type {ListRules, ListView, Shown} from './listing.ts';

/** The view of a flat list after one of the keys that all lists have. `height` is the number of visible rows. */
export function reduceView<V extends ListView, T extends object>(
  view: V,
  rules: ListRules<T>,
  shown: Shown<T>,
  action: Exclude<ListAction, {type: 'sort'}>,
  height: number,
): V {
  const index = chosenIndex(view.list, shown.keys);
  switch (action.type) {
    case 'filter':
      return {...view, typing: inputOf(view.filter)};
    case 'filter-type':
      return {...view, typing: action.line, filter: action.line.text};
    case 'filter-done':
      return {...view, typing: null};
    case 'filter-clear':
      return {...view, typing: null, filter: ''};
    case 'drift-only':
      return rules.isDrift === undefined ? view : {...view, driftOnly: !view.driftOnly};
    case 'next-drift': {
      const next = nextStop(shown.items, index, action.by, item => rules.isDrift?.(item) === true);
      return next < 0 ? view : {...view, list: choose(view.list, next, shown.keys, height)};
    }
    case 'range': {
      const key = shown.keys[index];
      if (key === undefined || rules.canMark === undefined) return view;
      return view.rangeFrom === null ? {...view, rangeFrom: key} : mark(view, rules, shown, index);
    }
    case 'mark':
      return mark(view, rules, shown, index);
    case 'mark-all':
      return markAll(view, rules, shown);
  }
}

/** Where a range reaches: its first and last row; null where none is begun, or its beginning is gone. */
export function rangeOf(
  {rangeFrom, list}: ListView,
  keys: readonly string[],
): {first: number; last: number} | null {
  if (rangeFrom === null) return null;
  const from = keys.indexOf(rangeFrom);
  const chosen = chosenIndex(list, keys);
  return from < 0 || chosen < 0 ? null : {first: Math.min(from, chosen), last: Math.max(from, chosen)};
}

/** The next row that is a stop, around the end; -1 where there is none. */
export function nextStop<T>(
  items: readonly T[],
  from: number,
  by: 1 | -1,
  isStop: (item: T) => boolean,
): number {
  for (let moved = 1; moved <= items.length; moved += 1) {
    const index = (from + by * moved + items.length * moved) % items.length;
    const item = items[index];
    if (item !== undefined && isStop(item)) return index;
  }
  return -1;
}

/** A range adds; one row goes back and forth. */
function mark<V extends ListView, T extends object>(
  view: V,
  rules: ListRules<T>,
  {items, keys}: Shown<T>,
  index: number,
): V {
  if (index < 0) return view;
  const range = rangeOf(view, keys);
  const {first, last} = range ?? {first: index, last: index};
  const marked = new Set(view.marked);
  for (let at = first; at <= last; at += 1) {
    const [item, key] = [items[at], keys[at]];
    if (item === undefined || key === undefined || rules.canMark?.(item) !== true) continue;
    if (range !== null && rules.inRange?.(item) === false) continue;
    if (range !== null || !marked.delete(key)) marked.add(key);
  }
  return {...view, marked, rangeFrom: null};
}

function markAll<V extends ListView, T extends object>(
  view: V,
  rules: ListRules<T>,
  {items, keys}: Shown<T>,
): V {
  const wanted = keys.filter((_, index) => {
    const item = items[index];
    if (item === undefined || rules.canMark?.(item) !== true) return false;
    return rules.isWanted?.(item) ?? rules.isDrift?.(item) ?? true;
  });
  const allMarked = wanted.length > 0 && wanted.every(key => view.marked.has(key));
  return {...view, rangeFrom: null, marked: allMarked ? new Set() : new Set([...view.marked, ...wanted])};
}
