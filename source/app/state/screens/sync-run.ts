import type {HealthStatus} from '../../../drift/types.ts';
import type {SyncEvent, SyncPlan, SyncResult} from '../../../engines/types.ts';
import {identityKey} from '../../../resources/identity.ts';
import type {Problem} from '../../../resources/problem.ts';
import type {Call} from '../calls.ts';

/** How far a step of a running sync is; `unknown`: asked for, and nobody answered whether it was done. */
export interface StepProgress {
  readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'unknown';
  readonly message: string | null;
  /** When it came to be so, in ms. */
  readonly since: number;
}

/** What an object is like after it was applied, as far as it is waited for. */
export interface HealthSeen {
  readonly health: HealthStatus;
  readonly message: string;
  /** Since when it is waited for, in ms. */
  readonly since: number;
}

/** What a running sync has told so far. */
export interface SyncProgress {
  readonly steps: readonly StepProgress[];
  /** Health by identityKey, of the objects that are waited for. */
  readonly health: ReadonlyMap<string, HealthSeen>;
  readonly waiting: {healthy: number; total: number} | null;
  readonly recorded: boolean;
}

/** A sync of an environment: while it runs, and what became of it until the next one. */
export interface SyncRun {
  readonly environment: string;
  readonly protected: boolean;
  readonly plan: SyncPlan;
  /** True where it waits for health. */
  readonly waits: boolean;
  readonly progress: SyncProgress;
  readonly startedAt: number;
  readonly stopping: boolean;
  /** Null while it runs. `problem`: it broke off without a result. */
  readonly end:
    | null
    | ({readonly at: number} & ({readonly result: SyncResult} | {readonly problem: Problem}));
}

/** A run that begins now. */
export function beginRun(call: Extract<Call, {name: 'sync'}>, isProtected: boolean, now: number): SyncRun {
  const {plan, wait: waits} = call;
  const steps: StepProgress[] = plan.steps.map(() => ({state: 'waiting', message: null, since: now}));
  return {
    environment: plan.environment,
    protected: isProtected,
    plan,
    waits,
    progress: {steps, health: new Map(), waiting: null, recorded: false},
    startedAt: now,
    stopping: false,
    end: null,
  };
}

/** The run after something was told of it. */
export function afterSyncEvent(run: SyncRun, event: SyncEvent, now: number): SyncRun {
  const {progress} = run;
  switch (event.type) {
    case 'step': {
      const {state, message, index} = event;
      if (index >= progress.steps.length) return run;
      return {
        ...run,
        progress: {...progress, steps: progress.steps.with(index, {state, message, since: now})},
      };
    }
    case 'health': {
      const key = identityKey(event.id);
      const health = new Map(progress.health);
      const since = progress.health.get(key)?.since ?? now;
      health.set(key, {health: event.health, message: event.message, since});
      return {...run, progress: {...progress, health}};
    }
    case 'waiting':
      return {...run, progress: {...progress, waiting: {healthy: event.healthy, total: event.total}}};
    case 'recorded':
      return {...run, progress: {...progress, recorded: true}};
  }
}

/** The run after it ended. What was asked for and never told of is not known: it is neither done nor left. */
export function endRun(run: SyncRun, end: {result: SyncResult} | {problem: Problem}, now: number): SyncRun {
  const steps = run.progress.steps.map(step =>
    step.state === 'running'
      ? {
          ...step,
          state: 'unknown' as const,
          message: 'no answer came: it may or may not have been done',
          since: now,
        }
      : step,
  );
  return {...run, progress: {...run.progress, steps}, end: {...end, at: now}};
}

/** How many steps are in which state; `total` are those that do something. */
export interface SyncCounts {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly unknown: number;
  readonly running: number;
  readonly waiting: number;
}

/** Counts the steps of a run, without those that are skipped. */
export function countSteps({plan, progress}: SyncRun): SyncCounts {
  const counts = {total: 0, done: 0, failed: 0, unknown: 0, running: 0, waiting: 0};
  for (const [index, step] of progress.steps.entries()) {
    if (plan.steps[index]?.action === 'skip') continue;
    counts.total++;
    counts[step.state]++;
  }
  return counts;
}

/** True where all of it was done, and what was waited for is healthy. */
export function isAllWell({end}: SyncRun): boolean {
  return (
    end !== null && 'result' in end && end.result.outcome === 'done' && end.result.unhealthy.length === 0
  );
}

/** What became of a run, in a sentence. */
export function endWords({end}: SyncRun): string {
  if (end === null) return '';
  return 'result' in end ? end.result.message : end.problem.message;
}
