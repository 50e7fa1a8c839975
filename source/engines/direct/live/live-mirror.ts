import {ClusterError, type ListOptions, TooManyObjects} from '../../../cluster/types.ts';
import type {JsonObject} from '../../../resources/json.ts';
import type {Kind} from '../../../resources/kind.ts';
import type {Reads} from './live.ts';
import type {LiveKind} from './live-kind.ts';
import type {FollowedCluster, Listener, LivePlace, Place} from './live-place.ts';
import {selected, wantedOf} from './live-selected.ts';
import {type LiveShelf, namespaceOf} from './live-shelf.ts';
import {type LiveStore, storeOf} from './live-store.ts';

/**
 * The live objects that an environment's comparison reads, kept up to date: what was read once is watched from then on,
 * and read from memory, which all environments of a connection share. An object that did not change is the very same
 * object at the next read.
 */
export class LiveMirror implements Reads {
  readonly #store: LiveStore;
  readonly #listener: Listener;
  readonly #places = new Map<LivePlace, LiveKind>();
  /** What the last comparison read, with the namespaces of it that it looked at: undefined is all. */
  readonly #used = new Map<LivePlace, Set<string | undefined>>();
  readonly #tooMuch = new Set<LivePlace>();
  #looked: ReadonlyMap<LivePlace, ReadonlySet<string | undefined>> = new Map();

  /** `changed` is called where something changed that the last comparison looked at. */
  constructor(
    cluster: FollowedCluster,
    listener: {pollMs: number; changed(): void; failed(error: ClusterError): void},
  ) {
    this.#store = storeOf(cluster);
    this.#listener = {
      ...listener,
      changed: (place, object) => {
        if (object === undefined || this.#isLookedAt(place, namespaceOf(object))) listener.changed();
      },
    };
  }

  async list(kind: Kind, options: ListOptions = {}) {
    return {items: await this.#read(kind, wantedOf(kind, options), options.signal, options.most)};
  }

  async prepare(kind: Kind, {most, signal}: Pick<ListOptions, 'most' | 'signal'>): Promise<void> {
    const known = this.#store.of(kind);
    const place = known.place({});
    try {
      await this.#keep(known, place, signal, most);
    } catch (error) {
      if (!(error instanceof TooManyObjects)) throw error;
      // Known to be too much; nothing of it is followed.
      this.#tooMuch.add(place);
      this.#used.delete(place);
      this.#leave(place);
      throw error;
    }
  }

  async get(
    kind: Kind,
    namespace: string,
    name: string,
    signal?: AbortSignal,
  ): Promise<JsonObject | undefined> {
    return (await this.#read(kind, wantedOf(kind, {namespace, name}), signal))[0];
  }

  /** To be called between two comparisons: what the last one did not read is watched no longer. */
  sweep(): void {
    for (const place of this.#places.keys()) if (!this.#used.has(place)) this.#leave(place);
    this.#looked = new Map(this.#used);
    this.#used.clear();
  }

  /** Has everything read anew that was read before `before` (performance.now()). */
  forget(before: number): void {
    for (const [place, kind] of this.#places) kind.forget(place, before);
  }

  close(): void {
    for (const place of this.#places.keys()) this.#leave(place);
  }

  #leave(place: LivePlace): void {
    this.#places.get(place)?.leave(place, this.#listener);
    this.#places.delete(place);
  }

  async #read(
    kind: Kind,
    wanted: Omit<Place, 'kind'>,
    signal: AbortSignal | undefined,
    most?: number,
  ): Promise<readonly JsonObject[]> {
    signal?.throwIfAborted();
    const known = this.#store.of(kind);
    for (const place of known.covering(wanted)) {
      if (!place.isKept) continue;
      try {
        return this.#look(place, wanted, await this.#keep(known, place, signal));
      } catch (error) {
        if (signal?.aborted || !(error instanceof ClusterError)) throw error;
      }
    }
    const own = known.place(wanted);
    return this.#look(own, wanted, await this.#keep(known, own, signal, most));
  }

  async #keep(
    kind: LiveKind,
    place: LivePlace,
    signal: AbortSignal | undefined,
    most?: number,
  ): Promise<LiveShelf> {
    if (!this.#used.has(place)) this.#used.set(place, new Set());
    this.#places.set(place, kind);
    kind.listen(place, this.#listener);
    return place.kept(signal, most);
  }

  #look(place: LivePlace, wanted: Omit<Place, 'kind'>, shelf: LiveShelf): readonly JsonObject[] {
    this.#used.get(place)?.add(wanted.namespace);
    return selected(shelf, wanted);
  }

  #isLookedAt(place: LivePlace, namespace: string): boolean {
    return [this.#used, this.#looked].some(looked => {
      const namespaces = looked.get(place);
      return namespaces?.has(namespace) || namespaces?.has(undefined);
    });
  }
}
