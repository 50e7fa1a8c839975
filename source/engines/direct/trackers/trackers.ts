import {ClusterError, type KindCatalog} from '../../../cluster/types.ts';
import type {FieldRule} from '../../../drift/field-rules.ts';
import type {HealthScript} from '../../../health/scripts.ts';
import {identityKey, identityOf, type ResourceId} from '../../../resources/identity.ts';
import {type JsonObject, listAt, objectAt, stringifyJson} from '../../../resources/json.ts';
import type {Kind} from '../../../resources/kind.ts';
import type {Problem} from '../../../resources/problem.ts';
import type {Deployment} from '../../types.ts';
import {attempt, type CompleteList, type Reads, readLive} from '../live/live.ts';
import {inPool} from '../pool.ts';
import {applicationsOf, argocdTrackers, controllerNamespace} from './argocd-tracking.ts';
import {fluxTrackers} from './flux-inventory.ts';

/** What an environment is, in the terms of the tools that track it. */
export interface Tracked {
  /** The repository; see sourceIdentity. */
  source: string;
  /** The environment's folder, '' for the repository's root. */
  path: string;
  /** The environment's branch; null for the one that is checked out. */
  branch: string | null;
  namespace: string;
}

/** Another tool that deploys the environment's folder, and what it says that it holds of it. */
export interface Tracker {
  tool: 'Argo CD' | 'Flux' | 'Helm';
  /** What its own books name. */
  listed: readonly ResourceId[];
  /** What to tell of a live object that is not in git; null where the tool doesn't track it, or calls it no drift. */
  notes(live: JsonObject): readonly string[] | null;
  /** What it is told to call no difference. */
  rules: readonly FieldRule[];
  /** Its own health scripts; for Argo CD alone. */
  healthScripts?: readonly HealthScript[];
  /** What it says that it deployed, newest first. */
  deployments?: readonly Deployment[];
  /** True for a Kustomization of Flux: to it, hooks of others are ordinary objects. */
  appliesHooks?: boolean;
}

/** The tools that deploy the environment's folder, and what they are told that can't be followed. */
export interface FoundTrackers {
  trackers: readonly Tracker[];
  problems: readonly Problem[];
  /** What their rules of differences and health were made of: the same text, the same rules. */
  told: string;
}

/** A live object that another tool tracks for this environment. */
export interface TrackedObject {
  kind: Kind;
  live: JsonObject;
  tool: Tracker['tool'];
  notes: readonly string[];
}

/** The namespaces where Argo CD usually keeps its Applications: for those who may not list them everywhere. */
const argocdHomes = ['argocd', 'openshift-gitops'];

/**
 * Finds the Argo CD Applications and Flux Kustomizations and HelmReleases that deploy this environment's folder, and what
 * they are told to ignore. Costs nothing where the kinds are not served. What may not be read is as if it were not there: nobody here depends on those tools. Throws only
 * when aborted.
 */
export async function readTrackers(
  cluster: Reads,
  catalog: KindCatalog,
  environment: Tracked,
  signal: AbortSignal,
): Promise<FoundTrackers> {
  const list = async (
    group: string,
    name: string,
    homes: readonly string[] = [],
  ): Promise<readonly JsonObject[]> => {
    const kind = catalog.preferred(group, name);
    if (kind === undefined) return [];
    const found = await attempt(() => cluster.list(kind, {signal}), signal);
    if (!(found instanceof ClusterError)) return found?.items ?? [];
    if (found.reason !== 'forbidden') return [];
    const items = await inPool(homes, homes.length, async namespace => {
      const there = await attempt(() => cluster.list(kind, {namespace, signal}), signal);
      return there === null || there instanceof ClusterError ? [] : there.items;
    });
    return items.flat();
  };
  const fluxHomes = ['flux-system'];
  const [applications, kustomizations, releases, repositories] = await Promise.all([
    list('argoproj.io', 'Application', argocdHomes),
    list('kustomize.toolkit.fluxcd.io', 'Kustomization', fluxHomes),
    list('helm.toolkit.fluxcd.io', 'HelmRelease', fluxHomes),
    list('source.toolkit.fluxcd.io', 'GitRepository', fluxHomes),
  ]);
  const ours = applicationsOf(applications, environment);
  const settings = await readSettings(cluster, catalog, ours, signal);
  const found = [
    argocdTrackers(ours, settings.objects, environment),
    fluxTrackers({kustomizations, releases, repositories}, environment),
  ];
  return {
    trackers: found.flatMap(({trackers}) => trackers),
    problems: [...settings.problems, ...found.flatMap(({problems}) => problems)],
    told: stringifyJson(found.flatMap(({told}) => told)),
  };
}

