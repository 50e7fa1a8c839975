import * as v from 'valibot';
import {KnownSecrets} from '../secrets/known.ts';
import {plainLine} from '../text/plain.ts';
import type {ForgeRepository, PullRequestDraft, PullRequestResult} from './types.ts';

/** How to reach GitHub. */
export interface GitHubOptions {
  token: string;
  signal?: AbortSignal | undefined;
  /** Root of the REST API; by default the host's own. Plain http is taken for the loopback interface only. */
  apiBase?: string;
  fetch?: typeof globalThis.fetch;
}

/** Why GitHub did not do it, in words for people. */
class GitHubError extends Error {
  override readonly name = 'GitHubError';
  readonly status: number;
  readonly details: readonly string[];

  constructor(message: string, status: number, details: readonly string[] = []) {
    super(message);
    this.status = status;
    this.details = details;
  }
}

const pullRequest = v.object({
  number: v.number(),
  html_url: v.pipe(v.string(), v.regex(/^https?:\/\/[^\s\u0000-\u001f\u007f]+$/)),
});
const failure = v.object({
  message: v.optional(v.string(), ''),
  errors: v.optional(v.array(v.union([v.string(), v.object({message: v.optional(v.string(), '')})])), []),
});

const timeoutMs = 20_000;

/** The root of a host's REST API: github.com's, a data residency host's, or GitHub Enterprise Server's. */
export function apiBaseOf(host: string): string {
  if (host === 'github.com') return 'https://api.github.com';
  if (host.endsWith('.ghe.com')) return `https://api.${host}`;
  return `https://${host}/api/v3`;
}

/**
 * Opens a pull request, or brings the open one of the same branch up to date, so that trying twice does no harm
 * (https://docs.github.com/en/rest/pulls/pulls). A refusal is an answer that says why; only an abort throws.
 */
