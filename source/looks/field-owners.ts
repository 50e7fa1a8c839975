import {lookup} from '../drift/lookup.ts';
import {appliedLast} from '../drift/normalise.ts';
import {type FieldPath, formatPath} from '../resources/field-path.ts';
import type {FieldSet} from '../resources/field-set.ts';
import type {Json, JsonObject} from '../resources/json.ts';
import {type ManagedEntry, managedFieldsOf} from '../resources/managed-fields.ts';
import type {SchemaNode} from '../resources/schema.ts';
import type {FieldOwnerSeen} from './types.ts';

/**
 * Who owns a field of a live object, as its managedFields say: the field, a list or map around it that is owned as a whole,
 * or something in it. The last to write first, then who owns the field itself. A manager is a program: which person ran it
 * the server does not note.
 */
export function fieldOwners(live: JsonObject, path: FieldPath): FieldOwnerSeen[] {
  const found = managedFieldsOf(live).flatMap(entry => ownedOf(entry, path) ?? []);
  const rank = {field: 0, around: 1, inside: 2};
  return found.sort((a, b) => (b.time ?? '').localeCompare(a.time ?? '') || rank[a.owns] - rank[b.owns]);
}

function ownedOf(entry: ManagedEntry, path: FieldPath): FieldOwnerSeen | undefined {
  const {manager, operation, subresource} = entry;
  const who = {manager, operation, subresource, time: entry.time ?? null};
  let set: FieldSet = entry.fields;
  for (const [index, element] of path.entries()) {
    const next = set.child(element);
    if (next === undefined) return undefined;
    set = next;
    const isLast = index === path.length - 1;
    // Owning a list's item says nothing of each field in it: only a leaf stands for what is below it.
    if (!isLast && set.member && set.isLeaf)
      return {...who, owns: 'around', path: formatPath(path.slice(0, index + 1))};
  }
  if (set.member) return {...who, owns: 'field', path: null};
  const [first] = set.leaves(path);
  return first === undefined ? undefined : {...who, owns: 'inside', path: formatPath(first)};
}

/** What `kubectl apply` noted to have applied last at a path; undefined where there is no such note. */
export function appliedAt(
  live: JsonObject,
  schema: SchemaNode | undefined,
  path: FieldPath,
): {value: Json | undefined} | undefined {
  const noted = appliedLast(live);
  return noted === undefined ? undefined : {value: lookup(noted, schema, path)};
}
