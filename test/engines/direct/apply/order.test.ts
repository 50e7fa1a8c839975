import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {definedKind, inOrder, syncWave} from '../../../../source/engines/direct/apply/order.ts';
import {identityOf} from '../../../../source/resources/identity.ts';
import type {JsonObject} from '../../../../source/resources/json.ts';

function item(
  apiVersion: string,
  kind: string,
  name: string,
  namespace = '',
  wave?: string,
  spec: JsonObject = {},
) {
  const annotations: JsonObject = wave === undefined ? {} : {'argocd.argoproj.io/sync-wave': wave};
  const object: JsonObject = {apiVersion, kind, metadata: {name, namespace, annotations}, spec};
  return {id: identityOf(object), object};
}

const names = (items: ReturnType<typeof item>[]) =>
  inOrder(items).map(({item: {id}}) => `${id.kind}/${id.name}`);

describe('the order of a sync', () => {
  test('puts what others need first', () => {
    const items = [
      item('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'guard'),
      item('shop.example/v1', 'Basket', 'b', 'shop'),
      item('networking.k8s.io/v1', 'Ingress', 'web', 'shop'),
      item('apps/v1', 'Deployment', 'web', 'shop'),
      item('v1', 'Service', 'web', 'shop'),
      item('v1', 'ConfigMap', 'z', 'shop'),
      item('v1', 'ConfigMap', 'a', 'shop'),
      item('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'baskets.shop.example'),
      item('v1', 'Namespace', 'shop'),
    ];
    assert.deepEqual(names(items), [
      'Namespace/shop',
      'CustomResourceDefinition/baskets.shop.example',
      'ConfigMap/a',
      'ConfigMap/z',
      'Service/web',
      'Deployment/web',
      'Ingress/web',
      'Basket/b',
      'ValidatingWebhookConfiguration/guard',
    ]);
  });

  test('follows the sync waves before the kinds', () => {
    const items = [
      item('v1', 'ConfigMap', 'late', 'shop', '2'),
      item('apps/v1', 'Deployment', 'web', 'shop'),
      item('batch/v1', 'Job', 'migrate', 'shop', '-1'),
    ];
    assert.deepEqual(names(items), ['Job/migrate', 'Deployment/web', 'ConfigMap/late']);
  });

  test('never puts a namespace or a definition after what needs it', () => {
    const definition = item('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'd', '', '9', {
      group: 'shop.example',
      names: {kind: 'Basket'},
    });
    const items = [
      item('shop.example/v1', 'Basket', 'b', 'shop', '-3'),
      item('v1', 'Namespace', 'shop', '', '5'),
      definition,
    ];
    assert.deepEqual(names(items), ['Namespace/shop', 'CustomResourceDefinition/d', 'Basket/b']);
    assert.deepEqual(definedKind(definition.object), {group: 'shop.example', kind: 'Basket'});
  });

  for (const [text, wave] of [
    ['5', 5],
    ['-2', -2],
    [' 3 ', 3],
    ['', 0],
    ['1.5', 0],
    ['first', 0],
  ] as const) {
    test(`reads the wave "${text}" as ${wave}`, () => {
      assert.equal(syncWave(item('v1', 'ConfigMap', 'a', '', text).object), wave);
    });
  }
});
