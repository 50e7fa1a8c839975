import {stat} from 'node:fs/promises';
import path from 'node:path';
import {blame} from './blame.ts';
import {changes, diff} from './diff.ts';
import {gitFailure, RepositoryError} from './error.ts';
import {Git, ordinary} from './git.ts';
import {log, readCommit} from './log.ts';
import * as refs from './refs.ts';
import * as remotes from './remotes.ts';
import {revisionTree} from './tree.ts';
import type {Repository, Tree} from './types.ts';
import {worktreeTree} from './worktree-tree.ts';

/** The oldest git that can merge without a checkout (`merge-tree --write-tree`). */
const oldestGit = {major: 2, minor: 38};

/**
 * Opens the repository that a folder lies in: a checkout, a linked worktree or a bare repository. Throws RepositoryError:
 * no git or one too old, no repository, or one that git does not trust because somebody else owns it.
 */
export async function openRepository(
  folder: string,
  options: {signal?: AbortSignal | undefined} = {},
): Promise<Repository> {
  const {signal} = options;
  const start = path.resolve(folder);
  const found = await stat(start).catch(() => undefined);
  if (found === undefined) throw new RepositoryError('not-a-repository', `there is no folder ${folder}`);
  const outer = new Git(found.isDirectory() ? start : path.dirname(start));
  // At once, as each is a process; that git is too old is told before what it failed at.
  const opening = findRoot(outer, folder, signal);
  opening.catch(() => {});
  await checkVersion(outer, signal);
  const facts = await opening;
  return assemble(new Git(facts.root), facts);
}

async function checkVersion(git: Git, signal: AbortSignal | undefined): Promise<void> {
  const version = await ordinary('git version', git.simple(signal).version(), signal);
  if (!version.installed) {
    throw new RepositoryError('no-git', 'git was not found on PATH', {fix: 'install git 2.38 or newer'});
  }
  const {major, minor} = version;
  if (major > oldestGit.major || (major === oldestGit.major && minor >= oldestGit.minor)) return;
  throw new RepositoryError('old-git', `git ${major}.${minor} is too old`, {
    fix: `install git ${oldestGit.major}.${oldestGit.minor} or newer`,
  });
}

const factFlags = ['--is-shallow-repository', '--show-object-format'];

async function findRoot(
  git: Git,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<{root: string; bare: boolean; shallow: boolean; sha256: boolean}> {
  // --show-toplevel fails without a checkout, but not before git has found (and trusts) the repository.
  const top = await git.result(['rev-parse', '--show-toplevel', ...factFlags], {signal, accept: [0, 128]});
  if (top.exitCode === 0) return {...readFacts(top.stdout), bare: false};
  if (!/must be run in a work tree/.test(top.stderr)) {
    const failure = gitFailure('git rev-parse', top.stderr);
    if (failure.reason !== 'not-a-repository') throw failure;
    throw new RepositoryError('not-a-repository', `${path.resolve(folder)} is not inside a git repository`, {
      fix: failure.fix,
    });
  }
  const output = await git.text(['rev-parse', '--absolute-git-dir', ...factFlags], {signal});
  return {...readFacts(output), bare: true};
}

/** A folder, whose name may hold line ends, and what the fact flags print: one line each. */
function readFacts(output: string): {root: string; shallow: boolean; sha256: boolean} {
  const [, root = '', isShallow, format] = /^([\s\S]*?)\r?\n(\w+)\r?\n(\w+)\r?\n?$/.exec(output) ?? [];
  return {root, shallow: isShallow === 'true', sha256: format === 'sha256'};
}

function assemble(
  git: Git,
  facts: {root: string; bare: boolean; shallow: boolean; sha256: boolean},
): Repository {
  const {root, bare, shallow, sha256} = facts;
  let latest: Tree | undefined;
  const parentOf = async (sha: string, signal: AbortSignal | undefined) =>
    (await readCommit(git, sha, signal)).parents[0] ?? emptyTree(sha256);
  return {
    root,
    bare,
    shallow,
    git,
    head: signal => refs.head(git, signal),
    branches: signal => refs.branches(git, signal),
    resolve: (ref, signal) => refs.resolve(git, ref, signal),
    remote: (branch, signal) => remotes.remoteOf(git, branch ?? null, signal),
    upstreamOf: (branch, signal) => remotes.upstreamOf(git, branch, signal),
    defaultBranch: (remote, signal) => remotes.defaultBranch(git, remote, signal),
    tree: revision => {
      // The environments of one revision share one list of its files: a commit's tree never changes.
      if (latest?.revision !== revision) latest = revisionTree(git, revision);
      return latest;
    },
    worktreeTree: () => worktreeTree(git, bare),
    log: (options, signal) => log(git, options, signal),
    commit: (sha, signal) => readCommit(git, sha, signal),
    changedFiles: async (sha, folder, signal) =>
      changes(git, await parentOf(sha, signal), sha, folder, signal),
    changes: (from, to, folder, signal) => changes(git, from, to, folder, signal),
    patch: async (sha, folder, signal) => diff(git, await parentOf(sha, signal), sha, folder, signal),
    diff: (from, to, folder, signal) => diff(git, from, to, folder, signal),
    blame: (revision, file, lines, signal) => blame(git, revision, file, lines, {shallow, signal}),
    aheadBehind: (sha, other, signal) => refs.aheadBehind(git, sha, other, signal),
    isAncestor: (ancestor, descendant, signal) => refs.isAncestor(git, ancestor, descendant, signal),
    mergeBase: (a, b, signal) => refs.mergeBase(git, a, b, signal),
    fetch: (remote, signal) => remotes.fetch(git, remote, signal),
    remoteTip: (remote, branch, signal) => remotes.remoteTip(git, remote, branch, signal),
    push: (remote, sha, branch, signal) => remotes.push(git, remote, sha, branch, signal),
  };
}

/** The ID of the tree without files, which git knows without having it: what a first commit is compared to. */
function emptyTree(sha256: boolean): string {
  return sha256
    ? '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321'
    : '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
}
