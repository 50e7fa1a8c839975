import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {mkdtemp, readdir, rm, utimes, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {type TestContext, test} from 'node:test';
import {withLock} from './lock.ts';

async function lockFile(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gitops-tui-lock-'));
  t.after(() => rm(folder, {recursive: true, force: true}));
  return join(folder, 'lock');
}

test('one at a time, and nothing is left behind', async t => {
  const file = await lockFile(t);
  let inside = 0;
  let most = 0;
  const waited: number[] = [];
  const work = async () => {
    most = Math.max(most, ++inside);
    await new Promise(resolve => setImmediate(resolve));
    inside -= 1;
  };
  const locks = Array.from({length: 4}, () => withLock(file, work, {onWait: pid => waited.push(pid)}));
  await Promise.all(locks);
  assert.equal(most, 1);
  assert.ok(waited.includes(process.pid));
  assert.deepEqual(await readdir(join(file, '..')), []);
});

test('the lock is free again after work that failed', async t => {
  const file = await lockFile(t);
  await assert.rejects(
    withLock(file, () => Promise.reject(new Error('broken'))),
    /broken/,
  );
  assert.equal(await withLock(file, async () => 'done'), 'done');
});

test('the lock of a dead process is taken over', async t => {
  const file = await lockFile(t);
  const {pid} = spawnSync(process.execPath, ['--version'], {timeout: 30_000});
  await writeFile(file, `${pid} gone`);
  assert.equal(await withLock(file, async () => 'mine'), 'mine');
});

test('the lock of a process that lives and went silent is taken over', async t => {
  const file = await lockFile(t);
  await writeFile(file, `${process.pid} forgotten`);
  const before = new Date(Date.now() - 120_000);
  await utimes(file, before, before);
  assert.equal(await withLock(file, async () => 'mine'), 'mine');
});

test('waiting ends with the signal', async t => {
  const file = await lockFile(t);
  await withLock(file, async () => {
    await assert.rejects(withLock(file, async () => 'never', {signal: AbortSignal.timeout(20)}));
  });
});
