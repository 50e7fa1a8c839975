import {shortSha} from '../repository/change/message.ts';
import {planRestore} from '../repository/revert/restore.ts';
import {planRevertCommits} from '../repository/revert/revert-commits.ts';
import type {RevertPlan} from '../repository/types.ts';
import {branchOf, branchPart} from './branch.ts';
import type {Planned, RevertRequest} from './change-types.ts';
import {type ChangeContext, environmentNamed} from './publish.ts';

/** Plans a revert. Throws RepositoryError. */
export async function planRevert(
  context: ChangeContext,
  request: RevertRequest,
  signal?: AbortSignal,
): Promise<Planned<RevertPlan>> {
  const {repository} = context;
  const environment = environmentNamed(context, request.environment);
  const branch = await branchOf(repository, environment, signal);
  const wish = {environment: environment.name, path: environment.path, branch, target: request.target};
  const make = request.mode === 'restore' ? planRestore : planRevertCommits;
  const plan = await make(repository, wish, signal);
  return {
    plan,
    pullRequestBranch: `gitops-tui/revert-${branchPart(environment.name)}-${shortSha(plan.target.sha)}`,
  };
}
