import assert from 'node:assert/strict';
import {chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {Git} from '../../source/repository/git.ts';
import {commitWithHooks, findCommitHooks} from '../../source/repository/hooks.ts';
import {fingerprint} from './fingerprint.ts';
import {identify, newRepository, temporaryFolder, untidy} from './git-folder.ts';

async function start(context: TestContext) {
  const base = temporaryFolder(context);
  const checkout = await newRepository(path.join(base, 'checkout'));
  const tree = await checkout.commit('One', {'a.yaml': '1\n', 'dir/b.yaml': 'b\n'});
  const tip = await checkout.commit('Two', {'a.yaml': '2\n'});
  await identify(checkout);
  await untidy(checkout, 'a.yaml');
  const hook = (name: string, body: string, mode = 0o755) => {
    const file = path.join(checkout.root, '.git', 'hooks', name);
    mkdirSync(path.dirname(file), {recursive: true});
    writeFileSync(file, `#!/bin/sh\n${body}\n`);
    chmodSync(file, mode);
  };
  const git = new Git(checkout.root);
  const folder = path.join(base, 'gitops-tui', 'worktrees');
  const wish = {
    base: tip,
    tree: await checkout.git('rev-parse', `${tree}^{tree}`),
    message: 'Go back\n\n# kept\nEnvironment: prod\n',
  };
  const commit = async (options: {limitMs?: number; signal?: AbortSignal} = {}) => {
    const hooks = await findCommitHooks(git);
    assert.ok(hooks);
    return commitWithHooks(git, hooks, wish, {folder, ...options});
  };
  return {base, checkout, git, hook, wish, commit, folder};
}

test("hooks are found where git looks for them in the user's checkout", async context => {
  const {base, checkout, git, hook} = await start(context);
  assert.equal(await findCommitHooks(git), null);
  hook('pre-commit', 'exit 1', 0o644);
  hook('pre-push', 'exit 1');
  assert.equal(await findCommitHooks(git), null, 'none that runs, none of a commit');
  hook('commit-msg', 'exit 0');
  assert.deepEqual(await findCommitHooks(git), {
    folder: path.join(checkout.root, '.git', 'hooks'),
    names: ['commit-msg'],
  });
  const own = path.join(base, 'own-hooks');
  mkdirSync(own);
  writeFileSync(path.join(own, 'pre-commit'), '#!/bin/sh\n', {mode: 0o755});
  await checkout.git('config', 'core.hooksPath', own);
  assert.deepEqual(await findCommitHooks(git), {folder: own, names: ['pre-commit']});
  mkdirSync(path.join(checkout.root, '.githooks'));
  writeFileSync(path.join(checkout.root, '.githooks', 'post-commit'), '#!/bin/sh\n', {mode: 0o755});
  await checkout.git('config', 'core.hooksPath', '.githooks');
  assert.deepEqual(await findCommitHooks(git), {
    folder: path.join(checkout.root, '.githooks'),
    names: ['post-commit'],
  });
});

test('all hooks run as for git commit, see the change staged and the files, and leave no trace', async context => {
  const {base, checkout, hook, wish, commit, folder} = await start(context);
  const told = path.join(base, 'told');
  hook(
    'pre-commit',
    `{ git diff --cached --name-status; git diff --cached --name-only -- '*.yaml'; cat a.yaml; } >>${told}`,
  );
  hook('prepare-commit-msg', `echo "prepare $2" >>${told}`);
  hook('commit-msg', `head -1 "$1" >>${told}`);
  hook(
    'post-commit',
    `git log -1 --format=%s >>${told}; [ -t 0 ] || echo no terminal >>${told}; (: </dev/tty) 2>/dev/null && echo tty >>${told}; true`,
  );
  const before = fingerprint(checkout.root);
  const made = await commit();
  assert.equal(made.tree, wish.tree);
  assert.equal(made.message, wish.message);
  assert.equal(
    readFileSync(told, 'utf8'),
    'M\ta.yaml\na.yaml\n1\nprepare message\nGo back\nGo back\nno terminal\n',
  );
  assert.equal(
    await checkout.git('log', '-1', '--format=%P %an <%ae>', made.sha),
    `${wish.base} Grace Hopper <grace@example.com>`,
  );
  assert.deepEqual(fingerprint(checkout.root), before);
  assert.deepEqual(readdirSync(folder), []);
});

test('what hooks change of message and files is told', async context => {
  const {checkout, hook, wish, commit} = await start(context);
  hook('pre-commit', 'echo formatted >>a.yaml; git add a.yaml');
  hook('commit-msg', 'echo "Reviewed-by: bot" >>"$1"');
  const before = fingerprint(checkout.root);
  const made = await commit();
  assert.notEqual(made.tree, wish.tree);
  assert.equal(await checkout.git('show', `${made.sha}:a.yaml`), '1\nformatted');
  assert.equal(made.message, `${wish.message}Reviewed-by: bot\n`);
  assert.deepEqual(fingerprint(checkout.root), before);
});

test('a hook that refuses is named, in its own words without escapes; then nothing is lost', async context => {
  const {checkout, hook, commit, folder} = await start(context);
  hook('pre-commit', `printf '\\033]52;c;aGk=\\007\\033[31mno replicas below 2\\033[0m\\n'; exit 1`);
  const before = fingerprint(checkout.root);
  await assert.rejects(commit(), {
    reason: 'hook',
    message: 'your pre-commit hook refused the commit: no replicas below 2',
  });
  hook('pre-commit', 'exit 0');
  hook('commit-msg', 'echo "no ticket" >&2; exit 7');
  await assert.rejects(commit(), {
    reason: 'hook',
    message: 'your commit-msg hook refused the commit: no ticket',
  });
  hook('commit-msg', 'exit 1');
  await assert.rejects(commit(), {message: 'your commit-msg hook refused the commit: it said nothing'});
  hook('commit-msg', 'git diff --cached --quiet; false | true');
  hook('post-commit', 'exit 1');
  assert.ok((await commit()).sha, 'what post-commit says comes too late, as for git');
  hook('pre-commit', 'git read-tree HEAD');
  await assert.rejects(commit(), {reason: 'hook', message: /undid the change: there is nothing left/});
  hook('pre-commit', 'exit 0');
  hook('post-commit', 'git reset --quiet --soft HEAD^^');
  await assert.rejects(commit(), {reason: 'hook', message: /moved HEAD/});
  assert.deepEqual(readdirSync(folder), []);
  const after = fingerprint(checkout.root);
  for (const name of ['commit-msg', 'post-commit', 'pre-commit']) {
    delete before[`.git/hooks/${name}`];
    delete after[`.git/hooks/${name}`];
  }
  assert.deepEqual(after, before);
});

test('a hook that does not end is ended with all that it started', async context => {
  const {base, checkout, hook, commit, folder} = await start(context);
  const started = path.join(base, 'started');
  hook('pre-commit', `sleep 600 & echo $! >${started}; wait`);
  const before = fingerprint(checkout.root);
  await assert.rejects(commit({limitMs: 5000}), {
    reason: 'hook',
    message: 'your pre-commit hook did not end within 5 s: nothing was committed',
  });
  const pid = Number(readFileSync(started, 'utf8'));
  const isGone = () => {
    try {
      // A zombie that nobody has waited for is gone, too.
      return readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
    } catch {
      return true;
    }
  };
  while (!isGone()) await new Promise(resolve => setTimeout(resolve, 20));
  assert.deepEqual(readdirSync(folder), []);
  assert.deepEqual(fingerprint(checkout.root), before);

  hook('pre-commit', `echo >${started}.again; sleep 600`);
  const controller = new AbortController();
  const stopped = commit({signal: controller.signal});
  stopped.catch(() => {});
  while (!existsSync(`${started}.again`)) await new Promise(resolve => setTimeout(resolve, 20));
  controller.abort();
  await assert.rejects(stopped, {reason: 'aborted'});
  assert.deepEqual(readdirSync(folder), []);
});

test('a merge keeps both parents, and a signature that fails is told as one', async context => {
  const {base, checkout, git, hook, wish, folder} = await start(context);
  hook('pre-commit', 'exit 0');
  const hooks = await findCommitHooks(git);
  assert.ok(hooks);
  const other = await checkout.git('commit-tree', `${wish.base}^{tree}`, '-m', 'Other');
  const made = await commitWithHooks(git, hooks, {...wish, mergeParent: other}, {folder});
  assert.equal(await checkout.git('log', '-1', '--format=%P', made.sha), `${wish.base} ${other}`);
  const signer = path.join(base, 'signer');
  writeFileSync(signer, '#!/bin/sh\ncat >/dev/null; echo "no pinentry" >&2; exit 2\n', {mode: 0o755});
  await checkout.git('config', 'commit.gpgSign', 'true');
  // What the repository names is not run.
  await checkout.git('config', 'gpg.program', path.join(base, 'evil'));
  writeFileSync(path.join(base, 'evil'), `#!/bin/sh\ntouch ${base}/RAN\n`, {mode: 0o755});
  const users = path.join(base, 'config');
  await checkout.git('config', '--file', users, 'gpg.program', signer);
  const before = process.env['GIT_CONFIG_GLOBAL'];
  process.env['GIT_CONFIG_GLOBAL'] = users;
  context.after(() => {
    process.env['GIT_CONFIG_GLOBAL'] = before;
  });
  await assert.rejects(commitWithHooks(git, hooks, wish, {folder}), {
    reason: 'signing',
    message: /could not be signed: .*gpg failed to sign/,
  });
  assert.ok(!existsSync(path.join(base, 'RAN')));
});
