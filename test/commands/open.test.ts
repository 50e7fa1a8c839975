// The command as it is run, in a real terminal, on the demo's repository and clusters.
import assert from 'node:assert/strict';
import {mkdtemp, readdir, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {describe, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {openTerminal, type TestTerminal} from '../app/terminal.ts';

const program = fileURLToPath(new URL('../../bin/gitops-tui', import.meta.url));

async function openDemo(t: {after(end: () => Promise<void>): void}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'gitops-tui-test-'));
  t.after(() => rm(folder, {recursive: true, force: true}));
  const app = openTerminal({
    command: process.execPath,
    args: [program, 'demo'],
    env: {TMPDIR: folder},
    columns: 100,
    rows: 30,
  });
  /** The demo's folders that are left. */
  const left = async () => (await readdir(folder)).filter(name => name.startsWith('gitops-tui-'));
  return {app, left};
}

describe('however the demo ends, it ends soon and leaves nothing behind', () => {
  for (const [words, end, code] of [
    ['q', app => app.press('q'), 0],
    ['ctrl-c', app => app.press('ctrl-c'), 0],
    ['SIGTERM', app => app.kill('SIGTERM'), 143],
    ['SIGHUP', app => app.kill('SIGHUP'), 129],
    ['the terminal being closed', app => app.hangUp(), 129],
    ['SIGTERM and an impatient second one', app => [app.kill('SIGTERM'), app.kill('SIGTERM')], 143],
  ] satisfies [string, (app: TestTerminal) => unknown, number][]) {
    test(words, async t => {
      const {app, left} = await openDemo(t);
      await using _ = app;
      await app.waitFor('~ drift');
      assert.equal((await left()).length, 1);
      await end(app);
      assert.equal((await app.ended()).exitCode, code);
      assert.deepEqual(await left(), []);
      if (words !== 'the terminal being closed') assert.equal(app.isAlternate, false);
    });
  }

  test('before it is ready', async t => {
    const {app, left} = await openDemo(t);
    await using _ = app;
    await app.waitFor('reading the repository');
    for (let tries = 0; (await left()).length === 0 && tries < 10_000; tries += 1)
      await new Promise(resolve => setTimeout(resolve, 5));
    await app.press('q');
    assert.equal((await app.ended()).exitCode, 0);
    assert.deepEqual(await left(), []);
  });
});
