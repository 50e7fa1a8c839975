import {elementKey, itemElement} from './field-set.ts';
import {isObject, type Json, type JsonObject} from './json.ts';
import type {SchemaNode} from './schema.ts';

/**
 * Merges what is applied into what is live, as server-side apply does: fields of objects and items of map lists and sets
 * one by one, atomic lists and maps as wholes, scalars by the applied value. Undefined stands for "absent". Where the
 * schema is undefined, objects are merged by field and lists are atomic.
 * Source: structured-merge-diff, typed/merge.go.
 */
export function mergeValues(
  live: Json | undefined,
  applied: Json | undefined,
  schema: SchemaNode | undefined,
): Json | undefined {
  const kind = kindOf(applied ?? live, schema);
  const left = live ?? undefined;
  const right = applied ?? undefined;
  if (kind === 'map' && !schema?.atomicMap) {
    const isMap = (value: Json | undefined) => value === undefined || isObject(value);
    if (isMap(left) && isMap(right)) {
      if (isEmpty(left) && isEmpty(right)) return applied === undefined ? live : applied;
      return mergeMaps(left, right, schema);
    }
  } else if (kind === 'list' && isKeyed(schema)) {
    const isList = (value: Json | undefined) => value === undefined || Array.isArray(value);
    if (isList(left) && isList(right)) {
      if (isEmpty(left) && isEmpty(right)) return applied === undefined ? live : applied;
      return mergeLists(asList(left), asList(right), schema);
    }
  }
  return applied === undefined ? live : applied;
}

/** How a value is handled where its schema stands: null takes the schema's side. */
export function kindOf(value: Json | undefined, schema: SchemaNode | undefined): 'map' | 'list' | 'scalar' {
  if (isObject(value)) return 'map';
  if (Array.isArray(value)) return 'list';
  if (value !== null && value !== undefined) return 'scalar';
  return schema?.type === 'object' ? 'map' : schema?.type === 'array' ? 'list' : 'scalar';
}

/** True for lists whose items have an identity: map lists and sets. */
export function isKeyed(schema: SchemaNode | undefined): schema is SchemaNode {
  return schema !== undefined && schema.type === 'array' && schema.listType !== 'atomic';
}

/** True for null, absent, and an empty list or object. */
export function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  return Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}

function asList(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function mergeMaps(
  live: Json | undefined,
  applied: Json | undefined,
  schema: SchemaNode | undefined,
): JsonObject | undefined {
  const left = isObject(live) ? live : {};
  const right = isObject(applied) ? applied : {};
  const merged: JsonObject = {};
  for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const value = mergeValues(own(left, name), own(right, name), schema?.property(name));
    if (value !== undefined) merged[name] = value;
  }
  return merged;
}

/** A property that is the object's own: names such as `constructor` are data here. */
export function own(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/**
 * Items that both sides have take the applied side's order; items that only live has stay where they are, as far as
 * the shared ones around them allow. This is the server's own algorithm, step by step.
 */
function mergeLists(live: readonly Json[], applied: readonly Json[], schema: SchemaNode): Json[] | undefined {
  const left = live.map((item, index) => keyOf(item, index, schema));
  const right = applied.map((item, index) => keyOf(item, index, schema));
  const leftItems = new Map<string, Json | undefined>();
  left.forEach((key, index) => {
    // Duplicates of the live list can't be merged with anything.
    leftItems.set(key, leftItems.has(key) ? undefined : live[index]);
  });
  const rightItems = new Map(right.map((key, index) => [key, applied[index]]));
  const shared = right.filter(key => leftItems.has(key));
  let nextShared = shared.shift();
  const merged = new Set<string>();
  const result: Json[] = [];
  const add = (a: Json | undefined, b: Json | undefined) => {
    const value = mergeValues(a, b, schema.items());
    if (value !== undefined) result.push(value);
  };
  for (let l = 0, r = 0; l < left.length || r < right.length; ) {
    const leftKey = left[l];
    const rightKey = right[r];
    if (leftKey !== undefined && rightKey !== undefined) {
      if (leftKey === rightKey) {
        merged.add(leftKey);
        add(leftItems.get(leftKey), rightItems.get(leftKey));
        l++;
        r++;
        nextShared = shared.shift();
        continue;
      }
      if (rightItems.has(leftKey) && nextShared !== undefined && nextShared !== leftKey) {
        l++;
        continue;
      }
    }
    if (leftKey !== undefined) {
      if (!rightItems.has(leftKey)) {
        add(live[l], undefined);
        l++;
        continue;
      }
      if (merged.has(leftKey)) l++;
    }
    if (rightKey !== undefined) {
      merged.add(rightKey);
      add(leftItems.get(rightKey), rightItems.get(rightKey));
      r++;
      if (nextShared === rightKey) nextShared = shared.shift();
    }
  }
  return result.length > 0 ? result : undefined;
}

function keyOf(item: Json, index: number, schema: SchemaNode): string {
  return elementKey(itemElement(item, schema) ?? {type: 'index', index});
}
