import {readFile} from 'node:fs/promises';
import {ProcessError, run} from '../process/run.ts';
import {isObject, objectAt, parseJson, stringAt, stringifyJson} from '../resources/json.ts';
import {withoutCredentials} from '../secrets/credentials.ts';
import {KnownSecrets} from '../secrets/known.ts';
import {plainLine} from '../text/plain.ts';
import type {ClusterEntry, ExecPlugin} from './kubeconfig-file.ts';
import {ClusterError} from './types.ts';

/** What a credential plugin gave. */
export interface ExecCredential {
  token: string | undefined;
  /** PEM. */
  certificate: string | undefined;
  key: string | undefined;
  /** Milliseconds since the epoch; Infinity where the plugin names no end. */
  expires: number;
}

export const pluginLimitMs = 30_000;
const knownVersions = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];
const running = new Map<string, Promise<ExecCredential>>();

/**
 * Runs a credential plugin as client-go does, but never with the terminal: its standard input is closed, it has no
 * controlling terminal, and it is ended with all that it started after `limitMs`. The same plugin never runs twice at
 * once, whichever contexts ask. Throws ClusterError 'unauthorized'.
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 */
export function runExecPlugin(
  plugin: ExecPlugin,
  cluster: ClusterEntry,
  context: string,
  limitMs: number = pluginLimitMs,
): Promise<ExecCredential> {
  const key = stringifyJson([
    plugin.command,
    [...plugin.args],
    plugin.env.map(({name, value}) => [name, value]),
    plugin.provideClusterInfo ? cluster.server : '',
  ]);
  const known = running.get(key);
  if (known !== undefined) return known;
  const started = runOnce(plugin, cluster, context, limitMs).finally(() => running.delete(key));
  running.set(key, started);
  return started;
}

async function runOnce(
  plugin: ExecPlugin,
  cluster: ClusterEntry,
  context: string,
  limitMs: number,
): Promise<ExecCredential> {
  const what = `the credential plugin "${plainLine(plugin.command)}" of context "${context}"`;
  const fail = (message: string, fix: string, cause?: unknown) =>
    new ClusterError('unauthorized', `${what} ${message}`, {fix, cause});
  const login = loginHint(plugin, context);
  if (!knownVersions.includes(plugin.apiVersion)) {
    throw fail(
      `is asked for the API version "${plugin.apiVersion}", which clients no longer know`,
      `set users[].user.exec.apiVersion to ${knownVersions[0]}, or let the plugin's tool write the kubeconfig anew`,
    );
  }
  if (plugin.interactiveMode === 'Always') {
    throw fail('wants to ask questions in the terminal (interactiveMode: Always), which is taken', login);
  }
  const env: Record<string, string> = {KUBERNETES_EXEC_INFO: await execInfo(plugin, cluster)};
  for (const {name, value} of plugin.env) if (name !== '') env[name] = value;
  let result: Awaited<ReturnType<typeof run>>;
  try {
    result = await run(plugin.command, plugin.args, {
      env,
      timeoutMs: limitMs,
      alone: true,
      privateArguments: true,
      maxBuffer: 4 * 1024 * 1024,
    });
  } catch (error) {
    if (!(error instanceof ProcessError)) throw error;
    if (error.reason === 'not-found') {
      throw fail('is not on PATH', plainLine(plugin.installHint ?? '') || 'install it', error);
    }
    if (error.reason === 'timeout') {
      throw fail(`did not end within ${limitMs / 1000} s: it may be waiting for an answer`, login, error);
    }
    throw fail(`failed: ${plainLine(error.message)}`, login, error);
  }
  if (result.exitCode !== 0) {
    // What it printed may hold a token: only what it said of its failure is quoted, without what it printed.
    const known = new KnownSecrets();
    known.add(result.stdout);
    const said = excerpt(withoutCredentials(known.redact(plainLine(result.stderr))));
    throw fail(`failed with exit status ${result.exitCode}${said === '' ? '' : `: ${said}`}`, login);
  }
  return parseCredential(result.stdout, plugin, fail, login);
}

function parseCredential(
  stdout: string,
  plugin: ExecPlugin,
  fail: (message: string, fix: string, cause?: unknown) => ClusterError,
  login: string,
): ExecCredential {
  // What it printed may hold a token: it is never quoted.
  let answer: unknown;
  try {
    answer = parseJson(stdout);
  } catch (error) {
    throw fail('did not print an ExecCredential: its output is no JSON', login, error);
  }
  if (!isObject(answer) || answer['kind'] !== 'ExecCredential') {
    throw fail('did not print an ExecCredential', login);
  }
  if (answer['apiVersion'] !== plugin.apiVersion) {
    throw fail(
      `answered in the API version "${plainLine(String(answer['apiVersion']))}", not "${plugin.apiVersion}"`,
      "set users[].user.exec.apiVersion to the plugin's own",
    );
  }
  const status = objectAt(answer, 'status');
  const token = stringAt(status, 'token') || undefined;
  const certificate = stringAt(status, 'clientCertificateData') || undefined;
  const key = stringAt(status, 'clientKeyData') || undefined;
  if (token === undefined && (certificate === undefined || key === undefined)) {
    throw fail('gave neither a token nor a client certificate with its key', login);
  }
  const end = Date.parse(stringAt(status, 'expirationTimestamp') ?? '');
  return {token, certificate, key, expires: Number.isNaN(end) ? Number.POSITIVE_INFINITY : end};
}

async function execInfo(plugin: ExecPlugin, cluster: ClusterEntry): Promise<string> {
  const ca =
    cluster.caData ??
    (plugin.provideClusterInfo && cluster.caFile !== undefined
      ? (await readFile(cluster.caFile)).toString('base64')
      : undefined);
  return stringifyJson({
    apiVersion: plugin.apiVersion,
    kind: 'ExecCredential',
    spec: {
      interactive: false,
      ...(plugin.provideClusterInfo
        ? {
            cluster: {
              server: cluster.server,
              ...(cluster.tlsServerName === undefined ? {} : {'tls-server-name': cluster.tlsServerName}),
              ...(cluster.insecureSkipTlsVerify ? {'insecure-skip-tls-verify': true} : {}),
              ...(ca === undefined ? {} : {'certificate-authority-data': ca}),
              ...(cluster.proxyUrl === undefined ? {} : {'proxy-url': cluster.proxyUrl}),
              ...(cluster.disableCompression ? {'disable-compression': true} : {}),
              ...(cluster.execConfig === undefined ? {} : {config: cluster.execConfig}),
            },
          }
        : {}),
    },
  });
}

function excerpt(text: string): string {
  const line = plainLine(text);
  return line.length > 500 ? `${line.slice(0, 500)}…` : line;
}

const logins: readonly [RegExp, string][] = [
  [/^(?:aws|aws-iam-authenticator)$/, 'aws sso login'],
  [/^(?:gcloud|gke-gcloud-auth-plugin)$/, 'gcloud auth login'],
  [/^az$/, 'az login'],
  [/^doctl$/, 'doctl auth init'],
  [/^tsh$/, 'tsh login'],
];

/** What to run to log in, for whoever's plugin failed or whose credentials the server refused. */
export function loginHint(plugin: ExecPlugin | undefined, context: string): string {
  const command =
    plugin?.command
      .split(/[/\\]/)
      .at(-1)
      ?.replace(/\.exe$/i, '') ?? '';
  const login = logins.find(([name]) => name.test(command))?.[1];
  // kubectl runs the same plugin, with the terminal.
  return `run "${login ?? `kubectl --context ${context} get namespaces`}" in a terminal to log in`;
}
