import {gitWords, RepositoryError} from '../error.ts';
import {checkObjectId, type Git} from '../git.ts';
import {trustedPrograms} from '../trusted-programs.ts';
import type {ChangePlan, Repository} from '../types.ts';
import {treeAt} from './graft.ts';

/**
 * Writes the commit of a plan, as the user and signed where their configuration says so. No ref points at it yet. Gives
 * its SHA. Throws RepositoryError: conflicts, nothing to do, no identity, no signature.
 */
export async function commitPlan(
  repository: Repository,
  plan: Pick<ChangePlan, 'base' | 'resultTree' | 'conflicts' | 'mergeParent'>,
  message: string,
  signal?: AbortSignal,
): Promise<string> {
  const {git} = repository;
  if (plan.conflicts.length > 0) {
    throw new RepositoryError('git', `${plan.conflicts.length} files are in conflict: nothing was committed`);
  }
  if (plan.mergeParent === undefined && (await treeAt(git, plan.base, '', signal)) === plan.resultTree) {
    throw new RepositoryError('git', 'there is nothing to commit: the branch has this already');
  }
  await checkIdentity(git, signal);
  const sign = await signsCommits(git, signal);
  const result = await git.result(
    [
      'commit-tree',
      ...(sign ? ['-S'] : []),
      checkObjectId(plan.resultTree),
      '-p',
      checkObjectId(plan.base),
      ...(plan.mergeParent === undefined ? [] : ['-p', checkObjectId(plan.mergeParent)]),
      '-F',
      '-',
    ],
    // What the repository's own configuration would have sign is not run.
    {input: message, signal, accept: [0, 1, 128], config: sign ? await trustedPrograms(git, signal) : []},
  );
  if (result.exitCode === 0) return checkObjectId(result.stdout.trim());
  const words = gitWords(result.stderr).replace(/^(fatal|error): /gm, '');
  if (!sign) throw new RepositoryError('git', `git commit-tree failed: ${words}`);
  throw new RepositoryError('signing', `the commit could not be signed: ${words}`, {
    fix: 'unlock the key in its agent: "git commit -S" in a shell asks for its passphrase',
  });
}

async function checkIdentity(git: Git, signal: AbortSignal | undefined): Promise<void> {
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
