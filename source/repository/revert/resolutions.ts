import {createHash} from 'node:crypto';
import {mkdir, readdir, readFile, rm, stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {userCacheFolder} from '../../process/cache-folder.ts';
import {RepositoryError} from '../error.ts';

/** What was written is kept so long without being touched. */
const keptMs = 30 * 24 * 60 * 60 * 1000;

/** Stands before a file that one side deleted and the other changed: git has no markers for that. */
const deletedMarker =
  '<<<<<<< one side deleted this file: take this line away to keep the file as it is below, or empty the file to delete it';

/** What a conflict is told by: the same three versions of a file make the same conflict, whatever commit it stands in. */
export function conflictId(file: string, stages: readonly string[]): string {
  return createHash('sha256')
    .update([file, ...stages].join('\0'))
    .digest('hex')
    .slice(0, 40);
}

/** What a user made of conflicts, each in a file of its own below the user's caches: it outlives a crash. */
export class Resolutions {
  readonly #folder: string;

  constructor(folder = userCacheFolder('conflicts')) {
    this.#folder = folder;
  }

  /**
   * The file to edit: as it was left, else with the conflict as git marks it. Only the user can read it. `text` is the
   * merged file. Throws what the file system throws.
   */
  async open(
    conflict: {id: string; path: string; deleted: boolean},
    text: Uint8Array,
  ): Promise<{file: string; line: number}> {
    const file = this.#file(conflict);
    await this.#sweep();
    await mkdir(path.dirname(file), {recursive: true, mode: 0o700});
    const marked = conflict.deleted ? Buffer.concat([Buffer.from(`${deletedMarker}\n`), text]) : text;
    try {
      await writeFile(file, marked, {mode: 0o600, flag: 'wx'});
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    return {file, line: firstMarker(await readFile(file, 'utf8')) ?? 1};
  }

  /** What was made of it: null is a file to be deleted; undefined where nothing was written yet. */
  async read(conflict: {id: string; path: string; deleted: boolean}): Promise<Buffer | null | undefined> {
    const content = await readFile(this.#file(conflict)).catch(() => undefined);
    return content !== undefined && conflict.deleted && content.toString('utf8').trim() === ''
      ? null
      : content;
  }

  /** Once the change is made nothing of it is kept. */
  async forget(ids: readonly string[]): Promise<void> {
    for (const id of ids) await rm(path.join(this.#folder, checkedId(id)), {recursive: true, force: true});
  }

  #file({id, path: file}: {id: string; path: string}): string {
    return path.join(this.#folder, checkedId(id), path.posix.basename(file));
  }

  async #sweep(): Promise<void> {
    for (const name of await readdir(this.#folder).catch(() => [])) {
      const folder = path.join(this.#folder, name);
      const touched = (await stat(folder).catch(() => null))?.mtimeMs ?? Date.now();
      if (Date.now() - touched > keptMs) await rm(folder, {recursive: true, force: true}).catch(() => {});
    }
  }
}

function checkedId(id: string): string {
  if (/^[0-9a-f]{40}$/.test(id)) return id;
  throw new RepositoryError('unknown-path', `${JSON.stringify(id)} names no conflict`);
}

/**
 * The line (from 1) of the first marker that is left; null where none is. A line of equals signs is one only where there
 * are more of them than the merged file (`marked`) has besides its markers.
 */
export function firstMarker(text: string, marked = ''): number | null {
  const lines = linesOf(text);
  const edge = lines.findIndex(line => edges.test(line));
  if (edge !== -1) return edge + 1;
  const own = linesOf(marked);
  const blocks = own.filter(line => /^>{7}(?: |$)/.test(line)).length;
  const allowed = own.filter(line => line === middle).length - blocks;
  const found = lines.filter(line => line === middle).length;
  return marked !== '' && found > allowed ? lines.indexOf(middle) + 1 : null;
}

const edges = /^(?:<{7}|>{7}|\|{7})(?: |$)/;
const middle = '=======';

function linesOf(text: string): string[] {
  return text.split('\n').map(line => line.replace(/\r$/, ''));
}
