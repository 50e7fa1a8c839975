import {setImmediate as turn} from 'node:timers/promises';
import {type Cluster, ClusterError, type KindCatalog} from '../../cluster/types.ts';
import {unknown} from '../../drift/answers.ts';
import {DefaultsLearned} from '../../drift/defaults.ts';
import {predecessorOf, unhashedName} from '../../drift/pairing.ts';
import {environmentHealth, summarise, syncStatusOf} from '../../drift/summary.ts';
import type {EnvironmentReport, ResourceDrift} from '../../drift/types.ts';
import {identityKey, identityOf} from '../../resources/identity.ts';
import {isObject, type JsonObject} from '../../resources/json.ts';
import type {Kind} from '../../resources/kind.ts';
import type {Problem} from '../../resources/problem.ts';
import type {SchemaNode} from '../../resources/schema.ts';
import {isSecretKind} from '../../secrets/known.ts';
import {loadSource} from '../../sources/load.ts';
import {ParsedFiles} from '../../sources/parsed-files.ts';
import type {DesiredResource, SourceResult} from '../../sources/types.ts';
import type {InspectionEvent} from '../types.ts';
import {emptyApplySet} from './apply/apply-set.ts';
import {readApplySet} from './apply/record.ts';
import {MutatingAdmission} from './compare/admission.ts';
import {findAutoscaled} from './compare/autoscaled.ts';
import {type Asks, DryRunner} from './compare/dry-runs.ts';
import {examine, kindsOf} from './compare/examine.ts';
import {findExtras} from './compare/extras.ts';
import {Judged} from './compare/judged.ts';
import {bindTargets, type Target} from './compare/targets.ts';
import type {DirectEngineOptions} from './engine.ts';
import {problemOf} from './errors.ts';
import {Blamer} from './history/blame.ts';
import {EarlierSources} from './history/earlier-sources.ts';
import {type FormerAnswer, FormerResources} from './history/former.ts';
import {FormerVersions} from './history/former-versions.ts';
import {LiveRevisions} from './history/live-revision.ts';
import {desiredTree} from './history/revision.ts';
import type {ClusterView, Examined, Inspection} from './inspection.ts';
import {attempt, type LiveObjects, type Reads, readLive} from './live/live.ts';
import type {FollowedCluster} from './live/live-place.ts';
import {LiveReader} from './live/live-reader.ts';
import {inPool} from './pool.ts';
import {HelmTracking} from './trackers/helm-tracking.ts';
import {leaveOut, leftOutReason} from './trackers/left-out.ts';
import {sourceIdentity} from './trackers/source-identity.ts';
import {ToldByTrackers} from './trackers/told.ts';
import {readTrackers} from './trackers/trackers.ts';
import {findOrphans} from './trackers/trackers-orphans.ts';

type Listener = (event: InspectionEvent) => void;

/** Git's side of an environment. */
export interface Git {
  revision: string | null;
  resources: readonly DesiredResource[];
  problems: Problem[];
  /** True where all of it could be read. */
  complete: boolean;
  /** Which repository it is; see sourceIdentity. */
  source: string;
}

/** The cluster's side. */
export interface Connection {
  cluster: FollowedCluster;
  /** Replaced when a discovery has found more. */
  catalog: KindCatalog;
  namespace: string;
}

/** What an environment is judged by. */
export interface Means {
  /** How the live side is read. */
  reads: Reads;
  /** How the server is asked about an object. */
  asks: Asks;
  /** Whether a kind that is not served may be asked for anew: a discovery is not for every change. */
  mayDiscover: boolean;
}

/** Dry runs at once. */
const parallel = 16;

/**
 * Inspects one environment, again and again: what it learned of the server and asked of it is kept from one time to the
 * next. No trouble with git or the cluster makes it throw: it is told in the report. Only an abort does.
 */
export class Inspector {
  readonly #options: DirectEngineOptions;
  readonly #learned = new DefaultsLearned();
  readonly #dryRunner = new DryRunner();
  /** What was judged before, to be judged again only where it changed. */
  readonly #judged = new Judged();
  readonly #told: ToldByTrackers;
  readonly #helm = new HelmTracking();
  readonly #blamer: Blamer;
  readonly #former: FormerResources;
  readonly #parsed = new ParsedFiles();
  readonly #liveRevisions: LiveRevisions;

  constructor(options: DirectEngineOptions) {
    this.#options = options;
    this.#told = new ToldByTrackers(options.ignore);
    this.#blamer = new Blamer(options.repository);
    const earlier = new EarlierSources(options.repository, options.environment);
    this.#former = new FormerResources(options, earlier);
    this.#liveRevisions = new LiveRevisions(options, this.#learned, earlier);
  }

