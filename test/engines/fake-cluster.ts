import {setImmediate as soon} from 'node:timers/promises';
import {matchesSelector} from '../../source/cluster/label-selector.ts';
import {
  type Cluster,
  ClusterError,
  type DeleteOptions,
  type JsonPatchOperation,
  type KindCatalog,
  type ListOptions,
  TooManyObjects,
} from '../../source/cluster/types.ts';
import {formatPath} from '../../source/resources/field-path.ts';
import {FieldSet} from '../../source/resources/field-set.ts';
import {identityKey, type ResourceId, splitApiVersion} from '../../source/resources/identity.ts';
import {cloneJson, type Json, type JsonObject, objectAt, stringAt} from '../../source/resources/json.ts';
import {apiVersionOf, type Kind} from '../../source/resources/kind.ts';
import {managedFieldsOf} from '../../source/resources/managed-fields.ts';
import {applyMerge, trackUpdate} from '../../source/resources/merge.ts';

/** Makes a kind; lists, reads and writes are served. */
export function kindOf(apiVersion: string, kind: string, namespaced = true): Kind {
  const {group, version} = splitApiVersion(apiVersion);
  const verbs = ['get', 'list', 'create', 'patch', 'delete'];
  return {group, version, kind, plural: `${kind.toLowerCase()}s`, namespaced, verbs, subresources: []};
}

export const usualKinds: readonly Kind[] = [
  kindOf('v1', 'Namespace', false),
  kindOf('v1', 'ConfigMap'),
  kindOf('v1', 'Secret'),
  kindOf('v1', 'Service'),
  kindOf('apps/v1', 'Deployment'),
  kindOf('apiextensions.k8s.io/v1', 'CustomResourceDefinition', false),
];

/** A request as a test sees it: `apply ConfigMap/shop/settings`, `dry-run …`, `list ConfigMap shop`. */
export type Refuse = (request: string) => ClusterError | undefined;

// What the server owns: nobody applies it.
const stripped = FieldSet.parse({
  'f:apiVersion': {},
  'f:kind': {},
  'f:metadata': Object.fromEntries(
    [
      'f:name',
      'f:namespace',
      'f:uid',
      'f:resourceVersion',
      'f:managedFields',
      'f:generation',
      'f:creationTimestamp',
    ].map(key => [key, {}]),
  ),
});

/**
 * A cluster in memory, for tests of order, refusals and moments that a real server does not offer. It keeps objects,
 * versions and owners as server-side apply does, without schemas, defaults or admission.
 */
export class FakeCluster implements Cluster {
  readonly context = 'fake';
  readonly server = 'https://fake.invalid';
  readonly namespace = 'default';
  readonly kindsServed: Kind[];
  readonly failures = new Map<string, string>();
  /** Every request, in order. */
  readonly requests: string[] = [];
  /** Lets a test refuse a request, or do something just before it. */
  refuse: Refuse = () => undefined;
  readonly #objects = new Map<string, JsonObject>();
  #version = 100;

  constructor(kinds: readonly Kind[] = usualKinds) {
    this.kindsServed = [...kinds];
  }

  /** The writes that were made, in order: no reads, no dry runs. */
  get writes(): string[] {
    return this.requests.filter(request => /^(apply|create|delete|json-patch|merge-patch) /.test(request));
  }

  /** The version of the last change. */
  get version(): string {
    return String(this.#version);
  }

  /** Puts an object there as another manager would. */
  async seed(
    object: JsonObject,
    manager = 'kubectl',
    operation: 'Apply' | 'Update' = 'Apply',
  ): Promise<void> {
    const metadata = objectAt(object, 'metadata');
    const {group} = splitApiVersion(stringAt(object, 'apiVersion') ?? '');
    const kind = this.kindsServed.find(item => item.group === group && item.kind === object['kind']);
    if (kind === undefined) throw new Error(`no kind for ${String(object['kind'])}`);
    const id = idOf(kind, stringAt(metadata, 'namespace') ?? '', stringAt(metadata, 'name') ?? '');
    if (operation === 'Apply') this.#merge(kind, id, object, manager, true, false);
    else this.#update(kind, id, object, manager);
  }

  /** The object as it stands, for assertions. */
  peek(apiVersion: string, kind: string, namespace: string, name: string): JsonObject | undefined {
    const {group} = splitApiVersion(apiVersion);
    return this.#objects.get(identityKey({group, kind, namespace, name}));
  }

  async kinds(): Promise<KindCatalog> {
    const kinds = this.kindsServed;
    const find = (group: string, version: string, kind: string) =>
      kinds.find(item => item.group === group && item.version === version && item.kind === kind);
    return {
      find,
      preferred: (group, kind) => kinds.find(item => item.group === group && item.kind === kind),
      all: () => kinds,
      failures: this.failures,
    };
  }

  async schema(): Promise<undefined> {
    return undefined;
  }

  async list(kind: Kind, options: ListOptions = {}) {
    const only = options.name === undefined ? '' : ` ${options.name}`;
    await this.#ask(`list ${kind.kind} ${options.namespace ?? '*'}${only}`, options.signal);
    const items = [...this.#objects.values()].filter(object => {
      const metadata = objectAt(object, 'metadata');
      if (
        object['kind'] !== kind.kind ||
        splitApiVersion(stringAt(object, 'apiVersion') ?? '').group !== kind.group
      )
        return false;
      if (options.namespace !== undefined && metadata['namespace'] !== options.namespace) return false;
      if (options.name !== undefined && metadata['name'] !== options.name) return false;
      return options.labelSelector === undefined || matchesSelector(options.labelSelector)(object);
    });
    if (items.length > (options.most ?? Number.POSITIVE_INFINITY))
      throw new TooManyObjects(`there are ${items.length}`, items.length);
    const {keep = item => item} = options;
    return {items: items.map(item => keep(cloneJson(item))), resourceVersion: this.version};
  }

