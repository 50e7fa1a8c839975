import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {planStatus} from '../../source/commands/sync.ts';
import {minute} from '../../source/commands/text-report.ts';
import type {SyncStep} from '../../source/engines/types.ts';
import {syncPlan} from '../app/fake-data.ts';

const step: SyncStep = {
  id: {group: '', kind: 'ConfigMap', namespace: 'shop', name: 'a'},
  version: 'v1',
  action: 'apply',
  fields: 1,
  reason: null,
  trouble: null,
  conflicts: [],
};
const kept: SyncStep = {...step, action: 'skip', reason: 'prune off'};
const refused: SyncStep = {...step, action: 'skip', trouble: 'blocked'};

describe('a plan that is only printed ends with', () => {
  for (const [status, title, steps, blockers] of [
    [0, 'nothing to do', [], []],
    [0, 'what is kept as prune is off', [kept], []],
    [1, 'work', [step, kept], []],
    [1, 'work beside what the server refuses', [step, refused], []],
    [2, 'only what the server refuses', [refused, kept], []],
    [2, 'work that may not begin', [step], ['git could not be read in full']],
  ] satisfies [number, string, SyncStep[], string[]][]) {
    test(`${status}: ${title}`, () => {
      assert.equal(planStatus(syncPlan('staging', {steps, blockers})), status);
    });
  }
});

test('times of any zone are told in UTC', () => {
  assert.equal(minute('2026-11-21T01:48:18+02:00'), '2026-11-20 23:48');
  assert.equal(minute('2026-11-21T09:48:22.433Z'), '2026-11-21 09:48');
});
