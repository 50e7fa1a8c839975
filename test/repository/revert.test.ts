import assert from 'node:assert/strict';
import {chmodSync, existsSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, type TestContext, test} from 'node:test';
import {commitPlan} from '../../source/repository/change/commit.ts';
import {graftTree, treeAt} from '../../source/repository/change/graft.ts';
import {withTrailers} from '../../source/repository/change/message.ts';
import {RepositoryError} from '../../source/repository/error.ts';
import {openRepository} from '../../source/repository/open.ts';
import {parseMergeTree} from '../../source/repository/revert/conflicts.ts';
import {planRestore} from '../../source/repository/revert/restore.ts';
import {planRevertCommits} from '../../source/repository/revert/revert-commits.ts';
import {fingerprint} from './fingerprint.ts';
import {
  type GitFolder,
  gitIn,
  identify,
  newRepository,
  temporaryFolder,
  untidy,
  withRemote,
} from './git-folder.ts';

const wish = (target: string, folder = 'envs/prod') => ({
  environment: 'prod',
  path: folder,
  branch: 'main',
  target,
});

const undoing = (target: string, folder?: string) => ({
  ...wish(target, folder),
  mode: 'revert-commits' as const,
});

/** The tree of a commit as `path content` lines, read by git alone. */
async function filesOf(folder: GitFolder, tree: string): Promise<Record<string, string>> {
  const names = (await folder.git('ls-tree', '-r', '-z', '--name-only', tree)).split('\0').filter(Boolean);
  const found: Record<string, string> = {};
  for (const name of names) found[name] = await folder.git('cat-file', 'blob', `${tree}:${name}`);
  return found;
}

