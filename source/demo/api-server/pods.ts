import {createHash, randomUUID} from 'node:crypto';
import {equalJson, type JsonObject, listAt, objectAt, stringAt, stringifyJson} from '../../resources/json.ts';
import type {ControllerContext} from './controllers.ts';
import {doneStatus, runningStatus, waitingStatus} from './pod-status.ts';
import {remove} from './remover.ts';
import {qualified} from './status.ts';
import {type Change, keyOf, type Store, withRevision} from './store.ts';

type Later = (ms: number, act: () => void) => void;

/** The one node of the embedded cluster. */
export const nodeName = 'demo-node';

// As Kubernetes' own random names: no vowels, so no words.
const letters = 'bcdfghjklmnpqrstvwxz2456789';

const workloads = new Set(['deployments.apps', 'statefulsets.apps', 'daemonsets.apps', 'jobs.batch']);

/**
 * Makes what controllers, scheduler and kubelet make of workloads: replica sets, pods that run, and the events of it all.
 * A rollout is done in one step. Names follow from what a pod is made of, so that they are the same each time.
 */
export function startPods(context: ControllerContext, later: Later): () => void {
  const keeper = new Keeper(context, later);
  return context.store.watch(change => keeper.hear(change));
}

interface Owner {
  readonly resource: string;
  readonly object: JsonObject;
}

class Keeper {
  readonly #context: ControllerContext;
  readonly #store: Store;
  readonly #later: Later;
  #isRemoving = false;
  /** Names that pods had. */
  readonly #named = new Set<string>();

  constructor(context: ControllerContext, later: Later) {
    this.#context = context;
    this.#store = context.store;
    this.#later = later;
  }

  hear({type, resource, key, object, previous}: Change): void {
    // What comes of a change happens at its time, also where that was seeded.
    const time = this.#context.changedAt();
    if (workloads.has(resource) && type !== 'DELETED') {
      const isNew = previous === undefined || !equalJson(previous['spec'], object['spec']);
      if (isNew) this.#later(0, () => this.#reconcile(resource, key, time));
    } else if (resource === 'pods' && type === 'DELETED') {
      // What goes by a rollout was told at its time.
      if (!this.#isRemoving) this.#killed(object, time);
      for (const reference of listAt(objectAt(object, 'metadata'), 'ownerReferences')) {
        const owner = this.#byUid(stringAt(reference, 'uid') ?? '');
        if (owner !== undefined)
          this.#later(0, () => this.#reconcileOwner(owner.resource, keyFor(owner.object), time));
      }
    }
  }

  #byUid(uid: string): Owner | undefined {
    for (const resource of [...workloads, 'replicasets.apps']) {
      for (const [, object] of this.#store.entries(resource))
        if (uidFor(object) === uid) return {resource, object};
    }
    return undefined;
  }

  #reconcileOwner(resource: string, key: string, time: string): void {
    const set = workloads.has(resource) ? undefined : this.#store.get(resource, key);
    if (workloads.has(resource)) this.#reconcile(resource, key, time);
    else if (set !== undefined && !isDeleting(set))
      this.#fill(set, Number(objectAt(set, 'spec')['replicas'] ?? 0), time);
  }

