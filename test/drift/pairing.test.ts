import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {autoscaledTargets} from '../../source/drift/autoscalers.ts';
import {extraMembers, predecessorOf, unhashedName} from '../../source/drift/pairing.ts';
import type {JsonObject} from '../../source/resources/json.ts';

const configMap = (name: string, created: string, more: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {name, namespace: 'shop', creationTimestamp: created, ...more},
});
const id = {group: '', kind: 'ConfigMap', namespace: 'shop', name: 'app-7bk4g29d5f'};

describe('generated names (trap 45)', () => {
  const old = configMap('app-2bc4f5g6h7', '2026-01-01T00:00:00Z');
  const newer = configMap('app-9bc4f5g6h7', '2026-01-02T00:00:00Z');
  const live = [
    old,
    newer,
    configMap('app-config-9bc4f5g6h7', '2026-01-03T00:00:00Z'),
    configMap('app-not-a-hash', '2026-01-03T00:00:00Z'),
    configMap('app-aaaaaaaaaa', '2026-01-03T00:00:00Z'),
    {...configMap('app-4bc4f5g6h7', '2026-01-04T00:00:00Z'), kind: 'Secret'},
  ];

  test('pair with the newest of the same base', () => {
    assert.equal(predecessorOf(id, 'app', live, new Set()), newer);
  });
  test('never with what git wants itself', () => {
    assert.equal(predecessorOf(id, 'app', live, new Set(['/ConfigMap/shop/app-9bc4f5g6h7'])), old);
  });
  test('have a base name by their spelling alone, where a kind can be generated', () => {
    const cases: [name: string, kind: string, group: string, expected: string | undefined][] = [
      ['app-7bk4g29d5f', 'ConfigMap', '', 'app'],
      ['app-7bk4g29d5f', 'Secret', '', 'app'],
      ['app-7bk4g29d5f', 'Service', '', undefined],
      ['app-7bk4g29d5f', 'ConfigMap', 'example.com', undefined],
      ['app-aaaaaaaaaa', 'ConfigMap', '', undefined],
      ['app7bk4g29d5f', 'ConfigMap', '', undefined],
      ['app', 'ConfigMap', '', undefined],
    ];
    for (const [name, kind, group, expected] of cases) {
      assert.equal(unhashedName({group, kind, namespace: '', name}), expected, `${group}/${kind} ${name}`);
    }
  });
  test('never across namespaces', () => {
    assert.equal(predecessorOf({...id, namespace: 'other'}, 'app', live, new Set()), undefined);
  });
});

test('extras: not what is wanted or paired, and never children (trap 47)', () => {
  const owned = configMap('child', '', {ownerReferences: [{kind: 'Deployment', name: 'web'}]});
  const members = ['wanted', 'paired', 'gone'].map(name => configMap(name, ''));
  const extras = extraMembers(
    [...members, owned],
    new Set(['/ConfigMap/shop/wanted']),
    new Set(['/ConfigMap/shop/paired']),
  );
  assert.deepEqual(extras, [members[2]]);
});

test('autoscalers name what they scale (trap 32)', () => {
  const scaler = (scaleTargetRef: JsonObject): JsonObject => ({
    metadata: {namespace: 'shop'},
    spec: {scaleTargetRef},
  });
  assert.deepEqual(
    [
      ...autoscaledTargets([
        scaler({apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db'}),
        scaler({name: 'keda'}),
        scaler({}),
      ]),
    ],
    ['apps/StatefulSet/shop/db', 'apps/Deployment/shop/keda'],
  );
});
