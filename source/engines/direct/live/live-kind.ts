import type {ClusterError} from '../../../cluster/types.ts';
import type {JsonObject} from '../../../resources/json.ts';
import type {Kind} from '../../../resources/kind.ts';
import {covers, LiveFeed} from './live-feed.ts';
import {
  type FollowedCluster,
  keyOfPlace,
  type Listener,
  LivePlace,
  type Neighbours,
  type Place,
} from './live-place.ts';
import {isSameVersion, type LiveShelf, namespaceOf} from './live-shelf.ts';
import {isComparable, oldest} from './live-versions.ts';

/** So many places of a kind have a watch each; more share one: each is a connection that stays open. */
const mostFeeds = 2;
/** Watches are planned this long after something moved, in ms: environments begin together. */
const gatherMs = 20;
/** A watch that expires as soon as it begins is not begun again at once. */
const breathMs = 1000;

/** The places of one kind, and as few watches as keep them up to date. */
export class LiveKind implements Neighbours {
  readonly #cluster: FollowedCluster;
  readonly #kind: Kind;
  /** Whoever reads a place holds it: what nobody holds goes. */
  readonly #places = new Map<string, WeakRef<LivePlace>>();
  /** Those that somebody listens to. */
  readonly #kept = new Set<LivePlace>();
  readonly #feeds = new Map<string, LiveFeed>();
  /** Scopes that may not be watched, by key. */
  readonly #refused = new Set<string>();
  #planning: NodeJS.Timeout | undefined;

  constructor(cluster: FollowedCluster, kind: Kind) {
    this.#cluster = cluster;
    this.#kind = kind;
  }

  /** How many watches run. */
  get feeds(): number {
    return this.#feeds.size;
  }

