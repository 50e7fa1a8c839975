import assert from 'node:assert/strict';
import {once} from 'node:events';
import {chmodSync, existsSync, writeFileSync} from 'node:fs';
import {type AddressInfo, createServer, type Socket} from 'node:net';
import path from 'node:path';
import {describe, test} from 'node:test';
import {openRepository} from '../../source/repository/open.ts';
import {fetchBranch, readPush, withoutUserInfo} from '../../source/repository/remotes.ts';
import {fingerprint} from './fingerprint.ts';
import {gitIn, newRepository, temporaryFolder, withRemote} from './git-folder.ts';

describe('remote', () => {
  test('is the configured one, else origin, else the only one', async context => {
    const folder = await newRepository(path.join(temporaryFolder(context), 'repo'));
    await folder.commit('One');
    const repository = await openRepository(folder.root);
    assert.equal(await repository.remote(), null);
    await folder.git('remote', 'add', 'backup', 'https://me:s3cret@backup.example/x.git');
    assert.deepEqual(await repository.remote(), {name: 'backup', url: 'https://backup.example/x.git'});
    await folder.git('remote', 'add', 'other', 'git@other.example:x.git');
    assert.equal(await repository.remote(), null, 'of two none is meant');
    await folder.git('remote', 'add', 'origin', 'short:x.git');
    await folder.git('config', 'url.ssh://git@git.example/.insteadOf', 'short:');
    assert.deepEqual(await repository.remote(), {name: 'origin', url: 'ssh://git.example/x.git'});
    await folder.git('config', 'branch.main.remote', 'other');
    assert.equal((await repository.remote('main'))?.name, 'other');
    assert.equal((await repository.remote('feature'))?.name, 'origin');
  });

  test('knows where a branch is pulled from, also under another name', async context => {
    const {checkout, first} = await withRemote(temporaryFolder(context), {'a.yaml': '1'});
    const repository = await openRepository(checkout.root);
    assert.deepEqual(await repository.upstreamOf('main'), {remote: 'origin', branch: 'main', sha: first});
    assert.deepEqual(await repository.upstreamOf('new'), {remote: 'origin', branch: 'new', sha: null});
    await checkout.git('branch', 'local', 'main');
    await checkout.git('push', '--quiet', 'origin', 'local:there');
    await checkout.git('branch', '--set-upstream-to=origin/there', 'local');
    assert.deepEqual(await repository.upstreamOf('local'), {remote: 'origin', branch: 'there', sha: first});
    assert.equal(await repository.defaultBranch('origin'), null);
    await checkout.git('remote', 'set-head', 'origin', 'main');
    assert.equal(await repository.defaultBranch('origin'), 'main');
  });

  test('a URL without its user info', () => {
    assert.equal(withoutUserInfo('https://a:b@c@host/x'), 'https://host/x');
    assert.equal(withoutUserInfo('https://host/a@b'), 'https://host/a@b');
    assert.equal(withoutUserInfo('git@host:x'), 'git@host:x');
  });
});

describe('fetch', () => {
  test('brings new commits and leaves FETCH_HEAD and the checkout alone', async context => {
    const base = temporaryFolder(context);
    const {checkout, remote} = await withRemote(base, {'a.yaml': '1'});
    await checkout.git('clone', '--quiet', remote.root, path.join(base, 'other'));
    const other = gitIn(path.join(base, 'other'));
    const theirs = await other.commit('Theirs', {'b.yaml': '1'});
    await other.git('push', '--quiet');
    const before = fingerprint(checkout.root);
    const repository = await openRepository(checkout.root);
    await repository.fetch('origin');
    assert.equal((await repository.upstreamOf('main'))?.sha, theirs);
    assert.equal(await repository.remoteTip('origin', 'main'), theirs);
    assert.equal(await repository.remoteTip('origin', 'none'), null);
    assert.deepEqual(fingerprint(checkout.root), before);
    assert.equal(existsSync(path.join(checkout.root, '.git', 'FETCH_HEAD')), false);
  });

  test('takes no tag of the user’s away, whatever is configured to prune', async context => {
    const {checkout} = await withRemote(temporaryFolder(context), {'a.yaml': '1'});
    await checkout.git('tag', 'mine');
    await checkout.git('config', 'fetch.prune', 'true');
    await checkout.git('config', 'remote.origin.pruneTags', 'true');
    await (await openRepository(checkout.root)).fetch('origin');
    assert.equal(await checkout.git('tag'), 'mine');
  });

  test('says that the remote is out of reach, and takes no URL or option for a remote', async context => {
    const {checkout} = await withRemote(temporaryFolder(context), {'a.yaml': '1'});
    await checkout.git('remote', 'set-url', 'origin', '/nowhere/at/all.git');
    const repository = await openRepository(checkout.root);
    await assert.rejects(repository.fetch('origin'), {name: 'RepositoryError', reason: 'unreachable'});
    for (const bad of ['--upload-pack=touch x', 'ext::sh -c touch% x', '/srv/x', 'https://x/y', ''])
      await assert.rejects(repository.fetch(bad), /can't be a remote's name/, bad);
    await checkout.git('remote', 'set-url', 'origin', 'ext::sh -c touch% OWNED');
    await assert.rejects(repository.fetch('origin'), /transport 'ext' not allowed/);
  });
});

