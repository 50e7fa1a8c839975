import type {FieldPath} from './field-path.ts';
import {FieldSet, fieldsOf} from './field-set.ts';
import {equalJson, type JsonObject} from './json.ts';
import type {ManagedEntry} from './managed-fields.ts';
import {type Comparison, compareValues, withoutFields} from './merge-compare.ts';
import {removeItems, withNamedFields} from './merge-remove.ts';
import {mergeValues} from './merge-values.ts';
import type {SchemaNode} from './schema.ts';

export {type Comparison, compareValues} from './merge-compare.ts';
export {removeItems, withNamedFields} from './merge-remove.ts';
export {formatErrors, validateTyped} from './merge-validate.ts';
export {mergeValues} from './merge-values.ts';

/** An entry of managedFields: who owns which fields, by which operation. */
export type Owner = ManagedEntry;

/** A field that an apply would take from somebody else. */
export interface Conflict {
  owner: Owner;
  path: FieldPath;
}

/** The schema of an apiVersion; 'gone' where the server no longer serves it: its owners are dropped. */
export type SchemaAt = (apiVersion: string) => SchemaNode | undefined | 'gone';

export interface ApplyInput {
  live: JsonObject;
  /** What the manager sends: all that it wants, and nothing else. */
  applied: JsonObject;
  owners: readonly Owner[];
  /** The manager that applies; its fields are those it sent the last time. */
  self: OwnerIdentity;
  force: boolean;
  schemaAt: SchemaAt;
  /** Fields that this endpoint never writes: status, for the object itself. */
  ignored: FieldSet;
}

export type OwnerIdentity = Pick<Owner, 'manager' | 'operation' | 'apiVersion' | 'subresource'>;

export type ApplyResult =
  | {conflicts: readonly Conflict[]}
  /** `object` is undefined where nothing changes. */
  | {conflicts: undefined; object: JsonObject | undefined; owners: Owner[]};

/**
 * A server-side apply: merges what is sent into what is live, removes what the same manager sent last time and nobody
 * else owns, and moves ownership. Without force, fields of others whose values would change are conflicts.
 * Source: structured-merge-diff, merge/update.go.
 */
export function applyMerge(input: ApplyInput): ApplyResult {
  const {live, applied, self, schemaAt, ignored, force} = input;
  const schema = schemaNow(schemaAt, self.apiVersion);
  const last = input.owners.find(owner => isSame(owner, self));
  const others = input.owners.filter(owner => !isSame(owner, self));
  const own: Owner = {
    ...self,
    time: last?.time,
    fields: fieldsOf(applied, schema).recursiveDifference(ignored),
  };
  const merged = asObject(mergeValues(live, applied, schema), live);
  const pruned = last === undefined ? merged : prune(merged, last, [...others, own], schemaAt);
  const settled = settle(live, pruned, others, force, self.apiVersion, schemaAt, ignored);
  if (settled.conflicts !== undefined) return {conflicts: settled.conflicts};
  const owners = own.fields.isEmpty ? settled.owners : [...settled.owners, own];
  return {conflicts: undefined, object: equalJson(live, pruned) ? undefined : pruned, owners};
}

/**
 * Moves ownership for a write that is no apply: whoever owned what changed loses it to the writer, whose entry keeps
 * what it had besides. Source: structured-merge-diff, merge/update.go.
 */
export function trackUpdate(input: {
  live: JsonObject;
  updated: JsonObject;
  owners: readonly Owner[];
  self: OwnerIdentity;
  schemaAt: SchemaAt;
  ignored: FieldSet;
  /** When it happens, RFC 3339. */
  time: string;
  /** Never owned by anyone: name, uid and their like. */
  stripped: FieldSet;
}): Owner[] {
  const {live, updated, self, schemaAt, ignored, time, stripped} = input;
  const settled = settle(live, updated, input.owners, true, self.apiVersion, schemaAt, ignored);
  const {comparison, owners} = settled;
  const taken = comparison.modified.union(comparison.added).recursiveDifference(ignored).difference(stripped);
  if (taken.isEmpty) return owners;
  const previous = owners.find(owner => isSame(owner, self));
  const entry: Owner = {
    ...self,
    time,
    fields: previous === undefined ? taken : taken.union(previous.fields),
  };
  return [...owners.filter(owner => owner !== previous), entry];
}

