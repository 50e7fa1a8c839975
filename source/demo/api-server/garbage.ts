import {type JsonObject, listAt, objectAt, stringAt} from '../../resources/json.ts';
import type {ControllerContext} from './controllers.ts';
import {remove} from './remover.ts';
import type {Change} from './store.ts';
import {keyOf, withRevision} from './store.ts';

type Later = (ms: number, act: () => void) => void;

// What these wait for is done at once here: no pod uses a claim, and dependents go in the same moment.
const released = new Set(['kubernetes.io/pvc-protection', 'orphan', 'foregroundDeletion']);

/**
 * Collects what lost all its owners, empties namespaces that are being deleted, removes the resources of a deleted
 * definition, and takes off the finalizers that Kubernetes' own controllers would.
 */
export function startGarbageCollector(context: ControllerContext, later: Later): () => void {
  return context.store.watch(change => {
    const metadata = objectAt(change.object, 'metadata');
    if (change.type === 'DELETED') {
      later(0, () => collect(context, stringAt(metadata, 'uid') ?? ''));
      if (change.resource === 'customresourcedefinitions.apiextensions.k8s.io') {
        later(0, () => removeAll(context, stringAt(metadata, 'name') ?? ''));
      }
      const namespace = stringAt(metadata, 'namespace');
      if (namespace !== undefined) later(0, () => finishNamespace(context, namespace));
    } else if (metadata['deletionTimestamp'] !== undefined) {
      if (change.resource === 'namespaces')
        later(0, () => emptyNamespace(context, stringAt(metadata, 'name') ?? ''));
      else later(0, () => release(context, change));
    }
  });
}

function* everyObject({
  store,
}: ControllerContext): Generator<{resource: string; key: string; object: JsonObject}> {
  for (const resource of store.resources()) {
    for (const [key, object] of store.entries(resource)) yield {resource, key, object};
  }
}

function deleteObject(context: ControllerContext, resourceName: string, object: JsonObject): void {
  const resource = context.registry.byStoreName(resourceName);
  const version = resource?.versions.find(served => served.version === resource.storageVersion);
  const metadata = objectAt(object, 'metadata');
  const namespace = stringAt(metadata, 'namespace') ?? '';
  const name = stringAt(metadata, 'name') ?? '';
  if (resource === undefined || version === undefined) {
    // Its definition is gone already.
    const last = withRevision(object, context.store.next());
    context.store.delete(resourceName, keyOf(namespace, name), last);
    return;
  }
  const removal = {served: {resource, version}, namespace, name, dryRun: false, now: context.writer.now()};
  remove(context.store, removal, {});
}

/** Deletes what only this owner held, and drops it from the owners of the rest. */
function collect(context: ControllerContext, uid: string): void {
  const living = new Set<string>();
  for (const {object} of everyObject(context))
    living.add(stringAt(objectAt(object, 'metadata'), 'uid') ?? '');
  for (const {resource, object} of [...everyObject(context)]) {
    const owners = listAt(objectAt(object, 'metadata'), 'ownerReferences');
    if (!owners.some(owner => stringAt(owner, 'uid') === uid)) continue;
    if (owners.every(owner => !living.has(stringAt(owner, 'uid') ?? '')))
      deleteObject(context, resource, object);
  }
}

function removeAll(context: ControllerContext, resource: string): void {
  for (const [, object] of context.store.entries(resource)) deleteObject(context, resource, object);
}

function emptyNamespace(context: ControllerContext, name: string): void {
  for (const {resource, object} of [...everyObject(context)]) {
    const metadata = objectAt(object, 'metadata');
    if (metadata['namespace'] === name && metadata['deletionTimestamp'] === undefined) {
      deleteObject(context, resource, object);
    }
  }
  finishNamespace(context, name);
}

function finishNamespace(context: ControllerContext, name: string): void {
  const {store} = context;
  const namespace = store.get('namespaces', keyOf('', name));
  if (namespace === undefined || objectAt(namespace, 'metadata')['deletionTimestamp'] === undefined) return;
  for (const {object} of everyObject(context)) {
    if (objectAt(object, 'metadata')['namespace'] === name) return;
  }
  if (listAt(objectAt(namespace, 'metadata'), 'finalizers').length > 0) return;
  store.delete('namespaces', keyOf('', name), withRevision({...namespace, spec: {}}, store.next()));
}

/** Takes off the finalizers of the controllers that aren't here; orphaning leaves dependents without their owner. */
function release(context: ControllerContext, change: Change): void {
  const {store} = context;
  const live = store.get(change.resource, change.key);
  if (live === undefined) return;
  const metadata = objectAt(live, 'metadata');
  const finalizers = listAt(metadata, 'finalizers');
  const left = finalizers.filter(name => typeof name !== 'string' || !released.has(name));
  if (left.length === finalizers.length) return;
  const uid = stringAt(metadata, 'uid') ?? '';
  if (finalizers.includes('orphan')) orphan(context, uid);
  if (left.length > 0) {
    const kept = withRevision({...live, metadata: {...metadata, finalizers: left}}, store.next());
    store.put(change.resource, change.key, kept);
    return;
  }
  const {finalizers: _, ...rest} = metadata;
  store.delete(change.resource, change.key, withRevision({...live, metadata: rest}, store.next()));
}

function orphan(context: ControllerContext, uid: string): void {
  for (const {resource, key, object} of [...everyObject(context)]) {
    const metadata = objectAt(object, 'metadata');
    const owners = listAt(metadata, 'ownerReferences');
    const left = owners.filter(owner => stringAt(owner, 'uid') !== uid);
    if (left.length === owners.length) continue;
    const {ownerReferences: _, ...rest} = metadata;
    const next = {...object, metadata: left.length > 0 ? {...rest, ownerReferences: left} : rest};
    context.store.put(resource, key, withRevision(next, context.store.next()));
  }
}