describe('a remote that is mirrored here', () => {
  test('sets none of the user’s own branches, and takes no push', async context => {
    const {checkout, remote} = await withRemote(temporaryFolder(context), {'a.yaml': '1'});
    const pushed = await checkout.commit('Theirs', {'a.yaml': '2'});
    await checkout.git('push', '--quiet');
    await checkout.git('checkout', '--quiet', '-b', 'work', 'HEAD^');
    const mine = await checkout.commit('Mine', {'b.yaml': '1'});
    await checkout.git('branch', '--force', 'main', mine);
    await checkout.git('tag', 'mine');
    await checkout.git('update-ref', '-d', 'refs/remotes/origin/main');
    await checkout.git('config', 'remote.origin.fetch', '+refs/heads/*:refs/heads/*');
    await checkout.git('config', 'remote.origin.pruneTags', 'true');
    await checkout.git('config', 'remote.origin.prune', 'true');
    const refs = () => checkout.git('for-each-ref');
    const before = await refs();
    const repository = await openRepository(checkout.root);
    await assert.rejects(repository.fetch('origin'), /mirrored here/);
    assert.equal(await refs(), before);
    await fetchBranch(repository.git, 'origin', 'main');
    assert.equal(await refs(), before);
    const next = await checkout.git('commit-tree', '-p', pushed, '-m', 'Next', 'HEAD^{tree}');
    const result = await repository.push('origin', next, 'main');
    assert.ok(!result.pushed && /mirrored here/.test(result.message), JSON.stringify(result));
    assert.equal(await refs(), before);
    assert.equal(await remote.git('rev-parse', 'main'), pushed);
  });
});