  async get(kind: Kind, namespace: string, name: string, signal?: AbortSignal) {
    const id = idOf(kind, namespace, name);
    await this.#ask(`get ${text(id)}`, signal);
    const found = this.#objects.get(identityKey(id));
    return found === undefined ? undefined : cloneJson(found);
  }

  async apply(
    kind: Kind,
    object: JsonObject,
    options: {fieldManager: string; force?: boolean; dryRun?: boolean; signal?: AbortSignal | undefined},
  ) {
    const metadata = objectAt(object, 'metadata');
    const id = idOf(kind, stringAt(metadata, 'namespace') ?? '', stringAt(metadata, 'name') ?? '');
    await this.#ask(`${options.dryRun ? 'dry-run' : 'apply'} ${text(id)}`, options.signal);
    const live = this.#objects.get(identityKey(id));
    const uid = stringAt(metadata, 'uid');
    if (uid !== undefined && uid !== stringAt(objectAt(live ?? {}, 'metadata'), 'uid')) {
      throw new ClusterError('conflict', `uid mismatch: the provided object specified uid ${uid}`, {
        status: 409,
      });
    }
    if (kind.namespaced && !this.#objects.has(`/Namespace//${id.namespace}`)) {
      throw new ClusterError('not-found', `namespaces "${id.namespace}" not found`, {status: 404});
    }
    return this.#merge(
      kind,
      id,
      object,
      options.fieldManager,
      options.force ?? false,
      options.dryRun ?? false,
    );
  }

  async create(kind: Kind, object: JsonObject): Promise<JsonObject> {
    return this.apply(kind, object, {fieldManager: 'create'});
  }

  async jsonPatch(
    kind: Kind,
    namespace: string,
    name: string,
    operations: readonly JsonPatchOperation[],
    options: {dryRun?: boolean; fieldManager?: string; signal?: AbortSignal | undefined} = {},
  ): Promise<JsonObject> {
    const id = idOf(kind, namespace, name);
    await this.#ask(`${options.dryRun ? 'dry-run-patch' : 'json-patch'} ${text(id)}`, options.signal);
    const live = this.#objects.get(identityKey(id));
    if (live === undefined) throw new ClusterError('not-found', `${text(id)} not found`, {status: 404});
    const patched = cloneJson(live);
    for (const operation of operations) patch(patched, operation);
    return this.#update(kind, id, patched, options.fieldManager ?? 'unknown', options.dryRun ?? false);
  }

  async mergePatch(): Promise<JsonObject> {
    throw new Error('the fake has no merge patch');
  }

  async delete(kind: Kind, namespace: string, name: string, options: DeleteOptions = {}) {
    const id = idOf(kind, namespace, name);
    await this.#ask(`delete ${text(id)}`, options.signal);
    const metadata = objectAt(this.#objects.get(identityKey(id)) ?? {}, 'metadata');
    for (const [given, key] of [
      [options.uid, 'uid'],
      [options.resourceVersion, 'resourceVersion'],
    ] as const) {
      if (given !== undefined && given !== metadata[key]) {
        throw new ClusterError('conflict', `the ${key} in the precondition does not match`, {status: 409});
      }
    }
    if (!this.#objects.delete(identityKey(id)))
      throw new ClusterError('not-found', `${text(id)} not found`, {status: 404});
    this.#version++;
  }

  async allowed(): Promise<boolean> {
    return true;
  }

  close(): void {}

  async #ask(request: string, signal?: AbortSignal): Promise<void> {
    await soon();
    signal?.throwIfAborted();
    this.requests.push(request);
    const refusal = this.refuse(request);
    if (refusal !== undefined) throw refusal;
  }

  #merge(
    kind: Kind,
    id: ResourceId,
    sent: JsonObject,
    manager: string,
    force: boolean,
    dryRun: boolean,
  ): JsonObject {
    const existing = this.#objects.get(identityKey(id));
    const live = existing ?? this.#fresh(kind, id);
    const {uid: _uid, ...metadata} = objectAt(sent, 'metadata');
    const result = applyMerge({
      live: bare(live),
      applied: {...sent, metadata},
      owners: managedFieldsOf(live),
      self: {manager, operation: 'Apply', apiVersion: apiVersionOf(kind), subresource: ''},
      force,
      schemaAt: () => undefined,
      ignored: stripped.union(FieldSet.parse({'f:status': {}})),
    });
    if (result.conflicts !== undefined) {
      throw new ClusterError('conflict', `Apply failed with ${result.conflicts.length} conflicts`, {
        status: 409,
        causes: result.conflicts.map(({owner, path}) => ({
          field: `.${formatPath(path)}`,
          message: `conflict with "${owner.manager}"${owner.operation === 'Update' ? ' using v1' : ''}`,
          reason: 'FieldManagerConflict',
        })),
      });
    }
    return this.#store(id, result.object ?? bare(live), result.owners, existing, dryRun);
  }

  #update(kind: Kind, id: ResourceId, object: JsonObject, manager: string, dryRun = false): JsonObject {
    const existing = this.#objects.get(identityKey(id));
    const live = existing ?? this.#fresh(kind, id);
    const owners = trackUpdate({
      live: bare(live),
      updated: bare(object),
      owners: managedFieldsOf(live),
      self: {manager, operation: 'Update', apiVersion: apiVersionOf(kind), subresource: ''},
      schemaAt: () => undefined,
      ignored: FieldSet.parse({'f:status': {}}),
      time: '2026-11-21T08:00:00Z',
      stripped,
    });
    return this.#store(id, bare(object), owners, existing, dryRun);
  }

  #store(
    id: ResourceId,
    object: JsonObject,
    owners: readonly ReturnType<typeof managedFieldsOf>[number][],
    existing: JsonObject | undefined,
    dryRun: boolean,
  ): JsonObject {
    const managedFields = owners.map(({fields, time, subresource, ...owner}) => ({
      ...owner,
      ...(time === undefined ? {} : {time}),
      ...(subresource === '' ? {} : {subresource}),
      fieldsType: 'FieldsV1',
      fieldsV1: fields.format(),
    }));
    const before = objectAt(existing ?? {}, 'metadata');
    const uid = stringAt(before, 'uid') ?? `uid-${++this.#version}`;
    const metadata = {
      ...objectAt(object, 'metadata'),
      uid,
      // A dry run makes no version of its own.
      resourceVersion: (dryRun ? stringAt(before, 'resourceVersion') : undefined) ?? String(++this.#version),
      managedFields,
    };
    const stored: JsonObject = {...object, metadata};
    if (!dryRun) this.#objects.set(identityKey(id), stored);
    return cloneJson(stored);
  }

  #fresh(kind: Kind, id: ResourceId): JsonObject {
    const namespace = id.namespace === '' ? {} : {namespace: id.namespace};
    return {apiVersion: apiVersionOf(kind), kind: kind.kind, metadata: {name: id.name, ...namespace}};
  }
}

