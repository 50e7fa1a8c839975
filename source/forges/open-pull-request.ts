import {compareUrl} from './compare-url.ts';
import {openGitHubPullRequest} from './github.ts';
import {parseRemoteUrl} from './remote-url.ts';
import {findToken, type Token} from './token.ts';
import type {ForgeRepository, PullRequestDraft, PullRequestResult} from './types.ts';

/** How the world outside is reached; tests hand in their own. */
export interface ForgeOptions {
  env?: NodeJS.ProcessEnv;
  /** Folder whose git configuration names the credential helpers. */
  cwd?: string;
  signal?: AbortSignal | undefined;
  /** Hosts whose names do not say which forge they are. */
  hosts?: Readonly<Record<string, ForgeRepository['forge']>>;
  apiBase?: string;
  fetch?: typeof globalThis.fetch;
}

/** What is known of the forge behind a remote: its repository and the user's token; null for what there is not. */
export interface ForgeAccess {
  repository: ForgeRepository | null;
  token: Token | null;
}

/** Looks up the forge and the token for a remote URL. */
export async function forgeAccess(url: string, options: ForgeOptions = {}): Promise<ForgeAccess> {
  const repository = parseRemoteUrl(url, {...hostsOf(options.env ?? process.env), ...options.hosts});
  return {repository, token: repository === null ? null : await findToken(repository, options)};
}

/** Servers that `gh` and `glab` are told of in the environment. */
function hostsOf(env: NodeJS.ProcessEnv): Record<string, ForgeRepository['forge']> {
  const hosts: Record<string, ForgeRepository['forge']> = {};
  const gitlab = env['GITLAB_HOST']?.replace(/^https?:\/\//, '');
  if (env['GH_HOST']) hosts[env['GH_HOST']] = 'github';
  if (gitlab) hosts[gitlab] = 'gitlab';
  return hosts;
}

/**
 * Opens (or updates) the pull request of a pushed branch where a token allows it; else gives the URL at which a person
 * can. Only an abort throws.
 */
export async function openPullRequest(
  access: ForgeAccess,
  draft: PullRequestDraft,
  options: ForgeOptions = {},
): Promise<PullRequestResult> {
  const {repository, token} = access;
  if (repository === null) {
    const reason = 'the remote is on no forge that is known: open the pull request there by hand';
    return {opened: false, compareUrl: null, reason};
  }
  const url = compareUrl(repository, draft.base, draft.branch);
  if (repository.forge !== 'github') {
    return {
      opened: false,
      compareUrl: url,
      reason: `open it in the browser: ${repository.host} has the form`,
    };
  }
  if (token === null) {
    const reason = `there is no token for ${repository.host}: set GH_TOKEN, or run gh auth login`;
    return {opened: false, compareUrl: url, reason};
  }
  const result = await openGitHubPullRequest(repository, draft, {
    token: token.value,
    signal: options.signal,
    ...(options.apiBase === undefined ? {} : {apiBase: options.apiBase}),
    ...(options.fetch === undefined ? {} : {fetch: options.fetch}),
  });
  return result.opened ? result : {...result, compareUrl: url};
}