describe('planRestore', () => {
  test('brings a folder back whole, leaves the rest, and touches nothing of the user', async context => {
    const {checkout, first} = await withRemote(temporaryFolder(context), {
      'envs/prod/web.yaml': 'replicas: 1\n',
      'envs/prod/gone.yaml': 'a: 1\n',
      'envs/dev/web.yaml': 'replicas: 1\n',
      'envs/prod2/web.yaml': 'a: 1\n',
    });
    const second = await checkout.commit('Scale up', {
      'envs/prod/web.yaml': 'replicas: 3\n',
      'envs/prod/new file "x".yaml': 'b: 1\n',
      'envs/prod/gone.yaml': null,
      'envs/dev/web.yaml': 'replicas: 2\n',
    });
    await checkout.git('push', '--quiet');
    await identify(checkout);
    await untidy(checkout, 'envs/prod/web.yaml');
    const before = fingerprint(checkout.root);

    const repository = await openRepository(checkout.root);
    const plan = await planRestore(repository, wish(first.slice(0, 10)));
    assert.equal(plan.base, second);
    assert.equal(plan.baseRef, 'origin/main');
    assert.equal(plan.remote, 'origin');
    assert.deepEqual(plan.warnings, []);
    assert.equal(plan.target.sha, first);
    assert.deepEqual(
      plan.undone.map(commit => commit.subject),
      ['Scale up'],
    );
    assert.deepEqual(
      plan.files.map(file => file.path),
      ['envs/prod/gone.yaml', 'envs/prod/new file "x".yaml', 'envs/prod/web.yaml'],
    );
    assert.match(plan.patch, /^-replicas: 3\n\+replicas: 1$/m);
    const {sha} = await commitPlan(repository, plan, plan.message);
    assert.deepEqual(await filesOf(checkout, sha), {
      'envs/prod/web.yaml': 'replicas: 1',
      'envs/prod/gone.yaml': 'a: 1',
      'envs/dev/web.yaml': 'replicas: 2',
      'envs/prod2/web.yaml': 'a: 1',
    });
    assert.equal(await checkout.git('rev-parse', `${sha}^`), second);
    assert.equal(
      await checkout.git(
        'log',
        '-1',
        '--format=%s|%(trailers:key=Reverts-To,valueonly,separator=)|%(trailers:key=Environment,valueonly,separator=)',
        sha,
      ),
      `Revert prod to ${first.slice(0, 7)}|${first}|prod`,
    );
    assert.match(
      await checkout.git('log', '-1', '--format=%B', sha),
      /^- \w{7} Scale up \(Ada Lovelace, 2026-01-01\)$/m,
    );
    assert.deepEqual(fingerprint(checkout.root), before);
  });

  test("goes on the remote's tip, which the checkout may not have", async context => {
    const base = temporaryFolder(context);
    const {checkout, remote, first} = await withRemote(base, {'envs/prod/a.yaml': '1'});
    await checkout.git('clone', '--quiet', remote.root, path.join(base, 'other'));
    const other = gitIn(path.join(base, 'other'));
    const theirs = await other.commit('Theirs', {'envs/prod/a.yaml': '2', 'theirs.yaml': '1'});
    await other.git('push', '--quiet');
    await checkout.commit('Not pushed', {'mine.yaml': '1'});
    const before = fingerprint(checkout.root);
    const plan = await planRestore(await openRepository(checkout.root), wish(first));
    assert.equal(plan.base, theirs);
    assert.deepEqual(await filesOf(checkout, plan.resultTree), {'envs/prod/a.yaml': '1', 'theirs.yaml': '1'});
    assert.deepEqual(fingerprint(checkout.root), before);
  });

  test('offline it plans on what was fetched last, and says so', async context => {
    const {checkout, remote, first} = await withRemote(temporaryFolder(context), {'envs/prod/a.yaml': '1'});
    const second = await checkout.commit('Two', {'envs/prod/a.yaml': '2'});
    await checkout.git('push', '--quiet');
    await checkout.git('remote', 'set-url', 'origin', `${remote.root}-gone`);
    const plan = await planRestore(await openRepository(checkout.root), wish(first));
    assert.equal(plan.base, second);
    assert.match(plan.warnings?.join() ?? '', /origin could not be asked.*origin\/main as last fetched/);
  });

  test('works bare, detached, in the root, and where there is no remote', async context => {
    const base = temporaryFolder(context);
    const folder = await newRepository(path.join(base, 'repo'));
    const first = await folder.commit('One', {'a.yaml': '1'});
    const second = await folder.commit('Two', {'a.yaml': '2', 'b/c.yaml': '1'});
    await folder.git('checkout', '--quiet', '--detach');
    const plan = await planRestore(await openRepository(folder.root), wish(first, ''));
    assert.equal(plan.baseRef, 'main');
    assert.equal(plan.remote, null);
    assert.deepEqual(await filesOf(folder, plan.resultTree), {'a.yaml': '1'});

    await folder.git('clone', '--quiet', '--bare', '.', path.join(base, 'bare.git'));
    const bare = gitIn(path.join(base, 'bare.git'));
    await bare.git('remote', 'remove', 'origin');
    const inBare = await planRestore(await openRepository(bare.root), wish(first, ''));
    assert.equal(inBare.base, second);
    assert.equal(inBare.resultTree, plan.resultTree);
  });

  test('a bare clone, which has no tracking branches, asks its remote', async context => {
    const base = temporaryFolder(context);
    const {checkout, remote, first} = await withRemote(base, {'envs/prod/a.yaml': '1'});
    await checkout.git('clone', '--quiet', '--bare', remote.root, path.join(base, 'bare.git'));
    const second = await checkout.commit('Two', {'envs/prod/a.yaml': '2'});
    await checkout.git('push', '--quiet');
    const plan = await planRestore(await openRepository(path.join(base, 'bare.git')), wish(first));
    assert.equal(plan.base, second);
  });

  test('refuses what would delete the environment, and says when there is nothing to do', async context => {
    const {checkout, first} = await withRemote(temporaryFolder(context), {'envs/dev/a.yaml': '1'});
    const second = await checkout.commit('Add prod', {'envs/prod/a.yaml': '1', file: '1'});
    await checkout.git('push', '--quiet');
    const repository = await openRepository(checkout.root);
    await assert.rejects(planRestore(repository, wish(first)), /envs\/prod did not exist at/);
    await assert.rejects(planRestore(repository, wish(second, 'file')), /file is no folder/);
    await assert.rejects(planRestore(repository, wish('nope')), /names no commit/);
    await assert.rejects(
      planRestore(repository, {...wish(second), branch: 'none'}),
      /there is no branch none/,
    );
    const plan = await planRestore(repository, wish(second));
    assert.deepEqual(plan.files, []);
    await assert.rejects(commitPlan(repository, plan, 'x'), /nothing to commit/);
  });
});

