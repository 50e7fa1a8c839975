import {abortable} from './gate.ts';

/**
 * An answer that many ask for and one request brings. Who stops waiting stops for itself only; a failure is not kept.
 */
export class Shared<T> {
  readonly #make: () => Promise<T>;
  #promise: Promise<T> | undefined;

  constructor(make: () => Promise<T>) {
    this.#make = make;
  }

  /** The answer; `refresh` asks anew. Throws what making it throws, or ClusterError 'aborted'. */
  get(signal?: AbortSignal | undefined, refresh = false): Promise<T> {
    if (this.#promise === undefined || refresh) {
      const promise = this.#make();
      this.#promise = promise;
      promise.catch(() => {
        if (this.#promise === promise) this.#promise = undefined;
      });
    }
    return abortable(this.#promise, signal);
  }
}
