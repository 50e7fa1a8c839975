import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createPager} from '../../source/plain/pager.ts';

const lines = (count: number) => Array.from({length: count}, (_, index) => `line ${index + 1}`);

test('pages follow one another, none of it twice, none left out', () => {
  const pager = createPager(() => 4);
  assert.deepEqual(pager.open(lines(10)), [...lines(4), 'Lines 1 to 4 of 10; more shows the next.']);
  assert.deepEqual(pager.more(), [...lines(8).slice(4), 'Lines 5 to 8 of 10; more shows the next.']);
  assert.deepEqual(pager.more(), ['line 9', 'line 10']);
  assert.equal(pager.more(), null);
});

test('one line more than a page is no question; another text takes the place of the rest', () => {
  const pager = createPager(() => 4);
  assert.deepEqual(pager.open(lines(5)), lines(5));
  pager.open(lines(50));
  assert.deepEqual(pager.open(['short']), ['short']);
  assert.equal(pager.more(), null);
});
