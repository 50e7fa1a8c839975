import {ClusterError} from './types.ts';

/** Lets so many tasks run at once; the others wait in line, so that no time limit runs while they wait. */
export class Gate {
  #free: number;
  readonly #line: (() => void)[] = [];

  constructor(places: number) {
    this.#free = places;
  }

  /** Runs the task when its turn comes. Throws ClusterError 'aborted' where the signal comes first. */
  async enter<T>(task: () => Promise<T>, signal?: AbortSignal | undefined): Promise<T> {
    if (signal?.aborted) throw abortedError(signal);
    if (this.#free > 0) this.#free--;
    else await this.#wait(signal);
    try {
      return await task();
    } finally {
      const next = this.#line.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const turn = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        this.#line.splice(this.#line.indexOf(turn), 1);
        reject(abortedError(signal));
      };
      this.#line.push(turn);
      signal?.addEventListener('abort', leave, {once: true});
    });
  }
}

/** The error of what was cancelled. */
export function abortedError(signal: AbortSignal | undefined): ClusterError {
  return new ClusterError('aborted', 'cancelled', {cause: signal?.reason});
}

/** Waits for a promise, but no longer than until the signal: what it stands for goes on for others. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  if (signal.aborted) {
    promise.catch(() => {});
    return Promise.reject(abortedError(signal));
  }
  return new Promise((resolve, reject) => {
    const leave = () => reject(abortedError(signal));
    signal.addEventListener('abort', leave, {once: true});
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
