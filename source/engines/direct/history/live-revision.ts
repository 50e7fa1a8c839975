import {setImmediate as turn} from 'node:timers/promises';
import {ClusterError, type KindCatalog} from '../../../cluster/types.ts';
import type {DefaultsLearned} from '../../../drift/defaults.ts';
import type {EnvironmentReport, LiveMatch, ResourceDrift} from '../../../drift/types.ts';
import {identityKey} from '../../../resources/identity.ts';
import {type JsonObject, stringifyJson} from '../../../resources/json.ts';
import type {Kind} from '../../../resources/kind.ts';
import type {DesiredResource} from '../../../sources/types.ts';
import {compareWithLive} from '../compare/examine.ts';
import {bindTargets, type Target} from '../compare/targets.ts';
import type {DirectEngineOptions} from '../engine.ts';
import type {ClusterView, Examined} from '../inspection.ts';
import {attempt, type LiveAnswer, readLive} from '../live/live.ts';
import {leaveOut} from '../trackers/left-out.ts';
import {EarlierSources} from './earlier-sources.ts';

/** So many commits of the environment's folder are compared. */
const commits = 50;

/** What rows have in common is kept for so many of them. */
const keptRows = 200;

/** How a resource of a commit differs from live: in how many fields, Infinity where that can't be told. */
type Difference = number;

/** One commit, compared. */
interface Compared {
  revision: string;
  /** In the fields of its own resources. */
  differences: Difference;
  /** What it holds, by identityKey. */
  holds: ReadonlySet<string>;
}

/**
 * Tells which revision is live where nobody recorded one: the newest commit of the environment's history whose rendering
 * the cluster matches, else the nearest. A resource that several commits share is compared once.
 */
export class LiveRevisions {
  readonly #options: Pick<DirectEngineOptions, 'repository' | 'environment' | 'worktree'>;
  readonly #learned: DefaultsLearned;
  readonly #earlier: EarlierSources;
  /** What commits hold, null where that can't be read in full; for one catalog. */
  #targets: {catalog: KindCatalog; ofCommit: Map<string, readonly Target[] | null>} | undefined;
  #found: {for: string; match: LiveMatch} | undefined;
  /** What rows of the log are compared by, and what was found: as long as nothing moves. */
  readonly #rows = new WeakMap<ClusterView, {comparison: Comparison; found: Map<string, number | null>}>();
  #rowSources: {of: EarlierSources; left: number} | undefined;

  constructor(options: DirectEngineOptions, learned: DefaultsLearned, earlier: EarlierSources) {
    this.#options = options;
    this.#learned = learned;
    this.#earlier = earlier;
  }

  /** The report with what was found for one that says the same; as it is where that is nothing, or not needed. */
  known(report: EnvironmentReport): EnvironmentReport {
    if (report.liveRevision !== null || this.#found?.for !== saying(report)) return report;
    const {match} = this.#found;
    return {...report, liveMatch: match, liveRevision: match.differences === 0 ? match.revision : null};
  }

  /** Finds the commit that live is nearest to. Throws only when aborted. */
  async find(
    view: ClusterView,
    report: EnvironmentReport,
    signal: AbortSignal,
    limitMs?: number,
  ): Promise<void> {
    const {desiredRevision} = report;
    if (desiredRevision === null || desiredRevision === 'worktree') return;
    const limited = limitMs === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
    const comparison = new Comparison(view, this.#learned);
    const compared: Compared[] = [comparison.tip(desiredRevision)];
    try {
      await this.#compare(desiredRevision, view, comparison, compared, limited);
    } catch {
      // Too little time, or a history that can't be read: what was compared counts.
      signal.throwIfAborted();
    }
    const match = nearest(compared, comparison);
    this.#found = match === null ? undefined : {for: saying(report), match};
  }

  /** Tells in how many fields and objects live differs from commits; null where it can't be told. Throws when aborted. */
  async differences(
    view: ClusterView,
    report: EnvironmentReport,
    revisions: readonly string[],
    signal: AbortSignal,
    tell: (revision: string, differences: number | null) => void,
  ): Promise<void> {
    const known = this.#rows.get(view) ?? {comparison: new Comparison(view, this.#learned), found: new Map()};
    this.#rows.set(view, known);
    const {comparison, found} = known;
    const tip = report.desiredRevision ?? '';
    for (const sha of revisions) {
      signal.throwIfAborted();
      let differences = found.get(sha);
      if (differences === undefined) {
        differences =
          sha === tip
            ? comparison.ofLive(comparison.tip(sha))
            : await this.#differencesOf(sha, view, comparison, signal);
        found.set(sha, differences);
      }
      tell(sha, differences);
    }
  }

  async #differencesOf(
    sha: string,
    view: ClusterView,
    comparison: Comparison,
    signal: AbortSignal,
  ): Promise<number | null> {
    try {
      const targets = await this.#readTargets(this.#sourcesOfRows(), sha, view, signal);
      if (targets === null) return null;
      await comparison.learn(targets, signal);
      return comparison.ofLive(await comparison.of(sha, targets, signal));
    } catch {
      // A commit whose files are not here, or can't be read.
      signal.throwIfAborted();
      return null;
    }
  }

  /** What rows have in common is read once, and forgotten in time: somebody may scroll through all there is. */
  #sourcesOfRows(): EarlierSources {
    if (this.#rowSources === undefined || this.#rowSources.left === 0) {
      const {repository, environment} = this.#options;
      this.#rowSources = {of: new EarlierSources(repository, environment), left: keptRows};
    }
    this.#rowSources.left--;
    return this.#rowSources.of;
  }

