import {splitApiVersion} from '../resources/identity.ts';
import {type JsonObject, listAt, objectAt, stringAt} from '../resources/json.ts';
import {conditionOf, conditionsOf, degraded, healthy, numberAt, progressing} from './conditions.ts';
import type {Health} from './health.ts';

type Rule = (object: JsonObject, spec: JsonObject, status: JsonObject) => Health;

/**
 * kstatus' rules, which Flux uses: Current is Healthy, InProgress and Terminating are Progressing, Failed is Degraded.
 * Source: https://github.com/kubernetes-sigs/cli-utils/tree/master/pkg/kstatus/status
 */
export function kstatusHealth(object: JsonObject): Health {
  const metadata = objectAt(object, 'metadata');
  const status = objectAt(object, 'status');
  if (stringAt(metadata, 'deletionTimestamp') !== undefined) return progressing('terminating');
  const observed = status['observedGeneration'];
  if (typeof observed === 'number' && observed !== numberAt(metadata, 'generation', observed)) {
    return progressing('waiting for the controller to see the new generation');
  }
  const reconciling = conditionOf(object, 'Reconciling', 'True');
  if (reconciling !== undefined) return progressing(reconciling.message);
  const stalled = conditionOf(object, 'Stalled', 'True');
  if (stalled !== undefined) return degraded(stalled.message);
  const {group} = splitApiVersion(stringAt(object, 'apiVersion') ?? '');
  const rule = rules[`${group}/${stringAt(object, 'kind') ?? ''}`];
  if (rule !== undefined) return rule(object, objectAt(object, 'spec'), status);
  const ready = conditionOf(object, 'Ready');
  return ready === undefined || ready.status === 'True' ? healthy() : progressing(ready.message);
}

const current: Rule = () => healthy();

const rules: Record<string, Rule> = {
  'apps/Deployment': deployment,
  'apps/StatefulSet': statefulSet,
  'apps/DaemonSet': daemonSet,
  'apps/ReplicaSet': replicaSet,
  'batch/Job': job,
  'batch/CronJob': current,
  '/Pod': pod,
  '/PersistentVolumeClaim': (_object, _spec, status) =>
    status['phase'] === 'Bound' ? healthy() : progressing('the claim is not bound'),
  '/Service': (_object, spec) =>
    spec['type'] === 'LoadBalancer' && (stringAt(spec, 'clusterIP') ?? '') === ''
      ? progressing('the service has no cluster IP yet')
      : healthy(),
  'networking.k8s.io/Ingress': current,
  'apiregistration.k8s.io/APIService': current,
  'autoscaling/HorizontalPodAutoscaler': current,
  'policy/PodDisruptionBudget': current,
  'apiextensions.k8s.io/CustomResourceDefinition': customResourceDefinition,
};

function deployment(object: JsonObject, spec: JsonObject, status: JsonObject): Health {
  const conditions = conditionsOf(object);
  const progress = conditions.find(({type}) => type === 'Progressing');
  if (progress?.reason === 'ProgressDeadlineExceeded') return degraded('the progress deadline was exceeded');
  const wanted = numberAt(spec, 'replicas', 1);
  const replicas = numberAt(status, 'replicas');
  const updated = numberAt(status, 'updatedReplicas');
  const available = numberAt(status, 'availableReplicas');
  const ready = numberAt(status, 'readyReplicas');
  if (replicas < wanted) return progressing(`${replicas} of ${wanted} replicas`);
  if (updated < wanted) return progressing(`${updated} of ${wanted} replicas are updated`);
  if (replicas > wanted) return progressing(`${replicas - wanted} replicas are pending termination`);
  if (available < updated) return progressing(`${available} of ${updated} replicas are available`);
  if (ready < wanted) return progressing(`${ready} of ${wanted} replicas are ready`);
  // Without a deadline the controller keeps no such condition.
  const hasDeadline = numberAt(spec, 'progressDeadlineSeconds', 600) !== 2_147_483_647;
  if (hasDeadline && !(progress?.status === 'True' && progress.reason === 'NewReplicaSetAvailable')) {
    return progressing('the new replica set is not available');
  }
  return conditions.some(({type, status: is}) => type === 'Available' && is === 'True')
    ? healthy()
    : progressing('the deployment is not available');
}

