import type {Repository, Tree, TreeEntry} from '../../../repository/types.ts';
import {loadSource, type SourceOf} from '../../../sources/load.ts';
import {ParsedFiles} from '../../../sources/parsed-files.ts';
import type {SourceResult} from '../../../sources/types.ts';

/**
 * What an environment's earlier commits wanted. Commits share what did not change between them: a blob is read once, a
 * file parsed once.
 */
export class EarlierSources {
  readonly #repository: Pick<Repository, 'tree'>;
  readonly #source: SourceOf;
  readonly #parsed = new ParsedFiles();
  readonly #blobs = new Map<string, Buffer>();

  constructor(repository: Pick<Repository, 'tree'>, source: SourceOf) {
    this.#repository = repository;
    this.#source = source;
  }

  /** The source at a commit, as loadSource gives it, with what it throws. */
  of(sha: string, signal: AbortSignal): Promise<SourceResult> {
    return loadSource(this.#source, this.#treeOf(sha), {signal, parsed: this.#parsed});
  }

  #treeOf(sha: string): Tree {
    const tree = this.#repository.tree(sha);
    const blobs = this.#blobs;
    return {
      ...tree,
      async read(entries: readonly TreeEntry[], signal?: AbortSignal) {
        const unread = entries.filter(({oid}) => !blobs.has(oid));
        const found = unread.length === 0 ? new Map<string, Buffer>() : await tree.read(unread, signal);
        for (const {path, oid} of unread) {
          const bytes = found.get(path);
          if (bytes !== undefined) blobs.set(oid, bytes);
        }
        return new Map(
          entries.flatMap(({path, oid}): [string, Buffer][] => {
            const bytes = blobs.get(oid);
            return bytes === undefined ? [] : [[path, bytes]];
          }),
        );
      },
    };
  }
}
