/** Says something once for all that came within a moment: a thousand changes are not a thousand tellings. */
export class Gathered {
  readonly #ms: number;
  readonly #signal: AbortSignal;
  readonly #say: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number, signal: AbortSignal, say: () => void) {
    this.#ms = ms;
    this.#signal = signal;
    this.#say = say;
  }

  /** Something has changed: it will be said. */
  later(): void {
    this.#timer ??= setTimeout(() => this.#now(), this.#ms);
  }

  /** Says what is left to be said, and nothing more. */
  end(): void {
    if (this.#timer !== undefined) this.#now();
  }

  #now(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#signal.aborted) this.#say();
  }
}
