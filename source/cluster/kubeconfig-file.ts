import path from 'node:path';
import {FAILSAFE_SCHEMA, load, mergeTag, nullCoreTag, YAMLException} from 'js-yaml';
import {isObject, type Json, type JsonObject, listAt, objectAt, stringAt} from '../resources/json.ts';
import {KubeconfigError} from './kubeconfig-error.ts';

/** Where a cluster is. Paths are absolute. */
export interface ClusterEntry {
  name: string;
  server: string;
  caFile?: string;
  /** Base64 of PEM. */
  caData?: string;
  insecureSkipTlsVerify: boolean;
  tlsServerName?: string;
  proxyUrl?: string;
  disableCompression: boolean;
  /** What the cluster's `extensions` hold for credential plugins (`client.authentication.k8s.io/exec`). */
  execConfig?: Json;
}

/** A credential plugin: a program that prints an ExecCredential. */
export interface ExecPlugin {
  apiVersion: string;
  command: string;
  args: readonly string[];
  env: readonly {name: string; value: string}[];
  installHint?: string;
  provideClusterInfo: boolean;
  interactiveMode?: string;
}

/** Who the requests are made for, instead of the user that authenticates. */
export interface Impersonation {
  user: string;
  uid?: string;
  groups: readonly string[];
  extra: ReadonlyMap<string, readonly string[]>;
}

/** Who asks, and how that is proved. Paths are absolute. */
export interface UserEntry {
  name: string;
  token?: string;
  tokenFile?: string;
  username?: string;
  password?: string;
  certFile?: string;
  certData?: string;
  keyFile?: string;
  keyData?: string;
  exec?: ExecPlugin;
  authProvider?: {name: string; config: Record<string, string>};
  impersonate?: Impersonation;
}

export interface ContextEntry {
  name: string;
  cluster: string;
  user?: string;
  namespace?: string;
}

/** One kubeconfig file, or several merged. The first entry of a name counts. */
export interface KubeconfigEntries {
  currentContext: string | undefined;
  clusters: ReadonlyMap<string, ClusterEntry>;
  users: ReadonlyMap<string, UserEntry>;
  contexts: ReadonlyMap<string, ContextEntry & {file: string}>;
}

// Every value of a kubeconfig but a few booleans is text: a token of digits must not become a number.
const schema = FAILSAFE_SCHEMA.withTags(nullCoreTag, mergeTag);

/**
 * Reads the text of one kubeconfig. Relative paths in it are relative to its folder. Throws KubeconfigError with the line
 * of a YAML error, or with the entry that isn't understood.
 * Fields: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
 */
export function parseKubeconfig(text: string, file: string): KubeconfigEntries {
  const root = parseYaml(text, file);
  const resolve = (name: string | undefined) =>
    name === undefined || name === '' ? undefined : path.resolve(path.dirname(file), name);
  const entries = <T>(list: string, read: (name: string, value: JsonObject) => T): Map<string, T> => {
    const found = new Map<string, T>();
    for (const [index, item] of listAt(root, list).entries()) {
      const name = stringAt(item, 'name');
      if (name === undefined) {
        throw new KubeconfigError(`${list}[${index}] has no name`, {
          file,
          fix: 'give it one, or take it out',
        });
      }
      if (!found.has(name)) found.set(name, read(name, objectAt(item, list.slice(0, -1))));
    }
    return found;
  };
  return {
    currentContext: textAt(root, 'current-context'),
    clusters: entries('clusters', (name, value) => clusterEntry(name, value, resolve)),
    users: entries('users', (name, value) => userEntry(name, value, resolve, file)),
    contexts: entries('contexts', (name, value) => ({...contextEntry(name, value), file})),
  };
}

