import {autoFetch, type FetchTiming} from './auto-fetch.ts';
import {onTips, tipsOf} from './tips.ts';
import type {Repository} from './types.ts';

// What is checked out, and what the remote has of it.
const names = ['HEAD', '@{upstream}'];

/**
 * Tells when the checkout or its upstream has moved, until the signal; with `fetch` (or a timing) the remote is asked for new commits
 * now and then, see autoFetch.
 */
export async function followRepository(
  repository: Repository,
  fetch: boolean | FetchTiming,
  signal: AbortSignal,
  onMove: () => Promise<void>,
): Promise<void> {
  if (signal.aborted) return;
  const ended = new Promise<void>(resolve => signal.addEventListener('abort', () => resolve()));
  let known = await tipsOf(repository, names, signal).catch(() => '');
  const stop = onTips(repository, names, tips => {
    if (tips === known) return;
    known = tips;
    // What can't be told now is told at the next move.
    onMove().catch(() => {});
  });
  try {
    if (fetch !== false) await autoFetch(repository, signal, fetch === true ? undefined : fetch);
    await ended;
  } finally {
    stop();
  }
}
