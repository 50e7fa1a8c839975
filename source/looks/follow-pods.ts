import type {ConnectedCluster, KindCatalog} from '../cluster/types.ts';
import type {ResourceId} from '../resources/identity.ts';
import type {JsonObject} from '../resources/json.ts';
import type {Kind} from '../resources/kind.ts';
import type {Problem} from '../resources/problem.ts';
import {type Followed, followList, problemOf, type Scope, uidOf} from './follow-list.ts';
import {isOwnedBy, isSame, ownedUids, ownersBetween, ownerUids, podSelector} from './owners.ts';

/** An object, what it owns on the way to its pods, and those. */
export interface Family {
  /** Null where it is not there. */
  readonly object: JsonObject | null;
  /** False until the cluster has said whether it is there. */
  readonly isKnown: boolean;
  /** What stands between, by uid; the object's own uid leads to null. */
  readonly owned: ReadonlyMap<string, JsonObject | null>;
  readonly pods: readonly JsonObject[];
  /** True once it is known which pods there are, or that there can be none. */
  readonly isRead: boolean;
  readonly problems: readonly Problem[];
}

type Owned = Omit<Family, 'object' | 'isKnown'>;

interface Target {
  readonly id: ResourceId;
  readonly version: string;
}

/**
 * Tells an object with all that it owns on the way to its pods, and each change of it, until the signal ends it. An object
 * that is made anew, or comes to be, is followed as what it is now. Trouble is part of what is told.
 */
export async function followFamily(
  cluster: ConnectedCluster,
  target: Target,
  signal: AbortSignal,
  tell: (family: Family) => void,
): Promise<void> {
  const catalog = await cluster.kinds({signal});
  const {group, kind: name, namespace} = target.id;
  const kind = catalog.find(group, target.version, name) ?? catalog.preferred(group, name);
  const nothing = {owned: new Map<string, JsonObject | null>(), pods: [], isRead: true};
  if (kind === undefined) {
    const problem: Problem = {
      severity: 'error',
      message: `the cluster does not serve ${group === '' ? name : `${name} of ${group}`}`,
      fix: 'install what defines this kind, or correct its apiVersion in git',
    };
    tell({...nothing, object: null, isKnown: true, problems: [problem]});
    return;
  }
  let running: {uid: string; controller: AbortController; family: Owned} | null = null;
  const own = new AbortController();
  const whole = AbortSignal.any([signal, own.signal]);
  const scope: Scope = {...(kind.namespaced ? {namespace} : {}), name: target.id.name};
  let failure: unknown;
  await followList(cluster, kind, scope, whole, ({items, isRead, problem}) => {
    const object = [...items.values()].find(item => isSame(target.id, item)) ?? null;
    const uid = object === null ? null : uidOf(object);
    if (running !== null && running.uid !== uid) {
      running.controller.abort();
      running = null;
    }
    const say = () =>
      tell({
        ...(running?.family ?? {...nothing, isRead: isRead && object === null, problems: []}),
        object,
        isKnown: isRead,
        problems: [...(problem === null ? [] : [problem]), ...(running?.family.problems ?? [])],
      });
    if (object !== null && uid !== null && running === null) {
      const controller = new AbortController();
      const entry = {uid, controller, family: {...nothing, isRead: false, problems: []} as Owned};
      running = entry;
      const until = AbortSignal.any([whole, controller.signal]);
      followOwned(cluster, catalog, target.id, object, until, family => {
        if (until.aborted) return;
        entry.family = family;
        say();
      }).catch(error => {
        if (until.aborted) return;
        failure = error;
        own.abort();
      });
    }
    say();
  });
  if (!signal.aborted && failure !== undefined) throw failure;
}

async function followOwned(
  cluster: ConnectedCluster,
  catalog: KindCatalog,
  id: ResourceId,
  object: JsonObject,
  signal: AbortSignal,
  tell: (family: Owned) => void,
): Promise<void> {
  const root = uidOf(object);
  const between = ownersBetween(id);
  const podKind = catalog.find('', 'v1', 'Pod');
  if (between === undefined || podKind === undefined || id.namespace === '') {
    tell({owned: new Map([[root, null]]), pods: [], isRead: true, problems: []});
    return;
  }
  const kinds = between.flatMap(({group, version, kind}) => catalog.find(group, version, kind) ?? []);
  const owners = new Owners(cluster, kinds, id.namespace, podSelector(object));
  let owned = ownedUids(root, []);
  let followed: Followed | null = null;
  const asked = new Set<string>();
  const say = () => {
    const all = [...(followed?.items.values() ?? [])];
    tell({
      owned,
      pods: id.kind === 'Pod' && id.group === '' ? all : all.filter(pod => isOwnedBy(pod, owned)),
      isRead: (followed?.isRead ?? false) && !owners.isReading,
      problems: [...owners.problems, ...(followed?.problem ? [followed.problem] : [])],
    });
  };
  const read = async () => {
    owned = ownedUids(root, await owners.read(signal));
    if (!signal.aborted) say();
  };
  if (kinds.length > 0) await read();
  const selector = podSelector(object);
  const scope: Scope = {
    namespace: id.namespace,
    ...(id.kind === 'Pod' && id.group === '' ? {name: id.name} : {}),
    ...(selector === undefined || kinds.length > 1 ? {} : {labelSelector: selector}),
  };
  await followList(cluster, podKind, scope, signal, now => {
    followed = now;
    // A pod of an owner that nobody knows: a rollout has begun.
    const strangers = [...now.items.values()]
      .flatMap(ownerUids)
      .filter(uid => !owned.has(uid) && !asked.has(uid));
    if (kinds.length > 0 && strangers.length > 0) {
      for (const uid of strangers) asked.add(uid);
      void read();
    }
    say();
  });
}

/** What stands between an object and its pods, read again where a pod has an owner that was not there. */
class Owners {
  readonly #cluster: ConnectedCluster;
  readonly #kinds: readonly Kind[];
  readonly #scope: Scope;
  #reading = 0;
  problems: readonly Problem[] = [];

  constructor(
    cluster: ConnectedCluster,
    kinds: readonly Kind[],
    namespace: string,
    labelSelector: string | undefined,
  ) {
    this.#cluster = cluster;
    this.#kinds = kinds;
    this.#scope = {namespace, ...(labelSelector === undefined || kinds.length > 1 ? {} : {labelSelector})};
  }

  get isReading(): boolean {
    return this.#reading > 0;
  }

  async read(signal: AbortSignal): Promise<JsonObject[]> {
    this.#reading++;
    try {
      const lists = await Promise.allSettled(
        this.#kinds.map(kind => this.#cluster.list(kind, {...this.#scope, signal})),
      );
      this.problems = lists.flatMap(list => (list.status === 'rejected' ? [problemOf(list.reason)] : []));
      return lists.flatMap(list => (list.status === 'fulfilled' ? list.value.items : []));
    } finally {
      this.#reading--;
    }
  }
}
