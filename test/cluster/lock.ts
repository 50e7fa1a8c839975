import {randomUUID} from 'node:crypto';
import {link, readFile, rename, rm, stat, utimes, writeFile} from 'node:fs/promises';
import {setTimeout as sleep} from 'node:timers/promises';

const pollMs = 200;
const heartbeatMs = 5_000;
const silentMs = 60_000;

export type LockOptions = {
  /** Called once for each holder that has to be waited for. */
  onWait?: (pid: number) => void;
  signal?: AbortSignal;
};

/**
 * Runs work while holding a lock file that excludes other processes.
 * The lock of a process that died, or went silent, is taken over.
 */
export async function withLock<T>(
  file: string,
  work: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const content = `${process.pid} ${randomUUID()}`;
  await acquire(file, content, options);
  // A process id may be reused after a crash; only a fresh time stamp proves that the holder lives.
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => undefined);
  }, heartbeatMs);
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    if ((await read(file)) === content) await rm(file, {force: true});
  }
}

async function acquire(file: string, content: string, {onWait, signal}: LockOptions): Promise<void> {
  // Linking a finished file creates the lock together with its content: nobody ever reads an empty lock.
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, content);
  let announced: string | undefined;
  try {
    for (;;) {
      signal?.throwIfAborted();
      if (await tryLink(draft, file)) return;
      const holder = await read(file);
      if (holder === undefined) continue;
      if (await isStale(file, holder)) {
        await takeAway(file, holder);
        continue;
      }
      if (announced !== holder) {
        announced = holder;
        onWait?.(pidOf(holder));
      }
      await sleep(pollMs, undefined, {signal});
    }
  } finally {
    await rm(draft, {force: true});
  }
}

async function isStale(file: string, holder: string): Promise<boolean> {
  if (!isAlive(pidOf(holder))) return true;
  try {
    return Date.now() - (await stat(file)).mtimeMs > silentMs;
  } catch {
    return false;
  }
}

async function takeAway(file: string, holder: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch {
    return;
  }
  // Someone else may have taken over between our look and our rename: theirs goes back.
  if ((await read(aside)) !== holder) await tryLink(aside, file);
  await rm(aside, {force: true});
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function read(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}

function pidOf(content: string): number {
  return Number.parseInt(content, 10);
}

function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to another user.
    return hasCode(error, 'EPERM');
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
