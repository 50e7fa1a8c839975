import type {EnvironmentReport, FieldChange, HealthStatus, ResourceDrift} from '../drift/types.ts';
import type {ResourceId} from '../resources/identity.ts';
import type {Problem} from '../resources/problem.ts';
import type {DesiredResource} from '../sources/types.ts';
import type {Permit} from './permission.ts';

/** What an inspection tells while it runs. Every event belongs to the inspection that was asked for. */
export type InspectionEvent =
  | {type: 'progress'; phase: 'source' | 'connect' | 'list' | 'compare'; done: number; total: number | null}
  | {type: 'resource'; resource: ResourceDrift};

/** A deployment that was recorded in the cluster: by a sync, or by another tool that deploys the folder. */
export interface Deployment {
  revision: string;
  /** ISO 8601. */
  time: string;
  by: string;
  /** The other tool that did; left out for a sync. */
  tool?: 'Argo CD' | 'Flux';
  /** Null where nobody says. */
  pruned: boolean | null;
  /** Seconds that it took; null where nobody says. */
  tookSeconds: number | null;
}

export interface SyncOptions {
  /** Delete what the ApplySet holds and git no longer has. */
  prune: boolean;
  /** Take over fields that other field managers own. */
  force: boolean;
  /** Only these resources (identityKey); undefined is all that drifted. */
  only?: readonly string[];
}

/** What a sync would do to one object. */
export interface SyncStep {
  id: ResourceId;
  version: string;
  action: 'create' | 'apply' | 'delete' | 'skip';
  /** Argo CD's sync wave, in which it runs; left out for 0. */
  wave?: number;
  /** How many fields change, for `apply`. */
  fields: number;
  /** Why it is skipped, or what a dry run said against it. */
  reason: string | null;
  /** `conflict`: another manager owns a field; `blocked`: the server refused the dry run. */
  trouble: null | 'conflict' | 'blocked' | 'needs-replace';
  conflicts: readonly {field: string; manager: string}[];
}

/** The plan that is shown and, once approved, run as it is. */
export interface SyncPlan {
  environment: string;
  context: string;
  revision: string;
  options: SyncOptions;
  /** In the order in which they will run. */
  steps: SyncStep[];
  /** Resources that a prune could delete (also when it is off: they are shown as skipped). */
  prunable: number;
  conflicts: number;
  /** Anything that keeps the plan from running; empty means it can run. */
  blockers: string[];
  problems: Problem[];
  dryRunSeconds: number;
}

export type SyncEvent =
  /** `unknown`: it was asked for, and no answer came that says whether it was done. */
  | {
      type: 'step';
      index: number;
      state: 'running' | 'done' | 'failed' | 'unknown';
      message: string | null;
    }
  | {type: 'health'; id: ResourceId; health: HealthStatus; message: string}
  /** `total` objects are waited for: those of one wave before the next one, or of all after the last. */
  | {type: 'waiting'; healthy: number; total: number}
  | {type: 'recorded'; deployment: Deployment};

export interface SyncResult {
  outcome: 'done' | 'partial' | 'failed' | 'plan-changed';
  /** What was done, by step. */
  done: number;
  /** `unknown`: it may have been done all the same, no answer came. */
  failed: readonly {id: ResourceId; message: string; unknown?: true}[];
  unhealthy: readonly {id: ResourceId; health: HealthStatus; message: string}[];
  /** Present when the cluster moved between plan and run: the new plan, to be shown again. */
  newPlan?: SyncPlan;
  message: string;
}

/** How a plan is run. */
export interface SyncRunOptions {
  /** Seconds to wait for health at most, for each wave; 0 does not wait. Default 300. */
  waitSeconds?: number;
}

/** What following an environment tells. */
export type FollowEvent =
  /** A change in the cluster or in git has changed the verdict; also the first one, and the one after `lost`. */
  | {type: 'report'; report: EnvironmentReport}
  /** The cluster is out of reach: what was reported last may be old by now. It is tried again without end. */
  | {type: 'lost'; problem: Problem};

