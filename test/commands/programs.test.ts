import assert from 'node:assert/strict';
import {chmod, mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {describe, test} from 'node:test';
import {browserCall, editorCall, editText, openEditor} from '../../source/commands/programs.ts';

describe('the editor', () => {
  for (const [env, expected] of [
    [{}, ['vi', '+7', '/r/a b.yaml']],
    [{EDITOR: 'nano'}, ['nano', '+7', '/r/a b.yaml']],
    [{EDITOR: 'nano', VISUAL: 'nvim -f'}, ['nvim', '-f', '+7', '/r/a b.yaml']],
    [{EDITOR: ' ', VISUAL: ''}, ['vi', '+7', '/r/a b.yaml']],
    [{EDITOR: '/usr/bin/emacs  -nw'}, ['/usr/bin/emacs', '-nw', '+7', '/r/a b.yaml']],
    [{EDITOR: 'code'}, ['code', '--goto', '/r/a b.yaml:7']],
    [{EDITOR: 'code --wait'}, ['code', '--wait', '--goto', '/r/a b.yaml:7']],
    [{EDITOR: 'subl'}, ['subl', '/r/a b.yaml:7']],
    [{VISUAL: '"/opt/Sublime Text/subl" -n'}, ['/opt/Sublime Text/subl', '-n', '/r/a b.yaml:7']],
    [{EDITOR: "emacsclient -a '' -nw"}, ['emacsclient', '-a', '', '-nw', '+7', '/r/a b.yaml']],
    [{EDITOR: 'helix'}, ['helix', '/r/a b.yaml:7']],
    [{EDITOR: 'hx'}, ['hx', '/r/a b.yaml:7']],
    [{EDITOR: 'ed -s'}, ['ed', '-s', '/r/a b.yaml']],
    // No shell reads it: this is a program of a strange name, and nothing else runs.
    [{EDITOR: 'vi;rm'}, ['vi;rm', '/r/a b.yaml']],
  ] as const) {
    test(`${JSON.stringify(env)} is ${expected.join(' ')}`, () => {
      const {file, args} = editorCall(env, '/r/a b.yaml', 7);
      assert.deepEqual([file, ...args], expected);
    });
  }

  test('one with windows of its own waits where its file is read afterwards', () => {
    assert.deepEqual(editorCall({EDITOR: 'code'}, '/t/x', 1, true).args, ['--wait', '--goto', '/t/x:1']);
    assert.deepEqual(editorCall({EDITOR: 'code -w'}, '/t/x', 1, true).args, ['-w', '--goto', '/t/x:1']);
    assert.deepEqual(editorCall({EDITOR: 'vim'}, '/t/x', 1, true).args, ['+1', '/t/x']);
  });

  test('a text is edited in a file of the user alone, which is gone afterwards', async t => {
    const folder = await scripts(t);
    const seen = path.join(folder, 'seen');
    const script = `stat -c %a "$1" > ${seen}; echo "$1" >> ${seen}; cat "$1" >> ${seen}; echo " two lines " >> "$1"`;
    await withEditor(await editorOf(folder, script), async () => {
      assert.equal(await editText('one line'), 'one line\n two lines');
    });
    const [mode, file = '', text] = (await readFile(seen, 'utf8')).split('\n');
    assert.equal(mode, '600');
    assert.equal(text, 'one line');
    await assert.rejects(readFile(file), /ENOENT/);
    await assert.rejects(readdir(path.dirname(file)), /ENOENT/);
  });

  test('one that fails, or is not there, says so and how to name another', async t => {
    const folder = await scripts(t);
    await withEditor(await editorOf(folder, 'exit 3'), async () => {
      await assert.rejects(editText('x'), /ended with 3; \$VISUAL or \$EDITOR names the editor/);
    });
    await withEditor(path.join(folder, 'none'), async () => {
      await assert.rejects(editText('x'), /was not found on PATH; \$VISUAL or \$EDITOR names the editor/);
    });
  });

  test('a file that is only in git is not opened', async () => {
    await assert.rejects(openEditor('/nowhere/web.yaml', 1), /not in the working tree/);
  });
});

describe('the browser', () => {
  const url = 'https://git.example/acme/infra-live/pull/413';
  for (const [words, env, platform, asked, expected] of [
    ['a display', {DISPLAY: ':0'}, 'linux', url, ['xdg-open', url]],
    ['Wayland', {WAYLAND_DISPLAY: 'wayland-0'}, 'linux', url, ['xdg-open', url]],
    ['no display', {}, 'linux', url, null],
    ['SSH with a forwarded display', {DISPLAY: ':10', SSH_CONNECTION: '1 2 3 4'}, 'linux', url, null],
    ['SSH to a Mac', {SSH_TTY: '/dev/ttys0'}, 'darwin', url, null],
    ['a Mac', {}, 'darwin', url, ['open', url]],
    ['Windows', {}, 'win32', url, ['rundll32', 'url.dll,FileProtocolHandler', url]],
    ['a file', {DISPLAY: ':0'}, 'linux', 'file:///etc/passwd', null],
    ['an option', {DISPLAY: ':0'}, 'linux', '--help', null],
  ] as const) {
    test(words, () => {
      const call = browserCall(env, platform, asked);
      assert.deepEqual(call === null ? null : [call.file, ...call.args], expected);
    });
  }
});

async function scripts(t: {after(end: () => Promise<void>): void}): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'gitops-tui-test-'));
  t.after(() => rm(folder, {recursive: true, force: true}));
  return folder;
}

async function editorOf(folder: string, script: string): Promise<string> {
  const file = path.join(folder, 'editor');
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

async function withEditor(editor: string, use: () => Promise<void>): Promise<void> {
  const {VISUAL, EDITOR} = process.env;
  process.env['VISUAL'] = editor;
  delete process.env['EDITOR'];
  try {
    await use();
  } finally {
    delete process.env['VISUAL'];
    if (VISUAL !== undefined) process.env['VISUAL'] = VISUAL;
    if (EDITOR !== undefined) process.env['EDITOR'] = EDITOR;
  }
}
