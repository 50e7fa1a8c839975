import {equalJson, type JsonObject, listAt, objectAt, stringAt} from '../../resources/json.ts';

/**
 * What a controller would write to make an object ready: its status, and metadata where controllers write there.
 * Undefined where the object is as it should be, or its kind has no controller here.
 */
export function readyStatus(object: JsonObject, now: string): JsonObject | undefined {
  if (objectAt(object, 'metadata')['deletionTimestamp'] !== undefined) return undefined;
  const made = byKind[stringAt(object, 'kind') ?? '']?.(object, now);
  if (made === undefined) return undefined;
  return equalJson(made['status'], object['status']) ? undefined : made;
}

type Controller = (object: JsonObject, now: string) => JsonObject | undefined;

const generationOf = (object: JsonObject): number => Number(objectAt(object, 'metadata')['generation'] ?? 0);
const replicasOf = (object: JsonObject): number => Number(objectAt(object, 'spec')['replicas'] ?? 0);

const byKind: Record<string, Controller> = {
  Deployment(object, now) {
    const replicas = replicasOf(object);
    if (objectAt(object, 'spec')['paused'] === true) return undefined;
    const name = stringAt(objectAt(object, 'metadata'), 'name') ?? '';
    const revision = Number(
      objectAt(objectAt(object, 'metadata'), 'annotations')['deployment.kubernetes.io/revision'] ?? 1,
    );
    return {
      metadata: {annotations: {'deployment.kubernetes.io/revision': String(revision)}},
      status: {
        observedGeneration: generationOf(object),
        ...counts(replicas, ['replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas']),
        conditions: [
          condition(
            object,
            now,
            'Available',
            'MinimumReplicasAvailable',
            'Deployment has minimum availability.',
            true,
          ),
          condition(
            object,
            now,
            'Progressing',
            'NewReplicaSetAvailable',
            `ReplicaSet "${name}" has successfully progressed.`,
            true,
          ),
        ],
      },
    };
  },
  StatefulSet(object) {
    const replicas = replicasOf(object);
    const revision = `${stringAt(objectAt(object, 'metadata'), 'name') ?? ''}-${generationOf(object)}`;
    return {
      status: {
        observedGeneration: generationOf(object),
        replicas,
        ...counts(replicas, ['readyReplicas', 'availableReplicas', 'currentReplicas', 'updatedReplicas']),
        currentRevision: revision,
        updateRevision: revision,
        collisionCount: 0,
      },
    };
  },
  DaemonSet(object) {
    return {
      status: {
        observedGeneration: generationOf(object),
        currentNumberScheduled: 1,
        numberMisscheduled: 0,
        desiredNumberScheduled: 1,
        numberReady: 1,
        updatedNumberScheduled: 1,
        numberAvailable: 1,
      },
    };
  },
  ReplicaSet(object) {
    const replicas = replicasOf(object);
    return {
      status: {
        observedGeneration: generationOf(object),
        replicas,
        ...counts(replicas, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas']),
      },
    };
  },
  Job(object, now) {
    const spec = objectAt(object, 'spec');
    if (spec['suspend'] === true) return undefined;
    if (objectAt(object, 'status')['completionTime'] !== undefined) return undefined;
    const started = stringAt(objectAt(object, 'metadata'), 'creationTimestamp') ?? now;
    const message = 'Reached expected number of succeeded pods';
    return {
      status: {
        conditions: ['SuccessCriteriaMet', 'Complete'].map(type => ({
          type,
          status: 'True',
          lastProbeTime: now,
          lastTransitionTime: now,
          reason: 'CompletionsReached',
          message,
        })),
        startTime: started,
        completionTime: now,
        succeeded: Number(spec['completions'] ?? 1),
        terminating: 0,
        uncountedTerminatedPods: {},
        ready: 0,
      },
    };
  },
  PersistentVolumeClaim(object) {
    const spec = objectAt(object, 'spec');
    const storage = objectAt(objectAt(spec, 'resources'), 'requests')['storage'];
    return {
      status: {
        phase: 'Bound',
        accessModes: listAt(spec, 'accessModes'),
        ...(storage === undefined ? {} : {capacity: {storage}}),
      },
    };
  },
  PodDisruptionBudget(object) {
    return {
      status: {
        observedGeneration: generationOf(object),
        disruptionsAllowed: 1,
        currentHealthy: 1,
        desiredHealthy: 0,
        expectedPods: 1,
      },
    };
  },
  HorizontalPodAutoscaler(object, now) {
    const replicas = Number(objectAt(object, 'spec')['minReplicas'] ?? 1);
    return {
      status: {
        currentReplicas: replicas,
        desiredReplicas: replicas,
        conditions: [
          condition(object, now, 'AbleToScale', 'ReadyForNewScale', 'recommended size matches current size'),
          condition(
            object,
            now,
            'ScalingActive',
            'ValidMetricFound',
            'the HPA was able to calculate a replica count',
          ),
        ],
      },
    };
  },
  Ingress() {
    return {status: {loadBalancer: {ingress: [{ip: '127.0.0.1'}]}}};
  },
  Service(object) {
    if (objectAt(object, 'spec')['type'] !== 'LoadBalancer') return undefined;
    return {status: {loadBalancer: {ingress: [{ip: '127.0.0.1', ipMode: 'VIP'}]}}};
  },
};

function counts(replicas: number, names: readonly string[]): JsonObject {
  return replicas === 0 ? {} : Object.fromEntries(names.map(name => [name, replicas]));
}

/** A condition that holds; it keeps its times while it does. */
function condition(
  object: JsonObject,
  now: string,
  type: string,
  reason: string,
  message: string,
  updates = false,
): JsonObject {
  const known = listAt(objectAt(object, 'status'), 'conditions').find(
    item => stringAt(item, 'type') === type,
  );
  const since = stringAt(known, 'lastTransitionTime') ?? now;
  return {
    type,
    status: 'True',
    ...(updates ? {lastUpdateTime: stringAt(known, 'lastUpdateTime') ?? now} : {}),
    lastTransitionTime: since,
    reason,
    message,
  };
}
