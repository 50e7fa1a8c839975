import {plain} from '../text/plain.ts';
import {gitFailure, gitWords, isUnauthorized, RepositoryError} from './error.ts';
import {askTimeoutMs, checkObjectId, type Git, isObjectId, networkTimeoutMs, ordinary} from './git.ts';
import {checkBranchName, checkRef, readRef} from './refs.ts';
import type {PushResult, Remote, RemoteBranch} from './types.ts';

/** The remote that a branch belongs to, else `origin`, else the only one; null where there is none. */
export async function remoteOf(
  git: Git,
  branch: string | null,
  signal?: AbortSignal,
): Promise<Remote | null> {
  const [output, configured] = await Promise.all([
    git.fact(['remote'], {signal}),
    branch === null ? null : readConfig(git, `branch.${branch}.remote`, signal),
  ]);
  const names = output.stdout.split('\n').filter(name => name !== '');
  const name =
    [configured, 'origin'].find(candidate => candidate !== null && names.includes(candidate)) ??
    (names.length === 1 ? names[0] : undefined);
  if (name === undefined || name === null) return null;
  const url = await ordinary('git remote', git.simple(signal).raw('remote', 'get-url', '--', name), signal);
  return {name, url: withoutUserInfo(url.trim())};
}

/** All remotes of the configuration, by name. */
export async function allRemotes(git: Git, signal?: AbortSignal): Promise<Remote[]> {
  const names = (await git.fact(['remote'], {signal})).stdout.split('\n').filter(name => name !== '');
  return Promise.all(
    names.map(async name => {
      const url = await ordinary(
        'git remote',
        git.simple(signal).raw('remote', 'get-url', '--', name),
        signal,
      );
      return {name, url: withoutUserInfo(url.trim())};
    }),
  );
}

/** `https://user:token@host/path` without the part before the `@`; other forms as they are. */
export function withoutUserInfo(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, '$1');
}

/** The value of a setting, null where it is not set. */
async function readConfig(git: Git, key: string, signal?: AbortSignal): Promise<string | null> {
  const result = await git.fact(['config', '--get', key], {signal, accept: [0, 1]});
  return result.exitCode === 0 ? result.stdout.trimEnd() : null;
}

/**
 * Where a branch is pushed to and fetched from: as configured, else the branch of the same name on its remote. Null where
 * there is no remote.
 */
export async function upstreamOf(
  git: Git,
  branch: string,
  signal?: AbortSignal,
): Promise<RemoteBranch | null> {
  const remote = await remoteOf(git, branch, signal);
  if (remote === null) return null;
  const [configured, merge] = await Promise.all([
    readConfig(git, `branch.${branch}.remote`, signal),
    readConfig(git, `branch.${branch}.merge`, signal),
  ]);
  const tracked =
    configured === remote.name && merge?.startsWith('refs/heads/')
      ? merge.slice('refs/heads/'.length)
      : branch;
  const sha = await readRef(git, `refs/remotes/${remote.name}/${tracked}`, signal);
  return {remote: remote.name, branch: tracked, sha};
}

/** The remote's default branch as of the last clone or `git remote set-head`; null where unknown. */
export async function defaultBranch(git: Git, remote: string, signal?: AbortSignal): Promise<string | null> {
  const prefix = `refs/remotes/${remote}/`;
  const result = await git.result(['symbolic-ref', '--quiet', `${prefix}HEAD`], {
    signal,
    accept: [0, 1, 128],
  });
  const ref = result.stdout.trimEnd();
  return result.exitCode === 0 && ref.startsWith(prefix) ? ref.slice(prefix.length) : null;
}

/**
 * True where a remote's own branches have the names of the user's (`git clone --mirror`, `+refs/heads/*:refs/heads/*`):
 * git would set those on a fetch, and on a push, to what the remote has, and commits that only they hold would be lost.
 */
async function isMirror(git: Git, remote: string, signal?: AbortSignal): Promise<boolean> {
  const asked = ['config', '--get-all', `remote.${checkRemote(remote)}.fetch`];
  const {stdout} = await git.fact(asked, {signal, accept: [0, 1]});
  return stdout.split('\n').some(refspec => {
    const [, destination = ''] = refspec.split(':');
    return destination !== '' && !/^refs\/(remotes|tags)\//.test(destination);
  });
}

