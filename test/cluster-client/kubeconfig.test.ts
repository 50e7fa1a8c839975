import assert from 'node:assert/strict';
import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {describe, test} from 'node:test';
import {inCluster} from '../../source/cluster/in-cluster.ts';
import {loadKubeconfig} from '../../source/cluster/kubeconfig.ts';
import {parseKubeconfig} from '../../source/cluster/kubeconfig-file.ts';
import {environmentProxy} from '../../source/cluster/proxy.ts';
import {temporaryFolder} from './scripted-server.ts';

const first = `
apiVersion: v1
kind: Config
current-context: staging
clusters:
- {name: one, cluster: {server: 'https://one:6443/', certificate-authority: ca.crt}}
- name: broken
contexts:
- {name: staging, context: {cluster: one, user: ann, namespace: shop}}
- {name: gone, context: {cluster: nowhere, user: ann}}
- {name: serverless, context: {cluster: broken, user: ann}}
- {name: userless, context: {cluster: one, user: nobody}}
users:
- name: ann
  user: {token: 0123, client-certificate: ../ann.crt, exec: {command: ./login, args: [1, yes]}}
`;
const second = `
current-context: production
clusters:
- {name: one, cluster: {server: 'https://other'}}
- {name: two, cluster: {server: 'https://two', insecure-skip-tls-verify: true}}
contexts:
- {name: production, context: {cluster: two, user: }}
users: null
`;

test('several files of KUBECONFIG: the first entry of a name counts, paths are relative to their file', async t => {
  const folder = await temporaryFolder(t);
  const [a, b] = [path.join(folder, 'a', 'config'), path.join(folder, 'b.yaml')];
  await mkdir(path.dirname(a));
  await writeFile(a, first);
  await writeFile(b, second);
  const absent = path.join(folder, 'absent');
  const env = {KUBECONFIG: [absent, a, '', b, a].join(path.delimiter), HOME: folder};
  const kubeconfig = await loadKubeconfig({env});
  assert.deepEqual(kubeconfig.files, [a, b]);
  assert.deepEqual(kubeconfig.contexts, [
    {name: 'staging', server: 'https://one:6443', namespace: 'shop', user: 'ann', current: true},
    {name: 'gone', server: '', namespace: 'default', user: 'ann', current: false},
    {name: 'serverless', server: '', namespace: 'default', user: 'ann', current: false},
    {name: 'userless', server: 'https://one:6443', namespace: 'default', user: 'nobody', current: false},
    {name: 'production', server: 'https://two', namespace: 'default', user: '', current: false},
  ]);
  const {cluster, user} = kubeconfig.resolve();
  assert.equal(cluster.caFile, path.join(folder, 'a', 'ca.crt'));
  assert.equal(user?.certFile, path.join(folder, 'ann.crt'));
  assert.equal(user?.token, '0123', 'a token of digits stays as it is written');
  assert.equal(user?.exec?.command, path.join(folder, 'a', 'login'));
  assert.deepEqual(user?.exec?.args, ['1', 'yes']);
  assert.equal(kubeconfig.resolve('production').user, undefined);
  assert.equal(kubeconfig.resolve('production').cluster.insecureSkipTlsVerify, true);
  assert.throws(() => kubeconfig.resolve('gone'), {
    message: `${a}: context "gone" names the cluster "nowhere", which is not there`,
    file: a,
  });
  assert.throws(() => kubeconfig.resolve('serverless'), /names the cluster "broken", which has no server/);
  assert.throws(() => kubeconfig.resolve('userless'), /names the user "nobody", which is not there/);
  assert.throws(() => kubeconfig.resolve('prod'), {
    message:
      'there is no context "prod": there are "staging", "gone", "serverless", "userless", "production"',
  });
});

test('~/.kube/config, and nothing at all', async t => {
  const home = await temporaryFolder(t);
  const none = await loadKubeconfig({env: {HOME: home}});
  assert.deepEqual([none.files, none.contexts, none.currentContext], [[], [], undefined]);
  assert.throws(() => none.resolve(), {
    message: `no context is named and none is current: there are no contexts in ${path.join(home, '.kube', 'config')}, which is not there`,
    fix: /--kubeconfig/,
  });
  await mkdir(path.join(home, '.kube'));
  await writeFile(path.join(home, '.kube', 'config'), first);
  assert.equal((await loadKubeconfig({env: {HOME: home}})).currentContext, 'staging');
});

