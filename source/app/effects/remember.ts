import type {Remembered} from '../../remembered/types.ts';
import {lastView} from '../state/last-view.ts';
import type {Store} from './store.ts';

// A disk that does not answer must not keep the user from his shell.
const patience = 500;

/**
 * Shows the last view of the repository again as soon as its environments are known. Gives the function that ends it: it keeps
 * what is looked at then.
 */
export function rememberView(store: Store, remembered: Remembered): () => Promise<void> {
  let asked = false;
  const look = () => {
    const {loaded, repository} = store.state();
    if (asked || !loaded || repository === null) return;
    asked = true;
    void remembered.read(repository.path).then(view => {
      if (view !== null && !ended) store.dispatch({type: 'restore', view});
    });
  };
  let ended = false;
  const unsubscribe = store.subscribe(look);
  look();
  return async () => {
    ended = true;
    unsubscribe();
    const state = store.state();
    if (!state.loaded || state.repository === null) return;
    const writing = remembered.write(state.repository.path, lastView(state));
    await Promise.race([writing, new Promise(resolve => setTimeout(resolve, patience).unref())]);
  };
}
