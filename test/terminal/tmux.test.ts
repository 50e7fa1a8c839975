import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import {describe, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {openTerminal, type TestTerminal} from '../app/terminal.ts';

const fixture = fileURLToPath(new URL('../app/fixture-session.tsx', import.meta.url));
const hasTmux = spawnSync('tmux', ['-V']).status === 0;

/** The app in a tmux of its own, with the options that tmux comes with. */
async function openInTmux(
  t: {after(end: () => void): void},
  more: readonly string[] = [],
): Promise<{app: TestTerminal; tmux: (...args: string[]) => string}> {
  const server = ['-L', `gitops-tui-test-${process.pid}-${Math.trunc(performance.now())}`, '-f', '/dev/null'];
  const tmux = (...args: string[]) => execFileSync('tmux', [...server, ...args], {encoding: 'utf8'});
  const app = openTerminal({
    command: 'tmux',
    args: [...server, ...more, 'new-session', `"$NODE" --import tsx "$APP"; exec sh`],
    env: {CI: 'true', TZ: 'UTC', FIXTURE: 'mouse', NODE: process.execPath, APP: fixture},
  });
  t.after(() => {
    tmux('kill-server');
  });
  await app.waitFor('✓ in sync');
  return {app, tmux};
}

async function until(isThere: () => boolean, what: string): Promise<void> {
  for (let tries = 0; !isThere(); tries += 1) {
    assert.ok(tries < 3000, what);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

describe('in tmux', {skip: !hasTmux}, () => {
  const copied = Buffer.from('development').toString('base64');

  test('c reaches the clipboard of the terminal around it, as tmux comes', async t => {
    const {app, tmux} = await openInTmux(t);
    await using _ = app;
    await app.press('c');
    await app.waitFor('copied: development');
    await until(() => app.output.includes(`;${copied}\u0007`), 'the terminal was not told');
    assert.equal(tmux('show-buffer'), 'development');
  });

  test('keys, pastes and the mouse are what they are, and all is undone at the end', async t => {
    const {app, tmux} = await openInTmux(t, ['set-option', '-g', 'mouse', 'on', ';']);
    await using _ = app;
    await app.press('down');
    await app.waitFor('> staging');
    app.paste('q');
    await app.waitFor('pasted text is not read as keys');
    app.send('\u001B[<0;6;6M\u001B[<0;6;6m');
    await app.waitFor('> production');
    await app.press('q');
    await app.waitFor('ended with 0');
    const flags = tmux(
      'display-message',
      '-p',
      '#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{wrap_flag}',
    );
    assert.equal(flags.trim(), '0 1 0 1');
  });
});
