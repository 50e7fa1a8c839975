import type {Permit} from '../engines/permission.ts';
import {branchPart} from '../environments/branch.ts';
import {shortSha} from '../repository/change/message.ts';
import {RepositoryError} from '../repository/error.ts';
import {hasCommit, readRef} from '../repository/refs.ts';
import {fetchBranch} from '../repository/remotes.ts';
import type {Commit, Remote, Repository} from '../repository/types.ts';
import {plainLine} from '../text/plain.ts';
import {type ChangeContext, checkPermit, environmentNamed} from './publish.ts';
import {publishForReview} from './publish-review.ts';
import {routeWords, wayOf} from './route.ts';
import {templateFor, withTemplate} from './template.ts';
import type {ChangeOrder, ChangeOutcome, PullRequestPreview} from './types.ts';

/** So many commits are shown of a pull request at most. */
const mostCommits = 250;

/**
 * What a pull request of the checked-out commits that the remote's branch lacks would hold. `nothing` says why there is
 * none to open: no remote, no such commit, none to the environment. Throws RepositoryError.
 */
export async function planPullRequest(
  context: ChangeContext,
  environmentName: string,
  signal?: AbortSignal,
): Promise<PullRequestPreview> {
  const {repository} = context;
  const environment = environmentNamed(context, environmentName);
  const head = await repository.head(signal);
  const remote = await repository.remote(head.branch, signal);
  const empty: PullRequestPreview = {
    environment: environment.name,
    base: environment.branch ?? head.branch ?? '',
    baseTip: '',
    branch: '',
    head: head.sha ?? '',
    commits: [],
    files: [],
    patch: '',
    title: '',
    body: '',
    nothing: null,
    hasToken: false,
    warnings: [],
  };
  if (head.sha === null) return {...empty, nothing: 'the repository has no commit yet'};
  if (remote === null) return {...empty, nothing: 'there is no remote: git remote add origin URL'};
  const found = await context.forges.of(remote.url, signal);
  const hasToken = found.token !== null;

  const bases = await possibleBases(repository, environment.branch, head.branch, remote, signal);
  const tried: string[] = [];
  for (const base of bases) {
    const tip = await baseTip(repository, remote.name, base, signal);
    if (tip === null) continue;
    tried.push(`${remote.name}/${base}`);
    const after = {from: head.sha, notReachableFrom: tip, limit: mostCommits};
    const touching = await repository.log({...after, path: environment.path, limit: 1}, signal);
    if (touching.length === 0) continue;
    const commits = await repository.log({...after, path: ''}, signal);
    const fork = (await repository.mergeBase(tip, head.sha, signal)) ?? tip;
    const [files, patch] = await Promise.all([
      repository.changes(fork, head.sha, '', signal),
      repository.diff(fork, head.sha, '', signal),
    ]);
    const branch = `gitops-tui/${branchPart(environment.name)}-${shortSha(head.sha)}`;
    const way = await wayOf(context, remote, base, signal);
    const route = routeWords(way, base);
    const template =
      found.repository === null
        ? null
        : await templateFor(repository, found.repository.forge, base, tip, signal);
    const {title, body} = wordsFor(environment.name, commits);
    return {
      ...empty,
      base,
      baseTip: tip,
      branch,
      commits,
      files,
      patch,
      title,
      body: withTemplate(body, template),
      hasToken,
      warnings: route === null ? [] : [route],
      nothing: way.route.by === 'none' ? way.route.reason : null,
    };
  }
  const where = environment.path === '' ? '' : ` to ${environment.path}`;
  const nothing =
    tried.length === 0
      ? `${remote.name} has no branch ${bases.join(' or ')} to open a pull request against`
      : `${head.branch ?? 'HEAD'} has no commit${where} that ${tried.join(' or ')} lacks: commit your changes first`;
  return {...empty, hasToken, nothing};
}

/** The environment's own branch; else where the checked-out one is pulled from, then the remote's default branch. */
async function possibleBases(
  repository: Repository,
  branch: string | null,
  checkedOut: string | null,
  remote: Remote,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  if (branch !== null) return [(await repository.upstreamOf(branch, signal))?.branch ?? branch];
  const upstream = checkedOut === null ? null : await repository.upstreamOf(checkedOut, signal);
  const fallback = await repository.defaultBranch(remote.name, signal);
  const bases = [upstream?.branch, fallback, 'main'].filter(name => name !== undefined && name !== null);
  return [...new Set(bases)];
}

/** The tip of a remote's branch, brought here; as last fetched where the remote can't be asked. */
async function baseTip(
  repository: Repository,
  remote: string,
  branch: string,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  const {git} = repository;
  try {
    const tip = await repository.remoteTip(remote, branch, signal);
    if (tip === null) return null;
    if (!(await hasCommit(git, tip, {signal}))) await fetchBranch(git, remote, branch, signal);
    return tip;
  } catch (error) {
    if (!(error instanceof RepositoryError) || error.reason === 'aborted') throw error;
    return readRef(git, `refs/remotes/${remote}/${branch}`, signal);
  }
}

function wordsFor(environment: string, commits: readonly Commit[]): {title: string; body: string} {
  const [only] = commits;
  if (only !== undefined && commits.length === 1) return {title: plainLine(only.subject), body: only.body};
  const list = commits.map(commit => `- ${shortSha(commit.sha)} ${plainLine(commit.subject)}`);
  return {title: `Update ${plainLine(environment)}`, body: list.join('\n')};
}

/**
 * Pushes the commits of a preview to their branch and opens the pull request. The checkout stays as it is; a refusal is
 * an outcome that says what to do. Throws when aborted.
 */
export async function openPullRequest(
  context: ChangeContext,
  preview: PullRequestPreview,
  order: Omit<ChangeOrder, 'via'>,
  permit: Permit,
  signal?: AbortSignal,
): Promise<ChangeOutcome> {
  checkPermit(permit, 'pull-request', preview.environment);
  const {repository} = context;
  const localBranch = (await repository.head(signal)).branch;
  const remote = await repository.remote(localBranch, signal);
  const failed = (message: string, retry: boolean): ChangeOutcome => ({
    ok: false,
    commit: preview.head === '' ? null : preview.head,
    branch: preview.branch,
    pullRequest: null,
    message,
    retry,
  });
  if (preview.nothing !== null || remote === null)
    return failed(preview.nothing ?? 'there is no remote to open a pull request on', false);
  const {head: sha, branch: name, base, baseTip} = preview;
  const published = await publishForReview(
    context,
    {remote, base, baseTip, sha, name, isOurs: async () => false, order},
    signal,
  );
  if (published.pushed) return published.outcome;
  const lines = [published.why, 'Nothing is lost: your commits are where they were.'];
  const byHand = `git push ${published.remote} ${preview.head}:refs/heads/${published.branch}`;
  return failed([...lines, `Try again, or by hand: ${byHand}`].join('\n'), true);
}
