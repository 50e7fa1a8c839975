import type {Agent, OutgoingHttpHeaders} from 'node:http';
import type {RequestOptions} from 'node:https';
// The only import of the library: its generated API is far larger than this, and the bundle drops what is not named here.
import {KubeConfig} from '@kubernetes/client-node';
import type {ClusterEntry, UserEntry} from './kubeconfig-file.ts';

/** What the library makes of a cluster and a user. */
export interface LibraryOptions {
  headers: OutgoingHttpHeaders;
  /** `user:password` of basic authentication. */
  basic: string | undefined;
  /** PEM. */
  ca: Buffer | string | undefined;
  cert: Buffer | string | undefined;
  key: Buffer | string | undefined;
  /** An agent of the library's that goes through the proxy; undefined where there is none. */
  proxyAgent: Agent | undefined;
}

/**
 * Reads certificates and keys, takes the tokens of auth providers and makes an agent for the cluster's proxy. Credential
 * plugins, token files, impersonation and the renewal of tokens are not for it: what it does with them falls short. Throws
 * the library's own errors.
 */
export async function libraryOptions(cluster: ClusterEntry, user: UserEntry): Promise<LibraryOptions> {
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [
      {
        name: cluster.name,
        server: cluster.server,
        caFile: cluster.caFile,
        caData: cluster.caData,
        // The library refuses plain http unless verification is off, which means nothing there.
        skipTLSVerify: cluster.insecureSkipTlsVerify || cluster.server.startsWith('http:'),
        tlsServerName: cluster.tlsServerName,
        proxyUrl: cluster.proxyUrl,
      },
    ],
    users: [
      {
        name: user.name,
        token: user.token,
        username: user.username,
        password: user.password,
        certFile: user.certFile,
        certData: user.certData,
        keyFile: user.keyFile,
        keyData: user.keyData,
        authProvider: user.authProvider,
      },
    ],
    contexts: [{name: 'context', cluster: cluster.name, user: user.name}],
    currentContext: 'context',
  });
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const {agent} = options;
  return {
    headers: (options.headers ?? {}) as OutgoingHttpHeaders,
    basic: options.auth ?? undefined,
    ca: pem(options.ca),
    cert: pem(options.cert),
    key: pem(options.key),
    proxyAgent: cluster.proxyUrl !== undefined && typeof agent === 'object' ? agent : undefined,
  };
}

function pem(value: unknown): Buffer | string | undefined {
  return typeof value === 'string' || Buffer.isBuffer(value) ? value : undefined;
}
