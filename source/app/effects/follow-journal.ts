import type {Session} from '../session.ts';
import {currentScreen} from '../state/state.ts';
import type {Store} from './store.ts';

/** Tells what is run and asked while its screen is shown, and only then. Gives the function that ends it. */
export function runJournalFollow(store: Store, session: Session): () => void {
  let running: AbortController | null = null;

  const sync = () => {
    const state = store.state();
    const isWanted = state.exit === null && currentScreen(state).id === 'command-log';
    if (isWanted === (running !== null)) return;
    running?.abort();
    running = null;
    if (!isWanted) return;
    running = new AbortController();
    const {signal} = running;
    // It ends with its signal alone.
    void session.followJournal(signal, entries => {
      if (!signal.aborted) store.dispatch({type: 'journal', entries});
    });
  };

  const unsubscribe = store.subscribe(sync);
  sync();
  return () => {
    unsubscribe();
    running?.abort();
  };
}