/**
 * Asks a remote for new commits. FETCH_HEAD, branches and tags stay the user's. Throws RepositoryError: unauthorized,
 * unreachable, a mirror.
 */
export async function fetch(git: Git, remote: string, signal?: AbortSignal): Promise<void> {
  const options = ['--quiet', '--no-write-fetch-head', '--no-auto-maintenance', '--no-recurse-submodules'];
  if (await isMirror(git, remote, signal)) {
    throw new RepositoryError('git', `${remote} is mirrored here: a fetch would set your own branches`, {
      fix: `git fetch ${remote}, where nothing here is lost by that`,
    });
  }
  await git.text(['fetch', ...options, '--no-prune-tags', '--', checkRemote(remote)], {
    signal,
    timeoutMs: networkTimeoutMs,
    alone: true,
  });
}

/** The tip of a remote's branch, asked for now; null where it has none of that name. Throws RepositoryError. */
export async function remoteTip(
  git: Git,
  remote: string,
  branch: string,
  signal?: AbortSignal,
): Promise<string | null> {
  const ref = `refs/heads/${await checkBranchName(git, branch, signal)}`;
  const output = await git.text(['ls-remote', '--quiet', '--', checkRemote(remote), ref], {
    signal,
    timeoutMs: askTimeoutMs,
    alone: true,
  });
  for (const line of output.split('\n')) {
    const [sha, name] = line.split('\t');
    if (name === ref && sha !== undefined) return checkObjectId(sha);
  }
  return null;
}

/** Brings a remote's commit here where it is not yet, without a ref of its own. Throws RepositoryError. */
export async function fetchBranch(
  git: Git,
  remote: string,
  branch: string,
  signal?: AbortSignal,
): Promise<void> {
  const ref = `refs/heads/${await checkBranchName(git, branch, signal)}`;
  const unmapped = (await isMirror(git, remote, signal)) ? ['--refmap='] : [];
  const options = ['--quiet', '--no-tags', '--no-write-fetch-head', ...unmapped];
  await git.text(['fetch', ...options, '--', checkRemote(remote), ref], {
    signal,
    timeoutMs: networkTimeoutMs,
    alone: true,
  });
}

/** A remote is a name of the configuration: never a URL or an option. */
export function checkRemote(remote: string): string {
  if (/^[^-/:\\][^:\\]*$/.test(remote)) return remote;
  throw new RepositoryError('git', `${JSON.stringify(remote)} can't be a remote's name`);
}

/** The refs of a remote that fit a pattern, asked for now, with what they point at. Throws RepositoryError. */
export async function remoteRefs(
  git: Git,
  remote: string,
  pattern: string,
  signal?: AbortSignal,
): Promise<Map<string, string>> {
  const output = await git.text(['ls-remote', '--quiet', '--refs', '--', checkRemote(remote), pattern], {
    signal,
    timeoutMs: askTimeoutMs,
    alone: true,
  });
  const found = new Map<string, string>();
  for (const line of output.split('\n')) {
    const [sha = '', ref = ''] = line.split('\t');
    if (isObjectId(sha) && ref.startsWith('refs/')) found.set(ref, sha);
  }
  return found;
}

/** Brings refs of a remote here under their own names; one that is here already is never changed. Throws RepositoryError. */
export async function fetchRefs(
  git: Git,
  remote: string,
  refs: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  const checked = [];
  for (const ref of refs) checked.push(await checkRef(git, ref, signal));
  if (checked.length === 0) return;
  const words = checked.map(ref => `${ref}:${ref}`);
  await git.text(
    ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--', checkRemote(remote), ...words],
    {
      signal,
      timeoutMs: networkTimeoutMs,
      alone: true,
    },
  );
}

/**
 * Pushes a commit to a branch of a remote: never by force, so that nothing of others is lost; the user's own pre-push
 * hook runs, as it would for them. A refusal is an answer, not an error.
 */
export async function push(
  git: Git,
  remote: string,
  sha: string,
  branch: string,
  signal?: AbortSignal,
): Promise<PushResult> {
  return pushRef(git, remote, sha, `refs/heads/${await checkBranchName(git, branch, signal)}`, signal);
}

