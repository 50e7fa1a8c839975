import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {makeTemporaryFolder} from '../process/temporary-folder.ts';
import {type Git, networkTimeoutMs} from './git.ts';

const promisors = new WeakMap<Git, Promise<string | null>>();

/**
 * The remote from which a partial clone gets the objects that it lacks; null for a clone that is whole
 * (`man git-config`, remote.<name>.promisor). Throws RepositoryError.
 */
export function promisorOf(git: Git): Promise<string | null> {
  let answer = promisors.get(git);
  if (answer === undefined) {
    answer = readPromisor(git);
    // What failed is asked again.
    answer.catch(() => promisors.delete(git));
    promisors.set(git, answer);
  }
  return answer;
}

async function readPromisor(git: Git): Promise<string | null> {
  const {stdout} = await git.result(
    ['config', '-z', '--type=bool', '--get-regexp', '^remote\\..*\\.promisor$'],
    {accept: [0, 1]},
  );
  for (const entry of stdout.split('\0')) {
    const [, name] = /^remote\.(.*)\.promisor\ntrue$/s.exec(entry) ?? [];
    if (name !== undefined && !name.startsWith('-')) return name;
  }
  return null;
}

/**
 * Makes sure that objects are here before they are read: a partial clone fetches those that it lacks in one go. Git by itself
 * would start a fetch for each that it comes to. Throws RepositoryError.
 */
export async function fetchMissing(
  git: Git,
  oids: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  if (oids.length === 0) return;
  const remote = await promisorOf(git);
  if (remote === null) return;
  const missing = await missingObjects(git, oids, signal);
  if (missing.length === 0) return;
  await git.text(
    [
      'fetch',
      '--no-tags',
      '--no-write-fetch-head',
      '--recurse-submodules=no',
      '--filter=blob:none',
      '--stdin',
      '--end-of-options',
      remote,
    ],
    // What is here has nothing to do with what is wanted: nothing is negotiated, as git itself does it.
    {
      input: `${missing.join('\n')}\n`,
      config: [['fetch.negotiationAlgorithm', 'noop']],
      timeoutMs: networkTimeoutMs,
      alone: true,
      signal,
    },
  );
}

/** Those of some objects that are not here: asked in a repository that has the same objects and knows no remote. */
async function missingObjects(
  git: Git,
  oids: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const objects = (
    await git.text(['rev-parse', '--path-format=absolute', '--git-path', 'objects'], {signal})
  ).replace(/\r?\n$/, '');
  await using folder = await makeTemporaryFolder('objects');
  const isSha256 = oids[0]?.length === 64;
  await Promise.all([
    mkdir(path.join(folder.path, 'objects')),
    mkdir(path.join(folder.path, 'refs')),
    writeFile(path.join(folder.path, 'HEAD'), 'ref: refs/heads/none\n'),
    writeFile(
      path.join(folder.path, 'config'),
      isSha256
        ? '[core]\n\trepositoryFormatVersion = 1\n\tbare = true\n[extensions]\n\tobjectFormat = sha256\n'
        : '[core]\n\trepositoryFormatVersion = 0\n\tbare = true\n',
    ),
  ]);
  const output = await git.text(['--git-dir', folder.path, 'cat-file', '--batch-check'], {
    input: `${oids.join('\n')}\n`,
    env: {GIT_ALTERNATE_OBJECT_DIRECTORIES: JSON.stringify(objects)},
    signal,
  });
  return output.split('\n').flatMap(line => (line.endsWith(' missing') ? [line.slice(0, -8)] : []));
}
