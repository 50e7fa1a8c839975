import type {HealthStatus} from '../drift/types.ts';
import type {JsonObject} from '../resources/json.ts';
import {argoHealth} from './argo-cd.ts';
import {kstatusHealth} from './kstatus.ts';

/** Whose rules: Argo CD's (also for the direct engine), or kstatus' for Flux. They differ on many kinds. */
export type HealthProfile = 'argocd' | 'kstatus';

export interface Health {
  status: HealthStatus;
  /** Why, for people; '' where there is nothing to say. */
  message: string;
}

/** The cluster's own rule for an object's health; undefined where it has none for its kind. */
export type OwnHealth = (object: JsonObject) => Health | undefined;

/** Tells the health of a live object. */
export type HealthRule = (object: JsonObject) => Health;

/**
 * The rule of a profile: by the object's kind, or by the cluster's `own` one, which only Argo CD knows. A kind without a
 * rule is Healthy, being there.
 */
export function healthRule(profile: HealthProfile, own?: OwnHealth): HealthRule {
  return profile === 'argocd' ? object => argoHealth(object, own) : kstatusHealth;
}

const order: readonly HealthStatus[] = [
  'Healthy',
  'Suspended',
  'Progressing',
  'Missing',
  'Degraded',
  'Unknown',
];

/** An environment's health: the worst of its resources; Healthy where there are none. */
export function worst(statuses: Iterable<HealthStatus>): HealthStatus {
  let index = 0;
  for (const status of statuses) index = Math.max(index, order.indexOf(status));
  return order[index] ?? 'Unknown';
}
