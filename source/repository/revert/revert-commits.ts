import {findBase} from '../change/base.ts';
import {treeAt} from '../change/graft.ts';
import {shortSha} from '../change/message.ts';
import {RepositoryError} from '../error.ts';
import {checkFolder, checkObjectId, type Git} from '../git.ts';
import {secretFiles} from '../secret-files.ts';
import {hideSecrets} from '../secret-lines.ts';
import {parseBatch} from '../tree.ts';
import type {Commit, Repository, RevertPlan} from '../types.ts';
import {finishRevert, mostUndone, type RevertWish} from './restore.ts';

/**
 * Plans one new commit that undoes the commits to a folder after a commit, newest first, each as `git revert` would (a
 * merge against its first parent), and whole: also what they changed elsewhere. Those whose change is gone already are
 * skipped; at the first conflict it stops and shows it. Only objects are written. Throws RepositoryError.
 */
export async function planRevertCommits(
  repository: Repository,
  wish: RevertWish,
  signal?: AbortSignal,
): Promise<RevertPlan> {
  const {git} = repository;
  const folder = checkFolder(wish.path);
  const base = await findBase(repository, wish.branch, signal);
  const target = await repository.commit(await repository.resolve(wish.target, signal), signal);
  await checkOnBranch(repository, target, base.sha, base.ref, signal);
  const commits = await repository.log(
    {from: base.sha, notReachableFrom: target.sha, path: folder, limit: mostUndone, firstParent: true},
    signal,
  );
  let tip = base.sha;
  let tree = checkObjectId((await treeAt(git, base.sha, '', signal)) ?? '');
  let conflicts: RevertPlan['conflicts'] = [];
  const undone: Commit[] = [];
  for (const commit of commits) {
    const merged = await revertOne(git, tip, commit, signal);
    if (merged.conflicts.length > 0) {
      undone.push(commit);
      conflicts = merged.conflicts;
      break;
    }
    if (merged.tree === tree) continue;
    undone.push(commit);
    tree = merged.tree;
    tip = await syntheticCommit(git, tree, tip, signal);
  }
  return finishRevert(
    repository,
    wish,
    {mode: 'revert-commits', base, target, undone, resultTree: tree, conflicts},
    signal,
  );
}

/** Undoing "the commits after it" needs it to be a step of the branch itself, not of something that was merged into it. */
async function checkOnBranch(
  repository: Repository,
  target: Commit,
  base: string,
  baseRef: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (target.sha === base) return;
  const output = await repository.git.text(['rev-list', '--first-parent', base, `^${target.sha}`], {signal});
  const oldest = output.trim().split('\n').at(-1) ?? '';
  const parent = oldest === '' ? undefined : (await repository.commit(oldest, signal)).parents[0];
  if (parent === target.sha) return;
  throw new RepositoryError(
    'unknown-revision',
    `${shortSha(target.sha)} is not a step of ${baseRef}: its commits can't be undone one by one`,
    {fix: 'restore the folder as of that commit instead, or choose the merge that brought it'},
  );
}

/** A merge that undoes one commit on a tip: between them stands a commit that goes back to the commit's first parent. */
async function revertOne(
  git: Git,
  tip: string,
  commit: Commit,
  signal: AbortSignal | undefined,
): Promise<{tree: string; conflicts: {path: string; hunks: string}[]}> {
  const parent = commit.parents[0];
  const before =
    parent === undefined
      ? (await git.text(['mktree', '-z'], {input: '', signal})).trim()
      : await treeAt(git, parent, '', signal);
  const undo = await syntheticCommit(git, checkObjectId(before ?? ''), commit.sha, signal);
  const result = await git.result(['merge-tree', '--write-tree', '-z', '--messages', tip, undo], {
    signal,
    accept: [0, 1],
  });
  const {tree, files, messages} = parseMergeTree(result.stdout);
  if (result.exitCode === 0) return {tree, conflicts: []};
  const heading = `while reverting ${shortSha(commit.sha)} ${commit.subject}`;
  const conflicts = [];
  for (const path of files) {
    const marked = await conflictHunks(git, tree, path, signal);
    const said = messages.filter(message => message.paths.includes(path)).map(message => message.text);
    const shown = marked === '' ? said.join('\n') || 'it could not be merged' : marked;
    conflicts.push({path, hunks: `${heading}\n${shown}`});
  }
  return {tree, conflicts};
}

/** A commit that nobody sees: only a merge's input. It needs no identity of the user's, and always has the same ID. */
async function syntheticCommit(
  git: Git,
  tree: string,
  parent: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const nobody = {
    GIT_AUTHOR_NAME: 'gitops-tui',
    GIT_AUTHOR_EMAIL: 'gitops-tui@localhost',
    GIT_AUTHOR_DATE: '@0 +0000',
    GIT_COMMITTER_NAME: 'gitops-tui',
    GIT_COMMITTER_EMAIL: 'gitops-tui@localhost',
    GIT_COMMITTER_DATE: '@0 +0000',
  };
  const output = await git.text(['commit-tree', tree, '-p', parent, '-F', '-'], {
    input: 'undo\n',
    env: nobody,
    signal,
  });
  return checkObjectId(output.trim());
}

/** The parts of a merged file between conflict markers. */
export async function conflictHunks(
  git: Git,
  tree: string,
  path: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const record = await git.text(['ls-tree', '-z', '--full-tree', tree, '--', path], {signal});
  const [, oid] = /^\d{6} blob ([0-9a-f]+)\t/.exec(record) ?? [];
  if (oid === undefined) return '';
  const output = await git.bytes(['cat-file', '--batch'], {input: `${oid}\n`, signal});
  if ((await secretFiles(git, [tree], [path], signal)).has(path)) return 'a file of secrets: not shown';
  const text = hideSecrets(parseBatch(output).get(oid)?.toString('utf8') ?? '');
  return (text.match(/^<{7} [\s\S]*?^>{7} .*$/gm) ?? []).join('\n');
}

/** What `git merge-tree --write-tree -z --messages` prints. */
export function parseMergeTree(output: string): {
  tree: string;
  /** Files in conflict, each once. */
  files: string[];
  messages: {paths: string[]; type: string; text: string}[];
} {
  const [tree = '', ...records] = output.split('\0');
  const end = records.indexOf('');
  const stages = end === -1 ? records : records.slice(0, end);
  const files = new Set<string>();
  for (const record of stages) {
    const [, path] = /^\d{6} [0-9a-f]+ [123]\t([\s\S]+)$/.exec(record) ?? [];
    if (path !== undefined) files.add(path);
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
  return {tree: checkObjectId(tree), files: [...files], messages};
}
