import assert from 'node:assert/strict';
import {test} from 'node:test';
import {dialogWindow} from '../../../source/app/dialogs/window.ts';
import {type Line, line} from '../../../source/app/text/line.ts';

const facts = (length: number): Line[] => Array.from({length}, (_, index) => line(`fact ${index + 1}`));
const decision = [line(), line('push'), line('buttons')];
const texts = (lines: readonly Line[]) => lines.map(spans => spans.map(({text}) => text).join(''));

test('a dialog that fits is shown whole', () => {
  const lines = [...facts(3), ...decision];
  assert.deepEqual(dialogWindow(lines, 6, 9).lines, lines);
});

test('what is decided stays in sight, what it is decided on scrolls to its end and says where it is', () => {
  const lines = [...facts(9), ...decision];
  const first = dialogWindow(lines, 6, 0);
  assert.deepEqual(texts(first.lines), [
    'fact 1',
    'fact 2',
    'fact 3',
    '  1-3 of 9, j k scroll',
    'push',
    'buttons',
  ]);
  assert.deepEqual([first.length, first.height], [9, 3]);
  assert.deepEqual(texts(dialogWindow(lines, 6, 99).lines).slice(0, 4), [
    'fact 7',
    'fact 8',
    'fact 9',
    '  7-9 of 9, j k scroll',
  ]);
});

test('a decision of more lines than the screen scrolls, too: nothing is cut off', () => {
  const lines = [
    ...facts(2),
    line(),
    ...Array.from({length: 8}, (_, index) => line(`way ${index}`)),
    line('buttons'),
  ];
  const {length} = dialogWindow(lines, 7, 0);
  const seen = new Set<string>();
  for (let top = 0; top < length; top++) {
    const shown = texts(dialogWindow(lines, 7, top).lines);
    assert.equal(shown.length, 7);
    assert.equal(shown.at(-1), 'buttons');
    for (const text of shown) seen.add(text);
  }
  assert.deepEqual(
    texts(lines).filter(text => !seen.has(text)),
    [],
  );
});
