import assert from 'node:assert/strict';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {openTerminal} from './terminal.ts';

const fixture = fileURLToPath(new URL('fixture-session.tsx', import.meta.url));

test('over 2 kB/s and 300 ms each way a held key is followed by the newest state, not by every one on the way to it', async t => {
  await using app = openTerminal({
    command: process.execPath,
    args: ['--import', 'tsx', fixture],
    env: {FIXTURE: 'many', FIXTURE_ROWS: '150', TZ: 'UTC'},
    link: {bytesPerSecond: 2000, delayMs: 300},
  });
  await app.waitFor('~ drift');
  await app.press('2');
  await app.waitFor('Drift 150 of 150');
  const position = () => Number(/ (\d+)\/\d+$/.exec(app.screen())?.[1]);

  for (const {key, chunk, mostBytes} of [
    {key: 'j', chunk: 'j', mostBytes: 10_000},
    // All forty states would be more than 40 kB: twenty seconds of older frames after the key was let go.
    {key: 'ctrl-d', chunk: '\u0004', mostBytes: 16_000},
  ]) {
    await t.test(key, async () => {
      await app.calm(1500);
      const first = position();
      await app.press(key);
      await app.waitFor(new RegExp(` (?!${first}/)\\d+/\\d+$`));
      await app.calm(1500);
      const start = position();
      const last = start + 40 * (start - first);
      const before = app.bytes;
      app.onTheirWay.forget();
      // As fast as a keyboard repeats.
      for (let count = 0; count < 40; count++) {
        app.send(chunk);
        await new Promise(resolve => setTimeout(resolve, 33));
      }
      await app.waitFor(new RegExp(` ${last}/\\d+$`));
      await app.calm(1500);
      assert.equal(position(), last);
      const bytes = app.bytes - before;
      assert.ok(bytes < mostBytes, `${bytes} bytes`);
      const {most} = app.onTheirWay;
      assert.ok(most < 5000, `${most} bytes were on their way at once`);
    });
  }
});
