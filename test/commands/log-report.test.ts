import assert from 'node:assert/strict';
import {test} from 'node:test';
import {logDocument, logText, type ToldRevision} from '../../source/commands/log-report.ts';
import {commitEffect, head, revision, revisionNotes, revisions} from '../app/fake-data.ts';

const page = {tip: head, more: false, missing: null} as const;
const noted: ToldRevision[] = revisions.map(row => {
  const {signature, differences} = revisionNotes.find(({sha}) => sha === row.sha) ?? {};
  return {
    ...row,
    ...(signature === undefined ? {} : {signature}),
    ...(differences === undefined ? {} : {differences}),
  };
});

test('the table has a column only for what there is to say', () => {
  const [first = '', second = ''] = logText(0, [revision(head)], page).split('\n');
  assert.match(first, /^SHA +TIME \(UTC\) +AUTHOR +STATE +DEPLOYED +SUBJECT$/);
  assert.match(second, /^3f2a91c {2}2026-08-05 12:02 .* older +checkout: 3 replicas$/);
  const [more = ''] = logText(0, noted, page).split('\n');
  assert.match(more, /STATE +DEPLOYED +SIGNED +DIFF +TAGS +PR +SUBJECT$/);
});

test('signatures, differences, tags and pull requests are told in words', () => {
  const [, first = '', second = '', third = '', fourth = ''] = logText(0, noted, page).split('\n');
  assert.match(first, /pending +good +3 +v1\.8\.2 +#412 +checkout: image v1\.8\.2$/);
  assert.match(second, /pending +none +2 +再起動/);
  assert.match(third, /live +2026-08-05 15:00 by jane +can't check +0 +checkout: 3 replicas$/);
  assert.match(fourth, /older +2026-08-01 10:00 by bob +BAD +\? +Revert "checkout: hpa"$/);
});

test('what a commit changes stands below its row', () => {
  const text = logText(0, [{...revision(head), effect: commitEffect('staging', head)}], page);
  assert.deepEqual(text.split('\n').slice(2), [
    '    Images    Deployment/checkout-api checkout v1.8.0 → v1.8.1',
    '    Replicas  Deployment/checkout-api 3 → 5',
    '    Added     ConfigMap/flags',
    '    Fields    2 other in Deployment/checkout-api',
    '',
  ]);
});

test('says how to go on, and why it can’t', () => {
  assert.match(logText(20, noted, {...page, more: true}), /\n… there are more: --skip 24\n$/);
  assert.match(
    logText(0, noted, {...page, missing: 'shallow'}),
    /\nOlder commits were not cloned .*--unshallow/,
  );
  assert.match(
    logText(0, noted, {...page, missing: 'partial'}),
    /\nThe trees of older commits were not cloned/,
  );
});

test('the document holds what was asked for, and only that', () => {
  const plain = logDocument('staging', 0, [revision(head)], page);
  assert.deepEqual(plain['revisions'], [
    {
      sha: head,
      time: '2026-08-05T14:02:00+02:00',
      author: 'Jane Doe',
      email: 'jane@example.com',
      subject: 'checkout: 3 replicas',
      refs: [],
      tags: [],
      pullRequest: null,
      state: 'older',
      deployments: [],
    },
  ]);
  assert.deepEqual([plain['tip'], plain['skip'], plain['more'], plain['missing']], [head, 0, false, null]);
  const [first] = noted;
  assert.ok(first);
  const asked = logDocument('staging', 0, [{...first, effect: commitEffect('staging', head)}], page);
  const [row] = asked['revisions'] as {
    signature: unknown;
    differences: unknown;
    changes: {images: unknown};
  }[];
  assert.deepEqual(row?.signature, first.signature);
  assert.equal(row?.differences, 3);
  assert.deepEqual(row?.changes.images, [
    {
      group: '',
      kind: 'Deployment',
      namespace: 'payments',
      name: 'checkout-api',
      container: 'api',
      before: 'checkout:v1.8.0',
      after: 'checkout:v1.8.1',
    },
  ]);
});
