import assert from 'node:assert/strict';
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {test} from 'node:test';
import {run} from '../../source/process/run.ts';
import {openRepository} from '../../source/repository/open.ts';
import {loadSource} from '../../source/sources/load.ts';

test('a submodule in the folder is a problem: what it holds is not compared', async t => {
  const folder = await mkdtemp(path.join(tmpdir(), 'gitops-tui-submodule-'));
  t.after(() => rm(folder, {recursive: true, force: true}));
  const git = async (...args: string[]) => {
    const result = await run('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {cwd: folder});
    assert.equal(result.exitCode, 0, result.stderr);
    return result.stdout.trim();
  };
  await git('init', '-q', '-b', 'main');
  await mkdir(path.join(folder, 'env'));
  await writeFile(path.join(folder, 'env/a.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n');
  await git('add', '-A');
  await git('commit', '-q', '-m', 'one');
  const commit = await git('rev-parse', 'HEAD');
  await git('update-index', '--add', '--cacheinfo', `160000,${commit},env/vendored`);
  await git('commit', '-q', '-m', 'a submodule');
  const repository = await openRepository(folder);
  for (const tree of [repository.tree(await git('rev-parse', 'HEAD')), repository.worktreeTree()]) {
    const {resources, problems} = await loadSource({path: 'env', source: 'auto'}, tree);
    assert.equal(resources.length, 1);
    assert.deepEqual(
      problems.map(({severity, message}) => [severity, message]),
      [['error', 'env/vendored is a git submodule: what it holds is not compared']],
    );
  }
});
