import {splitApiVersion} from '../resources/identity.ts';
import {isObject, type JsonObject, listAt, objectAt, stringAt} from '../resources/json.ts';
import {
  conditionOf,
  conditionsOf,
  degraded,
  healthy,
  numberAt,
  progressing,
  suspended,
} from './conditions.ts';
import type {Health, OwnHealth} from './health.ts';

type Rule = (object: JsonObject, spec: JsonObject, status: JsonObject) => Health;

/**
 * Argo CD's built-in health rules, which a cluster's own go before; a kind without one is Healthy by being there.
 * Source: https://github.com/argoproj/gitops-engine/tree/master/pkg/health
 */
export function argoHealth(object: JsonObject, own: OwnHealth = () => undefined): Health {
  if (stringAt(objectAt(object, 'metadata'), 'deletionTimestamp') !== undefined) {
    return progressing('pending deletion');
  }
  const told = own(object);
  if (told !== undefined) return told;
  const {group} = splitApiVersion(stringAt(object, 'apiVersion') ?? '');
  const rule = rules[`${group}/${stringAt(object, 'kind') ?? ''}`];
  return rule === undefined ? healthy() : rule(object, objectAt(object, 'spec'), objectAt(object, 'status'));
}

const rules: Record<string, Rule> = {
  'apps/Deployment': deployment,
  'apps/StatefulSet': statefulSet,
  'apps/DaemonSet': daemonSet,
  'apps/ReplicaSet': replicaSet,
  'batch/Job': job,
  'batch/CronJob': cronJob,
  '/Pod': pod,
  '/PersistentVolumeClaim': claim,
  '/Service': service,
  'networking.k8s.io/Ingress': (_object, _spec, status) =>
    hasIngress(status) ? healthy() : progressing('no load balancer has answered yet'),
  'apiregistration.k8s.io/APIService': apiService,
  'autoscaling/HorizontalPodAutoscaler': autoscaler,
  'policy/PodDisruptionBudget': disruptionBudget,
  'apiextensions.k8s.io/CustomResourceDefinition': customResourceDefinition,
};

function isObserved(object: JsonObject, status: JsonObject): boolean {
  return numberAt(objectAt(object, 'metadata'), 'generation') <= numberAt(status, 'observedGeneration');
}

const unobserved = progressing('waiting for the controller to see the new generation');

function deployment(object: JsonObject, spec: JsonObject, status: JsonObject): Health {
  if (spec['paused'] === true) return suspended('the deployment is paused');
  if (!isObserved(object, status)) return unobserved;
  const deadline = conditionOf(object, 'Progressing');
  if (deadline?.reason === 'ProgressDeadlineExceeded') return degraded('it exceeded its progress deadline');
  const updated = numberAt(status, 'updatedReplicas');
  const replicas = spec['replicas'];
  if (typeof replicas === 'number' && updated < replicas) {
    return progressing(`${updated} of ${replicas} new replicas have been updated`);
  }
  const old = numberAt(status, 'replicas') - updated;
  if (old > 0) return progressing(`${old} old replicas are pending termination`);
  const available = numberAt(status, 'availableReplicas');
  if (available < updated) return progressing(`${available} of ${updated} updated replicas are available`);
  return healthy();
}

function statefulSet(object: JsonObject, spec: JsonObject, status: JsonObject): Health {
  if (numberAt(status, 'observedGeneration') === 0 || !isObserved(object, status)) return unobserved;
  const replicas = spec['replicas'];
  const ready = numberAt(status, 'readyReplicas');
  if (typeof replicas === 'number' && ready < replicas) {
    return progressing(`waiting for ${replicas - ready} pods to be ready`);
  }
  const strategy = objectAt(spec, 'updateStrategy');
  const {rollingUpdate} = strategy;
  if (strategy['type'] === 'RollingUpdate' && isObject(rollingUpdate)) {
    const {partition} = rollingUpdate;
    const updated = numberAt(status, 'updatedReplicas');
    if (typeof replicas === 'number' && typeof partition === 'number' && updated < replicas - partition) {
      return progressing(`${updated} of ${replicas - partition} new pods have been updated`);
    }
    return healthy();
  }
  if (strategy['type'] === 'OnDelete') return healthy();
  if (stringAt(status, 'updateRevision') !== stringAt(status, 'currentRevision')) {
    return progressing('the rolling update is not complete');
  }
  return healthy();
}

function daemonSet(object: JsonObject, spec: JsonObject, status: JsonObject): Health {
  if (!isObserved(object, status)) return unobserved;
  if (objectAt(spec, 'updateStrategy')['type'] === 'OnDelete') return healthy();
  const desired = numberAt(status, 'desiredNumberScheduled');
  const updated = numberAt(status, 'updatedNumberScheduled');
  if (updated < desired) return progressing(`${updated} of ${desired} new pods have been updated`);
  const available = numberAt(status, 'numberAvailable');
  return available < desired ? progressing(`${available} of ${desired} pods are available`) : healthy();
}

