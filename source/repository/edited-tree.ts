import {createHash} from 'node:crypto';
import {exportFiles} from './export.ts';
import {byPath} from './tree.ts';
import type {Tree, TreeEntry} from './types.ts';

/** Files with other contents, by path from the root; null is a file that goes. */
export type FileEdits = ReadonlyMap<string, string | null>;

/** A tree as it would be with some files edited: nothing is written. Modes stay; a new file is an ordinary one. */
export function editedTree(tree: Tree, edits: FileEdits): Tree {
  const edited = new Map<string, {entry: TreeEntry; bytes: Buffer}>();
  for (const [path, text] of edits) {
    if (text === null) continue;
    const bytes = Buffer.from(text);
    // An ID of its own kind: whoever keeps what was parsed of an object must not take this for another.
    const oid = `edited-${createHash('sha256').update(bytes).digest('hex')}`;
    edited.set(path, {entry: {path, mode: '100644', oid}, bytes});
  }
  const list = async (folder: string, signal?: AbortSignal): Promise<TreeEntry[]> => {
    const below = [...edited.values()]
      .map(({entry}) => entry)
      .filter(({path}) => folder === '' || path.startsWith(`${folder}/`));
    const kept: TreeEntry[] = [];
    for (const entry of await tree.list(folder, signal)) {
      const other = edited.get(entry.path);
      if (other !== undefined) other.entry.mode = entry.mode;
      else if (!edits.has(entry.path)) kept.push(entry);
    }
    return [...kept, ...below].sort(byPath);
  };
  const read = async (entries: readonly TreeEntry[], signal?: AbortSignal): Promise<Map<string, Buffer>> => {
    const contents = await tree.read(
      entries.filter(({path}) => !edited.has(path)),
      signal,
    );
    for (const {path} of entries) {
      const bytes = edited.get(path)?.bytes;
      if (bytes !== undefined) contents.set(path, bytes);
    }
    return contents;
  };
  return {
    revision: tree.revision,
    list,
    ...(tree.submodules === undefined ? {} : {submodules: tree.submodules}),
    read,
    export: async (destination, signal) =>
      exportFiles(destination, [await list('', signal)], batch => read(batch, signal), signal),
  };
}
