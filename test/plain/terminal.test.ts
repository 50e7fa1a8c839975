import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {describe, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {openTerminal, type TestTerminal} from '../app/terminal.ts';

const fixture = fileURLToPath(new URL('fixture.ts', import.meta.url));

function openDumb(name = '', env: Readonly<Record<string, string | undefined>> = {}): TestTerminal {
  return openTerminal({
    command: process.execPath,
    args: ['--import', 'tsx', fixture],
    rows: 60,
    env: {TERM: 'dumb', FIXTURE: name, CI: 'true', TZ: 'UTC', ...env},
  });
}

/** Nothing that moves a cursor or paints: text and line ends alone, whatever was typed. */
function assertPlain({output}: TestTerminal): void {
  assert.ok(!output.includes('\u001B'), `an escape in ${JSON.stringify(output)}`);
  assert.doesNotMatch(output, /\r(?!\n)/, 'a line is never written over');
  assert.doesNotMatch(output, /[─│╭╮╰╯⠋⠙⠹✓●]/u, 'no glyphs, no boxes');
}

/** A person reads before answering: what comes within 0.3 s of a question is no answer to it. */
const read = () => new Promise(resolve => setTimeout(resolve, 600));

describe('the line mode in a terminal that can not place a cursor', () => {
  test('look, plan, confirm, quit: nothing but text and line ends is written', async () => {
    await using terminal = openDumb();
    await terminal.waitFor('gitops-tui: overview>');
    terminal.send('2\r');
    await terminal.waitFor('gitops-tui: staging>');
    assert.match(terminal.screen(), /^4\. {5}spec\.replicas: git 3, live 5, by kubectl-scale/m);
    terminal.send('sync\r');
    await terminal.waitFor('type apply in full');
    await read();
    terminal.send('apply\r');
    await terminal.waitFor('2 objects applied, all healthy');
    terminal.send('quit\r');
    assert.deepEqual(await terminal.ended(), {exitCode: 0, signal: 0});
    assertPlain(terminal);
  });

  test('what was run is told', async () => {
    await using terminal = openDumb();
    await terminal.waitFor('gitops-tui: overview>');
    terminal.send('command-log\r');
    await terminal.waitFor('gitops-tui: command-log');
    assert.match(terminal.screen(), /What was run [1-9]/);
  });

  test('a pasted block of lines confirms nothing', async () => {
    await using terminal = openDumb();
    await terminal.waitFor('gitops-tui: overview>');
    terminal.send('2\rsync\rapply\rapply\r');
    await terminal.waitFor('Dropped: "apply"');
    await terminal.waitFor('type apply in full');
    terminal.send('\r');
    await terminal.waitFor(/Cancelled: nothing was changed|Dropped/);
    assert.doesNotMatch(terminal.output, /Syncing/);
    assertPlain(terminal);
  });

  test('ctrl-d quits', async () => {
    await using terminal = openDumb();
    await terminal.waitFor('gitops-tui: overview>');
    await terminal.press('ctrl-d');
    assert.deepEqual(await terminal.ended(), {exitCode: 0, signal: 0});
    assertPlain(terminal);
  });

  test('ctrl-c twice quits', async () => {
    await using terminal = openDumb();
    await terminal.waitFor('gitops-tui: overview>');
    await terminal.press('ctrl-c');
    await terminal.waitFor('ctrl-c again quits.');
    await terminal.press('ctrl-c');
    assert.equal((await terminal.ended()).exitCode, 130);
  });

  test('ctrl-c at a question cancels it', async () => {
    await using terminal = openDumb();
    await terminal.waitFor('gitops-tui: overview>');
    terminal.send('sync 2\r');
    await terminal.waitFor('type apply in full');
    await terminal.press('ctrl-c');
    await terminal.waitFor('Cancelled: nothing was changed.');
    terminal.send('quit\r');
    assert.equal((await terminal.ended()).exitCode, 0);
  });

  test('stop ends a sync after what is under way', async () => {
    await using terminal = openDumb('slow-sync');
    await terminal.waitFor('gitops-tui: overview>');
    terminal.send('sync 2\r');
    await terminal.waitFor('type apply in full');
    await read();
    terminal.send('apply\r');
    await terminal.waitFor('Syncing staging; stop ends it');
    terminal.send('stop\r');
    await terminal.waitFor('stopped after 1 of 3 steps');
    assertPlain(terminal);
  });

  for (const [signal, code] of [
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    test(`${signal} ends it with the shell's code`, async () => {
      await using terminal = openDumb('hanging');
      await terminal.waitFor('connecting');
      terminal.kill(signal);
      assert.equal((await terminal.ended()).exitCode, code);
      assertPlain(terminal);
    });
  }

  test('without a session it ends with the reason', async () => {
    await using terminal = openDumb('no-session');
    assert.equal((await terminal.ended()).exitCode, 2);
    assert.match(terminal.screen(), /failed: there is no repository here/);
  });
});

test('where a cursor can be placed a line is edited, completed and repeated; the keyboard is as it was afterwards', async () => {
  await using terminal = openTerminal({
    command: 'sh',
    args: ['-c', '"$0" --import tsx "$1"; stty -a', process.execPath, fixture],
    rows: 60,
    env: {TERM: 'xterm', CI: 'true'},
  });
  await terminal.waitFor('gitops-tui: overview>');
  await terminal.press('g', 'o', 't', 'tab', ' ', 's', 't', 'tab', 'enter');
  await terminal.waitFor('gitops-tui: staging>');
  assert.match(terminal.screen(), /gitops-tui: overview> goto staging\n/);
  await terminal.press('ctrl-d');
  await terminal.ended();
  assert.match(terminal.screen(), / icanon/);
  assert.match(terminal.screen(), / echo /);
});

describe('the line mode on a pipe', () => {
  /** Feeds lines to it, each a while after a text is there that it waits for. */
  async function piped(lines: readonly (readonly [after: string, line: string])[]) {
    const child = spawn(process.execPath, ['--import', 'tsx', fixture], {
      env: {...process.env, TERM: 'dumb', TZ: 'UTC'},
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', text => {
      output += text;
    });
    const ended = new Promise(resolve => child.on('close', resolve));
    for (const [after, line] of lines) {
      for (let tries = 0; !output.includes(after); tries += 1) {
        assert.ok(tries < 6000, `no "${after}" in ${output}`);
        await new Promise(resolve => setTimeout(resolve, 10));
      }
      await read();
      child.stdin.write(`${line}\n`);
    }
    child.stdin.end();
    return {code: await ended, output};
  }

  test('a file of commands is run one after the other, each when the one before it is answered', async () => {
    const {output, code} = await piped([['line mode', '2\nshow 4\nrevisions\nshow 1']]);
    assert.equal(code, 0);
    assert.match(output, /\n8\. {5}data\.password: git \*\*\*/);
    assert.match(output, /Changed by: kubectl-scale/);
    assert.match(output, /\n1\. 3f2a91c, when .*\n/);
    assert.match(output, /signature good/);
    assert.ok(!output.includes('\u001B'));
  });

  test('a file of commands confirms nothing; who answers the question does', async () => {
    const file = await piped([['line mode', 'sync 2\napply\nyes\nlist']]);
    assert.match(file.output, /Dropped: "apply"/);
    assert.match(file.output, /The input ended: nothing was confirmed\./);
    assert.doesNotMatch(file.output, /Syncing/);
    assert.equal(file.code, 0);
    const front = await piped([
      ['line mode', 'sync 2'],
      ['type apply in full', 'apply'],
    ]);
    assert.match(front.output, /2 objects applied, all healthy/);
    assert.equal(front.code, 0);
  });
});
