import {setTimeout as sleep} from 'node:timers/promises';
import {type Cluster, ClusterError} from '../../../cluster/types.ts';
import type {HealthStatus} from '../../../drift/types.ts';
import type {HealthRule} from '../../../health/health.ts';
import {formatIdentity, identityKey, type ResourceId} from '../../../resources/identity.ts';
import type {Kind} from '../../../resources/kind.ts';
import type {SyncEvent, SyncResult} from '../../types.ts';
import {type LiveAnswer, readLive} from '../live/live.ts';
import {whyNotReady} from './awaited-pods.ts';

/** An object whose health is waited for. */
export interface Awaited {
  kind: Kind;
  id: ResourceId;
}

interface State {
  id: ResourceId;
  health: HealthStatus;
  message: string;
}

const pollMs = 1000;
/** The pods of so many workloads are looked at, at every third look: the cluster is busy enough. */
const mostLooked = 6;
const lookEvery = 3;
/** Degraded is where some objects start: only when it lasts is it the answer. */
const degradedMs = 10_000;

/**
 * Waits until the objects are healthy, at most `seconds` (0: does not wait, and tells nothing), and gives those that are
 * not. It ends early where all that is left has been Degraded for ten seconds. Throws only when aborted.
 */
export async function waitForHealth(
  cluster: Cluster,
  objects: readonly Awaited[],
  healthOf: HealthRule,
  seconds: number,
  signal: AbortSignal,
  onEvent: (event: SyncEvent) => void,
): Promise<SyncResult['unhealthy']> {
  if (seconds <= 0 || objects.length === 0) return [];
  const deadline = Date.now() + seconds * 1000;
  const last = new Map<string, string>();
  let degradedSince: number | undefined;
  let healthyBefore = -1;
  const pods = new Map<string, string>();
  for (let looks = 0; ; looks++) {
    const {answers} = await readLive(cluster, objects, signal, () => {});
    let states = objects.map(({id}) => stateOf(id, answers.get(identityKey(id)), healthOf));
    // What rolls out in a moment needs no reasons.
    if (looks % lookEvery === lookEvery - 1) {
      const ill = states.filter(isUnhealthy).slice(0, mostLooked);
      pods.clear();
      await Promise.all(
        ill.map(async ({id}) => {
          const answer = answers.get(identityKey(id));
          if (answer === null || answer === undefined || answer instanceof ClusterError) return;
          pods.set(identityKey(id), await whyNotReady(cluster, answer, signal));
        }),
      );
    }
    states = states.map(state => withPods(state, pods.get(identityKey(state.id)) ?? ''));
    for (const state of states) {
      const text = `${state.health} ${state.message}`;
      const key = identityKey(state.id);
      if (last.get(key) !== text) onEvent({type: 'health', ...state});
      last.set(key, text);
    }
    const unhealthy = states.filter(isUnhealthy);
    const healthy = states.length - unhealthy.length;
    if (healthy !== healthyBefore) onEvent({type: 'waiting', healthy, total: states.length});
    healthyBefore = healthy;
    const now = Date.now();
    if (unhealthy.length === 0 || now >= deadline) return unhealthy;
    const stuck = unhealthy.every(({health}) => health === 'Degraded');
    degradedSince = stuck ? (degradedSince ?? now) : undefined;
    if (degradedSince !== undefined && now - degradedSince >= degradedMs) return unhealthy;
    await sleep(Math.min(pollMs, deadline - now), undefined, {signal});
  }
}

function isUnhealthy({health}: State): boolean {
  return health !== 'Healthy' && health !== 'Suspended';
}

/** The state with what its pods say, which is more than the workload knows: `2 of 3 replicas are ready, 1 pod: OOMKilled`. */
function withPods(state: State, pods: string): State {
  if (pods === '' || !isUnhealthy(state)) return state;
  return {...state, message: state.message === '' ? pods : `${state.message}, ${pods}`};
}

function stateOf(id: ResourceId, answer: LiveAnswer | undefined, healthOf: HealthRule): State {
  if (answer instanceof ClusterError) return {id, health: 'Unknown', message: answer.message};
  if (answer === null || answer === undefined) {
    return {id, health: 'Missing', message: `${formatIdentity(id)} is not there`};
  }
  const {status, message} = healthOf(answer);
  return {id, health: status, message};
}
