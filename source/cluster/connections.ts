import process from 'node:process';
import {connectTo} from './connect.ts';
import type {KubeCluster} from './kube-cluster.ts';
import type {ResolvedContext} from './kubeconfig.ts';
import {cacheFolder, SchemaCache} from './schema-cache.ts';
import type {ConnectedCluster} from './types.ts';

/**
 * The connections of a session: contexts that name the same cluster and the same user share one, with all that it knows
 * of the server; they differ in nothing but the namespace.
 */
export class Connections {
  readonly #known = new Map<string, KubeCluster>();
  readonly #schemas = new SchemaCache(cacheFolder(process.env));

  /** The cluster of a context. Nothing is sent before the first call. Throws KubeconfigError. */
  to({context, cluster, user}: ResolvedContext): ConnectedCluster {
    const key = JSON.stringify([cluster, user]);
    let known = this.#known.get(key);
    if (known === undefined) {
      known = connectTo({context, cluster, user}, {schemas: this.#schemas});
      this.#known.set(key, known);
    }
    return known.under(context);
  }

  close(): void {
    for (const cluster of this.#known.values()) cluster.close();
    this.#known.clear();
  }
}
