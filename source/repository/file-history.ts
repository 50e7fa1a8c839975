import type {Git} from './git.ts';
import {checkObjectId} from './git.ts';
import {logFormat, parseLog} from './log.ts';
import type {Commit} from './types.ts';

/**
 * The commits that changed any of these files or folders, newest first, from a commit (a full SHA) on; merges, which bring what
 * others did, are left out. Throws RepositoryError.
 */
export async function fileHistory(
  git: Pick<Git, 'text'>,
  {from, paths, limit}: {from: string; paths: readonly string[]; limit: number},
  signal?: AbortSignal,
): Promise<Commit[]> {
  const output = await git.text(
    ['log', ...logFormat, '--no-merges', `--max-count=${limit}`, checkObjectId(from), '--', ...paths],
    {signal},
  );
  return parseLog(output);
}
