/** Ends a wait early: what rings while nobody waits ends the next wait at once. */
export class Bell {
  #rung = false;
  #ring: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#ring?.();
  }

  /** Waits so many ms, until it rings, or until the signal. True where it rang. */
  async wait(ms: number, signal: AbortSignal): Promise<boolean> {
    if (!this.#rung && !signal.aborted) {
      const {promise, resolve} = Promise.withResolvers<void>();
      this.#ring = resolve;
      // Following alone must not keep the process alive.
      const timer = setTimeout(resolve, ms).unref();
      signal.addEventListener('abort', this.#ring);
      await promise;
      clearTimeout(timer);
      signal.removeEventListener('abort', this.#ring);
      this.#ring = undefined;
    }
    const rung = this.#rung;
    this.#rung = false;
    return rung;
  }
}
