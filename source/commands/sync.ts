import type {SyncPlan, SyncResult, SyncStep} from '../engines/types.ts';
import {formatIdentity} from '../resources/identity.ts';
import {formatProblem} from '../resources/problem.ts';
import {plain, plainLine} from '../text/plain.ts';
import {begin, chooseOne, print} from './common.ts';
import type {Flags} from './flags.ts';
import {short} from './text-report.ts';

/**
 * `gitops-tui sync ENVIRONMENT`: prints the plan; with --yes it also runs. Gives 0 when the cluster is as git says (or
 * would be, after the plan), 1 when the plan printed has something to do, 2 when none of what is left to do can be done, or
 * something failed.
 */
export async function run(words: string[], flags: Flags): Promise<number> {
  const {session, loaded, signal} = await begin(flags);
  try {
    const environment = chooseOne(loaded, words[0], 'sync');
    const plan = await session.planSync(environment.name, {prune: flags.prune, force: flags.force}, signal);
    await print(planText(plan));
    if (plan.blockers.length > 0) return 2;
    if (!flags.yes || flags.dryRun) {
      const status = planStatus(plan);
      if (status === 1 && !flags.dryRun) await print('Nothing was changed: --yes does it.\n');
      return status;
    }
    // The environment's name was typed in full on this very command line: that is the consent a protected one asks for.
    const result = await session.sync(
      plan,
      {typed: environment.name},
      signal,
      event => {
        if (event.type !== 'step' || event.state === 'running') return;
        const step = plan.steps[event.index];
        if (step === undefined) return;
        const message = event.message === null ? '' : `: ${plainLine(event.message)}`;
        const words = {done: 'done  ', failed: 'FAILED', unknown: 'UNKNOWN'}[event.state];
        process.stderr.write(`${words} ${stepText(step)}${message}\n`);
      },
      {waitSeconds: flags.timeout},
    );
    await print(resultText(result));
    return result.outcome === 'done' && result.unhealthy.length === 0 ? 0 : 2;
  } finally {
    session.close();
  }
}

/** The exit status of a plan that was only printed: 1 with work to do, 2 where it can't run or none of it can be done. */
export function planStatus({steps, blockers}: SyncPlan): 0 | 1 | 2 {
  if (blockers.length > 0) return 2;
  if (steps.some(step => step.action !== 'skip')) return 1;
  return steps.some(step => step.trouble !== null) ? 2 : 0;
}

function planText(plan: SyncPlan): string {
  const lines = [`Sync ${plan.environment} (context ${plan.context}) to git ${short(plan.revision || null)}`];
  for (const problem of plan.problems) lines.push(`  ${problem.severity}: ${formatProblem(problem)}`);
  for (const step of plan.steps) lines.push(`  ${stepText(step)}${stepRemark(step)}`);
  if (plan.steps.length === 0) lines.push('  nothing to do');
  for (const blocker of plan.blockers) lines.push(`  blocked: ${blocker}`);
  if (plan.prunable > 0 && !plan.options.prune) {
    lines.push(`  ${plan.prunable} more in the cluster that git no longer has: --prune deletes them`);
  }
  return `${lines.map(line => plain(line)).join('\n')}\n`;
}

function stepText(step: SyncStep): string {
  return `${step.action.padEnd(6)} ${formatIdentity(step.id)}`;
}

function stepRemark(step: SyncStep): string {
  const parts = [];
  if (step.action === 'apply') parts.push(`${step.fields} field${step.fields === 1 ? '' : 's'}`);
  if (step.reason !== null) parts.push(step.reason);
  for (const {field, manager} of step.conflicts) parts.push(`conflict: ${manager} owns ${field}`);
  return parts.length === 0 ? '' : `  (${parts.join('; ')})`;
}

function resultText(result: SyncResult): string {
  const lines = [result.message];
  for (const {id, message} of result.failed) lines.push(`  failed: ${formatIdentity(id)}: ${message}`);
  for (const {id, health, message} of result.unhealthy)
    lines.push(`  ${health}: ${formatIdentity(id)} ${message}`);
  return `${lines.map(line => plain(line)).join('\n')}\n`;
}