export async function openGitHubPullRequest(
  repository: ForgeRepository,
  draft: PullRequestDraft,
  options: GitHubOptions,
): Promise<PullRequestResult> {
  const pulls = `repos/${repository.path.split('/').map(encodeURIComponent).join('/')}/pulls`;
  try {
    const open = await findOpen(repository, pulls, draft, options);
    if (open !== null) return await update(pulls, open, draft, options);
    try {
      const created = await request(options, repository, 'POST', pulls, {
        title: draft.title,
        body: draft.body,
        head: draft.branch,
        base: draft.base,
        draft: draft.draft,
      });
      const {html_url, number} = v.parse(pullRequest, created);
      return {opened: true, url: html_url, number, updated: false};
    } catch (error) {
      // Somebody (or a lost answer of ours) was quicker.
      const duplicate =
        error instanceof GitHubError &&
        error.status === 422 &&
        error.details.some(detail => /already exists/i.test(detail));
      const other = duplicate ? await findOpen(repository, pulls, draft, options) : null;
      if (other === null) throw error;
      return await update(pulls, other, draft, options);
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    // A proxy in between may say what it was sent.
    const known = new KnownSecrets();
    known.add(options.token);
    return {opened: false, compareUrl: null, reason: known.redact(reasonOf(error, repository.host))};
  }

  async function update(
    path: string,
    number: number,
    {title, body}: PullRequestDraft,
    how: GitHubOptions,
  ): Promise<PullRequestResult> {
    const changed = v.parse(
      pullRequest,
      await request(how, repository, 'PATCH', `${path}/${number}`, {title, body}),
    );
    return {opened: true, url: changed.html_url, number: changed.number, updated: true};
  }
}

async function findOpen(
  repository: ForgeRepository,
  pulls: string,
  draft: PullRequestDraft,
  options: GitHubOptions,
): Promise<number | null> {
  const owner = repository.path.split('/')[0] ?? '';
  const query = new URLSearchParams({head: `${owner}:${draft.branch}`, base: draft.base, state: 'open'});
  const found = v.parse(v.array(pullRequest), await request(options, repository, 'GET', `${pulls}?${query}`));
  return found[0]?.number ?? null;
}

async function request(
  options: GitHubOptions,
  repository: ForgeRepository,
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  body?: object,
): Promise<unknown> {
  const base = new URL(`${options.apiBase ?? apiBaseOf(repository.host)}/`);
  checkSecure(base);
  const deadline = AbortSignal.timeout(timeoutMs);
  const signal = options.signal === undefined ? deadline : AbortSignal.any([options.signal, deadline]);
  let url = new URL(path, base);
  for (let hops = 0; ; hops++) {
    const response = await (options.fetch ?? globalThis.fetch)(url, {
      method,
      // A redirect is followed by hand: fetch would make a GET of a POST, and the token stays with its host.
      redirect: 'manual',
      signal,
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${options.token}`,
        'user-agent': 'gitops-tui',
        'x-github-api-version': '2022-11-28',
        ...(body === undefined ? {} : {'content-type': 'application/json'}),
      },
      ...(body === undefined ? {} : {body: JSON.stringify(body)}),
    });
    const location = response.headers.get('location');
    if ([301, 302, 307, 308].includes(response.status) && location !== null) {
      await response.body?.cancel();
      const next = new URL(location, url);
      if (hops >= 3 || next.origin !== base.origin)
        throw new GitHubError(`GitHub sent us on to ${next.origin}, where the token does not belong`, 0);
      url = next;
      continue;
    }
    const text = await response.text();
    if (!response.ok) throw refusal(response, text);
    return parseBody(text);
  }
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new GitHubError('the answer is not JSON: is this really GitHub?', 0);
  }
}

function checkSecure({protocol, hostname}: URL): void {
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  if (protocol === 'https:' || (protocol === 'http:' && loopback)) return;
  throw new GitHubError(`a token is sent over https only, not to ${protocol}//${hostname}`, 0);
}

/** What an error status means and what to do next (https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api). */
function refusal(response: Response, text: string): GitHubError {
  const parsed = v.safeParse(failure, parseOrEmpty(text));
  const message = parsed.success ? plainLine(parsed.output.message) : '';
  const details = parsed.success
    ? parsed.output.errors
        .map(item => plainLine(typeof item === 'string' ? item : item.message))
        .filter(Boolean)
    : [];
  const said = [message, ...details].filter(Boolean).join(': ') || response.statusText;
  const error = (words: string) => new GitHubError(words, response.status, details);
  const {status, headers} = response;
  if (
    (status === 403 || status === 429) &&
    (headers.has('retry-after') || headers.get('x-ratelimit-remaining') === '0')
  )
    return error(`GitHub's rate limit is used up${waitWords(headers)}: ${said}`);
  if (status === 401) return error(`GitHub does not accept the token (${said}): is it expired or revoked?`);
  const sso = /^required; url=(https:\/\/\S+)/.exec(headers.get('x-github-sso') ?? '')?.[1];
  if (status === 403 && sso !== undefined)
    return error(`the organization wants the token authorized for single sign-on: open ${plainLine(sso)}`);
  if (status === 403)
    return error(
      `the token may not open pull requests here (${said}): it needs "Pull requests: write" or "repo"`,
    );
  if (status === 404)
    return error('GitHub shows the token no such repository: a private one needs a token that may see it');
  if (status === 422 && details.some(detail => /no commits between/i.test(detail)))
    return error('there is nothing to merge: the base branch has these commits already');
  if (status === 422) return error(`GitHub refused the pull request: ${said}`);
  return error(`GitHub answered ${status}: ${said}`);
}

function waitWords(headers: Headers): string {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  if (seconds > 0) return `, try again in ${Math.ceil(seconds / 60)} min`;
  const reset = Number(headers.get('x-ratelimit-reset') ?? Number.NaN);
  return reset > 0 ? ` until ${new Date(reset * 1000).toISOString().slice(11, 16)} UTC` : '';
}

function parseOrEmpty(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function reasonOf(error: unknown, host: string): string {
  if (error instanceof GitHubError) return error.message;
  if (v.isValiError(error)) return 'the answer is not what GitHub gives: is this really GitHub?';
  if (error instanceof Error && error.name === 'TimeoutError') return `${host} did not answer in time`;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return `${host} could not be reached: ${plainLine(cause instanceof Error ? cause.message : String(cause))}`;
}
