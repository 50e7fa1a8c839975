import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {TestContext} from 'node:test';
import {
  isObject,
  type JsonObject,
  listAt,
  objectAt,
  parseJson,
  stringAt,
  stringifyJson,
} from '../../source/resources/json.ts';
import type {Cluster} from '../cluster/cluster.ts';
import {type Admission, startWebhook} from '../drift/traps/webhook.ts';
import {type GitFolder, newRepository, temporaryFolder} from '../repository/git-folder.ts';
import type {Canaries} from './canaries.ts';

/** A repository and a namespace with a canary wherever a secret may be. */
export interface Estate {
  root: string;
  namespace: string;
  kubeconfig: string;
  /** An empty folder for whatever the program writes. */
  scratch: string;
}

/** Environments that can be compared, and those that something keeps from it. */
export const compared = ['plain', 'kustomize'] as const;
export const unreadable = ['broken', 'unbuildable'] as const;
const locked = ['plugin', 'wrong-plugin', 'client-key', 'proxy', 'basic', 'stranger'] as const;

/** Makes the estate: what git says today and said before, what runs, and a kubeconfig with credentials of every kind. */
export async function makeEstate(t: TestContext, cluster: Cluster, canaries: Canaries): Promise<Estate> {
  const folder = temporaryFolder(t);
  const [namespace, repository] = await Promise.all([
    cluster.namespace('canary'),
    newRepository(path.join(folder, 'infra')),
  ]);
  const scratch = temporaryFolder(t);
  const kubeconfig = path.join(folder, 'kubeconfig');
  await writeFile(kubeconfig, await withLockedContexts(cluster, canaries));
  await repository.git('config', 'user.name', 'Ada');
  await repository.git('config', 'user.email', 'ada@example.com');
  await repository.commit('Yesterday', {...config(namespace), ...yesterday(canaries)});
  const apply = (...args: string[]) => cluster.kubectl(['-n', namespace, 'apply', ...args]);
  const feed = (input: string, ...args: string[]) => cluster.kubectl(['-n', namespace, ...args], {input});
  await Promise.all([
    apply('-f', path.join(repository.root, 'environments/plain')),
    apply('-k', path.join(repository.root, 'environments/kustomize')),
  ]);
  await repository.commit('Today', today(canaries));
  const remote = path.join(folder, 'remote.git');
  const password = encodeURIComponent(canaries.of('remote'));
  await repository.git('init', '--quiet', '--bare', '--initial-branch=main', remote);
  await repository.git('remote', 'add', 'origin', remote);
  await repository.git('push', '--quiet', 'origin', 'main');
  // What is fetched is there, what is pushed fails with words that hold the address.
  await repository.git(
    'remote',
    'set-url',
    '--push',
    'origin',
    `https://bot:${password}@127.0.0.1:9/a/b.git`,
  );
  await changeByHand(cluster, namespace, canaries);
  await startWebhook(t, {cluster, namespace, feed}, '/v1/secrets', refuseDenied);
  return {root: repository.root, namespace, kubeconfig, scratch};
}

/** A policy that says what it does not like, as it came and as it is read: of git's object and of the live one. */
function refuseDenied(object: JsonObject, request: JsonObject): ReturnType<Admission> {
  if (stringAt(objectAt(object, 'metadata'), 'name') !== 'denied') return [];
  const values = [object, objectAt(request, 'oldObject')].flatMap(({data}) =>
    isObject(data) ? Object.values(data).map(String) : [],
  );
  const decoded = values.map(value => Buffer.from(value, 'base64').toString());
  return {refuse: `too weak: ${[...decoded, ...values].join(' and ')}`};
}

function config(namespace: string): Record<string, string> {
  const of = (name: string) => ({name, path: `environments/${name}`, namespace});
  const lockedBy = (context: string) => ({...of('broken'), name: context, context});
  return {
    '.gitops-tui.yaml': stringifyJson({
      environments: [...compared.map(of), ...unreadable.map(of), lockedBy('plugin')],
    }),
    'locked.yaml': stringifyJson({environments: [...locked.map(lockedBy), of('unpatchable')]}),
  };
}

const secret = (name: string, lines: string) =>
  `apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${name}\n${lines}`;
const map = (name: string, lines: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${lines}`;

function web(password: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: web:v1
          env:
            - {name: DB_PASSWORD, value: '${password}'}
            - {name: DB_URL, value: 'postgres://shop:${password}@db/shop'}
`;
}

