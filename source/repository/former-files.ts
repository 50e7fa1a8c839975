import {checkFolder, checkObjectId} from './git.ts';
import {readBlobs} from './tree.ts';
import type {Repository, Tree, TreeEntry} from './types.ts';

/** A file as it was before a commit changed or deleted it. */
export interface FormerFile extends TreeEntry {
  /** The commit that changed or deleted it. */
  until: string;
}

/** What a commit did to a file, against its first parent. */
export interface FormerChange {
  path: string;
  /** The file before; null where the commit added it, or where it was a link or a submodule. */
  before: TreeEntry | null;
  /** The object ID of the file after, null where the commit deleted it. */
  after: string | null;
}

/** A commit of a branch's own history. */
export interface FormerCommit {
  sha: string;
  /** Its first parent; null for a first commit, and where older ones were not fetched. */
  parent: string | null;
  changes: FormerChange[];
}

/** The latest commits that touch some paths (first parents only), newest first. Throws RepositoryError. */
export async function formerCommits(
  repository: Pick<Repository, 'git'>,
  options: {from: string; paths: readonly string[]; limit: number},
  signal?: AbortSignal,
): Promise<FormerCommit[]> {
  const {from, paths, limit} = options;
  const checked = paths.map(checkFolder);
  const output = await repository.git.text(
    [
      'log',
      '-z',
      '--raw',
      '--no-abbrev',
      '--no-renames',
      '--first-parent',
      '-m',
      '--no-show-signature',
      '--format=%x01%H %P',
      `--max-count=${limit}`,
      checkObjectId(from),
      ...(checked.includes('') ? [] : ['--', ...checked]),
    ],
    {signal},
  );
  return parseRawLog(output);
}

/**
 * The files of commits as they were before, newest first. What the tree of `now` still holds somewhere, unchanged or moved,
 * is left out, and what a kustomization reads: it is no manifest by itself.
 */
export function formerFiles(commits: readonly FormerCommit[], now: readonly TreeEntry[]): FormerFile[] {
  const still = new Set(now.map(({oid}) => oid));
  const former = commits
    .flatMap(({sha, changes}) =>
      changes.flatMap(({before}): FormerFile[] => (before === null ? [] : [{...before, until: sha}])),
    )
    .filter(({oid}) => !still.has(oid));
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

/** `git log -z --raw`: a commit's mark, SHA and parents, then `:modes oids status` and a path for each file. */
function parseRawLog(output: string): FormerCommit[] {
  const commits: FormerCommit[] = [];
  const tokens = output.split('\0');
  for (let index = 0; index < tokens.length; index++) {
    const token = (tokens[index] ?? '').trimStart();
    if (token.startsWith('\u0001')) {
      const [sha = '', parent = null] = token.slice(1).trim().split(' ');
      commits.push({sha, parent, changes: []});
    }
    if (!token.startsWith(':')) continue;
    index++;
    const [, mode = '', oid = '', after = '', status] =
      /^:(\d{6}) \d{6} ([0-9a-f]+) ([0-9a-f]+) ([ADMT])$/.exec(token) ?? [];
    const path = tokens[index];
    if (status === undefined || path === undefined) continue;
    // Symbolic links are never followed.
    const before = mode.startsWith('100') ? {path, mode, oid} : null;
    commits.at(-1)?.changes.push({path, before, after: status === 'D' ? null : after});
  }
  return commits;
}

function kustomizationFolders(entries: readonly TreeEntry[]): string[] {
  return entries.flatMap(({path}) => {
    const match = /^(.*\/)?(?:kustomization\.ya?ml|Kustomization)$/.exec(path);
    return match === null ? [] : [match[1] ?? ''];
  });
}
