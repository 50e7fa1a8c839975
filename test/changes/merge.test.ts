import assert from 'node:assert/strict';
import {test} from 'node:test';
import {mergePullRequest, updatePullRequest} from '../../source/changes/merge.ts';
import {mergeSubject, permit} from '../../source/engines/permission.ts';
import type {Forge} from '../../source/forges/types.ts';
import {environment, permitFor} from './context.ts';

const head = 'a'.repeat(40);
const production = environment('production', {protected: true});
const order = {number: 7, head, method: 'merge', deleteBranch: false} as const;

test('a merge wants the permit for just what it touches, and passes on the head that was seen', async () => {
  const merged: unknown[] = [];
  const forge = {
    merge: async (...given: unknown[]) => {
      merged.push(given.slice(0, 2));
      return {merged: true, sha: head, notes: []};
    },
    update: async () => assert.fail('nothing was to be updated'),
  } as unknown as Forge;
  const other = permitFor('merge', environment('staging'));
  await assert.rejects(
    mergePullRequest(forge, order, [production], other),
    /does not allow merge of production/,
  );
  const sync = permitFor('sync', production);
  await assert.rejects(mergePullRequest(forge, order, [production], sync), /does not allow merge/);
  await assert.rejects(
    updatePullRequest(forge, 7, {draft: true}, other),
    /does not allow pull-request of #7/,
  );
  assert.deepEqual(merged, []);
  const answer = permit('merge', mergeSubject(7, [production]), {readOnly: false}, {typed: 'production'});
  assert.ok(answer.allowed);
  await mergePullRequest(forge, order, [production], answer.permit);
  assert.deepEqual(merged, [[7, {head, method: 'merge', deleteBranch: false}]]);
});
