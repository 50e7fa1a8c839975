import assert from 'node:assert/strict';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {test} from 'node:test';
import {ProcessError, run, runDetached, runInteractive, runStreaming} from '../../source/process/run.ts';

test('an interactive program gives its exit code; one that is not there, or is killed, an error', async () => {
  assert.equal(await runInteractive('sh', ['-c', 'exit 0']), 0);
  assert.equal(await runInteractive('sh', ['-c', 'exit 3']), 3);
  await assert.rejects(
    runInteractive('gitops-tui-no-such-program', []),
    (error: unknown) => error instanceof ProcessError && error.reason === 'not-found',
  );
  await assert.rejects(
    runInteractive('sh', ['-c', 'kill -TERM $$']),
    (error: unknown) => error instanceof ProcessError && error.reason === 'killed',
  );
});

test('a program that lives on counts as started, and lives on', async t => {
  const folder = await mkdtemp(path.join(tmpdir(), 'gitops-tui-test-'));
  t.after(() => rm(folder, {recursive: true, force: true}));
  const file = path.join(folder, 'later');
  assert.equal(await runDetached('sh', ['-c', 'sleep 0.5; echo done > "$0"', file], 50), true);
  await assert.rejects(readFile(file), /ENOENT/);
  for (let tries = 0; tries < 400; tries += 1) {
    if ((await readFile(file, 'utf8').catch(() => '')) !== '') break;
    await new Promise(resolve => setTimeout(resolve, 10));
  }
  assert.equal(await readFile(file, 'utf8'), 'done\n');
});

test('a program that fails at once, or is not there, did not start', async () => {
  assert.equal(await runDetached('sh', ['-c', 'exit 0'], 5000), true);
  assert.equal(await runDetached('sh', ['-c', 'exit 4'], 5000), false);
  assert.equal(await runDetached('gitops-tui-no-such-program', [], 5000), false);
});

test('a program is read from as far as its reader wants it', async () => {
  const {chunks, ended, stop} = runStreaming('sh', ['-c', 'while :; do echo line; done']);
  const {value, done} = await chunks.next();
  assert.equal(done, false);
  assert.match(new TextDecoder().decode(value), /^line\n/);
  // It would go on for ever.
  stop();
  await assert.rejects(
    ended,
    (error: unknown) => error instanceof ProcessError && error.reason === 'aborted',
  );
});

test('how a program that was read to its end has ended', async () => {
  const {chunks, ended} = runStreaming('sh', ['-c', 'printf out; echo why >&2; exit 3']);
  let text = '';
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next())
    text += new TextDecoder().decode(next.value);
  assert.equal(text, 'out');
  assert.deepEqual(await ended, {exitCode: 3, stderr: 'why\n'});
  const missing = runStreaming('gitops-tui-no-such-program', []);
  await assert.rejects(
    missing.ended,
    (error: unknown) => error instanceof ProcessError && error.reason === 'not-found',
  );
});

test('a folder that is gone is not told as a program that is missing', async () => {
  const cwd = '/nonexistent-folder-of-this-test';
  await assert.rejects(
    run(process.execPath, ['--version'], {cwd}),
    (error: unknown) =>
      error instanceof ProcessError &&
      error.reason === 'failed' &&
      error.message.includes(`${cwd} is not there`),
  );
});