describe('what is wrong with a file', () => {
  const cases: [what: string, text: string, message: RegExp, line?: number][] = [
    ['YAML', 'clusters:\n- name: a\n  b: [\n', /^FILE:4: /, 4],
    ['a tab', 'clusters:\n\t- name: a\n', /^FILE:2: /, 2],
    ['a list', '- a\n', /^FILE:1: it is no kubeconfig/, 1],
    ['no name', 'users: [{user: {token: x}}]', /^FILE: users\[0\] has no name/],
    [
      'groups without a user',
      'users: [{name: a, user: {as-groups: [b]}}]',
      /^FILE: user "a" sets as-uid, as-groups or as-user-extra, but not as/,
    ],
  ];
  for (const [what, text, message, line] of cases) {
    test(what, async t => {
      const file = path.join(await temporaryFolder(t), 'config');
      await writeFile(file, text);
      await assert.rejects(
        loadKubeconfig({kubeconfig: file}),
        (error: Error & {file?: string; line?: number; fix?: string}) => {
          assert.match(error.message.replace(file, 'FILE'), message);
          assert.deepEqual([error.file, error.line], [file, line]);
          assert.ok(error.fix);
          return true;
        },
      );
    });
  }
  test('it is not there', async t => {
    const file = path.join(await temporaryFolder(t), 'config');
    await assert.rejects(loadKubeconfig({kubeconfig: file}), {message: `${file}: there is no such file`});
  });
  test('it is a folder', async t => {
    const file = await temporaryFolder(t);
    await assert.rejects(loadKubeconfig({env: {KUBECONFIG: file}}), {message: `${file}: it is a folder`});
  });
  test('an empty one is none', async t => {
    const file = path.join(await temporaryFolder(t), 'config');
    await writeFile(file, '\n# nothing\n');
    assert.deepEqual((await loadKubeconfig({kubeconfig: file})).contexts, []);
  });
});

test('anchors and merge keys', () => {
  const text = `
base: &base {server: https://a, tls-server-name: b}
clusters: [{name: c, cluster: {<<: *base, disable-compression: true}}]`;
  assert.deepEqual(parseKubeconfig(text, '/f').clusters.get('c'), {
    name: 'c',
    server: 'https://a',
    tlsServerName: 'b',
    disableCompression: true,
    insecureSkipTlsVerify: false,
  });
});

test('in a pod the service account serves, unless there is a kubeconfig', async t => {
  const folder = await temporaryFolder(t);
  const env = {KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443'};
  assert.equal(await inCluster(env, folder), undefined);
  await writeFile(path.join(folder, 'token'), 't');
  await writeFile(path.join(folder, 'namespace'), 'shop\n');
  const entries = await inCluster(env, folder);
  assert.equal(entries?.clusters.get('in-cluster')?.server, 'https://[fd00::1]:443');
  assert.equal(entries?.users.get('in-cluster')?.tokenFile, path.join(folder, 'token'));
  assert.equal(entries?.contexts.get('in-cluster')?.namespace, 'shop');
  assert.equal(await inCluster({}, folder), undefined);
});

describe('proxies of the environment', () => {
  const proxy = 'http://proxy:3128';
  const cases: [server: string, env: NodeJS.ProcessEnv, expected: string | undefined][] = [
    ['https://api.example.org:6443', {}, undefined],
    ['https://api.example.org:6443', {HTTPS_PROXY: proxy}, proxy],
    ['https://api.example.org:6443', {https_proxy: 'proxy:3128'}, proxy],
    ['http://api.example.org', {HTTPS_PROXY: proxy}, undefined],
    ['http://api.example.org', {HTTP_PROXY: proxy}, proxy],
    ['https://localhost:6443', {HTTPS_PROXY: proxy}, undefined],
    ['https://127.0.0.2', {HTTPS_PROXY: proxy}, undefined],
    ['https://[::1]:6443', {HTTPS_PROXY: proxy}, undefined],
    ['https://api.example.org', {HTTPS_PROXY: proxy, NO_PROXY: '*'}, undefined],
    ['https://api.example.org', {HTTPS_PROXY: proxy, NO_PROXY: 'other.org, example.org'}, undefined],
    ['https://example.org', {HTTPS_PROXY: proxy, no_proxy: '.example.org'}, proxy],
    ['https://api.example.org', {HTTPS_PROXY: proxy, NO_PROXY: '.Example.org'}, undefined],
    ['https://notexample.org', {HTTPS_PROXY: proxy, NO_PROXY: 'example.org'}, proxy],
    ['https://api.example.org:6443', {HTTPS_PROXY: proxy, NO_PROXY: 'api.example.org:443'}, proxy],
    ['https://api.example.org:6443', {HTTPS_PROXY: proxy, NO_PROXY: 'api.example.org:6443'}, undefined],
    ['https://10.1.2.3', {HTTPS_PROXY: proxy, NO_PROXY: '10.0.0.0/8'}, undefined],
    ['https://11.1.2.3', {HTTPS_PROXY: proxy, NO_PROXY: '10.0.0.0/8,fd00::/8'}, proxy],
    ['https://[fd00::5]', {HTTPS_PROXY: proxy, NO_PROXY: '10.0.0.0/8,fd00::/8'}, undefined],
  ];
  for (const [server, env, expected] of cases) {
    test(`${server} ${JSON.stringify(env)}`, () =>
      assert.equal(environmentProxy(new URL(server), env), expected));
  }
});