function bare(object: JsonObject): JsonObject {
  const {managedFields: _fields, resourceVersion: _version, ...metadata} = objectAt(object, 'metadata');
  return {...object, metadata};
}

function idOf(kind: Kind, namespace: string, name: string): ResourceId {
  return {group: kind.group, kind: kind.kind, namespace: kind.namespaced ? namespace : '', name};
}

function text({kind, namespace, name}: ResourceId): string {
  return namespace === '' ? `${kind}/${name}` : `${kind}/${namespace}/${name}`;
}

// RFC 6902, as far as the engine uses it.
function patch(root: JsonObject, {op, path, value}: JsonPatchOperation): void {
  const steps = path
    .split('/')
    .slice(1)
    .map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = steps.pop() ?? '';
  let parent: Json = root;
  for (const step of steps) {
    const next: Json | undefined = Array.isArray(parent)
      ? parent[Number(step)]
      : objectAt({parent}, 'parent')[step];
    if (next === undefined) throw new ClusterError('invalid', `no ${path}`, {status: 422});
    parent = next;
  }
  if (Array.isArray(parent)) {
    if (op === 'remove') parent.splice(Number(last), 1);
    else throw new Error(`the fake can't ${op} in a list`);
    return;
  }
  const object = parent as JsonObject;
  if (op === 'test' && object[last] !== value) {
    throw new ClusterError('invalid', `test of ${path} failed`, {status: 422});
  }
  if (op === 'remove') delete object[last];
  if ((op === 'add' || op === 'replace') && value !== undefined) object[last] = value;
}
