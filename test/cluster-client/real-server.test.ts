import assert from 'node:assert/strict';
import {readdir} from 'node:fs/promises';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {connect} from '../../source/cluster/connect.ts';
import type {ConnectedCluster} from '../../source/cluster/types.ts';
import {type JsonObject, objectAt, stringAt} from '../../source/resources/json.ts';
import type {Kind} from '../../source/resources/kind.ts';
import {useCluster as sharedCluster} from '../cluster/shared.ts';
import type {Context} from '../cluster/users.ts';
import {configMaps, temporaryFolder} from './scripted-server.ts';

const manager = {fieldManager: 'gitops-tui'};

async function setUp(t: TestContext) {
  const real = await sharedCluster(t);
  if (!real) return undefined;
  const folder = await temporaryFolder(t);
  const as = async (context: Context): Promise<ConnectedCluster> => {
    const env = {XDG_CACHE_HOME: folder};
    const cluster = await connect({kubeconfig: real.kubeconfig, context, env});
    t.after(() => cluster.close());
    return cluster;
  };
  return {real, as, folder, cluster: await as('admin'), namespace: await real.namespace('client')};
}

function configMap(namespace: string, name: string, data: JsonObject = {}): JsonObject {
  return {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name, namespace}, data};
}

test('what is applied is read again, and applied by another conflicts', async t => {
  const it = await setUp(t);
  if (!it) return;
  const {cluster, namespace} = it;
  const applied = await cluster.apply(configMaps, configMap(namespace, 'a', {x: '1'}), manager);
  assert.deepEqual(applied['data'], {x: '1'});
  assert.deepEqual(await cluster.get(configMaps, namespace, 'a'), applied);
  assert.equal(await cluster.get(configMaps, namespace, 'b'), undefined);
  const other = {fieldManager: 'another'};
  const changed = configMap(namespace, 'a', {x: '2'});
  await assert.rejects(cluster.apply(configMaps, changed, other), {
    reason: 'conflict',
    causes: [{field: '.data.x', message: 'conflict with "gitops-tui"', reason: 'FieldManagerConflict'}],
  });
  const forced = await cluster.apply(configMaps, changed, {...other, force: true});
  assert.deepEqual(forced['data'], {x: '2'});
  await assert.rejects(cluster.create(configMaps, changed), {
    reason: 'conflict',
    serverReason: 'AlreadyExists',
  });
  await assert.rejects(cluster.apply(configMaps, {...changed, daat: {}}, manager), {
    reason: 'invalid',
    message: /\.daat: field not declared in schema/,
  });
});

test('patches of both kinds', async t => {
  const it = await setUp(t);
  if (!it) return;
  const {cluster, namespace} = it;
  await cluster.create(configMaps, configMap(namespace, 'a', {x: '1', y: '2'}), manager);
  const merged = await cluster.mergePatch(configMaps, namespace, 'a', {data: {y: null, z: '3'}}, manager);
  assert.deepEqual(merged['data'], {x: '1', z: '3'});
  const operations = [
    {op: 'test' as const, path: '/data/x', value: '1'},
    {op: 'replace' as const, path: '/data/x', value: '4'},
  ];
  assert.deepEqual(
    objectAt(await cluster.jsonPatch(configMaps, namespace, 'a', operations), 'data')['x'],
    '4',
  );
  await assert.rejects(cluster.jsonPatch(configMaps, namespace, 'a', operations), {reason: 'invalid'});
});

test('no dry run leaves anything behind, deletes with options included', async t => {
  const it = await setUp(t);
  if (!it) return;
  const {cluster, namespace} = it;
  const dry = {...manager, dryRun: true};
  const before = await cluster.create(configMaps, configMap(namespace, 'a', {x: '1'}), manager);
  const uid = stringAt(objectAt(before, 'metadata'), 'uid') ?? '';
  await cluster.apply(configMaps, configMap(namespace, 'a', {x: '2'}), {...dry, force: true});
  await cluster.apply(configMaps, configMap(namespace, 'new'), dry);
  await cluster.create(configMaps, configMap(namespace, 'new'), dry);
  await cluster.mergePatch(configMaps, namespace, 'a', {data: {x: '3'}}, dry);
  await cluster.jsonPatch(configMaps, namespace, 'a', [{op: 'remove', path: '/data/x'}], dry);
  await cluster.delete(configMaps, namespace, 'a', {uid, propagationPolicy: 'Background', dryRun: true});
  await cluster.delete(configMaps, namespace, 'a', {dryRun: true});
  assert.deepEqual(await cluster.get(configMaps, namespace, 'a'), before);
  assert.equal(await cluster.get(configMaps, namespace, 'new'), undefined);
});

