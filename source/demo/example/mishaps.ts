import {randomUUID} from 'node:crypto';
import {isObject, type JsonObject, listAt, objectAt, stringAt} from '../../resources/json.ts';
import type {ApiServer} from '../api-server/server.ts';
import type {ExampleEnvironment} from './cluster.ts';

const minute = 60_000;

/**
 * What went wrong lately in an environment of the example, as its cluster tells it: probes that fail now and then, and a
 * container that ran out of memory and was started again. `now` is in ms.
 */
export function seedMishaps(server: ApiServer, environment: ExampleEnvironment, now: number): void {
  if (environment !== 'production') return;
  const pods = server.objects('pods');
  const podOf = (app: string) => pods.find(pod => labelOf(pod, 'app') === app);
  const web = podOf('web');
  if (web !== undefined) {
    const message = 'Readiness probe failed: HTTP probe failed with statuscode: 503';
    tell(server, web, 'Warning', 'Unhealthy', message, {
      first: now - 52 * minute,
      last: now - 3 * minute,
      count: 17,
    });
  }
  const checkout = podOf('checkout');
  if (checkout !== undefined) {
    outOfMemory(server, checkout, now - 41 * minute);
    const times = {first: now - 41 * minute, last: now - 41 * minute, count: 1};
    tell(server, checkout, 'Warning', 'BackOff', 'Back-off restarting failed container api', times);
    tell(server, checkout, 'Normal', 'Started', 'Container api started', {...times, count: 2});
  }
}

/** A container of the pod was ended for want of memory, and runs again. */
function outOfMemory(server: ApiServer, pod: JsonObject, time: number): void {
  const status = objectAt(pod, 'status');
  const [first, ...others] = listAt(status, 'containerStatuses').filter(isObject);
  if (first === undefined) return;
  const since = stringAt(objectAt(objectAt(first, 'state'), 'running'), 'startedAt') ?? at(time);
  const ended = {
    exitCode: 137,
    reason: 'OOMKilled',
    startedAt: since,
    finishedAt: at(time),
    containerID: stringAt(first, 'containerID') ?? '',
  };
  const restarted: JsonObject = {
    ...first,
    restartCount: 1,
    lastState: {terminated: ended},
    state: {running: {startedAt: at(time + 20_000)}},
  };
  server.seed([{...identity(pod), status: {...status, containerStatuses: [restarted, ...others]}}], {
    manager: 'kubelet',
    operation: 'Update',
    time: at(time),
    subresource: 'status',
  });
}

function tell(
  server: ApiServer,
  pod: JsonObject,
  type: string,
  reason: string,
  message: string,
  {first, last, count}: {first: number; last: number; count: number},
): void {
  const {name, namespace, uid} = objectAt(pod, 'metadata');
  const event: JsonObject = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {
      name: `${String(name)}.${randomUUID().slice(0, 8)}${randomUUID().slice(0, 8)}`,
      namespace: namespace ?? '',
    },
    involvedObject: {
      apiVersion: 'v1',
      kind: 'Pod',
      name: name ?? '',
      namespace: namespace ?? '',
      uid: uid ?? '',
      fieldPath: `spec.containers{${stringAt(listAt(objectAt(pod, 'spec'), 'containers')[0], 'name') ?? ''}}`,
    },
    type,
    reason,
    message,
    source: {component: 'kubelet', host: 'demo-node'},
    firstTimestamp: at(first),
    lastTimestamp: at(last),
    count,
  };
  server.seed([event], {manager: 'kubelet', operation: 'Update', time: at(first)});
}

function identity(pod: JsonObject): JsonObject {
  const {name, namespace} = objectAt(pod, 'metadata');
  return {apiVersion: 'v1', kind: 'Pod', metadata: {name: name ?? '', namespace: namespace ?? ''}};
}

/** What the CronJobs started when it was last time for them, a quarter past three. */
export function seedNightlyJobs(server: ApiServer, now: number): void {
  const day = 24 * 60 * minute;
  const quarter = (3 * 60 + 15) * minute;
  const time = Math.floor((now - quarter) / day) * day + quarter;
  for (const cronJob of server.objects('cronjobs.batch')) {
    const {name, namespace, uid, creationTimestamp} = objectAt(cronJob, 'metadata');
    if (Date.parse(String(creationTimestamp)) > time) continue;
    const owner = {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      name: name ?? '',
      uid: uid ?? '',
      controller: true,
    };
    const job: JsonObject = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name: `${String(name)}-${time / minute}`,
        namespace: namespace ?? '',
        ownerReferences: [owner],
      },
      spec: objectAt(objectAt(objectAt(cronJob, 'spec'), 'jobTemplate'), 'spec'),
    };
    server.seed([job], {manager: 'kube-controller-manager', operation: 'Update', time: at(time)});
  }
}

function labelOf(pod: JsonObject, name: string): string | undefined {
  return stringAt(objectAt(objectAt(pod, 'metadata'), 'labels'), name);
}

function at(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
