import type {Cluster, KindCatalog} from '../../cluster/types.ts';
import type {LocalComparison} from '../../drift/local.ts';
import type {PreparedDesired} from '../../drift/normalise.ts';
import type {EnvironmentReport, LeftOut, ResourceDrift} from '../../drift/types.ts';
import type {JsonObject} from '../../resources/json.ts';
import type {Kind} from '../../resources/kind.ts';
import type {Problem} from '../../resources/problem.ts';
import type {SchemaNode} from '../../resources/schema.ts';
import type {DesiredResource} from '../../sources/types.ts';
import type {Deployment} from '../types.ts';
import type {ApplySet} from './apply/apply-set.ts';
import type {Autoscaled} from './compare/autoscaled.ts';
import type {Asks} from './compare/dry-runs.ts';
import type {Target} from './compare/targets.ts';
import type {Reads} from './live/live.ts';
import type {FollowedCluster} from './live/live-place.ts';
import type {Deployers} from './trackers/left-out.ts';
import type {Told} from './trackers/told.ts';

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

/** A resource of git after a look at the cluster, unmasked: it never leaves the engine. */
export interface Examined {
  target: Target;
  /** What runs, as the server sent it; null for nothing, or where it is not known. */
  live: JsonObject | null;
  schema: SchemaNode | undefined;
  /** What git wants, ready to be applied. */
  prepared: PreparedDesired;
  /** How the two compared; null where they could not be. */
  local: LocalComparison | null;
  drift: ResourceDrift;
}

/** A live object that was applied from git, which no longer has it. */
export interface ExtraObject {
  kind: Kind;
  live: JsonObject;
  drift: ResourceDrift;
  /** True for a member of the ApplySet: only that is sure enough to delete it. */
  recorded: boolean;
  /** The other tool that tracks it: then it is that tool's to prune. */
  trackedBy?: string;
}

/** The cluster's side of an inspection. */
export interface ClusterView {
  cluster: Cluster;
  catalog: KindCatalog;
  /** The namespace of resources that name none. */
  namespace: string;
  reads: Reads;
  autoscaled: Autoscaled;
  /** How its resources are to be judged, by the config and by other tools that deploy the folder. */
  told: Told;
  deployers: Deployers;
  /** What other tools say that they deployed, newest first. */
  deployments: readonly Deployment[];
  examined: readonly Examined[];
  /** Resources of git that are neither compared nor applied. */
  leftOut: readonly LeftOut[];
  applySet: ApplySet;
  extras: readonly ExtraObject[];
  /** Why the extras are not all that there are, so that nothing may be pruned; null where they are. */
  extrasUnknown: string | null;
  /** Why the ApplySet may not be changed for this environment; null where it may. */
  foreign: {message: string; fix: string} | null;
}

/** An inspection with all that a plan needs of it. */
export interface Inspection {
  report: EnvironmentReport;
  /** True where all of git could be read: else an object that seems gone may be in a file that is broken. */
  complete: boolean;
  /** Undefined where the cluster was out of reach. */
  view: ClusterView | undefined;
}
