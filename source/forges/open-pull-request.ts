import {compareUrl} from './compare-url.ts';
import {dialects} from './dialects.ts';
import {ForgeError} from './error.ts';
import {hostSettings, hostsIn} from './hosts.ts';
import {openForge} from './open-forge.ts';
import {probeForge} from './probe.ts';
import {hostOfRemote, parseRemoteUrl} from './remote-url.ts';
import {findToken, type Token} from './token.ts';
import type {
  Forge,
  ForgeKind,
  ForgeRepository,
  PullRequestDraft,
  PullRequestResult,
  Written,
} from './types.ts';

/** How the world outside is reached; tests hand in their own. */
export interface ForgeOptions {
  env?: NodeJS.ProcessEnv;
  /** Folder whose git configuration names the credential helpers. */
  cwd?: string;
  signal?: AbortSignal | undefined;
  /** Hosts whose names do not say which forge they are. */
  hosts?: Readonly<Record<string, ForgeKind>>;
  apiBase?: string;
  fetch?: typeof globalThis.fetch;
}

/** What is known of the forge behind a remote: its repository and the user's token; null for what there is not. */
export interface ForgeAccess {
  repository: ForgeRepository | null;
  token: Token | null;
}

/**
 * Looks up the forge and the token for a remote URL: which forge a host is, its name tells, or `hosts`, the environment,
 * git's configuration (`hostSettings`), and at last the host itself, asked once without a token. Throws when aborted.
 */
export async function forgeAccess(url: string, options: ForgeOptions = {}): Promise<ForgeAccess> {
  const host = hostOfRemote(url);
  if (host === null) return {repository: null, token: null};
  const settings = await hostSettings(host, options);
  const known: Record<string, ForgeKind> = {...hostsIn(options.env ?? process.env), ...options.hosts};
  if (settings.forge !== undefined) known[host] = settings.forge;
  let found = parseRemoteUrl(url, known);
  if (found === null && known[host] === undefined) {
    const forge = await probeForge(`https://${settings.web ?? host}`, options);
    if (forge !== null) found = parseRemoteUrl(url, {[host]: forge});
  }
  if (found === null) return {repository: null, token: null};
  const repository = settings.web === undefined ? found : {...found, host: settings.web};
  const token = await findToken(repository, {...options, variable: settings.tokenVariable});
  return {repository, token};
}

/** The forge of a remote for everything beyond opening: null without a forge that is known, or without a token. */
export async function forgeOf(access: ForgeAccess, options: ForgeOptions = {}): Promise<Forge | null> {
  const {repository, token} = access;
  if (repository === null || token === null) return null;
  return openForge(repository, {token, apiBase: options.apiBase, fetch: options.fetch});
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
  return openOn({...access, forge: await forgeOf(access, options)}, draft, options.signal);
}

/** The same on a forge that is open already. */
export async function openOn(
  found: Pick<ForgeAccess, 'repository'> & {forge: Forge | null},
  draft: PullRequestDraft,
  signal?: AbortSignal,
): Promise<PullRequestResult> {
  const {repository, forge} = found;
  if (repository === null) {
    const reason = 'the remote is on no forge that is known: open the pull request there by hand';
    return {opened: false, compareUrl: null, reason};
  }
  const url = compareUrl(repository, draft.base, draft.branch, draft.fork);
  if (forge === null) {
    const reason = `there is no token for ${repository.host}: ${dialects[repository.forge].login}`;
    return {opened: false, compareUrl: url, reason};
  }
  try {
    const {updated, pullRequest, notes} = await openOrUpdate(forge, draft, signal);
    const {url: page, number} = pullRequest;
    return {opened: true, url: page, number, updated, ...(notes.length > 0 ? {notes} : {})};
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof ForgeError)) throw error;
    return {opened: false, compareUrl: url, reason: error.message};
  }
}

/**
 * Opens a pull request, or brings the open one of the same branch up to date, so that trying twice does no harm. A draft
 * that people made ready stays ready. Throws ForgeError.
 */
export async function openOrUpdate(
  forge: Forge,
  draft: PullRequestDraft,
  signal?: AbortSignal,
): Promise<Written & {updated: boolean}> {
  const {title, body, labels, reviewers} = draft;
  const update = async (number: number) => ({
    ...(await forge.update(number, {title, body, labels, reviewers}, signal)),
    updated: true,
  });
  const open = await forge.findOpen(draft, signal);
  if (open !== null) return update(open.number);
  try {
    return {...(await forge.open(draft, signal)), updated: false};
  } catch (error) {
    // Somebody (or a lost answer of ours) was quicker.
    const duplicate = error instanceof ForgeError && error.reason === 'exists';
    const other = duplicate ? await forge.findOpen(draft, signal) : null;
    if (other === null) throw error;
    return update(other.number);
  }
}
