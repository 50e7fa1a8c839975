import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {chmod, mkdtemp, readdir, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {describe, type TestContext, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {openTerminal, type TestTerminal} from '../app/terminal.ts';

const fixture = fileURLToPath(new URL('../app/fixture-session.tsx', import.meta.url));
const env = {CI: 'true', TZ: 'UTC'};
const esc = '\u001B';

function openApp(name = '', more: Readonly<Record<string, string>> = {}): TestTerminal {
  return openTerminal({
    command: process.execPath,
    args: ['--import', 'tsx', fixture],
    env: {...env, FIXTURE: name, ...more},
  });
}

/** The app on a terminal that speaks the kitty keyboard protocol: it answers as one does. */
async function openKitty(name = ''): Promise<TestTerminal> {
  const app = openApp(name);
  await app.waitFor('✓ in sync');
  app.send(`${esc}[?0u`);
  await until(() => app.output.includes(`${esc}[>5u`), 'it did not take the protocol');
  app.send(`${esc}[?5u`);
  return app;
}

async function until(isThere: () => boolean, what: string): Promise<void> {
  for (let tries = 0; !isThere(); tries += 1) {
    assert.ok(tries < 6000, what);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

/** That a terminal is as it was before: what was set is undone. */
function assertRestored(app: TestTerminal): void {
  assert.equal(app.isAlternate, false);
  assert.equal(app.isCursorHidden, false);
  assertUndone(app.output);
}

function assertUndone(output: string): void {
  for (const [on, off] of [
    ['[?1049h', '[?1049l'],
    ['[?7l', '[?7h'],
    ['[?2004h', '[?2004l'],
    ['[>5u', '[<u'],
    ['[?1000h', '[?1000l'],
    ['[?1006h', '[?1006l'],
  ] as const) {
    const last = output.lastIndexOf(esc + on);
    if (last >= 0) assert.ok(output.lastIndexOf(esc + off) > last, `${on} is not undone`);
  }
  // The stack of the keyboard's modes is the alternate screen's own: it must be left before the screen is.
  const popped = output.lastIndexOf(`${esc}[<u`);
  if (popped >= 0) assert.ok(popped < output.lastIndexOf(`${esc}[?1049l`));
}

describe('the terminal is as it was before', () => {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGQUIT', 131],
    ['SIGUSR2', 140],
  ] as const)
    test(`after ${signal}`, async () => {
      await using app = await openKitty('mouse');
      app.kill(signal);
      assert.equal((await app.ended()).exitCode, code);
      assertRestored(app);
    });

  for (const [words, name, code, said] of [
    ['an error that nobody caught', 'crash', 2, 'failed: the fixture crashed'],
    ['a rejection that nobody caught', 'rejection', 2, 'failed: the fixture crashed'],
    ['process.exit anywhere', 'exit', 7, ''],
  ] as const)
    test(`after ${words}`, async () => {
      await using app = await openKitty(name);
      await app.press('ctrl-r');
      assert.equal((await app.ended()).exitCode, code);
      assertRestored(app);
      assert.equal(app.screen(), said);
    });

  test('after it was quit', async () => {
    await using app = await openKitty('mouse');
    await app.press('q');
    assert.equal((await app.ended()).exitCode, 0);
    assertRestored(app);
    assert.equal(app.screen(), 'ended with 0');
  });

  test('SIGPIPE ends nothing: nobody reads through a pipe here', async () => {
    await using app = await openKitty();
    app.kill('SIGPIPE');
    await app.press('j');
    await app.waitFor('> staging');
    await app.press('q');
    assert.equal((await app.ended()).exitCode, 0);
    assertRestored(app);
  });

  test('the app ends where its terminal is gone', async () => {
    await using app = openApp();
    await app.waitFor('✓ in sync');
    app.hangUp();
    await until(() => !isAlive(app.pid), 'it lives on without a terminal');
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('the keyboard', () => {
  test('is asked once, and no answer is waited for', async () => {
    await using app = openApp();
    await app.waitFor('✓ in sync');
    await app.calm();
    assert.equal(app.output.split(`${esc}]11;?`).length, 2);
    assert.ok(!app.output.includes(`${esc}[>5u`));
    await app.press('j');
    await app.waitFor('> staging');
  });

  test('a late answer is no key', async () => {
    await using app = openApp();
    await app.waitFor('✓ in sync');
    for (const part of [esc, ']11;rgb:ff', 'ff/ffff/ffff', esc, '\\']) {
      app.send(part);
      await app.calm(200);
    }
    await app.press('j');
    await app.waitFor('> staging');
    assert.ok(app.isAlternate);
  });

  test('an arrow key that a slow link has split is no key of its own', async () => {
    await using app = openApp();
    await app.waitFor('✓ in sync');
    await app.press('j', '2');
    await app.waitFor('Drift 3 of 5');
    app.send(esc);
    // The esc is heard when its time is up: it goes back.
    await app.waitFor('Environments 3');
    const before = app.screen();
    app.send('[');
    app.send('B');
    await app.calm();
    assert.equal(app.screen(), before);
    await app.press('j');
    await app.waitFor('> production');
  });

  test('with the kitty protocol it is the arrow that it is, however late', async () => {
    await using app = await openKitty();
    app.send(esc);
    await app.calm(700);
    app.send('[B');
    await app.waitFor('> staging');
    app.send(`${esc}[99;5u`);
    assert.equal((await app.ended()).exitCode, 0);
  });
});

describe('a terminal that knows the kitty protocol, but does not turn it on', () => {
  test('has its esc by time', async () => {
    await using app = openApp();
    await app.waitFor('✓ in sync');
    app.send(`${esc}[?0u`);
    await until(() => app.output.includes(`${esc}[>5u`), 'it did not try');
    app.send(`${esc}[?0u`);
    await app.press('2');
    await app.waitFor('Drift 3 of 5');
    app.send(esc);
    await app.waitFor('Environments 3');
  });
});

describe('suspended and continued', () => {
  /** A shell with the app as its job. */
  async function openShell(more: Readonly<Record<string, string>> = {}): Promise<TestTerminal> {
    const shell = openTerminal({
      command: 'bash',
      args: ['--norc', '--noprofile', '-i'],
      env: {...env, FIXTURE: '', PS1: 'shell> ', NODE: process.execPath, APP: fixture, ...more},
    });
    await shell.waitFor('shell>');
    shell.send('"$NODE" --import tsx "$APP"\r');
    await shell.waitFor('✓ in sync');
    return shell;
  }

  test('by ctrl-z: the shell has its terminal, fg gives it back whole', async () => {
    await using shell = await openShell();
    await shell.press('ctrl-z');
    await shell.waitFor(/Stopped.*shell>/s);
    // The shell's own line editor takes pastes between marks, too.
    assertUndone(shell.output.slice(0, shell.output.lastIndexOf('Stopped')));
    assert.equal(shell.isAlternate, false);
    shell.send('stty -a; echo "$((40 + 2))"\r');
    await shell.waitFor(/ icanon.*42/s);
    shell.send('fg\r');
    await shell.waitFor(/^ infra-live.*✓ in sync.*1\/3/s);
    assert.ok(shell.isAlternate);
    await shell.press('j');
    await shell.waitFor('> staging');
    shell.paste('q');
    await shell.waitFor('pasted text is not read as keys');
    await shell.press('q');
    await shell.waitFor('ended with 0');
    assertUndone(shell.output.slice(0, shell.output.lastIndexOf('ended with 0')));
  });

  for (const [words, signal] of [
    ['that it can not hear of', 'STOP'],
    ['that it can', 'TSTP'],
  ] as const)
    test(`by a signal ${words}: repainted in the size that the terminal has then`, async () => {
      await using shell = await openShell();
      process.kill(jobOf(shell), `SIG${signal}`);
      await shell.waitFor('Stopped');
      shell.resize(100, 30);
      shell.send('clear; echo "$((40 + 2))"\r');
      await shell.waitFor(/^42/m);
      shell.send('fg\r');
      await shell.waitFor(/^ infra-live(?:.*\n){29}.*1\/3/);
      assert.ok(shell.isAlternate);
      assert.ok(shell.screen().split('\n')[1]?.length === 100, shell.screen());
      await shell.press('j');
      await shell.waitFor('> staging');
      await shell.press('q');
      await shell.waitFor('ended with 0');
      assertUndone(shell.output.slice(0, shell.output.lastIndexOf('ended with 0')));
    });

  test('by the editor that has the terminal: both stop, and both go on', async t => {
    const folder = await mkdtemp(path.join(tmpdir(), 'gitops-tui-test-'));
    t.after(() => rm(folder, {recursive: true, force: true}));
    const editor = path.join(folder, 'editor');
    await writeFile(editor, '#!/bin/sh\necho editing\nkill -TSTP 0\necho back again\nread line\n');
    await chmod(editor, 0o755);
    await using shell = await openShell({VISUAL: editor, FIXTURE_FILE: editor});
    await shell.press('2');
    await shell.waitFor('Drift 3 of 5');
    await shell.press('n', 'e');
    await shell.waitFor(/editing.*Stopped.*shell>/s);
    shell.send('fg\r');
    await shell.waitFor('back again');
    await shell.press('enter');
    await shell.waitFor('Drift 3 of 5');
    await shell.press('ctrl-c');
    await shell.waitFor('ended with 0');
  });

  test('into the background: it stops there until it is called', async () => {
    await using shell = await openShell();
    await shell.press('ctrl-z');
    await shell.waitFor(/Stopped.*shell>/s);
    shell.send('bg\r');
    await shell.waitFor(/bg.*shell>/s);
    // Its first try to take the terminal stops it.
    await until(() => stateOf(jobOf(shell)) === 'T', 'it runs on in the background');
    shell.send('clear; fg\r');
    await shell.waitFor(/^ infra-live.*✓ in sync.*1\/3/s);
    await shell.press('j');
    await shell.waitFor('> staging');
    await shell.press('q');
    await shell.waitFor('ended with 0');
  });

  test('where no shell takes the terminal back, it says so', async () => {
    await using app = openApp();
    await app.waitFor('✓ in sync');
    await app.press('ctrl-z');
    await app.waitFor('nothing to suspend to');
    assert.ok(app.isAlternate);
    await app.press('j');
    await app.waitFor('> staging');
  });
});

/** The process of a shell's job. */
function jobOf(shell: TestTerminal): number {
  const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(shell.pid)], {encoding: 'utf8'});
  return Number(children.trim().split(/\s+/)[0]);
}

/** What a process does, as ps has it: T for one that is stopped. */
function stateOf(pid: number): string {
  return execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], {encoding: 'utf8'}).trim()[0] ?? '';
}

describe('K', () => {
  test('gives the terminal to k9s, on the context and at what is chosen', async t => {
    const folder = await mkdtemp(path.join(tmpdir(), 'gitops-tui-test-'));
    t.after(() => rm(folder, {recursive: true, force: true}));
    const k9s = path.join(folder, 'k9s');
    await writeFile(k9s, '#!/bin/sh\necho "k9s $*"\nread line\n');
    await chmod(k9s, 0o755);
    await using app = openApp('mouse', {PATH: `${folder}:${process.env['PATH']}`});
    await app.waitFor('✓ in sync');
    await app.press('2');
    await app.waitFor('Drift 3 of 5');
    await app.press('K');
    await app.waitFor(/k9s --context kind-staging --namespace payments --command configmap/);
    // Nothing of ours is on while it runs: no alternate screen, no mouse, no paste marks.
    assertRestored(app);
    await app.press('s', 'enter');
    await app.waitFor('Drift 3 of 5');
    assert.ok(app.isAlternate);
    assert.doesNotMatch(app.screen(), /Sync staging/);
    // And all of it is on again.
    const taken = app.output.slice(app.output.lastIndexOf(`${esc}[?1049h`));
    for (const mode of ['[?2004h', '[?1000h', '[?1006h']) assert.ok(taken.includes(esc + mode), mode);
  });

  test('says what to do where there is none', async () => {
    await using app = openApp('', {PATH: '/nowhere'});
    await app.waitFor('✓ in sync');
    await app.press('K');
    await app.waitFor('k9s is not on PATH: get it from k9scli.io');
  });
});

describe("a command of the user's own", () => {
  /** The app with a program of these preferences, which tells its arguments and waits for enter. */
  async function openWith(
    t: TestContext,
    more: readonly string[],
    fixtureName: string,
  ): Promise<{app: TestTerminal; folder: string}> {
    const folder = await mkdtemp(path.join(tmpdir(), 'gitops-tui-test-'));
    t.after(() => rm(folder, {recursive: true, force: true}));
    const program = path.join(folder, 'tell args');
    await writeFile(program, '#!/bin/sh\nfor arg; do echo "<$arg>"; done\nread line\nexit 3\n');
    await chmod(program, 0o755);
    const run = [program, '$(touch evil); `id`', 'a b', '-x', "it's", 'one\ntwo', '{environment}'];
    const command = {name: 'Tell', key: 'ctrl-g', run, in: 'terminal'};
    const preferences = `commands:\n  - ${JSON.stringify(command).slice(0, -1)}, ${more.join(', ')}}\n`;
    const app = openApp(fixtureName, {FIXTURE_PREFERENCES: preferences});
    return {app, folder};
  }

  test('has the terminal as it was before, and each argument as it is written; then the app has it again', async t => {
    const {app, folder} = await openWith(t, ['"changes": false'], 'mouse');
    await using _ = app;
    await app.waitFor('✓ in sync');
    await app.press('ctrl-g');
    await app.waitFor(/<\$\(touch evil\); `id`>\n<a b>\n<-x>\n<it's>\n<one\ntwo>\n<development>/);
    assertRestored(app);
    await app.press('s', 'enter');
    await app.waitFor('ended with 3');
    assert.ok(app.isAlternate);
    assert.doesNotMatch(app.screen(), /Sync development/);
    assert.deepEqual(await readdir(folder), ['tell args']);
  });

  test('that may change something is refused in a read-only session', async t => {
    const {app} = await openWith(t, ['"changes": true'], 'read-only');
    await using _ = app;
    await app.waitFor('✓ in sync');
    await app.press('ctrl-g');
    await app.waitFor('read-only');
    await app.press('j');
    await app.waitFor('> staging');
    assert.doesNotMatch(app.output, /<a b>|\[ Cancel \]/);
  });
});

describe('c', () => {
  test('shows the text where the terminal has no clipboard', async () => {
    await using app = openTerminal({
      command: 'env',
      args: ['TERM=linux', process.execPath, '--import', 'tsx', fixture],
      env,
    });
    await app.waitFor('✓ in sync');
    await app.press('c');
    await app.waitFor(/To copy by hand.*TERM=linux has no clipboard.*development/s);
    assert.ok(!app.output.includes(`${esc}]52`));
    assert.ok(!app.output.includes(`${esc}]11`));
    await app.press('q');
    await app.waitFor('Environments 3');
  });
});
