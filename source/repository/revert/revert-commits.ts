import {findBase} from '../change/base.ts';
import {graftTree, treeAt} from '../change/graft.ts';
import {shortSha} from '../change/message.ts';
import {RepositoryError} from '../error.ts';
import {checkFolder, checkObjectId, type Git} from '../git.ts';
import type {Commit, MergeStep, Repository, RevertPlan} from '../types.ts';
import {type MergedTree, parseMergeTree, type Resolved, settleConflicts} from './conflicts.ts';
import {Resolutions} from './resolutions.ts';
import {finishRevert, mostUndone, type RevertWish} from './restore.ts';
import {type Mainline, type Step, stepsToUndo} from './steps.ts';

/** Which commits are undone, and how. */
export interface UndoWish extends RevertWish {
  /** `environment-only` undoes what they changed inside the folder, `revert-commits` all that they changed. */
  mode: 'revert-commits' | 'environment-only';
  /** The newest commit that is undone: later ones stay. Default: all after the target. */
  until?: string | undefined;
  /** Only this commit is undone, and `target` is not looked at. */
  only?: string | undefined;
  mainlines?: readonly Mainline[] | undefined;
  /** Conflicts (by ID) for which what the user wrote is to be used. */
  resolved?: readonly string[] | undefined;
  resolutions?: Resolutions | undefined;
}

/**
 * Plans one new commit that undoes the commits to a folder after a commit, newest first, each as `git revert` would (a
 * merge against the branch's own side). Those whose change is gone already are skipped; at the first commit with conflicts
 * that nobody has resolved it stops and shows them. Only objects are written. Throws RepositoryError.
 */
export async function planRevertCommits(
  repository: Repository,
  wish: UndoWish,
  signal?: AbortSignal,
): Promise<RevertPlan> {
  const {git} = repository;
  const folder = checkFolder(wish.path);
  const base = await findBase(repository, wish.branch, signal);
  const {target, until} = await rangeOf(repository, wish, signal);
  const within = wish.mode === 'environment-only' ? folder : '';
  if (within !== '' && (await treeAt(git, target.sha, within, signal)) === null) {
    throw new RepositoryError('unknown-path', `${within} did not exist at ${shortSha(target.sha)}`, {
      fix: 'choose a later commit: undoing all after this one would delete the whole folder',
    });
  }
  const {steps, merges} = await stepsToUndo(
    repository,
    {
      base: base.sha,
      baseRef: base.ref,
      branch: base.branch,
      target,
      until: until?.sha ?? null,
      mainlines: wish.mainlines ?? [],
      folder,
    },
    signal,
  );
  if (steps.length > mostUndone) {
    throw new RepositoryError('git', `${steps.length} commits are too many to undo one by one`, {
      fix: 'restore the folder as of that commit instead: that is one step',
    });
  }
  const resolved = {ids: wish.resolved ?? [], store: wish.resolutions ?? new Resolutions()};
  const result = await undo(repository, steps, within, base.sha, resolved, signal);
  return finishRevert(
    repository,
    wish,
    {
      mode: wish.mode,
      base,
      target,
      ...(until === null ? {} : {until}),
      merges,
      ...result,
      warnings: foreignWarnings(merges, base.branch),
    },
    signal,
  );
}

/** The commit that is gone back to, and the newest that is undone where later ones stay. */
async function rangeOf(
  repository: Repository,
  {target, until, only, mainlines = []}: UndoWish,
  signal: AbortSignal | undefined,
): Promise<{target: Commit; until: Commit | null}> {
  const named = async (ref: string) => repository.commit(await repository.resolve(ref, signal), signal);
  if (only === undefined)
    return {target: await named(target), until: until === undefined ? null : await named(until)};
  const commit = await named(only);
  const wanted = mainlines.findLast(({merge}) => merge === null || commit.sha.startsWith(merge))?.parent ?? 1;
  const parent = commit.parents[wanted - 1] ?? commit.parents[0];
  if (parent === undefined)
    throw new RepositoryError(
      'unknown-revision',
      `${shortSha(commit.sha)} is the first commit: it can't be undone`,
    );
  return {target: await repository.commit(parent, signal), until: commit};
}

function foreignWarnings(merges: readonly MergeStep[], branch: string): string[] {
  return merges
    .filter(({isForeign}) => isForeign)
    .map(
      ({sha, mainline}) =>
        `the merge ${shortSha(sha)} brought ${branch} into other work: its first parent isn't ${branch}'s own side. It is undone to parent ${mainline}`,
    );
}

type Undone = Pick<RevertPlan, 'undone' | 'resultTree' | 'conflicts' | 'resolved'>;

/** Undoes steps one after the other; `within` is the folder to which it is limited, '' for none. */
async function undo(
  repository: Repository,
  steps: readonly Step[],
  within: string,
  base: string,
  resolved: Resolved,
  signal: AbortSignal | undefined,
): Promise<Undone> {
  const {git} = repository;
  let tip = base;
  let tree = checkObjectId((await treeAt(git, base, '', signal)) ?? '');
  const undone: Commit[] = [];
  const used: string[] = [];
  for (const step of steps) {
    const commit = await repository.commit(step.sha, signal);
    const merged = await undoOne(git, tip, step, within, signal);
    const words = `${shortSha(commit.sha)} ${commit.subject}`;
    const settled = await settleConflicts(git, merged, words, resolved, signal);
    used.push(...settled.used);
    if (settled.conflicts.length > 0)
      return {
        undone: [...undone, commit],
        resultTree: settled.tree,
        conflicts: settled.conflicts,
        resolved: used,
      };
    if (settled.tree === tree) continue;
    undone.push(commit);
    tree = settled.tree;
    tip = await syntheticCommit(git, tree, tip, signal);
  }
  return {undone, resultTree: tree, conflicts: [], resolved: used};
}

/** A merge that undoes one commit on a tip: between them stands a commit that goes back to the commit's parent. */
async function undoOne(
  git: Git,
  tip: string,
  {sha, parent}: Step,
  within: string,
  signal: AbortSignal | undefined,
): Promise<MergedTree> {
  const before =
    within === ''
      ? await treeAt(git, parent, '', signal)
      : await graftTree(
          git,
          checkObjectId((await treeAt(git, sha, '', signal)) ?? ''),
          within,
          (await treeAt(git, parent, within, signal)) ??
            (await git.text(['mktree', '-z'], {input: '', signal})).trim(),
          signal,
        );
  const undo = await syntheticCommit(git, checkObjectId(before ?? ''), sha, signal);
  const result = await git.result(['merge-tree', '--write-tree', '-z', '--messages', tip, undo], {
    signal,
    accept: [0, 1],
  });
  const merged = parseMergeTree(result.stdout);
  return result.exitCode === 0 ? {...merged, stages: new Map()} : merged;
}

/** A commit that nobody sees: only a merge's input. It needs no identity of the user's, and always has the same ID. */
async function syntheticCommit(
  git: Git,
  tree: string,
  parent: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const nobody = {
    GIT_AUTHOR_NAME: 'gitops-tui',
    GIT_AUTHOR_EMAIL: 'gitops-tui@localhost',
    GIT_AUTHOR_DATE: '@0 +0000',
    GIT_COMMITTER_NAME: 'gitops-tui',
    GIT_COMMITTER_EMAIL: 'gitops-tui@localhost',
    GIT_COMMITTER_DATE: '@0 +0000',
  };
  const output = await git.text(['commit-tree', tree, '-p', parent, '-F', '-'], {
    input: 'undo\n',
    env: nobody,
    signal,
  });
  return checkObjectId(output.trim());
}