describe('planRevertCommits', () => {
  async function merged(context: TestContext) {
    const folder = await newRepository(path.join(temporaryFolder(context), 'repo'));
    const lines = (replicas: number, image: string) =>
      `replicas: ${replicas}\n${'#\n'.repeat(8)}image: ${image}\n`;
    const first = await folder.commit('One', {'envs/prod/a.yaml': lines(1, 'a'), 'envs/dev/a.yaml': '1'});
    await folder.git('checkout', '--quiet', '-b', 'side');
    const side = await folder.commit('Side', {'envs/prod/a.yaml': lines(1, 'b')});
    await folder.git('checkout', '--quiet', 'main');
    await folder.commit('Scale', {'envs/prod/a.yaml': lines(2, 'a'), 'envs/dev/a.yaml': '2'});
    await folder.git('merge', '--quiet', '--no-ff', '-m', 'Merge side', 'side');
    await folder.commit('Elsewhere', {'other.yaml': '1'});
    return {folder, first, side, lines};
  }

  test('undoes commits newest first, merges against their first parent, whole', async context => {
    const {folder, first, lines} = await merged(context);
    const before = fingerprint(folder.root);
    const plan = await planRevertCommits(await openRepository(folder.root), undoing(first));
    assert.deepEqual(plan.conflicts, []);
    assert.deepEqual(
      plan.undone.map(commit => commit.subject),
      ['Merge side', 'Scale'],
    );
    assert.deepEqual(await filesOf(folder, plan.resultTree), {
      'envs/prod/a.yaml': lines(1, 'a').trimEnd(),
      'envs/dev/a.yaml': '1',
      'other.yaml': '1',
    });
    assert.deepEqual(
      plan.files.map(file => file.path),
      ['envs/dev/a.yaml', 'envs/prod/a.yaml'],
      'also what lies elsewhere is shown',
    );
    assert.deepEqual(fingerprint(folder.root), before);
  });

  test('a commit that came with a merge is no step of the branch', async context => {
    const {folder, side} = await merged(context);
    await assert.rejects(
      planRevertCommits(await openRepository(folder.root), undoing(side)),
      /came to main with the merge \w{7}, not by its first parent/,
    );
  });

  test('skips what is undone already, and works without an identity', async context => {
    const folder = await newRepository(path.join(temporaryFolder(context), 'repo'));
    const first = await folder.commit('One', {'envs/prod/a.yaml': '1\n'});
    const two = await folder.commit('Two', {'envs/prod/a.yaml': '2\n'});
    await folder.git('revert', '--no-edit', two);
    await folder.commit('Three', {'envs/prod/b.yaml': '1\n'});
    const plan = await planRevertCommits(await openRepository(folder.root), undoing(first));
    assert.deepEqual(plan.conflicts, []);
    assert.deepEqual(await filesOf(folder, plan.resultTree), {'envs/prod/a.yaml': '1'});
  });

  test('a conflict names the file, the commit and the lines', async context => {
    const folder = await newRepository(path.join(temporaryFolder(context), 'repo'));
    const first = await folder.commit('One', {'base/a b.yaml': 'replicas: 1\n', 'envs/prod/x.yaml': '1\n'});
    await folder.commit('Both', {'base/a b.yaml': 'replicas: 2\n', 'envs/prod/x.yaml': '2\n'});
    await folder.commit('Base alone', {'base/a b.yaml': 'replicas: 3\n'});
    const before = fingerprint(folder.root);
    const repository = await openRepository(folder.root);
    const plan = await planRevertCommits(repository, undoing(first));
    assert.deepEqual(
      plan.conflicts.map(conflict => conflict.path),
      ['base/a b.yaml'],
    );
    assert.match(
      plan.conflicts[0]?.hunks ?? '',
      /^while reverting \w{7} Both\n<{7}[\s\S]*replicas: 3[\s\S]*={7}[\s\S]*replicas: 1[\s\S]*>{7}/,
    );
    await assert.rejects(commitPlan(repository, plan, 'x'), /in conflict: nothing was committed/);
    assert.deepEqual(fingerprint(folder.root), before);
  });
});

