import {fields} from '../../resources/field-path.ts';
import {FieldSet} from '../../resources/field-set.ts';
import {
  equalJson,
  isObject,
  type Json,
  type JsonObject,
  listAt,
  objectAt,
  stringAt,
} from '../../resources/json.ts';
import {managedFieldsOf} from '../../resources/managed-fields.ts';
import {type Conflict, isSame, type Owner} from '../../resources/merge.ts';
import {formatElement} from '../../resources/merge-validate.ts';
import {ApiError} from './status.ts';

/** Fields that nobody owns. Source: apimachinery, pkg/util/managedfields/internal/stripmeta.go. */
export const strippedFields = FieldSet.of([
  fields('apiVersion'),
  fields('kind'),
  fields('metadata'),
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'selfLink',
    'uid',
    'clusterName',
    'generation',
    'managedFields',
    'resourceVersion',
  ].map(name => fields('metadata', name)),
]);

const maxUpdateManagers = 10;
const oldChanges = 'ancient-changes';

/** Whether an update asks to forget all owners: `managedFields: []` or `[{}]`. */
export function resetsManagedFields(object: JsonObject): boolean {
  const list = objectAt(object, 'metadata')['managedFields'];
  if (!Array.isArray(list)) return false;
  const [first] = list;
  return list.length === 0 || (list.length === 1 && isObject(first) && Object.keys(first).length === 0);
}

/** The owners in an object; those of `live` where it names none. */
export function ownersOf(object: JsonObject, live: JsonObject): Owner[] {
  const own = managedFieldsOf(object);
  return own.length > 0 ? own : managedFieldsOf(live);
}

/** The owners without what nobody owns. */
export function stripOwners(owners: readonly Owner[]): Owner[] {
  return owners
    .map(owner => ({...owner, fields: owner.fields.difference(strippedFields)}))
    .filter(owner => !owner.fields.isEmpty);
}

/**
 * Owners after a write to the scale subresource: whoever wrote it owns the replicas, and nobody where there are none,
 * since a Scale leaves out a zero. As in the real server, the new entry has no time.
 * Source: apimachinery, pkg/util/managedfields/scalehandler.go.
 */
export function scaleOwners(
  live: JsonObject,
  updated: JsonObject,
  owners: readonly Owner[],
  manager: string,
): Owner[] {
  const replicas = objectAt(updated, 'spec')['replicas'];
  if (equalJson(replicas, objectAt(live, 'spec')['replicas'])) return [...owners];
  const path = FieldSet.of([fields('spec', 'replicas')]);
  const self = {
    manager,
    operation: 'Update' as const,
    apiVersion: stringAt(updated, 'apiVersion') ?? '',
    subresource: 'scale',
  };
  const known = owners.find(owner => isSame(owner, self));
  const kept = owners
    .map(owner => ({...owner, fields: owner.fields.difference(path)}))
    .filter(owner => !owner.fields.isEmpty);
  return replicas === 0 || replicas === undefined
    ? kept
    : [...kept, {...self, time: known?.time, fields: path}];
}

/**
 * Keeps the entries of updates to ten: the oldest are put together.
 * Source: apimachinery, pkg/util/managedfields/internal/capmanagers.go.
 */
export function capOwners(owners: readonly Owner[]): Owner[] {
  const updates = owners.filter(owner => owner.operation === 'Update');
  if (updates.length <= maxUpdateManagers) return [...owners];
  const oldest = updates.toSorted((a, b) =>
    seconds(a) === seconds(b) ? compare(a.manager, b.manager) : seconds(a) - seconds(b),
  );
  let result = [...owners];
  let count = updates.length;
  const first = new Map<string, Owner>();
  for (const owner of oldest) {
    if (count <= maxUpdateManagers) break;
    const earlier = first.get(owner.apiVersion);
    if (earlier === undefined) {
      first.set(owner.apiVersion, owner);
      continue;
    }
    const bucket: Owner = {
      ...owner,
      manager: oldChanges,
      subresource: '',
      fields: earlier.fields.union(owner.fields),
    };
    result = [
      ...result.filter(other => other !== earlier && other !== owner && !isSame(other, bucket)),
      bucket,
    ];
    first.set(owner.apiVersion, bucket);
    count--;
  }
  return result;
}

/** managedFields as the server writes and sorts them. */
export function formatOwners(owners: readonly Owner[]): Json[] {
  return owners
    .toSorted(
      (a, b) =>
        compare(a.operation, b.operation) ||
        seconds(a) - seconds(b) ||
        compare(a.manager, b.manager) ||
        compare(a.apiVersion, b.apiVersion) ||
        compare(a.subresource, b.subresource),
    )
    .map(owner => ({
      manager: owner.manager,
      operation: owner.operation,
      apiVersion: owner.apiVersion,
      ...(owner.time === undefined ? {} : {time: owner.time}),
      fieldsType: 'FieldsV1',
      fieldsV1: owner.fields.format(),
      ...(owner.subresource === '' ? {} : {subresource: owner.subresource}),
    }));
}

/** The object with these owners in its metadata. */
export function withOwners(object: JsonObject, owners: readonly Owner[]): JsonObject {
  const {managedFields: _, ...metadata} = objectAt(object, 'metadata');
  return {
    ...object,
    metadata: owners.length === 0 ? metadata : {...metadata, managedFields: formatOwners(owners)},
  };
}

/** The object with its owners' times left out: a write that changes nothing else is none. */
export function withoutTimes(object: JsonObject): JsonObject {
  const metadata = objectAt(object, 'metadata');
  const list = listAt(metadata, 'managedFields').map(entry => {
    const {time: _, ...rest} = isObject(entry) ? entry : {};
    return rest;
  });
  // Entries sort by their times.
  list.sort((a, b) =>
    compare(
      JSON.stringify([a['operation'], a['manager'], a['subresource']]),
      JSON.stringify([b['operation'], b['manager'], b['subresource']]),
    ),
  );
  return {...object, metadata: {...metadata, managedFields: list}};
}

/** 409 with a cause for each field that somebody else owns, in the server's words. */
export function applyConflict(conflicts: readonly Conflict[]): ApiError {
  const named = conflicts.map(conflict => ({
    manager: formatManager(conflict.owner),
    path: conflict.path.map(formatElement).join(''),
  }));
  let message: string;
  const [first] = named;
  if (named.length === 1 && first !== undefined) {
    message = `Apply failed with 1 conflict: conflict with ${first.manager}: ${first.path}`;
  } else {
    const lines: string[] = [];
    for (const manager of [...new Set(named.map(each => each.manager))].sort()) {
      lines.push(`conflicts with ${manager}:`);
      for (const each of named) if (each.manager === manager) lines.push(`- ${each.path}`);
    }
    message = `Apply failed with ${named.length} conflicts: ${lines.join('\n')}`;
  }
  const causes = named.map(({manager, path}) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${manager}`,
    field: path,
  }));
  return new ApiError(409, 'Conflict', message, {causes});
}

function formatManager(owner: Owner): string {
  let text = JSON.stringify(owner.manager);
  if (owner.subresource !== '') text += ` with subresource ${JSON.stringify(owner.subresource)}`;
  return owner.operation === 'Update' ? `${text} using ${owner.apiVersion}` : text;
}

function seconds(owner: Owner): number {
  return owner.time === undefined ? 0 : Math.floor(Date.parse(owner.time) / 1000);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
