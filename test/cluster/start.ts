import {generateKeyPair} from 'node:crypto';
import {mkdir, mkdtemp, readFile, writeFile} from 'node:fs/promises';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {promisify} from 'node:util';
import {type Access, ask, create, isAllowed} from './api.ts';
import {type Binaries, type BuildOptions, ensureBinaries} from './build.ts';
import {type Child, type Nursery, openNursery} from './children.ts';
import {type Cluster, connect} from './cluster.ts';
import {grants, kubeconfig, newTokens, rbacObjects, tokenFile} from './users.ts';

const readyLimitMs = 120_000;
const pollMs = 50;
const attempts = 3;

/** A cluster of one's own, to be broken at will. */
export type TestCluster = Cluster & {
  /** Ends everything and removes every file. */
  stop(): Promise<void>;
  /** Pulls the cable: the API server is gone at once, connections break, its data stay. */
  kill(): Promise<void>;
  /** Starts the API server again, at the same address with the same data. */
  restart(): Promise<void>;
  /** The worse way to be gone: connections stay open and nothing answers. */
  freeze(): void;
  /** Ends a freeze. */
  thaw(): void;
};

export type StartOptions = BuildOptions;

/** There are no programs to start; the message says why. */
export class ClusterMissing extends Error {
  override name = 'ClusterMissing';
}

/**
 * Starts a real etcd and kube-apiserver on free ports of 127.0.0.1, with kube-controller-manager where `controllers` is set.
 * Everything ends with this process, however it ends. Throws ClusterMissing where the programs can't be had.
 */
export async function startCluster(options: StartOptions = {}): Promise<TestCluster> {
  const binaries = await ensureBinaries(options);
  if ('missing' in binaries) throw new ClusterMissing(binaries.missing);
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(binaries, options.signal);
    } catch (error) {
      // Between finding a free port and listening on it, another process may have taken it.
      if (attempt < attempts && /address already in use/.test(String(error))) continue;
      throw error;
    }
  }
}

async function startOnce(binaries: Binaries, signal: AbortSignal | undefined): Promise<TestCluster> {
  signal?.throwIfAborted();
  const folder = await mkdtemp(join(tmpdir(), 'gitops-tui-cluster-'));
  const nursery = openNursery(folder);
  const stop = () => nursery.close();
  // An end of the test in the middle of the start must not leave a half-started cluster.
  signal?.addEventListener('abort', () => void stop(), {once: true});
  try {
    return await startIn(folder, nursery, binaries, stop, signal);
  } catch (error) {
    const logs = nursery.logs();
    await nursery.close({keepFolder: !signal?.aborted});
    signal?.throwIfAborted();
    throw new Error(`the test cluster did not start: ${error}\n${logs}\nall logs are in ${folder}`, {
      cause: error,
    });
  }
}

