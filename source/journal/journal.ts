import {AsyncLocalStorage} from 'node:async_hooks';
import type {Ending, Errand, JournalEntry} from './types.ts';

/** So many are remembered: two looks at a thousand objects. */
const mostEntries = 2000;

/**
 * What was run and asked in a session, with the question that it was for. Programs and requests note themselves where they
 * leave this process (process/run.ts and the transports); what runs outside `within` is noted by nobody and costs nothing.
 */
export class Journal {
  #entries: JournalEntry[] = [];
  #next = 1;
  readonly #listeners = new Set<() => void>();

  /** Runs some work: whatever it runs and asks, now and later, is noted under this question. */
  within<T>(question: string, work: () => T): T {
    return current.run({journal: this, question}, work);
  }

  /** What is remembered, oldest first. */
  entries(): readonly JournalEntry[] {
    return this.#entries;
  }

  /** Calls back after each change; gives the function that ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Notes an errand; gives the function that notes its end, of which only the first call counts. */
  begin(question: string, errand: Errand): (ending: Ending) => void {
    const id = this.#next++;
    const began = performance.now();
    const running: JournalEntry = {
      id,
      question,
      errand,
      startedAt: Date.now(),
      tookMs: null,
      outcome: 'running',
      says: '',
      bytes: null,
    };
    this.#entries.push(running);
    // In one go now and then: taking the first of a long list each time moves all others.
    if (this.#entries.length > mostEntries * 1.25) this.#forget();
    this.#tell();
    return ending => {
      const at = this.#placeOf(id);
      if (at < 0 || this.#entries[at]?.outcome !== 'running') return;
      this.#entries[at] = {...running, ...ending, tookMs: performance.now() - began};
      this.#tell();
    };
  }

  /** Drops the oldest, but none that still runs. */
  #forget(): void {
    let tooMany = this.#entries.length - mostEntries;
    this.#entries = this.#entries.filter(({outcome}) => outcome === 'running' || tooMany-- <= 0);
  }

  // They are in the order of their numbers.
  #placeOf(id: number): number {
    let low = 0;
    let high = this.#entries.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.#entries[middle]?.id ?? 0;
      if (found === id) return middle;
      if (found < id) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

const current = new AsyncLocalStorage<{journal: Journal; question: string}>();

/**
 * Notes that an errand begins, where it belongs to a question of a journal; gives the function that notes its end. `errand`
 * is asked for only then: where nobody keeps a journal, nothing is made.
 */
export function begin(errand: () => Errand): ((ending: Ending) => void) | undefined {
  const place = current.getStore();
  return place?.journal.begin(place.question, errand());
}

/** How an errand ended that threw. */
export function endingOf(error: unknown, isCancelled: boolean): Ending {
  const says = error instanceof Error ? error.message : String(error);
  return isCancelled
    ? {outcome: 'cancelled', says: 'cancelled', bytes: null}
    : {outcome: 'failed', says, bytes: null};
}

/** How a request ended that was answered. */
export function endingOfStatus(status: number, bytes: number | null): Ending {
  return {outcome: status < 400 ? 'ok' : 'refused', says: String(status), bytes};
}
