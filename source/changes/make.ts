import type {Permit} from '../engines/permission.ts';
import {branchOf} from '../environments/branch.ts';
import {commitPlan} from '../repository/change/commit.ts';
import {
  advanceBranch,
  changesAlike,
  doesPlan,
  forgetBranch,
  keepOnBranch,
  keptCommit,
} from '../repository/change/keep.ts';
import {shortSha, withTrailers} from '../repository/change/message.ts';
import {RepositoryError} from '../repository/error.ts';
import {Resolutions} from '../repository/revert/resolutions.ts';
import type {Repository} from '../repository/types.ts';
import {sweepWorktrees} from '../repository/worktrees.ts';
import {planChange, withHookedTree} from './plan.ts';
import {type ChangeContext, checkPermit, environmentNamed, inWords, pushFailure} from './publish.ts';
import {publishForReview} from './publish-review.ts';
import type {ChangeOrder, ChangeOutcome, ChangePreview} from './types.ts';

/**
 * Commits a planned change and pushes it to its branch, or to a branch with a pull request. The user's checkout stays as
 * it is. A refusal is an outcome that says what to do; the commit then waits on a local branch. Throws when aborted.
 */
export async function makeChange(
  context: ChangeContext,
  preview: ChangePreview,
  order: ChangeOrder,
  permit: Permit,
  signal?: AbortSignal,
): Promise<ChangeOutcome> {
  checkPermit(permit, order.via, preview.request.environment);
  const {repository} = context;
  const {plan, pullRequestBranch} = preview;
  const failed = (message: string, retry: boolean, commit: string | null = null): ChangeOutcome => ({
    ok: false,
    commit,
    branch: order.via === 'push' ? plan.branch : pullRequestBranch,
    pullRequest: null,
    message,
    retry,
  });
  if (order.via === 'push' && preview.pushRefused !== null) return failed(preview.pushRefused, false);
  const message = withTrailers(`${order.title.trim()}\n\n${order.body.trim()}`.trim(), plan.trailers);
  const notes = await tidy(repository, signal);
  let made: {sha: string; tree: string};
  try {
    const kept = await keptCommit(repository, pullRequestBranch, plan, message, signal);
    made =
      kept === null
        ? await commitPlan(repository, plan, message, signal, {hooks: order.verify ?? true})
        : {sha: kept, tree: plan.resultTree};
    if (made.tree !== plan.resultTree) {
      const newPreview = await withHookedTree(context, preview, made.tree, signal);
      const told = "your own commit hooks changed the change's files: look at the plan that they leave";
      return {
        ...failed(told, false),
        newPreview,
        stillApproved: reachesAlike(preview, newPreview),
      };
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof RepositoryError)) throw error;
    return failed(inWords(error), ['no-identity', 'signing', 'hook', 'git'].includes(error.reason));
  }
  const change: Change = {context, preview, order, commit: made.sha, failed, signal};
  const remote = plan.remote ?? null;
  const outcome = await (remote === null
    ? keepHere(change)
    : order.via === 'push'
      ? pushStraight(change, remote)
      : pushAndOpen(change, remote));
  if (outcome.ok && preview.kind === 'revert') await new Resolutions().forget(preview.plan.resolved);
  return notes.length === 0 ? outcome : {...outcome, message: [outcome.message, ...notes].join('\n')};
}

/** True where a plan that was made again reaches the same environments, and may go out the same way. */
function reachesAlike(before: ChangePreview, after: ChangePreview): boolean {
  const told = ({alsoAffects, pushRefused}: ChangePreview) => JSON.stringify([alsoAffects, pushRefused]);
  return told(before) === told(after);
}

/** Removes what killed runs left; gives what has to be told of it. What fails here keeps no change from being made. */
async function tidy(repository: Repository, signal: AbortSignal | undefined): Promise<string[]> {
  try {
    const {kept, left} = await sweepWorktrees(repository.git, {signal});
    return [
      ...kept.map(branch => `A run that was killed had made a commit: it is on the local branch ${branch}.`),
      ...left.map(({path, why}) => `A worktree is left at ${path}: ${why}`),
    ];
  } catch (error) {
    signal?.throwIfAborted();
    return [`What killed runs left could not be looked for: ${inWords(error)}`];
  }
}

interface Change {
  context: ChangeContext;
  preview: ChangePreview;
  order: ChangeOrder;
  commit: string;
  failed: (message: string, retry: boolean, commit?: string | null) => ChangeOutcome;
  signal: AbortSignal | undefined;
}

