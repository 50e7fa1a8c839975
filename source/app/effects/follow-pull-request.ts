import type {Session} from '../session.ts';
import {followedRequest} from '../state/screens/pull-requests-screen.ts';
import type {Store} from './store.ts';

/**
 * Follows the pull request that the state shows, one at a time: another one takes its place at once, and nothing of the
 * former is heard any more. Gives the function that ends it.
 */
export function runPullRequestFollow(store: Store, session: Session): () => void {
  let running: {key: string; controller: AbortController} | null = null;

  const sync = () => {
    const wanted = store.state().exit === null ? followedRequest(store.state()) : null;
    const key = wanted === null ? null : `${wanted.number} ${wanted.round}`;
    if (key === (running?.key ?? null)) return;
    running?.controller.abort();
    running = null;
    if (wanted === null || key === null) return;
    const controller = new AbortController();
    running = {key, controller};
    const {signal} = controller;
    const {number} = wanted;
    session
      .within(`follow pull request #${number}`, () =>
        session.followPullRequest(number, signal, seen => {
          if (!signal.aborted) store.dispatch({type: 'pull-request-seen', number, seen});
        }),
      )
      .catch(error => {
        if (signal.aborted) return;
        const words = error instanceof Error ? error.message : String(error);
        const seen = {state: null, error: words, retryAt: null};
        store.dispatch({type: 'pull-request-seen', number, seen});
      });
  };

  const unsubscribe = store.subscribe(sync);
  sync();
  return () => {
    unsubscribe();
    running?.controller.abort();
  };
}
