import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import fc from 'fast-check';
import {rowOf} from '../../../source/terminal/output/cells.ts';
import {clear, paint} from '../../../source/terminal/output/paint.ts';
import {findShift, shift} from '../../../source/terminal/output/scroll.ts';
import {afterSgr, ordinary} from '../../../source/terminal/output/style.ts';
import {Emulator} from './emulator.ts';

const columns = 12;
const rowsOf = (lines: readonly string[]) => lines.map(line => rowOf(line, columns));

describe('finding a shift', () => {
  const numbers = ['1', '2', '3', '4', '5', '6'];

  test('rows that moved up, between rows that stay', () => {
    const same = new Map(numbers.map(line => [line, rowOf(line, columns)]));
    const rows = (lines: string) => [...lines].map(line => same.get(line) ?? rowOf(line, columns));
    assert.deepEqual(findShift(rows('123456'), rows('134576')), {top: 1, bottom: 3, by: 1});
    assert.deepEqual(findShift(rows('123456'), rows('1x2346')), {top: 2, bottom: 4, by: -1});
    assert.equal(findShift(rows('123456'), rows('123456')), undefined);
    assert.equal(findShift(rows('123456'), rows('abcdef')), undefined);
  });
});

describe('shifting', () => {
  test('moves the rows and none of the others, whatever was written with before', async () => {
    const cases = fc
      .integer({min: 2, max: 9})
      .chain(rows => fc.record({rows: fc.constant(rows), from: fc.nat(rows - 1), to: fc.nat(rows - 1)}))
      .filter(({from, to}) => from !== to)
      .chain(one =>
        fc.record({one: fc.constant(one), by: fc.integer({min: 1, max: Math.abs(one.from - one.to)})}),
      );
    await fc.assert(
      fc.asyncProperty(cases, fc.boolean(), async ({one: {rows, from, to}, by}, isColored) => {
        const [first, last] = [Math.min(from, to), Math.max(from, to)];
        const lines = Array.from({length: rows}, (_, row) => `row ${row}`);
        const emulator = new Emulator(columns, rows);
        const {out, shown} = clear(columns, rows);
        await emulator.write(`\u001B[?7l${out}${paint(shown, rowsOf(lines), Number.POSITIVE_INFINITY)}`);
        if (isColored) {
          await emulator.write('\u001B[41;4m');
          shown.pen.style = afterSgr(ordinary, '41;4');
        }
        // Up where `from` is above, else down.
        const region =
          from < to ? {top: first, bottom: last - by, by} : {top: first + by, bottom: last, by: -by};
        await emulator.write(shift(shown.rows, region, shown.pen));
        const moved = lines.slice(first, last + 1);
        const empty = Array.from({length: by}, () => '');
        const wanted = lines.toSpliced(
          first,
          moved.length,
          ...(from < to ? [...moved.slice(by), ...empty] : [...empty, ...moved.slice(0, -by)]),
        );
        assert.deepEqual(emulator.text(), wanted);
        assert.deepEqual(shown.rows, rowsOf(wanted));
        for (let row = 0; row < rows; row++) {
          assert.equal(emulator.look(row, columns - 1).background, undefined);
          assert.equal(emulator.look(row, columns - 1).underline, false);
        }
      }),
      {numRuns: 200},
    );
  });
});
