import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {
  applySetId,
  asMember,
  emptyApplySet,
  foreignApplySet,
  membership,
  parentName,
  parentObject,
  parseApplySet,
  parseGroupKind,
  trimmed,
  widened,
} from '../../../../source/engines/direct/apply/apply-set.ts';
import {identityOf} from '../../../../source/resources/identity.ts';
import type {JsonObject} from '../../../../source/resources/json.ts';

const source = 'forge.example/shop#environments/staging';
const deployment = {group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web'};
const settings = {group: '', kind: 'ConfigMap', namespace: 'extra', name: 'settings'};
const namespace = {group: '', kind: 'Namespace', namespace: '', name: 'shop'};

describe('the ApplySet', () => {
  test('has the id that kubectl computes', () => {
    // From `kubectl apply --prune --applyset=configmaps/demo -n default`, kubectl 1.32.
    assert.equal(
      applySetId({group: '', kind: 'ConfigMap', namespace: 'default', name: 'demo'}),
      'applyset-6dAHdOng1govwjgvU19ChjzFH8yFbMYk2yCB2_KxvME-v1',
    );
  });

  test('comes back from its parent as it was', () => {
    const deploymentRecord = {
      revision: 'a'.repeat(40),
      time: '2026-11-21T08:00:00Z',
      by: 'Jane <jane@shop.example>',
      pruned: true,
      tookSeconds: 14.2,
    };
    const set = widened(emptyApplySet('shop', 'staging'), [deployment, settings, namespace]);
    const parent = parentObject({...set, history: [deploymentRecord]}, source) as JsonObject & {
      metadata: JsonObject;
    };
    const read = parseApplySet(emptyApplySet('shop', 'staging'), {
      ...parent,
      metadata: {...parent.metadata, resourceVersion: '7'},
    });
    assert.deepEqual(read, {
      ...set,
      groupKinds: ['ConfigMap', 'Deployment.apps', 'Namespace'],
      namespaces: ['extra'],
      history: [deploymentRecord],
      source,
      tooling: 'gitops-tui/v1',
      resourceVersion: '7',
    });
    assert.equal(set.id, applySetId(identityOf(parent)));
  });

  test('shrinks to its members', () => {
    const wide = widened(emptyApplySet('shop', 'staging'), [deployment, settings]);
    const narrow = trimmed(wide, [deployment]);
    assert.deepEqual([narrow.groupKinds, narrow.namespaces], [['Deployment.apps'], []]);
  });

  test('is not changed for another repository, another folder or another tool', () => {
    const set = {...emptyApplySet('shop', 'staging'), resourceVersion: '7', source, tooling: 'gitops-tui/v1'};
    assert.equal(foreignApplySet(set, source), null);
    assert.equal(foreignApplySet({...set, resourceVersion: null}, 'other'), null, 'it does not exist yet');
    assert.match(
      foreignApplySet(set, 'forge.example/other#')?.message ?? '',
      /not from forge.example\/other#/,
    );
    assert.match(
      foreignApplySet({...set, tooling: 'kubectl/v1.32'}, source)?.message ?? '',
      /kubectl\/v1.32/,
    );
  });

  test('marks an object without changing the one it was given', () => {
    const object = {kind: 'ConfigMap', metadata: {name: 'a', labels: {own: 'x'}}};
    const member = asMember(object, 'applyset-x-v1');
    assert.equal(membership(member), 'applyset-x-v1');
    assert.equal(membership(object), undefined);
    assert.equal((member['metadata'] as {labels: JsonObject}).labels['own'], 'x');
  });

  for (const [text, expected] of [
    ['ConfigMap', {group: '', kind: 'ConfigMap'}],
    ['Deployment.apps', {group: 'apps', kind: 'Deployment'}],
    ['Certificate.cert-manager.io', {group: 'cert-manager.io', kind: 'Certificate'}],
  ] as const) {
    test(`reads ${text}`, () => assert.deepEqual(parseGroupKind(text), expected));
  }

  test('takes a deployment that a person broke out of the history, and keeps the rest', () => {
    const good = {revision: 'b', time: 't', by: 'x', pruned: false, tookSeconds: 1};
    const parent = (history: string) => ({metadata: {}, data: {history}});
    const read = (history: string) => parseApplySet(emptyApplySet('a', 'b'), parent(history)).history;
    assert.deepEqual(read(JSON.stringify([good, {revision: 1}])), [good]);
    assert.deepEqual(read('{'), []);
    assert.deepEqual(read('null'), []);
  });
});

describe('the name of an ApplySet parent', () => {
  test('is the environment where Kubernetes takes it', () => {
    assert.equal(parentName('staging'), 'gitops-tui-staging');
    assert.equal(parentName('prod-eu.1'), 'gitops-tui-prod-eu.1');
  });

  test('is a name that Kubernetes takes, and its own, for any environment', () => {
    const odd = ['Prod', 'prod', 'eu/prod', 'eu-prod', 'eu_prod', 'ürümqi', '…', '-prod-', 'x'.repeat(400)];
    const names = odd.map(parentName);
    for (const name of names) assert.match(name, /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])$/);
    assert.equal(new Set(names).size, odd.length);
  });
});
