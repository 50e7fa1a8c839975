import type {Permit} from '../engines/permission.ts';
import {forgeAccess, openPullRequest} from '../forges/open-pull-request.ts';
import type {PullRequestResult} from '../forges/types.ts';
import {RepositoryError} from '../repository/error.ts';
import {commitPlan} from '../repository/revert/commit.ts';
import {advanceBranch, doesPlan, forgetBranch, keepOnBranch, keptCommit} from '../repository/revert/keep.ts';
import {shortSha, withTrailers} from '../repository/revert/message.ts';
import {planRestore} from '../repository/revert/restore.ts';
import {planRevertCommits} from '../repository/revert/revert-commits.ts';
import {affectedEnvironments} from './affected.ts';
import {branchOf, branchPart} from './branch.ts';
import type {RevertOutcome, RevertPreview, RevertRequest} from './change-types.ts';
import {
  type ChangeContext,
  checkPermit,
  environmentNamed,
  inWords,
  pushFailure,
  pushForPullRequest,
} from './publish.ts';

/** A request with what the dialog added: how it goes out, and its words. */
export type RevertOrder = RevertRequest & {
  via: 'push' | 'pull-request';
  title: string;
  body: string;
  draft: boolean;
};

/** Plans a revert, and tells whom else it reaches and whether it may be pushed straight. Throws RepositoryError. */
export async function planRevert(
  context: ChangeContext,
  request: RevertRequest,
  signal?: AbortSignal,
): Promise<RevertPreview> {
  const {repository, environments, sourceFiles} = context;
  const environment = environmentNamed(context, request.environment);
  const branch = await branchOf(repository, environment, signal);
  const wish = {environment: environment.name, path: environment.path, branch, target: request.target};
  const make = request.mode === 'restore' ? planRestore : planRevertCommits;
  const plan = await make(repository, wish, signal);
  const affected = await affectedEnvironments(
    environments,
    {environment: environment.name, branch, files: plan.files.map(file => file.path)},
    (await repository.head(signal)).branch,
    sourceFiles,
    signal,
  );
  const guarded = affected.filter(other => other.protected).map(other => other.name);
  const pushRefused = environment.protected
    ? `${environment.name} is protected: changes go through a pull request`
    : guarded.length > 0
      ? `it changes ${guarded.join(', ')} too, which is protected: changes go through a pull request`
      : null;
  return {
    plan,
    alsoAffects: affected.map(other => other.name),
    pullRequestBranch: `gitops-tui/revert-${branchPart(environment.name)}-${shortSha(plan.target.sha)}`,
    pushRefused,
  };
}

/**
 * Commits a planned revert and pushes it to its branch, or to a branch with a pull request. The user's checkout stays as
 * it is. A refusal is an outcome that says what to do; the commit then waits on a local branch. Throws when aborted.
 */
export async function revert(
  context: ChangeContext,
  preview: RevertPreview,
  order: RevertOrder,
  permit: Permit,
  signal?: AbortSignal,
): Promise<RevertOutcome> {
  checkPermit(permit, order.via === 'push' ? 'push' : 'pull-request', order.environment);
  const {repository} = context;
  const {plan, pullRequestBranch} = preview;
  const failed = (message: string, retry: boolean, commit: string | null = null): RevertOutcome => ({
    ok: false,
    commit,
    branch: order.via === 'push' ? plan.branch : pullRequestBranch,
    pullRequest: null,
    message,
    retry,
  });
  if (order.via === 'push' && preview.pushRefused !== null) return failed(preview.pushRefused, false);
  const message = withTrailers(`${order.title.trim()}\n\n${order.body.trim()}`.trim(), {
    environment: order.environment,
    target: plan.target.sha,
  });
  let commit: string;
  try {
    commit =
      (await keptCommit(repository, pullRequestBranch, plan, message, signal)) ??
      (await commitPlan(repository, plan, message, signal));
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof RepositoryError)) throw error;
    return failed(inWords(error), error.reason === 'no-identity' || error.reason === 'signing');
  }
  const change: Change = {context, preview, order, commit, failed, signal};
  const remote = plan.remote ?? null;
  if (remote === null) return keepHere(change);
  return order.via === 'push' ? pushStraight(change, remote) : pushAndOpen(change, remote);
}

