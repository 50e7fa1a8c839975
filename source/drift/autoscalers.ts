import {identityKey, identityOf, splitApiVersion} from '../resources/identity.ts';
import {type JsonObject, objectAt, stringAt} from '../resources/json.ts';

/**
 * The identity keys of what autoscalers set the replicas of (drift trap 32): the targets of HorizontalPodAutoscalers,
 * live ones and those in git, and of KEDA's ScaledObjects, whose target is a Deployment unless it says otherwise.
 */
export function autoscaledTargets(autoscalers: Iterable<JsonObject>): Set<string> {
  const targets = new Set<string>();
  for (const autoscaler of autoscalers) {
    const target = objectAt(objectAt(autoscaler, 'spec'), 'scaleTargetRef');
    const name = stringAt(target, 'name');
    if (name === undefined) continue;
    targets.add(
      identityKey({
        group: splitApiVersion(stringAt(target, 'apiVersion') ?? 'apps/v1').group,
        kind: stringAt(target, 'kind') ?? 'Deployment',
        namespace: identityOf(autoscaler).namespace,
        name,
      }),
    );
  }
  return targets;
}
