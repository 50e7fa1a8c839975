import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Finder, parseFilter} from '../../../../source/app/state/lists/filter.ts';

interface Item {
  name: string;
  kind: string;
  tags: readonly string[];
}

const finder = new Finder<Item>({
  name: ({name}) => name,
  kind: ({kind}) => kind,
  tag: ({tags}) => tags,
});

const items: readonly Item[] = [
  {name: 'checkout-api', kind: 'Deployment', tags: ['shop', 'eu']},
  {name: 'checkout-web', kind: 'Service', tags: ['shop', 'us']},
  {name: 'redis:7.4', kind: 'StatefulSet', tags: []},
];

const found = (filter: string) => {
  const test = finder.test(filter);
  return items.filter(item => test?.(item) ?? true).map(({name}) => name);
};

test('all words must be there, in any field and any case', () => {
  assert.deepEqual(found('CHECK shop'), ['checkout-api', 'checkout-web']);
  assert.deepEqual(found('check deploy'), ['checkout-api']);
  assert.deepEqual(found('nothing'), []);
  assert.deepEqual(found('  '), ['checkout-api', 'checkout-web', 'redis:7.4']);
});

test('a word with an exclamation mark leaves out what has it', () => {
  assert.deepEqual(found('check !api'), ['checkout-web']);
  assert.deepEqual(found('!kind:service !tag:eu'), ['redis:7.4']);
});

test('a field looks there alone; what is no field of the list is part of the word', () => {
  assert.deepEqual(found('kind:deployment'), ['checkout-api']);
  assert.deepEqual(found('kind:checkout'), []);
  assert.deepEqual(found('redis:7'), ['redis:7.4']);
});

test('a word does not reach from one field into the next', () => {
  assert.deepEqual(found('apideployment'), []);
});

test('what is still being typed hides nothing', () => {
  assert.deepEqual(parseFilter('! kind: !tag:', ['kind', 'tag']), []);
  assert.equal(finder.test('!'), null);
});