  #reconcile(resource: string, key: string, time: string): void {
    const object = this.#store.get(resource, key);
    if (object === undefined || isDeleting(object)) return;
    const spec = objectAt(object, 'spec');
    switch (resource) {
      case 'deployments.apps':
        this.#rollOut(object, time);
        break;
      case 'statefulsets.apps':
        this.#fill(object, Number(spec['replicas'] ?? 1), time);
        break;
      case 'daemonsets.apps':
        this.#fill(object, 1, time);
        break;
      default:
        if (spec['suspend'] !== true) this.#fill(object, Number(spec['parallelism'] ?? 1), time);
    }
  }

  /** A replica set for the pod template as it is; those of earlier ones are emptied. */
  #rollOut(deployment: JsonObject, time: string): void {
    const spec = objectAt(deployment, 'spec');
    const replicas = Number(spec['replicas'] ?? 1);
    const template = objectAt(spec, 'template');
    const hash = named(stringifyJson(template), 10);
    const name = `${nameFor(deployment)}-${hash}`;
    const sets = this.#ownedBy('replicasets.apps', deployment);
    for (const set of sets) {
      if (nameFor(set) !== name) this.#scale(deployment, set, 0, time);
    }
    const known = sets.find(set => nameFor(set) === name);
    if (known !== undefined) {
      this.#scale(deployment, known, replicas, time);
      return;
    }
    const labels = {...objectAt(objectAt(template, 'metadata'), 'labels'), 'pod-template-hash': hash};
    const set = this.#put('replicasets.apps', {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {...this.#metadata(name, deployment, time), generation: 1, labels},
      spec: {
        replicas,
        selector: {
          matchLabels: {...objectAt(objectAt(spec, 'selector'), 'matchLabels'), 'pod-template-hash': hash},
        },
        template: {...template, metadata: {...objectAt(template, 'metadata'), labels}},
      },
      status: {},
    });
    const text = `Scaled up replica set ${name} from 0 to ${replicas}`;
    this.#happened(deployment, 'Normal', 'ScalingReplicaSet', text, 'deployment-controller', time);
    this.#fill(set, replicas, time);
  }

  #scale(deployment: JsonObject, set: JsonObject, replicas: number, time: string): void {
    const before = Number(objectAt(set, 'spec')['replicas'] ?? 0);
    if (before !== replicas) {
      const way = replicas > before ? 'up' : 'down';
      const text = `Scaled ${way} replica set ${nameFor(set)} from ${before} to ${replicas}`;
      this.#happened(deployment, 'Normal', 'ScalingReplicaSet', text, 'deployment-controller', time);
      const generation = Number(objectAt(set, 'metadata')['generation'] ?? 1) + 1;
      this.#put('replicasets.apps', {
        ...set,
        metadata: {...objectAt(set, 'metadata'), generation},
        spec: {...objectAt(set, 'spec'), replicas},
      });
    }
    this.#fill(set, replicas, time);
  }

  /** As many pods of the owner's template as there should be. */
  #fill(owner: JsonObject, wanted: number, time: string): void {
    const template = objectAt(objectAt(owner, 'spec'), 'template');
    const kind = stringAt(owner, 'kind') ?? '';
    const pods = this.#ownedBy('pods', owner).filter(pod => !isDeleting(pod));
    // Those of an earlier template go; a replica set's pods are all of its own.
    const hash = named(stringifyJson(template), 10);
    const isCurrent = (pod: JsonObject) =>
      stringAt(objectAt(objectAt(pod, 'metadata'), 'labels'), revisionLabel) === hash;
    const current = kind === 'ReplicaSet' ? pods : pods.filter(isCurrent);
    const stale = pods.filter(pod => !current.includes(pod));
    const excess = current.slice(wanted);
    for (const pod of [...stale, ...excess]) this.#remove(pod, owner, time);
    let missing = wanted - Math.min(current.length, wanted);
    for (let index = 0; missing > 0; index++) {
      const end = kind === 'StatefulSet' ? String(index) : named(`${uidlessKey(owner)} ${hash} ${index}`, 5);
      const name = `${nameFor(owner)}-${end}`;
      const key = keyOf(namespaceFor(owner), name);
      // Only a StatefulSet gives a name twice.
      if (this.#store.get('pods', key) !== undefined || (kind !== 'StatefulSet' && this.#named.has(key)))
        continue;
      this.#named.add(key);
      this.#start(owner, name, template, hash, time);
      missing--;
    }
  }

  #start(owner: JsonObject, name: string, template: JsonObject, hash: string, time: string): void {
    const isJob = stringAt(owner, 'kind') === 'Job';
    const own = stringAt(owner, 'kind') === 'ReplicaSet' ? {} : {[revisionLabel]: hash};
    const labels = {...objectAt(objectAt(template, 'metadata'), 'labels'), ...own};
    const spec: JsonObject = {
      ...objectAt(template, 'spec'),
      nodeName,
      serviceAccountName: stringAt(objectAt(template, 'spec'), 'serviceAccountName') ?? 'default',
    };
    const pod = this.#put('pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {...this.#metadata(name, owner, time), labels},
      spec,
      status: waitingStatus(spec),
    });
    const kind = stringAt(owner, 'kind') ?? '';
    const controller = `${kind.toLowerCase()}-controller`;
    const tell = (reason: string, text: string, source: string) =>
      this.#happened(pod, 'Normal', reason, text, source, time);
    this.#happened(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${name}`, controller, time);
    tell(
      'Scheduled',
      `Successfully assigned ${namespaceFor(owner)}/${name} to ${nodeName}`,
      'default-scheduler',
    );
    this.#later(this.#context.readyAfterMs, () => {
      const live = this.#store.get('pods', keyFor(pod));
      if (live === undefined || uidFor(live) !== uidFor(pod)) return;
      for (const container of listAt(spec, 'containers')) {
        const image = stringAt(container, 'image') ?? '';
        const container_ = stringAt(container, 'name') ?? '';
        tell('Pulled', `Container image "${image}" already present on machine`, 'kubelet');
        tell('Created', `Container created`, 'kubelet');
        tell('Started', `Container ${container_} started`, 'kubelet');
      }
      this.#put('pods', {...live, status: isJob ? doneStatus(spec, time) : runningStatus(spec, time)});
    });
  }

  #remove(pod: JsonObject, owner: JsonObject, time: string): void {
    const controller = `${(stringAt(owner, 'kind') ?? '').toLowerCase()}-controller`;
    this.#happened(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${nameFor(pod)}`, controller, time);
    const resource = this.#context.registry.byStoreName('pods');
    const version = resource?.versions[0];
    if (resource === undefined || version === undefined) return;
    const place = {namespace: namespaceFor(pod), name: nameFor(pod)};
    this.#killed(pod, time);
    this.#isRemoving = true;
    try {
      remove(this.#store, {served: {resource, version}, ...place, dryRun: false, now: this.#now()}, {});
    } finally {
      this.#isRemoving = false;
    }
  }

  #killed(pod: JsonObject, time: string): void {
    const [container = ''] = containerNames(pod);
    this.#happened(pod, 'Normal', 'Killing', `Stopping container ${container}`, 'kubelet', time);
  }

  #ownedBy(resource: string, owner: JsonObject): JsonObject[] {
    const uid = uidFor(owner);
    return this.#store
      .entries(resource)
      .map(([, object]) => object)
      .filter(object =>
        listAt(objectAt(object, 'metadata'), 'ownerReferences').some(item => stringAt(item, 'uid') === uid),
      );
  }

  #metadata(name: string, owner: JsonObject, time: string): JsonObject {
    return {
      name,
      namespace: namespaceFor(owner),
      uid: randomUUID(),
      creationTimestamp: time,
      ownerReferences: [
        {
          apiVersion: stringAt(owner, 'apiVersion') ?? '',
          kind: stringAt(owner, 'kind') ?? '',
          name: nameFor(owner),
          uid: uidFor(owner),
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    };
  }

  /** Notes an event; those that a real server would have forgotten by now are not. */
  #happened(
    object: JsonObject,
    type: string,
    reason: string,
    message: string,
    component: string,
    time: string,
  ): void {
    if (Date.parse(this.#now()) - Date.parse(time) > keptMs) return;
    const resource = this.#context.registry.byKind('', 'Event');
    if (resource === undefined) return;
    const metadata = objectAt(object, 'metadata');
    this.#put(qualified(resource), {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: {
        name: `${nameFor(object)}.${randomUUID().replaceAll('-', '').slice(0, 16)}`,
        namespace: namespaceFor(object),
        uid: randomUUID(),
        creationTimestamp: time,
      },
      involvedObject: {
        apiVersion: stringAt(object, 'apiVersion') ?? '',
        kind: stringAt(object, 'kind') ?? '',
        namespace: namespaceFor(object),
        name: nameFor(object),
        uid: uidFor(object),
        resourceVersion: stringAt(metadata, 'resourceVersion') ?? '',
      },
      type,
      reason,
      message,
      source: {component, ...(component === 'kubelet' ? {host: nodeName} : {})},
      reportingComponent: component,
      reportingInstance: component === 'kubelet' ? nodeName : '',
      firstTimestamp: time,
      lastTimestamp: time,
      eventTime: null,
      count: 1,
    });
  }

  #put(resource: string, object: JsonObject): JsonObject {
    const stored = withRevision(object, this.#store.next());
    this.#store.put(resource, keyFor(stored), stored);
    return stored;
  }

  #now(): string {
    return this.#context.writer.now();
  }
}