/** Without a remote the commit goes to the local branch, or on one of its own where that would disturb a checkout. */
async function keepHere({context, preview, order, commit, failed, signal}: Change): Promise<ChangeOutcome> {
  const {repository} = context;
  const {plan, pullRequestBranch} = preview;
  const why =
    order.via === 'push'
      ? await advanceBranch(repository, plan.branch, plan.base, commit, signal)
      : 'there is no remote to open a pull request on';
  if (why === null) {
    const message = `${plan.branch} is now at ${shortSha(commit)}; there is no remote to push to`;
    return {ok: true, commit, branch: plan.branch, pullRequest: null, message, retry: false};
  }
  const branch = await keepOnBranch(repository, pullRequestBranch, commit, signal);
  const message = `${why}: the commit ${shortSha(commit)} is on the new branch ${branch}. To take it over: git merge ${branch}`;
  if (order.via === 'pull-request') return {...failed(message, false, commit), branch};
  return {ok: true, commit, branch, pullRequest: null, message, retry: false};
}

async function pushStraight(change: Change, remote: string): Promise<ChangeOutcome> {
  const {context, preview, commit, failed, signal} = change;
  const {repository} = context;
  const {plan} = preview;
  const result = await repository.push(remote, commit, plan.branch, signal);
  if (result.pushed) {
    await forgetBranch(repository, preview.pullRequestBranch, commit, signal);
    const message = `pushed ${shortSha(commit)} to ${remote}/${plan.branch}; your checkout is as it was: git pull brings the commit`;
    return {ok: true, commit, branch: plan.branch, pullRequest: null, message, retry: false};
  }
  if (result.reason === 'moved') {
    try {
      const newPreview = await planChange(context, preview.request, signal);
      // A remote that could not take the ref for another reason says the same: then there is nothing new to show.
      if (newPreview.plan.base === plan.base) return await keepAndTell(change, pushFailure(remote, result));
      const message = `${remote}/${plan.branch} has moved: the plan was made again on its new tip ${shortSha(newPreview.plan.base)}. Look at it and confirm again`;
      const stillApproved =
        reachesAlike(preview, newPreview) && (await changesAlike(repository, plan, newPreview.plan, signal));
      return {...failed(message, false), newPreview, stillApproved};
    } catch (error) {
      signal?.throwIfAborted();
      return keepAndTell(
        change,
        `${pushFailure(remote, result)}, and could not be planned again: ${inWords(error)}`,
      );
    }
  }
  return keepAndTell(change, pushFailure(remote, result), `git push ${remote} BRANCH:${plan.branch}`);
}

/** A commit that could not be pushed waits on a local branch, where the user finds it; at the least its name is told. */
async function keepAndTell(change: Change, why: string, byHand?: string): Promise<ChangeOutcome> {
  const {context, preview, commit, failed, signal} = change;
  let branch: string;
  try {
    branch = await keepOnBranch(context.repository, preview.pullRequestBranch, commit, signal);
  } catch (error) {
    signal?.throwIfAborted();
    const lost = `The commit ${commit} is made, but no branch could be: ${inWords(error)}`;
    const rescue = `To keep it: git branch ${preview.pullRequestBranch} ${commit}`;
    return failed([why, lost, rescue].join('\n'), true, commit);
  }
  const lines = [why, `Nothing is lost: the commit ${shortSha(commit)} is on the local branch ${branch}.`];
  if (byHand !== undefined) lines.push(`Try again, or push it by hand: ${byHand.replace('BRANCH', branch)}`);
  return {...failed(lines.join('\n'), true, commit), branch};
}

async function pushAndOpen(change: Change, remoteName: string): Promise<ChangeOutcome> {
  const {context, preview, order, signal} = change;
  const {repository} = context;
  const {plan} = preview;
  const localBranch = await branchOf(
    repository,
    environmentNamed(context, preview.request.environment),
    signal,
  );
  const remote = await repository.remote(localBranch, signal);
  if (remote?.name !== remoteName)
    return keepAndTell(change, `the branch no longer belongs to the remote ${remoteName}`);
  const published = await publishForReview(
    context,
    {
      remote,
      base: plan.branch,
      baseTip: plan.base,
      sha: change.commit,
      name: preview.pullRequestBranch,
      isOurs: tip => doesPlan(repository, tip, plan, signal),
      order,
    },
    signal,
  );
  if (!published.pushed) return keepAndTell(change, published.why, `git push ${published.remote} BRANCH`);
  await forgetBranch(repository, preview.pullRequestBranch, change.commit, signal);
  return published.outcome;
}
