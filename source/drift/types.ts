import type {FieldPath} from '../resources/field-path.ts';
import type {ResourceId} from '../resources/identity.ts';
import type {Json, JsonObject} from '../resources/json.ts';
import type {Problem, SourceLocation} from '../resources/problem.ts';

export type SyncStatus = 'Synced' | 'OutOfSync' | 'Unknown';
export type ResourceStatus = 'Synced' | 'Modified' | 'Missing' | 'Extra' | 'Unknown';
export type HealthStatus = 'Healthy' | 'Progressing' | 'Degraded' | 'Suspended' | 'Missing' | 'Unknown';

/**
 * One field that differs. `added` is live and not in git, `removed` is in git and not live.
 * Values of Secrets are masks already: no secret value leaves this room.
 */
export interface FieldChange {
  /** Formatted: `spec.template.spec.containers[name=web].image`. */
  path: string;
  elements: FieldPath;
  change: 'changed' | 'added' | 'removed';
  desired?: Json;
  live?: Json;
  /** The field manager that last set the live value. */
  manager?: string;
  /** When it did, ISO 8601 (managedFields carries seconds). */
  changedAt?: string;
  /** Where git sets it and which commit did (blame), filled in by the engine. */
  location?: SourceLocation;
  commit?: string;
  author?: string;
  committedAt?: string;
  subject?: string;
}

/** A difference that is no drift, and why: shown on request (`i`). */
export interface HiddenField {
  path: string;
  reason: 'defaulted' | 'ignored' | 'controller' | 'mutated' | 'server';
  /** The words for it: `ignored by .gitops-tui.yaml`, `set by kube-controller-manager`. */
  because: string;
  /** What git sets, where it sets anything. */
  desired?: Json;
  live?: Json;
}

/** The verdict on one resource. */
export interface ResourceDrift {
  id: ResourceId;
  /** API version that git uses (for Extra: the one it was listed at). */
  version: string;
  status: ResourceStatus;
  health: HealthStatus;
  healthMessage: string;
  /** 'server': confirmed by a dry run, or the server's own answer needs none; 'local': compared here only. */
  verdict: 'server' | 'local';
  source: SourceLocation | null;
  fields: FieldChange[];
  hidden: HiddenField[];
  notes: string[];
  /** Why it is Unknown, or what would keep a sync from working. */
  error: string | null;
  /** What git wants and what runs, Secrets masked, managedFields left out; for the diff and YAML views. */
  desired: JsonObject | null;
  live: JsonObject | null;
}

export interface DriftSummary {
  synced: number;
  modified: number;
  missing: number;
  extra: number;
  unknown: number;
}

/** The commit that live is nearest to. */
export interface LiveMatch {
  /** Full SHA. */
  revision: string;
  /** 0: live is exactly what it says. */
  differences: number;
}

/** A resource of git that is neither compared nor applied: a hook, or what the tool that deploys it is told to skip. */
export interface LeftOut {
  id: ResourceId;
  source: SourceLocation;
  /** In words. */
  reason: string;
}

/** An environment's verdict. */
export interface EnvironmentReport {
  environment: string;
  context: string | null;
  engine: 'direct' | 'argocd' | 'flux' | 'terraform' | 'ansible';
  protected: boolean;
  syncStatus: SyncStatus;
  healthStatus: HealthStatus;
  /** Full SHA that git says, 'worktree' with --worktree, null where git could not be read. */
  desiredRevision: string | null;
  /** Full SHA that was last deployed; where nobody recorded it, the one that live matches exactly; else null. */
  liveRevision: string | null;
  /**
   * Where nobody recorded a deployment: the newest commit whose rendering is nearest to what is live, and in how many fields
   * and objects the two differ. Absent where a deployment was recorded, or where it is not known (yet).
   */
  liveMatch?: LiveMatch;
  summary: DriftSummary;
  resources: ResourceDrift[];
  /** What lives in its namespaces and is nobody's: no drift. Only where it was asked for and could be found out. */
  orphans?: readonly ResourceId[];
  /** What of git counts for nothing above, and why; absent where there is nothing of the kind. */
  leftOut?: readonly LeftOut[];
  errors: Problem[];
}
