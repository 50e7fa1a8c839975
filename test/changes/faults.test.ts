import assert from 'node:assert/strict';
import {existsSync, mkdirSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {hostname} from 'node:os';
import path from 'node:path';
import {describe, type TestContext, test} from 'node:test';
import {makeChange} from '../../source/changes/make.ts';
import {planChange} from '../../source/changes/plan.ts';
import type {ChangeOrder, ChangePreview, RevertRequest} from '../../source/changes/types.ts';
import {run} from '../../source/process/run.ts';
import {fingerprint} from '../repository/fingerprint.ts';
import {
  type GitFolder,
  gitIn,
  identify,
  newRepository,
  temporaryFolder,
  untidy,
  withRemote,
} from '../repository/git-folder.ts';
import {serveGit} from '../repository/git-server.ts';
import {contextOf, environment, permitFor} from './context.ts';

const prod = environment('prod');
const push: ChangeOrder = {via: 'push', title: 'Go back', body: 'Because.', draft: false};

/** A checkout as untidy as real ones, whose remote has a commit to go back from; its own caches. */
async function start(context: TestContext) {
  const base = temporaryFolder(context);
  const made = await withRemote(base, {'envs/prod/web.yaml': 'replicas: 1\n', 'envs/prod/a.yaml': 'a: 1\n'});
  await made.checkout.commit('Scale', {'envs/prod/web.yaml': 'replicas: 3\n'});
  await made.checkout.git('push', '--quiet');
  await identify(made.checkout);
  await untidy(made.checkout, 'envs/prod/web.yaml');
  setVariable(context, 'XDG_CACHE_HOME', path.join(base, 'cache'));
  return {base, ...made};
}

function setVariable(context: TestContext, name: string, value: string | undefined): void {
  const before = process.env[name];
  const set = (to: string | undefined) => {
    if (to === undefined) delete process.env[name];
    else process.env[name] = to;
  };
  set(value);
  context.after(() => set(before));
}

function hook(folder: GitFolder, name: string, body: string): void {
  const file = path.join(folder.root, folder.root.endsWith('.git') ? '' : '.git', 'hooks', name);
  mkdirSync(path.dirname(file), {recursive: true});
  writeFileSync(file, `#!/bin/sh\n${body}\n`, {mode: 0o755});
}

async function planned(root: string, target: string) {
  const changes = await contextOf(root, [prod]);
  const request: RevertRequest = {kind: 'revert', environment: 'prod', target, mode: 'restore'};
  const preview = await planChange(changes, request);
  const make = (shown: ChangePreview = preview) => makeChange(changes, shown, push, permitFor('push', prod));
  return {changes, preview, make};
}

const left = (checkout: GitFolder) =>
  checkout.git('for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads/gitops-tui');

describe("the user's own hooks", () => {
  test('one that refuses loses nothing: the same step goes on when it is content', async context => {
    const {base, checkout, remote, first} = await start(context);
    hook(
      checkout,
      'commit-msg',
      'grep -q "^Reviewed-by" "$1" || test -e "$(git rev-parse --git-common-dir)/ok" || { echo no reviewer; exit 1; }',
    );
    const before = fingerprint(checkout.root);
    const {make} = await planned(checkout.root, first);
    const refused = await make();
    assert.deepEqual([refused.ok, refused.retry], [false, true]);
    assert.match(
      refused.message,
      /^your commit-msg hook refused the commit: no reviewer\nit ran in a worktree of its own/,
    );
    assert.deepEqual(fingerprint(checkout.root), before);
    writeFileSync(path.join(checkout.root, '.git', 'ok'), '');
    const done = await make();
    assert.equal(done.ok, true, done.message);
    assert.equal(await remote.git('log', '-1', '--format=%an %s', 'main'), 'Grace Hopper Go back');
    rmSync(path.join(checkout.root, '.git', 'ok'));
    assert.deepEqual(fingerprint(checkout.root), before);
    assert.deepEqual(readdirSync(path.join(base, 'cache', 'gitops-tui', 'worktrees')), []);
  });

  test('none runs where the order says so', async context => {
    const {checkout, remote, first} = await start(context);
    hook(checkout, 'pre-commit', 'exit 1');
    const {changes, preview} = await planned(checkout.root, first);
    const done = await makeChange(changes, preview, {...push, verify: false}, permitFor('push', prod));
    assert.equal(done.ok, true, done.message);
    assert.equal(await remote.git('rev-parse', 'main'), done.commit);
  });

  test('one that changes files has its way once the new plan is approved', async context => {
    const {checkout, remote, first} = await start(context);
    hook(checkout, 'pre-commit', 'echo "# checked" >envs/prod/checked.yaml; git add envs/prod/checked.yaml');
    const before = fingerprint(checkout.root);
    const tip = await remote.git('rev-parse', 'main');
    const {make} = await planned(checkout.root, first);
    const other = await make();
    assert.equal(other.ok, false);
    assert.equal(await remote.git('rev-parse', 'main'), tip, 'nothing was pushed');
    assert.equal(other.stillApproved, true);
    assert.deepEqual(
      other.newPreview?.plan.files.map(file => file.path),
      ['envs/prod/checked.yaml', 'envs/prod/web.yaml'],
    );
    assert.match(other.newPreview?.plan.warnings?.join() ?? '', /your own commit hooks changed the files/);
    const done = await make(other.newPreview);
    assert.equal(done.ok, true, done.message);
    assert.equal(await remote.git('show', 'main:envs/prod/checked.yaml'), '# checked');
    assert.deepEqual(fingerprint(checkout.root), before);
  });

  test('pre-push refuses as for git push, and the commit waits on a branch', async context => {
    const {checkout, first} = await start(context);
    hook(checkout, 'pre-push', 'echo "not on fridays" >&2; exit 1');
    const before = fingerprint(checkout.root);
    const {make} = await planned(checkout.root, first);
    const refused = await make();
    assert.equal(refused.retry, true);
    assert.match(
      refused.message,
      /not on fridays[\s\S]*Nothing is lost: the commit \w{7} is on the local branch gitops-tui\//,
    );
    assert.equal(await left(checkout), refused.branch);
    assert.deepEqual(fingerprint(checkout.root), before);
  });
});

describe('a branch that moved', () => {
  async function moved(context: TestContext, files: Record<string, string>) {
    const {base, checkout, remote, first} = await start(context);
    const plan = await planned(checkout.root, first);
    await checkout.git('clone', '--quiet', remote.root, path.join(base, 'other'));
    const other = gitIn(path.join(base, 'other'));
    const theirs = await other.commit('Theirs', files);
    await other.git('push', '--quiet');
    return {checkout, remote, theirs, before: fingerprint(checkout.root), ...plan};
  }

  test('elsewhere: the same file changes are still approved, on the new tip, without force', async context => {
    const {checkout, remote, theirs, before, make} = await moved(context, {'envs/dev/web.yaml': 'a: 1\n'});
    const outcome = await make();
    assert.equal(outcome.stillApproved, true);
    assert.equal(outcome.newPreview?.plan.base, theirs);
    const done = await make(outcome.newPreview);
    assert.equal(done.ok, true, done.message);
    assert.equal(await remote.git('rev-parse', 'main^'), theirs);
    assert.deepEqual(fingerprint(checkout.root), before);
  });

  test('in what is restored: the new plan is somebody’s to look at', async context => {
    const {remote, theirs, make} = await moved(context, {'envs/prod/a.yaml': 'a: 2\n'});
    const outcome = await make();
    assert.equal(outcome.stillApproved, false);
    assert.equal(await remote.git('rev-parse', 'main'), theirs);
  });
});

describe('over http', () => {
  async function served(context: TestContext, who?: string) {
    const all = await start(context);
    const server = await serveGit(context, all.base);
    await all.checkout.git('remote', 'set-url', 'origin', server.url('remote.git', who));
    const before = fingerprint(all.checkout.root);
    return {...all, server, before};
  }

  test('with a password it goes through', async context => {
    const {checkout, remote, first, server, before} = await served(context);
    const {make} = await planned(checkout.root, first);
    const done = await make();
    assert.equal(done.ok, true, done.message);
    assert.equal(server.pushes, 1);
    assert.equal(await remote.git('log', '-1', '--format=%s', 'main'), 'Go back');
    assert.deepEqual(fingerprint(checkout.root), before);
  });

  test('a wrong password is told without it, on what was fetched last; no question blocks the screen', async context => {
    const {checkout, first, before} = await served(context, 'ada:wrong-wrong');
    const {preview, make} = await planned(checkout.root, first);
    assert.match(preview.plan.warnings?.join() ?? '', /origin could not be asked/);
    const refused = await make();
    assert.deepEqual([refused.ok, refused.retry], [false, true]);
    assert.match(refused.message, /origin did not accept who you are[\s\S]*Nothing is lost/);
    assert.doesNotMatch(JSON.stringify([preview, refused]), /wrong-wrong/);
    assert.deepEqual(fingerprint(checkout.root), before);
  });

  for (const next of ['cut before', 'cut after'] as const) {
    test(`a push that is ${next} the remote ${next === 'cut before' ? 'has it' : 'took it, and before its answer'} is there once after another try`, async context => {
      const {checkout, remote, first, server, before} = await served(context);
      const {make, preview} = await planned(checkout.root, first);
      server.next = next;
      const lost = await make();
      assert.deepEqual([lost.ok, lost.retry], [false, true]);
      assert.match(
        lost.message,
        /^origin could not be reached: [\s\S]*Nothing is lost: the commit \w{7} is on the local branch/,
      );
      assert.deepEqual(fingerprint(checkout.root), before);
      server.next = 'take';
      const done = await make();
      assert.equal(done.ok, true, done.message);
      assert.equal(done.commit, lost.commit);
      assert.equal(await remote.git('rev-parse', 'main'), lost.commit);
      assert.equal(await remote.git('rev-parse', 'main^'), preview.plan.base);
      assert.equal(await left(checkout), '');
      assert.deepEqual(fingerprint(checkout.root), before);
    });
  }
});

test("over ssh by the user's own command; a host that doesn't answer loses nothing", async context => {
  const {base, checkout, remote, first} = await start(context);
  const ssh = path.join(base, 'ssh');
  // What ssh does on the other side: it hands the last argument to a shell.
  writeFileSync(ssh, '#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n', {mode: 0o755});
  await checkout.git('remote', 'set-url', 'origin', `ssh://git@example.com${remote.root}`);
  setVariable(context, 'GIT_SSH_COMMAND', ssh);
  const before = fingerprint(checkout.root);
  const {make} = await planned(checkout.root, first);
  writeFileSync(
    ssh,
    '#!/bin/sh\necho "ssh: connect to host example.com port 22: Connection refused" >&2; exit 255\n',
  );
  const refused = await make();
  assert.match(
    refused.message,
    /^origin could not be reached: ssh: connect to host example.com port 22: Connection refused[\s\S]*Nothing is lost/,
  );
  writeFileSync(ssh, '#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n');
  const done = await make();
  assert.equal(done.ok, true, done.message);
  assert.equal(await remote.git('rev-parse', 'main'), refused.commit);
  assert.deepEqual(fingerprint(checkout.root), before);
});

test('a full disk stops it with a word on it; with room again it goes on', async context => {
  const {base, checkout, remote, first} = await start(context);
  const {make} = await planned(checkout.root, first);
  const before = fingerprint(checkout.root);
  const {stdout: git} = await run('sh', ['-c', 'command -v git']);
  const full = path.join(base, 'full');
  mkdirSync(full);
  // No file can grow: what a write then fails with (EFBIG) git tells as it tells of a full disk.
  const script = `#!/bin/sh\ntrap '' XFSZ\nulimit -f 0\nexec ${git.trim()} "$@"\n`;
  writeFileSync(path.join(full, 'git'), script, {mode: 0o755});
  const PATH = process.env['PATH'];
  process.env['PATH'] = `${full}:${PATH}`;
  try {
    const stopped = await make();
    assert.deepEqual([stopped.ok, stopped.retry], [false, true]);
    assert.match(stopped.message, /file too large|write|No space/i);
    assert.match(stopped.message, /make room on the disk, and try again: nothing was changed/);
  } finally {
    process.env['PATH'] = PATH;
  }
  assert.deepEqual(fingerprint(checkout.root), before);
  const done = await make();
  assert.equal(done.ok, true, done.message);
  assert.equal(await remote.git('log', '-1', '--format=%s', 'main'), 'Go back');
  assert.deepEqual(fingerprint(checkout.root), before);
});

describe('whatever the checkout is, it stays so', () => {
  const withHooks = async (checkout: GitFolder) => hook(checkout, 'pre-commit', 'exit 0');

  test('detached, with somebody’s lock on its index', async context => {
    const {checkout, remote, first} = await start(context);
    await withHooks(checkout);
    await checkout.git('checkout', '--quiet', '--detach');
    writeFileSync(path.join(checkout.root, '.git', 'index.lock'), '');
    const before = fingerprint(checkout.root);
    const changes = await contextOf(checkout.root, [environment('prod', {branch: 'main'})]);
    const preview = await planChange(changes, {
      kind: 'revert',
      environment: 'prod',
      target: first,
      mode: 'restore',
    });
    const done = await makeChange(changes, preview, push, permitFor('push', prod));
    assert.equal(done.ok, true, done.message);
    assert.equal(await remote.git('log', '-1', '--format=%s', 'main'), 'Go back');
    assert.deepEqual(fingerprint(checkout.root), before);
  });

  test('shallow', async context => {
    const {base, checkout, remote} = await start(context);
    for (const replicas of [4, 5]) {
      await checkout.git('reset', '--quiet', '--hard');
      await checkout.commit(`To ${replicas}`, {'envs/prod/web.yaml': `replicas: ${replicas}\n`});
    }
    await checkout.git('push', '--quiet');
    await checkout.git('clone', '--quiet', '--depth=2', `file://${remote.root}`, path.join(base, 'shallow'));
    const shallow = gitIn(path.join(base, 'shallow'));
    await identify(shallow);
    await withHooks(shallow);
    await untidy(shallow, 'envs/prod/web.yaml');
    const before = fingerprint(shallow.root);
    const {make} = await planned(shallow.root, await shallow.git('rev-parse', 'HEAD^'));
    const done = await make();
    assert.equal(done.ok, true, done.message);
    assert.equal(await remote.git('show', 'main:envs/prod/web.yaml'), 'replicas: 4');
    assert.deepEqual(fingerprint(shallow.root), before);
  });

  test('bare', async context => {
    const {base, checkout, remote, first} = await start(context);
    await checkout.git('clone', '--quiet', '--bare', remote.root, path.join(base, 'bare.git'));
    const bare = gitIn(path.join(base, 'bare.git'));
    await identify(bare);
    hook(bare, 'pre-commit', 'exit 0');
    const {make} = await planned(bare.root, first);
    const refs = () => bare.git('for-each-ref');
    const before = await refs();
    const done = await make();
    assert.equal(done.ok, true, done.message);
    assert.equal(await remote.git('log', '-1', '--format=%s', 'main'), 'Go back');
    assert.equal(await refs(), before);
    assert.ok(!existsSync(path.join(bare.root, 'worktrees')));
  });

  test('a submodule, with its own submodule of it', async context => {
    const {base, checkout, remote, first} = await start(context);
    const outer = await newRepository(path.join(base, 'outer'));
    await outer.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', remote.root, 'infra');
    await outer.commit('Add infra');
    const inner = gitIn(path.join(outer.root, 'infra'));
    await identify(inner);
    const gitFolder = (await inner.git('rev-parse', '--absolute-git-dir')).trim();
    mkdirSync(path.join(gitFolder, 'hooks'), {recursive: true});
    writeFileSync(path.join(gitFolder, 'hooks', 'pre-commit'), '#!/bin/sh\nexit 0\n', {mode: 0o755});
    await untidy(inner, 'envs/prod/web.yaml');
    const before = fingerprint(outer.root);
    const {make} = await planned(inner.root, first);
    const done = await make();
    assert.equal(done.ok, true, done.message);
    assert.equal(await remote.git('log', '-1', '--format=%s', 'main'), 'Go back');
    assert.deepEqual(fingerprint(outer.root), before);
    assert.ok(checkout.root);
  });
});

describe('what killed runs left', () => {
  test('a worktree goes with the next change, and a commit that only it knew is kept and told', async context => {
    const {base, checkout, first} = await start(context);
    const before = fingerprint(checkout.root);
    const host =
      hostname()
        .replace(/[^A-Za-z0-9-]+/g, '-')
        .slice(0, 60) || 'localhost';
    const place = path.join(
      base,
      'cache',
      'gitops-tui',
      'worktrees',
      `gitops-tui.${host}.4194999.0.${'a'.repeat(12)}`,
    );
    await checkout.git('worktree', 'add', '--quiet', '--detach', place, 'main');
    await gitIn(place).git('commit', '--quiet', '--allow-empty', '--message', 'Made');
    const {make} = await planned(checkout.root, first);
    const done = await make();
    assert.equal(done.ok, true, done.message);
    assert.match(
      done.message,
      /A run that was killed had made a commit: it is on the local branch gitops-tui\/left-\w{7}\./,
    );
    assert.ok(!existsSync(place));
    assert.deepEqual(fingerprint(checkout.root), before);
  });

  test('a lock on the branch that would keep the commit is told, and the commit is not lost', async context => {
    const {checkout, remote, first} = await start(context);
    hook(remote, 'pre-receive', 'exit 1');
    const {make, preview} = await planned(checkout.root, first);
    const lock = path.join(checkout.root, '.git', 'refs', 'heads', `${preview.pullRequestBranch}.lock`);
    mkdirSync(path.dirname(lock), {recursive: true});
    writeFileSync(lock, '');
    const refused = await make();
    assert.equal(refused.retry, true);
    assert.match(refused.message, /The commit \w{40} is made, but no branch could be: [\s\S]*\.lock/);
    assert.match(refused.message, /To keep it: git branch gitops-tui\/revert-prod-\w{7} \w{40}/);
    assert.equal(await checkout.git('cat-file', '-t', refused.commit ?? ''), 'commit');
    rmSync(lock);
    hook(remote, 'pre-receive', 'exit 0');
    assert.equal((await make()).ok, true);
  });

  test('a lock on the tracking branch keeps no push from being told as done', async context => {
    const {checkout, remote, first} = await start(context);
    const {make} = await planned(checkout.root, first);
    writeFileSync(path.join(checkout.root, '.git', 'refs', 'remotes', 'origin', 'main.lock'), '');
    const done = await make();
    assert.equal(done.ok, true, done.message);
    assert.equal(await remote.git('rev-parse', 'main'), done.commit);
  });
});
