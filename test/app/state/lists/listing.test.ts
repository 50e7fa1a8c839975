import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import type {ListAction} from '../../../../source/app/state/actions.ts';
import {step} from '../../../../source/app/state/lists/list.ts';
import {reduceView} from '../../../../source/app/state/lists/list-keys.ts';
import {Arranger, freshView, hiddenMarks, type ListView} from '../../../../source/app/state/lists/listing.ts';

interface Item {
  name: string;
  drifts: boolean;
  fixed?: boolean;
  age: number | null;
}

const items: readonly Item[] = [
  {name: 'web', drifts: true, age: 3},
  {name: 'api', drifts: false, age: null},
  {name: 'redis', drifts: true, age: 1},
  {name: 'base', drifts: true, fixed: true, age: 2},
];

const list = new Arranger<Item>({
  key: ({name}) => name,
  fields: {name: ({name}) => name, state: ({drifts}) => (drifts ? 'drift' : 'same')},
  orders: [
    {by: 'listed'},
    {by: 'name', way: 'up', key: ({name}) => name},
    {by: 'age', way: 'down', key: ({age}) => age},
  ],
  isDrift: ({drifts}) => drifts,
  canMark: ({fixed}) => (fixed === true ? 'it is fixed' : true),
});

const shown = (view: ListView) => list.shown(items, view);
const height = 3;

function after(view: ListView, ...actions: Exclude<ListAction, {type: 'sort'}>[]): ListView {
  return actions.reduce((next, action) => reduceView(next, list.listing, shown(next), action, height), view);
}

const down = (view: ListView, by = 1): ListView => ({
  ...view,
  list: step(view.list, by, shown(view).keys, height),
});

describe('what is shown', () => {
  test('is put together once for the same items and view', () => {
    const view = {...freshView, filter: 'name:e', sort: 'name'};
    assert.equal(shown(view), shown({...view, marked: new Set(['web'])}));
    assert.deepEqual(shown(view).keys, ['base', 'redis', 'web']);
    assert.equal(shown(view).total, 4);
  });

  test('the orders come in turn, and begin anew', () => {
    assert.deepEqual(shown(freshView).keys, ['web', 'api', 'redis', 'base']);
    assert.equal(list.nextOrder(''), 'name');
    assert.equal(list.nextOrder('name'), 'age');
    assert.equal(list.nextOrder('age'), 'listed');
    assert.deepEqual(shown({...freshView, sort: 'age'}).keys, ['redis', 'base', 'web', 'api']);
  });

  test('an order that is no more is the first one', () => {
    assert.deepEqual(shown({...freshView, sort: 'of an older version'}).keys, shown(freshView).keys);
  });

  test('only what drifted', () => {
    assert.deepEqual(shown({...freshView, driftOnly: true}).keys, ['web', 'redis', 'base']);
  });
});

describe('marks', () => {
  test('one row goes back and forth, a range adds and leaves out what can not be marked', () => {
    const one = after(down(freshView, 0), {type: 'mark'});
    assert.deepEqual([...one.marked], ['web']);
    assert.deepEqual([...after(one, {type: 'mark'}).marked], []);
    const begun = after(one, {type: 'range'});
    assert.equal(begun.rangeFrom, 'web');
    const range = after(down(begun, 3), {type: 'mark'});
    assert.deepEqual([...range.marked].sort(), ['api', 'redis', 'web']);
    assert.equal(range.rangeFrom, null);
  });

  test('* marks what drifted of what is shown, and then none', () => {
    const all = after(freshView, {type: 'mark-all'});
    assert.deepEqual([...all.marked], ['web', 'redis']);
    assert.deepEqual([...after(all, {type: 'mark-all'}).marked], []);
    const filtered = after({...freshView, filter: 'red'}, {type: 'mark-all'});
    assert.deepEqual([...filtered.marked], ['redis']);
  });

  test('outlive a filter that hides them, and are counted', () => {
    const all = after(freshView, {type: 'mark-all'});
    const filtered = {...all, filter: 'red'};
    assert.deepEqual([...filtered.marked], ['web', 'redis']);
    assert.equal(hiddenMarks(filtered, shown(filtered).keys), 1);
    assert.equal(hiddenMarks(all, shown(all).keys), 0);
  });
});

test('n goes to the next one that drifted, around the end', () => {
  const names = [1, 2, 3].map(count => {
    const actions = Array.from({length: count}, () => ({type: 'next-drift', by: 1}) as const);
    return after(down(freshView, 0), ...actions).list.key;
  });
  assert.deepEqual(names, ['redis', 'base', 'web']);
  assert.equal(after(down(freshView, 0), {type: 'next-drift', by: -1}).list.key, 'base');
});
