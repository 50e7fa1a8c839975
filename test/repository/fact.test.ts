import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {chmod, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {type TestContext, test} from 'node:test';
import {Git} from '../../source/repository/git.ts';
import {gitIn, newRepository, temporaryFolder} from './git-folder.ts';

/** git in a repository, and how often it was started: PATH begins with a program that counts and passes on. */
async function counted(t: TestContext) {
  const folder = temporaryFolder(t);
  const repository = await newRepository(path.join(folder, 'infra'));
  const sha = await repository.commit('One', {'a.yaml': 'a: 1\n'});
  const program = execFileSync('sh', ['-c', 'command -v git'], {encoding: 'utf8'}).trim();
  const log = path.join(folder, 'log');
  await writeFile(path.join(folder, 'git'), `#!/bin/sh\necho x >> "${log}"\nexec "${program}" "$@"\n`);
  await chmod(path.join(folder, 'git'), 0o755);
  const before = process.env['PATH'];
  process.env['PATH'] = `${folder}${path.delimiter}${before}`;
  t.after(() => {
    process.env['PATH'] = before;
  });
  const starts = async () => (await readFile(log, 'utf8').catch(() => '')).split('\n').length - 1;
  return {git: new Git(repository.root), root: repository.root, sha, starts};
}

const question = ['rev-parse', 'HEAD'];

test('who asks the same in one turn shares an answer; who asks later gets a new one', async t => {
  const {git, root, sha, starts} = await counted(t);
  const answers = await Promise.all([1, 2, 3].map(() => git.fact(question)));
  assert.deepEqual(
    answers.map(({stdout}) => stdout.trim()),
    [sha, sha, sha],
  );
  assert.equal(await starts(), 1);
  const next = await gitIn(root).commit('Two', {'a.yaml': 'a: 2\n'});
  assert.equal((await git.fact(question)).stdout.trim(), next);
});

test('a cancelled question is answered for the others', async t => {
  const {git, sha} = await counted(t);
  const controller = new AbortController();
  const mine = git.fact(question, {signal: controller.signal});
  const other = git.fact(question);
  controller.abort();
  await assert.rejects(mine, {name: 'RepositoryError', reason: 'aborted'});
  assert.equal((await other).stdout.trim(), sha);
  await assert.rejects(git.fact(question, {signal: controller.signal}), {reason: 'aborted'});
});
