import assert from 'node:assert/strict';
import {chmodSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {editTree, planEdits} from '../../source/repository/change/edit.ts';
import {openRepository} from '../../source/repository/open.ts';
import {fingerprint} from './fingerprint.ts';
import {identify, temporaryFolder, untidy, withRemote} from './git-folder.ts';

async function start(context: TestContext) {
  const {checkout, remote} = await withRemote(temporaryFolder(context), {
    'envs/prod/web.yaml': 'replicas: 1\n',
    'envs/prod/run.sh': 'true\n',
    'envs/dev/web.yaml': 'replicas: 1\n',
    'alone/file': 'a\n',
  });
  writeFileSync(path.join(checkout.root, 'top'), 'top\n');
  chmodSync(path.join(checkout.root, 'envs/prod/run.sh'), 0o755);
  symlinkSync('prod', path.join(checkout.root, 'envs/link'));
  await checkout.git('add', '--all');
  await checkout.commit('More', {});
  await checkout.git('push', '--quiet');
  await identify(checkout);
  return {checkout, remote, repository: await openRepository(checkout.root)};
}

test('files get other contents: modes stay, folders come and go, nothing else moves', async context => {
  const {checkout, repository} = await start(context);
  await untidy(checkout, 'envs/prod/web.yaml');
  const before = fingerprint(checkout.root);
  const plan = await planEdits(
    repository,
    {path: 'envs/prod', branch: 'main', words: 'Set three\n\nBecause.', trailers: ['Environment: prod']},
    async base => {
      const [web] = (await repository.tree(base).list('envs/prod')).filter(({path: file}) =>
        file.endsWith('web.yaml'),
      );
      assert.ok(web);
      const text = (await repository.tree(base).read([web])).get(web.path)?.toString();
      assert.equal(text, 'replicas: 1\n', 'the branch’s tip, not the working tree');
      return new Map<string, string | Uint8Array | null>([
        [web.path, 'replicas: 3\n'],
        ['envs/prod/run.sh', Buffer.from('\u0000false\n')],
        ['envs/prod/new/deep.yaml', 'a: 1\r\n'],
        ['alone/file', null],
        ['not/there', null],
      ]);
    },
  );
  assert.deepEqual(fingerprint(checkout.root), before);
  assert.deepEqual(plan.files.map(file => file.path).sort(), [
    'alone/file',
    'envs/prod/new/deep.yaml',
    'envs/prod/run.sh',
    'envs/prod/web.yaml',
  ]);
  assert.equal(plan.message, 'Set three\n\nBecause.\n\nEnvironment: prod\n');
  const tree = await checkout.git('ls-tree', '-r', plan.resultTree);
  assert.match(tree, /^100755 blob \w+\tenvs\/prod\/run\.sh$/m);
  assert.match(tree, /^120000 blob \w+\tenvs\/link$/m);
  assert.match(tree, /^100644 blob \w+\tenvs\/dev\/web\.yaml$/m);
  assert.doesNotMatch(tree, /alone|not/);
  assert.equal(await checkout.git('cat-file', '-s', `${plan.resultTree}:envs/prod/new/deep.yaml`), '6');
  await checkout.git('fsck', '--strict');
});

test('what is no file can’t be written as one', async context => {
  const {checkout, repository} = await start(context);
  const tip = await checkout.git('rev-parse', 'HEAD^{tree}');
  for (const [file, words] of [
    ['envs/link', /is a symbolic link/],
    ['envs/prod', /is a folder/],
    ['top/below', /top is no folder/],
    ['envs/link/web.yaml', /is no folder/],
    ['../out', /not a path inside/],
    ['envs/.git/config', /no path for a file/],
    ['', /no path for a file/],
  ] as const)
    await assert.rejects(editTree(repository.git, tip, new Map([[file, 'x']])), words, file);
  const all = new Map((await checkout.git('ls-files')).split('\n').map(file => [file, null]));
  all.delete('envs/link');
  const left = await editTree(repository.git, tip, all);
  assert.equal(await checkout.git('ls-tree', '-r', '--name-only', left), 'envs/link');
});