function yesterday(canaries: Canaries): Record<string, string> {
  const {of} = canaries;
  const c = of.bind(canaries);
  return {
    'environments/plain/login.yaml': secret(
      'login',
      `stringData:\n  password: ${c('stringData, yesterday')}\n  same: ${c('equal')}\ndata:\n  token: ${canaries.base64('data, yesterday')}\n`,
    ),
    'environments/plain/gone.yaml': secret('gone', `stringData:\n  password: ${c('no longer in git')}\n`),
    'environments/plain/moved.yaml': secret(
      'moved',
      `stringData:\n  password: ${c('moved to a ConfigMap')}\n`,
    ),
    'environments/plain/refused.yaml': secret(
      'refused',
      `stringData:\n  password: ${c('refused, yesterday')}\n`,
    ),
    'environments/plain/denied.yaml': secret(
      'denied',
      `stringData:\n  password: ${c('denied, yesterday')}\n`,
    ),
    'environments/broken/behind.yaml': secret(
      'behind',
      `stringData:\n  a: b\n--- ${c('behind a separator, yesterday')}\n`,
    ),
    'environments/plain/bad.yaml': secret('bad', `stringData:\n  key: ${c('bad, yesterday')}\n`),
    'environments/plain/copy.yaml': map('copy', `data:\n  password: ${c('equal')}\n`),
    'environments/plain/web.yaml': web(c('equal')),
    'environments/kustomize/kustomization.yaml': `resources: [base.yaml]
secretGenerator:
- name: app
  literals:
  - password=${c('literal, yesterday')}
`,
    'environments/kustomize/base.yaml': secret('base', `stringData:\n  a: ${c('base')}\n`),
  };
}

function today(canaries: Canaries): Record<string, string | null> {
  const c = canaries.of.bind(canaries);
  return {
    'environments/plain/login.yaml': secret(
      'login',
      `stringData:\n  password: ${c('stringData')}\n  same: ${c('equal')}\n  tls.key: |\n    -----BEGIN PRIVATE KEY-----\n    ${c('line of a key')}\n    -----END PRIVATE KEY-----\ndata:\n  token: ${canaries.base64('data')}\n`,
    ),
    'environments/plain/gone.yaml': null,
    'environments/plain/moved.yaml': map('moved', `data:\n  password: ${c('moved to a ConfigMap')}\n`),
    'environments/plain/missing.yaml': secret('missing', `stringData:\n  password: ${c('missing')}\n`),
    // The server refuses the label, and quotes it.
    'environments/plain/refused.yaml': secret(
      'refused',
      `  labels: {copy: '${c('refused')}'}\nstringData:\n  password: ${c('refused')}\n`,
    ),
    'environments/plain/denied.yaml': secret(
      'denied',
      `stringData: # it was ${c('comment')}\n  password: ${c('denied')}\n`,
    ),
    'environments/plain/bad.yaml': secret('bad', `data:\n  key: '${c('not base64')}!!'\n`),
    'environments/plain/typed.yaml': secret('typed', `stringData: {a: [${c('a list')}]}\n`),
    'environments/plain/copy.yaml': map(
      'copy',
      `data:\n  password: ${c('stringData')}\n  url: postgres://shop:${c('data')}@db/shop\n`,
    ),
    'environments/plain/web.yaml': web(c('data')),
    'environments/kustomize/kustomization.yaml': `resources: [base.yaml]
secretGenerator:
- name: app
  literals:
  - password=${c('literal')}
  envs: [app.env]
  files: [key.pem]
patches:
- patch: |-
    apiVersion: v1
    kind: Secret
    metadata: {name: base}
    stringData: {b: '${c('inline patch')}'}
- path: operations.yaml
  target: {kind: Secret, name: base}
`,
    'environments/kustomize/app.env': `TOKEN=${c('env file')}\n`,
    'environments/kustomize/key.pem': `-----BEGIN KEY-----\n${c('file')}\n-----END KEY-----\n`,
    'environments/kustomize/operations.yaml': `- op: add\n  path: /stringData/c\n  value: ${c('JSON patch')}\n`,
    'environments/broken/behind.yaml': secret(
      'behind',
      `stringData:\n  a: b\n--- ${c('behind a separator')}\n--- # ${c('comment behind a separator')}\n---\n${c('broken off')}\n`,
    ),
    'environments/broken/quote.yaml': secret('quote', `stringData:\n  password: "${c('unclosed quote')}\n`),
    'environments/broken/alias.yaml': secret('alias', `stringData:\n  password: *${c('alias')}\n`),
    'environments/broken/tag.yaml': secret('tag', `stringData:\n  password: !${c('tag')}\n`),
    'environments/broken/indent.yaml': secret('indent', `stringData:\n  a: b\n ${c('indentation')}: x\n`),
    'environments/broken/json.json': `{"apiVersion":"v1","kind":"Secret","stringData":{"a":"${c('JSON')}" "b"}}\n`,
    'environments/unbuildable/kustomization.yaml': `secretGenerator:\n- name: app\n  literals:\n  - ${c('literal without a key')}\n`,
    'environments/unpatchable/kustomization.yaml': `resources: [base.yaml]
patches:
- patch: |-
    kind: Secret
    metadata: [name: base]
    stringData: {b: '${c('patch that is none')}'}
`,
    'environments/unpatchable/base.yaml': secret('base', `stringData:\n  a: ${c('base of what fails')}\n`),
  };
}

