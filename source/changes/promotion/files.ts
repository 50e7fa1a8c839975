import type {TreeEntry} from '../../repository/types.ts';

/** A file in which the folders of two environments differ. */
export interface FileDifference {
  /** Relative to the environment's folder. */
  path: string;
  source: TreeEntry | null;
  target: TreeEntry | null;
}

/**
 * The files in which the folders of two environments differ, by their path within the folder, sorted. Undefined where one
 * folder lies within the other: then no file of it is one environment's alone.
 */
export function fileDifferences(
  source: {folder: string; entries: readonly TreeEntry[]},
  target: {folder: string; entries: readonly TreeEntry[]},
  isOneTree: boolean,
): FileDifference[] | undefined {
  if (isOneTree && (holds(source.folder, target.folder) || holds(target.folder, source.folder)))
    return undefined;
  const [left, right] = [byRelativePath(source), byRelativePath(target)];
  const paths = [...new Set([...left.keys(), ...right.keys()])].sort();
  return paths.flatMap(path => {
    const [from, to] = [left.get(path) ?? null, right.get(path) ?? null];
    const isSame = from !== null && to !== null && from.oid === to.oid && from.mode === to.mode;
    return isSame ? [] : [{path, source: from, target: to}];
  });
}

function holds(folder: string, other: string): boolean {
  return folder === '' || folder === other || other.startsWith(`${folder}/`);
}

function byRelativePath({
  folder,
  entries,
}: {
  folder: string;
  entries: readonly TreeEntry[];
}): Map<string, TreeEntry> {
  const start = folder === '' ? 0 : folder.length + 1;
  return new Map(entries.map(entry => [entry.path.slice(start), entry] as const));
}
