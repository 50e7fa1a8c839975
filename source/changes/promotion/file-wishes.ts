import {editTree} from '../../repository/change/edit.ts';
import {graftTree, treeAt} from '../../repository/change/graft.ts';
import {checkObjectId} from '../../repository/git.ts';
import {secretFiles} from '../../repository/secret-files.ts';
import type {FileChange, Repository, TreeEntry} from '../../repository/types.ts';
import {type FileDifference, fileDifferences} from './files.ts';
import type {PromotionWish} from './items.ts';
import {ownKept} from './own-lines.ts';
import type {LoadedSide} from './sides.ts';
import type {PromotionItem} from './types.ts';

/**
 * The files in which the folders of two environments differ, each to be taken as the source has it. What of the
 * target's kustomization is its own (namespace, prefix and suffix of names) stays. Only objects are written. Throws
 * RepositoryError.
 */
export async function fileWishes(
  repository: Repository,
  source: LoadedSide,
  target: LoadedSide,
  isOneTree: boolean,
  signal?: AbortSignal,
): Promise<PromotionWish[]> {
  const differences = fileDifferences(
    {folder: source.environment.path, entries: source.entries},
    {folder: target.environment.path, entries: target.entries},
    isOneTree,
  );
  if (differences === undefined || differences.length === 0) return [];
  const [theirs, ours] = await Promise.all([
    source.tree.read(entriesOf(differences, 'source'), signal),
    target.tree.read(entriesOf(differences, 'target'), signal),
  ]);
  const places = differences.map((difference): FilePlace => {
    const {path} = difference;
    const file = target.environment.path === '' ? path : `${target.environment.path}/${path}`;
    const [from, to] = [theirs.get(difference.source?.path ?? ''), ours.get(difference.target?.path ?? '')];
    const isOwn = file === target.kustomization && from !== undefined && to !== undefined;
    return {...difference, file, from, to, ...(isOwn ? ownKept(file, from, to) : {content: from ?? null})};
  });
  const {git} = repository;
  const base = checkObjectId((await treeAt(git, target.revision, '', signal)) ?? '');
  const folder = await treeAt(git, source.revision, source.environment.path, signal);
  const grafted =
    folder === null ? base : await graftTree(git, base, target.environment.path, folder, signal);
  // What stays of the target's own is the one text that git has not got yet.
  const own = new Map(
    places.flatMap(({file, from, content}) =>
      content === null || content === from ? [] : [[file, content]],
    ),
  );
  const result = await editTree(git, grafted, own, signal);
  const [changes, patch, secret] = await Promise.all([
    repository.changes(base, result, '', signal),
    repository.diff(base, result, '', signal),
    secretFiles(
      git,
      [target.revision, source.revision],
      places.flatMap(place => [place.file, place.source?.path ?? place.file]),
      signal,
    ),
  ]);
  const patches = sections(patch, changes);
  return places.flatMap(place => {
    const change = changes.find(({path}) => path === place.file);
    // Equal but for what stays.
    if (change === undefined && whyNot(place) === null) return [];
    const item = fileItem(
      place,
      change,
      holdsSecrets(place) || secret.has(place.file) || secret.has(place.source?.path ?? ''),
    );
    const shown = patches.get(place.file);
    return [
      {
        item: shown === undefined ? item : {...item, patch: shown},
        change: {kind: 'file', path: place.file, content: place.content},
      },
    ];
  });
}

interface FilePlace extends FileDifference {
  /** In the target, from the repository's root. */
  file: string;
  from: Buffer | undefined;
  to: Buffer | undefined;
  /** What the target's file becomes; null where it goes. */
  content: string | Uint8Array | null;
  notes?: readonly string[];
}

const link = '120000';

function whyNot({source, target}: FileDifference): string | null {
  return source?.mode === link || target?.mode === link
    ? 'it is a symbolic link: which is not followed, nor promoted'
    : null;
}

function entriesOf(differences: readonly FileDifference[], side: 'source' | 'target'): TreeEntry[] {
  return differences.flatMap(difference => difference[side] ?? []);
}

function fileItem(place: FilePlace, change: FileChange | undefined, isSecret: boolean): PromotionItem {
  const {file, path, source, target, notes = []} = place;
  const lines = change === undefined || change.binary ? 'binary' : `+${change.added} -${change.removed}`;
  return {
    id: `files:${file}`,
    group: 'files',
    subject: file,
    application: path,
    what: source === null ? 'only here: would go' : target === null ? 'new' : lines,
    now: null,
    wanted: null,
    source: source === null ? null : {file: source.path, line: 1},
    target: {file, line: 1},
    own: source === null ? 'the other environment has none: it would be deleted' : null,
    refused: whyNot(place) ?? (isSecret ? 'it holds Secrets, whose values are not promoted' : null),
    notes,
    byDefault: false,
  };
}

/** A quick look: whether a text of a Secret may be in one of the two. */
function holdsSecrets({from, to}: FilePlace): boolean {
  return [from, to].some(
    bytes => bytes !== undefined && /\bkind["']?\s*:\s*["']?Secret\b/.test(bytes.toString('utf8')),
  );
}

/** The part of a patch for each file. */
function sections(patch: string, changes: readonly FileChange[]): Map<string, string> {
  const parts = patch.split(/^(?=diff --git )/m);
  return new Map(
    changes.flatMap(({path}) => {
      const part = parts.find(text => text.startsWith(`diff --git a/${path} b/${path}\n`));
      return part === undefined ? [] : [[path, part] as const];
    }),
  );
}
