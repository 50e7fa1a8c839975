import {abortable} from '../../../cluster/gate.ts';
import {selects} from '../../../cluster/list.ts';
import {
  type Cluster,
  ClusterError,
  TooManyObjects,
  type WatchEvent,
  type Watcher,
} from '../../../cluster/types.ts';
import type {JsonObject} from '../../../resources/json.ts';
import {apiVersionOf, type Kind} from '../../../resources/kind.ts';
import type {LiveFeed} from './live-feed.ts';
import {isSameVersion, LiveShelf, namespaceOf} from './live-shelf.ts';
import {isAfter} from './live-versions.ts';

/** A cluster that may be able to tell changes. */
export type FollowedCluster = Cluster & Partial<Watcher>;

/** Which objects: a kind, in one namespace or (undefined) all, all of them or those with a label or a name. */
export interface Place {
  kind: Kind;
  namespace?: string | undefined;
  labelSelector?: string | undefined;
  name?: string | undefined;
}

/** Names a place among those of its connection. */
export function keyOfPlace({kind, namespace, labelSelector, name}: Place): string {
  return JSON.stringify([apiVersionOf(kind), kind.kind, namespace, labelSelector, name]);
}

/** An environment that has a place kept up to date. */
export interface Listener {
  /** How often what can't be watched is read again, in ms. */
  readonly pollMs: number;
  /** An object changed or, where none is given, anything may have: read the place. */
  changed(place: LivePlace, object?: JsonObject): void;
  /** The watch failed otherwise than by being denied. */
  failed(error: ClusterError): void;
}

/** What a place needs of its kind's other places. */
export interface Neighbours {
  /** Gives the same object at the same version, where another place holds it. */
  knower(): (object: JsonObject) => JsonObject | undefined;
  /** A list of the place is about to begin. */
  loading(place: LivePlace): void;
  /** Something moved that watches hang on. */
  plan(): void;
}

interface Loading {
  /** On the clock of performance.now(). */
  readonly began: number;
  readonly promise: Promise<LiveShelf>;
  readonly controller: AbortController;
  waiting: number;
  /** True where its answer may be of a connection that is no more. */
  isVoid: boolean;
}

/** What was listed this long ago is taken up by a watch; what is older is listed again. In ms. */
const recentMs = 30_000;

/**
 * The objects of a place: as a list gave them and, as long as somebody listens, as a watch keeps them. All environments of
 * a connection share it: who asks while a list runs that is new enough gets its answer.
 */
