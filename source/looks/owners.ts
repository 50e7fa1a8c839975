import {identityOf, type ResourceId} from '../resources/identity.ts';
import {isObject, type JsonObject, listAt, objectAt, stringAt} from '../resources/json.ts';

/** A kind that may stand between what is looked at and its pods. */
export interface OwnerKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

const replicaSets: OwnerKind = {group: 'apps', version: 'v1', kind: 'ReplicaSet'};
const jobs: OwnerKind = {group: 'batch', version: 'v1', kind: 'Job'};
const deployments: OwnerKind = {group: 'apps', version: 'v1', kind: 'Deployment'};
const statefulSets: OwnerKind = {group: 'apps', version: 'v1', kind: 'StatefulSet'};
const daemonSets: OwnerKind = {group: 'apps', version: 'v1', kind: 'DaemonSet'};

/** Kinds of Kubernetes itself that own pods: by themselves, or through another one. */
const through: Readonly<Record<string, readonly OwnerKind[]>> = {
  'apps/Deployment': [replicaSets],
  'batch/CronJob': [jobs],
  'apps/ReplicaSet': [],
  'apps/StatefulSet': [],
  'apps/DaemonSet': [],
  'batch/Job': [],
  '/ReplicationController': [],
};

/** Groups whose other kinds own no pods; of kinds of somebody's own nobody knows. */
const withoutPods =
  /^(?:|apps|batch|policy|autoscaling|networking\.k8s\.io|rbac\.authorization\.k8s\.io|storage\.k8s\.io|scheduling\.k8s\.io|apiextensions\.k8s\.io|admissionregistration\.k8s\.io|coordination\.k8s\.io)$/;

/** Which kinds lead from an object to its pods; undefined where it has none. */
export function ownersBetween({group, kind}: ResourceId): readonly OwnerKind[] | undefined {
  if (group === '' && kind === 'Pod') return [];
  const known = through[`${group}/${kind}`];
  if (known !== undefined) return known;
  return withoutPods.test(group) ? undefined : [deployments, statefulSets, daemonSets, replicaSets, jobs];
}

/** The uids of an object and of all among the candidates that it owns, directly or through others. */
export function ownedUids(root: string, candidates: readonly JsonObject[]): Map<string, JsonObject | null> {
  const owned = new Map<string, JsonObject | null>([[root, null]]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const object of candidates) {
      const uid = stringAt(objectAt(object, 'metadata'), 'uid') ?? '';
      if (owned.has(uid) || !isOwnedBy(object, owned)) continue;
      owned.set(uid, object);
      grown = true;
    }
  }
  return owned;
}

/** True for an object with an owner among these uids. */
export function isOwnedBy(object: JsonObject, uids: ReadonlyMap<string, unknown>): boolean {
  return ownerUids(object).some(uid => uids.has(uid));
}

/** The uids that an object names as its owners. */
export function ownerUids(object: JsonObject): string[] {
  return listAt(objectAt(object, 'metadata'), 'ownerReferences').flatMap(item => stringAt(item, 'uid') ?? []);
}

/**
 * True where a name is one that a controller gives what it makes of an owner: of a ReplicaSet or DaemonSet five
 * characters (apimachinery's SafeEncodeString), of a StatefulSet a number, of a CronJob the minute. So what is gone already
 * can still be told to have been its.
 */
export function isNamedAfter(owner: ResourceId, {kind, name}: {kind: string; name: string}): boolean {
  const rest = name.startsWith(`${owner.name}-`) ? name.slice(owner.name.length + 1) : '';
  switch (owner.kind) {
    case 'ReplicaSet':
    case 'DaemonSet':
    case 'Job':
      return kind === 'Pod' && /^(?:\d+-)?[bcdfghjklmnpqrstvwxz2456789]{5}$/.test(rest);
    case 'StatefulSet':
      return kind === 'Pod' && /^\d+$/.test(rest);
    case 'CronJob':
      return kind === 'Job' && /^\d{8,}$/.test(rest);
    default:
      return false;
  }
}

/** The selector of an object's pods as a query has it; undefined where it has none. */
export function podSelector(object: JsonObject): string | undefined {
  const selector = objectAt(object, 'spec')['selector'];
  if (!isObject(selector)) return undefined;
  // A ReplicationController's is a map of labels, as a Service's.
  const hasForm = 'matchLabels' in selector || 'matchExpressions' in selector;
  const labels = hasForm ? objectAt(selector, 'matchLabels') : selector;
  const parts = Object.entries(labels).map(([key, value]) => `${key}=${String(value)}`);
  for (const item of hasForm ? listAt(selector, 'matchExpressions') : []) {
    const key = stringAt(item, 'key') ?? '';
    const values = listAt(item, 'values').map(String).join(',');
    const operator = stringAt(item, 'operator');
    if (operator === 'In') parts.push(`${key} in (${values})`);
    else if (operator === 'NotIn') parts.push(`${key} notin (${values})`);
    else if (operator === 'Exists') parts.push(key);
    else if (operator === 'DoesNotExist') parts.push(`!${key}`);
  }
  return parts.length === 0 ? undefined : parts.join(',');
}

/** True where two identities name the same object. */
export function isSame(a: ResourceId, object: JsonObject): boolean {
  const b = identityOf(object);
  return a.group === b.group && a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
}
