import {mergeSubject, type Permit} from '../engines/permission.ts';
import type {Environment} from '../environments/types.ts';
import type {Forge, MergeResult, PullRequest, PullRequestChanges, Written} from '../forges/types.ts';
import {type ForgeContext, touchedBy} from './open-pull-requests.ts';
import {checkPermit} from './publish.ts';
import type {PullRequestMerge} from './pull-request-types.ts';

/** A pull request as it is now, with the environments that a merge of it would change: what consent is to be given to. */
export async function mergeable(
  context: ForgeContext,
  forge: Forge,
  number: number,
  signal?: AbortSignal,
): Promise<{request: PullRequest; touched: Environment[]}> {
  const {pullRequest} = await forge.state(number, signal);
  return {request: pullRequest, touched: await touchedBy(context, forge, pullRequest, signal)};
}

/** Merges exactly the head that was looked at, with the permit for all that it touches. Throws ForgeError. */
export async function mergePullRequest(
  forge: Forge,
  {number, head, method, deleteBranch}: PullRequestMerge,
  touched: readonly Environment[],
  permit: Permit,
  signal?: AbortSignal,
): Promise<MergeResult> {
  checkPermit(permit, 'merge', mergeSubject(number, touched).name);
  return forge.merge(number, {head, method, deleteBranch}, signal);
}

/** Changes a pull request's texts, draft mark, labels or reviewers: nothing of git, so a yes to its number permits it. */
export async function updatePullRequest(
  forge: Forge,
  number: number,
  changes: PullRequestChanges,
  permit: Permit,
  signal?: AbortSignal,
): Promise<Written> {
  checkPermit(permit, 'pull-request', mergeSubject(number, []).name);
  return forge.update(number, changes, signal);
}
