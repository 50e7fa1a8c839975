import {RepositoryError} from './error.ts';
import {exportFiles} from './export.ts';
import {checkFolder, checkObjectId, type Git} from './git.ts';
import {fetchMissing, promisorOf} from './partial.ts';
import type {Tree, TreeEntry} from './types.ts';

/** An entry with its size in bytes, guessed in a partial clone: git would fetch each file to tell it. */
export interface SizedEntry extends TreeEntry {
  size: number;
}

/** So many bytes of files are asked of git at once: what one answer holds in memory. */
const batchBytes = 64 * 1024 * 1024;
const guessedBytes = 64 * 1024;

/** The files of a commit, read from git's objects: no checkout, no filters, links are data. What it listed it keeps. */
export function revisionTree(git: Git, revision: string): Tree {
  const commit = checkObjectId(revision);
  let all: SizedEntry[] | undefined;
  /** By the folder that was listed: who lists it asks for them next. */
  const submodules = new Map<string, string[]>();
  return {
    revision: commit,
    list: async (folder, signal) => {
      const inside = checkFolder(folder);
      let entries = all?.filter(({path}) => inside === '' || path.startsWith(`${inside}/`));
      if (entries === undefined) {
        const found = await listTree(git, commit, inside, signal);
        submodules.set(inside, found.submodules);
        entries = found.files;
      }
      if (inside === '') all = entries;
      return entries.map(({path, mode, oid}) => ({path, mode, oid}));
    },
    submodules: async (folder, signal) => {
      const inside = checkFolder(folder);
      return submodules.get(inside) ?? (await listTree(git, commit, inside, signal)).submodules;
    },
    read: (entries, signal) => readBlobs(git, entries, signal),
    export: async (destination, signal) => {
      const entries = all ?? (await listSized(git, commit, '', signal));
      return exportFiles(destination, batches(entries), batch => readBlobs(git, batch, signal), signal);
    },
  };
}

/** Regular files and symbolic links below a folder of a commit or tree, sorted by path. */
export async function listSized(
  git: Git,
  revision: string,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<SizedEntry[]> {
  return (await listTree(git, revision, folder, signal)).files;
}

async function listTree(
  git: Git,
  revision: string,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<{files: SizedEntry[]; submodules: string[]}> {
  const below = folder === '' ? [] : ['--', `${folder}/`];
  const sizes = (await promisorOf(git)) === null ? ['--long'] : [];
  const output = await git.text(['ls-tree', '-r', '-z', ...sizes, '--full-tree', revision, ...below], {
    signal,
  });
  const entries: SizedEntry[] = [];
  const submodules: string[] = [];
  for (const record of output.split('\0')) {
    const [, submodule] = /^160000 commit [0-9a-f]+(?: +-)?\t([\s\S]+)$/.exec(record) ?? [];
    if (submodule !== undefined) submodules.push(submodule);
    const [, mode, oid, size, path] = /^(\d{6}) blob ([0-9a-f]+)(?: +(\d+))?\t([\s\S]+)$/.exec(record) ?? [];
    if (mode === undefined || oid === undefined || path === undefined) continue;
    entries.push({path, mode, oid, size: size === undefined ? guessedBytes : Number(size)});
  }
  return {files: entries.sort(byPath), submodules: submodules.sort()};
}

/** Plain code unit order: the same on every machine. */
export function byPath(a: {path: string}, b: {path: string}): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

function batches(entries: readonly SizedEntry[]): SizedEntry[][] {
  const found: SizedEntry[][] = [];
  let room = 0;
  for (const entry of entries) {
    if (entry.size > room) {
      found.push([]);
      room = Math.max(batchBytes, entry.size);
    }
    found.at(-1)?.push(entry);
    room -= entry.size;
  }
  return found;
}

/** The bytes of files by path, with one git process for all of them. Throws RepositoryError. */
export async function readBlobs(
  git: Git,
  entries: readonly TreeEntry[],
  signal?: AbortSignal,
): Promise<Map<string, Buffer>> {
  const contents = new Map<string, Buffer>();
  if (entries.length === 0) return contents;
  const unique = [...new Set(entries.map(entry => checkObjectId(entry.oid)))];
  await fetchMissing(git, unique, signal);
  const output = await git.bytes(['cat-file', '--batch'], {input: `${unique.join('\n')}\n`, signal});
  const blobs = parseBatch(output);
  for (const {path, oid} of entries) {
    const blob = blobs.get(oid);
    if (blob === undefined) throw new RepositoryError('unknown-path', `${path} is not in the repository`);
    contents.set(path, blob);
  }
  return contents;
}

/** `git cat-file --batch`: `<oid> <type> <size>`, the bytes, a line end; or `<oid> missing`. Gives those of one type. */
export function parseBatch(output: Buffer, wanted: 'blob' | 'commit' = 'blob'): Map<string, Buffer> {
  const blobs = new Map<string, Buffer>();
  let at = 0;
  while (at < output.length) {
    const end = output.indexOf(0x0a, at);
    if (end === -1) break;
    const [oid = '', type, size] = output.toString('latin1', at, end).split(' ');
    at = end + 1;
    if (size === undefined) continue;
    const length = Number(size);
    if (type === wanted) blobs.set(oid, output.subarray(at, at + length));
    at += length + 1;
  }
  return blobs;
}
