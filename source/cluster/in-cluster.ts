import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import type {KubeconfigEntries} from './kubeconfig-file.ts';

const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * A kubeconfig made of what a pod is given: one context, `in-cluster`. Undefined outside a pod, or where the pod was given
 * no service account token.
 * https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/
 */
export async function inCluster(
  env: NodeJS.ProcessEnv,
  folder = serviceAccount,
): Promise<KubeconfigEntries | undefined> {
  const host = env['KUBERNETES_SERVICE_HOST'];
  const port = env['KUBERNETES_SERVICE_PORT'];
  const tokenFile = path.join(folder, 'token');
  if (host === undefined || port === undefined || !existsSync(tokenFile)) return undefined;
  const name = 'in-cluster';
  const namespace = await readFile(path.join(folder, 'namespace'), 'utf8').catch(() => '');
  const caFile = path.join(folder, 'ca.crt');
  return {
    currentContext: name,
    clusters: new Map([
      [
        name,
        {
          name,
          server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
          insecureSkipTlsVerify: false,
          disableCompression: false,
          ...(existsSync(caFile) ? {caFile} : {}),
        },
      ],
    ]),
    users: new Map([[name, {name, tokenFile}]]),
    contexts: new Map([
      [
        name,
        {
          name,
          cluster: name,
          user: name,
          file: folder,
          ...(namespace.trim() === '' ? {} : {namespace: namespace.trim()}),
        },
      ],
    ]),
  };
}