function parseYaml(text: string, file: string): JsonObject {
  // A file that holds nothing is an empty kubeconfig, as `kubectl config` leaves one behind.
  if (/^(?:\s*(?:#.*)?(?:\n|$))*$/.test(text)) return {};
  let root: unknown;
  try {
    root = load(text, {schema});
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    // It may name what stands there: `token: *…` is an alias to YAML.
    throw new KubeconfigError(error.reason.replace(/\s*["<!].*$/s, ''), {
      file,
      line: error.mark === undefined ? undefined : error.mark.line + 1,
      fix: 'correct its YAML, or name another file with --kubeconfig',
      cause: error,
    });
  }
  if (root === null) return {};
  if (!isObject(root)) {
    throw new KubeconfigError('it is no kubeconfig: a YAML mapping is expected', {
      file,
      line: 1,
      fix: 'name another file with --kubeconfig',
    });
  }
  return root;
}

type Resolve = (name: string | undefined) => string | undefined;

/** Drops the undefined properties, so that absent is absent. */
type Present<T> = {[K in keyof T]?: Exclude<T[K], undefined>};
function present<T extends object>(value: T): Present<T> {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as Present<T>;
}

/** The text at a key; an empty one counts as absent, as it does to kubectl. */
function textAt(value: Json | undefined, key: string): string | undefined {
  return stringAt(value, key) || undefined;
}

function flag(value: JsonObject, key: string): boolean {
  return /^(?:true|yes|on|y)$/i.test(stringAt(value, key) ?? '');
}

function clusterEntry(name: string, value: JsonObject, resolve: Resolve): ClusterEntry {
  const extension = listAt(value, 'extensions').find(
    item => stringAt(item, 'name') === 'client.authentication.k8s.io/exec',
  );
  return {
    name,
    server: (textAt(value, 'server') ?? '').replace(/\/+$/, ''),
    insecureSkipTlsVerify: flag(value, 'insecure-skip-tls-verify'),
    disableCompression: flag(value, 'disable-compression'),
    ...present({
      caFile: resolve(textAt(value, 'certificate-authority')),
      caData: textAt(value, 'certificate-authority-data'),
      tlsServerName: textAt(value, 'tls-server-name'),
      proxyUrl: textAt(value, 'proxy-url'),
      execConfig: isObject(extension) ? extension['extension'] : undefined,
    }),
  };
}

function contextEntry(name: string, value: JsonObject): ContextEntry {
  return {
    name,
    cluster: textAt(value, 'cluster') ?? '',
    ...present({user: textAt(value, 'user'), namespace: textAt(value, 'namespace')}),
  };
}

function userEntry(name: string, value: JsonObject, resolve: Resolve, file: string): UserEntry {
  return {
    name,
    ...present({
      token: textAt(value, 'token'),
      tokenFile: resolve(textAt(value, 'tokenFile')),
      username: textAt(value, 'username'),
      password: textAt(value, 'password'),
      certFile: resolve(textAt(value, 'client-certificate')),
      certData: textAt(value, 'client-certificate-data'),
      keyFile: resolve(textAt(value, 'client-key')),
      keyData: textAt(value, 'client-key-data'),
      exec: execPlugin(value['exec'], resolve),
      authProvider: authProvider(value['auth-provider']),
      impersonate: impersonation(name, value, file),
    }),
  };
}

function execPlugin(value: Json | undefined, resolve: Resolve): ExecPlugin | undefined {
  if (!isObject(value)) return undefined;
  const command = textAt(value, 'command') ?? '';
  return {
    apiVersion: textAt(value, 'apiVersion') ?? '',
    // As kubectl: a name is looked up on PATH, a path is relative to the file.
    command: /[/\\]/.test(command) ? (resolve(command) ?? command) : command,
    args: listAt(value, 'args').map(String),
    env: listAt(value, 'env').map(item => ({
      name: stringAt(item, 'name') ?? '',
      value: stringAt(item, 'value') ?? '',
    })),
    provideClusterInfo: flag(value, 'provideClusterInfo'),
    ...present({
      installHint: textAt(value, 'installHint'),
      interactiveMode: textAt(value, 'interactiveMode'),
    }),
  };
}

function authProvider(value: Json | undefined): UserEntry['authProvider'] {
  if (!isObject(value)) return undefined;
  const config = Object.entries(objectAt(value, 'config')).map(([key, item]) => [key, String(item ?? '')]);
  return {name: textAt(value, 'name') ?? '', config: Object.fromEntries(config)};
}

function impersonation(name: string, value: JsonObject, file: string): Impersonation | undefined {
  const user = textAt(value, 'as');
  const uid = textAt(value, 'as-uid');
  const groups = listAt(value, 'as-groups').map(String);
  const extra = new Map(
    Object.keys(objectAt(value, 'as-user-extra')).map(key => [
      key,
      listAt(value['as-user-extra'], key).map(String),
    ]),
  );
  if (user === undefined) {
    if (uid === undefined && groups.length === 0 && extra.size === 0) return undefined;
    // kubectl refuses it too: without a user to impersonate, the request would be made as oneself.
    throw new KubeconfigError(`user "${name}" sets as-uid, as-groups or as-user-extra, but not as`, {
      file,
      fix: 'add "as" with the user to impersonate',
    });
  }
  return {user, groups, extra, ...present({uid})};
}