describe('push', () => {
  test('adds commits, and never takes any away', async context => {
    const base = temporaryFolder(context);
    const {checkout, remote} = await withRemote(base, {'a.yaml': '1'});
    await checkout.git('clone', '--quiet', remote.root, path.join(base, 'other'));
    const repository = await openRepository(checkout.root);
    const second = await checkout.commit('Two', {'a.yaml': '2'});
    assert.deepEqual(await repository.push('origin', second, 'main'), {
      pushed: true,
      ref: 'refs/heads/main',
      sha: second,
    });
    assert.equal(await remote.git('rev-parse', 'main'), second);
    const other = gitIn(path.join(base, 'other'));
    const theirs = await other.commit('Theirs', {'b.yaml': '1'});
    const behind = await (await openRepository(other.root)).push('origin', theirs, 'main');
    assert.deepEqual(behind, {pushed: false, reason: 'moved', message: 'main has moved on the remote'});
    assert.equal(await remote.git('rev-parse', 'main'), second);
    // Not even where the user's configuration asks for it.
    await other.git('config', 'remote.origin.push', '+refs/heads/*:refs/heads/*');
    await other.git('config', 'push.followTags', 'true');
    await other.git('tag', '-a', 'v1', '-m', 'x');
    const again = await (await openRepository(other.root)).push('origin', theirs, 'main');
    assert.equal(again.pushed, false);
    assert.equal(await remote.git('rev-parse', 'main'), second);
    assert.equal((await repository.push('origin', second, 'new/branch')).pushed, true);
    assert.equal(await remote.git('tag', '--list'), '');
  });

  test("gives a hook's own words, and runs the user's pre-push hook", async context => {
    const {checkout, remote} = await withRemote(temporaryFolder(context), {'a.yaml': '1'});
    const hook = (file: string, body: string) => {
      writeFileSync(file, `#!/bin/sh\n${body}\n`);
      chmodSync(file, 0o755);
    };
    const second = await checkout.commit('Two', {'a.yaml': '2'});
    const repository = await openRepository(checkout.root);
    hook(
      path.join(remote.root, 'hooks', 'pre-receive'),
      'printf "\\033[31mNo pushes\\033[0m on Fridays\\n" >&2; exit 1',
    );
    assert.deepEqual(await repository.push('origin', second, 'main'), {
      pushed: false,
      reason: 'refused',
      message: 'No pushes on Fridays\npre-receive hook declined',
    });
    hook(path.join(checkout.root, '.git', 'hooks', 'pre-push'), 'echo "tests fail" >&2; exit 1');
    const result = await repository.push('origin', second, 'main');
    assert.deepEqual(result, {pushed: false, reason: 'refused', message: 'tests fail'});
    await checkout.git('remote', 'set-url', 'origin', '/nowhere.git');
    hook(path.join(checkout.root, '.git', 'hooks', 'pre-push'), 'exit 0');
    const gone = await repository.push('origin', second, 'main');
    assert.equal(!gone.pushed && gone.reason, 'unreachable');
  });

  const ref = 'refs/heads/main';
  const failures: [stderr: string, stdout: string, reason: string, message: RegExp][] = [
    [
      "remote: Permission to shop/e.git denied to ada.\nfatal: unable to access 'https://ada:tok@github.com/shop/e.git/': The requested URL returned error: 403",
      '',
      'unauthorized',
      /^Permission to shop\/e\.git denied to ada\.\nunable to access 'https:\/\/github\.com/,
    ],
    [
      "fatal: could not read Username for 'https://github.com': terminal prompts disabled",
      '',
      'unauthorized',
      /terminal prompts disabled/,
    ],
    [
      'git@github.com: Permission denied (publickey).\nfatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.',
      '',
      'unauthorized',
      /publickey/,
    ],
    [
      'Host key verification failed.\nfatal: Could not read from remote repository.',
      '',
      'unauthorized',
      /Host key/,
    ],
    [
      'ssh: Could not resolve hostname git.example: Name or service not known\nfatal: Could not read from remote repository.',
      '',
      'unreachable',
      /Could not resolve hostname/,
    ],
    [
      'remote: error: GH006: Protected branch update failed for refs/heads/main.\nerror: failed to push some refs',
      '!\tabc:refs/heads/main\t[remote rejected] (protected branch hook declined)\nDone\n',
      'refused',
      /^error: GH006: Protected branch update failed for refs\/heads\/main\.\nprotected branch hook declined$/,
    ],
    ['error: failed', '!\tabc:refs/heads/main\t[rejected] (fetch first)\n', 'moved', /main has moved/],
    ['', '!\tabc:refs/heads/main\t[remote rejected] (cannot lock ref)\n', 'moved', /main has moved/],
  ];
  for (const [stderr, stdout, reason, message] of failures) {
    test(`${reason}: ${stderr.split('\n')[0] || 'a race'}`, () => {
      const result = readPush({exitCode: 1, stdout, stderr}, ref, 'abc');
      assert.ok(!result.pushed);
      assert.equal(result.reason, reason);
      assert.match(result.message, message);
    });
  }
});

test('a remote that never answers is left as soon as nobody waits for it any more', async context => {
  const {promise: asked, resolve} = Promise.withResolvers<void>();
  const silent = createServer(socket => {
    socket.on('error', () => {});
    resolve();
  }).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const sockets = new Set<Socket>();
  silent.on('connection', socket => sockets.add(socket));
  context.after(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
  const checkout = await newRepository(path.join(temporaryFolder(context), 'checkout'));
  const {port} = silent.address() as AddressInfo;
  await checkout.git('remote', 'add', 'origin', `http://127.0.0.1:${port}/shop.git`);
  const repository = await openRepository(checkout.root);
  const patience = new AbortController();
  const answer = repository.remoteTip('origin', 'main', patience.signal);
  await asked;
  patience.abort();
  await assert.rejects(answer, {reason: 'aborted'});
  // What git had started is gone as well: it would keep the connection, and a time limit would never end.
  for (const socket of sockets) if (!socket.closed) await once(socket.resume(), 'close');
});
