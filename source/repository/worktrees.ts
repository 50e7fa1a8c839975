import {randomBytes} from 'node:crypto';
import {rmdirSync, rmSync} from 'node:fs';
import {mkdir, readdir, readFile, realpath, rm, stat} from 'node:fs/promises';
import {hostname} from 'node:os';
import path from 'node:path';
import {userCacheFolder} from '../process/cache-folder.ts';
import {isRunning, startOf} from '../process/running.ts';
import {RepositoryError} from './error.ts';
import {checkObjectId, Git, isObjectId, type Setting} from './git.ts';
import {readRef} from './refs.ts';

/** A checkout of our own, which is gone once it is disposed of. */
export interface TemporaryWorktree extends AsyncDisposable {
  readonly path: string;
  /** git in it. */
  readonly git: Git;
}

/** A worktree that a run left behind and that was not removed here, with why. */
export interface Leftover {
  path: string;
  why: string;
}

/** What a sweep did. */
export interface Sweep {
  removed: number;
  /** Branches on which commits were kept that only a removed worktree knew. */
  kept: string[];
  left: Leftover[];
}

/** Worktrees of this process, each with git's own folder of it. */
const here = new Map<string, string>();

/**
 * Checks a tree out in a worktree of its own below the user's caches, HEAD detached at a commit, as if the tree were
 * staged there. No hook and no filter runs: files are as git stores them. It goes with the process at the latest; what one
 * that was killed left behind, `sweepWorktrees` removes. Throws RepositoryError.
 */
export async function makeTemporaryWorktree(
  git: Git,
  commit: string,
  tree: string,
  options: {signal?: AbortSignal | undefined; folder?: string} = {},
): Promise<TemporaryWorktree> {
  const {signal, folder = userCacheFolder('worktrees')} = options;
  await mkdir(folder, {recursive: true, mode: 0o700});
  const place = path.join(await realpath(folder), ownName());
  if (here.size === 0) process.on('exit', removeAll);
  const administration = await administrationOf(git, place, signal);
  here.set(place, administration);
  const inside = new Git(place);
  const worktree: TemporaryWorktree = {
    path: place,
    git: inside,
    async [Symbol.asyncDispose]() {
      await remove(git, place);
      here.delete(place);
      if (here.size === 0) process.off('exit', removeAll);
    },
  };
  try {
    await git.text(
      ['worktree', 'add', '--quiet', '--detach', '--no-checkout', '--', place, checkObjectId(commit)],
      {signal},
    );
    await inside.text(['read-tree', '--reset', '-u', checkObjectId(tree)], {
      signal,
      config: await filtersOff(git, signal),
    });
    return worktree;
  } catch (error) {
    await worktree[Symbol.asyncDispose]();
    throw error;
  }
}

/** The settings that keep the user's filters (git-lfs, git-crypt) from running: nothing is fetched, nothing decrypted. */
export async function filtersOff(git: Git, signal?: AbortSignal): Promise<Setting[]> {
  const output = await git.result(
    ['config', '--name-only', '-z', '--get-regexp', '^filter\\..*\\.(smudge|clean|process|required)$'],
    {signal, accept: [0, 1]},
  );
  const keys = new Set(output.stdout.split('\0').filter(key => key !== ''));
  return [...keys].map((key): Setting => [key, key.endsWith('.required') ? 'false' : '']);
}

/**
 * Removes the worktrees that killed runs of this machine left in this repository; a commit that only such a worktree knew
 * is kept on a branch first. Those of other machines, which may still run, and what can't be removed are named. The
 * user's own worktrees are never touched. Throws RepositoryError.
 */
export async function sweepWorktrees(
  git: Git,
  options: {signal?: AbortSignal | undefined; folder?: string} = {},
): Promise<Sweep> {
  const {signal, folder = userCacheFolder('worktrees')} = options;
  const sweep: Sweep = {removed: 0, kept: [], left: []};
  const output = await git.text(['worktree', 'list', '--porcelain', '-z'], {signal});
  for (const record of output.split('\0\0')) {
    const [, place] = /(?:^|\0)worktree ([^\0]+)/.exec(record) ?? [];
    const owner = place === undefined ? null : ownerOf(place);
    if (place === undefined || owner === null || isAlive(owner)) continue;
    if (owner.host !== ownHost()) {
      const why = `a run on ${owner.host} left it; if none runs there: git worktree remove --force '${place}'`;
      sweep.left.push({path: place, why});
      continue;
    }
    try {
      const [, head = ''] = /\0HEAD ([0-9a-f]+)/.exec(record) ?? [];
      const branch = await keepCommit(git, head, signal);
      if (branch !== null) sweep.kept.push(branch);
      await remove(git, place);
      sweep.removed += 1;
    } catch (error) {
      signal?.throwIfAborted();
      const why = error instanceof Error ? error.message : String(error);
      sweep.left.push({path: place, why: `a killed run left it, and it can't be removed: ${why}`});
    }
  }
  await sweepFolder(folder);
  return sweep;
}

