import {plainLine} from '../../text/plain.ts';
import {editTree} from '../change/edit.ts';
import {checkObjectId, type Git} from '../git.ts';
import {secretFiles} from '../secret-files.ts';
import {hideSecrets} from '../secret-lines.ts';
import {parseBatch} from '../tree.ts';
import type {Conflict, ResolvableConflict} from '../types.ts';
import {conflictId, firstMarker, type Resolutions} from './resolutions.ts';

/** What `git merge-tree --write-tree -z --messages` prints. */
export interface MergedTree {
  tree: string;
  /** Files in conflict with their versions: `mode oid` by stage (1 is the common one, 2 and 3 the sides). */
  stages: Map<string, Map<number, string>>;
  messages: {paths: string[]; type: string; text: string}[];
}

/** Reads the output of merge-tree. Throws RepositoryError where it is none. */
export function parseMergeTree(output: string): MergedTree {
  const [tree = '', ...records] = output.split('\0');
  const end = records.indexOf('');
  const stages = new Map<string, Map<number, string>>();
  for (const record of end === -1 ? records : records.slice(0, end)) {
    const [, version = '', stage, path] = /^(\d{6} [0-9a-f]+) ([123])\t([\s\S]+)$/.exec(record) ?? [];
    if (path !== undefined) stages.set(path, (stages.get(path) ?? new Map()).set(Number(stage), version));
  }
  const messages = [];
  const rest = end === -1 ? [] : records.slice(end + 1);
  for (let at = 0; at < rest.length; ) {
    const count = Number.parseInt(rest[at] ?? '', 10);
    if (Number.isNaN(count)) break;
    const paths = rest.slice(at + 1, at + 1 + count);
    messages.push({
      paths,
      type: rest[at + 1 + count] ?? '',
      text: (rest[at + 2 + count] ?? '').trimEnd(),
    });
    at += 3 + count;
  }
  return {tree: checkObjectId(tree), stages, messages};
}

/** Conflicts that the user has resolved, and where what they wrote is. */
export interface Resolved {
  ids: readonly string[];
  store: Resolutions;
}

/**
 * The conflicts of a merge that are left when what the user has resolved is put in, the tree that it makes, and which
 * resolutions had a part in it. `undone` is the commit that is undone, in words. Throws RepositoryError.
 */
export async function settleConflicts(
  git: Git,
  merged: MergedTree,
  undone: string,
  resolved: Resolved,
  signal?: AbortSignal,
): Promise<{tree: string; conflicts: Conflict[]; used: string[]}> {
  const heading = `while reverting ${undone}`;
  const edits = new Map<string, Buffer | null>();
  const conflicts: Conflict[] = [];
  const used: string[] = [];
  for (const [path, stages] of merged.stages) {
    const {shown, resolve, marked} = await describe(git, merged, path, stages, undone, signal);
    if (resolve === null) {
      conflicts.push({path, hunks: `${heading}\n${shown}`});
      continue;
    }
    const written = await resolved.store.read(resolve);
    const note = written === undefined ? null : leftIn(written, marked);
    if (written !== undefined && note === null && resolved.ids.includes(resolve.id)) {
      edits.set(path, written);
      used.push(resolve.id);
      continue;
    }
    const isResolved = written !== undefined && note === null;
    const told = isResolved ? 'was resolved in your editor before' : note;
    conflicts.push({path, hunks: `${heading}\n${shown}`, resolve: {...resolve, isResolved, note: told}});
  }
  const tree = edits.size === 0 ? merged.tree : await editTree(git, merged.tree, edits, signal);
  return {tree, conflicts, used};
}

/** What keeps a text from being a resolution; null where nothing does. */
function leftIn(written: Buffer | null, marked: string): string | null {
  if (written === null) return null;
  const line = firstMarker(written.toString('utf8'), marked);
  return line === null ? null : `what you wrote still has a conflict marker in line ${line}`;
}

async function describe(
  git: Git,
  merged: MergedTree,
  path: string,
  stages: ReadonlyMap<number, string>,
  undone: string,
  signal: AbortSignal | undefined,
): Promise<{shown: string; resolve: ResolvableConflict | null; marked: string}> {
  const said = merged.messages.filter(message => message.paths.includes(path)).map(message => message.text);
  const words = said.join('\n') || 'it could not be merged';
  const record = await git.text(['ls-tree', '-z', '--full-tree', merged.tree, '--', path], {signal});
  const [, blob] = /^100(?:644|755) blob ([0-9a-f]+)\t/.exec(record) ?? [];
  const isFile = [...stages.values()].every(version => /^100(?:644|755) /.test(version));
  if (blob === undefined || !isFile)
    return {shown: `${words}\nan editor can't resolve this`, resolve: null, marked: ''};
  const marked = withLabels(await textOf(git, blob, signal), undone);
  const deleted = !stages.has(2) || !stages.has(3);
  const hunks = await shownHunks(git, merged.tree, path, marked, signal);
  // What git does not mark (a binary file, a mode) no editor can make whole.
  if (!deleted && firstMarker(marked) === null)
    return {shown: `${words}\nan editor can't resolve this`, resolve: null, marked};
  const id = conflictId(
    path,
    [1, 2, 3].map(stage => stages.get(stage) ?? ''),
  );
  return {
    shown: deleted || hunks === '' ? words : hunks,
    resolve: {id, path, blob, deleted, undone, isResolved: false, note: null},
    marked: deleted ? '' : marked,
  };
}

/** Markers that say what each side is: git names the commits of the merge, which nobody knows. */
export function withLabels(marked: string, undone: string): string {
  return marked
    .replace(/^(<{7}) [0-9a-f]{40,64}$/gm, '$1 as it is now')
    .replace(/^(>{7}) [0-9a-f]{40,64}$/gm, (_, marker: string) => `${marker} without ${plainLine(undone)}`);
}

/** The parts of a merged file between conflict markers, for people; '' where there are none. */
export async function conflictHunks(
  git: Git,
  tree: string,
  path: string,
  signal?: AbortSignal,
): Promise<string> {
  const record = await git.text(['ls-tree', '-z', '--full-tree', tree, '--', path], {signal});
  const [, blob] = /^\d{6} blob ([0-9a-f]+)\t/.exec(record) ?? [];
  return blob === undefined ? '' : shownHunks(git, tree, path, await textOf(git, blob, signal), signal);
}

async function shownHunks(
  git: Git,
  tree: string,
  path: string,
  marked: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  if ((await secretFiles(git, [tree], [path], signal)).has(path)) return 'a file of secrets: not shown';
  return (hideSecrets(marked).match(/^<{7} [\s\S]*?^>{7} .*$/gm) ?? []).join('\n');
}

async function textOf(git: Git, blob: string, signal: AbortSignal | undefined): Promise<string> {
  const output = await git.bytes(['cat-file', '--batch'], {input: `${blob}\n`, signal});
  return parseBatch(output).get(blob)?.toString('utf8') ?? '';
}
