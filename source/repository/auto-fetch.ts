import {setTimeout as sleep} from 'node:timers/promises';
import type {Repository} from './types.ts';

/** When a remote is asked, in ms. */
export interface FetchTiming {
  first: number;
  every: number;
  /** A remote that can't be fetched from (no network, a key that must be touched) is left alone for up to this long. */
  longest: number;
}

const usualTiming: FetchTiming = {first: 5000, every: 60_000, longest: 16 * 60_000};
/** Nobody waits for it: what takes longer is somebody who was asked something and is not there. */
const limitMs = 30_000;

/**
 * Asks the remote of the checked-out branch for new commits every minute, until the signal. It moves remote-tracking
 * branches only: where a fetch would move anything else (a mirror), nothing is fetched. Failures are silent: the user may
 * be on a train; a fetch that they ask for tells why it fails.
 */
export async function autoFetch(
  repository: Repository,
  signal: AbortSignal,
  {first, every, longest}: FetchTiming = usualTiming,
): Promise<void> {
  let pause = first;
  let afterFailure = every;
  while (!signal.aborted) {
    await sleep(pause, undefined, {signal, ref: false}).catch(() => {});
    if (signal.aborted) return;
    try {
      const {branch} = await repository.head(signal);
      const remote = await repository.remote(branch, signal);
      if (remote === null || !(await movesOnlyTracking(repository, remote.name, signal))) return;
      await repository.fetch(remote.name, AbortSignal.any([signal, AbortSignal.timeout(limitMs)]));
      pause = every;
      afterFailure = every;
    } catch {
      afterFailure = Math.min(2 * afterFailure, longest);
      pause = afterFailure;
    }
  }
}

/** True where a fetch of this remote writes below refs/remotes only (and tags, which git adds and never moves). */
export async function movesOnlyTracking(
  {git}: Pick<Repository, 'git'>,
  remote: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const {stdout} = await git.result(['config', '--get-all', `remote.${remote}.fetch`], {
    signal,
    accept: [0, 1],
  });
  const specs = stdout.split('\n').filter(spec => spec !== '' && !spec.startsWith('^'));
  return specs.length > 0 && specs.every(spec => /^\+?[^:]+:refs\/remotes\//.test(spec));
}
