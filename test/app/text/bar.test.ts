import assert from 'node:assert/strict';
import test from 'node:test';
import {barOf} from '../../../source/app/text/bar.ts';

test('a bar is full only when all is done', () => {
  const table: [number, number, number, string][] = [
    [0, 890, 12, '[..........]'],
    [300, 890, 12, '[===.......]'],
    [889, 890, 12, '[=========.]'],
    [890, 890, 12, '[==========]'],
    [900, 890, 12, '[==========]'],
    [0, 0, 12, ''],
    [1, 2, 2, ''],
  ];
  for (const [done, total, columns, bar] of table) assert.equal(barOf(done, total, columns), bar);
});
