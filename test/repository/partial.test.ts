import assert from 'node:assert/strict';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, type TestContext, test} from 'node:test';
import {pathToFileURL} from 'node:url';
import {openRepository} from '../../source/repository/open.ts';
import {fetchMissing, promisorOf} from '../../source/repository/partial.ts';
import {gitIn, newRepository, temporaryFolder} from './git-folder.ts';

/** A clone of 12 files in two folders that has none of them, and how often it went to its remote. */
async function partialClone(context: TestContext, format = 'sha1') {
  const base = temporaryFolder(context);
  const origin = await newRepository(path.join(base, 'a "b": c'), `--object-format=${format}`);
  const files = Object.fromEntries(
    Array.from({length: 12}, (_, index) => [
      `${index < 6 ? 'one' : 'two'}/f${index}.yaml`,
      `value: ${index}\n`,
    ]),
  );
  const sha = await origin.commit('files', files);
  await origin.git('config', 'uploadpack.allowFilter', 'true');
  await origin.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  const root = path.join(base, 'cl:one');
  const url = pathToFileURL(origin.root).href;
  await origin.git('clone', '--quiet', '--no-checkout', '--filter=blob:none', url, root);
  // Each fetch is one of these.
  const count = path.join(base, 'fetches');
  const script = path.join(base, 'upload-pack');
  writeFileSync(script, `#!/bin/sh\necho x >> '${count}'\nexec git-upload-pack "$@"\n`, {mode: 0o755});
  await gitIn(root).git('config', 'remote.origin.uploadpack', script);
  const fetches = () => (existsSync(count) ? readFileSync(count, 'utf8').trim().split('\n').length : 0);
  return {sha, root, fetches, clone: gitIn(root)};
}

describe('a partial clone', () => {
  for (const format of ['sha1', 'sha256'])
    test(`lists without fetching, and reads what it lacks with one fetch (${format})`, async context => {
      const {sha, root, fetches} = await partialClone(context, format);
      const repository = await openRepository(root);
      assert.equal(await promisorOf(repository.git), 'origin');
      const tree = repository.tree(sha);
      const all = await tree.list('');
      assert.equal(all.length, 12);
      assert.equal(fetches(), 0);
      const one = all.filter(({path: name}) => name.startsWith('one/'));
      const read = await tree.read(one);
      assert.equal(read.get('one/f3.yaml')?.toString(), 'value: 3\n');
      assert.equal(fetches(), 1);
      await tree.read(one);
      assert.equal(fetches(), 1, 'what is here is not fetched again');
      assert.equal((await tree.read(all)).size, 12);
      assert.equal(fetches(), 2);
    });

  test('is fetched from once for the patch of a commit, too', async context => {
    const {sha, root, fetches} = await partialClone(context);
    const repository = await openRepository(root);
    const patch = await repository.patch(sha, '');
    assert.match(patch, /\+value: 11\n/);
    assert.ok(fetches() <= 2, `${fetches()} fetches for 12 files`);
  });

  test('whose remote is gone says so', async context => {
    const {sha, root, clone} = await partialClone(context);
    await clone.git('config', 'remote.origin.url', pathToFileURL(path.join(root, 'nowhere')).href);
    const tree = (await openRepository(root)).tree(sha);
    await assert.rejects(async () => tree.read(await tree.list('')), {
      name: 'RepositoryError',
      reason: 'unreachable',
    });
  });
});

test('a whole clone has no such remote, and nothing is asked of it', async context => {
  const folder = await newRepository(path.join(temporaryFolder(context), 'repo'));
  const sha = await folder.commit('one', {'a.yaml': '1'});
  await folder.git('config', 'remote.origin.url', 'https://nowhere.invalid/x.git');
  await folder.git('config', 'remote.origin.promisor', 'false');
  const {git, tree} = await openRepository(folder.root);
  assert.equal(await promisorOf(git), null);
  await fetchMissing(git, ['f'.repeat(40)], undefined);
  assert.equal((await tree(sha).read(await tree(sha).list(''))).get('a.yaml')?.toString(), '1');
});
