import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {
  ensureGoProgram,
  fileName,
  type GoProgram,
  isExecutable,
  type Missing,
  type ProgramOptions,
} from './go-program.ts';
import {isClusterOff, isClusterRequired} from './required.ts';

const here = import.meta.dirname;

const basicPrograms = ['etcd', 'kube-apiserver'] as const;
const allPrograms = [...basicPrograms, 'kube-controller-manager'] as const;
type Program = (typeof allPrograms)[number] | 'helm';

/** Without cgo the programs need no C compiler and run on any libc. */
const common = {cache: 'test-cluster', cgo: false};

const ofCluster = (program: string): GoProgram => ({
  ...common,
  folder: here,
  program,
  target: `./${program}`,
  sources: ['go.mod', 'go.sum', ...allPrograms.map(name => `${name}/main.go`)],
  linking: kubernetesFlags,
});

const recipes: Record<Program, GoProgram> = {
  etcd: ofCluster('etcd'),
  'kube-apiserver': ofCluster('kube-apiserver'),
  'kube-controller-manager': ofCluster('kube-controller-manager'),
  // A module of its own: it wants other versions, and an update of the one builds nothing of the other anew.
  helm: {
    ...common,
    folder: join(here, 'helm'),
    program: 'helm',
    target: 'helm.sh/helm/v3/cmd/helm',
    sources: ['go.mod', 'go.sum'],
  },
};

/** Paths of the programs that make a cluster. */
export type Binaries = {
  etcd: string;
  kubeApiserver: string;
  /** Present when controllers were asked for. */
  kubeControllerManager?: string;
};

export type BuildOptions = ProgramOptions & {
  /** Also provide kube-controller-manager, which takes a minute more to build. */
  controllers?: boolean;
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
  return ensureGoProgram(recipes[program], options);
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