function replicaSet(object: JsonObject, spec: JsonObject, status: JsonObject): Health {
  if (!isObserved(object, status)) return unobserved;
  const failure = conditionOf(object, 'ReplicaFailure', 'True');
  if (failure !== undefined) return degraded(failure.message);
  const {replicas} = spec;
  const available = numberAt(status, 'availableReplicas');
  return typeof replicas === 'number' && available < replicas
    ? progressing(`${available} of ${replicas} replicas are available`)
    : healthy();
}

function job(object: JsonObject): Health {
  const failed = conditionOf(object, 'Failed', 'True');
  if (failed !== undefined) return degraded(failed.message);
  if (conditionOf(object, 'Complete', 'True') !== undefined) return healthy();
  if (conditionOf(object, 'Suspended', 'True') !== undefined) return suspended('the job is suspended');
  return progressing('the job is running');
}

function cronJob(_object: JsonObject, _spec: JsonObject, status: JsonObject): Health {
  const scheduled = stringAt(status, 'lastScheduleTime');
  const succeeded = stringAt(status, 'lastSuccessfulTime');
  // A run that has not ended has not failed.
  if (listAt(status, 'active').length > 0) return healthy('a job is running');
  return scheduled !== undefined && succeeded !== undefined && succeeded < scheduled
    ? degraded('the last scheduled run did not succeed')
    : healthy();
}

function pod(object: JsonObject, spec: JsonObject, status: JsonObject): Health {
  const always = (stringAt(spec, 'restartPolicy') ?? 'Always') === 'Always';
  const containers = [...listAt(status, 'initContainerStatuses'), ...listAt(status, 'containerStatuses')];
  if (always) {
    for (const container of containers) {
      const waiting = objectAt(objectAt(container, 'state'), 'waiting');
      const reason = stringAt(waiting, 'reason') ?? '';
      if (/^Err|Error$|BackOff$/.test(reason)) return degraded(stringAt(waiting, 'message') ?? reason);
    }
  }
  switch (stringAt(status, 'phase')) {
    case 'Pending':
      return progressing(stringAt(status, 'message') ?? 'the pod is pending');
    case 'Succeeded':
      return healthy();
    case 'Failed':
      return degraded(stringAt(status, 'message') ?? stringAt(status, 'reason') ?? 'the pod failed');
    case 'Running': {
      // With another policy the pod is a task: it is done when it has ended.
      if (!always) return progressing('the pod is running');
      if (conditionOf(object, 'Ready', 'True') !== undefined) return healthy();
      const ended = containers.find(
        container => isObject(container) && objectAt(container, 'lastState')['terminated'] !== undefined,
      );
      return ended === undefined
        ? progressing('the pod is not ready')
        : degraded(`container ${stringAt(ended, 'name') ?? ''} has ended before`);
    }
    default:
      return {status: 'Unknown', message: stringAt(status, 'message') ?? ''};
  }
}

function claim(_object: JsonObject, _spec: JsonObject, status: JsonObject): Health {
  switch (stringAt(status, 'phase')) {
    case 'Bound':
      return healthy();
    case 'Pending':
      return progressing('the claim is not bound');
    case 'Lost':
      return degraded('the claim lost its volume');
    default:
      return {status: 'Unknown', message: ''};
  }
}

function service(_object: JsonObject, spec: JsonObject, status: JsonObject): Health {
  return spec['type'] === 'LoadBalancer' && !hasIngress(status)
    ? progressing('the load balancer has no address yet')
    : healthy();
}

function hasIngress(status: JsonObject): boolean {
  return listAt(objectAt(status, 'loadBalancer'), 'ingress').length > 0;
}

function apiService(object: JsonObject): Health {
  const available = conditionOf(object, 'Available');
  if (available?.status === 'True') return healthy();
  return progressing(available?.message ?? 'waiting to be processed');
}

function autoscaler(object: JsonObject): Health {
  const conditions = conditionsOf(object);
  const failed = conditions.find(
    ({type, status, reason}) =>
      (type === 'AbleToScale' && /^Failed/.test(reason)) ||
      (type === 'ScalingActive' && status === 'False' && /^Failed|^Invalid/.test(reason)),
  );
  if (failed !== undefined) return degraded(failed.message);
  const works = conditions.some(
    ({type, status}) => (type === 'AbleToScale' || type === 'ScalingLimited') && status === 'True',
  );
  return works ? healthy() : progressing('waiting to autoscale');
}

function disruptionBudget(object: JsonObject): Health {
  const failed = conditionsOf(object).find(
    ({status, reason}) => status === 'False' && reason !== 'InsufficientPods',
  );
  return failed === undefined ? healthy() : degraded(failed.message);
}

function customResourceDefinition(object: JsonObject): Health {
  const names = conditionOf(object, 'NamesAccepted', 'False');
  if (names !== undefined) return degraded(names.message);
  const isServed =
    conditionOf(object, 'Established', 'True') !== undefined &&
    conditionOf(object, 'NamesAccepted', 'True') !== undefined;
  return isServed ? healthy() : progressing('the kind is not established yet');
}
