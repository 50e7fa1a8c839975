import {RepositoryError} from '../error.ts';
import {checkFolder} from '../git.ts';
import type {Commit, Repository, RevertPlan} from '../types.ts';
import {type Base, findBase} from './base.ts';
import {graftTree, treeAt} from './graft.ts';
import {revertMessage, shortSha} from './message.ts';

/** What is to be brought back to where it was. */
export interface RevertWish {
  /** Name of the environment, for the message. */
  environment: string;
  /** Folder relative to the root, '' for all. */
  path: string;
  /** Local name of the branch that holds it. */
  branch: string;
  /** The commit to go back to: a SHA, or whatever git resolves to one. */
  target: string;
}

/** So many commits are named as undone at most. */
export const mostUndone = 1000;

/**
 * Plans one new commit that brings a folder back to what it was at a commit, files added since removed. Only objects are
 * written. Throws RepositoryError: an unknown commit, or one that did not have the folder.
 */
export async function planRestore(
  repository: Repository,
  wish: RevertWish,
  signal?: AbortSignal,
): Promise<RevertPlan> {
  const {git} = repository;
  const folder = checkFolder(wish.path);
  const base = await findBase(repository, wish.branch, signal);
  const target = await repository.commit(await repository.resolve(wish.target, signal), signal);
  const [wanted, tip] = await Promise.all([
    treeAt(git, target.sha, folder, signal),
    treeAt(git, base.sha, '', signal),
  ]);
  if (wanted === null || tip === null) {
    throw new RepositoryError('unknown-path', `${folder} did not exist at ${shortSha(target.sha)}`, {
      fix: 'choose a later commit: restoring this one would delete the whole folder',
    });
  }
  const [resultTree, undone] = await Promise.all([
    graftTree(git, tip, folder, wanted, signal),
    repository.log({from: base.sha, notReachableFrom: target.sha, path: folder, limit: mostUndone}, signal),
  ]);
  return finishPlan(
    repository,
    wish,
    {mode: 'restore', base, target, undone, resultTree, conflicts: []},
    signal,
  );
}

/** Adds to a result what the preview shows of it. */
export async function finishPlan(
  repository: Repository,
  wish: RevertWish,
  result: {
    mode: RevertPlan['mode'];
    base: Base;
    target: Commit;
    undone: readonly Commit[];
    resultTree: string;
    conflicts: RevertPlan['conflicts'];
  },
  signal: AbortSignal | undefined,
): Promise<RevertPlan> {
  const {mode, base, target, undone, resultTree, conflicts} = result;
  const path = checkFolder(wish.path);
  const [files, patch] = await Promise.all([
    repository.changes(base.sha, resultTree, '', signal),
    repository.diff(base.sha, resultTree, '', signal),
  ]);
  return {
    mode,
    path,
    target,
    undone,
    base: base.sha,
    baseRef: base.ref,
    branch: base.branch,
    remote: base.remote,
    warnings: base.warnings,
    files,
    patch,
    resultTree,
    message: revertMessage(mode, wish.environment, path, target, undone),
    conflicts,
  };
}