async function startIn(
  folder: string,
  nursery: Nursery,
  binaries: Binaries,
  stop: () => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<TestCluster> {
  const tokens = newTokens();
  const file = (name: string) => join(folder, name);
  const [[clientPort, peerPort, port]] = await Promise.all([
    freePorts(3),
    writeServiceAccountKeys(file('sa.pub'), file('sa.key')),
    writeFile(file('tokens.csv'), tokenFile(tokens), {mode: 0o600}),
    mkdir(file('certificates')),
  ]);
  const etcdUrl = `http://127.0.0.1:${clientPort}`;
  const url = `https://127.0.0.1:${port}`;
  const caFile = file('certificates/apiserver.crt');

  const etcd = nursery.start(
    'etcd',
    binaries.etcd,
    etcdFlags(file('etcd'), etcdUrl, `http://127.0.0.1:${peerPort}`),
  );
  const flags = apiserverFlags(folder, etcdUrl, port ?? 0);
  let apiserver = nursery.start('kube-apiserver', binaries.kubeApiserver, flags);

  const untilReady = async (): Promise<Access> => {
    const ready = async () => {
      // The server writes its certificate when it first starts.
      const access = {url, ca: await readFile(caFile, 'utf8'), token: tokens.admin};
      return (await ask(access, 'GET', '/readyz')).status === 200 ? access : undefined;
    };
    return until('/readyz says ok', ready, [etcd, apiserver], signal);
  };

  const access = await untilReady();
  await writeFile(file('kubeconfig'), kubeconfig(url, access.ca, tokens), {mode: 0o600});
  await grant(access, [etcd, apiserver], signal);
  if (binaries.kubeControllerManager) {
    await startControllers(folder, nursery, binaries.kubeControllerManager, access, signal);
  }

  return {
    ...connect({url, caFile, kubeconfig: file('kubeconfig'), adminToken: tokens.admin}),
    stop,
    kill: () => apiserver.kill(),
    async restart() {
      await apiserver.kill();
      apiserver = nursery.start('kube-apiserver', binaries.kubeApiserver, flags);
      try {
        await untilReady();
      } catch (error) {
        throw new Error(`the API server did not start again: ${error}\n${nursery.logs()}`, {cause: error});
      }
    },
    freeze: () => apiserver.signal('SIGSTOP'),
    thaw: () => apiserver.signal('SIGCONT'),
  };
}

function etcdFlags(dataFolder: string, clientUrl: string, peerUrl: string): string[] {
  return [
    '--name=test',
    `--data-dir=${dataFolder}`,
    `--listen-client-urls=${clientUrl}`,
    `--advertise-client-urls=${clientUrl}`,
    `--listen-peer-urls=${peerUrl}`,
    `--initial-advertise-peer-urls=${peerUrl}`,
    `--initial-cluster=test=${peerUrl}`,
    // Nobody else votes: there is no reason to wait a second for them.
    '--heartbeat-interval=10',
    '--election-timeout=100',
    '--unsafe-no-fsync',
    '--log-level=warn',
  ];
}

function apiserverFlags(folder: string, etcdUrl: string, port: number): string[] {
  return [
    `--etcd-servers=${etcdUrl}`,
    `--secure-port=${port}`,
    '--bind-address=127.0.0.1',
    // Else it looks for the address of the default route, which a machine without network lacks.
    '--advertise-address=127.0.0.1',
    '--endpoint-reconciler-type=none',
    `--cert-dir=${join(folder, 'certificates')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${join(folder, 'sa.pub')}`,
    `--service-account-signing-key-file=${join(folder, 'sa.key')}`,
    '--service-cluster-ip-range=10.0.0.0/16',
    `--token-auth-file=${join(folder, 'tokens.csv')}`,
    '--authorization-mode=RBAC',
    // It would refuse pods until a controller has made the namespace's service account.
    '--disable-admission-plugins=ServiceAccount',
    '--allow-privileged=true',
  ];
}

/** Creates the roles, and waits until the authorizer, which learns of them by a watch, has them all. */
async function grant(access: Access, children: Child[], signal: AbortSignal | undefined): Promise<void> {
  await Promise.all(rbacObjects().map(({path, body}) => create(access, path, body)));
  const effective = async () => {
    const answers = Object.entries(grants).map(([user, verbs]) => isAllowed(access, user, verbs[0]));
    return (await Promise.all(answers)).every(Boolean) ? true : undefined;
  };
  await until('the roles are in force', effective, children, signal);
}

async function startControllers(
  folder: string,
  nursery: Nursery,
  binary: string,
  access: Access,
  signal: AbortSignal | undefined,
): Promise<void> {
  const [port] = await freePorts(1);
  const child = nursery.start('kube-controller-manager', binary, [
    `--kubeconfig=${join(folder, 'kubeconfig')}`,
    `--service-account-private-key-file=${join(folder, 'sa.key')}`,
    `--root-ca-file=${join(folder, 'certificates/apiserver.crt')}`,
    `--cert-dir=${join(folder, 'controller-certificates')}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    '--leader-elect=false',
    // No nodes, no clouds, no routes: what is left keeps the objects in order.
    '--controllers=*,-node-ipam-controller,-node-route-controller,-service-lb-controller,-cloud-node-lifecycle-controller',
  ]);
  // The first service account in a namespace shows that the controllers are at work.
  const working = async () => {
    const answer = await ask(access, 'GET', '/api/v1/namespaces/default/serviceaccounts/default');
    return answer.status === 200 ? true : undefined;
  };
  await until('the controllers work', working, [child], signal);
}

/** Polls until the probe gives a value. A probe that throws is asked again; a program that ended ends the wait. */
async function until<T>(
  what: string,
  probe: () => Promise<T | undefined>,
  children: Child[],
  signal: AbortSignal | undefined,
): Promise<T> {
  const deadline = Date.now() + readyLimitMs;
  let last: unknown;
  for (;;) {
    signal?.throwIfAborted();
    try {
      const value = await probe();
      if (value !== undefined) return value;
      last = undefined;
    } catch (error) {
      last = error;
    }
    for (const child of children) {
      const ending = child.ending();
      if (ending !== undefined) throw new Error(`${child.name} ended before ${what}: ${ending}`);
    }
    if (Date.now() > deadline)
      throw new Error(`not yet after ${readyLimitMs / 1000} s: ${what}; ${last ?? ''}`);
    await sleep(pollMs, undefined, {signal});
  }
}

async function writeServiceAccountKeys(publicFile: string, privateFile: string): Promise<void> {
  const pair = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: {type: 'spki', format: 'pem'},
    privateKeyEncoding: {type: 'pkcs8', format: 'pem'},
  });
  await writeFile(publicFile, pair.publicKey);
  await writeFile(privateFile, pair.privateKey, {mode: 0o600});
}

/** Free ports of 127.0.0.1, all held at once so that no two are the same. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({length: count}, async () => {
      const server = createServer();
      await new Promise<void>((resolve, reject) => {
        server.on('error', reject);
        server.listen(0, '127.0.0.1', resolve);
      });
      return server;
    }),
  );
  const ports = servers.map(server => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))));
  return ports;
}