function statefulSet(_object: JsonObject, spec: JsonObject, status: JsonObject): Health {
  const strategy = objectAt(spec, 'updateStrategy');
  if (strategy['type'] === 'OnDelete') return healthy();
  const wanted = numberAt(spec, 'replicas', 1);
  const replicas = numberAt(status, 'replicas');
  const ready = numberAt(status, 'readyReplicas');
  if (replicas < wanted) return progressing(`${replicas} of ${wanted} replicas`);
  if (ready < wanted) return progressing(`${ready} of ${wanted} replicas are ready`);
  if (replicas > wanted) return progressing(`${replicas - wanted} replicas are pending termination`);
  const partition = numberAt(objectAt(strategy, 'rollingUpdate'), 'partition', -1);
  if (partition >= 0) {
    const updated = numberAt(status, 'updatedReplicas');
    return updated < wanted - partition
      ? progressing(`${updated} of ${wanted - partition} replicas are updated`)
      : healthy();
  }
  if (numberAt(status, 'currentReplicas') < wanted) return progressing('the rolling update is not complete');
  return stringAt(status, 'currentRevision') === stringAt(status, 'updateRevision')
    ? healthy()
    : progressing('the rolling update is not complete');
}

function daemonSet(object: JsonObject, _spec: JsonObject, status: JsonObject): Health {
  const generation = objectAt(object, 'metadata')['generation'];
  if (typeof generation !== 'number' || typeof status['observedGeneration'] !== 'number') {
    return progressing('waiting for the controller to see it');
  }
  const wanted = numberAt(status, 'desiredNumberScheduled', -1);
  if (wanted < 0) return progressing('nothing is scheduled yet');
  for (const [field, words] of [
    ['currentNumberScheduled', 'scheduled'],
    ['updatedNumberScheduled', 'updated'],
    ['numberAvailable', 'available'],
    ['numberReady', 'ready'],
  ] as const) {
    const count = numberAt(status, field);
    if (count < wanted) return progressing(`${count} of ${wanted} pods are ${words}`);
  }
  return healthy();
}

function replicaSet(object: JsonObject, spec: JsonObject, status: JsonObject): Health {
  const failure = conditionOf(object, 'ReplicaFailure', 'True');
  if (failure !== undefined) return progressing(failure.message);
  const wanted = numberAt(spec, 'replicas', 1);
  for (const [field, words] of [
    ['fullyLabeledReplicas', 'labelled'],
    ['availableReplicas', 'available'],
    ['readyReplicas', 'ready'],
  ] as const) {
    const count = numberAt(status, field);
    if (count < wanted) return progressing(`${count} of ${wanted} replicas are ${words}`);
  }
  const old = numberAt(status, 'replicas') - wanted;
  return old > 0 ? progressing(`${old} replicas are pending termination`) : healthy();
}

function job(object: JsonObject): Health {
  const failed = conditionOf(object, 'Failed', 'True');
  if (failed !== undefined) return degraded(failed.message);
  if (conditionOf(object, 'Complete', 'True') !== undefined) return healthy();
  if (conditionOf(object, 'Suspended', 'True') !== undefined) return healthy('the job is suspended');
  return progressing('the job is running');
}

function pod(object: JsonObject, _spec: JsonObject, status: JsonObject): Health {
  const crashing = listAt(status, 'containerStatuses').find(
    container => stringAt(objectAt(objectAt(container, 'state'), 'waiting'), 'reason') === 'CrashLoopBackOff',
  );
  const crashed = () => degraded(`container ${stringAt(crashing, 'name') ?? ''} is in a crash loop`);
  switch (stringAt(status, 'phase')) {
    case 'Succeeded':
      return healthy();
    case 'Failed':
      return degraded('the pod ended without success');
    case 'Running':
      if (conditionOf(object, 'Ready', 'True') !== undefined) return healthy();
      return crashing === undefined ? progressing('the pod is not ready') : crashed();
    case 'Pending': {
      // kstatus waits 15 s before it says so; there is no clock here, and a scheduler that has an answer rarely changes it.
      const scheduled = conditionOf(object, 'PodScheduled', 'False');
      if (scheduled?.reason === 'Unschedulable') return degraded('the pod could not be scheduled');
      return crashing === undefined ? progressing('the pod is pending') : crashed();
    }
    default:
      return progressing('the pod has no phase yet');
  }
}

function customResourceDefinition(object: JsonObject): Health {
  const names = conditionOf(object, 'NamesAccepted', 'False');
  if (names !== undefined) return degraded(names.message);
  const established = conditionOf(object, 'Established');
  if (established?.status === 'True') return healthy();
  return established?.status === 'False' && established.reason !== 'Installing'
    ? degraded(established.message)
    : progressing('the kind is not established yet');
}
