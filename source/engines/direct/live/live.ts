import {type Cluster, ClusterError, type ListOptions, TooManyObjects} from '../../../cluster/types.ts';
import {identityKey, type ResourceId} from '../../../resources/identity.ts';
import {type JsonObject, objectAt, stringAt} from '../../../resources/json.ts';
import {apiVersionOf, type Kind} from '../../../resources/kind.ts';
import {inPool} from '../pool.ts';

/** An object that is asked for. */
export interface Wanted {
  kind: Kind;
  id: ResourceId;
}

/** What the cluster said of an object: the object, that there is none (null), or why it couldn't say. */
export type LiveAnswer = JsonObject | null | ClusterError;

/** How live objects are read: by requests, or from what a watch keeps up to date. */
export type Reads = Pick<Cluster, 'get'> & {
  list(kind: Kind, options?: ListOptions): Promise<{items: readonly JsonObject[]}>;
  /** How many environments read the same cluster at the same time, by lists that serve all of them. Default 1. */
  readonly sharing?: number;
  /** Reads all of a kind, in all namespaces, so that what is asked of it then is in memory. Throws as `list` does. */
  prepare?(kind: Kind, options: Pick<ListOptions, 'most' | 'signal'>): Promise<void>;
};

/** A complete list of a kind, of one namespace or (undefined) of all. */
export interface CompleteList {
  kind: Kind;
  namespace: string | undefined;
  items: readonly JsonObject[];
}

/** The live side of an environment. */
export interface LiveObjects {
  /** By identityKey; every object that was asked for has an answer. */
  answers: Map<string, LiveAnswer>;
  lists: readonly CompleteList[];
  /** Kinds that may not be listed: what else there is of them can't be known (drift trap 52). */
  unlisted: readonly Kind[];
}

/** Fewer than a handful are asked for one by one: cheaper than a list, which holds everybody's objects. */
const handful = 5;
const parallel = 16;
/** As many as are asked at once: a list of the whole cluster holds what everybody else has of the kind, too. */
const mostNamespaces = 16;
/** A list of the whole cluster is worth its while where at least half is ours, or where it is no more than a page. */
const mostForeign = {times: 2, objects: 500};

/**
 * Reads the wanted objects: each kind by one list, per namespace where they sit in a few, by single reads where few are
 * wanted or lists are denied. Throws only when aborted: what else goes wrong is the answer for the objects concerned.
 */
export async function readLive(
  cluster: Reads,
  wanted: readonly Wanted[],
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
): Promise<LiveObjects> {
  const sharing = cluster.sharing ?? 1;
  const answers = new Map<string, LiveAnswer>();
  const lists: CompleteList[] = [];
  const unlisted: Kind[] = [];
  let done = 0;
  const answer = (id: ResourceId, value: LiveAnswer): void => {
    answers.set(identityKey(id), value);
    done++;
  };

  const get = async ({kind, id}: Wanted): Promise<void> => {
    answer(id, await attempt(() => cluster.get(kind, id.namespace, id.name, signal), signal));
    onProgress(done, wanted.length);
  };

  const take = (
    kind: Kind,
    namespace: string | undefined,
    items: readonly JsonObject[],
    group: readonly Wanted[],
  ): void => {
    lists.push({kind, namespace, items});
    const byName = new Map<string, JsonObject>();
    for (const item of items) {
      const metadata = objectAt(item, 'metadata');
      byName.set(`${stringAt(metadata, 'namespace') ?? ''}/${stringAt(metadata, 'name') ?? ''}`, item);
    }
    for (const {id} of group) answer(id, byName.get(`${id.namespace}/${id.name}`) ?? null);
    onProgress(done, wanted.length);
  };

  const list = async (kind: Kind, namespace: string | undefined, group: readonly Wanted[]): Promise<void> => {
    const where = namespace === undefined ? {} : {namespace};
    const found = await attempt(() => cluster.list(kind, {...where, signal}), signal);
    if (found === null) return;
    if (!(found instanceof ClusterError)) take(kind, namespace, found.items, group);
    else if (found.reason === 'forbidden') {
      if (!unlisted.includes(kind)) unlisted.push(kind);
      await inPool(group, parallel, get);
    } else for (const {id} of group) answer(id, found);
  };

  const eachNamespace = (kind: Kind, group: readonly Wanted[]): (() => Promise<void>)[] =>
    [...Map.groupBy(group, ({id}) => id.namespace)].map(
      ([namespace, items]) =>
        () =>
          list(kind, namespace, items),
    );

  const allNamespaces = async (kind: Kind, group: readonly Wanted[]): Promise<void> => {
    const options = {most: mostForeign.times * sharing * group.length + mostForeign.objects, signal};
    const found = await attempt(
      async () =>
        cluster.prepare === undefined
          ? cluster.list(kind, options)
          : void (await cluster.prepare(kind, options)),
      signal,
    );
    if (found instanceof ClusterError && found.reason !== 'forbidden' && !(found instanceof TooManyObjects)) {
      for (const {id} of group) answer(id, found);
    } else if (found === null || found instanceof ClusterError) {
      // It is in memory now; or whoever may not list all namespaces may still list their own.
      await Promise.all(eachNamespace(kind, group).map(task => task()));
    } else take(kind, undefined, found.items, group);
  };

  const tasks: (() => Promise<void>)[] = [];
  const byKind = Map.groupBy(wanted, ({kind}) => `${apiVersionOf(kind)}/${kind.kind}`);
  for (const group of byKind.values()) {
    const kind = group[0]?.kind;
    if (kind === undefined) continue;
    const namespaces = [...new Set(group.map(({id}) => id.namespace))];
    if (group.length < handful || !kind.verbs.includes('list')) {
      if (!kind.verbs.includes('list')) unlisted.push(kind);
      for (const item of group) tasks.push(() => get(item));
    } else if (kind.namespaced && namespaces.length * sharing <= mostNamespaces) {
      tasks.push(...eachNamespace(kind, group));
    } else {
      tasks.push(() => (kind.namespaced ? allNamespaces(kind, group) : list(kind, undefined, group)));
    }
  }
  onProgress(0, wanted.length);
  await inPool(tasks, parallel, task => task());
  return {answers, lists, unlisted};
}

/** A request's result, null for none, or the ClusterError that it threw; an abort and what is no ClusterError go on. */
export async function attempt<T>(
  request: () => Promise<T | undefined>,
  signal: AbortSignal | undefined,
): Promise<T | null | ClusterError> {
  try {
    return (await request()) ?? null;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ClusterError && error.reason !== 'aborted') return error;
    throw error;
  }
}
