import {execFile, spawn} from 'node:child_process';
import {createHash} from 'node:crypto';
import {access, constants, mkdir, mkdtemp, readdir, readFile, rename, rm} from 'node:fs/promises';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {withLock} from './lock.ts';
import {isClusterOff, isClusterRequired} from './required.ts';

const here = import.meta.dirname;
const buildLimitMs = 40 * 60_000;
const progressMs = 10_000;

const basicPrograms = ['etcd', 'kube-apiserver'] as const;
const allPrograms = [...basicPrograms, 'kube-controller-manager'] as const;
type Program = (typeof allPrograms)[number] | 'helm';

/** Where a program's Go module is, and which files settle what is built. */
interface Recipe {
  folder: string;
  /** What `go build` is told to build. */
  target: string;
  sources: readonly string[];
  flags(): Promise<readonly string[]>;
}

const ofCluster = (program: string): Recipe => ({
  folder: here,
  target: `./${program}`,
  sources: ['go.mod', 'go.sum', ...allPrograms.map(name => `${name}/main.go`)],
  flags: kubernetesFlags,
});

const recipes: Record<Program, Recipe> = {
  etcd: ofCluster('etcd'),
  'kube-apiserver': ofCluster('kube-apiserver'),
  'kube-controller-manager': ofCluster('kube-controller-manager'),
  // A module of its own: it wants other versions, and an update of the one builds nothing of the other anew.
  helm: {
    folder: join(here, 'helm'),
    target: 'helm.sh/helm/v3/cmd/helm',
    sources: ['go.mod', 'go.sum'],
    flags: async () => [],
  },
};

/** Paths of the programs that make a cluster. */
export type Binaries = {
  etcd: string;
  kubeApiserver: string;
  /** Present when controllers were asked for. */
  kubeControllerManager?: string;
};

/** Why there are no programs, in one sentence. */
export type Missing = {missing: string};

export type BuildOptions = {
  /** Also provide kube-controller-manager, which takes a minute more to build. */
  controllers?: boolean;
  onProgress?: (line: string) => void;
  signal?: AbortSignal;
};

/**
 * Finds the programs in KUBEBUILDER_ASSETS where that is set, else in the cache, else builds them with Go.
 * Throws instead of answering `missing` where the cluster is required (CI=true or GITOPS_TUI_REQUIRE_CLUSTER=1).
 */
export async function ensureBinaries(options: BuildOptions = {}): Promise<Binaries | Missing> {
  const programs = options.controllers ? allPrograms : basicPrograms;
  const paths: Partial<Record<Program, string>> = {};
  for (const program of programs) {
    const found = await ensureProgram(program, options);
    if (typeof found !== 'string') {
      if (isClusterRequired()) throw new Error(`the real cluster is required: ${found.missing}`);
      return found;
    }
    paths[program] = found;
  }
  const {etcd = '', 'kube-apiserver': kubeApiserver = '', 'kube-controller-manager': manager} = paths;
  return {etcd, kubeApiserver, ...(manager !== undefined && {kubeControllerManager: manager})};
}

/** The same for Helm's command, which installs what tests compare. */
export async function ensureHelm(options: BuildOptions = {}): Promise<{helm: string} | Missing> {
  const found = await ensureProgram('helm', options);
  if (typeof found === 'string') return {helm: found};
  if (isClusterRequired()) throw new Error(`the real cluster is required: ${found.missing}`);
  return found;
}

async function ensureProgram(program: Program, options: BuildOptions): Promise<string | Missing> {
  if (isClusterOff()) return {missing: 'GITOPS_TUI_CLUSTER=off'};
  const assets = process.env.KUBEBUILDER_ASSETS;
  if (assets) {
    const path = join(assets, fileName(program));
    if (await isExecutable(path)) return path;
    // envtest's folders hold neither kube-controller-manager nor helm: those are built beside them.
    if (program !== 'kube-controller-manager' && program !== 'helm') {
      return {missing: `KUBEBUILDER_ASSETS=${assets} has no ${program}`};
    }
  }
  const folder = await cacheFolder(recipes[program]);
  const path = join(folder, fileName(program));
  if (await isExecutable(path)) return path;
  const say = options.onProgress ?? (() => undefined);
  await mkdir(folder, {recursive: true});
  return withLock(
    join(folder, 'build.lock'),
    async () => ((await isExecutable(path)) ? path : build(program, folder, options)),
    {
      onWait: pid => say(`waiting for process ${pid}, which builds ${program}`),
      ...(options.signal && {signal: options.signal}),
    },
  );
}

/** The folder that holds the programs built from exactly these sources, for this kind of machine. */
async function cacheFolder({folder, sources}: Recipe): Promise<string> {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  for (const file of sources) {
    // git may have checked the files out with other line ends; that makes no other program.
    hash.update(`${file}\n`).update((await readFile(join(folder, file), 'utf8')).replaceAll('\r\n', '\n'));
  }
  const root = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(root, 'gitops-tui', 'test-cluster', hash.digest('hex').slice(0, 16));
}

async function build(program: Program, folder: string, options: BuildOptions): Promise<string | Missing> {
  const say = options.onProgress ?? (() => undefined);
  const go = await goVersion();
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
    const failure = await goBuild(program, output, say, options.signal);
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
  program: Program,
  output: string,
  say: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const {folder, target, flags} = recipes[program];
  const linking = ['-s -w', ...(await flags())].join(' ');
  const args = ['build', '-v', '-buildvcs=false', '-trimpath', '-ldflags', linking, '-o', output];
  const child = spawn('go', [...args, target], {
    cwd: folder,
    // Without cgo the programs need no C compiler and run on any libc.
    env: {...process.env, CGO_ENABLED: '0', GOWORK: 'off'},
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

async function goVersion(): Promise<string | undefined> {
  try {
    const {stdout} = await promisify(execFile)('go', ['env', 'GOVERSION'], {cwd: here, timeout: 60_000});
    return stdout.trim();
  } catch {
    return undefined;
  }
}

async function kubernetesFlags(): Promise<string[]> {
  const stamp = 'k8s.io/component-base/version';
  const version = await kubernetesVersion();
  const [major, minor] = version.slice(1).split('.');
  return [
    `-X ${stamp}.gitVersion=${version}`,
    `-X ${stamp}.gitMajor=${major}`,
    `-X ${stamp}.gitMinor=${minor}`,
    `-X ${stamp}.gitTreeState=clean`,
  ];
}

async function kubernetesVersion(): Promise<string> {
  const found = /^\s*k8s\.io\/kubernetes (v\S+)$/m.exec(await readFile(join(here, 'go.mod'), 'utf8'));
  if (!found?.[1]) throw new Error('test/cluster/go.mod requires no k8s.io/kubernetes');
  return found[1];
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function fileName(program: Program): string {
  return process.platform === 'win32' ? `${program}.exe` : program;
}

function seconds(since: number): number {
  return Math.round((Date.now() - since) / 1000);
}

// Run as a script, so that CI builds before the tests start and their time limits run.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const say = (line: string) => process.stderr.write(`test cluster: ${line}\n`);
  const found = await ensureBinaries({controllers: true, onProgress: say});
  if ('missing' in found) {
    say(`not available: ${found.missing}`);
    process.exitCode = 1;
  } else {
    const more = await ensureHelm({onProgress: say});
    for (const path of [...Object.values(found), ...Object.values(more)]) process.stdout.write(`${path}\n`);
  }
}
