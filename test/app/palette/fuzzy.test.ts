import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {fuzzyMatch} from '../../../source/app/palette/fuzzy.ts';

describe('a fuzzy match', () => {
  for (const [pattern, text, marked] of [
    ['', 'sync', ''],
    ['sync', 'sync', 'sync'],
    ['SY', 'sync', 'sy'],
    ['pr', 'pull-request', 'pr'],
    ['pr', 'promotion', 'pr'],
    ['nd', 'next-drift', 'nd'],
    ['rev', 'revert-from', 'rev'],
    ['ed', 'edit-request', 'ed'],
    ['再', '再起動', '再'],
    // Spaces part what is typed, and are not looked for.
    ['all fold', 'all-fold', 'allfold'],
  ] as const) {
    test(`"${pattern}" in ${text}`, () => {
      const match = fuzzyMatch(pattern, text);
      const letters = [...text];
      assert.equal(match?.at.map(index => letters[index]).join(''), marked);
    });
  }

  for (const [pattern, text] of [
    ['syncc', 'sync'],
    ['cs', 'sync'],
    ['x', ''],
  ] as const) {
    test(`no "${pattern}" in "${text}"`, () => assert.equal(fuzzyMatch(pattern, text), null));
  }

  test('marks the starts of words before letters that happen to be there', () => {
    assert.deepEqual(fuzzyMatch('pr', 'promotion-plan-request')?.at, [0, 1]);
    assert.deepEqual(fuzzyMatch('dr', 'side-next-drift')?.at, [10, 11]);
    assert.deepEqual(fuzzyMatch('ea', 'abea-east-a')?.at, [5, 6]);
  });

  // What is typed, what is to come first, what after it.
  for (const [pattern, ...order] of [
    ['sync', 'sync', 'sync-all', 'resync', 's-y-n-c'],
    ['re', 'refresh', 'more-context'],
    ['rf', 'revert-from', 'refresh'],
    ['prod', 'production', 'pre-prod', 'p-r-o-d-eu'],
    ['e', 'edit', 'revert'],
  ] as const) {
    test(`"${pattern}": ${order.join(', ')}`, () => {
      const ranked = order
        .map(text => ({text, score: fuzzyMatch(pattern, text)?.score ?? Number.NEGATIVE_INFINITY}))
        .sort((a, b) => b.score - a.score)
        .map(({text}) => text);
      assert.deepEqual(ranked, order);
    });
  }

  test('letters whose small form is longer keep their places', () => {
    assert.deepEqual(fuzzyMatch('x', 'İİx')?.at, [2]);
  });
});
