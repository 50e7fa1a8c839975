import {gitWords, RepositoryError} from './error.ts';
import {checkObjectId, type Git, type GitOptions, isObjectId} from './git.ts';
import type {RepositoryHead} from './types.ts';

/** Where HEAD stands: the commit, null in a repository without commits, and the branch, null when detached. */
export async function head(git: Git, signal?: AbortSignal): Promise<RepositoryHead> {
  // One process wherever there is a commit; what it can't answer is asked for one by one.
  const both = await git.fact(['rev-parse', '--quiet', 'HEAD^{commit}', '--symbolic-full-name', 'HEAD'], {
    signal,
    accept: [0, 1, 128],
  });
  const [sha = '', name = ''] = both.stdout.split('\n');
  if (both.exitCode === 0 && isObjectId(sha)) {
    if (name === 'HEAD') return {sha, branch: null};
    if (name.startsWith('refs/heads/')) return {sha, branch: name.slice('refs/heads/'.length)};
  }
  const [commit, branch] = await Promise.all([
    git.result(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], {signal, accept: [0, 1, 128]}),
    git.result(['symbolic-ref', '--quiet', 'HEAD'], {signal, accept: [0, 1]}),
  ]);
  const ref = branch.stdout.trimEnd();
  return {
    sha: commit.exitCode === 0 ? checkObjectId(commit.stdout.trimEnd()) : null,
    branch: ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : null,
  };
}

/** True where a commit is in this repository: a full SHA. Throws RepositoryError where it is none, or git fails. */
export async function hasCommit(
  git: Git,
  sha: string,
  {signal, env}: Pick<GitOptions, 'signal' | 'env'> = {},
): Promise<boolean> {
  const result = await git.result(['cat-file', '-e', `${checkObjectId(sha)}^{commit}`], {
    signal,
    accept: [0, 1, 128],
    ...(env === undefined ? {} : {env}),
  });
  return result.exitCode === 0;
}

/** Local branches and the commits that they point at, by name. */
export async function branches(git: Git, signal?: AbortSignal): Promise<Map<string, string>> {
  const output = await git.text(
    ['for-each-ref', '--format=%(objectname) %(refname:lstrip=2)', 'refs/heads/'],
    {signal},
  );
  const found = new Map<string, string>();
  for (const line of output.split('\n')) {
    const space = line.indexOf(' ');
    if (space > 0) found.set(line.slice(space + 1), line.slice(0, space));
  }
  return found;
}

/** The full SHA of the commit that a ref, a short SHA or an expression names. Throws RepositoryError. */
export async function resolve(git: Git, ref: string, signal?: AbortSignal): Promise<string> {
  if (ref === '' || /[\u0000-\u001f\u007f]/.test(ref)) {
    throw new RepositoryError('unknown-revision', `${JSON.stringify(ref)} names no commit`);
  }
  const result = await git.result(['rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`], {
    signal,
    accept: [0, 128],
  });
  if (result.exitCode === 0) return checkObjectId(result.stdout.trimEnd());
  const words = gitWords(result.stderr);
  if (/ambiguous/.test(words)) {
    const candidates = [...words.matchAll(/^hint: {3}(\S+) commit (.*)$/gm)].map(
      match => `${match[1]} ${match[2]}`,
    );
    throw new RepositoryError('unknown-revision', `"${gitWords(ref)}" is short for several commits`, {
      fix: candidates.length === 0 ? 'give more of the SHA' : `one of ${candidates.join('; ')}`,
    });
  }
  throw new RepositoryError('unknown-revision', `"${gitWords(ref)}" names no commit here`, {
    fix: 'give a SHA, a branch or a tag; "git fetch" gets what only the remote has',
  });
}

/** Resolves a full ref name (`refs/heads/main`) to its commit; null where there is none. */
export async function readRef(git: Git, ref: string, signal?: AbortSignal): Promise<string | null> {
  const result = await git.result(
    ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`],
    {
      signal,
      accept: [0, 1, 128],
    },
  );
  return result.exitCode === 0 ? checkObjectId(result.stdout.trimEnd()) : null;
}

/** The name itself where git takes it for a branch. Throws RepositoryError. */
export async function checkBranchName(git: Git, name: string, signal?: AbortSignal): Promise<string> {
  const valid =
    !name.startsWith('-') &&
    !name.includes('\0') &&
    (await git.result(['check-ref-format', `refs/heads/${name}`], {signal, accept: [0, 1]})).exitCode === 0;
  if (valid) return name;
  throw new RepositoryError('unknown-revision', `${JSON.stringify(name)} can't be a branch's name`);
}

/** A full ref name (`refs/tags/x`) itself where git takes it for one. Throws RepositoryError. */
export async function checkRef(git: Git, ref: string, signal?: AbortSignal): Promise<string> {
  const valid =
    ref.startsWith('refs/') &&
    !ref.includes('\0') &&
    (await git.result(['check-ref-format', ref], {signal, accept: [0, 1]})).exitCode === 0;
  if (valid) return ref;
  throw new RepositoryError('unknown-revision', `${JSON.stringify(ref)} can't be a ref's name`);
}

/** Commits that `sha` has and `other` lacks, and the other way round. */
export async function aheadBehind(
  git: Git,
  sha: string,
  other: string,
  signal?: AbortSignal,
): Promise<{ahead: number; behind: number}> {
  const range = `${checkObjectId(sha)}...${checkObjectId(other)}`;
  const output = await git.text(['rev-list', '--left-right', '--count', range], {signal});
  const [ahead = 0, behind = 0] = output.trim().split(/\s+/).map(Number);
  return {ahead, behind};
}

export async function isAncestor(
  git: Git,
  ancestor: string,
  descendant: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const result = await git.result(
    ['merge-base', '--is-ancestor', checkObjectId(ancestor), checkObjectId(descendant)],
    {signal, accept: [0, 1]},
  );
  return result.exitCode === 0;
}

/** The best common ancestor of two commits, null where there is none. */
export async function mergeBase(
  git: Git,
  a: string,
  b: string,
  signal?: AbortSignal,
): Promise<string | null> {
  const result = await git.result(['merge-base', checkObjectId(a), checkObjectId(b)], {
    signal,
    accept: [0, 1],
  });
  return result.exitCode === 0 ? checkObjectId(result.stdout.trimEnd()) : null;
}
