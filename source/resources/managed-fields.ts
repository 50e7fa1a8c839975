import type {FieldPath} from './field-path.ts';
import {FieldSet} from './field-set.ts';
import {type JsonObject, listAt, objectAt, stringAt} from './json.ts';

/** One entry of metadata.managedFields: which fields a manager owns, through which verb. */
export interface ManagedEntry {
  manager: string;
  operation: 'Apply' | 'Update';
  /** '' for the object itself, else `status`, `scale`. */
  subresource: string;
  /** ISO 8601 in seconds; undefined where the server keeps none. */
  time: string | undefined;
  apiVersion: string;
  fields: FieldSet;
}

/** An object's managedFields; empty where it has none (a list that left them out, an object older than the feature). */
export function managedFieldsOf(object: JsonObject): ManagedEntry[] {
  return listAt(objectAt(object, 'metadata'), 'managedFields').map(entry => ({
    manager: stringAt(entry, 'manager') ?? 'unknown',
    operation: stringAt(entry, 'operation') === 'Apply' ? 'Apply' : 'Update',
    subresource: stringAt(entry, 'subresource') ?? '',
    time: stringAt(entry, 'time'),
    apiVersion: stringAt(entry, 'apiVersion') ?? '',
    fields: FieldSet.parse(objectAt(entry, 'fieldsV1')),
  }));
}

/** Who last set what stands at a path. */
export interface FieldOwner {
  manager: string;
  operation: 'Apply' | 'Update';
  time: string | undefined;
}

/**
 * The owner of a path's live value: of the entries that own the path, something below it, or else the nearest owned
 * path above, the latest. Undefined where nobody owns it (a value that the server filled in).
 */
export function ownerOf(entries: readonly ManagedEntry[], path: FieldPath): FieldOwner | undefined {
  let best: ManagedEntry | undefined;
  let bestDepth = -1;
  for (const entry of entries) {
    const depth = ownedDepth(entry.fields, path);
    if (depth < 0) continue;
    if (best === undefined || depth > bestDepth || (depth === bestDepth && later(entry.time, best.time))) {
      best = entry;
      bestDepth = depth;
    }
  }
  return best === undefined ? undefined : {manager: best.manager, operation: best.operation, time: best.time};
}

/** How many steps of the path lead to what the set owns of it: all of them where it owns the path or below, -1 for none. */
function ownedDepth(fields: FieldSet, path: FieldPath): number {
  let set = fields;
  let depth = -1;
  for (const [index, element] of path.entries()) {
    const next = set.child(element);
    if (next === undefined) return depth;
    set = next;
    // Only an owned leaf stands for what is below it: owning a list's item says nothing of each field in it.
    if (set.member && set.isLeaf) depth = index + 1;
  }
  return path.length;
}

function later(a: string | undefined, b: string | undefined): boolean {
  return (a ?? '') > (b ?? '');
}
