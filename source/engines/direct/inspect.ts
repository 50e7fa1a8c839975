import {unknown} from '../../drift/answers.ts';
import {DefaultsLearned} from '../../drift/defaults.ts';
import {environmentHealth, summarise, syncStatusOf} from '../../drift/summary.ts';
import type {EnvironmentReport, ResourceDrift} from '../../drift/types.ts';
import type {Problem} from '../../resources/problem.ts';
import {loadSource} from '../../sources/load.ts';
import {ParsedFiles} from '../../sources/parsed-files.ts';
import type {SourceResult} from '../../sources/types.ts';
import type {Deployment, InspectionEvent} from '../types.ts';
import {ClusterComparer} from './compare/comparer.ts';
import {bindTargets} from './compare/targets.ts';
import {connectTo} from './connection.ts';
import type {DirectEngineOptions} from './engine.ts';
import {problemOf} from './errors.ts';
import {Blamer} from './history/blame.ts';
import {EarlierSources} from './history/earlier-sources.ts';
import {type FormerAnswer, FormerResources} from './history/former.ts';
import {LiveRevisions} from './history/live-revision.ts';
import {desiredTree} from './history/revision.ts';
import type {ClusterView, Connection, Examined, Git, Inspection, Means} from './inspection.ts';
import {LiveReader} from './live/live-reader.ts';
import {sourceIdentity} from './trackers/source-identity.ts';
import {findOrphans} from './trackers/trackers-orphans.ts';

type Listener = (event: InspectionEvent) => void;

/**
 * Inspects one environment, again and again: what it learned of the server and asked of it is kept from one time to the
 * next. No trouble with git or the cluster makes it throw: it is told in the report. Only an abort does.
 */
export class Inspector {
  readonly #options: DirectEngineOptions;
  readonly #learned = new DefaultsLearned();
  readonly #comparer: ClusterComparer;
  readonly #blamer: Blamer;
  readonly #former: FormerResources;
  readonly #parsed = new ParsedFiles();
  readonly #liveRevisions: LiveRevisions;
  /** The last inspection, whether it was asked for or followed. */
  #latest: Inspection | undefined;

  constructor(options: DirectEngineOptions) {
    this.#options = options;
    this.#comparer = new ClusterComparer(options, this.#learned);
    this.#blamer = new Blamer(options.repository);
    const earlier = new EarlierSources(options.repository, options.environment);
    this.#former = new FormerResources(options, earlier);
    this.#liveRevisions = new LiveRevisions(options, this.#learned, earlier);
  }

  async inspect(signal: AbortSignal, onEvent: Listener): Promise<Inspection> {
    const since = performance.now();
    onEvent({type: 'progress', phase: 'source', done: 0, total: null});
    // Announced before git is read: others that inspect the same cluster count on it.
    const connecting = connectTo(this.#options, signal, onEvent).then(connection =>
      'unreachable' in connection
        ? connection
        : {connection, reads: new LiveReader(connection.cluster, since)},
    );
    try {
      const [git, reached] = await Promise.all([this.readGit(signal), connecting]);
      if ('unreachable' in reached) return this.#outOfReach(git, reached.unreachable);
      const {connection, reads} = reached;
      const means = {reads, asks: connection.cluster, mayDiscover: true};
      return await this.judge(git, connection, means, signal, onEvent);
    } finally {
      connecting.then(
        reached => 'reads' in reached && reached.reads.done(),
        () => {},
      );
    }
  }

