import assert from 'node:assert/strict';
import {test} from 'node:test';
import {
  emptyList,
  type ListState,
  scroll,
  settle,
  step,
  visibleTop,
} from '../../../../source/app/state/lists/list.ts';

const keys = Array.from({length: 100}, (_, index) => `row ${index}`);
const at = (index: number, top: number): ListState => ({key: `row ${index}`, index, top});

test('step moves the choice and keeps it in sight', () => {
  const table = [
    [emptyList, 1, at(1, 0)],
    [at(9, 0), 1, at(10, 5)],
    [at(5, 5), -1, at(4, 0)],
    [at(50, 45), 'first', at(0, 0)],
    [at(50, 45), 'last', at(99, 90)],
    [at(50, 45), 'half-down', at(55, 50)],
    [at(50, 45), 'page-up', at(41, 40)],
    [at(0, 0), -1, at(0, 0)],
    [at(99, 90), 1, at(99, 90)],
  ] as const;
  for (const [list, by, expected] of table)
    assert.deepEqual(step(list, by, keys, 10), expected, `${list.key} ${by}`);
});

test('the chosen row is always visible', () => {
  for (let top = 0; top <= 90; top += 7) {
    for (let index = 0; index < 100; index += 1) {
      const first = visibleTop(top, index, 100, 10);
      assert.ok(
        first <= index && index < first + 10 && first >= 0 && first <= 90,
        `${top} ${index}: ${first}`,
      );
    }
  }
});

test('settle finds the chosen key again, and the place where it was when it is gone', () => {
  assert.deepEqual(settle(at(3, 0), ['new', ...keys], 10), {key: 'row 3', index: 4, top: 0});
  assert.deepEqual(settle(at(99, 90), keys.slice(0, 50), 10), {key: 'row 49', index: 49, top: 40});
  assert.equal(settle(at(3, 0), [], 10).key, 'row 3');
});

test('a text scrolls no further than its end', () => {
  assert.equal(scroll(0, 'last', 30, 10), 20);
  assert.equal(scroll(20, 1, 30, 10), 20);
  assert.equal(scroll(0, -1, 30, 10), 0);
  assert.equal(scroll(0, 'page-down', 5, 10), 0);
});
