import {RepositoryError} from './error.ts';
import {checkObjectId, type Git, pathArguments} from './git.ts';
import type {Commit, LogOptions} from './types.ts';

const fields = ['%H', '%P', '%an', '%ae', '%aI', '%s', '%b', '%D'];
const format = [
  '-z',
  `--format=${fields.join('%x00')}`,
  '--decorate=short',
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
      ...format,
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
  const output = await git.text(['log', ...format, '--max-count=1', checkObjectId(sha)], {signal});
  const [commit] = parseLog(output);
  if (commit === undefined) throw new RepositoryError('unknown-revision', `there is no commit ${sha}`);
  return commit;
}

/** What `git log` printed with the format above: eight fields a commit, each ended by a NUL (a message has none). */
export function parseLog(output: string): Commit[] {
  const values = output.split('\0');
  const commits: Commit[] = [];
  for (let index = 0; index + fields.length <= values.length; index += fields.length) {
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
      refs: parseRefs(refs),
    });
  }
  return commits;
}

/** `HEAD -> main, tag: v1, origin/main, origin/HEAD` as `main`, `v1`, `origin/main`. */
function parseRefs(decoration: string): string[] {
  return decoration
    .split(', ')
    .map(ref => ref.replace(/^HEAD -> /, '').replace(/^tag: /, ''))
    .filter(ref => ref !== '' && ref !== 'HEAD' && !ref.endsWith('/HEAD'));
}
