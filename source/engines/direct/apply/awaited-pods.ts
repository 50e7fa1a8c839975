import {type Cluster, ClusterError} from '../../../cluster/types.ts';
import {type JsonObject, listAt, objectAt, stringAt} from '../../../resources/json.ts';
import type {Kind} from '../../../resources/kind.ts';
import {plainLine} from '../../../text/plain.ts';
import {attempt} from '../live/live.ts';

/** Pod as every Kubernetes serves it. */
const pod: Kind = {
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  namespaced: true,
  verbs: ['list'],
  subresources: [],
};

/** Kinds whose pods say more than they do themselves. */
const workloads = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job']);

/** A rollout of thousands of pods is not read for a word on why the first is not ready. */
const mostPods = 500;

/**
 * Why the pods of a workload are not ready, in few words: `2 pods: ImagePullBackOff`. '' where they don't say, where it is no
 * workload, and where they may not be read. Throws only when aborted.
 */
export async function whyNotReady(
  cluster: Pick<Cluster, 'list'>,
  workload: JsonObject,
  signal: AbortSignal,
): Promise<string> {
  const selector = selectorOf(workload);
  if (selector === null) return '';
  const namespace = stringAt(objectAt(workload, 'metadata'), 'namespace') ?? '';
  const list = await attempt(
    async () =>
      (await cluster.list(pod, {namespace, labelSelector: selector, cached: true, most: mostPods, signal}))
        .items,
    signal,
  );
  return list instanceof ClusterError || list === null ? '' : podsInWords(list);
}

/** Why pods are not ready, the most frequent reason first, two at most. */
export function podsInWords(pods: readonly JsonObject[]): string {
  const counts = new Map<string, number>();
  for (const each of pods) {
    const reason = reasonOf(each);
    if (reason !== null) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const [...told] = [...counts].sort(([, a], [, b]) => b - a).slice(0, 2);
  return told.map(([reason, count]) => `${count === 1 ? '1 pod' : `${count} pods`}: ${reason}`).join('; ');
}

function selectorOf(workload: JsonObject): string | null {
  if (!workloads.has(stringAt(workload, 'kind') ?? '')) return null;
  const labels = Object.entries(objectAt(objectAt(objectAt(workload, 'spec'), 'selector'), 'matchLabels'));
  if (labels.length === 0) return null;
  return labels.map(([name, value]) => `${name}=${String(value)}`).join(',');
}

// https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-states
function reasonOf(each: JsonObject): string | null {
  const status = objectAt(each, 'status');
  const phase = stringAt(status, 'phase');
  if (phase === 'Succeeded') return null;
  for (const list of ['initContainerStatuses', 'containerStatuses']) {
    for (const container of listAt(status, list)) {
      const state = objectAt(container, 'state');
      const waiting = stringAt(objectAt(state, 'waiting'), 'reason');
      if (waiting !== undefined) return plainLine(waiting);
      const terminated = objectAt(state, 'terminated');
      const code = terminated['exitCode'];
      if (typeof code === 'number' && code !== 0)
        return plainLine(`${stringAt(terminated, 'reason') ?? 'Error'} (exit ${code})`);
    }
  }
  for (const condition of listAt(status, 'conditions')) {
    if (stringAt(condition, 'type') !== 'PodScheduled' || stringAt(condition, 'status') !== 'False') continue;
    const message = stringAt(condition, 'message') ?? '';
    return plainLine(
      `${stringAt(condition, 'reason') ?? 'not scheduled'}${message === '' ? '' : `, ${message}`}`,
    );
  }
  const isUnready = listAt(status, 'conditions').some(
    condition => stringAt(condition, 'type') === 'Ready' && stringAt(condition, 'status') === 'False',
  );
  return isUnready && phase === 'Running' ? 'running, not ready yet' : null;
}
