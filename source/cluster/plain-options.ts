import {readFile} from 'node:fs/promises';
import type {LibraryOptions} from './kube-config-library.ts';
import type {ClusterEntry, UserEntry} from './kubeconfig-file.ts';

/** True where a kubeconfig holds all that a connection takes: no proxy, no auth provider. */
export function isPlain(cluster: ClusterEntry, user: UserEntry): boolean {
  return cluster.proxyUrl === undefined && user.authProvider === undefined;
}

/**
 * What the library makes of a plain cluster and user, without it: loading the library takes longer than a comparison of a
 * hundred objects. As to the library, files count before data. Throws Node's errors for files that can't be read.
 */
export async function plainOptions(cluster: ClusterEntry, user: UserEntry): Promise<LibraryOptions> {
  const [ca, cert, key] = await Promise.all([
    pem(cluster.caFile, cluster.caData),
    pem(user.certFile, user.certData),
    pem(user.keyFile, user.keyData),
  ]);
  return {
    headers: user.token ? {Authorization: `Bearer ${user.token}`} : {},
    basic: user.username ? `${user.username}:${user.password}` : undefined,
    ca,
    cert,
    key,
    proxyAgent: undefined,
  };
}

async function pem(file: string | undefined, data: string | undefined): Promise<Buffer | undefined> {
  if (file) return readFile(file);
  return data ? Buffer.from(data, 'base64') : undefined;
}
