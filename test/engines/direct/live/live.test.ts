import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {ClusterError} from '../../../../source/cluster/types.ts';
import {readLive, type Wanted} from '../../../../source/engines/direct/live/live.ts';
import {identityKey} from '../../../../source/resources/identity.ts';
import {configMap, namespace} from '../../desired.ts';
import {FakeCluster, kindOf} from '../../fake-cluster.ts';

const kind = kindOf('v1', 'ConfigMap');
const wanted = (namespaces: readonly string[], each: number): Wanted[] =>
  namespaces.flatMap(namespace =>
    Array.from({length: each}, (_, index) => ({
      kind,
      id: {group: '', kind: 'ConfigMap', namespace, name: `c${index}`},
    })),
  );

async function read(cluster: FakeCluster, items: readonly Wanted[]) {
  return readLive(cluster, items, new AbortController().signal, () => {});
}

const filledNamespaces = ['one', 'two', 'three'];
/** More than are listed one by one. */
const many = [...filledNamespaces, ...Array.from({length: 14}, (_, index) => `empty${index}`)];

async function filled(): Promise<FakeCluster> {
  const cluster = new FakeCluster();
  for (const name of filledNamespaces) {
    await cluster.seed(namespace(name));
    await cluster.seed(configMap('c0', {}, name));
  }
  return cluster;
}

const forbidden = new ClusterError('forbidden', 'not allowed', {status: 403});

describe('reading what is live', () => {
  test('asks for a few one by one', async () => {
    const cluster = await filled();
    const {answers, lists} = await read(cluster, wanted(['one'], 2));
    assert.deepEqual(cluster.requests, ['get ConfigMap/one/c0', 'get ConfigMap/one/c1']);
    assert.deepEqual(
      [...answers.values()].map(answer => answer !== null),
      [true, false],
    );
    assert.deepEqual(lists, []);
  });

  test('lists each of a few namespaces, and all of them where there are many', async () => {
    const cluster = await filled();
    await read(cluster, wanted(['one', 'two'], 5));
    await read(cluster, wanted(many, 1));
    assert.deepEqual(cluster.requests, ['list ConfigMap one', 'list ConfigMap two', 'list ConfigMap *']);
  });

  test('answers for each object that was asked for', async () => {
    const items = wanted(many, 2);
    const {answers, lists} = await read(await filled(), items);
    assert.deepEqual(
      items.map(({id}) => answers.get(identityKey(id)) !== null),
      items.map(({id}) => id.name === 'c0' && filledNamespaces.includes(id.namespace)),
    );
    assert.equal(lists.length, 1);
  });

  test('falls back to namespaces, then to single reads, where lists are denied', async () => {
    const cluster = await filled();
    cluster.refuse = request => (/^list ConfigMap (\*|two)$/.test(request) ? forbidden : undefined);
    const {answers, lists, unlisted} = await read(cluster, wanted(many, 3));
    assert.equal(cluster.requests[0], 'list ConfigMap *');
    assert.deepEqual(
      lists.map(({namespace}) => namespace),
      many.filter(namespace => namespace !== 'two'),
    );
    assert.deepEqual(
      unlisted.map(({plural}) => plural),
      ['configmaps'],
    );
    assert.ok(cluster.requests.includes('get ConfigMap/two/c0'));
    assert.deepEqual([...answers.values()].filter(answer => answer !== null).length, 3);
    assert.equal(answers.size, 3 * many.length);
  });

  test('a denied read is the answer for that object alone: never "missing"', async () => {
    const cluster = await filled();
    cluster.refuse = request => (/c0$/.test(request) ? forbidden : undefined);
    const {answers} = await read(cluster, wanted(['one'], 2));
    assert.deepEqual([...answers.values()], [forbidden, null]);
  });

  test('a list that fails is the answer for each of its objects', async () => {
    const cluster = await filled();
    const failure = new ClusterError('server', 'etcd is away', {status: 500});
    cluster.refuse = () => failure;
    const {answers, lists} = await read(cluster, wanted(['one'], 6));
    assert.deepEqual(
      [...answers.values()],
      Array.from({length: 6}, () => failure),
    );
    assert.deepEqual(lists, []);
  });

  test('an abort ends it', async () => {
    const controller = new AbortController();
    controller.abort(new Error('enough'));
    await assert.rejects(
      readLive(await filled(), wanted(['one'], 6), controller.signal, () => {}),
      /enough/,
    );
  });
});
