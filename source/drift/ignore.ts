import {type FieldPath, formatPath, indexOfElement, type PathElement} from '../resources/field-path.ts';
import {itemElement} from '../resources/field-set.ts';
import {equalJson, isObject, type Json, type JsonObject, objectAt} from '../resources/json.ts';
import {managedFieldsOf} from '../resources/managed-fields.ts';
import type {SchemaNode} from '../resources/schema.ts';
import type {Ignored, RuleSubject} from './field-rules.ts';
import type {Segment} from './ignore-path.ts';
import type {JqPath} from './jq/filters.ts';
import {lookup, positionOf} from './lookup.ts';
import type {HiddenField} from './types.ts';

/** Where a value of the object is ignored, and by which rule. */
export interface IgnoredPlace {
  elements: FieldPath;
  by: string;
  /** Of an atomic list: which items of either side are ignored. They have no name that both sides share. */
  items?: {git: readonly number[]; live: readonly number[]};
}

/** The places of an object that the rules ignore, each once, and which rule could not be followed to its end. */
export function ignoredPlaces(
  {git, live}: RuleSubject,
  schema: SchemaNode | undefined,
  ignored: Ignored,
): {places: IgnoredPlace[]; notes: string[]} {
  const places = new Places();
  const notes: string[] = [];
  for (const [side, object] of [
    ['git', git],
    ['live', live],
  ] as const) {
    for (const {pattern, by} of ignored.patterns) {
      for (const path of select(object, schema, pattern, [])) places.add(side, path, by);
    }
    for (const {named, by} of ignored.jq) {
      const answer = named(object);
      if ('paths' in answer) {
        for (const path of answer.paths) places.add(side, elementsOf(object, schema, path), by);
      } else {
        const whose = side === 'git' ? 'in git' : 'live';
        notes.push(`${by} ignores nothing of what is ${whose}, as in Argo CD: ${answer.stopped}`);
      }
    }
    if (ignored.whole !== null) for (const path of topmost(object)) places.add(side, path, ignored.whole);
  }
  for (const {name, by} of ignored.managers) {
    for (const {manager, fields} of managedFieldsOf(live)) {
      if (manager !== name) continue;
      // As in Argo CD, of what both sides have: what git has and the manager took out is drift.
      for (const path of fields.leaves())
        if (lookup(git, schema, path) !== undefined && lookup(live, schema, path) !== undefined)
          places.add('live', path, by);
    }
  }
  return {places: places.all(), notes};
}

/** Ignored fields that do differ, with the values of both sides. `git` may be the declared part alone. */
export function hiddenPlaces(
  places: readonly IgnoredPlace[],
  {git, live}: RuleSubject,
  schema: SchemaNode | undefined,
): HiddenField[] {
  return places.flatMap(({elements, by, items}) => {
    const wanted = lookup(git, schema, elements);
    const there = lookup(live, schema, elements);
    const pick = (list: Json | undefined, chosen: readonly number[] | undefined) =>
      chosen === undefined || !Array.isArray(list) ? list : list.filter((_, index) => chosen.includes(index));
    const [desired, runs] = [pick(wanted, items?.git), pick(there, items?.live)];
    if (equalJson(desired, runs)) return [];
    const hidden: HiddenField = {path: formatPath(elements), reason: 'ignored', because: `ignored by ${by}`};
    if (desired !== undefined) hidden.desired = desired;
    if (runs !== undefined) hidden.live = runs;
    return [hidden];
  });
}

/** The places that rules name, each once, the items of atomic lists by list. */
class Places {
  readonly #places = new Map<string, IgnoredPlace>();
  readonly #lists = new Map<string, {elements: FieldPath; by: string; git: Set<number>; live: Set<number>}>();

  add(side: 'git' | 'live', elements: FieldPath, by: string): void {
    const last = elements.at(-1);
    if (last === undefined) return;
    if (last.type !== 'index') {
      this.#places.set(formatPath(elements), {elements, by});
      return;
    }
    const list = elements.slice(0, -1);
    const key = formatPath(list);
    const known = this.#lists.get(key) ?? {elements: list, by, git: new Set(), live: new Set()};
    this.#lists.set(key, known);
    known[side].add(last.index);
  }

  all(): IgnoredPlace[] {
    const lists = [...this.#lists.values()].map(({elements, by, git, live}) => ({
      elements,
      by,
      items: {git: [...git], live: [...live].sort((a, b) => a - b)},
    }));
    return [...this.#places.values(), ...lists];
  }
}

/** What an object is made of, but for its identity, what the server writes, and its status. */
function* topmost(object: JsonObject): Generator<FieldPath> {
  for (const name of Object.keys(object)) {
    if (!['apiVersion', 'kind', 'metadata', 'status'].includes(name)) yield [{type: 'field', name}];
  }
  for (const part of ['labels', 'annotations']) {
    for (const name of Object.keys(objectAt(objectAt(object, 'metadata'), part))) {
      yield [
        {type: 'field', name: 'metadata'},
        {type: 'field', name: part},
        {type: 'field', name},
      ];
    }
  }
}

