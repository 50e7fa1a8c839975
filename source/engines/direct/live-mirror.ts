import type {ListOptions, ListResult} from '../../cluster/types.ts';
import type {JsonObject} from '../../resources/json.ts';
import {apiVersionOf, type Kind} from '../../resources/kind.ts';
import type {Reads} from './live.ts';
import {type FollowedCluster, LivePlace, type Place, type PlaceOptions} from './live-place.ts';

/**
 * The live objects that an environment's comparison reads, kept up to date: what was read once is watched from then on,
 * and read from memory. An object that did not change is the very same object at the next read.
 */
export class LiveMirror implements Reads {
  /** Each list is a watch, a connection of its own that stays open. */
  readonly mostNamespaces = 2;
  readonly #cluster: FollowedCluster;
  readonly #options: PlaceOptions;
  readonly #places = new Map<string, LivePlace>();
  readonly #used = new Set<string>();

  constructor(cluster: FollowedCluster, options: PlaceOptions) {
    this.#cluster = cluster;
    this.#options = options;
  }

  async list(kind: Kind, options: ListOptions = {}): Promise<ListResult> {
    const {namespace, labelSelector, name} = options;
    const objects = await this.#read({kind, namespace, labelSelector, name}, options.signal);
    return {items: [...objects.values()], resourceVersion: ''};
  }

  async get(
    kind: Kind,
    namespace: string,
    name: string,
    signal?: AbortSignal,
  ): Promise<JsonObject | undefined> {
    const objects = await this.#read({kind, namespace, name}, signal);
    return objects.get(`${kind.namespaced ? namespace : ''}/${name}`);
  }

  /** To be called between two comparisons: what the last one did not read is watched no longer. */
  sweep(): void {
    for (const [key, place] of this.#places) {
      if (this.#used.has(key)) continue;
      place.close();
      this.#places.delete(key);
    }
    this.#used.clear();
  }

  /** Has everything read anew. */
  forget(): void {
    for (const place of this.#places.values()) place.forget();
  }

  close(): void {
    for (const place of this.#places.values()) place.close();
    this.#places.clear();
  }

  async #read(place: Place, signal: AbortSignal | undefined): Promise<ReadonlyMap<string, JsonObject>> {
    signal?.throwIfAborted();
    const {kind, namespace, labelSelector, name} = place;
    const key = JSON.stringify([apiVersionOf(kind), kind.kind, namespace, labelSelector, name]);
    this.#used.add(key);
    let known = this.#places.get(key);
    if (known === undefined) {
      known = new LivePlace(this.#cluster, place, this.#options);
      this.#places.set(key, known);
    }
    return known.read();
  }
}