interface Change {
  context: ChangeContext;
  preview: RevertPreview;
  order: RevertOrder;
  commit: string;
  failed: (message: string, retry: boolean, commit?: string | null) => RevertOutcome;
  signal: AbortSignal | undefined;
}

/** Without a remote the commit goes to the local branch, or on one of its own where that would disturb a checkout. */
async function keepHere({context, preview, order, commit, failed, signal}: Change): Promise<RevertOutcome> {
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

async function pushStraight(change: Change, remote: string): Promise<RevertOutcome> {
  const {context, preview, order, commit, failed, signal} = change;
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
      const newPreview = await planRevert(context, {...order, target: plan.target.sha}, signal);
      // A remote that could not take the ref for another reason says the same: then there is nothing new to show.
      if (newPreview.plan.base === plan.base) return await keepAndTell(change, pushFailure(remote, result));
      const message = `${remote}/${plan.branch} has moved: the plan was made again on its new tip ${shortSha(newPreview.plan.base)}. Look at it and confirm again`;
      return {...failed(message, false), newPreview};
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

/** A commit that could not be pushed waits on a local branch, where the user finds it. */
async function keepAndTell(change: Change, why: string, byHand?: string): Promise<RevertOutcome> {
  const {context, preview, commit, failed, signal} = change;
  const branch = await keepOnBranch(context.repository, preview.pullRequestBranch, commit, signal);
  const lines = [why, `Nothing is lost: the commit ${shortSha(commit)} is on the local branch ${branch}.`];
  if (byHand !== undefined) lines.push(`Try again, or push it by hand: ${byHand.replace('BRANCH', branch)}`);
  return {...failed(lines.join('\n'), true, commit), branch};
}

async function pushAndOpen(change: Change, remoteName: string): Promise<RevertOutcome> {
  const {context, preview, order, signal} = change;
  const {repository} = context;
  const {plan} = preview;
  const {branch, sha, result} = await pushForPullRequest(
    repository,
    remoteName,
    change.commit,
    preview.pullRequestBranch,
    tip => doesPlan(repository, tip, plan, signal),
    signal,
  );
  if (!result.pushed)
    return keepAndTell(change, pushFailure(remoteName, result), `git push ${remoteName} BRANCH`);
  await forgetBranch(repository, preview.pullRequestBranch, change.commit, signal);
  return openFor(context, {
    branch,
    base: plan.branch,
    commit: sha,
    localBranch: await branchOf(repository, environmentNamed(context, order.environment), signal),
    title: order.title,
    body: order.body,
    draft: order.draft,
    signal,
  });
}

/** Opens the pull request of a branch that was pushed; without a token the outcome names the page to open. */
export async function openFor(
  context: ChangeContext,
  wish: {
    branch: string;
    base: string;
    commit: string;
    /** Branch whose remote it is. */
    localBranch: string | null;
    title: string;
    body: string;
    draft: boolean;
    signal: AbortSignal | undefined;
  },
): Promise<RevertOutcome> {
  const {repository, forge = {}} = context;
  const {branch, base, commit, title, body, draft, signal} = wish;
  const remote = await repository.remote(wish.localBranch, signal);
  const options = {cwd: repository.root, ...forge, signal};
  const access = await forgeAccess(remote?.url ?? '', options);
  const pullRequest = await openPullRequest(access, {base, branch, title, body, draft}, options);
  const pushed = `pushed ${shortSha(commit)} to the branch ${branch}`;
  const message = `${pushed}; ${pullRequestWords(pullRequest)}`;
  // The branch is there and a person can go on: only what a token was to do and could not is a failure.
  const ok = pullRequest.opened || access.token === null;
  return {ok, commit, branch, pullRequest, message, retry: !ok};
}

function pullRequestWords(result: PullRequestResult): string {
  if (result.opened) {
    const {updated, number, url, notes = []} = result;
    const what = updated ? `brought pull request #${number} up to date` : `opened pull request #${number}`;
    return [`${what}: ${url}`, ...notes].join('\n');
  }
  return result.compareUrl === null ? result.reason : `${result.reason}\nOpen it at ${result.compareUrl}`;
}
