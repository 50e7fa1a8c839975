import {lstat, readFile, readlink, realpath} from 'node:fs/promises';
import path from 'node:path';
import {RepositoryError} from './error.ts';
import {exportFiles} from './export.ts';
import {checkFolder, type Git, isObjectId} from './git.ts';
import {byPath, readBlobs} from './tree.ts';
import type {Tree, TreeEntry} from './types.ts';

/**
 * The working tree as it is on disk: tracked files, and untracked ones that are not ignored. What a sparse checkout keeps
 * off the disk comes from the index, so that it is not taken for deleted. The oid of a file on disk is a stamp that
 * changes with it, not a hash.
 */
export function worktreeTree(git: Git, bare: boolean): Tree {
  if (bare) throw new RepositoryError('unknown-path', 'a bare repository has no working tree');
  const list = (folder: string, signal?: AbortSignal) => listWorktree(git, folder, signal);
  const read = (entries: readonly TreeEntry[], signal?: AbortSignal) => readWorktree(git, entries, signal);
  return {
    revision: 'worktree',
    list,
    submodules: async (folder, signal) => {
      const inside = checkFolder(folder);
      const output = await git.text(['ls-files', '-z', '--stage', ...(inside === '' ? [] : ['--', inside])], {
        signal,
      });
      return output.split('\0').flatMap(record => /^160000 [0-9a-f]+ \d\t([\s\S]+)$/.exec(record)?.[1] ?? []);
    },
    read,
    export: async (destination, signal) => {
      const entries = await list('', signal);
      const batches: TreeEntry[][] = [];
      for (let start = 0; start < entries.length; start += 1000)
        batches.push(entries.slice(start, start + 1000));
      return exportFiles(destination, batches, batch => read(batch, signal), signal);
    },
  };
}

async function listWorktree(git: Git, folder: string, signal: AbortSignal | undefined): Promise<TreeEntry[]> {
  const inside = checkFolder(folder);
  const below = inside === '' ? [] : ['--', inside];
  const [tracked, untracked] = await Promise.all([
    git.text(['ls-files', '-z', '--cached', '--stage', '-t', ...below], {signal}),
    git.text(['ls-files', '-z', '--others', '--exclude-standard', ...below], {signal}),
  ]);
  const entries: TreeEntry[] = [];
  const onDisk = new Set(untracked.split('\0').filter(name => name !== '' && !name.endsWith('/')));
  for (const record of tracked.split('\0')) {
    const [, tag, mode, oid, name] = /^(\S) (\d{6}) ([0-9a-f]+) \d\t([\s\S]+)$/.exec(record) ?? [];
    if (mode === undefined || oid === undefined || name === undefined || mode === '160000') continue;
    if (tag === 'S') entries.push({path: name, mode, oid});
    else onDisk.add(name);
  }
  const real = new Map<string, Promise<boolean>>();
  const found = await Promise.all([...onDisk].map(name => statEntry(git.folder, name, real)));
  entries.push(...found.filter(entry => entry !== undefined));
  const prefix = inside === '' ? '' : `${inside}/`;
  return entries.filter(entry => entry.path.startsWith(prefix)).sort(byPath);
}

/** The entry of a file on disk; undefined where it is gone, no file, or reached through a linked folder. */
async function statEntry(
  root: string,
  name: string,
  real: Map<string, Promise<boolean>>,
): Promise<TreeEntry | undefined> {
  const folder = path.posix.dirname(name);
  const isReal = real.get(folder) ?? isRealFolder(root, folder);
  real.set(folder, isReal);
  if (!(await isReal)) return undefined;
  const found = await lstat(path.join(root, name), {bigint: true}).catch(() => undefined);
  if (found === undefined || (!found.isFile() && !found.isSymbolicLink())) return undefined;
  const mode = found.isSymbolicLink() ? '120000' : found.mode & 0o100n ? '100755' : '100644';
  return {path: name, mode, oid: `disk-${found.ino}-${found.size}-${found.mtimeNs}-${found.ctimeNs}`};
}

async function isRealFolder(root: string, folder: string): Promise<boolean> {
  try {
    const [realRoot, realFolder] = await Promise.all([realpath(root), realpath(path.join(root, folder))]);
    return realFolder === path.join(realRoot, folder);
  } catch {
    return false;
  }
}

async function readWorktree(
  git: Git,
  entries: readonly TreeEntry[],
  signal: AbortSignal | undefined,
): Promise<Map<string, Buffer>> {
  const contents = await readBlobs(
    git,
    entries.filter(entry => isObjectId(entry.oid)),
    signal,
  );
  for (const entry of entries) {
    signal?.throwIfAborted();
    if (isObjectId(entry.oid)) continue;
    contents.set(entry.path, await readEntry(git.folder, entry));
  }
  return contents;
}

async function readEntry(root: string, entry: TreeEntry): Promise<Buffer> {
  const file = path.join(root, checkFolder(entry.path));
  try {
    return entry.mode === '120000' ? Buffer.from(await readlink(file)) : await readFile(file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new RepositoryError('unknown-path', `${entry.path} can't be read: ${why}`, {cause: error});
  }
}
