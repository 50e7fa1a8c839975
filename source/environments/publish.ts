import type {Permit} from '../engines/permission.ts';
import {type ForgeOptions, forgeAccess, openPullRequest} from '../forges/open-pull-request.ts';
import type {PullRequestResult} from '../forges/types.ts';
import {shortSha} from '../repository/change/message.ts';
import {RepositoryError} from '../repository/error.ts';
import type {PushResult, Repository} from '../repository/types.ts';
import type {SourceFiles} from './affected.ts';
import type {ChangeOrder, ChangeOutcome} from './change-types.ts';
import type {Environment} from './types.ts';

/** What changes of git need to know of the world. */
export interface ChangeContext {
  repository: Repository;
  /** All of them: a change of one may reach others. */
  environments: readonly Environment[];
  /** Without it only folders tell which environments a file belongs to. */
  sourceFiles?: SourceFiles;
  forge?: ForgeOptions;
}

/** The environment of this name. Throws RepositoryError. */
export function environmentNamed(context: ChangeContext, name: string): Environment {
  const found = context.environments.find(environment => environment.name === name);
  if (found !== undefined) return found;
  throw new RepositoryError('unknown-path', `there is no environment "${name}"`);
}

/** Throws where a permit is for something else: a mistake of ours, never the user's. */
export function checkPermit(permit: Permit, mutation: Permit['mutation'], environment: string): void {
  if (permit.mutation === mutation && permit.environment === environment) return;
  throw new Error(
    `a permit to ${permit.mutation} ${permit.environment} does not allow ${mutation} of ${environment}`,
  );
}

/** A message and what to do about it, in one text. */
export function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const fix = error instanceof RepositoryError ? error.fix : undefined;
  return fix === undefined ? error.message : `${error.message}\n${fix}`;
}

/**
 * Pushes a commit to a branch that exists for its pull request. A branch of that name that holds something else stays: the
 * next free name (`name-2`) is taken. `isOurs` says that a tip does what the commit does, so that it is used instead.
 */
export async function pushForPullRequest(
  repository: Repository,
  remote: string,
  sha: string,
  name: string,
  isOurs: (tip: string) => Promise<boolean>,
  signal?: AbortSignal,
): Promise<{branch: string; sha: string; result: PushResult}> {
  let branch = name;
  for (let attempt = 2; ; attempt++) {
    let result: PushResult;
    try {
      const tip = await repository.remoteTip(remote, branch, signal);
      if (tip !== null && (tip === sha || (await isOurs(tip))))
        return {branch, sha: tip, result: {pushed: true, ref: `refs/heads/${branch}`, sha: tip}};
      result = await repository.push(remote, sha, branch, signal);
    } catch (error) {
      result = asPushResult(error);
    }
    const taken = !result.pushed && result.reason === 'moved';
    if (!taken || attempt > 20) return {branch, sha, result};
    branch = `${name}-${attempt}`;
  }
}

function asPushResult(error: unknown): PushResult {
  if (error instanceof RepositoryError) {
    if (error.reason === 'unreachable' || error.reason === 'unauthorized')
      return {pushed: false, reason: error.reason, message: inWords(error)};
    if (error.reason === 'timeout') return {pushed: false, reason: 'unreachable', message: error.message};
  }
  throw error;
}

/** What a failed push means, in the remote's own words. */
export function pushFailure(remote: string, result: PushResult & {pushed: false}): string {
  switch (result.reason) {
    case 'moved':
      return result.message;
    case 'refused':
      return `${remote} refused the push: ${result.message}`;
    case 'unauthorized':
      return `${remote} did not accept who you are: ${result.message}`;
    case 'unreachable':
      return `${remote} could not be reached: ${result.message}`;
  }
}

/** Opens the pull request of a branch that was pushed; without a token the outcome names the page to open. */
export async function openFor(
  context: ChangeContext,
  wish: {
    branch: string;
    base: string;
    commit: string;
    /** Branch whose remote it is. */
    localBranch: string | null;
    order: Omit<ChangeOrder, 'via'>;
    signal: AbortSignal | undefined;
  },
): Promise<ChangeOutcome> {
  const {repository, forge = {}} = context;
  const {branch, base, commit, order, signal} = wish;
  const {title, body, draft, reviewers, labels} = order;
  const remote = await repository.remote(wish.localBranch, signal);
  const options = {cwd: repository.root, ...forge, signal};
  const access = await forgeAccess(remote?.url ?? '', options);
  const pullRequest = await openPullRequest(
    access,
    {base, branch, title, body, draft, reviewers, labels},
    options,
  );
  const pushed = `pushed ${shortSha(commit)} to the branch ${branch}`;
  const message = `${pushed}; ${pullRequestWords(pullRequest)}`;
  // The branch is there and a person can go on: only what a token was to do and could not is a failure.
  const ok = pullRequest.opened || access.token === null;
  return {ok, commit, branch, pullRequest, message, retry: !ok};
}

function pullRequestWords(result: PullRequestResult): string {
  if (result.opened) {
    const {updated, number, url, notes = []} = result;
    const what = updated ? `brought pull request #${number} up to date` : `opened pull request #${number}`;
    return [`${what}: ${url}`, ...notes].join('\n');
  }
  return result.compareUrl === null ? result.reason : `${result.reason}\nOpen it at ${result.compareUrl}`;
}
