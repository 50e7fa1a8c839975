import {apiVersionOf, type Kind} from '../../../resources/kind.ts';
import {LiveKind} from './live-kind.ts';
import type {FollowedCluster} from './live-place.ts';

/** All that is known of the live side of one connection, for all environments on it. */
export class LiveStore {
  readonly #cluster: FollowedCluster;
  readonly #kinds = new Map<string, LiveKind>();
  /** How many inspections read from it now. */
  readers = 0;

  constructor(cluster: FollowedCluster) {
    this.#cluster = cluster;
  }

  /** How many watches run: connections that stay open. */
  get feeds(): number {
    return [...this.#kinds.values()].reduce((sum, {feeds}) => sum + feeds, 0);
  }

  of(kind: Kind): LiveKind {
    const key = `${apiVersionOf(kind)}/${kind.kind}`;
    let known = this.#kinds.get(key);
    if (known === undefined) {
      known = new LiveKind(this.#cluster, kind);
      this.#kinds.set(key, known);
    }
    return known;
  }
}

const stores = new WeakMap<object, LiveStore>();

/** The store of a cluster's connection: one for all who use that connection. */
export function storeOf(cluster: FollowedCluster): LiveStore {
  const connection = cluster.connection ?? cluster;
  let store = stores.get(connection);
  if (store === undefined) {
    store = new LiveStore(cluster);
    stores.set(connection, store);
  }
  return store;
}
