import {RepositoryError} from '../error.ts';
import {checkFolder, checkObjectId, type Git} from '../git.ts';
import type {ChangePlan, Repository} from '../types.ts';
import {findBase} from './base.ts';
import {finishPlan} from './finish.ts';
import {treeAt, writeTree} from './graft.ts';

/** New contents of files by path from the root; null deletes a file. */
export type Edits = ReadonlyMap<string, string | Uint8Array | null>;

/** A change that is made of file contents. */
export interface EditWish {
  /** The folder that it is about, '' for all. */
  path: string;
  /** Local name of the branch that it goes to. */
  branch: string;
  /** The message's subject and text, without trailers. */
  words: string;
  trailers: readonly string[];
  warnings?: readonly string[];
}

/**
 * Plans one new commit that gives files other contents. `edit` makes them of the branch's tip, whose files it reads by
 * `repository.tree(base)`: the tip may be newer than what the screen shows. Only objects are written: no index, no
 * checkout. A file keeps its mode; a new one is an ordinary file. Throws RepositoryError, and what `edit` throws.
 */
export async function planEdits(
  repository: Repository,
  wish: EditWish,
  edit: (base: string) => Promise<Edits>,
  signal?: AbortSignal,
): Promise<ChangePlan> {
  const base = await findBase(repository, wish.branch, signal);
  const edits = await edit(base.sha);
  const tip = checkObjectId((await treeAt(repository.git, base.sha, '', signal)) ?? '');
  const resultTree = await editTree(repository.git, tip, edits, signal);
  return finishPlan(repository, base, {...wish, resultTree}, signal);
}

/**
 * Writes a tree in which files have other contents, and gives its ID. Folders come and go with their files. Throws
 * RepositoryError where a path leads through a file, or where a symbolic link or submodule stands: those are no files.
 */
export async function editTree(git: Git, tree: string, edits: Edits, signal?: AbortSignal): Promise<string> {
  const blobs = new Map<string, string | null>();
  for (const [path, content] of edits) {
    const clean = checkFolder(path);
    if (clean === '' || clean.split('/').some(part => part.toLowerCase() === '.git'))
      throw new RepositoryError('unknown-path', `"${path}" is no path for a file of a repository`);
    blobs.set(clean, content === null ? null : await writeBlob(git, content, signal));
  }
  return (await graftBlobs(git, checkObjectId(tree), blobs, '', signal)) ?? writeTree(git, [], signal);
}

/** The tree with the blobs in it; null where nothing is left of it. */
async function graftBlobs(
  git: Git,
  tree: string | null,
  blobs: ReadonlyMap<string, string | null>,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  const records = new Map<string, string>();
  const listing = tree === null ? '' : await git.text(['ls-tree', '-z', '--full-tree', tree], {signal});
  for (const record of listing.split('\0')) {
    if (record !== '') records.set(record.slice(record.indexOf('\t') + 1), record);
  }
  const below = new Map<string, Map<string, string | null>>();
  for (const [path, blob] of blobs) {
    const [name = '', ...rest] = path.split('/');
    if (rest.length === 0) place(records, name, blob, `${folder}${name}`);
    else below.set(name, (below.get(name) ?? new Map()).set(rest.join('/'), blob));
  }
  for (const [name, inner] of below) {
    const known = records.get(name);
    const [, oid] = /^\d{6} tree ([0-9a-f]+)\t/.exec(known ?? '') ?? [];
    if (known !== undefined && oid === undefined) {
      // Deleting below something that is no folder deletes nothing.
      if ([...inner.values()].every(blob => blob === null)) continue;
      throw new RepositoryError('unknown-path', `${folder}${name} is no folder: nothing can be put below it`);
    }
    const grafted = await graftBlobs(git, oid ?? null, inner, `${folder}${name}/`, signal);
    if (grafted === null) records.delete(name);
    else records.set(name, `040000 tree ${grafted}\t${name}`);
  }
  return records.size === 0 ? null : writeTree(git, [...records.values()], signal);
}

/** Puts a blob where a file stands or nothing does; takes a file away. */
function place(records: Map<string, string>, name: string, blob: string | null, path: string): void {
  const known = records.get(name);
  const [, mode = '100644'] = /^(\d{6}) /.exec(known ?? '') ?? [];
  if (mode !== '100644' && mode !== '100755') {
    const what = mode === '120000' ? 'a symbolic link' : mode === '160000' ? 'a submodule' : 'a folder';
    throw new RepositoryError('unknown-path', `${path} is ${what}: it can't be written as a file`);
  }
  if (blob === null) records.delete(name);
  else records.set(name, `${mode} blob ${blob}\t${name}`);
}

async function writeBlob(
  git: Git,
  content: string | Uint8Array,
  signal: AbortSignal | undefined,
): Promise<string> {
  // Without --path no attribute of the repository applies: the bytes are what they are.
  return checkObjectId((await git.text(['hash-object', '-w', '--stdin'], {input: content, signal})).trim());
}
