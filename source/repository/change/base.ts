import {plainLine} from '../../text/plain.ts';
import {RepositoryError} from '../error.ts';
import {hasCommit, readRef} from '../refs.ts';
import {fetchBranch} from '../remotes.ts';
import type {Repository} from '../types.ts';

/** The tip that a new commit goes on, and where it is pushed to. */
export interface Base {
  /** Full SHA. */
  sha: string;
  /** As people name it: `origin/main`, or `main` where there is no remote. */
  ref: string;
  remote: string | null;
  /** The branch's name where the commit goes: on the remote, if there is one. */
  branch: string;
  warnings: readonly string[];
}

/**
 * The tip of a branch as its remote has it now; as last fetched, with a warning, where the remote can't be asked; the
 * local one where there is no remote or it lacks the branch. Throws RepositoryError where there is none at all.
 */
export async function findBase(repository: Repository, branch: string, signal?: AbortSignal): Promise<Base> {
  const upstream = await repository.upstreamOf(branch, signal);
  if (upstream === null) return localBase(repository, branch, null, [], signal);
  const {remote} = upstream;
  const ref = `${remote}/${upstream.branch}`;
  try {
    const tip = await repository.remoteTip(remote, upstream.branch, signal);
    if (tip === null) {
      const warning = `${remote} has no branch ${upstream.branch} yet: a push makes it, with all local commits`;
      return await localBase(repository, branch, remote, [warning], signal);
    }
    if (!(await hasCommit(repository.git, tip, {signal})))
      await fetchBranch(repository.git, remote, upstream.branch, signal);
    return {sha: await repository.resolve(tip, signal), ref, remote, branch: upstream.branch, warnings: []};
  } catch (error) {
    if (upstream.sha === null || !isOffline(error)) throw error;
    const warning = `${remote} could not be asked (${plainLine(error.message)}): this is ${ref} as last fetched`;
    return {sha: upstream.sha, ref, remote, branch: upstream.branch, warnings: [warning]};
  }
}

async function localBase(
  repository: Repository,
  branch: string,
  remote: string | null,
  warnings: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Base> {
  const sha = await readRef(repository.git, `refs/heads/${branch}`, signal);
  if (sha !== null) return {sha, ref: branch, remote, branch, warnings};
  throw new RepositoryError('unknown-revision', `there is no branch ${branch}`, {
    fix: 'name the branch of the environment in .gitops-tui.yaml, or check one out',
  });
}

function isOffline(error: unknown): error is RepositoryError {
  return (
    error instanceof RepositoryError && ['unreachable', 'unauthorized', 'timeout'].includes(error.reason)
  );
}