/** A change of git before it is made, as an engine is asked about it. */
export interface PreviewRequest {
  /** What git would want. */
  wanted: readonly DesiredResource[];
  /** False where some of that can't be read: then what seems gone may be there. */
  complete: boolean;
  /** What git wants now. With its commit (a full SHA) what earlier ones said counts as well. */
  before: {revision: string | null; wanted: readonly DesiredResource[]};
  /** The resources that are asked about: of `wanted`, and of what is wanted now those that would be gone. */
  about: ReadonlySet<DesiredResource>;
}

/** What would become of one resource in the cluster, by the verdict of an inspection. */
export interface PreviewedResource {
  id: ResourceId;
  /**
   * `created`: not live; `changed`: live in another way, `fields` say how; `same`: live just so; `unknown`: `reason` says
   * why; `left-out`: a hook or the like. Of what git would not have any more: `prunable` is live and deleted by a sync that
   * prunes; `kept` is live and would stay, `reason` says why; `gone` is not live anyway.
   */
  outcome: 'created' | 'changed' | 'same' | 'unknown' | 'left-out' | 'prunable' | 'kept' | 'gone';
  reason: string | null;
  /** What keeps a sync from doing it as it is, by a dry run: an immutable field, a policy; null where nothing is known. */
  refused: string | null;
  /** Live and wanted, where they differ; also where they do so already, by drift. */
  fields: readonly FieldChange[];
  verdict: ResourceDrift['verdict'];
  notes: readonly string[];
}

/** What a change of git would do to the cluster; `unreachable` where that can't be asked. */
export type Preview =
  | {unreachable: Problem}
  | {resources: ReadonlyMap<DesiredResource, PreviewedResource>; problems: readonly Problem[]};

/** Who brings an environment to its git state. */
export interface Engine {
  readonly name: EnvironmentReport['engine'];
  inspect(signal: AbortSignal, onEvent?: (event: InspectionEvent) => void): Promise<EnvironmentReport>;
  /**
   * The report of the last inspection with the commit that live is nearest to, where nobody recorded a deployment; it
   * makes one where there was none. With a limit (ms) the answer is of the commits looked at by then.
   */
  findLiveRevision(signal: AbortSignal, limitMs?: number): Promise<EnvironmentReport>;
  /**
   * Watches the environment's cluster and git until the signal ends it, which is when it resolves: each change is told
   * as a new report, of which only what changed was judged again. Nothing is told while nothing changes.
   */
  follow(signal: AbortSignal, onEvent: (event: FollowEvent) => void): Promise<void>;
  /**
   * Compares a state of git that is not there yet with what is live, as `inspect` would; changes nothing, and no report,
   * follower or plan hears of it. Trouble is told in the answer; throws only when aborted.
   */
  preview(request: PreviewRequest, signal: AbortSignal): Promise<Preview>;
  /** Dry-runs a sync and tells what it would do; changes nothing. */
  plan(options: SyncOptions, signal: AbortSignal): Promise<SyncPlan>;
  /**
   * Runs a plan, the very object that `plan` gave: what was approved is what runs. An abort stops between two writes, or
   * the wait for health after the last; what was done is in the result, which then is `partial`.
   */
  sync(
    plan: SyncPlan,
    permit: Permit,
    signal: AbortSignal,
    onEvent?: (event: SyncEvent) => void,
    options?: SyncRunOptions,
  ): Promise<SyncResult>;
  /**
   * Tells of each of these commits in how many fields and objects live, as it was inspected last, differs from it; null where
   * that can't be told. Throws where nothing was inspected.
   */
  differences(
    revisions: readonly string[],
    signal: AbortSignal,
    tell: (revision: string, differences: number | null) => void,
  ): Promise<void>;
  /** Newest first; empty where nothing was recorded. What other tools say is known once the environment was inspected. */
  history(signal: AbortSignal): Promise<Deployment[]>;
}
