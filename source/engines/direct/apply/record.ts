import {type Cluster, ClusterError, type KindCatalog} from '../../../cluster/types.ts';
import type {JsonObject} from '../../../resources/json.ts';
import type {Kind} from '../../../resources/kind.ts';
import {attempt} from '../live/live.ts';
import {type ApplySet, parentObject, parseApplySet} from './apply-set.ts';
import {refusalText} from './refusal.ts';

/** ConfigMap as every Kubernetes serves it: asked for without discovery, which may be down. */
const configMap: Kind = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
  verbs: ['get', 'list', 'watch', 'patch'],
  subresources: [],
};

/** A field manager of its own: what a sync applies and the record of it are two things. */
const fieldManager = 'gitops-tui-applyset';

/** Reads the environment's set; the expected one where nothing was recorded yet, a ClusterError where it can't be read. */
export async function readApplySet(
  cluster: Pick<Cluster, 'get'>,
  expected: ApplySet,
  signal: AbortSignal,
): Promise<ApplySet | ClusterError> {
  const {namespace, name} = expected.parent;
  const parent = await attempt(() => cluster.get(configMap, namespace, name, signal), signal);
  if (parent instanceof ClusterError) return parent;
  return parent === null ? expected : parseApplySet(expected, parent);
}

/** Writes the set's parent. Throws ClusterError. */
export async function writeApplySet(cluster: Cluster, set: ApplySet, source: string): Promise<void> {
  await cluster.apply(configMap, parentObject(set, source), {fieldManager, force: true});
}

/** Why the server would not take the parent, by a dry run; null where it would. */
export async function refusedParent(
  cluster: Cluster,
  parent: JsonObject,
  signal: AbortSignal,
): Promise<string | null> {
  const answer = await attempt(
    () => cluster.apply(configMap, parent, {fieldManager, force: true, dryRun: true, signal}),
    signal,
  );
  if (!(answer instanceof ClusterError) || /does not support dry run/.test(answer.message)) return null;
  return `what is applied could not be recorded: ${refusalText(answer)}`;
}

/** Waits until the server serves a kind that was just defined; undefined where it still does not after 30 s. */
export async function untilServed(
  cluster: Cluster,
  find: (catalog: KindCatalog) => Kind | undefined,
  signal: AbortSignal,
  pause: (signal: AbortSignal) => Promise<void>,
): Promise<Kind | undefined> {
  for (let attempts = 0; attempts < 60; attempts++) {
    const kind = find(await cluster.kinds({refresh: true, signal}));
    if (kind !== undefined) return kind;
    await pause(signal);
  }
  return undefined;
}
