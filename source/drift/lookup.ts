import {type FieldPath, formatPath, indexOfElement, type PathElement} from '../resources/field-path.ts';
import {itemElement} from '../resources/field-set.ts';
import {isObject, type Json} from '../resources/json.ts';
import type {SchemaNode} from '../resources/schema.ts';

/** Where a list's item stands, keys that it leaves out counting with their default (drift trap 24); -1 for nowhere. */
export function positionOf(
  list: readonly Json[],
  schema: SchemaNode | undefined,
  element: PathElement,
): number {
  const index = indexOfElement(list, element);
  if (index >= 0 || element.type !== 'keys' || schema?.type !== 'array') return index;
  const wanted = formatPath([element]);
  return list.findIndex(item => {
    const own = itemElement(item, schema);
    return own !== undefined && formatPath([own]) === wanted;
  });
}

/** What stands at a path of an object that may leave defaulted keys out, or undefined. */
export function lookup(
  root: Json | undefined,
  schema: SchemaNode | undefined,
  path: FieldPath,
): Json | undefined {
  let value = root;
  let node = schema;
  for (const element of path) {
    if (element.type === 'field') {
      if (!isObject(value)) return undefined;
      value = value[element.name];
      node = node?.property(element.name);
    } else {
      if (!Array.isArray(value)) return undefined;
      value = value[positionOf(value, node, element)];
      node = node?.items();
    }
  }
  return value;
}

/** The schema of what stands at a path, or undefined where the schema says nothing of it. */
export function schemaAt(schema: SchemaNode | undefined, path: FieldPath): SchemaNode | undefined {
  let node = schema;
  for (const element of path) node = element.type === 'field' ? node?.property(element.name) : node?.items();
  return node;
}

/** True where one path leads to the other or to something below it. */
export function isWithin(path: FieldPath, ancestor: FieldPath): boolean {
  return (
    ancestor.length <= path.length && formatPath(path.slice(0, ancestor.length)) === formatPath(ancestor)
  );
}