  place(place: Omit<Place, 'kind'>): LivePlace {
    const found = this.#find(place);
    if (found !== undefined) return found;
    const made = new LivePlace(this.#cluster, {...place, kind: this.#kind}, this);
    this.#places.set(made.key, new WeakRef(made));
    return made;
  }

  /** Places that are there and hold all of this one, the widest first. */
  covering({namespace, labelSelector, name}: Omit<Place, 'kind'>): LivePlace[] {
    const wider = [{}, ...(namespace === undefined ? [] : [{namespace}]), {namespace, labelSelector, name}];
    return [...new Set(wider.flatMap(place => this.#find(place) ?? []))];
  }

  /** Has a place kept up to date for a listener. */
  listen(place: LivePlace, listener: Listener): void {
    if (place.listeners.has(listener)) return;
    place.listeners.add(listener);
    this.#kept.add(place);
    this.plan();
  }

  leave(place: LivePlace, listener: Listener): void {
    place.listeners.delete(listener);
    if (place.listeners.size > 0) return;
    this.#kept.delete(place);
    place.rest();
    place.feed?.leave(place);
    // At once: an environment that is closed lets go.
    for (const feed of this.#feeds.values()) if (feed.members.size === 0) this.#end(feed);
    this.plan();
  }

  /** Has a place read anew that was read before `before` (performance.now()), by a connection of its own. */
  forget(place: LivePlace, before: number): void {
    place.forget(before);
    if (place.shelf !== undefined) return;
    this.#refused.clear();
    if (place.feed !== undefined) this.#end(place.feed);
    this.plan();
  }

  knower(): (object: JsonObject) => JsonObject | undefined {
    const shelves = new Map<string, LiveShelf[]>();
    return object => {
      const namespace = namespaceOf(object);
      let known = shelves.get(namespace);
      if (known === undefined) {
        known = this.covering({namespace}).flatMap(({shelf}) => shelf ?? []);
        shelves.set(namespace, known);
      }
      for (const shelf of known) {
        const same = shelf.like(object);
        if (same !== undefined && isSameVersion(same, object)) return same;
      }
      return undefined;
    };
  }

  loading(place: LivePlace): void {
    // What it tells meanwhile could not be told apart from what the list will hold already.
    if (place.feed !== undefined && !isComparable(place.feed.version)) this.#end(place.feed);
    // A list that begins now is not older than what a running watch has told: from here on nothing is missed.
    if (place.feed !== undefined || !this.#kept.has(place)) return;
    for (const feed of this.#feeds.values()) {
      if (covers(feed.scope, place.place) && isComparable(feed.version)) feed.join(place);
    }
  }

  plan(): void {
    this.#planning ??= setTimeout(() => {
      this.#planning = undefined;
      this.#plan();
    }, gatherMs).unref();
  }

  #find(place: Omit<Place, 'kind'>): LivePlace | undefined {
    return this.#places.get(keyOfPlace({...place, kind: this.#kind}))?.deref();
  }

  #plan(): void {
    for (const [key, place] of this.#places) if (place.deref() === undefined) this.#places.delete(key);
    const places = [...this.#kept].filter(place => !place.isPolled);
    for (const place of places) {
      if (place.shelf !== undefined && !this.#isWatchable(place)) place.poll();
    }
    for (const scope of this.#scopes(places.filter(place => !place.isPolled))) this.#feed(scope);
    for (const feed of this.#feeds.values()) if (feed.members.size === 0) this.#end(feed);
  }

  #isWatchable({version}: LivePlace): boolean {
    // Without a version, a deletion between list and watch would be missed.
    return this.#cluster.watch !== undefined && version !== '' && this.#kind.verbs.includes('watch');
  }

  /** What to watch: each of a few places, else their namespace, else all namespaces; what may not be watched, in parts. */
  #scopes(places: readonly LivePlace[]): Place[] {
    const kind = this.#kind;
    // Versions that have no order can't tell what a watch of several places repeats.
    const canShare = places.every(({shelf, version}) => shelf === undefined || isComparable(version));
    const all = places.map(({place}) => place);
    if (!canShare) return all;
    const own = all.filter(one => !all.some(other => other !== one && covers(other, one)));
    if (own.length <= mostFeeds) return own;
    const namespaces = Map.groupBy(own, ({namespace}) => namespace);
    const everywhere: Place = {kind};
    if ((namespaces.size > 1 || !kind.namespaced) && this.#may(everywhere)) return [everywhere];
    return [...namespaces].flatMap(([namespace, group]) => {
      const whole: Place = {kind, namespace};
      return group.length > 1 && this.#may(whole) ? [whole] : group;
    });
  }

  #may(scope: Place): boolean {
    return !this.#refused.has(keyOfPlace(scope));
  }

  /** Sees to it that a watch of the scope keeps all that it covers. */
  #feed(scope: Place): void {
    const running = this.#feeds.get(keyOfPlace(scope));
    const covered = [...this.#kept].filter(place => !place.isPolled && covers(scope, place.place));
    const ready = covered.filter(place => place.shelf !== undefined);
    if (ready.length === 0 || ready.every(({feed}) => running !== undefined && feed === running)) return;
    // Those that are being listed count on what their watch has told since.
    const carried = covered.filter(({shelf, feed}) => shelf === undefined && feed !== undefined);
    const version = oldest([
      ...ready.map(place => place.version),
      ...carried.flatMap(({feed}) => (feed === undefined ? [] : [feed.version])),
    ]);
    if (version === undefined) return;
    const feed = new LiveFeed(scope, version);
    this.#feeds.set(feed.key, feed);
    for (const place of [...ready, ...carried]) feed.join(place);
    running?.end();
    feed.start(this.#cluster, (error, lastedMs) => this.#ended(feed, error, lastedMs));
  }

  #end(feed: LiveFeed): void {
    if (this.#feeds.get(feed.key) === feed) this.#feeds.delete(feed.key);
    feed.end();
  }

  #ended(feed: LiveFeed, error: ClusterError, lastedMs: number): void {
    const members = [...feed.members];
    this.#end(feed);
    const {reason} = error;
    if (reason === 'expired') {
      for (const place of members) place.poll(lastedMs < breathMs ? breathMs : 0);
    } else if (reason === 'forbidden' || reason === 'invalid' || reason === 'not-found') {
      const isOwn = (place: LivePlace) => place.key === feed.key;
      for (const place of members.filter(isOwn)) place.poll();
      if (!members.every(isOwn)) this.#refused.add(feed.key);
    } else {
      for (const place of members) place.poll();
      for (const place of members) place.fail(error);
    }
    this.plan();
  }
}