/** A path of names and positions as one of the schema's: items by their keys where it has some. */
function elementsOf(root: Json, schema: SchemaNode | undefined, path: JqPath): FieldPath {
  const elements: PathElement[] = [];
  let value: Json | undefined = root;
  let node = schema;
  for (const part of path) {
    if (typeof part === 'string') {
      elements.push({type: 'field', name: part});
      value = isObject(value) ? value[part] : undefined;
      node = node?.property(part);
    } else {
      const item: Json | undefined = Array.isArray(value) ? value[part] : undefined;
      const keyed = item !== undefined && node?.type === 'array' ? itemElement(item, node) : undefined;
      elements.push(keyed ?? {type: 'index', index: part});
      value = item;
      node = node?.items();
    }
  }
  return elements;
}

/**
 * The object with live's values at the ignored places, so that no comparison sees a difference there: a value that live
 * lacks is taken out. List items are neither made nor taken out.
 */
export function neutralise(
  object: JsonObject,
  live: JsonObject,
  schema: SchemaNode | undefined,
  places: readonly IgnoredPlace[],
): JsonObject {
  let result = object;
  for (const place of places) result = asObject(graft(result, live, schema, place, 0), result);
  return result;
}

function asObject(value: Json | undefined, otherwise: JsonObject): JsonObject {
  return isObject(value) ? value : otherwise;
}

function graft(
  value: Json | undefined,
  live: Json | undefined,
  schema: SchemaNode | undefined,
  place: IgnoredPlace,
  depth: number,
): Json | undefined {
  const path = place.elements;
  const element = path[depth];
  if (element === undefined) return place.items === undefined ? live : withItems(value, live, place.items);
  if (element.type === 'field') {
    const there = isObject(live) ? live[element.name] : undefined;
    // Git is silent about what is around it, and so is live: nothing to do.
    if (value === undefined && there === undefined) return undefined;
    if (value !== undefined && !isObject(value)) return value;
    const child = graft(value?.[element.name], there, schema?.property(element.name), place, depth + 1);
    if (equalJson(child, value?.[element.name])) return value;
    const {[element.name]: _, ...others} = value ?? {};
    return child === undefined ? others : {...others, [element.name]: child};
  }
  if (!Array.isArray(value) || !Array.isArray(live)) return value;
  const from = positionOf(value, schema, element);
  const to = indexOfElement(live, element);
  if (depth === path.length - 1) {
    // A whole item: git gets live's, or loses its own.
    if (from < 0) return to < 0 ? value : [...value, ...asList(live[to])];
    return value.flatMap((item, index) => (index === from ? asList(live[to]) : [item]));
  }
  if (from < 0 || to < 0) return value;
  return value.map((item, index) =>
    index === from ? (graft(item, live[to], schema?.items(), place, depth + 1) ?? item) : item,
  );
}

// Git's list without its ignored items, and with live's where live has them.
function withItems(
  value: Json | undefined,
  live: Json | undefined,
  items: NonNullable<IgnoredPlace['items']>,
): Json | undefined {
  if (!Array.isArray(value) || !Array.isArray(live)) return value;
  const result = value.filter((_, index) => !items.git.includes(index));
  for (const index of items.live) result.splice(index, 0, ...asList(live[index]));
  return result;
}

function* select(
  value: Json,
  schema: SchemaNode | undefined,
  pattern: readonly Segment[],
  path: FieldPath,
): Generator<FieldPath> {
  const [segment, ...rest] = pattern;
  if (segment === undefined) {
    yield path;
    return;
  }
  if (segment.type === 'descend') {
    yield* select(value, schema, rest, path);
    for (const child of childrenOf(value, schema)) {
      yield* select(child.value, child.schema, pattern, [...path, child.element]);
    }
    return;
  }
  for (const child of childrenOf(value, schema)) {
    if (matches(segment, child)) yield* select(child.value, child.schema, rest, [...path, child.element]);
  }
}

interface Child {
  element: PathElement;
  index: number | undefined;
  value: Json;
  schema: SchemaNode | undefined;
}

function childrenOf(value: Json, schema: SchemaNode | undefined): Child[] {
  if (Array.isArray(value)) {
    return value.map((item, index) => ({
      element: (schema?.type === 'array' ? itemElement(item, schema) : undefined) ?? {type: 'index', index},
      index,
      value: item,
      schema: schema?.items(),
    }));
  }
  if (!isObject(value)) return [];
  return Object.entries(value).map(([name, item]) => ({
    element: {type: 'field', name},
    index: undefined,
    value: item,
    schema: schema?.property(name),
  }));
}

function matches(segment: Exclude<Segment, {type: 'descend'}>, child: Child): boolean {
  const name = child.element.type === 'field' && child.index === undefined ? child.element.name : '';
  return matchesChild(segment, name, child.index, child.value);
}

/** Whether a step of a pattern leads to a child: of an object by its name, of a list by its position. */
export function matchesChild(
  segment: Exclude<Segment, {type: 'descend'}>,
  name: string,
  index: number | undefined,
  value: Json,
): boolean {
  switch (segment.type) {
    case 'any':
      return true;
    case 'name':
      // A JSON pointer doesn't tell a list's index from a key that is a number.
      return (index === undefined ? name : String(index)) === segment.name;
    case 'filter':
      return (
        index !== undefined &&
        segment.conditions.every(({field, equals}) => {
          const found = isObject(value) ? value[field] : undefined;
          return found !== undefined && String(found) === equals;
        })
      );
  }
}

function asList(value: Json | undefined): Json[] {
  return value === undefined ? [] : [value];
}
