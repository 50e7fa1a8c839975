import {worst} from '../health/health.ts';
import {objectAt, stringAt} from '../resources/json.ts';
import type {Problem} from '../resources/problem.ts';
import type {DriftSummary, HealthStatus, ResourceDrift, SyncStatus} from './types.ts';

/** How many resources have each status. */
export function summarise(resources: Iterable<Pick<ResourceDrift, 'status'>>): DriftSummary {
  const summary: DriftSummary = {synced: 0, modified: 0, missing: 0, extra: 0, unknown: 0};
  for (const {status} of resources) summary[counters[status]]++;
  return summary;
}

const counters = {
  Synced: 'synced',
  Modified: 'modified',
  Missing: 'missing',
  Extra: 'extra',
  Unknown: 'unknown',
} as const;

/**
 * An environment's status: OutOfSync where anything is known to differ, else Unknown where anything could not be decided
 * or read, else Synced. The exit status of `diff` is 2 for what is unknown even where there is drift: it reads the summary.
 */
export function syncStatusOf(
  summary: DriftSummary,
  problems: readonly Pick<Problem, 'severity'>[],
): SyncStatus {
  if (summary.modified + summary.missing + summary.extra > 0) return 'OutOfSync';
  const failed = problems.some(({severity}) => severity === 'error');
  return summary.unknown > 0 || failed ? 'Unknown' : 'Synced';
}

/**
 * An environment's health: the worst of its resources, hooks and those that ask to be left out aside. Unknown where there
 * are none because something could not be read.
 */
export function environmentHealth(
  resources: readonly ResourceDrift[],
  problems: readonly Pick<Problem, 'severity'>[],
): HealthStatus {
  if (resources.length === 0 && problems.some(({severity}) => severity === 'error')) return 'Unknown';
  const statuses: HealthStatus[] = [];
  for (const resource of resources) if (countsForHealth(resource)) statuses.push(resource.health);
  return worst(statuses);
}

function countsForHealth({desired, live}: ResourceDrift): boolean {
  const annotations = objectAt(objectAt(live ?? desired ?? {}, 'metadata'), 'annotations');
  return (
    annotations['argocd.argoproj.io/hook'] === undefined &&
    stringAt(annotations, 'argocd.argoproj.io/ignore-healthcheck') !== 'true'
  );
}
