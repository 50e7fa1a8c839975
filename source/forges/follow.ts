import {setTimeout as sleep} from 'node:timers/promises';
import {ForgeError} from './error.ts';
import type {Forge, PullRequestState} from './types.ts';

/** What is known of a pull request now: its state, or why the last one could not be had (the one before still stands). */
export type Seen =
  | {state: PullRequestState; error: null}
  | {state: PullRequestState | null; error: ForgeError; retryAt: Date};

export interface FollowOptions {
  signal?: AbortSignal | undefined;
  /** Between two looks while something is under way (checks run, mergeability is unknown), and while nothing is. */
  busyMs?: number;
  idleMs?: number;
  wait?: (ms: number, signal?: AbortSignal) => Promise<unknown>;
  now?: () => number;
}

const mostMs = 300_000;

/**
 * A pull request as it changes: its checks, reviews and comments, until it is merged or closed, or the signal aborts (which
 * ends it without an error). Forges that give entity tags are not charged for answers that stay the same. After a failure it
 * waits longer each time, and after a rate limit until its end.
 */
export async function* followPullRequest(
  forge: Pick<Forge, 'state'>,
  number: number,
  options: FollowOptions = {},
): AsyncGenerator<Seen, void, void> {
  const {signal, busyMs = 5_000, idleMs = 30_000, now = Date.now} = options;
  const wait = options.wait ?? ((ms, until) => sleep(ms, undefined, {signal: until, ref: false}));
  let last: PullRequestState | null = null;
  let failures = 0;
  while (!signal?.aborted) {
    let pause: number;
    try {
      last = await forge.state(number, signal);
      failures = 0;
      yield {state: last, error: null};
      if (last.pullRequest.state !== 'open') return;
      pause = isUnderWay(last) ? busyMs : idleMs;
    } catch (error) {
      if (signal?.aborted) return;
      if (!(error instanceof ForgeError)) throw error;
      failures++;
      const limited = error.retryAt === null ? 0 : error.retryAt.getTime() - now();
      pause = Math.max(limited, Math.min(mostMs, busyMs * 2 ** failures));
      yield {state: last, error, retryAt: new Date(now() + pause)};
    }
    try {
      await wait(pause, signal);
    } catch (error) {
      if (signal?.aborted) return;
      throw error;
    }
  }
}

function isUnderWay({checks, mergeability}: PullRequestState): boolean {
  if (mergeability.verdict === 'checking') return true;
  return (checks ?? []).some(check => check.result === 'running' || check.result === 'waiting');
}
