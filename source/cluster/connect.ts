import process from 'node:process';
import {version} from '../version.ts';
import {Client, type Timing, usualTiming} from './client.ts';
import {Credentials} from './credentials.ts';
import {Connection, KubeCluster} from './kube-cluster.ts';
import {type Kubeconfig, loadKubeconfig, type ResolvedContext} from './kubeconfig.ts';
import {KubeconfigError} from './kubeconfig-error.ts';
import {isLoopback} from './proxy.ts';
import {cacheFolder, SchemaCache} from './schema-cache.ts';
import type {ConnectedCluster} from './types.ts';

export interface ConnectionSettings {
  /** The program's version, for the server's audit log. Default: this program's. */
  userAgentVersion?: string | undefined;
  /** Default: the process's environment (proxies, cache folder). */
  env?: NodeJS.ProcessEnv;
  timing?: Partial<Timing>;
  /** Where schemas are kept; default: a cache of this connection's own, in the usual folder. */
  schemas?: SchemaCache;
  /** How long a credential plugin may take. */
  pluginLimitMs?: number;
}

/**
 * Connects to the cluster of a context, the current one where none is named. Nothing is sent before the first call. Throws
 * KubeconfigError.
 */
export async function connect(
  options: {
    /** `--kubeconfig`, or what loadKubeconfig gave. */
    kubeconfig?: string | Kubeconfig | undefined;
    context?: string | undefined;
  } & ConnectionSettings = {},
): Promise<ConnectedCluster> {
  const {kubeconfig, context, ...settings} = options;
  const loaded =
    typeof kubeconfig === 'object'
      ? kubeconfig
      : await loadKubeconfig({kubeconfig, ...(settings.env === undefined ? {} : {env: settings.env})});
  return connectTo(loaded.resolve(context), settings);
}

/** A cluster for a resolved context. Nothing is sent yet. Throws KubeconfigError for what is no server's URL. */
export function connectTo(resolved: ResolvedContext, settings: ConnectionSettings = {}): KubeCluster {
  const {context, cluster} = resolved;
  const env = settings.env ?? process.env;
  const url = URL.parse(cluster.server);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new KubeconfigError(`the server of cluster "${cluster.name}" is no URL: "${cluster.server}"`, {
      fix: `run kubectl config set-cluster ${cluster.name} --server=https://HOST:PORT`,
    });
  }
  const credentials = new Credentials(resolved, env, settings.pluginLimitMs);
  const client = new Client(cluster.server, credentials, {
    userAgent: userAgent(settings.userAgentVersion ?? version),
    // Over the loopback interface compression only costs.
    compression: !cluster.disableCompression && !isLoopback(url.hostname),
    timing: {...usualTiming, ...settings.timing},
    context: context.name,
  });
  return new KubeCluster(
    context,
    new Connection(client, settings.schemas ?? new SchemaCache(cacheFolder(env))),
  );
}

/** `gitops-tui/1.2.3 (linux/amd64)`, in the manner of kubectl. */
export function userAgent(version: string): string {
  const os: string = process.platform === 'win32' ? 'windows' : process.platform;
  const architectures: Record<string, string> = {x64: 'amd64', ia32: '386'};
  return `gitops-tui/${version} (${os}/${architectures[process.arch] ?? process.arch})`;
}
