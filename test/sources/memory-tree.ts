import {exportFiles} from '../../source/repository/export.ts';
import type {Tree, TreeEntry} from '../../source/repository/types.ts';

/** A tree from file contents; `link:target` makes a symbolic link. For tests of what is done with a tree, not of git. */
export function memoryTree(files: Record<string, string>): Tree {
  const entries: TreeEntry[] = Object.entries(files)
    .map(([path, content]) => ({path, mode: content.startsWith('link:') ? '120000' : '100644', oid: path}))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const list = async (folder: string) =>
    entries.filter(({path}) => folder === '' || path.startsWith(`${folder}/`));
  const read = async (wanted: readonly TreeEntry[]) =>
    new Map(wanted.map(({path}) => [path, Buffer.from((files[path] ?? '').replace(/^link:/, ''))] as const));
  return {
    revision: 'c0ffee0000000000000000000000000000000000',
    list,
    read,
    export: destination => exportFiles(destination, [entries], read),
  };
}
