import {createHash, randomUUID} from 'node:crypto';
import {isObject, type JsonObject, listAt, stringAt} from '../../resources/json.ts';

/** The status of a pod whose containers are being made. */
export function waitingStatus(spec: JsonObject): JsonObject {
  return {
    phase: 'Pending',
    conditions: conditionsOf(false, ''),
    containerStatuses: listAt(spec, 'containers').map(container => ({
      name: stringAt(container, 'name') ?? '',
      image: stringAt(container, 'image') ?? '',
      imageID: '',
      ready: false,
      started: false,
      restartCount: 0,
      lastState: {},
      state: {waiting: {reason: 'ContainerCreating'}},
    })),
  };
}

/** The status of a pod that runs since a time. */
export function runningStatus(spec: JsonObject, time: string): JsonObject {
  return {
    phase: 'Running',
    conditions: conditionsOf(true, time),
    hostIP: '10.0.0.2',
    startTime: time,
    containerStatuses: listAt(spec, 'containers').map(container => ({
      name: stringAt(container, 'name') ?? '',
      image: stringAt(container, 'image') ?? '',
      imageID: '',
      containerID: `containerd://${createHash('sha256').update(randomUUID()).digest('hex')}`,
      ready: true,
      started: true,
      restartCount: 0,
      lastState: {},
      state: {running: {startedAt: time}},
    })),
  };
}

/** The status of a pod that has done what it was for. */
export function doneStatus(spec: JsonObject, time: string): JsonObject {
  const running = runningStatus(spec, time);
  return {
    ...running,
    phase: 'Succeeded',
    conditions: conditionsOf(false, time),
    containerStatuses: listAt(running, 'containerStatuses')
      .filter(isObject)
      .map(status => ({
        ...status,
        ready: false,
        started: false,
        state: {
          terminated: {
            exitCode: 0,
            reason: 'Completed',
            startedAt: time,
            finishedAt: time,
            containerID: stringAt(status, 'containerID') ?? '',
          },
        },
      })),
  };
}

function conditionsOf(isReady: boolean, time: string): JsonObject[] {
  const holds = {PodScheduled: true, Initialized: time !== '', ContainersReady: isReady, Ready: isReady};
  return Object.entries(holds).map(([type, status]) => ({
    type,
    status: status ? 'True' : 'False',
    lastProbeTime: null,
    lastTransitionTime: time === '' ? null : time,
  }));
}