/** Entries of one manager are one: by operation and subresource and, for updates, by version. */
export function isSame(a: OwnerIdentity, b: OwnerIdentity): boolean {
  return (
    a.manager === b.manager &&
    a.operation === b.operation &&
    a.subresource === b.subresource &&
    (a.operation === 'Apply' || a.apiVersion === b.apiVersion)
  );
}

function settle(
  before: JsonObject,
  after: JsonObject,
  owners: readonly Owner[],
  force: boolean,
  apiVersion: string,
  schemaAt: SchemaAt,
  ignored: FieldSet,
):
  | {conflicts: Conflict[]; owners: Owner[]; comparison: Comparison}
  | {conflicts: undefined; owners: Owner[]; comparison: Comparison} {
  const comparisons = new Map<string, Comparison>();
  const compareAt = (version: string): Comparison => {
    let comparison = comparisons.get(version);
    if (comparison === undefined) {
      comparison = withoutFields(compareValues(before, after, schemaNow(schemaAt, version)), ignored);
      comparisons.set(version, comparison);
    }
    return comparison;
  };
  const conflicts: Conflict[] = [];
  const kept: Owner[] = [];
  for (const owner of owners) {
    if (schemaAt(owner.apiVersion) === 'gone') continue;
    const {modified, added, removed} = compareAt(owner.apiVersion);
    const lost = owner.fields.intersection(modified.union(added));
    for (const path of lost.paths()) conflicts.push({owner, path});
    const fields = owner.fields.difference(lost).difference(removed);
    if (!fields.isEmpty) kept.push(fields.equals(owner.fields) ? owner : {...owner, fields});
  }
  const comparison = compareAt(apiVersion);
  if (!force && conflicts.length > 0) return {conflicts, owners: kept, comparison};
  return {conflicts: undefined, owners: kept, comparison};
}

/** Removes what the manager sent last time, but what it or others still own. */
function prune(merged: JsonObject, last: Owner, owners: readonly Owner[], schemaAt: SchemaAt): JsonObject {
  if (schemaAt(last.apiVersion) === 'gone') return merged;
  const schema = schemaNow(schemaAt, last.apiVersion);
  const lastSet = withNamedFields(last.fields, schema);
  const all = withNamedFields(fieldsOf(merged, schema), schema);
  let pruned = asObject(removeItems(merged, lastSet, schema), {});
  // What somebody owns comes back, version by version.
  const byVersion = new Map<string, FieldSet>();
  for (const {apiVersion, fields} of owners) {
    byVersion.set(apiVersion, (byVersion.get(apiVersion) ?? FieldSet.empty).union(fields));
  }
  for (const [version, fields] of byVersion) {
    if (schemaAt(version) === 'gone') continue;
    const at = schemaNow(schemaAt, version);
    const everything = withNamedFields(fieldsOf(merged, at), at);
    const left = withNamedFields(fieldsOf(pruned, at), at);
    const owned = withNamedFields(fields, at);
    pruned = asObject(removeItems(merged, everything.difference(left.union(owned)), at), {});
  }
  // What nobody owns, or only went with its parent, was never the manager's to remove.
  const left = withNamedFields(fieldsOf(pruned, schema), schema);
  return asObject(removeItems(merged, all.difference(left).intersection(lastSet), schema), {});
}

function schemaNow(schemaAt: SchemaAt, apiVersion: string): SchemaNode | undefined {
  const schema = schemaAt(apiVersion);
  return schema === 'gone' ? undefined : schema;
}

function asObject(value: unknown, otherwise: JsonObject): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : otherwise;
}
