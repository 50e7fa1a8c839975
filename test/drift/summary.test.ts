import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {classOfManager} from '../../source/drift/managers.ts';
import {environmentHealth, summarise, syncStatusOf} from '../../source/drift/summary.ts';
import type {ResourceStatus, SyncStatus} from '../../source/drift/types.ts';

describe('an environment is', () => {
  const cases: [ResourceStatus[], SyncStatus][] = [
    [[], 'Synced'],
    [['Synced'], 'Synced'],
    [['Synced', 'Modified'], 'OutOfSync'],
    [['Missing'], 'OutOfSync'],
    [['Extra'], 'OutOfSync'],
    [['Synced', 'Unknown'], 'Unknown'],
    [['Unknown', 'Modified'], 'OutOfSync'],
  ];
  for (const [statuses, expected] of cases) {
    test(`${expected} with ${statuses.join(', ') || 'nothing'}`, () => {
      assert.equal(syncStatusOf(summarise(statuses.map(status => ({status}))), []), expected);
    });
  }

  test('Unknown where something could not be read, but not for a warning', () => {
    const summary = summarise([{status: 'Synced'}]);
    assert.equal(syncStatusOf(summary, [{severity: 'error'}]), 'Unknown');
    assert.equal(syncStatusOf(summary, [{severity: 'warning'}]), 'Synced');
  });
});

test('the health of what could not be read is Unknown, of nothing Healthy', () => {
  assert.equal(environmentHealth([], [{severity: 'error'}]), 'Unknown');
  assert.equal(environmentHealth([], [{severity: 'warning'}]), 'Healthy');
});

describe('a field manager is', () => {
  const cases: [string, 'Apply' | 'Update', ReturnType<typeof classOfManager>][] = [
    ['gitops-tui', 'Apply', 'git'],
    ['kubectl', 'Apply', 'git'],
    ['kubectl', 'Update', 'person'],
    ['kubectl.exe', 'Update', 'person'],
    ['kubectl-client-side-apply', 'Update', 'git'],
    ['kubectl-edit', 'Update', 'person'],
    ['kubectl-rollout', 'Update', 'person'],
    ['argocd-controller', 'Apply', 'git'],
    ['kustomize-controller', 'Apply', 'git'],
    ['helm', 'Update', 'git'],
    ['Terraform', 'Apply', 'git'],
    ['pulumi-kubernetes-1a2b', 'Apply', 'git'],
    ['before-first-apply', 'Update', 'git'],
    ['k9s', 'Update', 'person'],
    ['node-fetch', 'Update', 'person'],
    ['Mozilla', 'Update', 'person'],
    ['OpenAPI-Generator', 'Update', 'person'],
    ['kube-controller-manager', 'Update', 'controller'],
    ['cert-manager-cainjector', 'Apply', 'controller'],
  ];
  for (const [manager, operation, expected] of cases) {
    test(`${manager} (${operation}): ${expected}`, () => {
      assert.equal(classOfManager(manager, operation), expected);
    });
  }
});
