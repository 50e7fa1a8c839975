import assert from 'node:assert/strict';
import {describe, type TestContext, test} from 'node:test';
import {formerCommits, formerFiles, formerTree} from '../../source/repository/former-files.ts';
import {openRepository} from '../../source/repository/open.ts';
import {type GitFolder, newRepository, temporaryFolder} from './git-folder.ts';

async function former(folder: GitFolder, path = 'app', limit = 20) {
  const repository = await openRepository(folder.root);
  const from = (await repository.head()).sha ?? '';
  const commits = await formerCommits(repository, {from, paths: [path], limit});
  const files = formerFiles(commits, await repository.tree(from).list(''));
  return {repository, from, files, paths: files.map(file => file.path)};
}

async function started(t: TestContext): Promise<GitFolder> {
  const folder = await newRepository(temporaryFolder(t));
  await folder.commit('Start', {'app/a.yaml': 'a: 1\n', 'app/b.yaml': 'b: 1\n', 'other/c.yaml': 'c: 1\n'});
  return folder;
}

describe('former files', () => {
  test('are what commits deleted or changed below the folder, newest first', async t => {
    const folder = await started(t);
    const changed = await folder.commit('Change', {'app/a.yaml': 'a: 2\n', 'other/c.yaml': 'c: 2\n'});
    const deleted = await folder.commit('Delete', {'app/b.yaml': null});
    const {files, repository, from} = await former(folder);
    assert.deepEqual(
      files.map(({path, until}) => [path, until]),
      [
        ['app/b.yaml', deleted],
        ['app/a.yaml', changed],
      ],
    );
    const tree = formerTree(repository, from, files);
    const entries = await tree.list('');
    const contents = await tree.read(entries);
    assert.deepEqual(
      entries.map(({path}) => [path, contents.get(path)?.toString()]),
      [
        [`${deleted}/app/b.yaml`, 'b: 1\n'],
        [`${changed}/app/a.yaml`, 'a: 1\n'],
      ],
    );
  });

  test('are not those that are still there: moved, or brought back', async t => {
    const folder = await started(t);
    await folder.commit('Move', {'app/b.yaml': null, 'elsewhere/b.yaml': 'b: 1\n'});
    await folder.commit('Change', {'app/a.yaml': 'a: 2\n'});
    await folder.commit('Change back', {'app/a.yaml': 'a: 1\n'});
    // Only the version in between is gone.
    assert.deepEqual((await former(folder)).paths, ['app/a.yaml']);
  });

  test('are not parts of a kustomization, which are no manifests by themselves', async t => {
    const folder = await started(t);
    await folder.commit('Build', {'app/kustomization.yaml': 'resources: [a.yaml]\n'});
    await folder.commit('Delete', {'app/b.yaml': null});
    assert.deepEqual((await former(folder)).paths, []);
    await folder.commit('No longer build', {'app/kustomization.yaml': null, 'app/a.yaml': 'a: 2\n'});
    assert.deepEqual((await former(folder)).paths, [], 'a kustomization read them then');
  });

  test('come from so many commits at most, and not from merged branches one by one', async t => {
    const folder = await started(t);
    await folder.git('switch', '--quiet', '--create', 'side');
    await folder.commit('Delete b', {'app/b.yaml': null});
    await folder.commit('Change a', {'app/a.yaml': 'a: 2\n'});
    await folder.git('switch', '--quiet', 'main');
    await folder.git('merge', '--quiet', '--no-ff', '--no-edit', 'side');
    assert.deepEqual((await former(folder, 'app', 1)).paths.sort(), ['app/a.yaml', 'app/b.yaml']);
  });
});
