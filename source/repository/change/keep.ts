import {gitFailure, RepositoryError} from '../error.ts';
import {checkObjectId, type Git} from '../git.ts';
import {checkBranchName, hasCommit, readRef} from '../refs.ts';
import type {ChangePlan, Repository} from '../types.ts';
import {treeAt} from './graft.ts';

/**
 * Keeps a commit on a local branch of this name, or of the next free one (`name-2`) where something else has it. Gives the
 * branch's name. Throws RepositoryError.
 */
export async function keepOnBranch(
  repository: Repository,
  name: string,
  sha: string,
  signal?: AbortSignal,
): Promise<string> {
  const {git} = repository;
  for (let attempt = 1; attempt < 100; attempt++) {
    const candidate = attempt === 1 ? name : `${name}-${attempt}`;
    const ref = `refs/heads/${await checkBranchName(git, candidate, signal)}`;
    const there = await readRef(git, ref, signal);
    if (there === sha) return candidate;
    if (there !== null) continue;
    await createRef(git, ref, sha, signal);
    return candidate;
  }
  throw new RepositoryError('git', `there are too many branches named ${name}`);
}

async function createRef(git: Git, ref: string, sha: string, signal: AbortSignal | undefined): Promise<void> {
  const nothing = '0'.repeat(sha.length);
  await git.text(['update-ref', '-m', 'gitops-tui: keep a commit', ref, checkObjectId(sha), nothing], {
    signal,
  });
}

/** Removes a branch that kept a commit, if it still points at it: once pushed, the commit is safe elsewhere. */
export async function forgetBranch(
  repository: Repository,
  name: string,
  sha: string,
  signal?: AbortSignal,
): Promise<void> {
  const {git} = repository;
  const ref = `refs/heads/${await checkBranchName(git, name, signal)}`;
  if ((await readRef(git, ref, signal)) !== sha || (await isCheckedOut(git, ref, signal))) return;
  await git.text(['update-ref', '-d', ref, checkObjectId(sha)], {signal});
}

/** True where two plans change files alike: the same paths from the same contents to the same contents. */
export async function changesAlike(
  repository: Repository,
  one: Pick<ChangePlan, 'base' | 'resultTree'>,
  other: Pick<ChangePlan, 'base' | 'resultTree'>,
  signal?: AbortSignal,
): Promise<boolean> {
  const raw = ({base, resultTree}: Pick<ChangePlan, 'base' | 'resultTree'>) =>
    repository.git.text(
      [
        'diff-tree',
        '-r',
        '-z',
        '--raw',
        '--no-renames',
        '--full-index',
        checkObjectId(base),
        checkObjectId(resultTree),
      ],
      {signal},
    );
  const [before, after] = await Promise.all([raw(one), raw(other)]);
  return before === after;
}

/** True where a commit that is here puts the plan's tree on the plan's base: an attempt whose push (or answer) was lost. */
export async function doesPlan(
  repository: Repository,
  sha: string,
  plan: Pick<ChangePlan, 'base' | 'resultTree' | 'mergeParent'>,
  signal?: AbortSignal,
): Promise<boolean> {
  const {git} = repository;
  if (!(await hasCommit(git, sha, {signal}))) return false;
  const [{parents}, tree] = await Promise.all([repository.commit(sha, signal), treeAt(git, sha, '', signal)]);
  const wanted = plan.mergeParent === undefined ? [plan.base] : [plan.base, plan.mergeParent];
  return tree === plan.resultTree && parents.join() === wanted.join();
}

/**
 * The commit on a branch of `keepOnBranch` that is the plan's and says this, and what a hook may have added below; null
 * where there is none.
 */
export async function keptCommit(
  repository: Repository,
  name: string,
  plan: Pick<ChangePlan, 'base' | 'resultTree' | 'mergeParent'>,
  message: string,
  signal?: AbortSignal,
): Promise<string | null> {
  const sha = await readRef(repository.git, `refs/heads/${name}`, signal);
  if (sha === null || !(await doesPlan(repository, sha, plan, signal))) return null;
  const {subject, body} = await repository.commit(sha, signal);
  return [subject, body].filter(Boolean).join('\n\n').startsWith(message.trimEnd()) ? sha : null;
}

/**
 * Moves a local branch from one commit to the next: null when done, else why it was left alone. A branch that is checked
 * out stays, for its checkout would look changed.
 */
export async function advanceBranch(
  repository: Repository,
  branch: string,
  from: string,
  to: string,
  signal?: AbortSignal,
): Promise<string | null> {
  const {git} = repository;
  const ref = `refs/heads/${await checkBranchName(git, branch, signal)}`;
  if (await isCheckedOut(git, ref, signal))
    return `${branch} is checked out, and your checkout is left alone`;
  const result = await git.result(
    ['update-ref', '-m', 'gitops-tui: advance', ref, checkObjectId(to), checkObjectId(from)],
    {signal, accept: [0, 1, 128]},
  );
  if (result.exitCode === 0) return null;
  if (/ but expected /.test(result.stderr)) return `${branch} has moved meanwhile`;
  const {message, fix} = gitFailure('git update-ref', result.stderr);
  return fix === undefined ? message : `${message}\n${fix}`;
}

async function isCheckedOut(git: Git, ref: string, signal: AbortSignal | undefined): Promise<boolean> {
  const output = await git.text(['worktree', 'list', '--porcelain', '-z'], {signal});
  // A record a worktree, ended by an empty line; a bare repository's HEAD checks nothing out.
  return output
    .split('\0\0')
    .some(record => record.split('\0').includes(`branch ${ref}`) && !record.split('\0').includes('bare'));
}
