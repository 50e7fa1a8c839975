import {randomBytes, randomUUID} from 'node:crypto';
import {
  cloneJson,
  equalJson,
  isObject,
  type Json,
  type JsonObject,
  listAt,
  objectAt,
  stringAt,
} from '../../resources/json.ts';
import {applyMerge, type OwnerIdentity, trackUpdate} from '../../resources/merge.ts';
import {Addresses} from './addresses.ts';
import {atVersion, DecodeError, decode, emptyObject, mismatchedKind, nameOf, storedForm} from './codec.ts';
import {validateCustom} from './custom.ts';
import {
  applyConflict,
  capOwners,
  ownersOf,
  resetsManagedFields,
  scaleOwners,
  stripOwners,
  strippedFields,
  withOwners,
  withoutTimes,
} from './managed.ts';
import {apiVersionOf, type Registry, type Served} from './registry.ts';
import {ApiError, alreadyExists, badRequest, conflict, invalid, notFound, qualified} from './status.ts';
import {keyOf, type Store, withRevision} from './store.ts';
import {prepareForCreate, prepareForUpdate, resetFields} from './strategies.ts';
import {validate, validateUpdate} from './validation.ts';
import {podWarnings} from './validation-core.ts';
import {checkApplied, checkNamespace, checkPreconditions} from './write-checks.ts';

/** What a write is about and how it was asked for. */
export interface Write {
  served: Served;
  /** '' for cluster-scoped kinds. */
  namespace: string;
  /** '' where the name comes with the object. */
  name: string;
  subresource: '' | 'status' | 'scale';
  /** fieldManager, or what the user agent says. */
  manager: string;
  dryRun: boolean;
  fieldValidation: 'Ignore' | 'Warn' | 'Strict';
  /** Adds a Warning header to the answer. */
  warn(text: string): void;
}

/** The path that every write takes: decode, default, track owners, prepare, validate, store. */
export class Writer {
  readonly #registry: Registry;
  readonly #store: Store;
  readonly #clock: () => Date;
  readonly #addresses: Addresses;

  constructor(registry: Registry, store: Store, clock: () => Date) {
    this.#registry = registry;
    this.#store = store;
    this.#clock = clock;
    this.#addresses = new Addresses(store);
  }

  /** The current time as Kubernetes writes it, in seconds. */
  now(): string {
    return `${this.#clock().toISOString().slice(0, 19)}Z`;
  }

  /** The live object of a write or 404. */
  live(write: Write): JsonObject {
    const {resource} = write.served;
    const live = this.#store.get(qualified(resource), keyOf(write.namespace, write.name));
    if (live === undefined) throw notFound(resource, write.name);
    return atVersion(live, write.served);
  }

  find(write: Write): JsonObject | undefined {
    const found = this.#store.get(qualified(write.served.resource), keyOf(write.namespace, write.name));
    return found === undefined ? undefined : atVersion(found, write.served);
  }

  /** Reads a request's object. `whole` is false for a patch's result, whose errors are told otherwise. */
  decode(body: Json, write: Write): JsonObject {
    const {served} = write;
    const {kind} = served.resource;
    const refuse = (why: string) =>
      badRequest(
        `${kind} in version ${JSON.stringify(served.version.version)} cannot be handled as a ${kind}: ${why}`,
      );
    if (!isObject(body)) throw refuse('json: cannot unmarshal into a Go struct');
    const mismatch = mismatchedKind(body, served);
    if (mismatch !== undefined) throw badRequest(mismatch);
    const unknown: string[] = [];
    try {
      const object = decode(body, served, unknown);
      const errors = unknown.map(path => `unknown field ${JSON.stringify(path)}`);
      if (write.fieldValidation === 'Strict' && errors.length > 0) {
        throw refuse(`strict decoding error: ${errors.join(', ')}`);
      }
      if (write.fieldValidation === 'Warn') for (const error of errors) write.warn(error);
      return object;
    } catch (error) {
      if (error instanceof DecodeError) throw refuse(error.message);
      throw error;
    }
  }

  /** POST: gives the created object. */
  create(body: Json, write: Write): JsonObject {
    const decoded = this.decode(body, write);
    if (stringAt(objectAt(decoded, 'metadata'), 'resourceVersion') !== undefined) {
      throw new ApiError(500, '', 'resourceVersion should not be set on objects to be created');
    }
    const owned = this.#track(emptyObject(write.served), decoded, write);
    return this.#insert(owned, write);
  }

  /** PUT: gives the updated object. */
  replace(body: Json, write: Write): JsonObject {
    const decoded = this.decode(body, write);
    const live = this.live(write);
    return this.#update(this.#track(live, decoded, write), live, write);
  }

