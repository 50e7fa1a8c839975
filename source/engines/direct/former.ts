import {ClusterError, type KindCatalog} from '../../cluster/types.ts';
import {formerFiles, formerTree} from '../../repository/former-files.ts';
import type {Repository} from '../../repository/types.ts';
import {identityKey, identityOf} from '../../resources/identity.ts';
import {type JsonObject, listAt, objectAt, stringAt} from '../../resources/json.ts';
import type {Kind} from '../../resources/kind.ts';
import {loadSource} from '../../sources/load.ts';
import type {DesiredResource} from '../../sources/types.ts';
import {membership} from './apply-set.ts';
import {releaseOf} from './helm-releases.ts';
import {type CompleteList, type Reads, readLive} from './live.ts';
import {bindTargets, type Target} from './targets.ts';

/** A live object that git held not long ago. */
export interface Former {
  kind: Kind;
  live: JsonObject;
  /** The commit that took it out of git. */
  until: string;
  /** The file that held it. */
  file: string;
}

/** So many commits of the environment's folder are looked at; who prunes after that has an ApplySet. */
const commits = 20;
const mostFiles = 500;
/** In a long history git may search for those commits for long: what it has not found by then is not worth the wait. */
const limitMs = 2000;

/** Finds what earlier commits of an environment's folder held and the cluster still has; remembers a revision's answer. */
export class FormerResources {
  readonly #repository: Repository;
  readonly #path: string;
  #known: {revision: string; resources: readonly DesiredResource[]} | undefined;

  constructor(repository: Repository, path: string) {
    this.#repository = repository;
    this.#path = path;
  }

  /** The resources that earlier versions of the revision's files held: none where git can't tell. Throws only when aborted. */
  async read(revision: string, signal: AbortSignal): Promise<readonly DesiredResource[]> {
    if (this.#known?.revision === revision) return this.#known.resources;
    const limited = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
    let resources: readonly DesiredResource[] = [];
    try {
      const options = {from: revision, path: this.#path, limit: commits};
      const files = (await formerFiles(this.#repository, options, limited)).slice(0, mostFiles);
      if (files.length > 0) {
        const tree = formerTree(this.#repository, revision, files);
        resources = (await loadSource({path: '', source: 'directory'}, tree, {signal: limited})).resources;
      }
    } catch {
      signal.throwIfAborted();
    }
    this.#known = {revision, resources};
    return resources;
  }
}

/**
 * Of former resources those that are live and that nobody else has taken over. `known` holds the identity keys of what
 * git wants and of what is told already. What can't be read is left out. Throws only when aborted.
 */
export async function stillLive(
  cluster: Reads,
  catalog: KindCatalog,
  resources: readonly DesiredResource[],
  namespace: string,
  known: ReadonlySet<string>,
  lists: readonly CompleteList[],
  signal: AbortSignal,
): Promise<Former[]> {
  const named = resources.filter(({object}) => identityOf(object).name !== '');
  const {targets} = bindTargets(named, catalog, namespace);
  const gone = targets.flatMap((target): (Target & {kind: Kind})[] =>
    // The newest version of several is the first; that git held a thing twice over time is no mistake.
    target.kind === undefined || known.has(identityKey(target.id)) ? [] : [{...target, kind: target.kind}],
  );
  if (gone.length === 0) return [];
  const unlisted = gone.filter(target => !lists.some(list => covers(list, target)));
  const {answers} = await readLive(cluster, unlisted, signal, () => {});
  for (const list of lists) {
    for (const object of list.items) {
      const metadata = objectAt(object, 'metadata');
      const id = {
        group: list.kind.group,
        kind: list.kind.kind,
        namespace: stringAt(metadata, 'namespace') ?? '',
        name: stringAt(metadata, 'name') ?? '',
      };
      answers.set(identityKey(id), object);
    }
  }
  return gone.flatMap(({id, kind, desired}): Former[] => {
    const live = answers.get(identityKey(id));
    if (live === undefined || live === null || live instanceof ClusterError || isTakenOver(live)) return [];
    const {file} = desired.location;
    const slash = file.indexOf('/');
    return [{kind, live, until: file.slice(0, slash), file: file.slice(slash + 1)}];
  });
}

function covers(list: CompleteList, {kind, id}: {kind: Kind; id: Target['id']}): boolean {
  if (list.kind.group !== kind.group || list.kind.kind !== kind.kind) return false;
  return list.namespace === undefined || list.namespace === id.namespace;
}

/** True for what another object or another tool owns by now, or what is on its way out already. */
function isTakenOver(live: JsonObject): boolean {
  const metadata = objectAt(live, 'metadata');
  const labels = objectAt(metadata, 'labels');
  const annotations = objectAt(metadata, 'annotations');
  return (
    listAt(metadata, 'ownerReferences').length > 0 ||
    metadata['deletionTimestamp'] !== undefined ||
    membership(live) !== undefined ||
    // The label alone is of the chart: what was only rendered with it nobody has taken over.
    releaseOf(live) !== undefined ||
    annotations['argocd.argoproj.io/tracking-id'] !== undefined ||
    // Who is told to ignore it where git has none of it calls it no drift.
    /\bIgnoreExtraneous\b/.test(stringAt(annotations, 'argocd.argoproj.io/compare-options') ?? '') ||
    labels['kustomize.toolkit.fluxcd.io/name'] !== undefined ||
    labels['helm.toolkit.fluxcd.io/name'] !== undefined
  );
}
