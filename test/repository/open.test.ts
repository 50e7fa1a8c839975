import assert from 'node:assert/strict';
import {chmodSync, mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, type TestContext, test} from 'node:test';
import {gitFailure, RepositoryError} from '../../source/repository/error.ts';
import {gitEnvironment} from '../../source/repository/git.ts';
import {openRepository} from '../../source/repository/open.ts';
import {newRepository, temporaryFolder} from './git-folder.ts';

async function failure(promise: Promise<unknown>): Promise<RepositoryError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof RepositoryError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

/** Puts a git of our making (none for null) alone on PATH until the test ends; gives what makes another. */
function pathWith(context: TestContext, base: string, script: string | null): (script: string) => void {
  const bin = path.join(base, 'bin');
  mkdirSync(bin);
  const before = process.env['PATH'];
  context.after(() => {
    process.env['PATH'] = before;
  });
  process.env['PATH'] = bin;
  const set = (body: string) => {
    writeFileSync(path.join(bin, 'git'), `#!/bin/sh\n${body}\n`);
    chmodSync(path.join(bin, 'git'), 0o755);
  };
  if (script !== null) set(script);
  return set;
}

describe('openRepository', () => {
  test('finds the root from any folder, and from a file', async context => {
    const folder = await newRepository(path.join(temporaryFolder(context), 'a "b"\nc'));
    const sha = await folder.commit('One', {'deep/er/file.yaml': 'a: 1\n'});
    for (const start of ['.', 'deep/er', 'deep/er/file.yaml']) {
      const repository = await openRepository(path.join(folder.root, start));
      assert.equal(repository.root, folder.root, start);
      assert.equal(repository.bare, false);
      assert.deepEqual(await repository.head(), {sha, branch: 'main'});
    }
  });

  test('opens a bare repository and a linked worktree, detached', async context => {
    const base = temporaryFolder(context);
    const folder = await newRepository(path.join(base, 'checkout'));
    const sha = await folder.commit('One', {'file.yaml': 'a: 1\n'});
    await folder.git('clone', '--quiet', '--bare', '.', path.join(base, 'bare.git'));
    await folder.git('worktree', 'add', '--quiet', '--detach', path.join(base, 'linked'));

    const bare = await openRepository(path.join(base, 'bare.git'));
    assert.equal(bare.bare, true);
    assert.equal(bare.root, path.join(base, 'bare.git'));
    assert.deepEqual(
      (await bare.tree(sha).list('')).map(entry => entry.path),
      ['file.yaml'],
    );
    assert.throws(() => bare.worktreeTree(), /bare repository/);

    const linked = await openRepository(path.join(base, 'linked'));
    assert.equal(linked.root, path.join(base, 'linked'));
    assert.deepEqual(await linked.head(), {sha, branch: null});
  });

  test('opens a repository without commits, and one of SHA-256', async context => {
    const base = temporaryFolder(context);
    const empty = await newRepository(path.join(base, 'empty'));
    const opened = await openRepository(empty.root);
    assert.deepEqual(await opened.head(), {sha: null, branch: 'main'});
    assert.equal(await opened.remote(), null);

    const long = await newRepository(path.join(base, 'long'), '--object-format=sha256');
    const sha = await long.commit('One', {'file.yaml': 'a: 1\n'});
    assert.equal(sha.length, 64);
    const repository = await openRepository(long.root);
    assert.deepEqual(await repository.changedFiles(sha, ''), [
      {path: 'file.yaml', added: 1, removed: 0, binary: false},
    ]);
    const tree = repository.tree(sha);
    assert.equal((await tree.read(await tree.list(''))).get('file.yaml')?.toString(), 'a: 1\n');
    assert.equal((await repository.blame(sha, 'file.yaml', [1])).get(1)?.sha, sha);
  });

  test('says what is wrong and what to do', async context => {
    const base = temporaryFolder(context);
    const none = await failure(openRepository(path.relative(process.cwd(), base)));
    assert.equal(none.reason, 'not-a-repository');
    assert.equal(none.message, `${base} is not inside a git repository`, 'the whole path, not a dot');
    assert.match(none.fix ?? '', /gitops-tui PATH/);
    assert.match((await failure(openRepository(path.join(base, 'gone')))).message, /there is no folder/);
  });

  test('refuses an old git and a missing one', async context => {
    const base = temporaryFolder(context);
    const setGit = pathWith(context, base, null);
    assert.equal((await failure(openRepository(base))).reason, 'no-git');
    setGit('echo "git version 2.37.4"');
    const old = await failure(openRepository(base));
    assert.equal(old.reason, 'old-git');
    assert.equal(old.message, 'git 2.37 is too old');
    assert.equal(old.fix, 'install git 2.38 or newer');
  });

  test('a repository of somebody else is named with the command that trusts it', async context => {
    const base = temporaryFolder(context);
    const folder = await newRepository(path.join(base, 'theirs'));
    // What git's own tests use to play another owner.
    pathWith(context, base, `PATH='${process.env['PATH']}' GIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec git "$@"`);
    const error = await failure(openRepository(folder.root));
    assert.equal(error.reason, 'dubious-ownership');
    assert.equal(error.fix, `if you trust it: git config --global --add safe.directory '${folder.root}'`);
  });
});

test('an environment of a hook that we were started from leads nowhere else', () => {
  const environment = gitEnvironment({
    GIT_DIR: '/elsewhere/.git',
    GIT_INDEX_FILE: '/elsewhere/index',
    GIT_WORK_TREE: '/elsewhere',
    GIT_SSH_COMMAND: 'ssh -i key',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'safe.directory',
    GIT_CONFIG_VALUE_0: '*',
  });
  assert.equal('GIT_DIR' in environment && environment['GIT_DIR'], undefined);
  assert.equal('GIT_INDEX_FILE' in environment && environment['GIT_INDEX_FILE'], undefined);
  assert.equal('GIT_WORK_TREE' in environment && environment['GIT_WORK_TREE'], undefined);
  assert.equal('GIT_SSH_COMMAND' in environment, false, 'the inherited one stays');
  assert.equal('GIT_CONFIG_KEY_0' in environment, false, "the user's settings come first");
  const count = Number(environment['GIT_CONFIG_COUNT']);
  const keys = Array.from({length: count - 1}, (_, index) => environment[`GIT_CONFIG_KEY_${index + 1}`]);
  assert.ok(keys.includes('core.hooksPath') && keys.includes('core.fsmonitor') && !keys.includes(undefined));
  assert.equal(gitEnvironment({}, 'user')[`GIT_CONFIG_KEY_${count - 2}`], undefined, 'one setting fewer');
});

test("git's words show neither passwords nor escapes", () => {
  const error = gitFailure(
    'git fetch',
    "fatal: unable to access 'https://me:s3cret@git.example/x.git/': \u001b[31mCould not resolve host: git.example",
  );
  assert.equal(error.reason, 'unreachable');
  assert.doesNotMatch(error.message, /s3cret|\u001b/);
  assert.match(error.message, /https:\/\/git\.example\/x\.git/);
});
