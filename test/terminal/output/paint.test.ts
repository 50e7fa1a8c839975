import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import fc from 'fast-check';
import {rowOf} from '../../../source/terminal/output/cells.ts';
import {clear, paint} from '../../../source/terminal/output/paint.ts';
import {Emulator} from './emulator.ts';
import {frameSequence, type TestFrame} from './frames.ts';

const size = {columns: 24, rows: 8};
const noWrap = '\u001B[?7l';

function rowsOf(frame: string, columns = size.columns) {
  return frame.split('\n').map(line => rowOf(line, columns));
}

async function assertShows(emulator: Emulator, frame: TestFrame) {
  for (const [y, looks] of frame.looks.entries()) {
    for (const [x, look] of looks.entries()) {
      if (look !== undefined) assert.deepEqual(emulator.look(y, x), look, `row ${y}, column ${x}`);
    }
  }
}

describe('painting', () => {
  test('a terminal shows each frame of a sequence, whatever changes between them', async () => {
    await fc.assert(
      fc.asyncProperty(frameSequence(size.columns, size.rows), async frames => {
        const emulator = new Emulator(size.columns, size.rows);
        const {out, shown} = clear(size.columns, size.rows);
        await emulator.write(noWrap + out);
        for (const frame of frames) {
          await emulator.write(paint(shown, rowsOf(frame.text), Number.POSITIVE_INFINITY));
          await assertShows(emulator, frame);
        }
      }),
      {numRuns: 300},
    );
  });

  test('in pieces, with newer frames in between, the newest one is shown in the end', async () => {
    await fc.assert(
      fc.asyncProperty(
        frameSequence(size.columns, size.rows),
        fc.integer({min: 1, max: 60}),
        async (frames, limit) => {
          const emulator = new Emulator(size.columns, size.rows);
          const {out, shown} = clear(size.columns, size.rows);
          await emulator.write(noWrap + out);
          for (const frame of frames) await emulator.write(paint(shown, rowsOf(frame.text), limit));
          const last = frames.at(-1);
          assert.ok(last !== undefined);
          for (let piece = ' '; piece !== ''; ) {
            piece = paint(shown, rowsOf(last.text), limit);
            await emulator.write(piece);
          }
          await assertShows(emulator, last);
        },
      ),
      {numRuns: 200},
    );
  });

  /** What is written to turn one line into another; and a terminal that it was written to. */
  async function change(from: string, to: string) {
    const {out, shown} = clear(20, 1);
    const emulator = new Emulator(20, 1);
    await emulator.write(noWrap + out + paint(shown, rowsOf(from, 20), Number.POSITIVE_INFINITY));
    const written = paint(shown, rowsOf(to, 20), Number.POSITIVE_INFINITY);
    await emulator.write(written);
    return {written, text: emulator.text()[0]};
  }

  test('writes only what changed', async () => {
    assert.deepEqual(await change('> one', '  one'), {written: '\r ', text: '  one'});
    assert.equal((await change('one two three', 'one 2wo three')).written, '\u001B[5G2');
    assert.equal((await change('same', 'same')).written, '');
  });

  test('writes what lies between again where that is shorter than a move', async () => {
    assert.equal((await change('1/3/5', '2/3/6')).written, '\r2/3/6');
  });

  test('erases the rest of a row where that is shorter than spaces', async () => {
    assert.equal((await change('one two three', 'one')).written, '\u001B[5G\u001B[K');
    assert.equal((await change('one two', 'one tw')).written, '\b ');
  });

  test('switches no colour for spaces, and only what differs', async () => {
    const red = (text: string) => `\u001B[31m${text}\u001B[39m`;
    assert.equal((await change('', `${red('a')}  ${red('b')}`)).written, '\u001B[31ma  b');
    const bold = '\u001B[31m\u001B[1mc\u001B[22m\u001B[39m';
    assert.equal(
      (await change('', `${red('a')}${bold}${red('a')}`)).written,
      '\u001B[31ma\u001B[1mc\u001B[22ma',
    );
  });

  test('what is beside a character of unsure width is at its place and written again', async () => {
    // This emulator shows emoji in one column; others show this very one in two.
    const {written, text} = await change('abcd', '😀cd');
    assert.equal(text, '😀 cd');
    assert.match(written, /😀\u001B\[3Gc/);
    assert.match((await change('😀cd', 'abcd')).written, /^\rabc/);
  });

  test('a link is closed with each frame', async () => {
    const {written} = await change('', '\u001B]8;;https://example.org\u0007here\u001B]8;;\u0007');
    assert.equal(written, '\u001B]8;;https://example.org\u001B\\here\u001B]8;;\u001B\\');
  });
});
