import {ClusterError, type KindCatalog} from '../../../cluster/types.ts';
import {autoscaledTargets} from '../../../drift/autoscalers.ts';
import {identityKey} from '../../../resources/identity.ts';
import {type JsonObject, objectAt} from '../../../resources/json.ts';
import type {Kind} from '../../../resources/kind.ts';
import {attempt, type LiveObjects, type Reads} from '../live/live.ts';
import type {Target} from './targets.ts';

/** What autoscalers set the replicas of (drift trap 32). */
export interface Autoscaled {
  /** Whether an autoscaler targets the object with this identityKey; 'unknown' where they could not be listed. */
  of(key: string): boolean | 'unknown';
}

const autoscalers = [
  ['autoscaling', 'HorizontalPodAutoscaler'],
  ['keda.sh', 'ScaledObject'],
] as const;
const scalable = new Set([
  'apps/Deployment',
  'apps/StatefulSet',
  'apps/ReplicaSet',
  '/ReplicationController',
]);

/**
 * Finds the autoscalers that matter: only where git leaves the replicas of something to others and it has more or fewer
 * than one, which spares most inspections the question. Throws only when aborted.
 */
export async function findAutoscaled(
  cluster: Reads,
  catalog: KindCatalog,
  targets: readonly Target[],
  {answers}: LiveObjects,
  signal: AbortSignal,
): Promise<Autoscaled> {
  const silent = targets.filter(({id, object}) => {
    if (!scalable.has(`${id.group}/${id.kind}`) || objectAt(object, 'spec')['replicas'] !== undefined)
      return false;
    const live = answers.get(identityKey(id));
    return (
      live !== null &&
      live !== undefined &&
      !(live instanceof ClusterError) &&
      objectAt(live, 'spec')['replicas'] !== 1
    );
  });
  const namespaces = new Set(silent.map(({id}) => id.namespace));
  const found: JsonObject[] = targets
    .filter(({id}) => autoscalers.some(([group, kind]) => id.group === group && id.kind === kind))
    .map(({object}) => object);
  const unknown = new Set<string>();
  const list = async (kind: Kind, namespace: string): Promise<void> => {
    const answer = await attempt(() => cluster.list(kind, {namespace, signal}), signal);
    if (answer instanceof ClusterError) unknown.add(namespace);
    else found.push(...(answer?.items ?? []));
  };
  await Promise.all(
    autoscalers.flatMap(([group, name]) => {
      const kind = catalog.preferred(group, name);
      if (kind !== undefined) return [...namespaces].map(namespace => list(kind, namespace));
      if (catalog.failures.has(group)) for (const namespace of namespaces) unknown.add(namespace);
      return [];
    }),
  );
  const keys = autoscaledTargets(found);
  const undecided = new Set(
    silent.filter(({id}) => unknown.has(id.namespace)).map(({id}) => identityKey(id)),
  );
  return {of: key => keys.has(key) || (undecided.has(key) ? 'unknown' : false)};
}