  async inspect(signal: AbortSignal, onEvent: Listener): Promise<Inspection> {
    const since = performance.now();
    onEvent({type: 'progress', phase: 'source', done: 0, total: null});
    // Announced before git is read: others that inspect the same cluster count on it.
    const connecting = this.connect(signal, onEvent).then(connection =>
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
    const {view, problems} = await this.#compare(git, connection, means, signal, onEvent);
    const drifts = [...view.examined, ...view.extras].map(({drift}) => drift);
    await this.#blame(git, view.examined, signal);
    signal.throwIfAborted();
    const report = this.#report(git, [...git.problems, ...problems], drifts);
    report.liveRevision = view.foreign === null ? (view.applySet.history[0]?.revision ?? null) : null;
    if (view.leftOut.length > 0) report.leftOut = view.leftOut;
    if (this.#options.orphans === true) await this.#orphans(git, connection, view, report, signal);
    return {report: this.#liveRevisions.known(report), complete: git.complete, view};
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

  /** Connects to the environment's cluster, or tells why it can't. */
  async connect(signal: AbortSignal, onEvent: Listener): Promise<Connection | {unreachable: Problem}> {
    const {environment, connect} = this.#options;
    onEvent({type: 'progress', phase: 'connect', done: 0, total: null});
    try {
      const cluster = await connect(signal);
      const catalog = await cluster.kinds({signal});
      return {cluster, catalog, namespace: environment.namespace ?? cluster.namespace};
    } catch (error) {
      signal.throwIfAborted();
      return {unreachable: problemOf(error)};
    }
  }

  #outOfReach(git: Git, problem: Problem): Inspection {
    const {mask, environment} = this.#options;
    const {targets} = bindTargets(git.resources, {unreachable: problem.message}, environment.namespace ?? '');
    this.#tellSecrets(targets, undefined);
    const drifts = targets.map(({id, version, desired, object}) =>
      unknown({id, version, source: desired.location, reason: problem.message, desired: object, mask}),
    );
    const report = this.#report(git, [...git.problems, problem], drifts);
    return {report, complete: git.complete, view: undefined};
  }

  async #compare(
    git: Git,
    connection: Connection,
    {reads, asks, mayDiscover}: Means,
    signal: AbortSignal,
    onEvent: Listener,
  ): Promise<{view: ClusterView; problems: Problem[]}> {
    const {environment, mask} = this.#options;
    const bound = await this.#bind(git, connection, mayDiscover, signal);
    const {cluster, catalog, namespace} = connection;
    const wanted = bound.flatMap(({kind, id, settled}) =>
      kind === undefined || settled?.status === 'Unknown' ? [] : [{kind, id}],
    );
    const {path, branch} = environment;
    const earlier = this.#former.read(git.revision, mayDiscover, signal);
    // Awaited below, where what else was to be read could be.
    earlier.catch(() => {});
    const [live, schemas, applySet, found] = await Promise.all([
      readLive(reads, wanted, signal, (done, total) =>
        onEvent({type: 'progress', phase: 'list', done, total}),
      ),
      readSchemas(cluster, kindsOf(bound), signal),
      readApplySet(reads, emptyApplySet(namespace, environment.name), signal),
      readTrackers(reads, catalog, {source: git.source, path, branch, namespace}, signal),
    ]);
    const told = await this.#told.of(found);
    const deployers = {byFlux: found.trackers.some(({appliesHooks}) => appliesHooks === true)};
    const {targets, leftOut} = leaveOut(bound, deployers);
    this.#tellSecrets(targets, live);
    const [autoscaled, predecessors] = await Promise.all([
      findAutoscaled(reads, catalog, targets, live, signal),
      findPredecessors(reads, targets, live, signal),
    ]);
    const keys = new Set(targets.map(({id}) => identityKey(id)));
    this.#dryRunner.keep(keys);
    this.#judged.retain(keys);
    const setting = {
      cluster: asks,
      mask,
      learned: this.#learned,
      dryRunner: this.#dryRunner,
      autoscaled,
      formerVersions: new FormerVersions(earlier, namespace),
      admission: new MutatingAdmission(cluster, catalog),
      deployers,
      signal,
    };
    let done = 0;
    const breathe = breather();
    const examined = await inPool(targets, parallel, async target => {
      await breathe();
      signal.throwIfAborted();
      const key = identityKey(target.id);
      const predecessor = predecessors.get(key);
      const candidate = {
        target,
        schema: target.kind === undefined ? undefined : schemas.get(target.kind),
        answer: live.answers.get(key),
        told,
        ...(predecessor === undefined ? {} : {predecessor}),
      };
      const before = this.#judged.of(candidate, autoscaled.of(key));
      const item = before ?? (await examine(setting, candidate));
      this.#judged.keep(candidate, autoscaled.of(key), item);
      onEvent({type: 'resource', resource: item.drift});
      if (++done % 50 === 0 || done === targets.length) {
        onEvent({type: 'progress', phase: 'compare', done, total: targets.length});
      }
      return item;
    });
    const paired = new Set([
      ...[...predecessors.values()].map(object => identityKey(identityOf(object))),
      ...leftOut.map(({id}) => identityKey(id)),
    ]);
    // Hooks come and go: one that git no longer has is not left behind.
    const {resources, problems} = await earlier;
    const former = resources.filter(({object}) => leftOutReason(object, deployers) === null);
    const {trackers} = found;
    const inGit = {...git, former};
    const extras = await findExtras(
      {
        environment,
        mask,
        git: inGit,
        reads,
        catalog,
        namespace,
        applySet,
        targets,
        live,
        paired,
        trackers,
        healthOf: told.healthOf,
        helm: this.#helm,
        cluster,
        anew: mayDiscover,
      },
      signal,
    );
    for (const {drift} of extras.view.extras) onEvent({type: 'resource', resource: drift});
    return {
      view: {
        ...extras.view,
        cluster,
        catalog,
        namespace,
        reads,
        autoscaled,
        told,
        deployers,
        examined,
        leftOut,
      },
      problems: [...found.problems, ...problems, ...extras.problems],
    };
  }

  /** Ties git to the cluster; a kind that is not served may have come since the discovery, which then is asked again. */
  async #bind(
    git: Git,
    connection: Connection,
    mayDiscover: boolean,
    signal: AbortSignal,
  ): Promise<Target[]> {
    const {cluster, catalog, namespace} = connection;
    const {targets} = bindTargets(git.resources, catalog, namespace);
    const isServed = ({kind}: Target) => kind !== undefined;
    if (!mayDiscover || targets.every(isServed)) return targets;
    const fresh = await attempt(() => cluster.kinds({refresh: true, signal}), signal);
    if (fresh === null || fresh instanceof ClusterError) return targets;
    const bound = bindTargets(git.resources, fresh, namespace).targets;
    if (bound.filter(isServed).length === targets.filter(isServed).length) return targets;
    connection.catalog = fresh;
    return bound;
  }

  /** Before anything is said of them: whose values no message may quote, and which words are no secret. */
  #tellSecrets(targets: readonly Target[], live: LiveObjects | undefined): void {
    const {known, environment} = this.#options;
    if (known === undefined) return;
    const listed = live === undefined ? [] : live.lists.flatMap(({items}) => items);
    const answers = live === undefined ? [] : [...live.answers.values()];
    const objects = [...targets.map(({object}) => object), ...listed, ...answers.filter(isObject)];
    known.keep(environment.name, [...new Set(objects)].filter(isSecretKind));
    known.nameOpenly(environment.name, environment.context ?? '', ...targets.map(({id}) => id.namespace));
    known.nameOpenly(...targets.map(({id}) => id.name));
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

/** Lets keys and timers have their turn when a comparison has kept the thread for a while. */
function breather(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < 8) return;
    await turn();
    last = performance.now();
  };
}

