import {spawn} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {create} from './api.ts';
import type {Context} from './users.ts';

/** What another process needs to use a running cluster. */
export type Coordinates = {
  url: string;
  caFile: string;
  kubeconfig: string;
  adminToken: string;
};

export type KubectlOptions = {
  /** Written to standard input, for `-f -`. */
  input?: string;
  /** A context of the kubeconfig; admin where none is given. */
  context?: Context;
  /** Exit statuses that are answers rather than failures; `kubectl diff` answers with 1. */
  statuses?: readonly number[];
  timeoutMs?: number;
  /** Variables beside those of this process: `KUBE_EDITOR`. */
  env?: Record<string, string>;
};

/** A real cluster, to be shared with other tests: use a namespace of your own. */
export type Cluster = Coordinates & {
  /** Creates a namespace with a name that no other test has, and gives the name. */
  namespace(prefix?: string): Promise<string>;
  /** Runs the kubectl on PATH and gives its standard output; rejects with a KubectlError when it fails. */
  kubectl(args: readonly string[], options?: KubectlOptions): Promise<string>;
};

/** A kubectl that failed; the message holds what it said. */
export class KubectlError extends Error {
  override name = 'KubectlError';
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;

  constructor(args: readonly string[], status: number | null, stdout: string, stderr: string) {
    super(
      `kubectl ${args.join(' ')}: ${status === null ? 'was killed' : `exit status ${status}`}\n${stderr}`,
    );
    this.status = status;
    this.stdout = stdout;
    this.stderr = stderr;
  }
}

/** Gives the handle of a cluster that already runs. */
export function connect(coordinates: Coordinates): Cluster {
  const {url, caFile, kubeconfig, adminToken} = coordinates;
  return {
    url,
    caFile,
    kubeconfig,
    adminToken,
    async namespace(prefix = 'test') {
      const access = {url, ca: readFileSync(caFile, 'utf8'), token: adminToken};
      const name = `${prefix.slice(0, 50)}-${randomBytes(4).toString('hex')}`;
      await create(access, '/api/v1/namespaces', {metadata: {name}});
      return name;
    },
    kubectl: (args, options) => runKubectl(kubeconfig, args, options),
  };
}

function runKubectl(
  kubeconfig: string,
  args: readonly string[],
  {input = '', context = 'admin', statuses = [0], timeoutMs = 60_000, env}: KubectlOptions = {},
): Promise<string> {
  const all = [
    `--kubeconfig=${kubeconfig}`,
    `--context=${context}`,
    // The usual cache is kept by address: a port used again would bring back what another cluster served.
    `--cache-dir=${join(dirname(kubeconfig), 'kubectl-cache')}`,
    ...args,
  ];
  return new Promise((resolve, reject) => {
    const child = spawn('kubectl', all, {
      stdio: 'pipe',
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      ...(env === undefined ? {} : {env: {...process.env, ...env}}),
    });
    const output: Buffer[] = [];
    const complaints: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
    child.on('error', error =>
      reject('code' in error && error.code === 'ENOENT' ? new Error('kubectl is not on PATH') : error),
    );
    child.on('close', status => {
      const stdout = Buffer.concat(output).toString('utf8');
      if (status !== null && statuses.includes(status)) resolve(stdout);
      else reject(new KubectlError(args, status, stdout, Buffer.concat(complaints).toString('utf8')));
    });
    // A kubectl that does not read its input may be gone before all of it is written.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
