import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {ClusterError} from '../../../../source/cluster/types.ts';
import {conflictsOf} from '../../../../source/engines/direct/apply/conflicts.ts';
import {type Refusal, refusalOf} from '../../../../source/engines/direct/apply/refusal.ts';

describe('conflicts of a server-side apply', () => {
  test('name field, manager and subresource', () => {
    const cause = (field: string, message: string) => ({field, message, reason: 'FieldManagerConflict'});
    const error = new ClusterError('conflict', 'Apply failed with 2 conflicts', {
      status: 409,
      causes: [
        cause(
          '.spec.replicas',
          'conflict with "kubectl" with subresource "scale" using apps/v1 at 2026-11-21T08:00:00Z',
        ),
        cause('.data.a', 'conflict with "argocd-controller"'),
      ],
    });
    assert.deepEqual(conflictsOf(error), [
      {field: '.spec.replicas', manager: 'kubectl', operation: 'Update'},
      {field: '.data.a', manager: 'argocd-controller', operation: 'Apply'},
    ]);
  });

  test('are none in a 409 that is about something else', () => {
    assert.deepEqual(
      conflictsOf(new ClusterError('conflict', 'the object has been modified', {status: 409})),
      [],
    );
  });
});

describe('a refusal', () => {
  const cases: [ClusterError['reason'], string, Refusal][] = [
    [
      'invalid',
      'Deployment.apps "web" is invalid: spec.selector: Invalid value: …: field is immutable',
      'immutable',
    ],
    [
      'invalid',
      'StatefulSet.apps "db" is invalid: spec: Forbidden: updates to statefulset spec for fields other than \'replicas\' are forbidden',
      'immutable',
    ],
    [
      'invalid',
      'Service "web" is invalid: spec.clusterIPs[0]: Invalid value: may not change once set',
      'immutable',
    ],
    [
      'invalid',
      'RoleBinding.rbac.authorization.k8s.io "a" is invalid: roleRef: Invalid value: cannot change roleRef',
      'immutable',
    ],
    [
      'invalid',
      'Deployment.apps "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
      'invalid',
    ],
    ['invalid', 'admission webhook "guard.shop.example" does not support dry run', 'no-dry-run'],
    [
      'forbidden',
      'deployments.apps "web" is forbidden: User "reader" cannot patch resource "deployments"',
      'denied',
    ],
    ['conflict', 'the object has been modified; please apply your changes to the latest version', 'moved'],
    ['not-found', 'namespaces "shop" not found', 'moved'],
    ['timeout', 'the server did not answer in time', 'undecided'],
    ['server', 'failed calling webhook "guard": connection refused', 'undecided'],
    ['too-many-requests', 'too many requests', 'undecided'],
  ];
  for (const [reason, message, expected] of cases) {
    test(`is ${expected}: ${message.slice(0, 60)}`, () => {
      assert.equal(refusalOf(new ClusterError(reason, message)), expected);
    });
  }
});
