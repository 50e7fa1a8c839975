import {EVENT_ID, type Event, getScalarValue, SCALAR_STYLE, type ScalarEvent, YAMLException} from 'js-yaml';
import {isObject, type Json, type JsonObject} from '../resources/json.ts';
import {keyText, resolvePlain, resolveTagged, ScalarError} from './yaml-scalar.ts';

/** A document's value and what was noticed on the way. Offsets are into the text. */
export interface YamlValue {
  value: Json;
  /** Where its first key (or its value) starts; -1 in an empty document. */
  start: number;
  /** Keys that were set again: the last one counts (drift trap 16). */
  duplicates: {key: string; offset: number}[];
  /** Where a second document starts that kubectl does not read (after `...`); undefined where there is none. */
  ignoredFrom: number | undefined;
}

/** Where an event's node starts in the text: its value, else its anchor or tag; -1 where it has no text. */
export function eventStart(event: Event | undefined): number {
  if (event === undefined || event.type === EVENT_ID.DOCUMENT || event.type === EVENT_ID.POP) return -1;
  const starts = event.type === EVENT_ID.ALIAS ? [] : [event.tagStart];
  if ('start' in event) starts.push(event.start);
  if ('valueStart' in event) {
    const isQuoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
    starts.push(event.valueStart - (isQuoted && event.valueStart > 0 ? 1 : 0));
  }
  // An anchor's range leaves out its `&` or `*`.
  if (event.anchorStart >= 0) starts.push(event.anchorStart - 1);
  const known = starts.filter(start => start >= 0);
  return known.length === 0 ? -1 : Math.min(...known);
}

/** A mapping's key as text, as kubectl makes JSON of it. Throws ScalarError where it has none. */
export function scalarKey(text: string, event: ScalarEvent): string {
  const raw = getScalarValue(text, event);
  return keyText(scalarValue(text, event, raw), raw);
}

/** True for the `<<` of a merge: unquoted, or tagged as one. */
export function isMergeKey(text: string, event: Event): boolean {
  if (event.type !== EVENT_ID.SCALAR || event.valueEnd - event.valueStart !== 2) return false;
  if (!text.startsWith('<<', event.valueStart)) return false;
  return event.tagStart < 0
    ? event.style === SCALAR_STYLE.PLAIN
    : tagName(text, event.tagStart, event.tagEnd) === 'tag:yaml.org,2002:merge';
}

/** The first document of js-yaml's events as kubectl reads it. Throws YAMLException with the place of the mistake. */
export function valueOfEvents(text: string, events: readonly Event[]): YamlValue {
  return new Builder(text, events).document();
}

interface Anchor {
  value: Json;
  /** How many nodes it expands to; undefined while it is being read. */
  weight: number | undefined;
}

class Builder {
  readonly #text: string;
  readonly #events: readonly Event[];
  readonly #anchors = new Map<string, Anchor>();
  readonly #duplicates: YamlValue['duplicates'] = [];
  #next = 0;
  // The counters of Go's yaml.v2 against documents that aliases blow up (a billion laughs).
  #decoded = 0;
  #aliased = 0;

  constructor(text: string, events: readonly Event[]) {
    this.#text = text;
    this.#events = events;
  }

  document(): YamlValue {
    if (this.#events.length < 3) {
      return {value: null, start: -1, duplicates: [], ignoredFrom: undefined};
    }
    this.#next = 1;
    const start = eventStart(this.#events[1]);
    const value = this.#node();
    // POP of the document, DOCUMENT of the next one, its first node.
    const second = this.#events[this.#next + 2];
    const ignoredFrom = second === undefined ? -1 : eventStart(second);
    return {
      value,
      start,
      duplicates: this.#duplicates,
      ignoredFrom: ignoredFrom < 0 ? undefined : ignoredFrom,
    };
  }

  #node(): Json {
    const event = this.#events[this.#next++];
    if (event === undefined) return null;
    this.#decoded++;
    switch (event.type) {
      case EVENT_ID.SCALAR: {
        const value = this.#scalar(event);
        if (event.anchorStart >= 0) this.#anchor(event).value = value;
        return value;
      }
      case EVENT_ID.ALIAS:
        return this.#alias(event);
      case EVENT_ID.SEQUENCE:
      case EVENT_ID.MAPPING: {
        const anchor = event.anchorStart >= 0 ? this.#anchor(event) : undefined;
        const before = this.#decoded;
        if (anchor !== undefined) anchor.weight = undefined;
        const value = event.type === EVENT_ID.SEQUENCE ? this.#sequence() : this.#mapping();
        if (anchor !== undefined) {
          anchor.value = value;
          anchor.weight = this.#decoded - before + 1;
        }
        return value;
      }
      default:
        return null;
    }
  }

