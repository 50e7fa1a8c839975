import {checkObjectId, type Git, networkTimeoutMs} from '../git.ts';
import {hasCommit} from '../refs.ts';
import {checkRemote} from '../remotes.ts';
import {parseMergeTree} from '../revert/conflicts.ts';

/** What a merge would make: the tree, and the files that can't be merged. */
export interface Merged {
  tree: string;
  conflicts: readonly string[];
}

/** Merges two commits as a forge would, without a checkout: only objects are written. Throws RepositoryError. */
export async function mergedTree(
  git: Git,
  base: string,
  head: string,
  signal?: AbortSignal,
): Promise<Merged> {
  const args = ['merge-tree', '--write-tree', '-z', '--messages', checkObjectId(base), checkObjectId(head)];
  const result = await git.result(args, {signal, accept: [0, 1]});
  const {tree, stages} = parseMergeTree(result.stdout);
  return {tree, conflicts: result.exitCode === 0 ? [] : [...stages.keys()]};
}

/**
 * Brings a commit here that a remote has under a ref of its own (`refs/pull/7/head`): into no ref, FETCH_HEAD as it was. A
 * commit that is here is not asked for. False where the ref holds another commit by now. Throws RepositoryError.
 */
export async function bringCommit(
  git: Git,
  remote: string,
  ref: string,
  sha: string,
  signal?: AbortSignal,
): Promise<boolean> {
  if (await hasCommit(git, sha, {signal})) return true;
  const quiet = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance', '--refmap='];
  await git.text(['check-ref-format', ref], {signal});
  await git.text(['fetch', ...quiet, '--no-recurse-submodules', '--', checkRemote(remote), ref], {
    signal,
    timeoutMs: networkTimeoutMs,
    alone: true,
  });
  return hasCommit(git, sha, {signal});
}
