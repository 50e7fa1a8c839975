// Which colours reach a real terminal.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {openTerminal, type TestTerminal} from './terminal.ts';

// The tone of what recedes, on either background, within whatever sequence sets it: one of the 256 may be said so.
const darkDim = /38;(?:2;148;148;148|5;246)(?=[;m])/;
const lightDim = /38;(?:2;108;108;108|5;242)(?=[;m])/;

function open(env: Readonly<Record<string, string | undefined>> = {}): TestTerminal {
  return openTerminal({
    command: process.execPath,
    args: ['--import', 'tsx', 'test/app/fixture-session.tsx'],
    env: {
      NO_COLOR: undefined,
      FORCE_COLOR: undefined,
      COLORFGBG: undefined,
      TMUX: undefined,
      STY: undefined,
      ...env,
    },
  });
}

async function written(
  {output}: {readonly output: string},
  text: RegExp,
  terminal: TestTerminal,
): Promise<void> {
  for (const limit = Date.now() + 120_000; !text.test(terminal.output.slice(output.length)); ) {
    assert.ok(Date.now() < limit, `no ${text}; the screen:\n${terminal.screen()}`);
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}

const start = {output: ''};

test('the colours follow the background that the terminal tells', async () => {
  await using terminal = open();
  await written(start, /\u001B\]11;\?/, terminal);
  await written(start, darkDim, terminal);
  const before = {output: terminal.output};
  terminal.send('\u001B]11;rgb:fdfd/f6f6/e3e3\u001B\\');
  await written(before, lightDim, terminal);
});

test('another theme is drawn at once', async () => {
  await using terminal = open();
  await terminal.waitFor('staging');
  await written(start, darkDim, terminal);
  const before = {output: terminal.output};
  await terminal.press(':', ...'theme light', 'enter');
  await written(before, lightDim, terminal);
});

test('COLORFGBG tells the background where the terminal does not', async () => {
  await using terminal = open({COLORFGBG: '0;15'});
  await terminal.waitFor('staging');
  await written(start, lightDim, terminal);
  assert.ok(!darkDim.test(terminal.output));
});

test('NO_COLOR leaves weight, and no colour at all', async () => {
  await using terminal = open({NO_COLOR: '1'});
  await terminal.waitFor('staging');
  await terminal.press('2');
  await terminal.waitFor('checkout-api');
  await terminal.press('j', 'j', 'd');
  await terminal.waitFor('-git +live');
  await terminal.calm();
  // Underlined: what changed within the line.
  assert.match(terminal.output, /\u001B\[(?:\d+;)*4m/);
  assert.doesNotMatch(terminal.output, /\u001B\[(?:[\d;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[\d;]*)?m/);
});