test('a delete holds to its preconditions', async t => {
  const it = await setUp(t);
  if (!it) return;
  const {cluster, namespace} = it;
  const {metadata} = await cluster.create(configMaps, configMap(namespace, 'a'), manager);
  await assert.rejects(cluster.delete(configMaps, namespace, 'a', {uid: 'another'}), {reason: 'conflict'});
  await assert.rejects(cluster.delete(configMaps, namespace, 'a', {resourceVersion: '1'}), {
    reason: 'conflict',
  });
  await cluster.delete(configMaps, namespace, 'a', {uid: stringAt(metadata, 'uid') ?? ''});
  assert.equal(await cluster.get(configMaps, namespace, 'a'), undefined);
  await assert.rejects(cluster.delete(configMaps, namespace, 'a'), {reason: 'not-found'});
});

test('a list of several pages, with progress and a selector', async t => {
  const it = await setUp(t);
  if (!it) return;
  const {cluster, namespace} = it;
  const labelled = (index: number): JsonObject => ({
    ...configMap(namespace, `c${index}`),
    metadata: {name: `c${index}`, namespace, labels: {part: String(index % 3)}},
  });
  await Promise.all(Array.from({length: 510}, (_, index) => cluster.create(configMaps, labelled(index))));
  const progress: unknown[] = [];
  const {items, resourceVersion} = await cluster.list(configMaps, {
    namespace,
    onProgress: (done, total) => progress.push([done, total]),
  });
  assert.equal(items.length, 510);
  assert.deepEqual(progress, [
    [500, 510],
    [510, 510],
  ]);
  assert.ok(items.every(item => item['apiVersion'] === 'v1' && item['kind'] === 'ConfigMap'));
  assert.match(resourceVersion, /^\d+$/);
  const some = await cluster.list(configMaps, {namespace, labelSelector: 'part in (0, 1), part!=1'});
  assert.equal(some.items.length, 170);
  assert.equal(
    (await cluster.list(configMaps, {namespace, cached: true, labelSelector: 'part=0'})).items.length,
    170,
  );
});

test('kinds and schemas; documents are kept by the hash of their content', async t => {
  const it = await setUp(t);
  if (!it) return;
  const {cluster, as, folder} = it;
  const kinds = await cluster.kinds();
  const deployments = kinds.preferred('apps', 'Deployment');
  assert.deepEqual(deployments?.subresources, ['scale', 'status']);
  assert.equal(kinds.find('', 'v1', 'Namespace')?.namespaced, false);
  assert.equal(kinds.failures.size, 0);
  const schema = await cluster.schema(deployments as Kind);
  const spec = schema?.property('spec')?.property('template')?.property('spec');
  assert.deepEqual(spec?.property('containers')?.listMapKeys, ['name']);
  assert.equal(
    spec?.property('containers')?.items()?.property('resources')?.property('limits')?.property('cpu')?.type,
    'quantity',
  );
  assert.equal((await readdir(path.join(folder, 'gitops-tui', 'schemas'))).length, 1);
  // From disk: nothing may have been lost on the way.
  const again = await (await as('reader')).schema(deployments as Kind);
  assert.deepEqual(again?.propertyNames(), schema?.propertyNames());
});