/** Keeps a commit that no ref reaches on a branch. Gives its name, null where the commit is safe without. */
async function keepCommit(git: Git, sha: string, signal: AbortSignal | undefined): Promise<string | null> {
  if (!isObjectId(sha) || /^0+$/.test(sha)) return null;
  const holder = await git.result(['for-each-ref', '--count=1', '--contains', sha, '--format=%(refname)'], {
    signal,
    accept: [0, 1, 128, 129],
  });
  // A commit that is no more can't be kept.
  if (holder.exitCode !== 0 || holder.stdout.trim() !== '') return null;
  const name = `gitops-tui/left-${sha.slice(0, 7)}`;
  const ref = `refs/heads/${name}`;
  if ((await readRef(git, ref, signal)) !== null) return null;
  await git.text(
    ['update-ref', '-m', 'gitops-tui: keep what a killed run made', ref, sha, '0'.repeat(sha.length)],
    {
      signal,
    },
  );
  return name;
}

/** Removes folders whose repository no longer knows them (or is no more): nobody else will. */
async function sweepFolder(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const place = path.join(folder, name);
    const owner = ownerOf(place) ?? ownerOfName(name);
    if (owner === null || owner.host !== ownHost() || isAlive(owner)) continue;
    const link = await readFile(path.join(place, '.git'), 'utf8').catch(() => '');
    const administration = /^gitdir: (.+)$/m.exec(link)?.[1];
    const isKnown = administration !== undefined && (await stat(administration).catch(() => null)) !== null;
    if (!isKnown) await rm(place, {recursive: true, force: true, maxRetries: 3}).catch(() => {});
  }
}

/** Takes a worktree away, whatever is in it. A repository that is gone or locked leaves at least no files behind. */
async function remove(git: Git, place: string): Promise<void> {
  const result = await git.result(['worktree', 'remove', '--force', '--force', '--', place], {
    accept: [0, 1, 128],
  });
  await rm(place, {recursive: true, force: true, maxRetries: 3});
  if (result.exitCode === 0) return;
  // Half-made ones git does not take for worktrees: their folder is known, and nobody else's.
  const administration = here.get(place);
  if (administration !== undefined) removeAdministration(administration);
  else if (!/is not a working tree/.test(result.stderr))
    throw new RepositoryError('git', result.stderr.trim().replace(/^fatal: /, ''));
}

/** Where git keeps what it knows of a worktree of this name; ours are never named alike. */
async function administrationOf(git: Git, place: string, signal: AbortSignal | undefined): Promise<string> {
  const common = await git.text(['rev-parse', '--path-format=absolute', '--git-common-dir'], {signal});
  return path.join(common.replace(/\r?\n$/, ''), 'worktrees', path.basename(place));
}

function removeAll(): void {
  for (const [place, administration] of here) {
    rmSync(place, {recursive: true, force: true, maxRetries: 3});
    removeAdministration(administration);
  }
}

function removeAdministration(administration: string): void {
  rmSync(administration, {recursive: true, force: true, maxRetries: 3});
  try {
    // As git does: the folder is there only while there are worktrees.
    rmdirSync(path.dirname(administration));
  } catch {
    // There are others, or there was none.
  }
}

/** Who made a worktree: its name says it, so that no killed run can have failed to write it down. */
interface Owner {
  host: string;
  pid: number;
  start: string;
}

function ownName(): string {
  const random = randomBytes(6).toString('hex');
  return `gitops-tui.${ownHost()}.${process.pid}.${startOf(process.pid)}.${random}`;
}

function ownHost(): string {
  return (
    hostname()
      .replace(/[^A-Za-z0-9-]+/g, '-')
      .slice(0, 60) || 'localhost'
  );
}

/** The owner of a worktree of ours, by its whole path; null for any other. */
function ownerOf(place: string): Owner | null {
  const parts = place.split(/[\\/]/);
  return parts.at(-2) === 'worktrees' ? ownerOfName(parts.at(-1) ?? '') : null;
}

function ownerOfName(name: string): Owner | null {
  const [, host, pid, start] = /^gitops-tui\.([A-Za-z0-9-]+)\.(\d+)\.(\d+)\.[0-9a-f]{12}$/.exec(name) ?? [];
  return host === undefined || pid === undefined || start === undefined
    ? null
    : {host, pid: Number(pid), start};
}

function isAlive({host, pid, start}: Owner): boolean {
  return host === ownHost() && isRunning(pid) && (start === '0' || startOf(pid) === start);
}
