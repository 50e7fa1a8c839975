import {checkObjectId} from '../git.ts';
import {conflictHunks, parseMergeTree} from '../revert/conflicts.ts';
import type {ChangePlan, Repository} from '../types.ts';
import {findBase} from './base.ts';
import {finishPlan} from './finish.ts';

/** What is merged where. */
export interface MergeWish {
  /** The folder that it is about, '' for all. */
  path: string;
  /** Local name of the branch that it goes to. */
  branch: string;
  /** The commit that is merged: a full SHA. */
  source: string;
  /** The message's subject and text, without trailers. */
  words: string;
  trailers: readonly string[];
  warnings?: readonly string[];
}

/**
 * Plans a merge of a commit into a branch's tip, as `git merge --no-ff` makes it; files in conflict are shown, and nothing
 * can be committed then. What the tip has already is no merge: the plan then is one of nothing. Only objects are written.
 * Throws RepositoryError.
 */
export async function planMerge(
  repository: Repository,
  wish: MergeWish,
  signal?: AbortSignal,
): Promise<ChangePlan> {
  const {git} = repository;
  const base = await findBase(repository, wish.branch, signal);
  const source = checkObjectId(wish.source);
  if (await repository.isAncestor(source, base.sha, signal)) {
    const resultTree = checkObjectId((await git.text(['rev-parse', `${base.sha}^{tree}`], {signal})).trim());
    return finishPlan(repository, base, {...wish, resultTree}, signal);
  }
  const result = await git.result(['merge-tree', '--write-tree', '-z', '--messages', base.sha, source], {
    signal,
    accept: [0, 1],
  });
  const {tree, stages, messages} = parseMergeTree(result.stdout);
  const conflicts: {path: string; hunks: string}[] = [];
  for (const path of result.exitCode === 0 ? [] : stages.keys()) {
    const hunks = await conflictHunks(git, tree, path, signal);
    const said = messages.filter(({paths}) => paths.includes(path)).map(({text}) => text);
    conflicts.push({path, hunks: hunks === '' ? said.join('\n') || 'it could not be merged' : hunks});
  }
  return finishPlan(repository, base, {...wish, resultTree: tree, conflicts, mergeParent: source}, signal);
}