/** `push` for any full ref name. */
export async function pushRef(
  git: Git,
  remote: string,
  oid: string,
  ref: string,
  signal?: AbortSignal,
): Promise<PushResult> {
  const checked = await checkRef(git, ref, signal);
  if (await isMirror(git, remote, signal)) return mirrored(remote);
  const result = await git.result(
    ['push', '--porcelain', '--', checkRemote(remote), `${checkObjectId(oid)}:${checked}`],
    {signal, hooks: 'user', timeoutMs: networkTimeoutMs, alone: true, accept: [0, 1, 128]},
  );
  return readPush(result, ref, oid);
}

/**
 * The same with push options, by which a forge opens a pull request: to a branch, or to AGit's `refs/for/BRANCH`. `answer`
 * is what the remote said, which names the page.
 */
export async function pushWithOptions(
  git: Git,
  remote: string,
  sha: string,
  {ref, options}: {ref: string; options: readonly string[]},
  signal?: AbortSignal,
): Promise<PushResult & {answer: string}> {
  const [, place = '', name = ''] = /^refs\/(heads|for)\/(.+)$/.exec(ref) ?? [];
  const checked = `refs/${place}/${await checkBranchName(git, name, signal)}`;
  if (await isMirror(git, remote, signal)) return {...mirrored(remote), answer: ''};
  const result = await git.result(
    [
      'push',
      '--porcelain',
      ...options.map(option => `--push-option=${option}`),
      '--',
      checkRemote(remote),
      `${checkObjectId(sha)}:${checked}`,
    ],
    {signal, hooks: 'user', timeoutMs: networkTimeoutMs, alone: true, accept: [0, 1, 128]},
  );
  const answer = plain(result.stderr);
  // git ends the conversation over it, which looks like a lost one.
  if (/does not support push options/.test(answer))
    return {pushed: false, reason: 'refused', message: 'it takes no push options', answer};
  return {...readPush(result, checked, sha), answer};
}

function mirrored(remote: string): PushResult & {pushed: false} {
  const message = `it is mirrored here (remote.${remote}.fetch): a push would also set your own branches to what it has`;
  return {pushed: false, reason: 'refused', message};
}

/** What `git push --porcelain` answered for one ref. */
export function readPush(
  result: {exitCode: number; stdout: string; stderr: string},
  ref: string,
  sha: string,
): PushResult {
  // <flag> TAB <from>:<to> TAB <summary>, where the flag `!` is a refusal: gitglossary's "porcelain" of git-push(1).
  const answer = /^(.)\t[^\t]*\t(.*)$/m.exec(result.stdout);
  if (result.exitCode === 0) return {pushed: true, ref, sha};
  const summary = answer?.[1] === '!' ? plain(answer[2] ?? '') : '';
  const words = gitWords(result.stderr);
  if (/^\[rejected\]/.test(summary) || /cannot lock ref|failed to update ref/.test(summary)) {
    return {
      pushed: false,
      reason: 'moved',
      message: `${ref.replace(/^refs\/(heads|tags|for)\//, '')} has moved on the remote`,
    };
  }
  if (summary !== '') {
    return {pushed: false, reason: 'refused', message: refusal(words, summary)};
  }
  if (isUnauthorized(words)) return {pushed: false, reason: 'unauthorized', message: ownWords(words)};
  const failure = gitFailure('git push', result.stderr);
  if (failure.reason === 'unreachable')
    return {pushed: false, reason: 'unreachable', message: ownWords(words)};
  return {pushed: false, reason: 'refused', message: ownWords(words)};
}

/** What a hook of the remote said, and git's one-word reason. */
function refusal(words: string, summary: string): string {
  const said = words
    .split('\n')
    .filter(line => line.startsWith('remote:'))
    .map(line => line.slice('remote:'.length).trim())
    .filter(line => line !== '');
  const reason = /\((.*)\)$/.exec(summary)?.[1] ?? summary;
  return [...said, reason].join('\n');
}

function ownWords(words: string): string {
  const lines = words.split('\n').filter(line => !/^(hint:|error: failed to push some refs|To )/.test(line));
  return lines.map(line => line.replace(/^(fatal|error|remote): ?/, '')).join('\n') || 'git push failed';
}
