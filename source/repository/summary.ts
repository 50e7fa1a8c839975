import path from 'node:path';
import type {Repository, RepositorySummary} from './types.ts';

/** What the header shows of a repository: its name, what is checked out, how far the upstream is. Throws RepositoryError. */
export async function summarise(repository: Repository, signal: AbortSignal): Promise<RepositorySummary> {
  const {sha, branch} = await repository.head(signal);
  const [remote, upstream] = await Promise.all([
    repository.remote(branch, signal),
    branch === null ? null : repository.upstreamOf(branch, signal),
  ]);
  const distance =
    sha === null || upstream === null || upstream.sha === null
      ? {ahead: null, behind: null}
      : await repository.aheadBehind(sha, upstream.sha, signal);
  return {
    name: path.basename(repository.root),
    path: repository.root,
    bare: repository.bare,
    branch,
    head: sha,
    remoteUrl: remote === null ? null : remote.url,
    ...distance,
  };
}
