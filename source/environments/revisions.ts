import type {LiveMatch} from '../drift/types.ts';
import type {Deployment} from '../engines/types.ts';
import {isObjectId} from '../repository/git.ts';
import type {Repository} from '../repository/types.ts';
import type {Revision, RevisionPage} from './change-types.ts';

/**
 * A page of the commits that touch an environment's folder, newest first, with what was deployed of them. `tip` is the
 * commit that git's side is read at; `deployments` are newest first, the first being what is live; where there is none,
 * `match` is what live was found to be nearest to. Throws RepositoryError.
 */
export async function revisionPage(
  repository: Repository,
  environment: {path: string},
  tip: string,
  deployments: readonly Deployment[],
  page: {skip: number; limit: number},
  signal?: AbortSignal,
  match?: LiveMatch,
): Promise<RevisionPage> {
  const {path} = environment;
  const deployed = deployments.map(({revision}) => revision);
  const found = deployed.length === 0 ? match : undefined;
  const exact = deployed[0] ?? (found?.differences === 0 ? found.revision : undefined);
  const [commits, deployedAs, pending] = await Promise.all([
    repository.log({from: tip, path, skip: page.skip, limit: page.limit + 1}, signal),
    rowsOf(repository, path, [...deployed, ...(found === undefined ? [] : [found.revision])], signal),
    pendingCommits(repository, path, tip, exact, signal),
  ]);
  const live = exact === undefined ? undefined : deployedAs.get(exact);
  const near = found === undefined || found.differences === 0 ? undefined : deployedAs.get(found.revision);
  const stateOf = (sha: string): Revision['state'] => {
    if (near !== undefined && sha === near) return 'nearest';
    if (pending === null || live === undefined) return 'unknown';
    if (sha === live) return 'live';
    return pending.has(sha) ? 'pending' : 'older';
  };
  return {
    revisions: commits.slice(0, page.limit).map(commit => ({
      ...commit,
      state: stateOf(commit.sha),
      deployments: deployments.filter(deployment => deployedAs.get(deployment.revision) === commit.sha),
    })),
    more: commits.length > page.limit,
  };
}

/**
 * For each of these revisions the last commit to the folder that it holds: what is deployed is often a commit that changed
 * something else. Revisions that this repository does not have (or that are no commits) are left out.
 */
async function rowsOf(
  repository: Repository,
  path: string,
  all: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Map<string, string>> {
  const rows = new Map<string, string>();
  const revisions = [...new Set(all)];
  await Promise.all(
    revisions.map(async revision => {
      if (!(await isHere(repository, revision, signal))) return;
      const [row] = await repository.log({from: revision, path, limit: 1}, signal);
      if (row !== undefined) rows.set(revision, row.sha);
    }),
  );
  return rows;
}

/** Commits to the folder that the live revision lacks; null where the live revision is not known here. */
async function pendingCommits(
  repository: Repository,
  path: string,
  tip: string,
  live: string | undefined,
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<string> | null> {
  if (live === undefined || !(await isHere(repository, live, signal))) return null;
  const commits = await repository.log({from: tip, notReachableFrom: live, path, limit: 10_000}, signal);
  return new Set(commits.map(commit => commit.sha));
}

async function isHere(
  repository: Repository,
  sha: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (!isObjectId(sha)) return false;
  const result = await repository.git.result(['cat-file', '-e', `${sha}^{commit}`], {
    signal,
    accept: [0, 1, 128],
  });
  return result.exitCode === 0;
}
