import type {IgnoreRule} from '../environments/types.ts';
import {type FieldPath, formatPath, indexOfElement, type PathElement} from '../resources/field-path.ts';
import {itemElement} from '../resources/field-set.ts';
import type {ResourceId} from '../resources/identity.ts';
import {equalJson, isObject, type Json, type JsonObject} from '../resources/json.ts';
import type {SchemaNode} from '../resources/schema.ts';
import {type IgnorePattern, parseIgnorePath, type Segment} from './ignore-path.ts';
import {positionOf} from './lookup.ts';

/** The ignore rules that are about one resource, ready to be used. */
export interface Ignored {
  patterns: readonly {pattern: IgnorePattern; text: string}[];
}

const parsed = new Map<string, IgnorePattern>();

/** The rules' paths that are about a resource. Throws an Error that names the path where one can't be read. */
export function ignoredOf(id: ResourceId, rules: readonly IgnoreRule[]): Ignored {
  const patterns: {pattern: IgnorePattern; text: string}[] = [];
  for (const rule of rules) {
    const about =
      matchesGlob(rule.group, id.group) &&
      matchesGlob(rule.kind, id.kind) &&
      matchesGlob(rule.namespace, id.namespace) &&
      matchesGlob(rule.name, id.name);
    if (!about) continue;
    for (const text of rule.paths) {
      let pattern = parsed.get(text);
      if (pattern === undefined) {
        pattern = parseIgnorePath(text);
        parsed.set(text, pattern);
      }
      patterns.push({pattern, text});
    }
  }
  return {patterns};
}

const globs = new Map<string, RegExp>();

/** `*` is any text, `?` any character; undefined matches all. */
export function matchesGlob(glob: string | undefined, text: string): boolean {
  if (glob === undefined || glob === '*') return true;
  let expression = globs.get(glob);
  if (expression === undefined) {
    const escaped = glob
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    expression = new RegExp(`^${escaped}$`, 's');
    globs.set(glob, expression);
  }
  return expression.test(text);
}

/** Where a value of the object is ignored, and by which rule's path. */
export interface IgnoredPlace {
  elements: FieldPath;
  by: string;
}

/** The places of these objects that the rules ignore, each once. */
export function ignoredPlaces(
  objects: readonly JsonObject[],
  schema: SchemaNode | undefined,
  ignored: Ignored,
): IgnoredPlace[] {
  const places = new Map<string, IgnoredPlace>();
  for (const object of objects) {
    for (const {pattern, text} of ignored.patterns) {
      for (const elements of select(object, schema, pattern, [])) {
        places.set(formatPath(elements), {elements, by: text});
      }
    }
  }
  return [...places.values()];
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
  for (const {elements} of places) result = asObject(graft(result, live, schema, elements, 0), result);
  return result;
}

function asObject(value: Json | undefined, otherwise: JsonObject): JsonObject {
  return isObject(value) ? value : otherwise;
}

function graft(
  value: Json | undefined,
  live: Json | undefined,
  schema: SchemaNode | undefined,
  path: FieldPath,
  depth: number,
): Json | undefined {
  const element = path[depth];
  if (element === undefined) return live;
  if (element.type === 'field') {
    const there = isObject(live) ? live[element.name] : undefined;
    // Git is silent about what is around it, and so is live: nothing to do.
    if (value === undefined && there === undefined) return undefined;
    if (value !== undefined && !isObject(value)) return value;
    const child = graft(value?.[element.name], there, schema?.property(element.name), path, depth + 1);
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
    index === from ? (graft(item, live[to], schema?.items(), path, depth + 1) ?? item) : item,
  );
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
  switch (segment.type) {
    case 'any':
      return true;
    case 'name':
      // A JSON pointer doesn't tell a list's index from a key that is a number.
      return child.element.type === 'field' && child.index === undefined
        ? child.element.name === segment.name
        : String(child.index) === segment.name;
    case 'filter':
      return (
        child.index !== undefined &&
        segment.conditions.every(({field, equals}) => {
          const found = isObject(child.value) ? child.value[field] : undefined;
          return found !== undefined && String(found) === equals;
        })
      );
  }
}

function asList(value: Json | undefined): Json[] {
  return value === undefined ? [] : [value];
}
