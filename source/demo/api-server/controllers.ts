import {type JsonObject, listAt, objectAt, stringAt} from '../../resources/json.ts';
import {startGarbageCollector} from './garbage.ts';
import {mergePatch} from './json-patch.ts';
import {startPods} from './pods.ts';
import type {Registry} from './registry.ts';
import {ApiError, qualified} from './status.ts';
import type {Store} from './store.ts';
import {readyStatus} from './workloads.ts';
import type {Write, Writer} from './writer.ts';

export interface ControllerContext {
  store: Store;
  registry: Registry;
  writer: Writer;
  /** False: only what the real API server does by itself, which is to establish CustomResourceDefinitions. */
  everything: boolean;
  readyAfterMs: number;
  /** Whether workloads get replica sets, pods and events. */
  pods: boolean;
  /** The time of the change that is told: of what is seeded its own. */
  changedAt: () => string;
}

export interface Controllers {
  /** Does at once what would be done later, and what comes of it. */
  settle(): void;
  stop(): void;
}

/** Starts what keeps objects in order. */
export function startControllers(context: ControllerContext): Controllers {
  const waiting = new Map<NodeJS.Timeout, () => void>();
  const later = (ms: number, act: () => void) => {
    const timer = setTimeout(() => perform(timer), ms);
    timer.unref();
    waiting.set(timer, act);
  };
  const perform = (timer: NodeJS.Timeout) => {
    const act = waiting.get(timer);
    waiting.delete(timer);
    clearTimeout(timer);
    try {
      act?.();
    } catch (error) {
      // Someone else was faster: the change that they made brings the controller back.
      if (!(error instanceof ApiError)) throw error;
    }
  };
  const stopCollector = context.everything ? startGarbageCollector(context, later) : () => undefined;
  const stopPods = context.everything && context.pods ? startPods(context, later) : () => undefined;
  const stopWatching = context.store.watch(change => {
    if (change.type === 'DELETED') return;
    const name = stringAt(objectAt(change.object, 'metadata'), 'name') ?? '';
    const namespace = stringAt(objectAt(change.object, 'metadata'), 'namespace') ?? '';
    if (change.resource === definitions) later(0, () => establish(context, name));
    else if (context.everything && readyStatus(change.object, now(context)) !== undefined) {
      later(context.readyAfterMs, () => makeReady(context, change.resource, namespace, name));
    }
  });
  return {
    settle() {
      for (let [timer] = waiting.keys(); timer !== undefined; [timer] = waiting.keys()) perform(timer);
    },
    stop() {
      stopWatching();
      stopCollector();
      stopPods();
      for (const timer of waiting.keys()) clearTimeout(timer);
      waiting.clear();
    },
  };
}

const definitions = 'customresourcedefinitions.apiextensions.k8s.io';

function now({writer}: ControllerContext): string {
  return writer.now();
}

/** A write of a controller's, to the status. */
export function statusWrite(
  {registry}: ControllerContext,
  resourceName: string,
  namespace: string,
  name: string,
  manager = 'kube-controller-manager',
): Write | undefined {
  const resource = registry.all().find(candidate => qualified(candidate) === resourceName);
  const version = resource?.versions.find(served => served.version === resource.storageVersion);
  if (resource === undefined || version === undefined) return undefined;
  return {
    served: {resource, version},
    namespace,
    name,
    subresource: 'status',
    manager,
    dryRun: false,
    fieldValidation: 'Ignore',
    warn: () => undefined,
  };
}

function makeReady(context: ControllerContext, resource: string, namespace: string, name: string): void {
  const write = statusWrite(context, resource, namespace, name);
  const live = write === undefined ? undefined : context.writer.find(write);
  if (write === undefined || live === undefined) return;
  const change = readyStatus(live, now(context));
  if (change === undefined) return;
  context.writer.patch(object => {
    // The status as a whole is the controller's.
    const {status, ...rest} = change;
    const merged = objectAt({merged: mergePatch(object, rest)}, 'merged');
    return status === undefined ? merged : {...merged, status};
  }, write);
}

/** A definition's names are accepted and its kind is served. */
function establish(context: ControllerContext, name: string): void {
  const write = statusWrite(context, definitions, '', name, 'kube-apiserver');
  const live = write === undefined ? undefined : context.writer.find(write);
  if (write === undefined || live === undefined) return;
  const spec = objectAt(live, 'spec');
  const time = now(context);
  const conditions = listAt(objectAt(live, 'status'), 'conditions');
  const established = conditions.some(condition => stringAt(condition, 'type') === 'Established');
  const stored = listAt(objectAt(live, 'status'), 'storedVersions').map(String);
  for (const version of listAt(spec, 'versions')) {
    const at = stringAt(version, 'name') ?? '';
    if (objectAt({version}, 'version')['storage'] === true && !stored.includes(at)) stored.push(at);
  }
  const status: JsonObject = {
    ...objectAt(live, 'status'),
    acceptedNames: objectAt(spec, 'names'),
    storedVersions: stored,
    conditions: established
      ? conditions
      : [
          {
            type: 'NamesAccepted',
            status: 'True',
            lastTransitionTime: time,
            reason: 'NoConflicts',
            message: 'no conflicts found',
          },
          {
            type: 'Established',
            status: 'True',
            lastTransitionTime: time,
            reason: 'InitialNamesAccepted',
            message: 'the initial names have been accepted',
          },
        ],
  };
  context.writer.patch(object => ({...object, status}), write);
}
