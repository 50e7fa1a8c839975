import {readFile} from 'node:fs/promises';
import path from 'node:path';
import type {Repository} from './types.ts';

/**
 * True for a commit at which a shallow clone was cut: it has parents that are not here, and looks like a first one that
 * brings everything (`man gitrepository-layout`, shallow). Throws RepositoryError.
 */
export async function isCutOff(
  {git, shallow, root}: Pick<Repository, 'git' | 'shallow' | 'root'>,
  sha: string,
  signal?: AbortSignal,
): Promise<boolean> {
  if (!shallow) return false;
  const file = (await git.text(['rev-parse', '--git-path', 'shallow'], {signal})).replace(/\r?\n$/, '');
  const listed = await readFile(path.resolve(root, file), 'utf8').catch(() => '');
  return listed.split('\n').includes(sha);
}
