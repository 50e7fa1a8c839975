import {ClusterError} from '../../../cluster/types.ts';
import {formatIdentity, identityKey} from '../../../resources/identity.ts';
import type {Planned, PlannedStep} from '../apply/plan.ts';
import {fingerprint} from '../history/fingerprint.ts';
import {readLive} from '../live/live.ts';

/** Whether the cluster is still as the plan found it. */
export type Recheck =
  /** The steps with the objects as they are now: only their status moved. */
  {unmoved: true; steps: readonly PlannedStep[]} | {unmoved: false; moved: readonly string[]};

/**
 * Reads again what a plan would write. An object whose status alone moved counts as unmoved; one that can't be read
 * counts as moved, so that nothing is written blindly. Throws only when aborted.
 */
export async function recheck(planned: Planned, signal: AbortSignal): Promise<Recheck> {
  const work = planned.steps.filter(({step}) => step.action !== 'skip');
  const wanted = work.flatMap(({kind, step}) => (kind === undefined ? [] : [{kind, id: step.id}]));
  const {answers} = await readLive(planned.view.cluster, wanted, signal, () => {});
  const moved: string[] = [];
  const fresh = new Map<PlannedStep, PlannedStep>();
  for (const step of work) {
    // A kind that the plan itself defines has no objects yet.
    const answer = step.kind === undefined ? null : answers.get(identityKey(step.step.id));
    if (
      answer === undefined ||
      answer instanceof ClusterError ||
      fingerprint(answer) !== fingerprint(step.live)
    ) {
      moved.push(formatIdentity(step.step.id));
    } else {
      fresh.set(step, {...step, live: answer});
    }
  }
  if (moved.length > 0) return {unmoved: false, moved};
  return {unmoved: true, steps: planned.steps.map(step => fresh.get(step) ?? step)};
}
