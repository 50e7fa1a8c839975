import assert from 'node:assert/strict';
import {mkdtemp, readdir, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import {ask} from './api.ts';
import {KubectlError} from './cluster.ts';
import {useCluster, useOwnCluster} from './shared.ts';
import {startCluster} from './start.ts';

const configMap = (name: string) =>
  JSON.stringify({apiVersion: 'v1', kind: 'ConfigMap', metadata: {name}, data: {key: 'value'}});

test('kubectl applies and reads in a namespace of its own', async t => {
  const cluster = await useCluster(t);
  if (!cluster) return;
  const [one, two] = await Promise.all([cluster.namespace('kubectl'), cluster.namespace('kubectl')]);
  assert.notEqual(one, two);
  await cluster.kubectl(['apply', '-n', one, '--server-side', '-f', '-'], {input: configMap('mine')});
  assert.equal(await cluster.kubectl(['get', 'configmaps', '-n', one, '-o', 'name']), 'configmap/mine\n');
  assert.equal(await cluster.kubectl(['get', 'configmaps', '-n', two, '-o', 'name']), '');
});

test('kubectl diff may answer with its exit status', async t => {
  const cluster = await useCluster(t);
  if (!cluster) return;
  const namespace = await cluster.namespace();
  const args = ['diff', '-n', namespace, '-f', '-'];
  const diff = await cluster.kubectl(args, {input: configMap('new'), statuses: [1]});
  assert.match(diff, /^\+ {2}key: value$/m);
});

test('each context may do what its name says', async t => {
  const cluster = await useCluster(t);
  if (!cluster) return;
  const namespace = await cluster.namespace('rights');
  await cluster.kubectl(['apply', '-n', namespace, '-f', '-'], {input: configMap('seen')});
  const list = ['get', 'configmaps', '-n', namespace, '-o', 'name'];
  const get = ['get', 'configmap', 'seen', '-n', namespace, '-o', 'name'];
  const patch = ['patch', 'configmap', 'seen', '-n', namespace, '-p', '{"data":{"key":"other"}}'];
  const refused = (args: string[], context: 'reader' | 'getter' | 'nobody') =>
    assert.rejects(cluster.kubectl(args, {context}), (error: unknown) => {
      assert.ok(error instanceof KubectlError);
      assert.match(error.stderr, /Forbidden|forbidden/);
      return true;
    });

  assert.equal(await cluster.kubectl(list, {context: 'reader'}), 'configmap/seen\n');
  await refused(patch, 'reader');
  assert.equal(await cluster.kubectl(get, {context: 'getter'}), 'configmap/seen\n');
  await refused(list, 'getter');
  await refused(get, 'nobody');
  await assert.rejects(cluster.kubectl(get, {context: 'stranger'}), /Unauthorized|must be logged in/i);
});

test('a cluster of its own: the cable is pulled, it comes back with its data, it freezes', async t => {
  const cluster = await useOwnCluster(t);
  if (!cluster) return;
  const namespace = await cluster.namespace('cable');
  await cluster.kubectl(['apply', '-n', namespace, '-f', '-'], {input: configMap('kept')});
  const get = ['get', 'configmap', 'kept', '-n', namespace, '-o', 'jsonpath={.data.key}'];

  await cluster.kill();
  await assert.rejects(cluster.kubectl(get), /refused/);
  await cluster.restart();
  assert.equal(await cluster.kubectl(get), 'value');
  assert.equal(await cluster.kubectl(get, {context: 'reader'}), 'value');

  cluster.freeze();
  await assert.rejects(cluster.kubectl([...get, '--request-timeout=300ms']), /[Tt]imeout|deadline/);
  cluster.thaw();
  assert.equal(await cluster.kubectl(get), 'value');

  const {kubeconfig} = cluster;
  await cluster.stop();
  await assert.rejects(
    cluster.kubectl(get),
    error => String(error).includes(kubeconfig) || /refused/.test(String(error)),
  );
});

test('with controllers a deployment gets a replica set, and a namespace really goes', async t => {
  const cluster = await useOwnCluster(t, {controllers: true});
  if (!cluster) return;
  const namespace = await cluster.namespace('controllers');
  await cluster.kubectl(['create', 'deployment', 'web', '--image=example.com/web:1', '-n', namespace]);
  const seen = '--for=jsonpath={.status.observedGeneration}=1';
  await cluster.kubectl(['wait', 'deployment/web', seen, '--timeout=30s', '-n', namespace]);
  const sets = await cluster.kubectl(['get', 'replicasets', '-n', namespace, '-o', 'name']);
  assert.match(sets, /^replicaset\.apps\/web-\w+\n$/);
  await cluster.kubectl(['delete', 'namespace', namespace, '--timeout=30s']);
  await assert.rejects(cluster.kubectl(['get', 'namespace', namespace]), /NotFound/);
});

test('a test that ends in the middle of the start leaves nothing behind', async t => {
  if (!(await useCluster(t))) return;
  const folder = await mkdtemp(join(tmpdir(), 'gitops-tui-start-'));
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  t.after(async () => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    await rm(folder, {recursive: true, force: true});
  });
  await assert.rejects(startCluster({signal: AbortSignal.timeout(300)}), {name: 'TimeoutError'});
  assert.deepEqual(await readdir(folder), []);
});

test('the certificate in caFile is the one to trust', async t => {
  const cluster = await useCluster(t);
  if (!cluster) return;
  const access = {url: cluster.url, ca: await readFile(cluster.caFile, 'utf8'), token: cluster.adminToken};
  const answer = await ask(access, 'GET', '/version');
  assert.equal(answer.status, 200);
  assert.match(answer.body, /"gitVersion": "v1\./);
});
