import {RepositoryError} from './error.ts';
import {checkObjectId, type Git, pathArguments} from './git.ts';
import type {Commit, LogOptions} from './types.ts';

const fields = ['%H', '%P', '%an', '%ae', '%aI', '%s', '%b', '%D'];
export const logFormat = [
  '-z',
  `--format=${fields.join('%x00')}`,
  '--decorate=full',
  '--decorate-refs=refs/heads/',
  '--decorate-refs=refs/remotes/',
  '--decorate-refs=refs/tags/',
  '--no-show-signature',
  '--no-patch',
];

/** Commits, newest first. Throws RepositoryError. */
export async function log(git: Git, options: LogOptions, signal?: AbortSignal): Promise<Commit[]> {
  const output = await git.text(
    [
      'log',
      ...logFormat,
      `--max-count=${options.limit}`,
      `--skip=${options.skip ?? 0}`,
      ...(options.firstParent === true ? ['--first-parent'] : []),
      checkObjectId(options.from),
      ...(options.notReachableFrom === undefined ? [] : [`^${checkObjectId(options.notReachableFrom)}`]),
      ...pathArguments(options.path),
    ],
    {signal},
  );
  return parseLog(output);
}

/** One commit. Throws RepositoryError where there is none. */
export async function readCommit(git: Git, sha: string, signal?: AbortSignal): Promise<Commit> {
  const output = await git.text(['log', ...logFormat, '--max-count=1', checkObjectId(sha)], {signal});
  const [commit] = parseLog(output);
  if (commit === undefined) throw new RepositoryError('unknown-revision', `there is no commit ${sha}`);
  return commit;
}

/** What `git log` printed with the format above: eight fields a commit, each ended by a NUL (a message has none). */
export function parseLog(output: string): Commit[] {
  return takeCommits(output).commits;
}

/** The commits that an output which may still go on has in full, and the rest of it. */
export function takeCommits(output: string): {commits: Commit[]; rest: string} {
  const values = output.split('\0');
  const commits: Commit[] = [];
  let index = 0;
  // What follows the last NUL is not over yet.
  for (; index + fields.length < values.length; index += fields.length) {
    const [sha = '', parents = '', author = '', email = '', time = '', subject = '', body = '', refs = ''] =
      values.slice(index, index + fields.length);
    commits.push({
      sha: checkObjectId(sha),
      parents: parents === '' ? [] : parents.split(' '),
      author,
      email,
      time,
      subject,
      body: body.trimEnd(),
      ...parseRefs(refs),
    });
  }
  return {commits, rest: values.slice(index).join('\0')};
}

/** `HEAD -> refs/heads/main, tag: refs/tags/v1, refs/remotes/origin/HEAD` as `main` and `v1`, which is a tag. */
function parseRefs(decoration: string): {refs: string[]; tags: string[]} {
  const full = decoration
    .split(', ')
    .map(ref => ref.replace(/^(?:HEAD -> |tag: )/, ''))
    .filter(ref => ref.startsWith('refs/') && !ref.endsWith('/HEAD'));
  return {
    refs: full.map(ref => ref.replace(/^refs\/[^/]+\//, '')),
    tags: full.filter(ref => ref.startsWith(tagPrefix)).map(ref => ref.slice(tagPrefix.length)),
  };
}

const tagPrefix = 'refs/tags/';