describe('commitPlan', () => {
  test('wants an identity that the user gave', async context => {
    const folder = await newRepository(path.join(temporaryFolder(context), 'repo'));
    const first = await folder.commit('One', {'envs/prod/a.yaml': '1'});
    await folder.commit('Two', {'envs/prod/a.yaml': '2'});
    const repository = await openRepository(folder.root);
    const plan = await planRestore(repository, wish(first));
    const error = await commitPlan(repository, plan, 'x').then(
      () => assert.fail('it was committed'),
      (caught: unknown) => caught,
    );
    assert.ok(error instanceof RepositoryError);
    assert.equal(error.reason, 'no-identity');
    assert.match(error.fix ?? '', /git config --global user\.name/);
    await identify(folder);
    const {sha} = await commitPlan(repository, plan, 'Grüße\n\n# not a comment\n');
    assert.equal(
      await folder.git('log', '-1', '--format=%an <%ae>|%B', sha),
      'Grace Hopper <grace@example.com>|Grüße\n\n# not a comment\n',
    );
  });

  test('signs where the configuration says so, and tells why it could not', async context => {
    const base = temporaryFolder(context);
    const folder = await newRepository(path.join(base, 'repo'));
    const first = await folder.commit('One', {'envs/prod/a.yaml': '1'});
    await folder.commit('Two', {'envs/prod/a.yaml': '2'});
    const signer = path.join(base, 'signer');
    const set = (script: string) => {
      writeFileSync(signer, `#!/bin/sh\n${script}\n`);
      chmodSync(signer, 0o755);
    };
    for (const [key, value] of [
      ['user.name', 'Ada'],
      ['user.email', 'ada@example.com'],
      ['commit.gpgSign', 'true'],
      // What the repository names is not run.
      ['gpg.program', path.join(base, 'evil')],
    ] as const)
      await folder.git('config', key, value);
    writeFileSync(path.join(base, 'evil'), `#!/bin/sh\ntouch ${base}/RAN\n`, {mode: 0o755});
    const users = path.join(base, 'config');
    await folder.git('config', '--file', users, 'gpg.program', signer);
    const before = process.env['GIT_CONFIG_GLOBAL'];
    process.env['GIT_CONFIG_GLOBAL'] = users;
    context.after(() => {
      process.env['GIT_CONFIG_GLOBAL'] = before;
    });
    const repository = await openRepository(folder.root);
    const plan = await planRestore(repository, wish(first));
    set('cat >/dev/null; echo "[GNUPG:] SIG_CREATED " >&2; echo "-----BEGIN PGP SIGNATURE-----"');
    const {sha} = await commitPlan(repository, plan, 'x\n');
    assert.match(await folder.git('cat-file', 'commit', sha), /^gpgsig -----BEGIN PGP SIGNATURE-----$/m);
    set('cat >/dev/null; echo "no pinentry" >&2; exit 2');
    await assert.rejects(commitPlan(repository, plan, 'y\n'), {
      reason: 'signing',
      message: /could not be signed/,
    });
    assert.equal(existsSync(path.join(base, 'RAN')), false);
  });
});

test('graftTree makes folders that are not there and replaces files that are in the way', async context => {
  const folder = await newRepository(path.join(temporaryFolder(context), 'repo'));
  const sha = await folder.commit('One', {a: 'file', 'b/c.yaml': '1'});
  const {git} = await openRepository(folder.root);
  const tree = (await treeAt(git, sha, '')) ?? '';
  const inner = (await treeAt(git, sha, 'b')) ?? '';
  assert.equal(await treeAt(git, sha, 'none'), null);
  const made = await graftTree(git, tree, 'a/new "x"\ny/z', inner);
  assert.deepEqual(await filesOf(folder, made), {'a/new "x"\ny/z/c.yaml': '1', 'b/c.yaml': '1'});
});

test('trailers stay one paragraph and are not written twice', () => {
  const trailers = ['Reverts-To: abc', 'Environment: prod'];
  assert.equal(withTrailers('Subject', trailers), 'Subject\n\nReverts-To: abc\nEnvironment: prod\n');
  const whole = 'Subject\n\nBody\n\nReverts-To: abc\nEnvironment: prod\n';
  assert.equal(withTrailers(whole, trailers), whole);
  assert.equal(
    withTrailers('Subject\n\nSigned-off-by: Ada <a@b>', trailers),
    'Subject\n\nSigned-off-by: Ada <a@b>\nReverts-To: abc\nEnvironment: prod\n',
  );
  assert.equal(withTrailers('fix: it', trailers), 'fix: it\n\nReverts-To: abc\nEnvironment: prod\n');
});

test('what merge-tree prints', () => {
  const oid = 'a'.repeat(40);
  const records = [
    oid,
    `100644 ${oid} 1\ta b`,
    `100644 ${oid} 2\ta b`,
    '',
    '1',
    'a b',
    'CONFLICT (contents)',
  ];
  const output = `${[...records, 'CONFLICT (content): Merge conflict in a b\n'].join('\u0000')}\u0000`;
  assert.deepEqual(parseMergeTree(output), {
    tree: oid,
    stages: new Map([['a b', new Map([1, 2].map(stage => [stage, `100644 ${oid}`]))]]),
    messages: [
      {paths: ['a b'], type: 'CONFLICT (contents)', text: 'CONFLICT (content): Merge conflict in a b'},
    ],
  });
  assert.deepEqual(parseMergeTree(`${oid}\u0000`), {tree: oid, stages: new Map(), messages: []});
});
