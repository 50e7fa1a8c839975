import assert from 'node:assert/strict';
import {test} from 'node:test';
import {extra} from '../../source/drift/answers.ts';
import {argoHealth} from '../../source/health/argo-cd.ts';

test('trap 46: an extra object that is being deleted says so, after what it says besides', () => {
  const since = '2026-01-01T00:00:00Z';
  const drift = extra({
    id: {group: '', kind: 'ConfigMap', namespace: 'shop', name: 'old'},
    version: 'v1',
    source: null,
    notes: ['tracked by somebody'],
    live: {metadata: {name: 'old', deletionTimestamp: since}},
    mask: () => 'masked',
    healthOf: argoHealth,
  });
  assert.deepEqual(
    [drift.status, drift.notes],
    ['Extra', ['tracked by somebody', `terminating since ${since}`]],
  );
});
