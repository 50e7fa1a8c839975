import {oldAfter} from '../state/inspections.ts';
import type {Store} from './store.ts';

/** Ticks while the app is open, so that what is on the screen is asked for again when it is old. Gives its end. */
export function runClock(store: Store): () => void {
  const timer = setInterval(() => store.dispatch({type: 'tick'}), oldAfter / 3);
  // The clock alone must not keep the process alive.
  timer.unref();
  return () => clearInterval(timer);
}
