import {setTimeout as sleep} from 'node:timers/promises';
import type {Repository} from './types.ts';

/** How often git is asked whether a commit, a fetch or a switch of branches has moved something, in ms. */
const everyMs = 2000;

/** What reading tips takes of a repository. */
type Tipped = Pick<Repository, 'git'>;

interface Subscriber {
  names: readonly string[];
  tell: (tips: string) => void;
}

/**
 * Asks one repository again and again, by one process for all that wait. Asking is sound where watching files is not: refs
 * may be packed, kept in another format, or lie on a network disk.
 */
class Poll {
  readonly #repository: Tipped;
  readonly #subscribers = new Set<Subscriber>();
  #isRunning = false;

  constructor(repository: Tipped) {
    this.#repository = repository;
  }

  add(subscriber: Subscriber): () => void {
    this.#subscribers.add(subscriber);
    if (!this.#isRunning) void this.#run();
    return () => this.#subscribers.delete(subscriber);
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    for (;;) {
      // Waiting alone must not keep the process alive.
      await sleep(everyMs, undefined, {ref: false});
      if (this.#subscribers.size === 0) break;
      const subscribers = [...this.#subscribers];
      try {
        const tips = await read(this.#repository, new Set(subscribers.flatMap(({names}) => names)));
        for (const {names, tell} of subscribers) tell(textOf(names, tips));
      } catch {
        // A repository in the middle of something: the next time tells.
      }
    }
    this.#isRunning = false;
  }
}

const polls = new WeakMap<Tipped, Poll>();

/**
 * Tells every few seconds what these revisions (`HEAD`, `refs/heads/main`, `@{upstream}`) name, as a text that is another
 * when one of them has moved. Gives what ends it.
 */
export function onTips(
  repository: Tipped,
  names: readonly string[],
  tell: (tips: string) => void,
): () => void {
  const poll = polls.get(repository) ?? new Poll(repository);
  polls.set(repository, poll);
  return poll.add({names, tell});
}

/** What these revisions name now, as `onTips` tells it. Throws RepositoryError. */
export async function tipsOf(
  repository: Tipped,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<string> {
  return textOf(names, await read(repository, new Set(names), signal));
}

/** What each name points at, '… missing' for none. */
async function read(
  {git}: Tipped,
  names: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<Map<string, string>> {
  const input = [...names].map(name => `${name}\n`).join('');
  const output = await git.text(['cat-file', '--batch-check=%(objectname)'], {input, signal});
  const lines = output.split('\n');
  return new Map([...names].map((name, index) => [name, lines[index] ?? '']));
}

function textOf(names: readonly string[], tips: ReadonlyMap<string, string>): string {
  return names.map(name => tips.get(name) ?? '').join(' ');
}
