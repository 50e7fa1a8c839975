import {ClusterError, type ListOptions} from '../../../cluster/types.ts';
import type {JsonObject} from '../../../resources/json.ts';
import type {Kind} from '../../../resources/kind.ts';
import type {Reads} from './live.ts';
import type {FollowedCluster, LivePlace, Place} from './live-place.ts';
import {selected, wantedOf} from './live-selected.ts';
import {type LiveStore, storeOf} from './live-store.ts';

/**
 * Reads for one inspection: nothing that is older than the inspection, and nothing twice that another one of the same time
 * reads, too. What it read stays in memory as long as the reader does.
 */
export class LiveReader implements Reads {
  readonly #cluster: FollowedCluster;
  readonly #store: LiveStore;
  readonly #since: number;
  readonly #held = new Set<LivePlace>();
  #isDone = false;

  /** `since` is when the inspection was asked for, by performance.now(). */
  constructor(cluster: FollowedCluster, since: number) {
    this.#cluster = cluster;
    this.#store = storeOf(cluster);
    this.#since = since;
    this.#store.readers++;
  }

  /** How many inspections read the same cluster now: its lists serve all of them. */
  get sharing(): number {
    return Math.max(1, this.#store.readers);
  }

  async list(kind: Kind, options: ListOptions = {}): Promise<{items: readonly JsonObject[]}> {
    const {signal, most} = options;
    const wanted = wantedOf(kind, options);
    const known = this.#store.of(kind);
    for (const place of known.covering(wanted)) {
      if (!place.isAsOf(this.#since)) continue;
      const items = await this.#read(place, wanted, signal);
      if (items !== undefined) return {items};
    }
    const place = known.place(wanted);
    this.#held.add(place);
    return {items: selected(await place.fresh(this.#since, signal, most), wanted)};
  }

  async get(
    kind: Kind,
    namespace: string,
    name: string,
    signal?: AbortSignal,
  ): Promise<JsonObject | undefined> {
    const wanted = wantedOf(kind, {namespace, name});
    for (const place of this.#store.of(kind).covering(wanted)) {
      if (!place.isAsOf(this.#since)) continue;
      const items = await this.#read(place, wanted, signal);
      if (items !== undefined) return items[0];
    }
    return this.#cluster.get(kind, namespace, name, signal);
  }

  /** To be called once, when the inspection is over. */
  done(): void {
    if (!this.#isDone) this.#store.readers--;
    this.#isDone = true;
  }

  /** What a wider place holds of what is wanted; undefined where it can't be read. */
  async #read(
    place: LivePlace,
    wanted: Omit<Place, 'kind'>,
    signal: AbortSignal | undefined,
  ): Promise<readonly JsonObject[] | undefined> {
    try {
      const shelf = await place.fresh(this.#since, signal);
      this.#held.add(place);
      return selected(shelf, wanted);
    } catch (error) {
      if (signal?.aborted || !(error instanceof ClusterError)) throw error;
      return undefined;
    }
  }
}