/** Argo CD's settings, argocd-cm, for the Applications that are ours, each once. */
async function readSettings(
  cluster: Reads,
  catalog: KindCatalog,
  applications: readonly JsonObject[],
  signal: AbortSignal,
): Promise<{objects: JsonObject[]; problems: Problem[]}> {
  const kind = catalog.preferred('', 'ConfigMap');
  const objects: JsonObject[] = [];
  const problems: Problem[] = [];
  if (kind === undefined) return {objects, problems};
  for (const namespace of new Set(applications.map(controllerNamespace))) {
    const found = await attempt(() => cluster.get(kind, namespace, 'argocd-cm', signal), signal);
    if (found instanceof ClusterError) {
      const message = `what Argo CD ignores everywhere can't be known, and is compared: ${found.message}`;
      problems.push({severity: 'warning', message});
    } else if (found !== null) objects.push(found);
  }
  return {objects, problems};
}

/**
 * Finds what is live and tracked by one of the trackers: what their books name, and what the lists that were read
 * already hold. `wanted` holds the identity keys of what git has. What can't be read is left out. Throws only when
 * aborted.
 */
export async function findTracked(
  cluster: Reads,
  catalog: KindCatalog,
  trackers: readonly Tracker[],
  wanted: ReadonlySet<string>,
  lists: readonly CompleteList[],
  signal: AbortSignal,
): Promise<TrackedObject[]> {
  if (trackers.length === 0) return [];
  const live = new Map<string, {kind: Kind; object: JsonObject}>();
  for (const {kind, items} of lists) {
    for (const object of items) live.set(identityKey(identityOf(object)), {kind, object});
  }
  const asked = new Map<string, {kind: Kind; id: ResourceId}>();
  for (const listed of trackers.flatMap(tracker => tracker.listed)) {
    const kind = catalog.preferred(listed.group, listed.kind);
    if (kind === undefined) continue;
    const id = kind.namespaced ? listed : {...listed, namespace: ''};
    const key = identityKey(id);
    if (!wanted.has(key) && !live.has(key)) asked.set(key, {kind, id});
  }
  const {answers, lists: more} = await readLive(cluster, [...asked.values()], signal, () => {});
  for (const {kind, items} of more) {
    for (const object of items) live.set(identityKey(identityOf(object)), {kind, object});
  }
  for (const [key, {kind}] of asked) {
    const object = answers.get(key);
    if (object !== undefined && object !== null && !(object instanceof ClusterError)) {
      live.set(key, {kind, object});
    }
  }
  return [...live].flatMap(([key, {kind, object}]): TrackedObject[] => {
    if (wanted.has(key) || isChildOrGoing(object)) return [];
    for (const tracker of trackers) {
      const notes = tracker.notes(object);
      if (notes !== null) return [{kind, live: object, tool: tracker.tool, notes}];
    }
    return [];
  });
}

// Copied with its labels from the object that made it, or on its way out: neither is anybody's to prune.
function isChildOrGoing(object: JsonObject): boolean {
  const metadata = objectAt(object, 'metadata');
  return listAt(metadata, 'ownerReferences').length > 0 || metadata['deletionTimestamp'] !== undefined;
}

/** A folder of a repository as an environment writes it: `./apps/staging/` is `apps/staging`, `.` is ''. */
export function folderOf(path: string | undefined): string {
  return (path ?? '')
    .split('/')
    .filter(part => part !== '' && part !== '.')
    .join('/');
}

/** True where a tool that follows this revision deploys the environment's branch. */
export function isBranch(revision: string | undefined, branch: string | null): boolean {
  if (revision === undefined || revision === '' || revision === 'HEAD') return true;
  const name = revision.replace(/^refs\/heads\//, '');
  return branch === null ? name === 'main' || name === 'master' : name === branch;
}
