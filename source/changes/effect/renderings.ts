import {createHash} from 'node:crypto';
import type {Repository, Tree} from '../../repository/types.ts';
import {isSecretKind, type KnownSecrets} from '../../secrets/known.ts';
import {loadSource, type SourceOf, sourceInputs} from '../../sources/load.ts';
import {ParsedFiles} from '../../sources/parsed-files.ts';
import type {SourceResult} from '../../sources/types.ts';

/** How much is kept. */
export interface RenderingsLimits {
  /** Renderings: a page of commits that is scrolled through, and the environments that one change reaches. */
  renderings: number;
  /** Resources in them, some kilobytes each; the two sides of the last change are kept however many they have. */
  resources: number;
}

const usualLimits: RenderingsLimits = {renderings: 16, resources: 20_000};

let made = 0;

/**
 * What environments want at trees of the repository, rendered once for the files that they are made of: between two
 * commits most environments are made of the very same ones. It also knows of the Secrets in what it keeps, so that no
 * text of the same answer can quote them.
 */
export class Renderings {
  readonly #repository: Pick<Repository, 'tree'>;
  readonly #known: Pick<KnownSecrets, 'keep'> | undefined;
  readonly #limits: RenderingsLimits;
  readonly #number = ++made;
  /** By inputsKey, the last used last. */
  readonly #results = new Map<string, SourceResult>();
  readonly #parsed = new Map<string, ParsedFiles>();

  constructor(
    repository: Pick<Repository, 'tree'>,
    known?: Pick<KnownSecrets, 'keep'>,
    limits: RenderingsLimits = usualLimits,
  ) {
    this.#repository = repository;
    this.#known = known;
    this.#limits = limits;
  }

  /** A commit's or tree's files, by its object ID; keep it while it is asked about: it remembers what it listed. */
  tree(revision: string): Tree {
    return this.#repository.tree(revision);
  }

  /**
   * A text that is equal where the environment is made of equal files: then it is rendered alike, remote bases aside.
   * Throws RepositoryError.
   */
  async inputsKey(source: SourceOf, tree: Tree, signal?: AbortSignal): Promise<string> {
    const entries = await sourceInputs(source, tree, {signal});
    const hash = createHash('sha256');
    for (const text of entries.map(({path, mode, oid}) => `${mode} ${oid} ${path}\0`).sort())
      hash.update(text);
    return `${source.source} ${source.path} ${hash.digest('hex')}`;
  }

  /** What the environment wants at a tree, whose inputsKey is `key`. Throws as loadSource does. */
  async of(source: SourceOf, tree: Tree, key: string, signal?: AbortSignal): Promise<SourceResult> {
    const known = this.#results.get(key);
    // What failed for want of a program or of the network may work the next time.
    if (known?.problems.every(({severity}) => severity !== 'error')) return this.keep(key, known);
    const parsed = this.#parsed.get(source.path) ?? new ParsedFiles();
    this.#parsed.set(source.path, parsed);
    const result = await loadSource(source, tree, {signal, parsed});
    parsed.sweep();
    return this.keep(key, result);
  }

  /** Counts a rendering as the last used: for a while nobody can quote its Secrets. Gives it back. */
  keep(key: string, result: SourceResult): SourceResult {
    this.#results.delete(key);
    this.#results.set(key, result);
    this.#known?.keep(this.#scope(key), result.resources.map(({object}) => object).filter(isSecretKind));
    let resources = [...this.#results.values()].reduce((sum, kept) => sum + kept.resources.length, 0);
    for (const [oldest, kept] of this.#results) {
      const isTooMany = resources > this.#limits.resources && this.#results.size > 2;
      if (this.#results.size <= this.#limits.renderings && !isTooMany) break;
      resources -= kept.resources.length;
      this.#results.delete(oldest);
      this.#known?.keep(this.#scope(oldest), []);
    }
    return result;
  }

  /** Two of a session may hold the same: what one forgets the other goes on to know. */
  #scope(key: string): string {
    return `rendering ${this.#number} ${key}`;
  }
}
