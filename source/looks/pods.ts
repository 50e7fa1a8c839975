import {isObject, type JsonObject, listAt, objectAt, stringAt} from '../resources/json.ts';
import type {ContainerSeen, PodSeen} from './types.ts';

/**
 * A pod as `kubectl get pods` tells it: the words for its state are those of Kubernetes' own printer.
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/printers/internalversion/printers.go (printPod)
 */
export function podSeen(pod: JsonObject): PodSeen {
  const metadata = objectAt(pod, 'metadata');
  const containers = containersOf(pod);
  const main = containers.filter(({kind}) => kind === 'container');
  const deleting = stringAt(metadata, 'deletionTimestamp') !== undefined;
  const readies = listAt(objectAt(pod, 'status'), 'containerStatuses').filter(
    status => isObject(status) && status['ready'] === true,
  );
  return {
    uid: stringAt(metadata, 'uid') ?? '',
    namespace: stringAt(metadata, 'namespace') ?? '',
    name: stringAt(metadata, 'name') ?? '',
    status: deleting ? 'Terminating' : statusOf(pod, containers),
    ready: readies.length,
    total: main.length,
    restarts: main.reduce((sum, {restarts}) => sum + restarts, 0),
    created: stringAt(metadata, 'creationTimestamp') ?? '',
    deleting,
    containers,
  };
}

/** The containers of a pod in the order in which they run. */
function containersOf(pod: JsonObject): ContainerSeen[] {
  const lists = [
    ['init', 'initContainers', 'initContainerStatuses'],
    ['container', 'containers', 'containerStatuses'],
    ['ephemeral', 'ephemeralContainers', 'ephemeralContainerStatuses'],
  ] as const;
  return lists.flatMap(([kind, specs, statuses]) =>
    listAt(objectAt(pod, 'spec'), specs).map(spec => {
      const name = stringAt(spec, 'name') ?? '';
      const status = listAt(objectAt(pod, 'status'), statuses).find(item => stringAt(item, 'name') === name);
      return containerSeen(name, kind, isObject(status) ? status : {});
    }),
  );
}

/**
 * Which logs a container has is as the kubelet decides it: of the running one, else of the one that ended last.
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/kubelet_pods.go (validateContainerLogStatus)
 */
function containerSeen(name: string, kind: ContainerSeen['kind'], status: JsonObject): ContainerSeen {
  const now = objectAt(status, 'state');
  const before = objectAt(objectAt(status, 'lastState'), 'terminated');
  const state =
    (['running', 'terminated', 'waiting'] as const).find(each => isObject(now[each])) ?? 'unknown';
  const told = state === 'unknown' ? {} : objectAt(now, state);
  const hasPrevious = stringAt(before, 'containerID') !== undefined;
  const restarts = Number(status['restartCount'] ?? 0);
  const exitCode = state === 'terminated' ? told['exitCode'] : undefined;
  return {
    name,
    kind,
    state,
    reason: stringAt(told, 'reason') ?? '',
    message: stringAt(told, 'message') ?? '',
    exitCode: typeof exitCode === 'number' ? exitCode : null,
    restarts,
    instance: `${restarts} ${stringAt(status, 'containerID') ?? ''}`,
    hasLog: state === 'running' || state === 'terminated' || hasPrevious,
    hasPrevious,
  };
}

function statusOf(pod: JsonObject, containers: readonly ContainerSeen[]): string {
  const status = objectAt(pod, 'status');
  const phase = stringAt(status, 'phase') ?? 'Unknown';
  const inits = containers.filter(({kind}) => kind === 'init');
  const sidecars = new Set(
    listAt(objectAt(pod, 'spec'), 'initContainers')
      .filter(item => stringAt(item, 'restartPolicy') === 'Always')
      .map(item => stringAt(item, 'name')),
  );
  for (const [index, init] of inits.entries()) {
    if (init.state === 'terminated' && init.exitCode === 0) continue;
    if (init.state === 'running' && sidecars.has(init.name)) continue;
    // Before the kubelet has told anything nothing is initialising yet.
    if (init.state === 'unknown') break;
    if (init.state === 'terminated') return `Init:${init.reason || `ExitCode:${init.exitCode}`}`;
    const says = init.state === 'waiting' && init.reason !== '' && init.reason !== 'PodInitializing';
    return says ? `Init:${init.reason}` : `Init:${index}/${inits.length}`;
  }
  const main = containers.filter(({kind}) => kind === 'container');
  let word = stringAt(status, 'reason') || phase;
  let runs = false;
  for (const container of [...main].reverse()) {
    if (container.state === 'waiting' && container.reason !== '') word = container.reason;
    else if (container.state === 'terminated') {
      word = container.reason || `ExitCode:${container.exitCode}`;
    } else if (container.state === 'running') runs = true;
  }
  return word === 'Completed' && runs ? 'Running' : word;
}

/** Short names of pods that still tell them apart: without what they have in common at their start. */
export function shortNames(names: readonly string[]): ReadonlyMap<string, string> {
  const [first = '', ...others] = names;
  let common = others.length === 0 ? first.lastIndexOf('-') + 1 : first.length;
  for (const name of others) {
    let at = 0;
    while (at < Math.min(common, name.length) && name[at] === first[at]) at++;
    common = at;
  }
  // Whole parts only, and a number alone (of a StatefulSet) is no name.
  const start = first.lastIndexOf('-', common - 1) + 1;
  const short = names.map(name => name.slice(start));
  const isPlain = short.some(name => name === '' || /^\d+$/.test(name));
  return new Map(names.map((name, index) => [name, isPlain ? name : (short[index] ?? name)]));
}
