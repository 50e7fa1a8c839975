import {type Cluster, ClusterError} from '../cluster/types.ts';
import {prepareDesired} from '../drift/normalise.ts';
import type {Environment} from '../environments/types.ts';
import type {Repository} from '../repository/types.ts';
import {type JsonObject, objectAt, stringAt} from '../resources/json.ts';
import {loadSource} from '../sources/load.ts';
import {unreadable} from './direct/errors.ts';
import {desiredTree} from './direct/history/revision.ts';

/** One value of one Secret. */
export interface SecretKey {
  namespace: string;
  /** As git names it. */
  name: string;
  /** As it is called in the cluster, where that is another name (kustomize's hash moved on). */
  liveName: string;
  key: string;
}

/** A side of a revealed value: its text, the size of one that is no text, or why there is none. */
export type RevealedSide = {text: string} | {bytes: number} | {none: string};

/** Both sides of a value, in the clear: for the frame that shows it and nothing else. */
export interface Revealed {
  git: RevealedSide;
  live: RevealedSide;
}

/**
 * Reads one secret value of git and of the cluster at this moment: nothing of it is kept. A side that can't be read says
 * why. Throws only when aborted.
 */
export async function revealSecret(
  wanted: SecretKey,
  where: {
    environment: Environment;
    repository: Repository;
    worktree: boolean;
    connect: (signal: AbortSignal) => Cluster | Promise<Cluster>;
  },
  signal: AbortSignal,
): Promise<Revealed> {
  const {environment, repository, worktree} = where;
  const cluster = await reading(async () => where.connect(signal), signal);
  const [git, live] = await Promise.all([
    reading(async () => {
      const tree = await desiredTree(repository, environment, worktree, signal);
      const {resources} = await loadSource(environment, tree, {signal});
      const home =
        environment.namespace ?? ('failed' in cluster ? wanted.namespace : cluster.value.namespace);
      const found = resources.find(({object}) => {
        const metadata = objectAt(object, 'metadata');
        const namespace = stringAt(metadata, 'namespace') || home;
        return isSecretNamed(object, wanted.name) && namespace === wanted.namespace;
      });
      return found === undefined ? undefined : found.object;
    }, signal),
    'failed' in cluster
      ? cluster
      : reading(async () => {
          const kind = (await cluster.value.kinds({signal})).find('', 'v1', 'Secret');
          return kind === undefined
            ? undefined
            : cluster.value.get(kind, wanted.namespace, wanted.liveName, signal);
        }, signal),
  ]);
  return {git: gitSide(git, wanted.key), live: side(live, wanted.key, 'it is not live')};
}

type Read<T> = {value: T} | {failed: string};

async function reading<T>(read: () => Promise<T>, signal: AbortSignal): Promise<Read<T>> {
  try {
    return {value: await read()};
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ClusterError) return {failed: unreadable(error)};
    return {failed: error instanceof Error ? error.message : String(error)};
  }
}

function isSecretNamed(object: JsonObject, name: string): boolean {
  const isSecret = object['kind'] === 'Secret' && object['apiVersion'] === 'v1';
  return isSecret && stringAt(objectAt(object, 'metadata'), 'name') === name;
}

function gitSide(read: Read<JsonObject | undefined>, key: string): RevealedSide {
  if ('failed' in read || read.value === undefined) return side(read, key, 'git has no such Secret');
  const {object, error} = prepareDesired(read.value, undefined);
  return error === null ? side({value: object}, key, '') : {none: error};
}

function side(read: Read<JsonObject | undefined>, key: string, absent: string): RevealedSide {
  if ('failed' in read) return {none: read.failed};
  if (read.value === undefined) return {none: absent};
  const value = stringAt(objectAt(read.value, 'data'), key);
  if (value === undefined) return {none: 'it has no such key'};
  const bytes = Buffer.from(value, 'base64');
  try {
    const text = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes);
    return isText(text) ? {text} : {bytes: bytes.length};
  } catch {
    return {bytes: bytes.length};
  }
}

/** True for what people write: without the control characters that only bytes have. */
function isText(text: string): boolean {
  return !/[\u0000-\u0008\u000E-\u001A\u001C-\u001F]/.test(text);
}
