import type {FieldPath} from './field-path.ts';
import {FieldSet, itemElement} from './field-set.ts';
import {isObject, type Json, type JsonObject} from './json.ts';
import {isKeyed} from './merge-values.ts';
import type {SchemaNode} from './schema.ts';

/**
 * The value without the members of a set. What lies below a member goes with it; atomic lists and maps stay whole.
 * Source: structured-merge-diff, typed/remove.go.
 */
export function removeItems(value: Json, set: FieldSet, schema: SchemaNode | undefined): Json {
  if (Array.isArray(value)) {
    if (!isKeyed(schema)) return null;
    const kept: Json[] = [];
    value.forEach((item, index) => {
      const below = set.child(itemElement(item, schema) ?? {type: 'index', index});
      if (below?.member) return;
      kept.push(below === undefined ? item : removeItems(item, below, schema.items()));
    });
    return kept.length > 0 ? kept : null;
  }
  if (!isObject(value)) return value;
  if (schema?.atomicMap) return null;
  const kept: JsonObject = {};
  for (const [name, item] of Object.entries(value)) {
    const below = set.child({type: 'field', name});
    if (below?.member) continue;
    kept[name] = below === undefined ? item : removeItems(item, below, schema?.property(name));
  }
  return Object.keys(kept).length > 0 ? kept : null;
}

/**
 * The set with the named fields that lead to its members: a set of `a.b.c` also has `a` where the schema names that
 * field, but no key of a map.
 */
export function withNamedFields(set: FieldSet, schema: SchemaNode | undefined): FieldSet {
  return FieldSet.of(namedPaths(set, schema, []));
}

function* namedPaths(set: FieldSet, schema: SchemaNode | undefined, prefix: FieldPath): Generator<FieldPath> {
  for (const {element, set: below} of set.children()) {
    const path = [...prefix, element];
    if (below.member || (!below.isLeaf && element.type === 'field' && schema?.hasProperty(element.name))) {
      yield path;
    }
    const child =
      element.type === 'field'
        ? schema?.property(element.name)
        : element.type === 'keys'
          ? schema?.items()
          : undefined;
    if (!below.isLeaf) yield* namedPaths(below, child, path);
  }
}
