import type {Cluster} from '../../../cluster/types.ts';
import {removalPatch} from '../../../drift/removal-patch.ts';
import type {JsonObject} from '../../../resources/json.ts';
import type {Kind} from '../../../resources/kind.ts';
import type {Examined} from '../inspection.ts';
import {fieldManager} from './manager.ts';

/**
 * Takes out of an object that was just applied what the verdict found to be live and not in git (drift traps 29 to 31):
 * an apply alone leaves what other managers own. Gives what was removed, for people; null for nothing. Throws
 * ClusterError, also where the object moved since it was applied: then a new sync does the rest.
 */
export async function removeLeftOver(
  cluster: Cluster,
  kind: Kind,
  applied: JsonObject,
  {target, drift, local}: Examined,
): Promise<string | null> {
  const drifted = new Set(drift.fields.filter(({change}) => change === 'added').map(({path}) => path));
  const left = (local?.removalCandidates ?? []).filter(({path}) => drifted.has(path));
  if (left.length === 0) return null;
  const patch = removalPatch(applied, left);
  if (!patch.some(({op}) => op === 'remove')) return null;
  await cluster.jsonPatch(kind, target.id.namespace, target.id.name, patch, {fieldManager});
  return `removed ${left.map(({path}) => path).join(', ')}`;
}
