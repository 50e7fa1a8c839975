import {execFile, spawn} from 'node:child_process';
import {createHash} from 'node:crypto';
import {access, constants, mkdir, mkdtemp, readdir, readFile, rename, rm} from 'node:fs/promises';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {promisify} from 'node:util';
import {withLock} from './lock.ts';

const buildLimitMs = 40 * 60_000;
const progressMs = 10_000;

/** Why there is no program, in one sentence. */
export type Missing = {missing: string};

/** A program of one of the tests' own Go modules. */
export type GoProgram = {
  /** The module's folder, and the name of its cache beside those of the others. */
  folder: string;
  cache: string;
  /** What the program's file is called. */
  program: string;
  /** What `go build` is told to build. */
  target: string;
  /** The files of the module that settle what is built: a change of one builds anew. */
  sources: readonly string[];
  /** What the linker is told besides `-s -w`. */
  linking?: () => Promise<readonly string[]>;
  tags?: readonly string[];
  cgo: boolean;
};

export type ProgramOptions = {
  onProgress?: (line: string) => void;
  signal?: AbortSignal;
};

/** Finds a program in the cache, else builds it with Go: one process at a time, however many want it. */
export async function ensureGoProgram(
  program: GoProgram,
  options: ProgramOptions = {},
): Promise<string | Missing> {
  const folder = await cacheFolder(program);
  const path = join(folder, fileName(program.program));
  if (await isExecutable(path)) return path;
  const say = options.onProgress ?? (() => undefined);
  await mkdir(folder, {recursive: true});
  return withLock(
    join(folder, 'build.lock'),
    async () => ((await isExecutable(path)) ? path : build(program, folder, options)),
    {
      onWait: pid => say(`waiting for process ${pid}, which builds ${program.program}`),
      ...(options.signal && {signal: options.signal}),
    },
  );
}

/** The folder that holds the programs built from exactly these sources, for this kind of machine. */
async function cacheFolder({folder, cache, sources}: GoProgram): Promise<string> {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  for (const file of sources) {
    // git may have checked the files out with other line ends; that makes no other program.
    hash.update(`${file}\n`).update((await readFile(join(folder, file), 'utf8')).replaceAll('\r\n', '\n'));
  }
  const root = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(root, 'gitops-tui', cache, hash.digest('hex').slice(0, 16));
}

async function build(wanted: GoProgram, folder: string, options: ProgramOptions): Promise<string | Missing> {
  const {program} = wanted;
  const say = options.onProgress ?? (() => undefined);
  const go = await goVersion(wanted.folder);
  if (go === undefined) return {missing: 'Go is not installed (https://go.dev/dl), so nothing can build it'};
  say(`building ${program} with ${go}; this happens once and takes minutes`);
  const began = Date.now();
  // Under the lock, a draft that is there already belongs to a build that was killed.
  for (const name of await readdir(folder)) {
    if (name.startsWith('draft-')) await rm(join(folder, name), {recursive: true, force: true});
  }
  // Inside the cache folder, so that the rename stays on one file system and is atomic.
  const draft = await mkdtemp(join(folder, 'draft-'));
  try {
    const output = join(draft, fileName(program));
    const failure = await goBuild(wanted, output, say, options.signal);
    if (failure !== undefined) return {missing: `go build of ${program} failed: ${failure}`};
    const path = join(folder, fileName(program));
    await rename(output, path);
    say(`built ${program} in ${seconds(began)} s: ${path}`);
    return path;
  } finally {
    await rm(draft, {recursive: true, force: true});
  }
}

/** Resolves with why it failed, or with nothing. */
async function goBuild(
  {program, target, folder, linking, tags = [], cgo}: GoProgram,
  output: string,
  say: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const flags = ['-s -w', ...((await linking?.()) ?? [])].join(' ');
  const args = ['build', '-v', '-buildvcs=false', '-trimpath', '-ldflags', flags, '-o', output];
  if (tags.length > 0) args.push('-tags', tags.join(' '));
  const child = spawn('go', [...args, target], {
    cwd: folder,
    env: {...process.env, CGO_ENABLED: cgo ? '1' : '0', GOWORK: 'off'},
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: buildLimitMs,
    ...(signal && {signal}),
  });
  const began = Date.now();
  const recent: string[] = [];
  let packages = 0;
  createInterface({input: child.stderr}).on('line', line => {
    // With -v each compiled package is one bare word; whatever has a space is news.
    if (!line.includes(' ')) packages += 1;
    else recent.push(line);
    if (recent.length > 20) recent.shift();
  });
  const timer = setInterval(
    () => say(`building ${program}: ${packages} packages compiled in ${seconds(began)} s`),
    progressMs,
  );
  try {
    return await new Promise<string | undefined>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, killer) => {
        if (code === 0) resolve(undefined);
        else resolve([killer ?? `exit status ${code}`, ...recent].join('\n'));
      });
    });
  } finally {
    clearInterval(timer);
  }
}

async function goVersion(cwd: string): Promise<string | undefined> {
  try {
    const {stdout} = await promisify(execFile)('go', ['env', 'GOVERSION'], {cwd, timeout: 60_000});
    return stdout.trim();
  } catch {
    return undefined;
  }
}

/** Whether there is a program at a path. */
export async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A program's file on this machine. */
export function fileName(program: string): string {
  return process.platform === 'win32' ? `${program}.exe` : program;
}

function seconds(since: number): number {
  return Math.round((Date.now() - since) / 1000);
}
