import {type ForgeAccess, type ForgeOptions, forgeAccess, forgeOf} from './open-pull-request.ts';
import type {Forge} from './types.ts';

/** What is known of the forge behind a remote, and the forge itself where there is a token for it. */
export interface KnownForge extends ForgeAccess {
  forge: Forge | null;
}

/**
 * The forges of one session's remotes. A forge is opened once, because it remembers what it has been told (and is not
 * charged for what is still so); a remote without a token is looked up again each time: somebody may have logged in.
 */
export class KnownForges {
  readonly #options: ForgeOptions;
  readonly #opened = new Map<string, KnownForge>();

  constructor(options: ForgeOptions = {}) {
    this.#options = options;
  }

  /** The forge of a remote's URL. Throws only when aborted. */
  async of(url: string, signal?: AbortSignal): Promise<KnownForge> {
    const before = this.#opened.get(url);
    if (before !== undefined) return before;
    const access = await forgeAccess(url, {...this.#options, signal});
    const found = {...access, forge: await forgeOf(access, this.#options)};
    if (found.forge !== null) this.#opened.set(url, found);
    return found;
  }

  /** Forgets a forge whose token is no longer taken: the next one is looked for. */
  forget(url: string): void {
    this.#opened.delete(url);
  }
}