  /** Judges git's side against the cluster's, as `inspect` does with both read anew. */
  async judge(
    git: Git,
    connection: Connection,
    means: Means,
    signal: AbortSignal,
    onEvent: Listener,
  ): Promise<Inspection> {
    const former = this.#former.read(git.revision, means.mayDiscover, signal);
    const input = {git, former, connection, means};
    const {view, problems} = await this.#comparer.compare(input, signal, onEvent);
    const drifts = [...view.examined, ...view.extras].map(({drift}) => drift);
    await this.#blame(git, view.examined, signal);
    signal.throwIfAborted();
    const report = this.#report(git, [...git.problems, ...problems], drifts);
    report.liveRevision = view.foreign === null ? (view.applySet.history[0]?.revision ?? null) : null;
    if (view.leftOut.length > 0) report.leftOut = view.leftOut;
    if (this.#options.orphans === true) await this.#orphans(git, connection, view, report, signal);
    this.#latest = {report: this.#liveRevisions.known(report), complete: git.complete, view};
    return this.#latest;
  }

  /**
   * An inspection's report with the commit that live is nearest to, where nobody recorded one; from then on every report
   * has it. With a limit (ms) the answer is of the commits looked at by then.
   */
  async findLiveRevision(
    {report, view}: Inspection,
    signal: AbortSignal,
    limitMs?: number,
  ): Promise<EnvironmentReport> {
    if (view === undefined || view.applySet.history.length > 0 || view.foreign !== null) return report;
    await this.#liveRevisions.find(view, report, signal, limitMs);
    return this.#liveRevisions.known({...report, liveRevision: null});
  }

  /** What other tools say that they deployed, as of the last inspection; newest first. */
  get deployments(): readonly Deployment[] {
    return this.#latest?.view?.deployments ?? [];
  }

  /** See Engine.differences: by the last inspection that was made, whoever asked for it. */
  async differences(
    revisions: readonly string[],
    signal: AbortSignal,
    tell: (revision: string, differences: number | null) => void,
  ): Promise<void> {
    const {report, view} = this.#latest ?? {};
    if (report === undefined || view === undefined) throw new Error('nothing was compared yet');
    await this.#liveRevisions.differences(view, report, revisions, signal, tell);
  }

  /** Reads git's side: the tip of the environment's branch, or the working tree. */
  async readGit(signal: AbortSignal): Promise<Git> {
    const {repository, environment} = this.#options;
    const [source, read] = await Promise.all([
      sourceIdentity(repository, environment.branch, signal),
      this.#readTree(signal),
    ]);
    return {...read, source};
  }

  async #readTree(signal: AbortSignal): Promise<Omit<Git, 'source'>> {
    const {repository, environment, worktree} = this.#options;
    let revision: string | null = null;
    try {
      const tree = await desiredTree(repository, environment, worktree, signal);
      revision = tree.revision;
      const loaded = await loadSource(environment, tree, {signal, parsed: this.#parsed});
      this.#parsed.sweep();
      const isEmpty = loaded.isEmpty === true;
      const {resources, problems} = isEmpty
        ? emptied(loaded, await this.#former.read(revision, true, signal))
        : loaded;
      const complete = problems.every(({severity}) => severity !== 'error');
      return {revision, resources, problems, complete};
    } catch (error) {
      signal.throwIfAborted();
      return {revision, resources: [], problems: [problemOf(error)], complete: false};
    }
  }

  #outOfReach(git: Git, problem: Problem): Inspection {
    const {mask, environment} = this.#options;
    const {targets} = bindTargets(git.resources, {unreachable: problem.message}, environment.namespace ?? '');
    this.#comparer.tellSecrets(targets, undefined);
    const drifts = targets.map(({id, version, desired, object}) =>
      unknown({id, version, source: desired.location, reason: problem.message, desired: object, mask}),
    );
    const report = this.#report(git, [...git.problems, problem], drifts);
    this.#latest = {report, complete: git.complete, view: undefined};
    return this.#latest;
  }

  /** Adds to the report what is nobody's. What git holds must be known for that. */
  async #orphans(
    git: Git,
    {cluster, catalog, namespace}: Connection,
    {examined, extras, leftOut}: ClusterView,
    report: EnvironmentReport,
    signal: AbortSignal,
  ): Promise<void> {
    if (!git.complete) {
      const message = "orphans can't be known: git could not be read in full";
      report.errors.push({severity: 'warning', message});
      return;
    }
    const {environment} = this.#options;
    const found = await findOrphans(
      {environment, reads: cluster, catalog, namespace, examined, extras, leftOut},
      signal,
    );
    report.orphans = found.orphans;
    report.errors.push(...found.problems);
  }

  async #blame(git: Git, examined: readonly Examined[], signal: AbortSignal): Promise<void> {
    if (git.revision === null) return;
    const drifted = examined.filter(({drift}) => drift.fields.length > 0);
    const items = drifted.map(({drift, target}) => ({drift, desired: target.desired}));
    await this.#blamer.annotate(items, git.revision, signal);
  }

  #report(git: Git, errors: Problem[], resources: ResourceDrift[]): EnvironmentReport {
    const {environment} = this.#options;
    const summary = summarise(resources);
    return {
      environment: environment.name,
      context: environment.context,
      engine: 'direct',
      protected: environment.protected,
      syncStatus: syncStatusOf(summary, errors),
      healthStatus: environmentHealth(resources, errors),
      desiredRevision: git.revision,
      liveRevision: null,
      summary,
      resources,
      errors,
    };
  }
}

/** A folder that holds nothing is a mistake; but where its history held something, nothing is what git wants. */
function emptied(loaded: SourceResult, former: FormerAnswer): SourceResult {
  if (former.resources.length === 0) return loaded;
  const problems = loaded.problems.map(
    ({message}): Problem => ({
      severity: 'warning',
      message: `${message}; earlier commits had manifests there: what is still live of them is Extra`,
      fix: 'correct the path in .gitops-tui.yaml if they have only moved',
    }),
  );
  return {...loaded, problems};
}
