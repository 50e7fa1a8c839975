import assert from 'node:assert/strict';
import {test} from 'node:test';
import {tableSentences} from '../../../source/plain/screens/columns.ts';

test('the cells of a table are told by the names of their columns, wherever the columns stand', () => {
  assert.deepEqual(
    tableSentences('  #  TITLE           AGE', [
      '412  two words here  2h',
      '  9  再起動          3d',
      ' 40                  1m',
    ]),
    ['412, title two words here, age 2h', '9, title 再起動, age 3d', '40, age 1m'],
  );
});

test('a column that has no name belongs to the one before it', () => {
  assert.deepEqual(tableSentences('NAME      STATE', ['a    b    fine', 'c    d    ill']), [
    'a b, state fine',
    'c d, state ill',
  ]);
});
