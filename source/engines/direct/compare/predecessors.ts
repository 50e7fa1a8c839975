import {ClusterError} from '../../../cluster/types.ts';
import {predecessorOf, unhashedName} from '../../../drift/pairing.ts';
import {identityKey} from '../../../resources/identity.ts';
import type {JsonObject} from '../../../resources/json.ts';
import {attempt, type LiveObjects, type Reads} from '../live/live.ts';
import type {Target} from './targets.ts';

/**
 * For each generated ConfigMap and Secret that is not live: the live one that it replaces, by identityKey. `wanted` holds
 * the identity keys of all that git wants.
 */
export async function findPredecessors(
  cluster: Reads,
  targets: readonly Target[],
  wanted: ReadonlySet<string>,
  {answers, lists}: LiveObjects,
  signal: AbortSignal,
): Promise<Map<string, JsonObject>> {
  const found = new Map<string, JsonObject>();
  for (const {desired, id, kind} of targets) {
    const key = identityKey(id);
    const generatedFrom = desired.generatedFrom ?? unhashedName(id);
    if (generatedFrom === undefined || kind === undefined || answers.get(key) !== null) continue;
    const same = lists.filter(
      list => list.kind === kind && (list.namespace ?? id.namespace) === id.namespace,
    );
    let items: readonly JsonObject[] = same.flatMap(list => list.items);
    if (same.length === 0) {
      const listed = await attempt(() => cluster.list(kind, {namespace: id.namespace, signal}), signal);
      items = listed === null || listed instanceof ClusterError ? [] : listed.items;
    }
    const predecessor = predecessorOf(id, generatedFrom, items, wanted);
    if (predecessor !== undefined) found.set(key, predecessor);
  }
  return found;
}
