import {branchOf, branchPart} from '../environments/branch.ts';
import {shortSha} from '../repository/change/message.ts';
import {planRestore} from '../repository/revert/restore.ts';
import {planRevertCommits} from '../repository/revert/revert-commits.ts';
import type {RevertPlan} from '../repository/types.ts';
import {lastKnownGood} from './baseline.ts';
import {type ChangeContext, environmentNamed} from './publish.ts';
import type {Planned, RevertRequest} from './types.ts';

/** Plans a revert. Throws RepositoryError. */
export async function planRevert(
  context: ChangeContext,
  request: RevertRequest,
  signal?: AbortSignal,
): Promise<Planned<RevertPlan>> {
  const {repository} = context;
  const environment = environmentNamed(context, request.environment);
  const branch = await branchOf(repository, environment, signal);
  const {mode, until, only = false, mainlines, resolved} = request;
  const {target, warnings} = await targetOf(context, request, signal);
  const wish = {environment: environment.name, path: environment.path, branch, target};
  const plan =
    mode === 'restore'
      ? await planRestore(repository, wish, signal)
      : await planRevertCommits(
          repository,
          {...wish, mode, until, mainlines, resolved, only: only ? target : undefined},
          signal,
        );
  const name = `gitops-tui/revert-${branchPart(environment.name)}-${shortSha(plan.target.sha)}`;
  return {
    plan: {...plan, warnings: [...warnings, ...(plan.warnings ?? [])]},
    // What is undone only up to a commit is another change, and must not take the other's branch.
    pullRequestBranch: plan.until === undefined ? name : `${name}-${shortSha(plan.until.sha)}`,
  };
}

/** The commit that was asked for, or the last known good one. */
async function targetOf(
  context: ChangeContext,
  {environment: name, target}: RevertRequest,
  signal: AbortSignal | undefined,
): Promise<{target: string; warnings: readonly string[]}> {
  if (target !== null) return {target, warnings: []};
  const environment = environmentNamed(context, name);
  const {baseline, warnings} = await lastKnownGood(context.repository, environment, signal);
  const {by, time, tag, isSigned} = baseline;
  const signed = isSigned ? '' : ', not signed';
  return {
    target: baseline.commit,
    warnings: [
      ...warnings,
      `marked as known good by ${by || 'nobody named'} on ${time.slice(0, 10)}${signed}: ${tag}`,
    ],
  };
}
