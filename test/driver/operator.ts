// An operator at a real terminal: the built program, a real API server, a real repository with a real remote.
import assert from 'node:assert/strict';
import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {TestContext} from 'node:test';
import {fileURLToPath} from 'node:url';
import {openTerminal, type TestTerminal} from '../app/terminal.ts';
import type {Cluster} from '../cluster/cluster.ts';
import {type Line, layLine} from '../cluster/line.ts';
import {useCluster as sharedCluster} from '../cluster/shared.ts';
import {type GitFolder, identify, temporaryFolder, withRemote} from '../repository/git-folder.ts';

const program = fileURLToPath(new URL('../../bin/gitops-tui', import.meta.url));

/** What an operator has: a cluster with what git said, and a checkout of it. */
export interface Place {
  readonly cluster: Cluster;
  /** The namespace of each environment. */
  readonly namespaces: {readonly staging: string; readonly production: string};
  readonly checkout: GitFolder;
  /** The line between the operator and the cluster. */
  readonly line: Line;
  /** A field of the Deployment web that runs in an environment. */
  live(environment: 'staging' | 'production', field: string): Promise<string>;
  /** The program on the overview, every environment compared. */
  operator(options?: OperatorOptions): Promise<Operator>;
  /** The program, wherever it begins. */
  start(options?: OperatorOptions): Operator;
}

export interface OperatorOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Where the repository's remote is, if it is on a forge, and what the operator has set for it. */
export interface Forge {
  readonly remote: string;
  /** The file with the certificate that vouches for it. */
  readonly authority: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Presses keys, and counts them. */
export interface Operator extends AsyncDisposable {
  readonly terminal: TestTerminal;
  /** Waits until the screen has it all. */
  sees(...expected: (string | RegExp)[]): Promise<void>;
  presses(...keys: string[]): Promise<void>;
  /** Types a text; that counts as no key. */
  types(text: string): Promise<void>;
  /** Waits for a dialog, until it takes keys: those of its first 300 ms are not for it. */
  dialog(expected: string | RegExp): Promise<void>;
  /** How many keys were pressed so far. */
  readonly keys: number;
}

/** A Deployment as git writes it. */
export function web(replicas: number, image: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: ${image}
`;
}

/**
 * Two environments, production protected, with two releases in git, the second of which runs. Undefined where there is no
 * cluster to be had.
 */
export async function place(t: TestContext, forge?: Forge): Promise<Place | undefined> {
  const cluster = await sharedCluster(t);
  if (cluster === undefined) return undefined;
  const namespaces = {
    staging: await cluster.namespace('staging'),
    production: await cluster.namespace('production'),
  };
  const folder = temporaryFolder(t);
  const line = await layLine(t, cluster.url);
  const kubeconfig = path.join(folder, 'kubeconfig');
  const config = await readFile(cluster.kubeconfig, 'utf8');
  await writeFile(kubeconfig, config.replaceAll(cluster.url, line.url), {mode: 0o600});
  const {checkout} = await withRemote(folder, {});
  await identify(checkout);
  const environment = (name: 'staging' | 'production') =>
    `  - {name: ${name}, path: ${name}, context: admin, namespace: ${namespaces[name]}, protected: ${name === 'production'}}\n`;
  await checkout.commit('web: release v1', {
    '.gitops-tui.yaml': `environments:\n${environment('staging')}${environment('production')}`,
    'staging/web.yaml': web(2, 'web:v1'),
    'production/web.yaml': web(2, 'web:v1'),
  });
  await checkout.commit('web: release v2', {
    'staging/web.yaml': web(2, 'web:v2'),
    'production/web.yaml': web(2, 'web:v2'),
  });
  if (forge !== undefined) {
    // git takes this before any configuration.
    const before = process.env['GIT_SSL_CAINFO'];
    process.env['GIT_SSL_CAINFO'] = forge.authority;
    t.after(() => {
      if (before === undefined) delete process.env['GIT_SSL_CAINFO'];
      else process.env['GIT_SSL_CAINFO'] = before;
    });
    await checkout.git('remote', 'set-url', 'origin', forge.remote);
  }
  await checkout.git('push', '--quiet', 'origin', 'main');
  for (const namespace of Object.values(namespaces)) {
    await cluster.kubectl(['-n', namespace, 'apply', '--server-side', '-f', '-'], {input: web(2, 'web:v2')});
  }
  const start = (options: OperatorOptions = {}) =>
    operatorAt(checkout.root, kubeconfig, {...options, env: {...forge?.env, ...options.env}});
  return {
    cluster,
    namespaces,
    checkout,
    line,
    live: (name, field) =>
      cluster.kubectl(['-n', namespaces[name], 'get', 'deployment/web', '-o', `jsonpath={${field}}`]),
    start,
    async operator(options) {
      const operator = start(options);
      await operator.sees(/staging .*(✓ in sync|~ drift)/, /production .*(✓ in sync|~ drift)/);
      return operator;
    },
  };
}

function operatorAt(repository: string, kubeconfig: string, options: OperatorOptions): Operator {
  const {columns = 120, rows = 35, args = [], env = {}} = options;
  const home = path.join(path.dirname(repository), 'home');
  const terminal = openTerminal({
    command: process.execPath,
    args: [program, repository, '--kubeconfig', kubeconfig, ...args],
    columns,
    rows,
    env: {
      CI: undefined,
      HOME: home,
      XDG_CONFIG_HOME: path.join(home, 'config'),
      XDG_STATE_HOME: path.join(home, 'state'),
      ...env,
    },
  });
  let keys = 0;
  const sees = async (...expected: (string | RegExp)[]) => {
    for (const each of expected) await terminal.waitFor(each);
  };
  return {
    terminal,
    sees,
    async presses(...pressed) {
      keys += pressed.length;
      await terminal.press(...pressed);
    },
    types: text => terminal.press(...text),
    async dialog(expected) {
      await sees(expected);
      await new Promise(resolve => setTimeout(resolve, 400));
    },
    get keys() {
      return keys;
    },
    [Symbol.asyncDispose]: () => terminal[Symbol.asyncDispose](),
  };
}

/** Fails where it took more keys from the overview than anybody should need. */
export function inSixKeys(operator: Operator): void {
  assert.ok(operator.keys <= 6, `${operator.keys} keys; the screen:\n${operator.terminal.screen()}`);
}
