import {runChange} from './change.ts';
import {begin, chooseOne} from './common.ts';
import {UsageError} from './failure.ts';
import type {Flags} from './flags.ts';

/**
 * `gitops-tui revert ENVIRONMENT COMMIT`: brings git back to what a commit said, as one new commit. Exit statuses are
 * those of `runChange`.
 */
export async function run(words: string[], flags: Flags): Promise<number> {
  const {session, loaded, signal} = await begin(flags);
  try {
    const environment = chooseOne(loaded, words[0], 'revert');
    const target = words[1];
    if (target === undefined) throw new UsageError('revert takes a commit to go back to: see gitops-tui log');
    const mode = flags.revertCommits ? 'revert-commits' : 'restore';
    return await runChange(
      session,
      {kind: 'revert', environment: environment.name, target, mode},
      flags,
      signal,
    );
  } finally {
    session.close();
  }
}