async function changeByHand(cluster: Cluster, namespace: string, canaries: Canaries): Promise<void> {
  const kubectl = (...args: string[]) => cluster.kubectl(['-n', namespace, ...args]);
  const patch = (what: string, body: string, ...more: string[]) =>
    kubectl('patch', ...what.split('/'), '--type=merge', `--patch=${body}`, ...more);
  const login = {
    metadata: {annotations: {'kapp.k14s.io/original': `{"stringData":{"a":"${canaries.of('annotation')}"}}`}},
    stringData: {password: canaries.of('live'), extra: canaries.of('live only')},
  };
  const message = `could not reach postgres://shop:${canaries.of('live')}@db/shop`;
  const status = {
    conditions: [
      {type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message},
      {type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message},
    ],
  };
  await Promise.all([
    patch('secret/login', stringifyJson(login)),
    patch('configmap/copy', stringifyJson({data: {password: canaries.of('live')}})),
    patch('deployment/web', stringifyJson({status}), '--subresource=status'),
  ]);
}

/** The test cluster's kubeconfig with contexts whose credentials fail, each with words that hold them. */
async function withLockedContexts(cluster: Cluster, canaries: Canaries): Promise<string> {
  const config = parseJson(await cluster.kubectl(['config', 'view', '--raw', '--output=json']));
  if (!isObject(config)) throw new Error('no kubeconfig');
  for (const user of listAt(config, 'users')) {
    const token = stringAt(objectAt(user, 'user'), 'token');
    if (token !== undefined) canaries.add(`token of ${stringAt(user, 'name')}`, token);
  }
  const exec = (script: string) => ({
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'sh',
      args: ['-c', script],
      interactiveMode: 'Never',
    },
  });
  const credential = (version: string, place: string) =>
    stringifyJson({
      apiVersion: `client.authentication.k8s.io/${version}`,
      kind: 'ExecCredential',
      status: {token: canaries.of(place)},
    });
  const users: Record<string, object> = {
    plugin: exec(
      `echo '${credential('v1', 'plugin')}'; echo 'login failed: {"refresh_token":"${canaries.of('plugin error')}"}' >&2; exit 1`,
    ),
    'wrong-plugin': exec(`echo '${credential('v1alpha1', 'wrong plugin')}'`),
    'client-key': {
      'client-certificate-data': canaries.base64('client certificate'),
      'client-key-data': canaries.base64('client key'),
    },
    basic: {username: 'ada', password: canaries.of('password')},
    proxy: {token: canaries.of('token behind the proxy')},
  };
  const clusters = listAt(config, 'clusters');
  const [first] = clusters;
  if (!isObject(first)) throw new Error('no cluster');
  const proxyUrl = `http://ada:${encodeURIComponent(canaries.of('proxy'))}@127.0.0.1:9`;
  clusters.push({...first, name: 'proxy', cluster: {...objectAt(first, 'cluster'), 'proxy-url': proxyUrl}});
  for (const [name, user] of Object.entries(users)) {
    listAt(config, 'users').push({name, user: {...user}});
    listAt(config, 'contexts').push({
      name,
      context: {cluster: name === 'proxy' ? 'proxy' : (stringAt(first, 'name') ?? ''), user: name},
    });
  }
  return stringifyJson(config, 2);
}

export type {GitFolder};
