import {basename} from 'node:path';
import type {Repository} from '../../../repository/types.ts';

/**
 * Which repository an environment is of, the same for every clone: `github.com/acme/infra`. Without a remote it is the
 * checkout's folder name. Folders and branches are not part of it: a config has each environment's name once, and an
 * environment that moves within its repository is still the same. Throws only when aborted.
 */
export async function sourceIdentity(
  repository: Pick<Repository, 'remote' | 'root'>,
  branch: string | null,
  signal: AbortSignal,
): Promise<string> {
  const remote = await repository.remote(branch, signal).catch(() => {
    signal.throwIfAborted();
    return null;
  });
  return remote === null ? basename(repository.root) : remoteIdentity(remote.url);
}

/** A remote's URL without what differs from clone to clone: scheme, user, port, `.git`. */
export function remoteIdentity(url: string): string {
  const scp = /^(?:[^@/\s]+@)?([^:/\s]+):(?!\/\/)(.+)$/.exec(url);
  const link = /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/\s]*@)?([^/:]*)(?::\d+)?\/(.+)$/i.exec(url);
  const [, host, path] = link ?? scp ?? [];
  if (host === undefined || path === undefined) return trimmed(url);
  return trimmed(`${host.toLowerCase()}/${path}`);
}

function trimmed(path: string): string {
  return path
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .replace(/^\/+/, '/');
}
