import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {bindTargets} from '../../../../source/engines/direct/compare/targets.ts';
import {formatIdentity} from '../../../../source/resources/identity.ts';
import {configMap, desired, namespace} from '../../desired.ts';
import {FakeCluster, kindOf, usualKinds} from '../../fake-cluster.ts';

const catalog = await new FakeCluster().kinds();
const basket = {apiVersion: 'shop.example/v1', kind: 'Basket', metadata: {name: 'b'}};
const definition = (scope: string) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: {name: 'baskets.shop.example'},
  spec: {group: 'shop.example', names: {kind: 'Basket'}, scope, versions: [{name: 'v1'}]},
});

describe('a resource of git in the cluster', () => {
  test('gets the namespace of the environment where it names none, and none where it can have none', () => {
    const stray = {...namespace('shop'), metadata: {name: 'shop', namespace: 'nonsense'}};
    const {targets} = bindTargets(
      [desired(configMap('a', {}, '')), desired(configMap('b', {}, 'own')), desired(stray)],
      catalog,
      'staging',
    );
    assert.deepEqual(
      targets.map(({id}) => formatIdentity(id)),
      ['ConfigMap/staging/a', 'ConfigMap/own/b', 'Namespace/shop'],
    );
    assert.deepEqual(
      targets.map(({object}) => (object['metadata'] as {namespace?: string}).namespace),
      ['staging', 'own', undefined],
    );
  });

  test('that git holds twice is Unknown, and both places are named', () => {
    const {targets, duplicates} = bindTargets(
      [desired(configMap('a', {x: '1'}), 'one.yaml', 3), desired(configMap('a', {x: '2'}), 'two.yaml', 9)],
      catalog,
      'shop',
    );
    assert.equal(targets.length, 1);
    assert.equal(duplicates.length, 1);
    assert.match(targets[0]?.settled?.reason ?? '', /ConfigMap\/shop\/a twice: one\.yaml:3 and two\.yaml:9/);
  });

  test('is Missing where its definition is only in git', () => {
    const {targets} = bindTargets([desired(basket), desired(definition('Namespaced'))], catalog, 'shop');
    assert.equal(targets[0]?.settled?.status, 'Missing');
    assert.equal(targets[0]?.id.namespace, 'shop');
    assert.equal(
      bindTargets([desired(basket), desired(definition('Cluster'))], catalog, 'shop').targets[0]?.id
        .namespace,
      '',
    );
  });

  test('is Unknown where nobody defines its kind', () => {
    const [target] = bindTargets([desired(basket)], catalog, 'shop').targets;
    assert.equal(target?.settled?.status, 'Unknown');
    assert.match(target?.settled?.reason ?? '', /serves no Basket in shop\.example\/v1/);
  });

  test('is Unknown at a version that is not served, which names those that are', async () => {
    const cluster = new FakeCluster([
      ...usualKinds,
      kindOf('shop.example/v2', 'Basket'),
      kindOf('shop.example/v3', 'Basket'),
    ]);
    // Even where its definition is in git: the one in the cluster may serve it already at another version.
    const [target] = bindTargets(
      [desired(basket), desired(definition('Namespaced'))],
      await cluster.kinds(),
      'shop',
    ).targets;
    assert.equal(target?.settled?.status, 'Unknown');
    assert.match(target?.settled?.reason ?? '', /it serves shop\.example\/v2, shop\.example\/v3/);
  });

  test('is Unknown where the discovery of its group failed', async () => {
    const cluster = new FakeCluster();
    cluster.failures.set('shop.example', 'service unavailable');
    const {targets} = bindTargets([desired(basket), desired(configMap('a'))], await cluster.kinds(), 'shop');
    assert.match(targets[0]?.settled?.reason ?? '', /could not be discovered: service unavailable/);
    assert.equal(targets[1]?.settled, null);
  });

  test('is Unknown where the cluster is out of reach', () => {
    const [target] = bindTargets(
      [desired(configMap('a'))],
      {unreachable: 'connection refused'},
      'shop',
    ).targets;
    assert.deepEqual(target?.settled, {status: 'Unknown', reason: 'connection refused'});
  });

  test('that has its name generated matches nothing, and two of them are two', () => {
    const generated = {apiVersion: 'v1', kind: 'ConfigMap', metadata: {generateName: 'run-'}};
    const {targets, duplicates} = bindTargets(
      [desired(generated, 'a.yaml'), desired(generated, 'b.yaml')],
      catalog,
      'shop',
    );
    assert.deepEqual([targets.length, duplicates.length], [2, 0]);
    for (const target of targets) assert.match(target.settled?.reason ?? '', /generateName \(run-\)/);
  });
});
