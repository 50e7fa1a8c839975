import {ClusterError, type KindCatalog} from '../../../cluster/types.ts';
import {unhashedName} from '../../../drift/pairing.ts';
import {type FormerFile, formerCommits, formerFiles, formerTree} from '../../../repository/former-files.ts';
import {identityKey, identityOf} from '../../../resources/identity.ts';
import {type JsonObject, listAt, objectAt, stringAt} from '../../../resources/json.ts';
import type {Kind} from '../../../resources/kind.ts';
import type {Problem} from '../../../resources/problem.ts';
import {loadSource} from '../../../sources/load.ts';
import type {DesiredResource} from '../../../sources/types.ts';
import {membership} from '../apply/apply-set.ts';
import {bindTargets, type Target} from '../compare/targets.ts';
import type {DirectEngineOptions} from '../engine.ts';
import {problemOf} from '../errors.ts';
import {type CompleteList, type Reads, readLive} from '../live/live.ts';
import {releaseOf} from '../trackers/helm-releases.ts';
import type {EarlierSources} from './earlier-sources.ts';
import {FormerRenderings} from './former-renderings.ts';

/** A live object that git held not long ago. */
export interface Former {
  kind: Kind;
  live: JsonObject;
  /** The commit that took it out of git. */
  until: string;
  /** The file that held it. */
  file: string;
}

/** What earlier commits of an environment wanted. */
export interface FormerAnswer {
  /** Newest first; `location.file` is `<sha of the commit that took it out>/<file>`. */
  resources: readonly DesiredResource[];
  /** Why that is not all. */
  problems: readonly Problem[];
}

/** So many commits of the environment's folder are looked at; who prunes after that has an ApplySet. */
const commits = 50;
/** The files of so many of them are read: a folder of manifests changes in each. */
const commitsOfFiles = 20;
const mostFiles = 500;
/** The last resort: which commits are read is a matter of their number, so that no verdict hangs on a machine's load. */
const usualLimitMs = 20_000;

/** Finds what earlier commits of an environment held; remembers a revision's answer. */
export class FormerResources {
  readonly #options: Pick<DirectEngineOptions, 'repository' | 'environment' | 'worktree'>;
  readonly #renderings: FormerRenderings;
  readonly #limitMs: number;
  #known: (FormerAnswer & {revision: string}) | undefined;

  constructor(
    options: Pick<DirectEngineOptions, 'repository' | 'environment' | 'worktree'>,
    earlier: EarlierSources,
    limitMs = usualLimitMs,
  ) {
    this.#options = options;
    this.#renderings = new FormerRenderings(options, earlier);
    this.#limitMs = limitMs;
  }

  /**
   * What earlier versions of the revision's files held; of the working tree nothing. With `anew` what could not be read the
   * last time is tried again. What can't be read is a problem of the answer; throws only when aborted.
   */
  async read(revision: string | null, anew: boolean, signal: AbortSignal): Promise<FormerAnswer> {
    if (revision === null || this.#options.worktree) return {resources: [], problems: []};
    const known = this.#known?.revision === revision ? this.#known : undefined;
    if (known !== undefined && (known.problems.length === 0 || !anew)) return known;
    const late = AbortSignal.timeout(this.#limitMs);
    const answer = await this.#read(revision, late, AbortSignal.any([signal, late]));
    signal.throwIfAborted();
    this.#known = {revision, ...answer};
    return answer;
  }

  async #read(revision: string, late: AbortSignal, signal: AbortSignal): Promise<FormerAnswer> {
    const {repository, environment} = this.#options;
    const resources: DesiredResource[] = [];
    try {
      const tree = repository.tree(revision);
      const [history, now] = await Promise.all([
        formerCommits(repository, {from: revision, paths: [environment.path], limit: commits}, signal),
        tree.list('', signal),
      ]);
      const files = formerFiles(history.slice(0, commitsOfFiles), now).slice(0, mostFiles);
      resources.push(...(await readFiles(repository, revision, files, signal)));
      resources.push(...(await this.#renderings.read(tree, history, signal)));
      return {resources, problems: []};
    } catch (error) {
      return {resources, problems: [unread(late.aborted ? null : error)]};
    }
  }
}

/** What is in files that were manifests by themselves. */
async function readFiles(
  repository: DirectEngineOptions['repository'],
  revision: string,
  files: readonly FormerFile[],
  signal: AbortSignal,
): Promise<readonly DesiredResource[]> {
  if (files.length === 0) return [];
  const tree = formerTree(repository, revision, files);
  return (await loadSource({path: '', source: 'directory'}, tree, {signal})).resources;
}

function unread(error: unknown): Problem {
  const why = error === null ? ' in time' : `: ${problemOf(error).message}`;
  return {
    severity: 'warning',
    message: `earlier commits could not be read${why}; what git dropped may not be told in full`,
  };
}

/**
 * Of former resources those that are live and that nobody else has taken over. `known` holds the identity keys of what
 * git wants and of what is told already; `wanted` is what git wants: an earlier content of what a kustomization generates
 * has a name of its own and was not dropped (drift trap 45). What can't be read is left out. Throws only when aborted.
 */
export async function stillLive(
  cluster: Reads,
  catalog: KindCatalog,
  resources: readonly DesiredResource[],
  namespace: string,
  known: ReadonlySet<string>,
  wanted: readonly Target[],
  lists: readonly CompleteList[],
  signal: AbortSignal,
): Promise<Former[]> {
  const named = resources.filter(({object}) => identityOf(object).name !== '');
  const {targets} = bindTargets(named, catalog, namespace);
  const generated = new Set(wanted.flatMap(generatedKey));
  const gone = targets.flatMap((target): (Target & {kind: Kind})[] =>
    // The newest version of several is the first; that git held a thing twice over time is no mistake.
    target.kind === undefined ||
    known.has(identityKey(target.id)) ||
    generatedKey(target).some(key => generated.has(key))
      ? []
      : [{...target, kind: target.kind}],
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

/** What a generated object is whatever its content, as an identity key. */
function generatedKey({id, desired}: Target): string[] {
  const name = desired.generatedFrom ?? unhashedName(id);
  return name === undefined ? [] : [identityKey({...id, name})];
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
