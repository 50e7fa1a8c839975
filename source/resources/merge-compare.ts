import type {FieldPath, PathElement} from './field-path.ts';
import {elementKey, FieldSet, itemElement} from './field-set.ts';
import {equalJson, isObject, type Json} from './json.ts';
import {isEmpty, isKeyed, kindOf, own} from './merge-values.ts';
import type {SchemaNode} from './schema.ts';

/** What differs between two values; no path is in more than one of the sets. */
export interface Comparison {
  removed: FieldSet;
  modified: FieldSet;
  added: FieldSet;
}

/**
 * Compares two objects of one schema, as server-side apply does to tell who changed what.
 * Source: structured-merge-diff, typed/compare.go.
 */
export function compareValues(before: Json, after: Json, schema: SchemaNode | undefined): Comparison {
  const found: Found = {removed: [], modified: [], added: []};
  compare(before, after, schema, [], found);
  return {
    removed: FieldSet.of(found.removed),
    modified: FieldSet.of(found.modified),
    added: FieldSet.of(found.added),
  };
}

/** The comparison without all that lies at or below a set of paths. */
export function withoutFields(comparison: Comparison, ignored: FieldSet): Comparison {
  return {
    removed: comparison.removed.recursiveDifference(ignored),
    modified: comparison.modified.recursiveDifference(ignored),
    added: comparison.added.recursiveDifference(ignored),
  };
}

interface Found {
  removed: FieldPath[];
  modified: FieldPath[];
  added: FieldPath[];
}

function compare(
  before: Json | undefined,
  after: Json | undefined,
  schema: SchemaNode | undefined,
  path: FieldPath,
  found: Found,
): void {
  const kind = kindOf(after ?? before, schema);
  if (
    kind === 'map' &&
    !schema?.atomicMap &&
    !(isEmpty(before) && isEmpty(after)) &&
    fits(before, after, isObject)
  ) {
    const left = isObject(before) ? before : {};
    const right = isObject(after) ? after : {};
    for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
      compare(
        own(left, name),
        own(right, name),
        schema?.property(name),
        [...path, {type: 'field', name}],
        found,
      );
    }
  } else if (
    kind === 'list' &&
    isKeyed(schema) &&
    !(isEmpty(before) && isEmpty(after)) &&
    fits(before, after, Array.isArray)
  ) {
    compareLists(Array.isArray(before) ? before : [], Array.isArray(after) ? after : [], schema, path, found);
  } else {
    if (before === undefined) found.added.push(path);
    else if (after === undefined) found.removed.push(path);
    else if (!equalJson(before, after)) found.modified.push(path);
    return;
  }
  if (before === undefined) found.added.push(path);
  else if (after === undefined) found.removed.push(path);
}

function fits(before: Json | undefined, after: Json | undefined, is: (value: unknown) => boolean): boolean {
  return (
    (before === undefined || before === null || is(before)) &&
    (after === undefined || after === null || is(after))
  );
}

function compareLists(
  before: readonly Json[],
  after: readonly Json[],
  schema: SchemaNode,
  path: FieldPath,
  found: Found,
): void {
  const elements = new Map<string, {element: PathElement; left: Json[]; right: Json[]}>();
  const gather = (items: readonly Json[], side: 'left' | 'right') => {
    items.forEach((item, index) => {
      const element = itemElement(item, schema) ?? {type: 'index' as const, index};
      const key = elementKey(element);
      const known = elements.get(key) ?? {element, left: [], right: []};
      known[side].push(item);
      elements.set(key, known);
    });
  };
  gather(before, 'left');
  gather(after, 'right');
  for (const {element, left, right} of elements.values()) {
    const at = [...path, element];
    if (left.length <= 1 && right.length <= 1) compare(left[0], right[0], schema.items(), at, found);
    else if (left.length >= 2 && right.length >= 2) {
      if (!equalJson(left, right)) found.modified.push(at);
    } else if (left.length >= 2) {
      if (right.length > 0) compare(undefined, right[0], schema.items(), at, found);
      found.removed.push(at);
    } else {
      if (left.length > 0) compare(left[0], undefined, schema.items(), at, found);
      found.added.push(at);
    }
  }
}
