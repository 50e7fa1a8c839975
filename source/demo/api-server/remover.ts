import {isObject, type Json, type JsonObject, listAt, objectAt, stringAt} from '../../resources/json.ts';
import type {Resource} from './catalog.ts';
import {atVersion} from './codec.ts';
import type {Served} from './registry.ts';
import {badRequest, conflict, notFound, qualified} from './status.ts';
import type {Store} from './store.ts';
import {keyOf, withRevision} from './store.ts';

// The others answer with a Status. Source: kubernetes, pkg/registry/*/storage, ReturnDeletedObject.
const returnsObject = new Set(['Namespace', 'Pod', 'Service', 'ServiceAccount', 'PersistentVolumeClaim']);

export interface Removal {
  served: Served;
  namespace: string;
  name: string;
  dryRun: boolean;
  now: string;
}

/** DELETE: gives the answer's body. `options` is the request's DeleteOptions, with what the URL says merged in. */
export function remove(store: Store, removal: Removal, options: JsonObject): JsonObject {
  const {served, namespace, name, dryRun} = removal;
  const {resource} = served;
  const key = keyOf(namespace, name);
  const live = store.get(qualified(resource), key);
  if (live === undefined) throw notFound(resource, name);
  checkPreconditions(resource, name, live, options);
  const metadata = objectAt(live, 'metadata');
  const finalizers = finalizersAfter(resource, listAt(metadata, 'finalizers'), options);
  const waits =
    finalizers.length > 0 ||
    (resource.kind === 'Namespace' && listAt(objectAt(live, 'spec'), 'finalizers').length > 0);
  if (!waits) {
    const state = resource.kind === 'Pod' ? markTerminating(resource, live, [], removal.now) : live;
    const last = withRevision(state, store.next());
    if (!dryRun) store.delete(qualified(resource), key, last);
    if (returnsObject.has(resource.kind)) return atVersion(dryRun ? live : last, served);
    return success(resource, name, stringAt(metadata, 'uid') ?? '');
  }
  if (metadata['deletionTimestamp'] !== undefined) return atVersion(live, served);
  const terminating = markTerminating(resource, live, finalizers, removal.now);
  if (dryRun) return atVersion(terminating, served);
  const stored = withRevision(terminating, store.next());
  store.put(qualified(resource), key, stored);
  return atVersion(stored, served);
}

/** The object on its way out: with the time of its end, which its finalizers hold up. */
function markTerminating(
  resource: Resource,
  live: JsonObject,
  finalizers: readonly Json[],
  now: string,
): JsonObject {
  const metadata = objectAt(live, 'metadata');
  const generation = metadata['generation'];
  const marked: JsonObject = {
    ...live,
    metadata: {
      ...metadata,
      ...(typeof generation === 'number' ? {generation: generation + 1} : {}),
      ...(finalizers.length > 0 ? {finalizers: [...finalizers]} : {}),
      deletionTimestamp: now,
      ...(resource.kind === 'Namespace' ? {} : {deletionGracePeriodSeconds: 0}),
    },
  };
  if (resource.kind === 'Namespace') {
    return {...marked, status: {...objectAt(live, 'status'), phase: 'Terminating'}};
  }
  return marked;
}

/** Jobs keep their pods unless they are told otherwise, as they did when they were new. */
export function orphansByDefault(resource: Resource, options: JsonObject): boolean {
  return (
    resource.kind === 'Job' &&
    options['propagationPolicy'] === undefined &&
    options['orphanDependents'] === undefined
  );
}

function finalizersAfter(resource: Resource, finalizers: readonly Json[], options: JsonObject): Json[] {
  const policy =
    options['orphanDependents'] === true || orphansByDefault(resource, options)
      ? 'Orphan'
      : (stringAt(options, 'propagationPolicy') ?? 'Background');
  if (!['Orphan', 'Background', 'Foreground'].includes(policy)) {
    throw badRequest(`invalid propagationPolicy ${policy}`);
  }
  const others = finalizers.filter(name => name !== 'orphan' && name !== 'foregroundDeletion');
  if (policy === 'Orphan') return [...others, 'orphan'];
  return policy === 'Foreground' ? [...others, 'foregroundDeletion'] : others;
}

function checkPreconditions(resource: Resource, name: string, live: JsonObject, options: JsonObject): void {
  const preconditions = options['preconditions'];
  if (!isObject(preconditions)) return;
  const metadata = objectAt(live, 'metadata');
  // The real server names the kind here, not the resource.
  const subject = {...resource, plural: resource.kind, group: ''};
  const {uid, resourceVersion} = preconditions;
  if (typeof uid === 'string' && uid !== metadata['uid']) {
    throw conflict(
      subject,
      name,
      `the UID in the precondition (${uid}) does not match the UID in record (${String(metadata['uid'])}). The object might have been deleted and then recreated`,
    );
  }
  if (typeof resourceVersion === 'string' && resourceVersion !== metadata['resourceVersion']) {
    throw conflict(
      subject,
      name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${String(metadata['resourceVersion'])}). The object might have been modified`,
    );
  }
}

function success(resource: Resource, name: string, uid: string): JsonObject {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name,
      ...(resource.group === '' ? {} : {group: resource.group}),
      kind: resource.plural,
      uid,
    },
  };
}
