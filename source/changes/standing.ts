import {ForgeError} from '../forges/error.ts';
import type {KnownForges} from '../forges/known.ts';
import {canCross} from '../forges/open-forge.ts';
import type {ForgeRepository, Rights} from '../forges/types.ts';
import {RepositoryError} from '../repository/error.ts';
import {allRemotes} from '../repository/remotes.ts';
import type {Remote, Repository} from '../repository/types.ts';

/** Where the user stands before a branch of a remote: what the forge lets them do, and the fork they can use instead. */
export interface Standing extends Rights {
  /** The remote of the user's own fork, looked for only where the repository itself takes none of their branches. */
  fork: {remote: string; path: string} | null;
}

/** An answer is good for so long, and waited for so long: it is told before a change, and must not hold one up. */
const freshMs = 60_000;
const patienceMs = 5_000;

/**
 * Asks forges what the user may do, and remembers it for a minute. What can't be told in time, or goes wrong, is not known,
 * which is never "allowed".
 */
export class Standings {
  readonly #forges: KnownForges;
  readonly #now: () => number;
  readonly #asked = new Map<string, {at: number; answer: Promise<Standing | null>}>();

  constructor(forges: KnownForges, now: () => number = Date.now) {
    this.#forges = forges;
    this.#now = now;
  }

  /** Null where there is no forge or no token to ask with. Throws only when aborted. */
  async of(
    repository: Repository,
    remote: Remote,
    branch: string,
    signal?: AbortSignal,
  ): Promise<Standing | null> {
    signal?.throwIfAborted();
    const key = `${remote.url}\n${branch}`;
    let asked = this.#asked.get(key);
    if (asked === undefined || this.#now() - asked.at >= freshMs) {
      // Others may wait for the same answer: who goes away does not end it for them.
      const deadline = AbortSignal.timeout(patienceMs);
      const answer = this.#ask(repository, remote, branch, deadline).catch(error => {
        this.#asked.delete(key);
        if (error instanceof ForgeError && error.reason === 'unauthorized') this.#forges.forget(remote.url);
        return unknown(deadline.aborted ? 'the forge did not say so in time' : wordsOf(error));
      });
      asked = {at: this.#now(), answer};
      this.#asked.set(key, asked);
    }
    return untilAborted(asked.answer, signal);
  }

  async #ask(
    repository: Repository,
    remote: Remote,
    branch: string,
    signal: AbortSignal,
  ): Promise<Standing | null> {
    const {forge} = await this.#forges.of(remote.url, signal);
    if (forge === null) return null;
    const rights = await forge.rights(branch, signal);
    const fork = rights.push === false ? await this.#forkOf(repository, forge.repository, signal) : null;
    return {...rights, fork};
  }

  /** The first remote that is a fork of this repository and takes the user's branches. */
  async #forkOf(repository: Repository, {forge: kind, host, path}: ForgeRepository, signal: AbortSignal) {
    for (const {name, url} of await allRemotes(repository.git, signal)) {
      const {forge} = await this.#forges.of(url, signal);
      const other = forge?.repository;
      if (!forge || !other || other.forge !== kind || other.host !== host || isSame(other.path, path))
        continue;
      if (!canCross(other, {fork: other.path})) continue;
      const rights = await forge.rights(null, signal).catch(error => {
        if (!(error instanceof ForgeError)) throw error;
        return null;
      });
      if (rights?.push === true && rights.forkOf !== null && isSame(rights.forkOf, path))
        return {remote: name, path: other.path};
    }
    return null;
  }
}

async function untilAborted<T>(answer: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return answer;
  const {promise: gone, reject} = Promise.withResolvers<never>();
  const leave = () => reject(signal.reason);
  signal.addEventListener('abort', leave, {once: true});
  try {
    return await Promise.race([answer, gone]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function unknown(reason: string): Standing {
  return {push: null, straight: null, reason, forkOf: null, fork: null};
}

/** Whatever went wrong, the change can still be made by a pull request: it is told, and holds nothing up. */
function wordsOf(error: unknown): string {
  return error instanceof ForgeError || error instanceof RepositoryError
    ? error.message
    : 'it could not be asked';
}
