import {checkObjectId, pathArguments} from './git.ts';
import {readBlobs} from './tree.ts';
import type {Repository, Tree, TreeEntry} from './types.ts';

/** A file as it was before a commit changed or deleted it. */
export interface FormerFile extends TreeEntry {
  /** The commit that changed or deleted it. */
  until: string;
}

/**
 * Files below a folder as they were before the latest commits that touch it (first parents only), newest first. What
 * `from` still holds somewhere, unchanged or moved, is left out, and what a kustomization reads: it is no manifest by
 * itself. Throws RepositoryError.
 */
export async function formerFiles(
  repository: Pick<Repository, 'git' | 'tree'>,
  options: {from: string; path: string; limit: number},
  signal?: AbortSignal,
): Promise<FormerFile[]> {
  const {from, path, limit} = options;
  const [output, now] = await Promise.all([
    repository.git.text(
      [
        'log',
        '-z',
        '--raw',
        '--no-abbrev',
        '--no-renames',
        '--first-parent',
        '-m',
        '--no-show-signature',
        '--format=%x01%H',
        `--max-count=${limit}`,
        checkObjectId(from),
        ...pathArguments(path),
      ],
      {signal},
    ),
    repository.tree(from).list('', signal),
  ]);
  const still = new Set(now.map(({oid}) => oid));
  const former = parseRawLog(output).filter(({oid}) => !still.has(oid));
  const built = kustomizationFolders([...now, ...former]);
  return former.filter(file => !built.some(folder => file.path.startsWith(folder)));
}

/**
 * The former files as a tree, so that a source can read them: each below a folder of its commit (`<sha>/<path>`), as two
 * commits may have changed one file.
 */
export function formerTree(
  repository: Pick<Repository, 'git'>,
  revision: string,
  files: readonly FormerFile[],
): Tree {
  const entries = files.map(({until, path, mode, oid}) => ({path: `${until}/${path}`, mode, oid}));
  return {
    revision,
    list: async () => entries,
    read: (wanted, signal) => readBlobs(repository.git, wanted, signal),
    export: () => Promise.reject(new Error('former files are no whole tree')),
  };
}

/** `git log -z --raw`: a commit's mark and SHA, then `:modes oids status` and a path for each file. */
export function parseRawLog(output: string): FormerFile[] {
  const files: FormerFile[] = [];
  const tokens = output.split('\0');
  let until = '';
  for (let index = 0; index < tokens.length; index++) {
    const token = (tokens[index] ?? '').trimStart();
    if (token.startsWith('\u0001')) {
      until = token.slice(1).trim();
      continue;
    }
    const [, mode, oid] = /^:(\d{6}) \d{6} ([0-9a-f]+) [0-9a-f]+ [DMT]$/.exec(token) ?? [];
    const path = tokens[index + 1];
    if (token.startsWith(':')) index++;
    // Symbolic links are never followed.
    if (mode === undefined || oid === undefined || path === undefined || !mode.startsWith('100')) continue;
    files.push({path, mode, oid, until});
  }
  return files;
}

function kustomizationFolders(entries: readonly TreeEntry[]): string[] {
  return entries.flatMap(({path}) => {
    const match = /^(.*\/)?(?:kustomization\.ya?ml|Kustomization)$/.exec(path);
    return match === null ? [] : [match[1] ?? ''];
  });
}
