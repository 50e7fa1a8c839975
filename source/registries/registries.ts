import {
  type BuildFacts,
  type Place,
  RegistryClient,
  type RegistryClientOptions,
  type Tags,
} from './client.ts';
import {DockerHub} from './docker-hub.ts';
import {dockerHub} from './reference.ts';

/** When tags were built, or pushed, as far as that is known. */
export interface BuildTimes {
  times: ReadonlyMap<string, string | null>;
  /** Why not all were looked at; null where they were. */
  problem: string | null;
}

// Each costs three requests.
const mostBuilds = 60;
const freshMs = 4 * 60_000;

/**
 * What registries say, kept for some minutes: an environment names the same image many times, and several environments
 * do. All throws RegistryError, or what the signal holds.
 */
export class Registries {
  readonly #client: RegistryClient;
  readonly #hub: DockerHub;
  readonly #kept = new Map<string, {until: number; answer: Promise<unknown>; signal: AbortSignal}>();
  readonly #now: () => number;

  constructor(options: RegistryClientOptions & {now?: () => number} = {}) {
    this.#client = new RegistryClient(options);
    this.#hub = new DockerHub(options);
    this.#now = options.now ?? Date.now;
  }

  tags(place: Place, signal: AbortSignal): Promise<Tags> {
    return this.#keep(`tags ${nameOf(place)}`, signal, () => this.#client.tags(place, signal));
  }

  digest(place: Place, tag: string, signal: AbortSignal): Promise<string> {
    return this.#keep(`digest ${nameOf(place)}:${tag}`, signal, () =>
      this.#client.digest(place, tag, signal),
    );
  }

  /** When these tags were built; on Docker Hub when they were pushed, which costs nobody a pull. */
  async buildTimes(place: Place, tags: readonly string[], signal: AbortSignal): Promise<BuildTimes> {
    if (place.registry === dockerHub) {
      const pushed = await this.#keep(`pushed ${nameOf(place)}`, signal, () =>
        this.#hub.lastPushed(place.repository, signal),
      );
      const wanted = new Set(tags);
      const times = new Map(pushed.filter(({tag}) => wanted.has(tag)).map(({tag, pushed: at}) => [tag, at]));
      const problem =
        times.size > 0
          ? null
          : 'none of the hundred tags that were pushed last to Docker Hub fits the policy';
      return {times, problem};
    }
    if (tags.length > mostBuilds) {
      const problem = `${tags.length} tags fit the policy, and each would have to be asked when it was built: narrow it to ${mostBuilds} at most, or put tags in order by a number or a version`;
      return {times: new Map(), problem};
    }
    const times = new Map<string, string | null>();
    await Promise.all(
      tags.map(async tag => {
        times.set(tag, (await this.#facts(place, tag, signal)).created);
      }),
    );
    return {times, problem: null};
  }

  /** What is known of the making of an image: on Docker Hub only its time, for the sake of the pulls that it counts. */
  async facts(place: Place, tag: string, signal: AbortSignal): Promise<Omit<BuildFacts, 'source'>> {
    if (place.registry !== dockerHub) return this.#facts(place, tag, signal);
    const created = await this.#keep(`pushed ${nameOf(place)}:${tag}`, signal, () =>
      this.#hub.pushed(place.repository, tag, signal),
    );
    return {created, revision: null};
  }

  #facts(place: Place, tag: string, signal: AbortSignal): Promise<BuildFacts> {
    return this.#keep(`facts ${nameOf(place)}:${tag}`, signal, () => this.#client.facts(place, tag, signal));
  }

  /** Forgets what is old, or with `all` everything: the user asked anew. */
  forget({all}: {all: boolean}): void {
    for (const [key, {until}] of this.#kept) if (all || until <= this.#now()) this.#kept.delete(key);
  }

  /**
   * One question at a time is asked, by whoever asks first; if that one gives up, the next asks for itself. A failure is not
   * kept.
   */
  async #keep<T>(key: string, signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
    const known = this.#kept.get(key);
    if (known !== undefined && known.until > this.#now()) {
      try {
        return (await known.answer) as T;
      } catch (error) {
        signal.throwIfAborted();
        if (!known.signal.aborted) throw error;
        if (this.#kept.get(key) === known) this.#kept.delete(key);
        return this.#keep(key, signal, ask);
      }
    }
    const answer = ask();
    const entry = {until: this.#now() + freshMs, answer, signal};
    this.#kept.set(key, entry);
    answer.catch(() => {
      if (this.#kept.get(key) === entry) this.#kept.delete(key);
    });
    return answer;
  }
}

function nameOf({registry, repository}: Place): string {
  return `${registry}/${repository}`;
}
