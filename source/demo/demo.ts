import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {sourceIdentity} from '../engines/direct/trackers/source-identity.ts';
import {openRepository} from '../repository/open.ts';
import {type ApiServer, startApiServer} from './api-server/server.ts';
import {exampleEnvironments, seedCluster} from './example/cluster.ts';
import {exampleLogs} from './example/logs.ts';
import {createExampleRepository} from './example/repository.ts';

/** The demo while it runs. */
export interface Demo {
  /** Folder of the example's checkout. */
  repository: string;
  /** Folder of its bare upstream. */
  remote: string;
  /** kubeconfig file with a context for each environment. */
  kubeconfig: string;
  /** The line to paste in a second terminal to make drift. */
  hint: string;
  /** Ends the clusters and removes the folder. */
  stop(): Promise<void>;
}

/** Starts the example: a repository with a history and an upstream, and a cluster for each environment, with drift in it. */
export async function startDemo(signal?: AbortSignal): Promise<Demo> {
  const now = Date.now();
  const folder = await mkdtemp(path.join(tmpdir(), 'gitops-tui-demo-'));
  const servers: ApiServer[] = [];
  const stop = async () => {
    await Promise.all(servers.map(server => server.stop()));
    await rm(folder, {recursive: true, force: true});
  };
  try {
    const {checkout, remote, commits} = await createExampleRepository(folder, now, signal);
    const repository = await openRepository(checkout, {signal});
    const source = await sourceIdentity(repository, 'main', signal ?? new AbortController().signal);
    const configs = await Promise.all(
      exampleEnvironments.map(async environment => {
        const server = await startApiServer({pods: true, logs: exampleLogs});
        servers.push(server);
        await seedCluster(server, environment, {repository, commits, source}, now);
        return server.kubeconfig(environment, 'shop');
      }),
    );
    const kubeconfig = path.join(folder, 'kubeconfig');
    // Tokens of the embedded servers: of no use once the demo ends, and nobody else's business before.
    await writeFile(kubeconfig, mergeKubeconfigs(configs), {mode: 0o600});
    const hint = `kubectl --kubeconfig ${kubeconfig} --context staging scale deployment/web --replicas=7`;
    return {repository: checkout, remote, kubeconfig, hint, stop};
  } catch (error) {
    await stop();
    throw error;
  }
}

/** kubeconfigs (JSON) as one file, the first one's context the current one. */
function mergeKubeconfigs(texts: readonly string[]): string {
  type Lists = Record<'clusters' | 'contexts' | 'users', unknown[]>;
  const configs = texts.map(text => JSON.parse(text) as Lists & {'current-context': string});
  const all = (key: keyof Lists) => configs.flatMap(config => config[key]);
  return `${JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': configs[0]?.['current-context'],
      clusters: all('clusters'),
      contexts: all('contexts'),
      users: all('users'),
    },
    null,
    2,
  )}\n`;
}