export class LivePlace {
  readonly place: Place;
  readonly key: string;
  readonly listeners = new Set<Listener>();
  /** What tells it every change since its version. */
  feed: LiveFeed | undefined;
  readonly #cluster: FollowedCluster;
  readonly #neighbours: Neighbours;
  readonly #matches: (object: JsonObject) => boolean;
  #shelf: LiveShelf | undefined;
  /** What was there before it was forgotten: an object that is the same still is not taken for another one. */
  #before: LiveShelf | undefined;
  #version = '';
  #listedAt = Number.NEGATIVE_INFINITY;
  #loading: Loading | undefined;
  /** What happened since the oldest list that is on its way. */
  #early: WatchEvent[] = [];
  #denied: {error: ClusterError; at: number} | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(cluster: FollowedCluster, place: Place, neighbours: Neighbours) {
    this.#cluster = cluster;
    this.place = place;
    this.key = keyOfPlace(place);
    this.#neighbours = neighbours;
    const isSelected = selects(place);
    this.#matches = object =>
      (place.namespace === undefined || namespaceOf(object) === place.namespace) && isSelected(object);
  }

  /** What it holds; undefined where nothing was read, or all of it is to be read again. */
  get shelf(): LiveShelf | undefined {
    return this.#shelf;
  }

  /** The version that it is at: what a watch has to tell begins there. '' where there is none. */
  get version(): string {
    return this.#version;
  }

  get isLoading(): boolean {
    return this.#loading !== undefined;
  }

  /** True where it is read again now and then instead of being watched. */
  get isPolled(): boolean {
    return this.#timer !== undefined;
  }

  /** True where it is known, or about to be, from a list that began at `since` (performance.now()) or later. */
  isAsOf(since: number): boolean {
    return (
      (this.#shelf !== undefined && this.#listedAt >= since) ||
      (this.#loading?.began ?? Number.NEGATIVE_INFINITY) >= since
    );
  }

  /** True where it is kept up to date, or near enough for a watch to catch up. */
  get isKept(): boolean {
    if (this.#shelf === undefined) return this.#loading !== undefined && this.listeners.size > 0;
    return this.feed !== undefined || this.isPolled || performance.now() - this.#listedAt < recentMs;
  }

  /**
   * The objects, from a list that began at `since` or later. Throws ClusterError; TooManyObjects where there are more than
   * `most`.
   */
  async fresh(since: number, signal: AbortSignal | undefined, most?: number): Promise<LiveShelf> {
    if (this.#loading !== undefined && this.#loading.began >= since) return this.#wait(this.#loading, signal);
    if (this.#shelf !== undefined && this.#listedAt >= since) return this.#shelf;
    this.#throwIfTooMany(most);
    if (this.#denied !== undefined && this.#denied.at >= since) throw this.#denied.error;
    return this.#wait(this.#load(most), signal);
  }

  /** The objects, kept up to date for its listeners. Throws ClusterError where they can't be read: until the next poll without asking. */
  async kept(signal: AbortSignal | undefined, most?: number): Promise<LiveShelf> {
    if (this.#shelf !== undefined && this.isKept) return this.#shelf;
    this.#throwIfTooMany(most);
    if (this.#denied !== undefined && this.isPolled) throw this.#denied.error;
    return this.#wait(this.#loading ?? this.#load(most), signal);
  }

  /** Takes up what a watch tells. */
  take(event: WatchEvent): void {
    if (this.#loading !== undefined) this.#early.push(event);
    if (this.#shelf === undefined || !isAfter(event.resourceVersion, this.#version)) return;
    this.#version = event.resourceVersion;
    if (this.#put(this.#shelf, event)) this.#tell(event.object);
  }

  /** Has it read anew, where it was read before `before` (performance.now()): its connection may be dead without a word. */
  forget(before: number): void {
    if (this.#loading !== undefined && this.#loading.began < before) this.#drop(this.#loading);
    if (this.#shelf !== undefined && this.#listedAt >= before) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#before = this.#shelf ?? this.#before;
    this.#shelf = undefined;
    this.#denied = undefined;
  }

  /** Has it read again after a while, in place of being watched. */
  poll(afterMs?: number): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.listeners.size === 0) return;
    const ms = afterMs ?? Math.min(...[...this.listeners].map(({pollMs}) => pollMs));
    this.#timer = setTimeout(() => {
      this.forget(Number.POSITIVE_INFINITY);
      this.#tell();
    }, ms);
    // Following alone must not keep the process alive.
    this.#timer.unref();
  }

  /** Ends the polling that nobody listens to. */
  rest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Tells who listens that the watch failed. */
  fail(error: ClusterError): void {
    for (const listener of this.listeners) listener.failed(error);
  }

  // What was too much to read once stays so: to find out would cost a page each time.
  #throwIfTooMany(most = Number.POSITIVE_INFINITY): void {
    const {error} = this.#denied ?? {};
    if (error instanceof TooManyObjects && error.total > most) throw error;
  }

  #tell(object?: JsonObject): void {
    for (const listener of this.listeners) listener.changed(this, object);
  }

  /** Waits for a list. One that nobody waits for any more is ended. */
  async #wait(loading: Loading, signal: AbortSignal | undefined): Promise<LiveShelf> {
    loading.waiting++;
    try {
      return await abortable(loading.promise, signal);
    } finally {
      if (--loading.waiting === 0) this.#abandon(loading);
    }
  }

  #abandon(loading: Loading): void {
    if (this.#loading === loading) this.#drop(loading);
    loading.controller.abort();
  }

  /** Leaves a list to those who wait for it. */
  #drop(loading: Loading): void {
    loading.isVoid = true;
    this.#loading = undefined;
    this.#early = [];
  }

  #load(most: number | undefined): Loading {
    const controller = new AbortController();
    const {promise, resolve, reject} = Promise.withResolvers<LiveShelf>();
    const loading: Loading = {began: performance.now(), promise, controller, waiting: 0, isVoid: false};
    if (this.#loading === undefined) this.#early = [];
    this.#loading = loading;
    this.#neighbours.loading(this);
    this.#list(controller.signal, most)
      .then(({items, version}) => this.#loaded(loading, items, version))
      .then(resolve, (error: unknown) => {
        this.#failed(loading, error);
        reject(error);
      });
    return loading;
  }

  async #list(
    signal: AbortSignal,
    most: number | undefined,
  ): Promise<{items: readonly JsonObject[]; version: string}> {
    const {kind, namespace = '', labelSelector, name} = this.place;
    const keep = this.#keeper();
    try {
      const {items, resourceVersion} = await this.#cluster.list(kind, {
        ...(kind.namespaced && namespace !== '' ? {namespace} : {}),
        ...(labelSelector === undefined ? {} : {labelSelector}),
        ...(name === undefined ? {} : {name}),
        ...(most === undefined ? {} : {most}),
        keep,
        signal,
      });
      return {items, version: resourceVersion};
    } catch (error) {
      // Whoever may not list may still read one object by its name.
      if (name === undefined || !(error instanceof ClusterError) || error.reason !== 'forbidden') throw error;
      const object = await this.#cluster.get(kind, namespace, name, signal);
      return {items: object === undefined ? [] : [keep(object)], version: ''};
    }
  }

  /** Gives an object as it is held already, so that nothing is held twice and what is the same reads the same. */
  #keeper(): (object: JsonObject) => JsonObject {
    const before = this.#shelf ?? this.#before;
    const elsewhere = this.#neighbours.knower();
    return object => {
      const own = before?.like(object);
      return own !== undefined && isSameVersion(own, object) ? own : (elsewhere(object) ?? object);
    };
  }

  #loaded(loading: Loading, items: readonly JsonObject[], version: string): LiveShelf {
    const shelf = new LiveShelf();
    for (const item of items) shelf.set(item);
    if (loading.isVoid) return shelf;
    const isLast = this.#loading === loading;
    if (isLast) this.#loading = undefined;
    // A list that began later was faster.
    if (this.#shelf !== undefined && this.#listedAt > loading.began) return this.#shelf;
    const before = this.#shelf;
    this.#version = version;
    this.#listedAt = loading.began;
    this.#shelf = shelf;
    this.#before = undefined;
    this.#denied = undefined;
    for (const event of this.#early) {
      if (!isAfter(event.resourceVersion, this.#version)) continue;
      this.#version = event.resourceVersion;
      this.#put(shelf, event);
    }
    if (isLast) this.#early = [];
    if (before !== undefined && !before.equals(shelf)) this.#tell();
    this.#neighbours.plan();
    return shelf;
  }

  #failed(loading: Loading, error: unknown): void {
    if (loading.isVoid || this.#loading !== loading) return;
    this.#loading = undefined;
    this.#early = [];
    if (!(error instanceof ClusterError) || error.reason === 'aborted') return;
    this.#denied = {error, at: loading.began};
    if (this.#shelf === undefined) this.poll();
  }

  /** True where the object is another one than before. */
  #put(shelf: LiveShelf, {type, object}: WatchEvent): boolean {
    if (type === 'BOOKMARK') return false;
    const known = shelf.like(object);
    if (type === 'DELETED' || !this.#matches(object)) return known !== undefined && shelf.delete(object);
    if (known !== undefined && isSameVersion(known, object)) return false;
    shelf.set(object);
    return true;
  }
}
