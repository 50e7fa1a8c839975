import {hostname, userInfo} from 'node:os';
import {ClusterError} from '../../cluster/types.ts';
import type {EnvironmentReport} from '../../drift/types.ts';
import type {Environment, IgnoreRule} from '../../environments/types.ts';
import type {Repository} from '../../repository/types.ts';
import type {KnownSecrets} from '../../secrets/known.ts';
import type {Mask} from '../../secrets/mask.ts';
import type {Permit} from '../permission.ts';
import type {
  Deployment,
  Engine,
  FollowEvent,
  InspectionEvent,
  Preview,
  PreviewRequest,
  SyncEvent,
  SyncOptions,
  SyncPlan,
  SyncResult,
  SyncRunOptions,
} from '../types.ts';
import {emptyApplySet} from './apply/apply-set.ts';
import {makePlan, type Planned} from './apply/plan.ts';
import {readApplySet} from './apply/record.ts';
import {runPlan} from './apply/run.ts';
import {recheck} from './compare/recheck.ts';
import {Follower} from './follow.ts';
import {Inspector} from './inspect.ts';
import type {Inspection} from './inspection.ts';
import type {FollowedCluster} from './live/live-place.ts';
import {Previewer} from './preview.ts';
import {sourceIdentity} from './trackers/source-identity.ts';
import {byTime} from './trackers/tracker-deployments.ts';

/** What the direct engine works on. */
export interface DirectEngineOptions {
  environment: Environment;
  repository: Repository;
  /** Gives the environment's cluster, connected; called again after it failed. Throws ClusterError. */
  connect: (signal: AbortSignal) => Promise<FollowedCluster>;
  ignore: readonly IgnoreRule[];
  /** Masks secret values; one for the whole session, so that equal values read equal everywhere. */
  mask: Mask;
  /** Told of the Secrets that are read, so that no message can quote their values. Default: nobody is told. */
  known?: KnownSecrets;
  /** Compare with the working tree instead of a commit. */
  worktree: boolean;
  /** Look for what is nobody's in the environment's namespaces, too. Default false. */
  orphans?: boolean;
  /** Who syncs, for the record; default: git's user.name, else the account on this machine. */
  actor?: string;
}

const defaultWaitSeconds = 300;

/**
 * The engine of environments that nobody reconciles: compares git with the cluster itself, applies by server-side apply
 * and records what it applied in an ApplySet.
 */
export function createDirectEngine(options: DirectEngineOptions): Engine {
  return new DirectEngine(options);
}

class DirectEngine implements Engine {
  readonly name = 'direct';
  readonly #options: DirectEngineOptions;
  readonly #inspector: Inspector;
  #previewer: Previewer | undefined;
  #last: Inspection | undefined;
  /** The private side of plans: what will be applied, secrets included, never leaves the engine. */
  readonly #plans = new WeakMap<SyncPlan, Planned>();

  constructor(options: DirectEngineOptions) {
    this.#options = options;
    this.#inspector = new Inspector(options);
  }

  async inspect(signal: AbortSignal, onEvent: (event: InspectionEvent) => void = () => {}) {
    this.#last = await this.#inspector.inspect(signal, onEvent);
    return this.#last.report;
  }

  async findLiveRevision(signal: AbortSignal, limitMs?: number): Promise<EnvironmentReport> {
    this.#last ??= await this.#inspector.inspect(signal, () => {});
    return this.#inspector.findLiveRevision(this.#last, signal, limitMs);
  }

  async differences(
    revisions: readonly string[],
    signal: AbortSignal,
    tell: (revision: string, differences: number | null) => void,
  ): Promise<void> {
    await this.#inspector.differences(revisions, signal, tell);
  }

  follow(signal: AbortSignal, onEvent: (event: FollowEvent) => void): Promise<void> {
    return new Follower(this.#inspector, this.#options, onEvent).run(signal);
  }

  preview(request: PreviewRequest, signal: AbortSignal): Promise<Preview> {
    this.#previewer ??= new Previewer(this.#options);
    return this.#previewer.preview(request, signal);
  }

  async plan(options: SyncOptions, signal: AbortSignal): Promise<SyncPlan> {
    const inspection = await this.#inspector.inspect(signal, () => {});
    const {plan, planned} = await makePlan(inspection, options, await this.#source(signal), signal);
    if (this.#options.worktree) {
      plan.blockers.push(
        'the working tree is compared, not a commit: commit first, then sync without --worktree',
      );
    }
    if (planned !== undefined) this.#plans.set(plan, planned);
    return plan;
  }

  async sync(
    plan: SyncPlan,
    permit: Permit,
    signal: AbortSignal,
    onEvent: (event: SyncEvent) => void = () => {},
    {waitSeconds = defaultWaitSeconds}: SyncRunOptions = {},
  ): Promise<SyncResult> {
    const {environment} = this.#options;
    if (permit.mutation !== 'sync' || permit.environment !== environment.name) {
      throw new Error(
        `a permit to ${permit.mutation} ${permit.environment} is none to sync ${environment.name}`,
      );
    }
    const planned = this.#plans.get(plan);
    if (plan.blockers.length > 0 || planned === undefined) {
      const why = plan.blockers.length > 0 ? plan.blockers.join('; ') : 'it was not made by this session';
      return refused(`nothing was changed: the plan can't run: ${why}`);
    }
    const check = await recheck(planned, signal);
    if (!check.unmoved) {
      return {
        ...refused(
          `nothing was changed: the cluster moved since the plan was made (${check.moved.join(', ')})`,
        ),
        outcome: 'plan-changed',
        newPlan: await this.plan(plan.options, signal),
      };
    }
    // A plan runs once: what it was made for is gone after that.
    this.#plans.delete(plan);
    return runPlan({
      plan,
      planned: {...planned, steps: check.steps},
      source: await this.#source(signal),
      by: this.#options.actor ?? (await defaultActor(this.#options.repository, signal)),
      waitSeconds,
      signal,
      onEvent,
    });
  }

  async history(signal: AbortSignal): Promise<Deployment[]> {
    const {environment, connect} = this.#options;
    const cluster = await connect(signal);
    const expected = emptyApplySet(environment.namespace ?? cluster.namespace, environment.name);
    const set = await readApplySet(cluster, expected, signal);
    if (set instanceof ClusterError) throw set;
    return [...set.history, ...this.#inspector.deployments].sort(byTime);
  }

  #source(signal: AbortSignal): Promise<string> {
    return sourceIdentity(this.#options.repository, this.#options.environment.branch, signal);
  }
}

function refused(message: string): SyncResult {
  return {outcome: 'failed', done: 0, failed: [], unhealthy: [], message};
}

/** Git's name for the user, as commits carry it; where git has none, the account on this machine. */
async function defaultActor(repository: Repository, signal: AbortSignal): Promise<string> {
  try {
    const name = (await repository.git.text(['config', '--get', 'user.name'], {signal})).trim();
    if (name !== '') return name;
  } catch {
    signal.throwIfAborted();
  }
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    // A container's user may have no name.
    return `uid ${process.getuid?.() ?? '?'}@${hostname()}`;
  }
}
