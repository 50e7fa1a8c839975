import {openOn} from '../forges/open-pull-request.ts';
import {openingPush, pageInPushAnswer} from '../forges/push-options.ts';
import type {PullRequestDraft, PullRequestResult} from '../forges/types.ts';
import {shortSha} from '../repository/change/message.ts';
import {RepositoryError} from '../repository/error.ts';
import {pushWithOptions} from '../repository/remotes.ts';
import type {PushResult, Remote, Repository} from '../repository/types.ts';
import {type ChangeContext, inWords, pushFailure} from './publish.ts';
import {openingPage, type Way, wayOf} from './route.ts';
import {templateFor, withTemplate} from './template.ts';
import type {ChangeOrder, ChangeOutcome} from './types.ts';

/** A commit that is to become a pull request. */
export interface ReviewWish {
  remote: Remote;
  base: string;
  /** The base's tip, whose template the description begins with. */
  baseTip: string;
  sha: string;
  /** Name for its branch. */
  name: string;
  /** Whether a tip of that name does what the commit does, so that it is used instead. */
  isOurs: (tip: string) => Promise<boolean>;
  order: Omit<ChangeOrder, 'via'>;
}

/** What became of it: a push that failed leaves the commit where it was. */
export type Published =
  | {pushed: true; outcome: ChangeOutcome}
  | {pushed: false; why: string; remote: string; branch: string};

/** A push, with what the remote said about it. */
type Answered = PushResult & {answer?: string};

/**
 * Pushes a commit for review on the way that the forge leaves (`route.ts`) and opens its pull request: with the token, by
 * the push itself, or by naming the page at which a person can. Throws when aborted.
 */
export async function publishForReview(
  context: ChangeContext,
  wish: ReviewWish,
  signal?: AbortSignal,
): Promise<Published> {
  const way = await wayOf(context, wish.remote, wish.base, signal);
  const {route, found} = way;
  const {repository} = context;
  if (route.by === 'none')
    return {pushed: false, why: route.reason, remote: wish.remote.name, branch: wish.name};
  const template =
    found.repository === null
      ? null
      : await templateFor(repository, found.repository.forge, wish.base, wish.baseTip, signal);
  const {base, name: branch} = wish;
  const draft = {...wish.order, body: withTemplate(wish.order.body, template), base, branch};
  if (route.by === 'push') {
    const published = await publishByPush(context, wish, way, draft, signal);
    // A server that does not know these pushes still takes a branch.
    if (published !== null) return published;
  }
  const {remote} = route;
  const send = (name: string) => repository.push(remote, wish.sha, name, signal);
  const sent = await pushToBranch(repository, remote, wish, send, signal);
  if (!sent.result.pushed)
    return {pushed: false, why: pushFailure(remote, sent.result), remote, branch: sent.branch};
  const across = route.by === 'fork' ? {fork: route.path} : {};
  const pullRequest = await openOn(found, {...draft, ...across, branch: sent.branch}, signal);
  const where = route.by === 'fork' ? ` of your fork ${route.path}` : '';
  const pushed = `pushed ${shortSha(sent.sha)} to the branch ${sent.branch}${where}`;
  // The branch is there and a person can go on: only what a token was to do and could not is a failure.
  const ok = pullRequest.opened || found.token === null;
  const message = `${pushed}; ${pullRequestWords(pullRequest)}`;
  const outcome = {ok, commit: sent.sha, branch: sent.branch, pullRequest, message, retry: !ok};
  return {pushed: true, outcome};
}

/** By GitLab's push options or Gitea's AGit; null where the server does not take such a push and a branch is possible. */
async function publishByPush(
  {repository}: ChangeContext,
  wish: ReviewWish,
  way: Way,
  draft: PullRequestDraft,
  signal: AbortSignal | undefined,
): Promise<Published | null> {
  const {route, found} = way;
  if (route.by !== 'push' || found.repository === null) return null;
  const {forge, host} = found.repository;
  const {remote} = route;
  const send = (branch: string): Promise<Answered> => {
    const push = openingPush(forge, {...draft, branch});
    if (push === null) throw new Error(`${forge} opens nothing by a push`);
    return pushWithOptions(repository.git, remote, wish.sha, push, signal);
  };
  const sent =
    forge === 'gitlab'
      ? await pushToBranch(repository, remote, wish, send, signal)
      : {branch: wish.name, sha: wish.sha, result: await send(wish.name)};
  const {branch, sha, result} = sent;
  if (!result.pushed) {
    // Gitea's answer to AGit where the very commit is in a pull request already.
    const isThere = /new commit is same with old commit/.test(result.message);
    if (!isThere && !route.needed && result.reason === 'refused') return null;
    if (!isThere) return {pushed: false, why: pushFailure(remote, result), remote, branch};
  }
  const url = pageInPushAnswer(result.pushed ? (result.answer ?? '') : '', host);
  const number = Number(/\d+$/.exec(url ?? '')?.[0] ?? Number.NaN);
  const notes = draft.reviewers?.length ? ['no review was asked for: a push can ask nobody'] : [];
  if (forge === 'gitea' && draft.labels?.length) notes.push('no label was set: a push of Gitea sets none');
  const pullRequest: PullRequestResult =
    url === null
      ? {
          opened: false,
          compareUrl: openingPage(way, wish.base, branch),
          reason: result.pushed
            ? 'the push was taken, and its answer names no pull request'
            : 'a pull request has this commit already',
        }
      : {opened: true, url, number, updated: false, ...(notes.length > 0 ? {notes} : {})};
  const what = forge === 'gitlab' ? `the branch ${branch}` : `refs/for/${wish.base}`;
  const message = `pushed ${shortSha(sha)} to ${what}; ${pullRequestWords(pullRequest)}`;
  return {pushed: true, outcome: {ok: true, commit: sha, branch, pullRequest, message, retry: false}};
}

/**
 * Pushes a commit to a branch that exists for its pull request. A branch of that name that holds something else stays: the
 * next free name (`name-2`) is taken.
 */
async function pushToBranch(
  repository: Repository,
  remote: string,
  {sha, name, isOurs}: ReviewWish,
  send: (branch: string) => Promise<Answered>,
  signal?: AbortSignal,
): Promise<{branch: string; sha: string; result: Answered}> {
  let branch = name;
  for (let attempt = 2; ; attempt++) {
    let result: Answered;
    try {
      const tip = await repository.remoteTip(remote, branch, signal);
      if (tip !== null && (tip === sha || (await isOurs(tip))))
        return {branch, sha: tip, result: {pushed: true, ref: `refs/heads/${branch}`, sha: tip}};
      result = await send(branch);
    } catch (error) {
      result = asPushResult(error);
    }
    const taken = !result.pushed && result.reason === 'moved';
    if (!taken || attempt > 20) return {branch, sha, result};
    branch = `${name}-${attempt}`;
  }
}

function asPushResult(error: unknown): Answered {
  if (error instanceof RepositoryError) {
    if (error.reason === 'unreachable' || error.reason === 'unauthorized')
      return {pushed: false, reason: error.reason, message: inWords(error)};
    if (error.reason === 'timeout') return {pushed: false, reason: 'unreachable', message: error.message};
  }
  throw error;
}

function pullRequestWords(result: PullRequestResult): string {
  if (result.opened) {
    const {updated, number, url, notes = []} = result;
    const what = updated ? `brought pull request #${number} up to date` : `opened pull request #${number}`;
    return [`${what}: ${url}`, ...notes].join('\n');
  }
  return result.compareUrl === null ? result.reason : `${result.reason}\nOpen it at ${result.compareUrl}`;
}