  async #targetsOf(sha: string, view: ClusterView, signal: AbortSignal): Promise<readonly Target[] | null> {
    if (this.#targets?.catalog !== view.catalog) this.#targets = {catalog: view.catalog, ofCommit: new Map()};
    const {ofCommit} = this.#targets;
    const known = ofCommit.get(sha);
    if (known !== undefined) return known;
    const targets = await this.#readTargets(this.#earlier, sha, view, signal);
    ofCommit.set(sha, targets);
    return targets;
  }

  /** What a commit holds, null where that can't be read in full. */
  async #readTargets(
    earlier: EarlierSources,
    sha: string,
    view: ClusterView,
    signal: AbortSignal,
  ): Promise<readonly Target[] | null> {
    const source = await earlier.of(sha, signal);
    if (source.problems.some(({severity}) => severity === 'error')) return null;
    const {targets} = bindTargets(source.resources, view.catalog, view.namespace);
    return leaveOut(targets, view.deployers).targets;
  }

  async #compare(
    tip: string,
    view: ClusterView,
    comparison: Comparison,
    compared: Compared[],
    signal: AbortSignal,
  ): Promise<void> {
    if (nearest(compared, comparison)?.differences === 0) return;
    const {repository, environment} = this.#options;
    for (const {sha} of await repository.log({from: tip, path: environment.path, limit: commits}, signal)) {
      signal.throwIfAborted();
      const targets = await this.#targetsOf(sha, view, signal);
      // A commit that can't be read in full matches nothing; one that holds nothing is no state to be in.
      if (targets === null || targets.length === 0) continue;
      await comparison.learn(targets, signal);
      compared.push(await comparison.of(sha, targets, signal));
      if (nearest(compared, comparison)?.differences === 0) break;
    }
  }
}

/** Compares what commits hold with what is live. */
class Comparison {
  readonly #view: ClusterView;
  readonly #learned: DefaultsLearned;
  readonly #examined: ReadonlyMap<string, Examined>;
  readonly #live = new Map<string, LiveAnswer>();
  readonly #known = new WeakMap<DesiredResource, Difference>();
  readonly #byText = new Map<string, Difference>();

