import {isObject, type Json, type JsonObject, listAt, objectAt, stringAt} from '../resources/json.ts';
import type {Condition, ObjectSeen} from './types.ts';

/**
 * Types whose `True` is bad: those of the API itself, and what the API conventions call abnormal-true.
 * https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md#typical-status-properties
 */
const badWhenTrue =
  /^(?:ReplicaFailure|Failed|FailureTarget|Degraded|Stalled|Suspended|NetworkUnavailable|DisruptionTarget|DeletionFailed|NonStructuralSchema|KubernetesAPIApprovalPolicyConflict|NamespaceDeletion\w*Failure|NamespaceContentRemaining|NamespaceFinalizersRemaining|\w*Pressure|\w*Error|\w*Invalid)$/;

/** Types whose `False` is bad. Others (`Reconciling`, `ScalingLimited`, `Complete`) are good or bad by what is waited for. */
const badWhenFalse =
  /^(?:Available|Progressing|Ready|ContainersReady|Initialized|PodScheduled|PodReadyToStartContainers|Established|NamesAccepted|AbleToScale|ScalingActive|DisruptionAllowed|Healthy|Synced|Accepted|Programmed|ResolvedRefs|Valid|\w*Ready|\w*Available)$/;

/** Whether a condition is as it should be; null where that can't be told by its type. */
function isGood(type: string, status: string): boolean | null {
  if (status === 'Unknown') return badWhenTrue.test(type) || badWhenFalse.test(type) ? false : null;
  if (status !== 'True' && status !== 'False') return null;
  if (badWhenTrue.test(type)) return status === 'False';
  if (badWhenFalse.test(type)) return status === 'True';
  return null;
}

/** What an object says of itself in its status. */
export function objectSeen(object: JsonObject): ObjectSeen {
  const metadata = objectAt(object, 'metadata');
  const status = objectAt(object, 'status');
  const generation = numberAt(metadata['generation']);
  const observed = numberAt(status['observedGeneration']);
  const isBehind = generation !== null && observed !== null && observed < generation;
  return {
    phase: stringAt(status, 'phase') ?? null,
    generation,
    observed,
    deleting: stringAt(metadata, 'deletionTimestamp') ?? null,
    conditions: listAt(status, 'conditions')
      .filter(isObject)
      .map(item => conditionOf(item, generation, isBehind)),
  };
}

function conditionOf(item: JsonObject, generation: number | null, isBehind: boolean): Condition {
  const type = stringAt(item, 'type') ?? '';
  const status = stringAt(item, 'status') ?? '';
  const own = numberAt(item['observedGeneration']);
  return {
    type,
    status,
    reason: stringAt(item, 'reason') ?? '',
    message: stringAt(item, 'message') ?? '',
    since: stringAt(item, 'lastTransitionTime') ?? null,
    good: isGood(type, status),
    // A condition may tell its own generation (metav1.Condition); without one that of the whole status counts.
    stale: own === null ? isBehind : generation !== null && own < generation,
  };
}

function numberAt(value: Json | undefined): number | null {
  return typeof value === 'number' ? value : null;
}
