import {StringDecoder} from 'node:string_decoder';
import type {Streaming} from '../process/run.ts';
import {RepositoryError} from './error.ts';
import {checkObjectId, type Git, pathArguments, withoutFetching} from './git.ts';
import {logFormat, takeCommits} from './log.ts';
import type {Commit} from './types.ts';

/** Which rows are wanted of a log. */
export interface LogPage {
  skip: number;
  limit: number;
  /** Answer after so many ms with what was found by then. Default: when all of the page is there. */
  withinMs?: number;
}

/** Rows of a log. */
export interface LogRows {
  commits: Commit[];
  /** True where there are, or may be, more. */
  more: boolean;
  /** True where the log breaks off because this partial clone lacks the trees of older commits. */
  brokenOff: boolean;
}

/** A git log that nobody reads is ended after this long; the next page starts one that goes on behind its rows. */
const usualIdleMs = 30_000;

/**
 * The log of a folder from a commit on, read as far as somebody wants to see: one running `git log`, which waits while
 * nobody asks. A folder that is touched rarely may need the whole history for a page: what is found by then is given.
 */
export class LogReader {
  readonly #git: Pick<Git, 'stream'>;
  readonly #args: readonly string[];
  readonly #path: readonly string[];
  readonly #idleMs: number;
  readonly #rows: Commit[] = [];
  readonly #waiting = new Set<{upTo: number; resolve: () => void; reject: (error: unknown) => void}>();
  #state: 'open' | 'ended' | 'broken-off' = 'open';
  #running: Running | undefined;
  #isReading = false;
  #idle: NodeJS.Timeout | undefined;

  constructor(git: Pick<Git, 'stream'>, options: {from: string; path: string}, idleMs = usualIdleMs) {
    this.#git = git;
    this.#args = ['log', ...logFormat];
    this.#path = [checkObjectId(options.from), ...pathArguments(options.path)];
    this.#idleMs = idleMs;
  }

  /** Rows of the log, newest first, exactly as one `git log` has them. Throws RepositoryError. */
  async page({skip, limit, withinMs}: LogPage, signal?: AbortSignal): Promise<LogRows> {
    // One more tells whether there are more.
    await this.#until(skip + limit + 1, withinMs, signal);
    const isOver = this.#state !== 'open' && this.#rows.length <= skip + limit;
    return {
      commits: this.#rows.slice(skip, skip + limit),
      more: !isOver,
      brokenOff: isOver && this.#state === 'broken-off',
    };
  }

  /** Ends the git log, where one runs; who waits for rows hears that it was cancelled. A later page starts one anew. */
  close(): void {
    clearTimeout(this.#idle);
    const running = this.#running;
    this.#running = undefined;
    running?.output.stop();
    for (const waiter of this.#waiting) waiter.reject(cancelled());
    this.#waiting.clear();
  }

  async #until(upTo: number, withinMs: number | undefined, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (this.#isThere(upTo)) return;
    const {promise, resolve, reject} = Promise.withResolvers<void>();
    const waiter = {upTo, resolve, reject};
    const cancel = () => reject(cancelled());
    const late = withinMs === undefined ? undefined : setTimeout(resolve, withinMs);
    signal?.addEventListener('abort', cancel);
    this.#waiting.add(waiter);
    void this.#read();
    try {
      await promise;
    } finally {
      this.#waiting.delete(waiter);
      clearTimeout(late);
      signal?.removeEventListener('abort', cancel);
    }
  }

  #isThere(upTo: number): boolean {
    return this.#state !== 'open' || this.#rows.length >= upTo;
  }

  /** Reads on while somebody waits. Only one such loop runs at a time. */
  async #read(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    clearTimeout(this.#idle);
    try {
      while (this.#state === 'open' && this.#waiting.size > 0) {
        await this.#readSome();
        for (const waiter of this.#waiting) {
          if (!this.#isThere(waiter.upTo)) continue;
          this.#waiting.delete(waiter);
          waiter.resolve();
        }
      }
    } catch (error) {
      for (const waiter of this.#waiting) waiter.reject(error);
      // Who asks next tries again.
      this.close();
    } finally {
      this.#isReading = false;
      this.#idle = setTimeout(() => this.close(), this.#idleMs).unref();
    }
  }

  async #readSome(): Promise<void> {
    this.#running ??= this.#start();
    const running = this.#running;
    try {
      const {value, done} = await running.output.chunks.next();
      // Closed meanwhile: what it said belongs to nobody.
      if (this.#running !== running) return;
      if (done !== true) {
        const {commits, rest} = takeCommits(running.rest + running.decoder.write(value));
        running.rest = rest;
        this.#rows.push(...commits);
        return;
      }
      await running.output.ended;
      this.#state = 'ended';
    } catch (error) {
      if (this.#running !== running) return;
      if (!isBrokenOff(error)) throw error;
      this.#state = 'broken-off';
    }
    this.#running = undefined;
  }

  #start(): Running {
    const args = [...this.#args, `--skip=${this.#rows.length}`, ...this.#path];
    return {output: this.#git.stream(args, withoutFetching), decoder: new StringDecoder('utf8'), rest: ''};
  }
}

/** A git log, and what it said of a row that is not complete yet. */
interface Running {
  readonly output: Streaming;
  readonly decoder: StringDecoder;
  rest: string;
}

function isBrokenOff(error: unknown): boolean {
  return error instanceof RepositoryError && /promisor/.test(error.message);
}

function cancelled(): RepositoryError {
  return new RepositoryError('aborted', 'git log was cancelled');
}
