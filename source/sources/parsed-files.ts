import type {TreeEntry} from '../repository/types.ts';
import type {Problem} from '../resources/problem.ts';
import type {DesiredResource} from './types.ts';

/** What a file of manifests holds. */
export interface ParsedFile {
  readonly resources: readonly DesiredResource[];
  readonly problems: readonly Problem[];
}

/**
 * Files that were parsed, by path and content: between two revisions most are the same, and so are then, the very same
 * objects, the resources in them.
 */
export class ParsedFiles {
  #files = new Map<string, ParsedFile>();
  #used = new Map<string, ParsedFile>();

  /** The file as it was parsed before, else as `parse` does it now. */
  of({path, oid}: Pick<TreeEntry, 'path' | 'oid'>, parse: () => ParsedFile): ParsedFile {
    const key = `${oid} ${path}`;
    const file = this.#files.get(key) ?? this.#used.get(key) ?? parse();
    this.#used.set(key, file);
    return file;
  }

  /** Forgets the files that were not asked for since the last time. */
  sweep(): void {
    this.#files = this.#used;
    this.#used = new Map();
  }
}
