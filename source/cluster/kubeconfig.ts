import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {inCluster} from './in-cluster.ts';
import {KubeconfigError} from './kubeconfig-error.ts';
import {
  type ClusterEntry,
  type ContextEntry,
  type KubeconfigEntries,
  parseKubeconfig,
  type UserEntry,
} from './kubeconfig-file.ts';

/** A context as it is shown and paired with environments. */
export interface ContextSummary {
  name: string;
  /** URL of the API server, '' where the context names no known cluster. */
  server: string;
  /** 'default' where the context names none. */
  namespace: string;
  /** Name of the kubeconfig's user, '' where it names none. */
  user: string;
  /** True for the current context. */
  current: boolean;
}

/** A context with what it refers to. */
export interface ResolvedContext {
  context: ContextEntry;
  cluster: ClusterEntry;
  user: UserEntry | undefined;
}

/** The kubeconfig files that apply, merged as kubectl merges them. */
export interface Kubeconfig {
  /** The files that were read. */
  readonly files: readonly string[];
  /** Where was looked, in words: the file, or the variable with its files; it says so where nothing is there. */
  readonly from: string;
  readonly currentContext: string | undefined;
  readonly contexts: readonly ContextSummary[];
  /** The context of that name, or the current one. Throws KubeconfigError with the names there are. */
  resolve(name?: string | undefined): ResolvedContext;
}

/** Where to look for kubeconfigs. */
export interface KubeconfigPlace {
  /** `--kubeconfig`: this file and no other. */
  kubeconfig?: string | undefined;
  /** Default: the process's environment (KUBECONFIG, HOME). */
  env?: NodeJS.ProcessEnv;
}

/**
 * Reads the kubeconfig: the named file, else those of KUBECONFIG, else ~/.kube/config, else the service account of the pod
 * that this runs in. As to kubectl, absent files of KUBECONFIG are passed over, and of two entries of one name the first
 * file's counts as a whole. Throws KubeconfigError.
 * https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files
 */
export async function loadKubeconfig(place: KubeconfigPlace = {}): Promise<Kubeconfig> {
  const env = place.env ?? process.env;
  const {files, absentAllowed, from} = filesToRead(place.kubeconfig, env);
  const read: {file: string; entries: KubeconfigEntries}[] = [];
  for (const file of files) {
    const text = await readKubeconfig(file, absentAllowed);
    if (text !== undefined) read.push({file, entries: parseKubeconfig(text, file)});
  }
  if (read.length > 0) {
    return makeKubeconfig(
      read.map(({file}) => file),
      mergeEntries(read.map(({entries}) => entries)),
      from,
    );
  }
  const pod = await inCluster(env);
  if (pod !== undefined) return makeKubeconfig([], pod, 'the service account of this pod');
  return makeKubeconfig([], mergeEntries([]), `${from}, which is not there`);
}

function filesToRead(
  named: string | undefined,
  env: NodeJS.ProcessEnv,
): {files: string[]; absentAllowed: boolean; from: string} {
  if (named !== undefined && named !== '') {
    return {files: [path.resolve(named)], absentAllowed: false, from: path.resolve(named)};
  }
  const listed = (env['KUBECONFIG'] ?? '').split(path.delimiter).filter(file => file !== '');
  if (listed.length > 0) {
    const files = [...new Set(listed.map(file => path.resolve(file)))];
    return {files, absentAllowed: true, from: `KUBECONFIG (${files.join(path.delimiter)})`};
  }
  const home = env['HOME'] || env['USERPROFILE'] || os.homedir();
  const file = path.join(home, '.kube', 'config');
  return {files: [file], absentAllowed: true, from: file};
}

async function readKubeconfig(file: string, absentAllowed: boolean): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' && absentAllowed) return undefined;
    const cause =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EACCES' || code === 'EPERM'
          ? 'it may not be read'
          : code === 'EISDIR'
            ? 'it is a folder'
            : String(error);
    throw new KubeconfigError(cause, {
      file,
      fix: existsSync(file)
        ? `make it readable, or name another file with --kubeconfig`
        : 'name the kubeconfig with --kubeconfig or KUBECONFIG',
      cause: error,
    });
  }
}

function mergeEntries(all: readonly KubeconfigEntries[]): KubeconfigEntries {
  const merge = <T>(maps: readonly ReadonlyMap<string, T>[]): Map<string, T> => {
    const merged = new Map<string, T>();
    for (const map of maps) for (const [name, value] of map) if (!merged.has(name)) merged.set(name, value);
    return merged;
  };
  return {
    currentContext: all.find(({currentContext}) => currentContext !== undefined)?.currentContext,
    clusters: merge(all.map(({clusters}) => clusters)),
    users: merge(all.map(({users}) => users)),
    contexts: merge(all.map(({contexts}) => contexts)),
  };
}

function makeKubeconfig(files: readonly string[], entries: KubeconfigEntries, from: string): Kubeconfig {
  const {currentContext, clusters, users, contexts} = entries;
  const names = [...contexts.keys()];
  return {
    files,
    from,
    currentContext,
    contexts: [...contexts.values()].map(context => ({
      name: context.name,
      server: clusters.get(context.cluster)?.server ?? '',
      namespace: context.namespace ?? 'default',
      user: context.user ?? '',
      current: context.name === currentContext,
    })),
    resolve(name = currentContext) {
      const choices =
        names.length === 0
          ? `there are no contexts in ${from}`
          : `there are ${names.map(each => `"${each}"`).join(', ')}`;
      if (name === undefined || name === '') {
        throw new KubeconfigError(`no context is named and none is current: ${choices}`, {
          fix:
            names.length === 0
              ? 'name a kubeconfig with --kubeconfig or KUBECONFIG'
              : 'name one with --context, or run kubectl config use-context NAME',
        });
      }
      const context = contexts.get(name);
      if (context === undefined) {
        throw new KubeconfigError(`there is no context "${name}": ${choices}`, {
          fix: names.length === 0 ? 'name a kubeconfig with --kubeconfig or KUBECONFIG' : 'name one of them',
        });
      }
      const cluster = clusters.get(context.cluster);
      if (cluster === undefined || cluster.server === '') {
        const trouble =
          context.cluster === ''
            ? 'names no cluster'
            : cluster === undefined
              ? `names the cluster "${context.cluster}", which is not there`
              : `names the cluster "${context.cluster}", which has no server`;
        throw new KubeconfigError(`context "${name}" ${trouble}`, {
          file: context.file,
          fix: `run kubectl config set-cluster ${context.cluster === '' ? 'NAME' : context.cluster} --server=URL`,
        });
      }
      const user = context.user === undefined ? undefined : users.get(context.user);
      if (context.user !== undefined && user === undefined) {
        throw new KubeconfigError(`context "${name}" names the user "${context.user}", which is not there`, {
          file: context.file,
          fix: `run kubectl config set-credentials ${context.user}, or name another user in the context`,
        });
      }
      return {context, cluster, user};
    },
  };
}
