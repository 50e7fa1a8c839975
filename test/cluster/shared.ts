import {mkdtemp, rm} from 'node:fs/promises';
import {connect as connectSocket, createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {TestContext} from 'node:test';
import {type Cluster, type Coordinates, connect} from './cluster.ts';
import {isClusterRequired} from './required.ts';
import {ClusterMissing, startCluster} from './start.ts';

/** Names the socket at which a test run's own process hands out the cluster they share. */
const socketVariable = 'GITOPS_TUI_TEST_CLUSTER_SOCKET';

type Reply = {coordinates: Coordinates} | {missing: string} | {failed: string};

let ofThisProcess: Promise<Cluster> | undefined;
let said = false;

/**
 * Gives the cluster that the whole test run shares, or, where a test file runs alone, one of this process.
 * Without a cluster the test is skipped, loudly, and gets undefined; where the cluster is required it fails.
 */
export async function useCluster(t: TestContext): Promise<Cluster | undefined> {
  try {
    ofThisProcess ??= findCluster();
    return await ofThisProcess;
  } catch (error) {
    if (!(error instanceof ClusterMissing) || isClusterRequired()) throw error;
    skip(t, error.message);
    return undefined;
  }
}

/** Starts a cluster for one test alone, which may break it; it ends with the test. Skips as useCluster does. */
export async function useOwnCluster(
  t: TestContext,
  options: {controllers?: boolean} = {},
): Promise<Awaited<ReturnType<typeof startCluster>> | undefined> {
  try {
    const cluster = await startCluster({...options, onProgress: say, signal: t.signal});
    t.after(() => cluster.stop());
    return cluster;
  } catch (error) {
    if (!(error instanceof ClusterMissing)) throw error;
    skip(t, error.message);
    return undefined;
  }
}

function skip(t: TestContext, reason: string): void {
  t.skip(`no real cluster: ${reason}`);
  if (!said) say(`SKIPPED: the tests against a real cluster do not run: ${reason}`);
  said = true;
}

function say(line: string): void {
  process.stderr.write(`test cluster: ${line}\n`);
}

async function findCluster(): Promise<Cluster> {
  const socket = process.env[socketVariable];
  // Nobody stops this one: it ends with the process, and does not keep the process from ending.
  if (!socket) return startCluster({onProgress: say});
  const reply = await askFor(socket);
  if ('missing' in reply) throw new ClusterMissing(reply.missing);
  if ('failed' in reply) throw new Error(reply.failed);
  return connect(reply.coordinates);
}

function askFor(socket: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const connection = connectSocket(socket);
    const chunks: Buffer[] = [];
    connection.on('data', chunk => chunks.push(chunk));
    connection.on('error', reject);
    connection.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString('utf8'))));
  });
}

/**
 * Offers one cluster to all test files of this run, by way of the environment they inherit.
 * It starts when the first test asks, so that a run without such tests pays nothing. Gives what ends it.
 */
export async function shareCluster(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'gitops-tui-share-'));
  const socket =
    process.platform === 'win32' ? `\\\\.\\pipe\\gitops-tui-${process.pid}` : join(folder, 'socket');
  const stopping = new AbortController();
  let starting: ReturnType<typeof startCluster> | undefined;

  const answer = async (): Promise<Reply> => {
    try {
      starting ??= startCluster({onProgress: say, signal: stopping.signal});
      const {url, caFile, kubeconfig, adminToken} = await starting;
      return {coordinates: {url, caFile, kubeconfig, adminToken}};
    } catch (error) {
      return error instanceof ClusterMissing ? {missing: error.message} : {failed: String(error)};
    }
  };

  const server = createServer(connection => {
    // A test process that was ended while it waited is no concern of the others.
    connection.on('error', () => undefined);
    answer().then(reply => connection.end(JSON.stringify(reply)));
  });
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject);
    server.listen(socket, resolve);
  });
  server.unref();
  process.env[socketVariable] = socket;

  return async () => {
    delete process.env[socketVariable];
    server.close();
    stopping.abort();
    try {
      await (await starting)?.stop();
    } catch {
      // It never started, which its tests have said already.
    }
    await rm(folder, {recursive: true, force: true});
  };
}