  constructor(view: ClusterView, learned: DefaultsLearned) {
    this.#view = view;
    this.#learned = learned;
    this.#examined = new Map(view.examined.map(item => [identityKey(item.target.id), item]));
    for (const [key, {live, drift}] of this.#examined)
      if (live !== null || drift.status === 'Missing') this.#live.set(key, live);
    for (const {live, drift} of view.extras) this.#live.set(identityKey(drift.id), live);
    for (const item of view.examined) {
      const difference = differenceOf(item.drift);
      this.#known.set(item.target.desired, difference);
      this.#byText.set(textOf(item.target), difference);
    }
  }

  /** What the inspected revision does not hold and an earlier one did, by identityKey. */
  get extras(): readonly string[] {
    return this.#view.extras.map(({drift}) => identityKey(drift.id));
  }

  /** The revision that was inspected. */
  tip(revision: string): Compared {
    const differences = this.#view.examined.reduce((sum, {drift}) => sum + differenceOf(drift), 0);
    return {revision, differences, holds: new Set(this.#examined.keys())};
  }

  /** Reads what is live of resources that the inspection knew nothing of. */
  async learn(targets: readonly Target[], signal: AbortSignal): Promise<void> {
    const wanted = targets.flatMap((target): {kind: Kind; id: Target['id']}[] =>
      target.kind === undefined || this.#live.has(identityKey(target.id))
        ? []
        : [{kind: target.kind, id: target.id}],
    );
    if (wanted.length === 0) return;
    const {answers} = await readLive(this.#view.reads, wanted, signal, () => {});
    for (const [key, answer] of answers) this.#live.set(key, answer);
  }

  async of(revision: string, targets: readonly Target[], signal: AbortSignal): Promise<Compared> {
    let differences = 0;
    let last = performance.now();
    for (const target of targets) {
      differences += await this.#difference(target, signal);
      if (performance.now() - last < 8) continue;
      // Keys and timers have their turn.
      await turn();
      signal.throwIfAborted();
      last = performance.now();
    }
    return {revision, differences, holds: new Set(targets.map(({id}) => identityKey(id)))};
  }

  /**
   * In how many fields and objects live differs from a commit, null where that can't be told: its own resources, and what
   * the inspected revision or an earlier one holds, is live, and is none of its own.
   */
  ofLive({differences, holds}: Compared): number | null {
    const others = new Set([...this.#examined.keys(), ...this.extras].filter(key => !holds.has(key)));
    let total = differences;
    for (const key of others) {
      const isLive = this.isLive(key);
      if (isLive === undefined) return null;
      if (isLive) total++;
    }
    return Number.isFinite(total) ? total : null;
  }

  /** Whether there is such an object; undefined where that is not known. */
  isLive(key: string): boolean | undefined {
    const live = this.#live.get(key);
    return live === undefined || live instanceof ClusterError ? undefined : live !== null;
  }

  async #difference(target: Target, signal: AbortSignal): Promise<Difference> {
    const known = this.#known.get(target.desired);
    if (known !== undefined) return known;
    // What was rendered is another object each time, and mostly the same text.
    const text = textOf(target);
    const difference = this.#byText.get(text) ?? (await this.#compare(target, signal));
    this.#known.set(target.desired, difference);
    this.#byText.set(text, difference);
    return difference;
  }

  async #compare(target: Target, signal: AbortSignal): Promise<Difference> {
    const {kind, settled, id} = target;
    if (kind === undefined || settled !== null)
      return settled?.status === 'Missing' ? 1 : Number.POSITIVE_INFINITY;
    const live = this.#live.get(identityKey(id));
    if (live === undefined || live instanceof ClusterError) return Number.POSITIVE_INFINITY;
    if (live === null) return 1;
    const schema = await attempt(() => this.#view.cluster.schema(kind, signal), signal);
    const {local} = compareWithLive(
      {learned: this.#learned, autoscaled: this.#view.autoscaled},
      {
        target,
        schema: schema instanceof ClusterError || schema === null ? undefined : schema,
        told: this.#view.told,
      },
      live,
    );
    if (local.error !== null || local.undecided.length > 0) return Number.POSITIVE_INFINITY;
    // What the server said to be its own doing, when the newest commit was compared, is so for the others.
    const settledPaths = new Set(this.#examined.get(identityKey(id))?.drift.hidden.map(({path}) => path));
    const open = local.removalCandidates.filter(({path}) => !settledPaths.has(path));
    return local.differences.length + open.length;
  }
}

/** The nearest, of equals the newest; null where of none can be told how near it is. */
function nearest(compared: readonly Compared[], comparison: Comparison): LiveMatch | null {
  // Whatever one commit holds and is live is one too many to those that don't hold it.
  const all = new Set([...comparison.extras, ...compared.flatMap(({holds}) => [...holds])]);
  const present = [...all].filter(key => comparison.isLive(key) !== false);
  // Nothing was ever deployed, or nothing of it is left.
  if (!present.some(key => comparison.isLive(key))) return null;
  const tooMany = (key: string): Difference => (comparison.isLive(key) ? 1 : Number.POSITIVE_INFINITY);
  let best: LiveMatch | null = null;
  for (const {revision, differences, holds} of compared) {
    const total = present.reduce((sum, key) => (holds.has(key) ? sum : sum + tooMany(key)), differences);
    if (Number.isFinite(total) && (best === null || total < best.differences))
      best = {revision, differences: total};
  }
  return best;
}

function differenceOf({status, fields}: ResourceDrift): Difference {
  switch (status) {
    case 'Synced':
      return 0;
    case 'Unknown':
      return Number.POSITIVE_INFINITY;
    case 'Modified':
      return Math.max(1, fields.length);
    case 'Missing':
    case 'Extra':
      return 1;
  }
}

/** What a report says of git and live, as a text. */
function saying({desiredRevision, resources}: EnvironmentReport): string {
  const drifted = resources.filter(({status}) => status !== 'Synced');
  return stringifyJson([
    desiredRevision,
    resources.length,
    ...drifted.map(({id, status, fields}) => [
      identityKey(id),
      status,
      ...fields.map(({path, change, live}) => [path, change, live ?? null]),
    ]),
  ]);
}

function textOf({id, object}: {id: Target['id']; object: JsonObject}): string {
  return `${identityKey(id)} ${stringifyJson(object)}`;
}