/** The schemas of kinds; one that can't be read counts as none, and what looks different is asked of the server then. */
async function readSchemas(
  cluster: Cluster,
  kinds: readonly Kind[],
  signal: AbortSignal,
): Promise<Map<Kind, SchemaNode>> {
  const schemas = new Map<Kind, SchemaNode>();
  await inPool(kinds, parallel, async kind => {
    const schema = await attempt(() => cluster.schema(kind, signal), signal);
    if (schema !== null && !(schema instanceof ClusterError)) schemas.set(kind, schema);
  });
  return schemas;
}

/** For each generated ConfigMap and Secret that is not live: the live one that it replaces, by identityKey. */
async function findPredecessors(
  cluster: Reads,
  targets: readonly Target[],
  {answers, lists}: LiveObjects,
  signal: AbortSignal,
): Promise<Map<string, JsonObject>> {
  const found = new Map<string, JsonObject>();
  const wanted = new Set(targets.map(({id}) => identityKey(id)));
  for (const {desired, id, kind} of targets) {
    const key = identityKey(id);
    const generatedFrom = desired.generatedFrom ?? unhashedName(id);
    if (generatedFrom === undefined || kind === undefined || answers.get(key) !== null) continue;
    const same = lists.filter(
      list => list.kind === kind && (list.namespace ?? id.namespace) === id.namespace,
    );
    let items: readonly JsonObject[] = same.flatMap(list => list.items);
    if (same.length === 0) {
      const listed = await attempt(() => cluster.list(kind, {namespace: id.namespace, signal}), signal);
      items = listed === null || listed instanceof ClusterError ? [] : listed.items;
    }
    const predecessor = predecessorOf(id, generatedFrom, items, wanted);
    if (predecessor !== undefined) found.set(key, predecessor);
  }
  return found;
}
