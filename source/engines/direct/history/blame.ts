import type {FieldChange, ResourceDrift} from '../../../drift/types.ts';
import type {BlameLine, Repository} from '../../../repository/types.ts';
import type {FieldPath} from '../../../resources/field-path.ts';
import type {SourceLocation} from '../../../resources/problem.ts';
import type {DesiredResource} from '../../../sources/types.ts';
import {inPool} from '../pool.ts';

/** Files that are blamed at once: each is a git process. */
const parallel = 4;

/** Tells who wrote the lines that drifted; remembers what it told, as a revision never changes. */
export class Blamer {
  readonly #repository: Pick<Repository, 'blame'>;
  readonly #known = new Map<string, Map<number, BlameLine | undefined>>();

  constructor(repository: Pick<Repository, 'blame'>) {
    this.#repository = repository;
  }

  /**
   * Adds to each changed field where git sets it (for a field that git lacks: what it would stand in) and which commit
   * did. Files that can't be blamed are left without commits. Throws only when aborted.
   */
  async annotate(
    items: readonly {drift: ResourceDrift; desired: DesiredResource}[],
    revision: string,
    signal: AbortSignal,
  ): Promise<void> {
    const lines = new Map<string, Set<number>>();
    const fields: {field: FieldChange; location: SourceLocation}[] = [];
    for (const {drift, desired} of items) {
      for (const field of drift.fields) {
        const location = nearest(desired, field.elements);
        field.location = location;
        fields.push({field, location});
        const wanted = lines.get(location.file) ?? new Set();
        lines.set(location.file, wanted.add(location.line));
      }
    }
    await inPool([...lines], parallel, ([file, wanted]) => this.#learn(revision, file, wanted, signal));
    for (const {field, location} of fields) {
      const line = this.#known.get(fileKey(revision, location.file))?.get(location.line);
      if (line === undefined) continue;
      field.commit = line.sha;
      field.author = line.author;
      field.committedAt = line.time;
      field.subject = line.subject;
    }
  }

  async #learn(
    revision: string,
    file: string,
    wanted: ReadonlySet<number>,
    signal: AbortSignal,
  ): Promise<void> {
    const key = fileKey(revision, file);
    // The working tree changes under us.
    const known =
      (revision === 'worktree' ? undefined : this.#known.get(key)) ??
      new Map<number, BlameLine | undefined>();
    this.#known.set(key, known);
    const missing = [...wanted].filter(line => !known.has(line));
    if (missing.length === 0) return;
    try {
      const told = await this.#repository.blame(revision, file, missing, signal);
      for (const line of missing) known.set(line, told.get(line));
    } catch {
      // A file that git doesn't know (made by a generator): the drift is told without a commit.
      signal.throwIfAborted();
    }
  }
}

/** The line that sets a field, else the nearest line above it in the tree, else the document's own. */
function nearest(desired: DesiredResource, path: FieldPath): SourceLocation {
  for (let length = path.length; length > 0; length--) {
    const location = desired.locate(path.slice(0, length));
    if (location !== undefined) return location;
  }
  return desired.location;
}

function fileKey(revision: string, file: string): string {
  return `${revision}:${file}`;
}
