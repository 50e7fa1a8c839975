import {gitFailure, gitWords, RepositoryError, signingFailure} from '../error.ts';
import {checkObjectId, type Git} from '../git.ts';
import {type CommitWish, commitWithHooks, findCommitHooks, type MadeCommit} from '../hooks.ts';
import {trustedPrograms} from '../trusted-programs.ts';
import type {ChangePlan, Repository} from '../types.ts';
import {treeAt} from './graft.ts';

/**
 * Writes the commit of a plan, as the user and signed where their configuration says so; with their hooks, where they have
 * any (and `hooks` isn't false), as `git commit` would. No ref points at it yet. Gives it with what the hooks left of tree and message. Throws
 * RepositoryError: conflicts, nothing to do, no identity, no signature, a hook that refused.
 */
export async function commitPlan(
  repository: Repository,
  plan: Pick<ChangePlan, 'base' | 'resultTree' | 'conflicts' | 'mergeParent'>,
  message: string,
  signal?: AbortSignal,
  options: {hooks?: boolean} = {},
): Promise<MadeCommit> {
  const {git} = repository;
  const {base, resultTree: tree, mergeParent} = plan;
  if (plan.conflicts.length > 0) {
    throw new RepositoryError('git', `${plan.conflicts.length} files are in conflict: nothing was committed`);
  }
  if (mergeParent === undefined && (await treeAt(git, base, '', signal)) === tree) {
    throw new RepositoryError('git', 'there is nothing to commit: the branch has this already');
  }
  await checkIdentity(git, signal);
  const hooks = options.hooks === false ? null : await findCommitHooks(git, signal);
  if (hooks !== null) return commitWithHooks(git, hooks, {base, tree, message, mergeParent}, {signal});
  return {sha: await commitTree(git, {base, tree, message, mergeParent}, signal), tree, message};
}

async function commitTree(git: Git, wish: CommitWish, signal: AbortSignal | undefined): Promise<string> {
  const {base, tree, message, mergeParent} = wish;
  const sign = await signsCommits(git, signal);
  const result = await git.result(
    [
      'commit-tree',
      ...(sign ? ['-S'] : []),
      checkObjectId(tree),
      '-p',
      checkObjectId(base),
      ...(mergeParent === undefined ? [] : ['-p', checkObjectId(mergeParent)]),
      '-F',
      '-',
    ],
    // What the repository's own configuration would have sign is not run.
    {input: message, signal, accept: [0, 1, 128], config: sign ? await trustedPrograms(git, signal) : []},
  );
  if (result.exitCode === 0) return checkObjectId(result.stdout.trim());
  const words = gitWords(result.stderr).replace(/^(fatal|error): /gm, '');
  if (!sign) throw gitFailure('git commit-tree', result.stderr);
  throw signingFailure(words);
}

/** Throws RepositoryError where git does not know whose name a commit or tag is to bear. */
export async function checkIdentity(git: Git, signal?: AbortSignal): Promise<void> {
  for (const who of ['GIT_AUTHOR_IDENT', 'GIT_COMMITTER_IDENT']) {
    const result = await git.result(['var', who], {signal, accept: [0, 1, 128]});
    if (result.exitCode === 0) continue;
    throw new RepositoryError(
      'no-identity',
      'git does not know who commits: user.name or user.email is not set',
      {
        fix: 'git config --global user.name "Your Name"; git config --global user.email you@example.com',
      },
    );
  }
}

/** commit-tree does not look at commit.gpgSign by itself. */
async function signsCommits(git: Git, signal: AbortSignal | undefined): Promise<boolean> {
  const result = await git.result(['config', '--type=bool', '--get', 'commit.gpgSign'], {
    signal,
    accept: [0, 1],
  });
  return result.stdout.trim() === 'true';
}
