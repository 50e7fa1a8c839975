import {setTimeout as sleep} from 'node:timers/promises';
import {type Cluster, ClusterError} from '../../../cluster/types.ts';
import type {HealthStatus} from '../../../drift/types.ts';
import type {HealthRule} from '../../../health/health.ts';
import {formatIdentity, identityKey, type ResourceId} from '../../../resources/identity.ts';
import type {Kind} from '../../../resources/kind.ts';
import type {SyncEvent, SyncResult} from '../../types.ts';
import {type LiveAnswer, readLive} from '../live/live.ts';

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
  for (;;) {
    const {answers} = await readLive(cluster, objects, signal, () => {});
    const states = objects.map(({id}) => stateOf(id, answers.get(identityKey(id)), healthOf));
    for (const state of states) {
      const text = `${state.health} ${state.message}`;
      const key = identityKey(state.id);
      if (last.get(key) !== text) onEvent({type: 'health', ...state});
      last.set(key, text);
    }
    const unhealthy = states.filter(({health}) => health !== 'Healthy' && health !== 'Suspended');
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

function stateOf(id: ResourceId, answer: LiveAnswer | undefined, healthOf: HealthRule): State {
  if (answer instanceof ClusterError) return {id, health: 'Unknown', message: answer.message};
  if (answer === null || answer === undefined) {
    return {id, health: 'Missing', message: `${formatIdentity(id)} is not there`};
  }
  const {status, message} = healthOf(answer);
  return {id, health: status, message};
}
