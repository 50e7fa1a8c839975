import {randomBytes} from 'node:crypto';
import {lstat, readFile, rename, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {configFileName} from './schema.ts';
import {type Settlement, settleContext} from './settle.ts';
import type {Environment} from './types.ts';

/** What would be written, or was: which file, which lines, and why not where it can't be. */
export interface ContextNote extends Omit<Settlement, 'text'> {
  /** Relative to the repository's root where it lies in it. */
  file: string;
  isNew: boolean;
  written: boolean;
}

/** Where the config file is. */
export interface SettlePlace {
  /** Top of the checkout. */
  root: string;
  bare: boolean;
  /** The config file that was read, relative to the root or absolute; null where there is none. */
  configFile: string | null;
}

/**
 * Notes an environment's context in the config file, or only tells what that would be. The file is replaced as a whole, so
 * that it is never half written; one that is a link, or was changed meanwhile, is left alone. Throws where writing fails.
 */
export async function noteContext(
  place: SettlePlace,
  environments: readonly Environment[],
  choice: {environment: string; context: string; write: boolean},
): Promise<ContextNote> {
  const name = place.configFile ?? configFileName;
  const file = path.resolve(place.root, name);
  const stats = place.bare ? undefined : await lstat(file).catch(() => undefined);
  const before = stats?.isFile() === true ? await readFile(file) : undefined;
  const settled = settleContext(before?.toString('utf8'), environments, choice.environment, choice.context);
  const refused = refusal(place, stats) ?? (isText(before) ? null : 'it is no UTF-8 text') ?? settled.reason;
  const note = {
    file: name,
    isNew: before === undefined,
    lines: settled.lines,
    reason: refused,
    written: false,
  };
  if (refused !== null || settled.text === null || !choice.write) return note;
  const mode = stats === undefined ? 0o644 : stats.mode & 0o777;
  await replace(file, settled.text, mode, before);
  return {...note, written: true};
}

function refusal({bare, configFile}: SettlePlace, stats: {isFile(): boolean} | undefined): string | null {
  if (bare) return 'a bare repository has no working tree';
  if (stats === undefined) return configFile === null ? null : 'it is in git, but not in the working tree';
  return stats.isFile() ? null : 'it is no regular file';
}

function isText(bytes: Buffer | undefined): boolean {
  return bytes === undefined || Buffer.from(bytes.toString('utf8'), 'utf8').equals(bytes);
}

async function replace(file: string, text: string, mode: number, before: Buffer | undefined): Promise<void> {
  if (before === undefined) return writeFile(file, text, {mode, flag: 'wx'});
  const fresh = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(fresh, text, {mode, flag: 'wx'});
    if (!(await readFile(file)).equals(before))
      throw new Error(`${path.basename(file)} has just been changed: try again`);
    await rename(fresh, file);
  } finally {
    await rm(fresh, {force: true});
  }
}
