import assert from 'node:assert/strict';
import {test} from 'node:test';
import xterm from '@xterm/headless';
import {frameToSvg} from '../../scripts/frame-svg.ts';

test('the picture has the colours, the weight and the places of the cells', async () => {
  const terminal = new xterm.Terminal({cols: 20, rows: 2, allowProposedApi: true});
  const text = 'a\u001B[31m<b>\u001B[0m \u001B[1mc\u001B[0m\r\n再\u001B[41md\u001B[0m\u001B[38;2;1;2;3me';
  await new Promise<void>(resolve => terminal.write(text, resolve));
  const svg = frameToSvg(terminal, {fontSize: 10});
  const texts = [
    ...svg.matchAll(
      /<text x="([^"]*)" y="([^"]*)" textLength="([^"]*)"(?: fill="([^"]*)")?( font-weight="bold")?>([^<]*)</g,
    ),
  ].map(([, x, y, length, fill, bold, word]) => [word, x, y, length, fill, bold !== undefined]);
  assert.deepEqual(texts, [
    ['a', '8', '18', '6', undefined, false],
    ['&lt;b&gt;', '14', '18', '18', '#e06c75', false],
    ['c', '38', '18', '6', undefined, true],
    ['再', '8', '30', '12', undefined, false],
    ['d', '20', '30', '6', undefined, false],
    ['e', '26', '30', '6', '#010203', false],
  ]);
  assert.match(svg, /<rect x="20" y="20" width="6" height="12" fill="#e06c75"\/>/);
});
