import assert from 'node:assert/strict';
import {chmod, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {describe, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {openTerminal} from './terminal.ts';

const fixture = fileURLToPath(new URL('fixture-session.tsx', import.meta.url));

function openApp(
  options: {fixture?: string; columns?: number; rows?: number; env?: Readonly<Record<string, string>>} = {},
) {
  const {fixture: name = '', env, ...size} = options;
  return openTerminal({
    command: process.execPath,
    args: ['--import', 'tsx', fixture],
    env: {FIXTURE: name, CI: 'true', TZ: 'UTC', ...env},
    ...size,
  });
}

describe('the app in a real terminal', () => {
  test('opens before there is a session and fills in as answers come', async () => {
    await using app = openApp({fixture: 'late'});
    await app.waitFor('reading the repository');
    assert.ok(app.isAlternate);
    await app.waitFor('~ drift');
    await app.waitFor('✓ in sync');
  });

  test('leaves the terminal as it was when the user quits', async () => {
    await using app = openApp();
    await app.waitFor('✓ in sync');
    await app.press('q');
    assert.deepEqual(await app.ended(), {exitCode: 0, signal: 0});
    assertRestored(app);
    assert.equal(app.screen(), 'ended with 0');
  });

  test('the keyboard is as it was, too', async () => {
    await using app = openTerminal({
      command: 'sh',
      args: ['-c', '"$0" --import tsx "$1"; stty -a', process.execPath, fixture],
      env: {CI: 'true'},
    });
    await app.waitFor('✓ in sync');
    await app.press('q');
    await app.ended();
    assert.match(app.screen(), / icanon/);
    assert.match(app.screen(), / echo /);
  });

  for (const [signal, code] of [
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    test(`leaves the terminal as it was on ${signal}`, async () => {
      await using app = openApp();
      await app.waitFor('✓ in sync');
      app.kill(signal);
      assert.equal((await app.ended()).exitCode, code);
      assertRestored(app);
    });
  }

  test('a crash leaves the terminal as it was and says what happened', async () => {
    await using app = openApp({fixture: 'crash'});
    await app.waitFor('✓ in sync');
    await app.press('ctrl-r');
    assert.equal((await app.ended()).exitCode, 2);
    assertRestored(app);
    assert.equal(app.screen(), 'failed: the fixture crashed');
  });

  test('without a session it ends with the reason, on the terminal as it was', async () => {
    await using app = openApp({fixture: 'no-session'});
    await app.waitFor('reading the repository');
    assert.equal((await app.ended()).exitCode, 2);
    assertRestored(app);
    assert.equal(app.screen(), 'failed: there is no repository here');
  });

  test('writes nothing while nothing happens', async () => {
    await using app = openApp();
    await app.waitFor('✓ in sync');
    await app.calm(500);
    const before = app.bytes;
    await new Promise(resolve => setTimeout(resolve, 1500));
    assert.equal(app.bytes, before);
  });

  test('a held key in one chunk is as many keys', async () => {
    await using app = openApp();
    await app.waitFor('✓ in sync');
    app.send('jj');
    await app.waitFor('> production');
  });

  test('pasted text runs no keys', async () => {
    await using app = openApp();
    await app.waitFor('✓ in sync');
    app.paste('jjsq');
    await app.waitFor('pasted text is not read as keys');
    assert.match(app.screen(), /> development/);
    assert.ok(app.isAlternate);
  });

  test('an arrow key broken by a slow link changes nothing', async () => {
    await using app = openApp();
    await app.waitFor('✓ in sync');
    await app.press('2');
    await app.waitFor('staging  kind-staging');
    for (const part of ['\u001B', '[', 'B']) {
      app.send(part);
      await app.calm(100);
    }
    assert.doesNotMatch(app.screen(), /Sync staging|Revert/);
  });

  test('growing and shrinking keeps the frame whole, also under a dialog', async () => {
    await using app = openApp();
    await app.waitFor('✓ in sync');
    await app.press('3');
    await app.waitFor('Drift 3 of 5');
    await app.press('s');
    await app.waitFor('Dry run ok');
    for (const [columns, rows] of [
      [120, 40],
      [70, 18],
      [100, 30],
    ] as const) {
      app.resize(columns, rows);
      // As many lines as the terminal has, the header first and the keys last: on a busy machine that takes its time.
      const whole = new RegExp(
        `^(?=(?:.*\\n){${rows - 1}}.*$).*production PROTECTED[^]*╭ Sync production ─.*PROTECTED[^]*` +
          '\\[ Cancel ] {5}Apply[^]*\\n.*enter press.*$',
      );
      await app.waitFor(whole);
    }
    app.resize(50, 12);
    await app.waitFor('terminal too small: 50x12, needs 60x15');
    app.resize(80, 24);
    await app.waitFor('Dry run ok');
  });

  test('a stray write is gone after ctrl-l', async () => {
    await using app = openApp();
    await app.waitFor('✓ in sync');
    await app.calm();
    const before = app.screen();
    await new Promise<void>(resolve => app.emulator.write('\u001B[5;5Hstray', resolve));
    await new Promise<void>(resolve => app.emulator.write('\u001B[24;80H', resolve));
    assert.match(app.screen(), /stray/);
    await app.press('ctrl-l');
    await app.calm();
    assert.equal(app.screen(), before);
  });

  test('keys in one chunk with the one that opens a dialog are no answer to it', async () => {
    await using app = openApp();
    await app.waitFor('✓ in sync');
    app.send('jjs\t\r\r');
    await app.waitFor('Dry run ok');
    assert.match(app.screen(), /\[ Cancel ] {5}Apply/);
  });

  test("c writes the terminal's clipboard", async () => {
    await using app = openApp();
    await app.waitFor('✓ in sync');
    await app.press('c');
    await app.waitFor('copied: development');
    assert.ok(app.output.includes(`\u001B]52;c;${Buffer.from('development').toString('base64')}\u0007`));
  });

  test('stopping a sync tells how far it came', async () => {
    await using app = openApp({fixture: 'slow-sync'});
    await app.waitFor('✓ in sync');
    await app.press('2');
    await app.waitFor('Drift 3 of 5');
    await app.press('s');
    await app.waitFor('Dry run ok');
    await new Promise(resolve => setTimeout(resolve, 350));
    await app.press('tab', 'enter');
    await app.waitFor('Syncing staging');
    await app.press('ctrl-c');
    await app.waitFor('stopped after 1 of 3 steps');
    assert.ok(app.isAlternate);
  });

  test('keys that were typed before a dialog appeared are no answer to it', async () => {
    await using app = openApp();
    await app.waitFor('✓ in sync');
    await app.press('2');
    await app.waitFor('Drift 3 of 5');
    await app.press('s', 'tab', 'enter');
    await app.waitFor('[ Cancel ]     Apply');
  });
});

describe('a program that the terminal is lent to', () => {
  /** An editor that reads a line, in whose place vim is started; and a file for it. */
  async function openWithEditor(t: {after(end: () => Promise<void>): void}, fixture = '') {
    const folder = await mkdtemp(path.join(tmpdir(), 'gitops-tui-test-'));
    t.after(() => rm(folder, {recursive: true, force: true}));
    const editor = path.join(folder, 'vim');
    const file = path.join(folder, 'web.yaml');
    await writeFile(file, 'kind: Deployment\n');
    await writeFile(editor, '#!/bin/sh\necho "editing $1"\nread line\necho "$line" >> "$2"\n');
    await chmod(editor, 0o755);
    const app = openApp({fixture, env: {VISUAL: editor, FIXTURE_FILE: file}});
    await app.waitFor('✓ in sync');
    return {app, file};
  }

  test('has all the keys until it ends, then the app has them again', async t => {
    const {app, file} = await openWithEditor(t);
    await using _ = app;
    await app.press('2');
    await app.waitFor('Drift 3 of 5');
    await app.press('n', 'e');
    await app.waitFor('editing +2');
    assert.equal(app.isAlternate, false);
    assert.equal(app.isCursorHidden, false);
    await app.press(...'sync jjj q', 'enter');
    await app.waitFor('n next drift');
    assert.ok(app.isAlternate);
    assert.equal(await readFile(file, 'utf8'), 'kind: Deployment\nsync jjj q\n');
    await app.press('esc');
    await app.waitFor('Environments 3');
    await app.press('q');
    assert.equal((await app.ended()).exitCode, 0);
  });

  test('resolves the conflicts of a revert; the plan is made again with what was written', async t => {
    const {app, file} = await openWithEditor(t, 'conflict');
    await using _ = app;
    await app.press('2');
    await app.waitFor('Drift 3 of 5');
    await app.press('U');
    await app.waitFor('conflict in base/deploy.yaml');
    // A dialog takes no keys at first.
    await app.calm(400);
    await app.press('e');
    await app.waitFor('editing +2');
    await app.press(...'mine', 'enter');
    await app.waitFor('Effect  1 changed');
    assert.doesNotMatch(app.screen(), /conflict in/);
    assert.equal(await readFile(file, 'utf8'), 'kind: Deployment\nmine\n');
    await app.press('esc');
  });

  test('has ctrl-c, too', async t => {
    const {app} = await openWithEditor(t);
    await using _ = app;
    await app.press('2');
    await app.waitFor('Drift 3 of 5');
    await app.press('n', 'e');
    await app.waitFor('editing +2');
    await app.press('ctrl-c');
    await app.waitFor(/vim was ended by SIGINT/);
    assert.ok(app.isAlternate);
  });

  test("edits a pull request's body", async t => {
    const {app} = await openWithEditor(t);
    await using _ = app;
    await app.press('2');
    await app.waitFor('Drift 3 of 5');
    await app.press('P');
    await app.waitFor('Body    2 lines');
    await new Promise(resolve => setTimeout(resolve, 350));
    await app.press('e');
    await app.waitFor('editing +1');
    await app.press(...'And one more.', 'enter');
    await app.waitFor('Body    3 lines');
  });
});

function assertRestored(app: {isAlternate: boolean; isCursorHidden: boolean; output: string}) {
  assert.equal(app.isAlternate, false);
  assert.equal(app.isCursorHidden, false);
  assert.ok(
    app.output.lastIndexOf('\u001B[?2004l') > app.output.lastIndexOf('\u001B[?2004h'),
    'paste mode is off',
  );
}