  /** A patch that is no apply: `patch` makes the new object of the live one. */
  patch(patch: (live: JsonObject) => JsonObject, write: Write): JsonObject {
    const live = this.live(write);
    const patched = patch(live);
    const unknown: string[] = [];
    const refuse = (why: string) => {
      const shown = JSON.stringify(JSON.stringify(patched));
      return invalid({group: '', plural: '', kind: ''}, '', [
        {type: 'invalid', field: 'patch', message: `${shown}: ${why}`},
      ]);
    };
    let decoded: JsonObject;
    try {
      decoded = decode(patched, write.served, unknown);
    } catch (error) {
      throw error instanceof DecodeError ? refuse(error.message) : error;
    }
    const errors = unknown.map(path => `unknown field ${JSON.stringify(path)}`);
    if (write.fieldValidation === 'Strict' && errors.length > 0) {
      throw refuse(`strict decoding error: ${errors.join(', ')}`);
    }
    if (write.fieldValidation === 'Warn') for (const error of errors) write.warn(error);
    return this.#update(this.#track(live, decoded, write), live, write);
  }

  /** Server-side apply: creates or merges. `created` tells which. */
  apply(body: Json, write: Write, force: boolean): {object: JsonObject; created: boolean} {
    const {served} = write;
    if (!isObject(body)) throw badRequest('error decoding YAML: json: cannot unmarshal into Go value');
    const stored = this.find(write);
    if (stored === undefined && write.subresource !== '') throw notFound(served.resource, write.name);
    const applied = checkApplied(body, write, this.#registry);
    const live = stored ?? emptyObject(served);
    const merged = this.#merge(live, applied, write, force);
    const uid = stringAt(objectAt(body, 'metadata'), 'uid') ?? '';
    if (stored === undefined && uid !== '') {
      const why = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
      throw conflict(served.resource, write.name, why);
    }
    if (stored === undefined) return {object: this.#insert(merged, write), created: true};
    return {object: this.#update(merged, stored, write), created: false};
  }

  #merge(live: JsonObject, applied: JsonObject, write: Write, force: boolean): JsonObject {
    const {served} = write;
    const apiVersion = apiVersionOf(served);
    const schemaAt = this.#registry.schemaAt(served.resource);
    const ignored = resetFields(served.resource, write.subresource);
    let owners = ownersOf(live, live);
    const current = withOwners({...live, apiVersion}, []);
    if (owners.length === 0 && stringAt(objectAt(live, 'metadata'), 'uid') !== undefined) {
      owners = trackUpdate({
        live: emptyObject(served),
        updated: current,
        owners,
        self: {
          manager: 'before-first-apply',
          operation: 'Update',
          apiVersion,
          subresource: write.subresource,
        },
        schemaAt,
        ignored,
        time: this.now(),
        stripped: strippedFields,
      });
    }
    const self: OwnerIdentity = {
      manager: write.manager,
      operation: 'Apply',
      apiVersion,
      subresource: write.subresource,
    };
    const result = applyMerge({live: current, applied, owners, self, force, schemaAt, ignored});
    if (result.conflicts !== undefined) throw applyConflict(result.conflicts);
    const changed = result.object !== undefined;
    const stamped = stripOwners(result.owners).map(owner =>
      changed &&
      owner.operation === 'Apply' &&
      owner.manager === self.manager &&
      owner.subresource === self.subresource
        ? {...owner, time: this.now()}
        : owner,
    );
    if (result.object === undefined) return withOwners(live, stamped);
    const unknown: string[] = [];
    try {
      return withOwners(decode(result.object, served, unknown), stamped);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      throw new ApiError(500, '', `failed to convert new object: ${error.message}`);
    }
  }

  /** Owners after a write that is no apply. */
  #track(live: JsonObject, updated: JsonObject, write: Write): JsonObject {
    const {served, subresource} = write;
    const isCreate = stringAt(objectAt(live, 'metadata'), 'uid') === undefined;
    if (subresource === '' && resetsManagedFields(updated) && !isCreate) return withOwners(updated, []);
    const owners = subresource === '' ? ownersOf(updated, live) : ownersOf(live, live);
    if (owners.length === 0 && !isCreate) return withOwners(updated, []);
    if (subresource === 'scale')
      return withOwners(updated, scaleOwners(live, updated, owners, write.manager));
    const apiVersion = apiVersionOf(served);
    const tracked = trackUpdate({
      live: withOwners({...live, apiVersion}, []),
      updated: withOwners(updated, []),
      owners,
      self: {manager: write.manager, operation: 'Update', apiVersion, subresource},
      schemaAt: this.#registry.schemaAt(served.resource),
      ignored: resetFields(served.resource, subresource),
      time: this.now(),
      stripped: strippedFields,
    });
    return withOwners(updated, capOwners(tracked));
  }

  #insert(object: JsonObject, write: Write): JsonObject {
    const {served, namespace} = write;
    const {resource} = served;
    const metadata = {...objectAt(object, 'metadata')};
    const place = stringAt(metadata, 'namespace') ?? '';
    if (place !== '' && place !== namespace) {
      throw badRequest(
        'the namespace of the provided object does not match the namespace sent on the request',
      );
    }
    if (write.name !== '' && nameOf(object) !== '' && nameOf(object) !== write.name) {
      throw badRequest(
        `the name of the object (${nameOf(object)}) does not match the name on the URL (${write.name})`,
      );
    }
    checkNamespace(this.#store, write, nameOf(object));
    const generateName = stringAt(metadata, 'generateName') ?? '';
    if (nameOf(object) === '' && generateName !== '') metadata['name'] = generateName + randomSuffix();
    else if (nameOf(object) === '' && write.name !== '') metadata['name'] = write.name;
    const name = stringAt(metadata, 'name') ?? '';
    for (const key of ['deletionTimestamp', 'deletionGracePeriodSeconds', 'resourceVersion', 'selfLink']) {
      delete metadata[key];
    }
    metadata['uid'] = randomUUID();
    metadata['creationTimestamp'] = this.now();
    if (resource.namespaced) metadata['namespace'] = namespace;
    else delete metadata['namespace'];
    const prepared = storedForm(
      cloneJson(prepareForCreate(resource, {...object, metadata}, this.#addresses)),
      served,
    );
    this.#refuse(write, name, [...validate(resource, prepared), ...this.#customErrors(prepared, served)]);
    const key = keyOf(resource.namespaced ? namespace : '', name);
    for (const warning of podWarnings(prepared)) write.warn(warning);
    if (this.#store.get(qualified(resource), key) !== undefined) throw alreadyExists(resource, name);
    if (write.dryRun) return prepared;
    return this.#put(key, prepared, served);
  }

  #update(object: JsonObject, live: JsonObject, write: Write): JsonObject {
    const {served, namespace, name, subresource} = write;
    const {resource} = served;
    const metadata = {...objectAt(object, 'metadata')};
    const before = objectAt(live, 'metadata');
    if (nameOf(object) !== '' && nameOf(object) !== name) {
      throw badRequest(
        `the name of the object (${nameOf(object)}) does not match the name on the URL (${name})`,
      );
    }
    const place = stringAt(metadata, 'namespace') ?? '';
    if (resource.namespaced && place !== '' && place !== namespace) {
      throw badRequest(
        'the namespace of the provided object does not match the namespace sent on the request',
      );
    }
    checkPreconditions(write, metadata, before);
    for (const key of [
      'uid',
      'creationTimestamp',
      'deletionTimestamp',
      'deletionGracePeriodSeconds',
      'resourceVersion',
      'name',
      'namespace',
    ]) {
      const value = before[key];
      if (value === undefined) delete metadata[key];
      else metadata[key] = value;
    }
    const prepared = storedForm(
      cloneJson(prepareForUpdate(resource, subresource, {...object, metadata}, live, this.#addresses)),
      served,
    );
    this.#refuse(write, name, [
      ...(subresource === 'status' ? [] : validate(resource, prepared)),
      ...validateUpdate(resource, prepared, live),
      ...this.#customErrors(prepared, served),
    ]);
    for (const warning of podWarnings(prepared)) write.warn(warning);
    if (equalJson(withoutTimes(prepared), withoutTimes(live))) return live;
    if (write.dryRun) return prepared;
    const key = keyOf(namespace, name);
    if (before['deletionTimestamp'] !== undefined && this.#mayGo(resource.kind, prepared)) {
      const last = withRevision(prepared, this.#store.next());
      this.#store.delete(qualified(resource), key, last);
      return last;
    }
    return this.#put(key, prepared, served);
  }

  #customErrors(object: JsonObject, served: Served) {
    const {schema} = served.version;
    return schema === undefined ? [] : validateCustom(object, schema);
  }

  #refuse(write: Write, name: string, errors: Parameters<typeof invalid>[2]): void {
    if (errors.length > 0) throw invalid(write.served.resource, name, errors);
  }

  #mayGo(kind: string, object: JsonObject): boolean {
    if (listAt(objectAt(object, 'metadata'), 'finalizers').length > 0) return false;
    return kind !== 'Namespace' || listAt(objectAt(object, 'spec'), 'finalizers').length === 0;
  }

  #put(key: string, object: JsonObject, served: Served): JsonObject {
    const {resource} = served;
    const stored = withRevision(object, this.#store.next());
    const apiVersion = apiVersionOf({
      resource,
      version: {...served.version, version: resource.storageVersion},
    });
    this.#store.put(qualified(resource), key, {...stored, apiVersion});
    return stored;
  }
}

// The alphabet leaves out what could make words. Source: apimachinery, pkg/util/rand.
function randomSuffix(): string {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
  return [...randomBytes(5)].map(byte => alphabet[byte % alphabet.length]).join('');
}
