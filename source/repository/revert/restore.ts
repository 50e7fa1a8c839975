import {type Base, findBase} from '../change/base.ts';
import {finishPlan} from '../change/finish.ts';
import {graftTree, treeAt} from '../change/graft.ts';
import {environmentTrailer, shortSha} from '../change/message.ts';
import {RepositoryError} from '../error.ts';
import {checkFolder} from '../git.ts';
import type {Repository, RevertPlan} from '../types.ts';
import {revertMessage} from './message.ts';

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
  return finishRevert(
    repository,
    wish,
    {mode: 'restore', base, target, undone, resultTree, conflicts: [], merges: [], resolved: []},
    signal,
  );
}

/** A plan for a result, with what the preview shows of it. */
export async function finishRevert(
  repository: Repository,
  wish: RevertWish,
  result: Pick<
    RevertPlan,
    'mode' | 'target' | 'until' | 'undone' | 'merges' | 'resolved' | 'resultTree' | 'conflicts' | 'warnings'
  > & {base: Base},
  signal: AbortSignal | undefined,
): Promise<RevertPlan> {
  const {mode, base, target, until, undone, merges, resolved, resultTree, conflicts, warnings = []} = result;
  const path = checkFolder(wish.path);
  const words = revertMessage({mode, environment: wish.environment, path, target, until, undone});
  const trailers = [
    // Where later commits stay, the folder is not what it was at any commit.
    ...(until === undefined ? [`Reverts-To: ${target.sha}`] : [`Reverts: ${target.sha}..${until.sha}`]),
    environmentTrailer(wish.environment),
  ];
  const plan = await finishPlan(
    repository,
    base,
    {path, resultTree, words, trailers, conflicts, warnings},
    signal,
  );
  return {...plan, mode, target, ...(until === undefined ? {} : {until}), undone, merges, resolved};
}
