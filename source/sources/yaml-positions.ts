import {EVENT_ID, type Event, parseEvents, type ScalarEvent} from 'js-yaml';
import type {FieldPath, PathElement} from '../resources/field-path.ts';
import {indexOfElement} from '../resources/field-path.ts';
import {equalJson, isObject, type Json, type JsonObject} from '../resources/json.ts';
import {eventStart, isMergeKey, scalarKey} from './yaml-value.ts';

/**
 * The offset in a document's text at which a path is set: that of the key, or of the list's item; undefined where the
 * document does not set it. `value` is what the text was read as: list items are found in it by their keys.
 */
export function offsetOf(text: string, value: Json, path: FieldPath): number | undefined {
  return new Finder(text, parseEvents(text, {maxDepth: 1000})).find(value, path);
}

/** The line (from 1) and column (from 1) of an offset. */
export function lineAndColumn(text: string, offset: number): {line: number; column: number} {
  let line = 1;
  let start = 0;
  for (;;) {
    const newline = text.indexOf('\n', start);
    if (newline < 0 || newline >= offset) return {line, column: offset - start + 1};
    line++;
    start = newline + 1;
  }
}

interface Place {
  /** Of the node's event. */
  index: number;
  /** In the text: of its key, or of the item. */
  offset: number;
}

class Finder {
  readonly #text: string;
  readonly #events: readonly Event[];
  readonly #anchors = new Map<string, number>();

  constructor(text: string, events: readonly Event[]) {
    this.#text = text;
    this.#events = events;
  }

  find(value: Json, path: FieldPath): number | undefined {
    let place: Place | undefined = {index: 1, offset: eventStart(this.#events[1])};
    let current: Json | undefined = value;
    for (const element of path) {
      if (place === undefined || current === undefined) return undefined;
      place = this.#step(place, current, element);
      current = stepValue(current, element);
    }
    return place !== undefined && current !== undefined && place.offset >= 0 ? place.offset : undefined;
  }

  #step(place: Place, value: Json, element: PathElement): Place | undefined {
    const index = this.#target(place.index);
    if (element.type === 'field') return this.#entry(index, element.name);
    return Array.isArray(value) ? this.#item(index, itemIndex(value, element)) : undefined;
  }

  #item(index: number, wanted: number): Place | undefined {
    if (this.#events[index]?.type !== EVENT_ID.SEQUENCE || wanted < 0) return undefined;
    let child = index + 1;
    for (let position = 0; this.#isNode(child); position++) {
      if (position === wanted) return {index: child, offset: this.#firstOffset(child)};
      child = this.#after(child);
    }
    return undefined;
  }

  // The last entry of a key counts; a merge counts where it stands, as in reading.
  #entry(index: number, name: string): Place | undefined {
    if (this.#events[index]?.type !== EVENT_ID.MAPPING) return undefined;
    let found: Place | undefined;
    let key = index + 1;
    while (this.#isNode(key)) {
      const event = this.#events[key];
      const valueIndex = this.#after(key);
      if (event !== undefined && isMergeKey(this.#text, event)) {
        found = this.#merged(valueIndex, name) ?? found;
      } else if (this.#keyText(key) === name) {
        found = {index: valueIndex, offset: eventStart(event)};
      }
      key = this.#after(valueIndex);
    }
    return found;
  }

  #merged(valueIndex: number, name: string): Place | undefined {
    const target = this.#target(valueIndex);
    if (this.#events[target]?.type !== EVENT_ID.SEQUENCE) return this.#entry(target, name);
    for (let child = target + 1; this.#isNode(child); child = this.#after(child)) {
      const found = this.#entry(this.#target(child), name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #keyText(index: number): string | undefined {
    const event = this.#events[this.#target(index)];
    return event?.type === EVENT_ID.SCALAR ? scalarKey(this.#text, event satisfies ScalarEvent) : undefined;
  }

  // An item that is a mapping starts at its first key, `- name: web` at `name`.
  #firstOffset(index: number): number {
    const own = eventStart(this.#events[index]);
    return own >= 0 ? own : eventStart(this.#events[index + 1]);
  }

  #isNode(index: number): boolean {
    const event = this.#events[index];
    return event !== undefined && event.type !== EVENT_ID.POP;
  }

  #after(index: number): number {
    let depth = 0;
    for (let next = index; next < this.#events.length; next++) {
      const type = this.#events[next]?.type;
      if (type === EVENT_ID.MAPPING || type === EVENT_ID.SEQUENCE) depth++;
      else if (type === EVENT_ID.POP) depth--;
      if (depth === 0) return next + 1;
    }
    return this.#events.length;
  }

  // Follows an alias to what it stands for: the last anchor of its name before it.
  #target(index: number): number {
    const event = this.#events[index];
    if (event?.type !== EVENT_ID.ALIAS) return index;
    const name = this.#text.slice(event.anchorStart, event.anchorEnd);
    const known = this.#anchors.get(`${name}@${index}`);
    if (known !== undefined) return known;
    let target = index;
    for (let before = index - 1; before > 0 && target === index; before--) {
      const candidate = this.#events[before];
      if (
        candidate !== undefined &&
        candidate.type !== EVENT_ID.ALIAS &&
        'anchorStart' in candidate &&
        candidate.anchorStart >= 0 &&
        this.#text.slice(candidate.anchorStart, candidate.anchorEnd) === name
      ) {
        target = before;
      }
    }
    this.#anchors.set(`${name}@${index}`, target);
    return target;
  }
}

function stepValue(value: Json, element: PathElement): Json | undefined {
  if (element.type === 'field') return isObject(value) ? value[element.name] : undefined;
  return Array.isArray(value) ? value[itemIndex(value, element)] : undefined;
}

/**
 * The position of a path's item in a list, or -1. A key that the item leaves out is one that the server defaults (a port's
 * protocol): the item still is the one.
 */
export function itemIndex(list: readonly Json[], element: PathElement): number {
  const exact = indexOfElement(list, element);
  if (exact >= 0 || element.type !== 'keys') return exact;
  return list.findIndex(item => isObject(item) && agrees(item, element.keys));
}

function agrees(item: JsonObject, keys: JsonObject): boolean {
  const stated = Object.entries(keys).filter(([key]) => item[key] !== undefined && item[key] !== null);
  return stated.length > 0 && stated.every(([key, value]) => equalJson(item[key], value));
}
