import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {ClusterError} from '../../../../source/cluster/types.ts';
import {asMember, emptyApplySet, widened} from '../../../../source/engines/direct/apply/apply-set.ts';
import {findMembers} from '../../../../source/engines/direct/apply/members.ts';
import {formatIdentity, identityOf} from '../../../../source/resources/identity.ts';
import {configMap, deployment, namespace} from '../../desired.ts';
import {FakeCluster, kindOf} from '../../fake-cluster.ts';

const objects = [
  configMap('a'),
  configMap('b', {}, 'extra'),
  deployment('web'),
  namespace('shop'),
  namespace('extra'),
];
const set = widened(emptyApplySet('shop', 'staging'), objects.map(identityOf));

async function filled(): Promise<FakeCluster> {
  const cluster = new FakeCluster();
  for (const object of objects) await cluster.seed(asMember(object, set.id));
  await cluster.seed(configMap('stranger'));
  await cluster.seed(asMember(configMap('of-another'), 'applyset-other-v1'));
  return cluster;
}

const find = async (cluster: FakeCluster, lists: Parameters<typeof findMembers>[3] = []) => {
  const {members, unknown} = await findMembers(
    cluster,
    await cluster.kinds(),
    set,
    lists,
    new AbortController().signal,
  );
  return {members: members.map(({object}) => formatIdentity(identityOf(object))).sort(), unknown};
};

describe('the members of an ApplySet', () => {
  test('are found by kind and namespace', async () => {
    const {members, unknown} = await find(await filled());
    assert.deepEqual(members, [
      'ConfigMap/extra/b',
      'ConfigMap/shop/a',
      'Deployment/shop/web',
      'Namespace/extra',
      'Namespace/shop',
    ]);
    assert.deepEqual(unknown, []);
  });

  test('are taken from lists that were read already', async () => {
    const cluster = await filled();
    const kind = kindOf('v1', 'ConfigMap');
    const {items} = await cluster.list(kind, {});
    cluster.requests.length = 0;
    const {members} = await find(cluster, [{kind, namespace: undefined, items}]);
    assert.ok(members.includes('ConfigMap/extra/b'));
    assert.deepEqual(
      cluster.requests.filter(request => request.includes('ConfigMap')),
      [],
    );
  });

  test('are only members although the server ignores the selector', async () => {
    const cluster = await filled();
    const list = cluster.list.bind(cluster);
    cluster.list = (kind, {labelSelector: _selector, ...options} = {}) => list(kind, options);
    assert.equal((await find(cluster)).members.length, 5);
  });

  test('are not all known where a list is denied', async () => {
    const cluster = await filled();
    cluster.refuse = request =>
      request === 'list Deployment shop' ? new ClusterError('forbidden', 'no', {status: 403}) : undefined;
    const {unknown} = await find(cluster);
    assert.equal(unknown.length, 1);
    assert.match(unknown[0] ?? '', /deployments in shop can't be listed: no/);
  });

  test('of a kind that is served no more are gone with it, but not where only its discovery failed', async () => {
    const cluster = await filled();
    cluster.kindsServed.splice(
      cluster.kindsServed.findIndex(({kind}) => kind === 'Deployment'),
      1,
    );
    assert.deepEqual((await find(cluster)).unknown, []);
    cluster.failures.set('apps', 'down');
    assert.deepEqual((await find(cluster)).unknown, ['Deployment.apps: down']);
  });
});
