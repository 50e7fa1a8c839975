import assert from 'node:assert/strict';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {test} from 'node:test';
import {ProcessError, runDetached, runInteractive} from '../../source/process/run.ts';

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
