import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {
  type Consent,
  type Mutation,
  mergeSubject,
  permit,
  pushDoubt,
  type Subject,
} from '../../source/engines/permission.ts';

const staging: Subject = {name: 'staging', protected: false};
const production: Subject = {name: 'production', protected: true};
const guarded: Subject = {...staging, forge: {straight: false, reason: 'GitHub protects main'}};
const doubtful: Subject = {...staging, forge: {straight: null, reason: 'GitHub shows its rules to nobody'}};
const open: Subject = {...staging, forge: {straight: true, reason: null}};
const plain = mergeSubject(12, [staging]);
const heavy = mergeSubject(12, [staging, production, {name: 'prod-eu', protected: true}]);

const yes = 'yes';
const typed = (name: string): Consent => ({typed: name});

describe('permit', () => {
  const rows: [mutation: Mutation, subject: Subject, consent: Consent, refusal: RegExp | null][] = [
    ['sync', staging, 'no', /^not confirmed$/],
    ['sync', staging, yes, null],
    ['sync', staging, typed('staging'), null],
    ['sync', staging, typed('production'), /^"production" is not staging$/],
    ['sync', production, yes, /^production is protected: its name must be typed$/],
    ['sync', production, typed('productio'), /^"productio" is not production$/],
    ['sync', production, typed('production'), null],
    ['push', staging, yes, null],
    ['push', staging, 'no', /^not confirmed$/],
    ['push', production, typed('production'), /^production is protected: changes go through a pull request$/],
    ['push', guarded, yes, /^GitHub protects main: changes go through a pull request$/],
    ['push', guarded, typed('staging'), /^GitHub protects main: changes go through a pull request$/],
    // Not known is not refused here: the forge refuses, and what is not known was said.
    ['push', doubtful, yes, null],
    ['push', open, yes, null],
    ['push', {...production, forge: {straight: true, reason: null}}, yes, /^production is protected/],
    ['pull-request', production, yes, null],
    ['pull-request', guarded, yes, null],
    ['pull-request', production, 'no', /^not confirmed$/],
    ['merge', plain, 'no', /^not confirmed$/],
    ['merge', plain, yes, null],
    ['merge', heavy, yes, /^prod-eu production is protected: its name must be typed$/],
    ['merge', heavy, typed('production'), /^"production" is not prod-eu production$/],
    ['merge', heavy, typed('prod-eu production'), null],
  ];
  for (const [mutation, subject, consent, refusal] of rows) {
    const said = typeof consent === 'string' ? consent : `"${consent.typed}"`;
    test(`${mutation} of ${subject.name}${subject.forge === undefined ? '' : ` (forge: ${subject.forge.straight})`}, ${said}`, () => {
      const answer = permit(mutation, subject, {readOnly: false}, consent);
      if (refusal === null) {
        assert.ok(answer.allowed);
        assert.deepEqual({...answer.permit}, {mutation, environment: subject.name});
      } else {
        assert.ok(!answer.allowed);
        assert.match(answer.reason, refusal);
      }
      // A read-only session refuses whatever was said.
      const none = permit(mutation, subject, {readOnly: true}, consent);
      assert.deepEqual(none, {allowed: false, reason: 'this session is read-only (--read-only)'});
    });
  }

  test('a merge without a protected environment goes by its number', () => {
    assert.deepEqual(mergeSubject(12, []), {name: '#12', protected: false});
    assert.deepEqual(plain, {name: '#12', protected: false});
  });

  test('what is not known of a push is said', () => {
    assert.equal(pushDoubt(staging), null);
    assert.equal(pushDoubt(open), null);
    assert.equal(pushDoubt(guarded), null);
    assert.equal(
      pushDoubt(doubtful),
      'it is not known whether a push is taken: GitHub shows its rules to nobody',
    );
  });
});