  #anchor(event: {anchorStart: number; anchorEnd: number}): Anchor {
    const anchor: Anchor = {value: null, weight: 1};
    this.#anchors.set(this.#text.slice(event.anchorStart, event.anchorEnd), anchor);
    return anchor;
  }

  #alias(event: {anchorStart: number; anchorEnd: number}): Json {
    const name = this.#text.slice(event.anchorStart, event.anchorEnd);
    const anchor = this.#anchors.get(name);
    if (anchor === undefined) this.#fail(event.anchorStart, `there is no anchor &${name} before this alias`);
    if (anchor.weight === undefined) this.#fail(event.anchorStart, `the anchor &${name} contains itself`);
    this.#decoded += anchor.weight;
    this.#aliased += anchor.weight;
    if (
      this.#aliased > 100 &&
      this.#decoded > 1000 &&
      this.#aliased / this.#decoded > allowedAliasRatio(this.#decoded)
    ) {
      this.#fail(event.anchorStart, 'the aliases make this document too large');
    }
    // Shared, not copied: JSON values are immutable once shared.
    return anchor.value;
  }

  #sequence(): Json[] {
    const list: Json[] = [];
    while (!this.#atEnd()) list.push(this.#node());
    return list;
  }

  #mapping(): JsonObject {
    const object: JsonObject = {};
    let merged: Set<string> | undefined;
    while (!this.#atEnd()) {
      const event = this.#events[this.#next];
      if (event === undefined) break;
      if (isMergeKey(this.#text, event)) {
        this.#next++;
        merged ??= new Set();
        this.#merge(object, merged);
        continue;
      }
      const key = this.#key(event);
      if (Object.hasOwn(object, key) && merged?.has(key) !== true) {
        this.#duplicates.push({key, offset: eventStart(event)});
      }
      merged?.delete(key);
      setKey(object, key, this.#node());
    }
    return object;
  }

  // Go's yaml.v2 merges where `<<` stands: what comes after it wins, also a `<<` after a key.
  #merge(object: JsonObject, merged: Set<string>): void {
    const offset = eventStart(this.#events[this.#next]);
    const value = this.#node();
    const sources = Array.isArray(value) ? value.toReversed() : [value];
    for (const source of sources) {
      if (!isObject(source)) this.#fail(offset, '<< takes a mapping or a list of mappings');
      for (const [key, item] of Object.entries(source)) {
        merged.add(key);
        setKey(object, key, item);
      }
    }
  }

  #key(event: Event): string {
    const raw = event.type === EVENT_ID.SCALAR ? getScalarValue(this.#text, event) : '';
    const value = this.#node();
    if (typeof value === 'string') return value;
    try {
      return keyText(value, raw);
    } catch (error) {
      if (error instanceof ScalarError) this.#fail(eventStart(event), error.message);
      throw error;
    }
  }

  #scalar(event: ScalarEvent): Json {
    try {
      const value = scalarValue(this.#text, event, getScalarValue(this.#text, event));
      if (typeof value !== 'number' || Number.isFinite(value)) return value;
      // As a key they have a text; as a value JSON has none.
      if (this.#isKey()) return value;
      throw new ScalarError(`${getScalarValue(this.#text, event)} has no JSON value`);
    } catch (error) {
      if (error instanceof ScalarError) this.#fail(eventStart(event), error.message);
      throw error;
    }
  }

  // Only asked for infinities and NaN: counts the nodes of the mapping that the last event stands in.
  #isKey(): boolean {
    let depth = 0;
    let siblings = 0;
    for (let index = this.#next - 2; index >= 0; index--) {
      const type = this.#events[index]?.type;
      if (type === EVENT_ID.POP) depth++;
      else if (type === EVENT_ID.SEQUENCE || type === EVENT_ID.MAPPING || type === EVENT_ID.DOCUMENT) {
        if (depth === 0) return type === EVENT_ID.MAPPING && siblings % 2 === 0;
        depth--;
        if (depth === 0) siblings++;
      } else if (depth === 0) siblings++;
    }
    return false;
  }

  #atEnd(): boolean {
    const type = this.#events[this.#next]?.type;
    if (type !== EVENT_ID.POP && type !== undefined) return false;
    this.#next++;
    return true;
  }

  #fail(offset: number, message: string): never {
    return YAMLException.throwAt(this.#text, Math.max(0, offset), message);
  }
}

function scalarValue(text: string, event: ScalarEvent, raw: string): Json {
  if (event.tagStart >= 0) {
    const tag = tagName(text, event.tagStart, event.tagEnd);
    return tag === '!' ? raw : resolveTagged(tag, raw);
  }
  return event.style === SCALAR_STYLE.PLAIN ? resolvePlain(raw) : raw;
}

// `%TAG` directives never reach a document: kubectl cuts them off at `---`.
function tagName(text: string, start: number, end: number): string {
  const tag = text.slice(start, end);
  if (tag.startsWith('!<') && tag.endsWith('>')) return tag.slice(2, -1);
  return tag.startsWith('!!') ? `tag:yaml.org,2002:${tag.slice(2)}` : tag;
}

function setKey(object: JsonObject, key: string, value: Json): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, {value, enumerable: true, configurable: true, writable: true});
}

// yaml.v2's allowedAliasRatio: 99 % up to 400,000 nodes, 10 % from 4,000,000, a line between.
function allowedAliasRatio(decoded: number): number {
  if (decoded <= 400_000) return 0.99;
  if (decoded >= 4_000_000) return 0.1;
  return 0.99 - 0.89 * ((decoded - 400_000) / 3_600_000);
}
