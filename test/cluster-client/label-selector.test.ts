import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {matchesSelector} from '../../source/cluster/label-selector.ts';

describe('label selectors', () => {
  const labels = {app: 'web', tier: 'front', empty: ''};
  const cases: [selector: string, matches: boolean][] = [
    ['', true],
    ['app=web', true],
    ['app==web', true],
    ['app = db', false],
    ['app!=db', true],
    ['app!=web', false],
    ['none!=x', true],
    ['app', true],
    ['none', false],
    ['!none', true],
    ['!app', false],
    ['empty=', true],
    ['app in (web, db)', true],
    ['app in (db)', false],
    ['none in (a)', false],
    ['app notin (db)', true],
    ['app notin (web)', false],
    ['none notin (a)', true],
    ['app=web,tier=front', true],
    ['app=web, tier in (back)', false],
    ['app in (web,db),!none,tier', true],
    ['toString', false],
  ];
  for (const [selector, matches] of cases) {
    test(`"${selector}"`, () => assert.equal(matchesSelector(selector)({metadata: {labels}}), matches));
  }
  for (const selector of ['app=web tier', 'a in', 'a in (b', '=x', 'a,,b']) {
    test(`"${selector}" is none`, () => assert.throws(() => matchesSelector(selector), {reason: 'invalid'}));
  }
});
