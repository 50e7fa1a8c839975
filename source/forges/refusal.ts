import {plainLine} from '../text/plain.ts';
import type {Dialect} from './dialects.ts';
import {ForgeError, type ForgeReason} from './error.ts';

/** An answer that is no success. */
export interface Refused {
  status: number;
  statusText: string;
  headers: Headers;
  text: string;
}

const mostWords = 400;

/** What forges say of a state in which a request can't be served, whatever status they chose for it. */
const sayings: readonly [reason: ForgeReason, pattern: RegExp][] = [
  // GitHub and Gitea; GitLab; Bitbucket Data Center; Azure DevOps (TF401179).
  ['exists', /\balready exists\b|only one pull request may be open|TF401179/i],
  // GitHub; Bitbucket Cloud; Bitbucket Data Center; Gitea.
  ['no-commits', /no commits between|no changes to be pulled|already up-to-date with|no changes between/i],
  // GitHub; GitLab; Gitea; Bitbucket Data Center; Azure DevOps (TF401192).
  [
    'moved',
    /head branch was modified|sha does not match head|head out of date|attempting to modify a pull request based on out-of-date|PullRequestOutOfDate|TF401192/i,
  ],
];

/**
 * What an error status means and what to do next
 * (https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api, https://docs.gitlab.com/api/rest/troubleshooting/).
 */
export function refusal(dialect: Dialect, {status, statusText, headers, text}: Refused): ForgeError {
  const {name, request, permission, login} = dialect;
  const said = wordsOf(text) || plainLine(statusText) || 'no reason was given';
  const error = (reason: ForgeReason, words: string) => new ForgeError(reason, words, status);

  if (isRateLimit(status, headers)) {
    const retryAt = retryTime(headers);
    const message = `${name}'s rate limit is used up${waitWords(headers, retryAt)}: ${said}`;
    return new ForgeError('rate-limited', message, status, retryAt);
  }
  if (status === 401)
    return error(
      'unauthorized',
      `${name} does not accept the token (${said}): is it expired or revoked? ${capital(login)}`,
    );
  const sso = /^required; url=(https:\/\/\S+)/.exec(headers.get('x-github-sso') ?? '')?.[1];
  if (status === 403 && sso !== undefined)
    return error(
      'single-sign-on',
      `the organization wants the token authorized for single sign-on: open ${plainLine(sso)}`,
    );
  if (status >= 400 && status < 500) {
    const known = sayings.find(([, pattern]) => pattern.test(said));
    if (known?.[0] === 'no-commits')
      return error('no-commits', 'there is nothing to merge: the base branch has these commits already');
    if (known?.[0] === 'exists') return error('exists', `there is an open ${request} already: ${said}`);
    if (known?.[0] === 'moved')
      return error('moved', `the branch has moved since you looked: look at the new commits first (${said})`);
  }
  if (status === 403)
    return error('forbidden', `the token may not do this here (${said}): it needs ${permission}`);
  if (status === 404)
    return error(
      'not-found',
      `${name} shows the token no such repository, branch or pull request: a private one needs a token that may see it`,
    );
  if (status === 405 || status === 406)
    return error('blocked', `${name} does not take the merge now: ${said}`);
  if (status >= 500)
    return error('broken', `${name} answered ${status}: ${said}. Nothing is lost: try again later`);
  return error('refused', `${name} refused the ${request}: ${said}`);
}

function isRateLimit(status: number, headers: Headers): boolean {
  if (status === 429) return true;
  return status === 403 && (headers.has('retry-after') || headers.get('x-ratelimit-remaining') === '0');
}

/** From `Retry-After` (seconds or a date) or the reset times of GitHub, GitLab and Azure DevOps (seconds of the epoch). */
function retryTime(headers: Headers): Date | null {
  const after = headers.get('retry-after');
  if (after !== null) {
    const seconds = Number(after);
    const time = Number.isFinite(seconds) ? Date.now() + seconds * 1000 : Date.parse(after);
    if (Number.isFinite(time)) return new Date(time);
  }
  const reset = Number(headers.get('x-ratelimit-reset') ?? headers.get('ratelimit-reset') ?? Number.NaN);
  return reset > 0 && reset < 1e11 ? new Date(reset * 1000) : null;
}

function waitWords(headers: Headers, retryAt: Date | null): string {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  if (seconds > 0) return `, try again in ${Math.ceil(seconds / 60)} min`;
  return retryAt === null ? '' : ` until ${retryAt.toISOString().slice(11, 16)} UTC`;
}

/** The sentences in an error's body: every forge has a form of its own, and some have two. */
function wordsOf(text: string): string {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return '';
  }
  const sentences = [
    ...new Set(
      sentencesOf(body, 0)
        .map(plainLine)
        .filter(words => /\w/.test(words)),
    ),
  ].join(': ');
  return sentences.length > mostWords ? `${sentences.slice(0, mostWords)}…` : sentences;
}

const wordy = ['message', 'error', 'error_description', 'detail', 'errors'];

function sentencesOf(value: unknown, depth: number): string[] {
  if (typeof value === 'string') return [value];
  if (depth > 4 || typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(item => sentencesOf(item, depth + 1));
  const entries = Object.entries(value);
  const known = entries.filter(([key]) => wordy.includes(key));
  if (known.length > 0) return known.flatMap(([, item]) => sentencesOf(item, depth + 1));
  // GitLab's `{"message": {"title": ["can't be blank"]}}`.
  return entries.flatMap(([key, item]) =>
    Array.isArray(item) ? sentencesOf(item, depth + 1).map(words => `${key} ${words}`) : [],
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