/** How long a real API server keeps events by default (--event-ttl). */
const keptMs = 3600_000;

const revisionLabel = 'controller-revision-hash';

/** A name of so many letters that is always the same for a text. */
function named(text: string, length: number): string {
  const bytes = createHash('sha256').update(text).digest();
  return Array.from({length}, (_, index) => letters[(bytes[index] ?? 0) % letters.length]).join('');
}

function containerNames(pod: JsonObject): string[] {
  return listAt(objectAt(pod, 'spec'), 'containers').map(container => stringAt(container, 'name') ?? '');
}

function isDeleting(object: JsonObject): boolean {
  return objectAt(object, 'metadata')['deletionTimestamp'] !== undefined;
}

function nameFor(object: JsonObject): string {
  return stringAt(objectAt(object, 'metadata'), 'name') ?? '';
}

function namespaceFor(object: JsonObject): string {
  return stringAt(objectAt(object, 'metadata'), 'namespace') ?? '';
}

function uidFor(object: JsonObject): string {
  return stringAt(objectAt(object, 'metadata'), 'uid') ?? '';
}

function keyFor(object: JsonObject): string {
  return keyOf(namespaceFor(object), nameFor(object));
}

function uidlessKey(object: JsonObject): string {
  return `${stringAt(object, 'kind') ?? ''} ${keyFor(object)}`;
}
