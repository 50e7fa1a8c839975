import type {Action} from '../state/actions.ts';
import {reduce} from '../state/reduce.ts';
import type {AppState} from '../state/state.ts';

/** The app's state and the one way to change it. */
export interface Store {
  readonly state: () => AppState;
  readonly dispatch: (...actions: readonly Action[]) => void;
  /** Calls back after every change; gives the function that ends it. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** A store around the reducer; `now` gives the time in ms. */
export function createStore(initial: AppState, now: () => number): Store {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    state: () => state,
    dispatch(...actions) {
      const time = now();
      for (const action of actions) state = reduce(state, action, time);
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
