import {chmod, mkdir, symlink, writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {Problem} from '../resources/problem.ts';
import {plainLine} from '../text/plain.ts';
import type {TreeEntry} from './types.ts';

const linkMode = '120000';
const executableMode = '100755';

/**
 * Writes files into an empty folder, batch by batch. Symbolic links come last, so that no file is written through one, and
 * only those that stay inside. Gives a problem for whatever was left out.
 */
export async function exportFiles<Entry extends TreeEntry>(
  destination: string,
  batches: readonly (readonly Entry[])[],
  read: (entries: readonly Entry[]) => Promise<Map<string, Buffer>>,
  signal?: AbortSignal,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  const links = new Map<string, string>();
  const made = new Set<string>();
  for (const batch of batches) {
    signal?.throwIfAborted();
    const safe = batch.filter(entry => {
      if (isSafeName(entry.path)) return true;
      problems.push(leftOut(entry.path, 'its name would lead out of the folder that it is written to'));
      return false;
    });
    const contents = await read(safe);
    for (const folder of new Set(safe.map(entry => path.posix.dirname(entry.path)))) {
      if (made.has(folder)) continue;
      await mkdir(path.join(destination, folder), {recursive: true});
      made.add(folder);
    }
    await inParallel(safe, async entry => {
      const bytes = contents.get(entry.path) ?? Buffer.alloc(0);
      if (entry.mode === linkMode) links.set(entry.path, bytes.toString('utf8'));
      else await writeNew(path.join(destination, entry.path), bytes, entry.mode === executableMode);
    });
  }
  for (const [link, target] of links) {
    if (!staysInside(link, links)) {
      problems.push(leftOut(link, `it is a symbolic link that leads out of the repository (to ${target})`));
      continue;
    }
    await symlink(target, path.join(destination, link));
  }
  return problems;
}

async function writeNew(file: string, bytes: Buffer, executable: boolean): Promise<void> {
  await writeFile(file, bytes, {flag: 'wx'});
  if (executable) await chmod(file, 0o755);
}

function leftOut(file: string, why: string): Problem {
  return {
    severity: 'warning',
    message: `${plainLine(file)} is left out: ${plainLine(why)}`,
    location: {file, line: 1},
  };
}

async function inParallel<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({length: 16}, async () => {
      for (const item of queue) await work(item);
    }),
  );
}

/** False for a path that git's own checks would refuse to check out: `..`, `.git`, a drive, a backslash on Windows. */
export function isSafeName(name: string, separator: string = path.sep): boolean {
  if (separator === '\\' && /[\\:]/.test(name)) return false;
  return name
    .split('/')
    .every(part => part !== '' && part !== '.' && part !== '..' && part.toLowerCase() !== '.git');
}

/**
 * True where a symbolic link of a tree leads to somewhere inside of it, each step followed as the disk would follow it:
 * `up/../x` with `up -> .` is outside, though its letters are not. `links` are all of the tree's, by path.
 */
export function staysInside(link: string, links: ReadonlyMap<string, string>): boolean {
  const target = links.get(link);
  if (target === undefined) return false;
  let here = link.split('/').slice(0, -1);
  let ahead = target.split('/');
  if (path.isAbsolute(target) || path.win32.isAbsolute(target)) return false;
  for (let steps = 0; ahead.length > 0; ) {
    const [part = '', ...rest] = ahead;
    ahead = rest;
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (here.length === 0) return false;
      here = here.slice(0, -1);
      continue;
    }
    const next = links.get([...here, part].join('/'));
    if (next === undefined) {
      here = [...here, part];
      continue;
    }
    steps += 1;
    if (steps > 40 || path.isAbsolute(next)) return false;
    ahead = [...next.split('/'), ...ahead];
  }
  return true;
}
