import {ForgeError} from '../forges/error.ts';
import type {ForgeKind, PullRequest} from '../forges/types.ts';
import {bringCommit, mergedTree} from '../repository/change/merged.ts';
import {hasCommit} from '../repository/refs.ts';
import {fetchBranch} from '../repository/remotes.ts';
import type {FileChange, Remote, Repository} from '../repository/types.ts';

/** What a pull request makes of its base: the tree that a merge would give, and how it differs. */
export interface PullRequestChange {
  /** The base's tip as it is now: a full SHA. */
  base: string;
  head: string;
  /** The tree of the merge; with conflicts it holds their marks and is nobody's state. */
  tree: string;
  conflicts: readonly string[];
  files: readonly FileChange[];
  patch: string;
}

/**
 * The ref under which a forge keeps a pull request's head, a fork's too. Bitbucket Cloud and Azure DevOps keep none: there the
 * branch itself is asked for, which a fork's is not.
 */
function headRef(forge: ForgeKind, {number, branch, fork}: PullRequest): string | null {
  switch (forge) {
    case 'github':
    case 'gitea':
      return `refs/pull/${number}/head`;
    case 'gitlab':
      return `refs/merge-requests/${number}/head`;
    case 'bitbucket-data-center':
      return `refs/pull-requests/${number}/from`;
    default:
      return fork === null ? `refs/heads/${branch}` : null;
  }
}

/**
 * Brings a pull request's head here and merges it onto its base, without a checkout or a ref. Throws ForgeError `moved` where
 * it has other commits by now, and RepositoryError.
 */
export async function pullRequestChange(
  repository: Repository,
  remote: Remote,
  forge: ForgeKind,
  request: PullRequest,
  signal?: AbortSignal,
): Promise<PullRequestChange> {
  const ref = headRef(forge, request);
  if (ref === null)
    throw new ForgeError('refused', `the commits of ${request.fork} can't be had from ${remote.name}`);
  const {git} = repository;
  const [base, isHere] = await Promise.all([
    repository.remoteTip(remote.name, request.base, signal),
    bringCommit(git, remote.name, ref, request.head, signal),
  ]);
  if (!isHere) throw new ForgeError('moved', `#${request.number} has other commits by now: look at it again`);
  if (base === null)
    throw new ForgeError('not-found', `${remote.name} has no branch ${request.base} any more`);
  if (!(await hasCommit(git, base, {signal}))) await fetchBranch(git, remote.name, request.base, signal);
  const {tree, conflicts} = await mergedTree(git, base, request.head, signal);
  // With conflicts the merge is nobody's: what the branch itself changes is shown.
  const fork = conflicts.length === 0 ? null : await repository.mergeBase(base, request.head, signal);
  const [from, to] = fork === null ? [base, tree] : [fork, request.head];
  const [files, patch] = await Promise.all([
    repository.changes(from, to, '', signal),
    repository.diff(from, to, '', signal),
  ]);
  return {base, head: request.head, tree, conflicts, files, patch};
}
