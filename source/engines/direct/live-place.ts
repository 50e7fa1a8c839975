import {type Cluster, ClusterError, type Watcher} from '../../cluster/types.ts';
import {type JsonObject, objectAt, stringAt} from '../../resources/json.ts';
import type {Kind} from '../../resources/kind.ts';

/** A cluster that may be able to tell changes. */
export type FollowedCluster = Cluster & Partial<Watcher>;

/** Which objects: a kind, in one namespace or (undefined) all, all of them or those with a label or a name. */
export interface Place {
  kind: Kind;
  namespace?: string | undefined;
  labelSelector?: string | undefined;
  name?: string | undefined;
}

/** How a place says what happened to it. */
export interface PlaceEvents {
  /** Something changed, or has to be read again: read the place. */
  changed(): void;
  /** The watch failed otherwise than by being denied. */
  failed(error: ClusterError): void;
}

/** How a place is kept. */
export interface PlaceOptions extends PlaceEvents {
  /** How often what can't be watched is read again, in ms. */
  pollMs: number;
}

/** A watch that expires as soon as it begins is not begun again at once. */
const breathMs = 1000;

/**
 * The objects of a place as they are live: read once, then kept by a watch; read again where the watch has expired, and
 * now and then where watching is denied. What could be read stays until it can be read again.
 */
export class LivePlace {
  readonly #cluster: FollowedCluster;
  readonly #place: Place;
  readonly #options: PlaceOptions;
  readonly #closed = new AbortController();
  #objects: Map<string, JsonObject> | undefined;
  /** What was read before: an object that is the same still is not taken for another one. */
  #before: ReadonlyMap<string, JsonObject> = new Map();
  #loading: Promise<Map<string, JsonObject>> | undefined;
  #denied: ClusterError | undefined;
  #watching: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(cluster: FollowedCluster, place: Place, options: PlaceOptions) {
    this.#cluster = cluster;
    this.#place = place;
    this.#options = options;
  }

  /** The objects by namespace/name. Throws ClusterError where they can't be read: until the next poll, without asking. */
  async read(): Promise<ReadonlyMap<string, JsonObject>> {
    if (this.#denied !== undefined) throw this.#denied;
    if (this.#objects !== undefined) return this.#objects;
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  /** Has everything read anew: its connection may be dead without a word. */
  forget(): void {
    this.#watching?.abort();
    this.#watching = undefined;
    clearTimeout(this.#timer);
    this.#before = this.#objects ?? this.#before;
    this.#objects = undefined;
    this.#denied = undefined;
  }

  close(): void {
    this.forget();
    this.#closed.abort();
  }

  async #load(): Promise<Map<string, JsonObject>> {
    clearTimeout(this.#timer);
    try {
      const {items, resourceVersion} = await this.#list();
      const objects = new Map<string, JsonObject>();
      for (const item of items) {
        const known = this.#before.get(keyOf(item));
        objects.set(keyOf(item), known !== undefined && versionOf(known) === versionOf(item) ? known : item);
      }
      this.#objects = objects;
      this.#watch(resourceVersion);
      return objects;
    } catch (error) {
      if (error instanceof ClusterError && error.reason !== 'aborted') {
        this.#denied = error;
        this.#poll();
      }
      throw error;
    }
  }

  async #list(): Promise<{items: readonly JsonObject[]; resourceVersion: string}> {
    const {kind, namespace = '', labelSelector, name} = this.#place;
    const signal = this.#closed.signal;
    const where = kind.namespaced && namespace !== '' ? {namespace} : {};
    try {
      return await this.#cluster.list(kind, {
        ...where,
        ...(labelSelector === undefined ? {} : {labelSelector}),
        ...(name === undefined ? {} : {name}),
        signal,
      });
    } catch (error) {
      // Whoever may not list may still read one object by its name.
      if (name === undefined || !(error instanceof ClusterError) || error.reason !== 'forbidden') throw error;
      const object = await this.#cluster.get(kind, namespace, name, signal);
      return {items: object === undefined ? [] : [object], resourceVersion: ''};
    }
  }

  /** Keeps the objects up to date from a version on. */
  #watch(resourceVersion: string): void {
    const {kind, namespace, labelSelector, name} = this.#place;
    const watch = this.#cluster.watch?.bind(this.#cluster);
    // Without a version, a deletion between list and watch would be missed.
    if (watch === undefined || resourceVersion === '' || !kind.verbs.includes('watch')) {
      this.#poll();
      return;
    }
    const watching = new AbortController();
    this.#watching = watching;
    const events = watch(kind, {
      ...(kind.namespaced && namespace !== undefined ? {namespace} : {}),
      ...(labelSelector === undefined ? {} : {labelSelector}),
      ...(name === undefined ? {} : {name}),
      resourceVersion,
      signal: AbortSignal.any([watching.signal, this.#closed.signal]),
    });
    const began = Date.now();
    const run = async () => {
      for await (const {type, object} of events) {
        if (watching.signal.aborted) return;
        if (type !== 'BOOKMARK' && this.#take(object, type === 'DELETED')) this.#options.changed();
      }
    };
    run().catch((error: unknown) => {
      if (watching.signal.aborted || this.#closed.signal.aborted) return;
      this.#watching = undefined;
      this.#ended(error, Date.now() - began);
    });
  }

  #ended(error: unknown, lasted: number): void {
    const reason = error instanceof ClusterError ? error.reason : 'server';
    if (reason === 'expired') this.#poll(lasted < breathMs ? breathMs : 0);
    else if (reason === 'forbidden' || reason === 'invalid' || reason === 'not-found') this.#poll();
    else {
      this.#poll();
      this.#options.failed(
        error instanceof ClusterError ? error : new ClusterError('server', String(error), {cause: error}),
      );
    }
  }

  #poll(afterMs = this.#options.pollMs): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.forget();
      this.#options.changed();
    }, afterMs);
    // Following alone must not keep the process alive.
    this.#timer.unref();
  }

  /** True where the object is another one than before. */
  #take(object: JsonObject, isGone: boolean): boolean {
    const key = keyOf(object);
    if (isGone) return this.#objects?.delete(key) ?? false;
    const known = this.#objects?.get(key);
    if (known !== undefined && versionOf(known) === versionOf(object)) return false;
    this.#objects?.set(key, object);
    return true;
  }
}

function keyOf(object: JsonObject): string {
  const metadata = objectAt(object, 'metadata');
  return `${stringAt(metadata, 'namespace') ?? ''}/${stringAt(metadata, 'name') ?? ''}`;
}

function versionOf(object: JsonObject): string | undefined {
  return stringAt(objectAt(object, 'metadata'), 'resourceVersion');
}
