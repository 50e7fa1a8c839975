import type {InputLine} from '../input-line.ts';
import {type Fields, Finder} from './filter.ts';
import {chosenIndex, emptyList, type ListState} from './list.ts';

/** How a list is looked at: what of it is shown, in which order, and what of it is marked. */
export interface ListView {
  readonly list: ListState;
  /** Words by which it is filtered; '' shows all. */
  readonly filter: string;
  /** The line in which the filter is being typed; null while it is not. */
  readonly typing: InputLine | null;
  /** Name of the order; '' is the list's first one. */
  readonly sort: string;
  /** Only what needs a look. */
  readonly driftOnly: boolean;
  /** Keys of what is marked. They outlive a refresh and a filter that hides them. */
  readonly marked: ReadonlySet<string>;
  /** Key of the row where a range began. */
  readonly rangeFrom: string | null;
}

/** A list as it is when its screen opens. */
export const freshView: ListView = {
  list: emptyList,
  filter: '',
  typing: null,
  sort: '',
  driftOnly: false,
  marked: new Set(),
  rangeFrom: null,
};

/** An order of a list. */
export interface Order<T> {
  readonly by: string;
  /** Which way it goes, as the border says it; of the order as it is listed, none. */
  readonly way?: 'up' | 'down';
  /** By which the items are ordered, the smallest first, null last; without it as they are listed. */
  key?(item: T): string | number | null;
  /** The order of those whose key is the same; by default as they are listed. */
  readonly ties?: string;
}

/** What the keys of a list do with its items. */
export interface ListRules<T> {
  /** True for what needs a look: `n` stops there, `.` shows only that. */
  isDrift?(item: T): boolean;
  /** What `space` may mark: true, or why not. Without it nothing is done to several at once. */
  canMark?(item: T): true | string;
  /** What a range marks of that; by default all. */
  inRange?(item: T): boolean;
  /** What `*` marks of that; by default what needs a look. */
  isWanted?(item: T): boolean;
}

/** A list, declared once for all of its keys. */
export interface Listing<T extends object> extends ListRules<T> {
  key(item: T): string;
  readonly fields: Fields<T>;
  /** The first one is the list's own. */
  readonly orders: readonly [Order<T>, ...Order<T>[]];
}

/** The items of a list as they are shown. */
export interface Shown<T> {
  readonly items: readonly T[];
  readonly keys: readonly string[];
  /** How many there are without the filter. */
  readonly total: number;
  readonly order: Order<T>;
}

/** A listing at work: what it shows of some items is put together once, until the items or the view change. */
export class Arranger<T extends object> {
  readonly listing: Listing<T>;
  readonly #finder: Finder<T>;
  readonly #known = new WeakMap<readonly T[], {view: string; shown: Shown<T>}>();
  readonly #sorted = new WeakMap<readonly T[], Map<string, readonly T[]>>();

  constructor(listing: Listing<T>) {
    this.listing = listing;
    this.#finder = new Finder(listing.fields);
  }

  /** Names of the fields that a filter knows. */
  get fields(): readonly string[] {
    return this.#finder.names;
  }

  /** The test of a filter; null where all match. */
  test(filter: string): ((item: T) => boolean) | null {
    return this.#finder.test(filter);
  }

  /** What is shown of the items. */
  shown(
    items: readonly T[],
    {filter, sort, driftOnly}: Pick<ListView, 'filter' | 'sort' | 'driftOnly'>,
  ): Shown<T> {
    const view = `${driftOnly} ${sort}\n${filter}`;
    const known = this.#known.get(items);
    if (known?.view === view) return known.shown;
    const shown = this.#arrange(items, filter, sort, driftOnly);
    this.#known.set(items, {view, shown});
    return shown;
  }

  /** The order that comes after this one. */
  nextOrder(sort: string): string {
    const {orders} = this.listing;
    return orders[(orders.indexOf(this.#order(sort)) + 1) % orders.length]?.by ?? '';
  }

  #order(sort: string): Order<T> {
    const {orders} = this.listing;
    return orders.find(({by}) => by === sort) ?? orders[0];
  }

  #arrange(items: readonly T[], filter: string, sort: string, driftOnly: boolean): Shown<T> {
    const {listing} = this;
    const order = this.#order(sort);
    const test = this.test(filter);
    const isDrift = driftOnly ? listing.isDrift : undefined;
    const sorted = this.#inOrder(items, order);
    const found =
      test === null && isDrift === undefined
        ? sorted
        : sorted.filter(item => (isDrift?.(item) ?? true) && (test?.(item) ?? true));
    return {items: found, keys: found.map(item => listing.key(item)), total: items.length, order};
  }

  /** All of the items in an order: a filter keeps it, so that no key that is typed sorts again. */
  #inOrder(items: readonly T[], {by, key, ties}: Order<T>): readonly T[] {
    if (key === undefined) return items;
    let known = this.#sorted.get(items);
    if (known === undefined) {
      known = new Map();
      this.#sorted.set(items, known);
    }
    let sorted = known.get(by);
    if (sorted === undefined) {
      const base = ties === undefined ? items : this.#inOrder(items, this.#order(ties));
      sorted = base
        .map(item => ({item, key: key(item)}))
        .sort((a, b) => compareKeys(a.key, b.key))
        .map(({item}) => item);
      known.set(by, sorted);
    }
    return sorted;
  }
}

/** The chosen item of a list; undefined in an empty one. */
export function chosenOf<T>({list}: ListView, {items, keys}: Shown<T>): T | undefined {
  return items[chosenIndex(list, keys)];
}

/** How many of the marked ones are not in sight because of the filter. */
export function hiddenMarks({marked}: ListView, keys: readonly string[]): number {
  if (marked.size === 0) return 0;
  let seen = 0;
  for (const key of keys) if (marked.has(key)) seen += 1;
  return marked.size - seen;
}

function compareKeys(a: string | number | null, b: string | number | null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  return a < b ? -1 : 1;
}

/** A time as a key that has the latest one first; null where it is none. */
export function latestFirst(time: string | null | undefined): number | null {
  const ms = Date.parse(time ?? '');
  return Number.isNaN(ms) ? null : -ms;
}
