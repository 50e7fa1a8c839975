import assert from 'node:assert/strict';
import {test} from 'node:test';
import {listText, previewText} from '../../source/commands/baseline.ts';
import {UsageError} from '../../source/commands/failure.ts';
import {revertRequest} from '../../source/commands/revert.ts';
import {baselinePreview} from '../app/fake-data.ts';
import {plainFlags} from './plain-flags.ts';

const request = (commit: string | undefined, flags: Partial<typeof plainFlags> = {}) =>
  revertRequest('prod', commit, {...plainFlags, ...flags});

test('what a revert is asked for', () => {
  const base = {kind: 'revert', environment: 'prod', mainlines: []};
  assert.deepEqual(request('abc'), {...base, target: 'abc', mode: 'restore'});
  assert.deepEqual(request(undefined, {toBaseline: true}), {...base, target: null, mode: 'restore'});
  assert.deepEqual(request('a..b', {revertCommits: true}), {
    ...base,
    target: 'a',
    until: 'b',
    mode: 'revert-commits',
  });
  assert.deepEqual(request('abc', {environmentOnly: true, alone: true}), {
    ...base,
    target: 'abc',
    mode: 'environment-only',
    only: true,
  });
  assert.deepEqual(request('abc', {revertCommits: true, mainline: ['2', '9be01d4:1']}).mainlines, [
    {merge: null, parent: 2},
    {merge: '9be01d4', parent: 1},
  ]);
});

for (const [commit, flags, message] of [
  [undefined, {}, /takes a commit to go back to/],
  ['abc', {toBaseline: true}, /"abc" is too much/],
  ['abc', {revertCommits: true, environmentOnly: true}, /choose one/],
  ['a..b', {}, /a range of commits is for undoing commits: add --revert-commits or --environment-only/],
  ['abc', {alone: true}, /--alone is for undoing commits/],
  ['abc', {mainline: ['2']}, /--mainline is for undoing commits/],
  ['a...b', {revertCommits: true}, /is no range of commits/],
  ['a..', {revertCommits: true}, /is no range of commits/],
  ['a..b', {revertCommits: true, alone: true}, /--alone takes one commit/],
  ['abc', {revertCommits: true, mainline: ['0']}, /--mainline takes a parent's number/],
  ['abc', {revertCommits: true, mainline: ['main:2']}, /--mainline takes a parent's number/],
] as const) {
  test(`a revert is refused: ${JSON.stringify([commit, flags])}`, () => {
    assert.throws(
      () => request(commit, flags as Partial<typeof plainFlags>),
      error => error instanceof UsageError && message.test(error.message),
    );
  });
}

test('the marks of an environment, and what another would do', () => {
  const preview = baselinePreview('staging');
  assert.equal(listText(preview), '9be01d4 2026-08-01 jane (last known good, signed)\n');
  assert.equal(
    listText({...preview, shared: [], warnings: ['origin could not be asked']}),
    'Warning: origin could not be asked\n9be01d4 2026-08-01 jane (last known good, signed, only in this repository)\n',
  );
  assert.equal(listText({...preview, known: []}), 'No revision of staging is marked as known good.\n');
  assert.equal(
    previewText(preview, {sha: 'a'.repeat(40), subject: 'One'}),
    'Mark aaaaaaa One as known good for staging\nMarked last: 9be01d4 on 2026-08-01 by jane\nWith --yes: an annotated tag, pushed to origin\n',
  );
});
