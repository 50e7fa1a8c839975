import {setImmediate as turn} from 'node:timers/promises';
import {ClusterError} from '../../../cluster/types.ts';
import type {DefaultsLearned} from '../../../drift/defaults.ts';
import {identityKey, identityOf} from '../../../resources/identity.ts';
import {isObject} from '../../../resources/json.ts';
import type {Problem} from '../../../resources/problem.ts';
import {isSecretKind} from '../../../secrets/known.ts';
import type {DesiredResource} from '../../../sources/types.ts';
import type {InspectionEvent} from '../../types.ts';
import {emptyApplySet} from '../apply/apply-set.ts';
import {readApplySet} from '../apply/record.ts';
import type {DirectEngineOptions} from '../engine.ts';
import type {FormerAnswer} from '../history/former.ts';
import {FormerVersions} from '../history/former-versions.ts';
import type {ClusterView, Connection, Git, Means} from '../inspection.ts';
import {attempt, type LiveObjects, readLive} from '../live/live.ts';
import {inPool} from '../pool.ts';
import {HelmTracking} from '../trackers/helm-tracking.ts';
import {leaveOut, leftOutReason} from '../trackers/left-out.ts';
import {ToldByTrackers} from '../trackers/told.ts';
import {byTime} from '../trackers/tracker-deployments.ts';
import {readTrackers} from '../trackers/trackers.ts';
import {MutatingAdmission} from './admission.ts';
import {findAutoscaled} from './autoscaled.ts';
import {DryRunner} from './dry-runs.ts';
import {examine, kindsOf} from './examine.ts';
import {findExtras} from './extras.ts';
import {Judged} from './judged.ts';
import {findPredecessors} from './predecessors.ts';
import {readSchemas} from './schemas.ts';
import {bindTargets, type Target} from './targets.ts';

/** What is compared, and with what. */
export interface ComparerInput {
  git: Git;
  /** What earlier commits held; it may still be under way. */
  former: Promise<FormerAnswer>;
  connection: Connection;
  means: Means;
  /** Only these of git's resources are examined; of all others it is only known that git has them. Default: all. */
  only?: ReadonlySet<DesiredResource>;
}

/** Dry runs at once. */
const parallel = 16;

/**
 * Compares git's side of an environment with a cluster, again and again: what it asked of the server it remembers, and
 * what is the very same as before it does not judge again.
 */
export class ClusterComparer {
  readonly #options: Pick<DirectEngineOptions, 'environment' | 'mask' | 'known'>;
  readonly #secretsScope: string;
  readonly #learned: DefaultsLearned;
  readonly #dryRunner = new DryRunner();
  /** What was judged before, to be judged again only where it changed. */
  readonly #judged = new Judged();
  readonly #told: ToldByTrackers;
  readonly #helm = new HelmTracking();

  /** `secretsScope` is under which name the Secrets that it reads are known. */
  constructor(
    options: Pick<DirectEngineOptions, 'environment' | 'mask' | 'known' | 'ignore'>,
    learned: DefaultsLearned,
    secretsScope: string = options.environment.name,
  ) {
    this.#options = options;
    this.#learned = learned;
    this.#secretsScope = secretsScope;
    this.#told = new ToldByTrackers(options.ignore);
  }

  /** What there is to say of git's resources and of what is live besides. Throws only when aborted. */
  async compare(
    {git, former: earlier, connection, means: {reads, asks, mayDiscover}, only}: ComparerInput,
    signal: AbortSignal,
    onEvent: (event: InspectionEvent) => void = () => {},
  ): Promise<{view: ClusterView; problems: Problem[]}> {
    const {environment, mask} = this.#options;
    // Awaited below, where what else was to be read could be.
    earlier.catch(() => {});
    const bound = await this.#bind(git, connection, mayDiscover, signal);
    const {cluster, catalog, namespace} = connection;
    const chosen = ({desired}: Target) => only?.has(desired) !== false;
    const wanted = bound.flatMap(target => {
      const {kind, id, settled} = target;
      return kind === undefined || settled?.status === 'Unknown' || !chosen(target) ? [] : [{kind, id}];
    });
    const {path, branch} = environment;
    const [live, schemas, applySet, found] = await Promise.all([
      readLive(reads, wanted, signal, (done, total) =>
        onEvent({type: 'progress', phase: 'list', done, total}),
      ),
      readSchemas(cluster, kindsOf(bound.filter(chosen)), signal),
      readApplySet(reads, emptyApplySet(namespace, environment.name), signal),
      readTrackers(reads, catalog, {source: git.source, path, branch, namespace}, signal),
    ]);
    const told = await this.#told.of(found);
    const deployers = {byFlux: found.trackers.some(({appliesHooks}) => appliesHooks === true)};
    const {targets, leftOut} = leaveOut(bound, deployers);
    this.tellSecrets(targets, live);
    const examinable = only === undefined ? targets : targets.filter(chosen);
    const keys = new Set(targets.map(({id}) => identityKey(id)));
    const [autoscaled, predecessors] = await Promise.all([
      findAutoscaled(reads, catalog, examinable, live, signal),
      findPredecessors(reads, examinable, keys, live, signal),
    ]);
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
    const examined = await inPool(examinable, parallel, async target => {
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
      if (++done % 50 === 0 || done === examinable.length) {
        onEvent({type: 'progress', phase: 'compare', done, total: examinable.length});
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
        deployments: found.trackers.flatMap(({deployments = []}) => deployments).sort(byTime),
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
  tellSecrets(targets: readonly Target[], live: LiveObjects | undefined): void {
    const {known, environment} = this.#options;
    if (known === undefined) return;
    const listed = live === undefined ? [] : live.lists.flatMap(({items}) => items);
    const answers = live === undefined ? [] : [...live.answers.values()];
    const objects = [...targets.map(({object}) => object), ...listed, ...answers.filter(isObject)];
    known.keep(this.#secretsScope, [...new Set(objects)].filter(isSecretKind));
    known.nameOpenly(environment.name, environment.context ?? '', ...targets.map(({id}) => id.namespace));
    known.nameOpenly(...targets.map(({id}) => id.name));
  }
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