test('a kind that a CustomResourceDefinition adds, its schema, and integers of any length', async t => {
  const it = await setUp(t);
  if (!it) return;
  const {cluster, namespace} = it;
  await cluster.kinds();
  const group = `${namespace}.example.org`;
  const definitions = (await cluster.kinds()).preferred(
    'apiextensions.k8s.io',
    'CustomResourceDefinition',
  ) as Kind;
  await cluster.apply(
    definitions,
    {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: {name: `numbers.${group}`},
      spec: {
        group,
        scope: 'Namespaced',
        names: {plural: 'numbers', kind: 'Number'},
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: {
              openAPIV3Schema: {
                type: 'object',
                properties: {spec: {type: 'object', properties: {n: {type: 'integer', format: 'int64'}}}},
              },
            },
          },
        ],
      },
    },
    manager,
  );
  let kind: Kind | undefined;
  while (kind === undefined) kind = (await cluster.kinds({refresh: true})).find(group, 'v1', 'Number');
  const object = {
    apiVersion: `${group}/v1`,
    kind: 'Number',
    metadata: {name: 'a', namespace},
    spec: {n: 9007199254740993n},
  };
  let applied: JsonObject | undefined;
  // The definition is served a moment before its storage is ready.
  while (applied === undefined) applied = await cluster.apply(kind, object, manager).catch(() => undefined);
  assert.deepEqual((await cluster.get(kind, namespace, 'a'))?.['spec'], {n: 9007199254740993n});
  assert.deepEqual((await cluster.list(kind, {namespace})).items[0]?.['spec'], {n: 9007199254740993n});
  let type: string | undefined;
  while (type === undefined) {
    await cluster.kinds({refresh: true});
    type = (await cluster.schema(kind))?.property('spec')?.property('n')?.type;
  }
  assert.equal(type, 'integer');
  await cluster.delete(definitions, '', `numbers.${group}`);
});

test('who may not is told what to ask for, and nothing is taken for absent', async t => {
  const it = await setUp(t);
  if (!it) return;
  const {cluster, as, namespace} = it;
  await cluster.create(configMaps, configMap(namespace, 'a'), manager);
  const [reader, getter, nobody, stranger] = await Promise.all(
    (['reader', 'getter', 'nobody', 'stranger'] as const).map(as),
  );
  assert.equal((await reader?.list(configMaps, {namespace}))?.items.length, 1);
  await assert.rejects(
    async () => reader?.apply(configMaps, configMap(namespace, 'a'), {...manager, dryRun: true}),
    {
      reason: 'forbidden',
      fix: `ask for the patch verb on configmaps in namespace ${namespace}`,
    },
  );
  assert.ok(await getter?.get(configMaps, namespace, 'a'));
  await assert.rejects(async () => getter?.list(configMaps, {namespace}), {
    reason: 'forbidden',
    fix: `ask for the list verb on configmaps in namespace ${namespace}`,
  });
  await assert.rejects(async () => nobody?.get(configMaps, namespace, 'absent'), {reason: 'forbidden'});
  assert.ok(((await nobody?.kinds())?.all().length ?? 0) > 50);
  await assert.rejects(async () => stranger?.kinds(), {reason: 'unauthorized', status: 401});
  const question = {verb: 'list', group: '', resource: 'configmaps', namespace};
  assert.equal(await reader?.allowed(question), true);
  assert.equal(await getter?.allowed(question), false);
});

test('a watch tells what happens after a list', async t => {
  const it = await setUp(t);
  if (!it) return;
  const {cluster, namespace} = it;
  const {resourceVersion} = await cluster.list(configMaps, {namespace});
  const seen: string[] = [];
  const changes = async () => {
    await cluster.create(configMaps, configMap(namespace, 'a'), manager);
    await cluster.mergePatch(configMaps, namespace, 'a', {data: {x: '1'}});
    await cluster.delete(configMaps, namespace, 'a');
  };
  const changed = changes();
  for await (const {type, object} of cluster.watch(configMaps, {namespace, resourceVersion})) {
    if (type !== 'BOOKMARK') seen.push(`${type} ${stringAt(objectAt(object, 'metadata'), 'name')}`);
    if (type === 'DELETED') break;
  }
  await changed;
  assert.deepEqual(seen, ['ADDED a', 'MODIFIED a', 'DELETED a']);
});
