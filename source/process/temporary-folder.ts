import {mkdtempSync, rmSync} from 'node:fs';
import {lstat, readdir, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {isRunning} from './running.ts';

/** A folder that is gone once it is disposed of. */
export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
}

const here = new Set<string>();
const swept = new Map<string, Promise<void>>();

/** More milliseconds than anything is worked at in such a folder. */
const longestUse = 10 * 60_000;

/**
 * Makes a folder that only this user can read (mkdtemp's mode is 0700), for what may hold secret values. It goes with the
 * process at the latest, however that ends but for SIGKILL; what was left behind by one that was killed so is removed
 * here. `purpose` is part of its name.
 */
export async function makeTemporaryFolder(purpose: string): Promise<TemporaryFolder> {
  const prefix = `gitops-tui-${purpose}-`;
  const before = swept.get(prefix) ?? sweep(prefix);
  swept.set(prefix, before);
  await before;
  if (here.size === 0) process.on('exit', removeAll);
  // At once: a folder that the process doesn't know of yet would outlive it.
  const folder = mkdtempSync(path.join(tmpdir(), `${prefix}${process.pid}-`));
  here.add(folder);
  return {
    path: folder,
    async [Symbol.asyncDispose]() {
      await rm(folder, {recursive: true, force: true, maxRetries: 3});
      here.delete(folder);
      if (here.size === 0) process.off('exit', removeAll);
    },
  };
}

function removeAll(): void {
  for (const folder of here) rmSync(folder, {recursive: true, force: true, maxRetries: 3});
}

/** Removes folders of processes of this user that are no more. What can't be removed is left to the system. */
async function sweep(prefix: string): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  for (const name of names) {
    const pid = name.startsWith(prefix) ? /^\d+(?=-)/.exec(name.slice(prefix.length))?.[0] : undefined;
    if (pid === undefined || isRunning(Number(pid))) continue;
    const folder = path.join(tmpdir(), name);
    try {
      const {uid, mtimeMs} = await lstat(folder);
      // A process of another container has a number of its own there: it is not running here.
      if (uid !== process.getuid?.() || Date.now() - mtimeMs < longestUse) continue;
      await rm(folder, {recursive: true, force: true});
    } catch {
      // It went away by itself, or does not let itself be removed.
    }
  }
}
