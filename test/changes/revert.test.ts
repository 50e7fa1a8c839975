import assert from 'node:assert/strict';
import {chmodSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import path from 'node:path';
import {describe, type TestContext, test} from 'node:test';
import {makeChange} from '../../source/changes/make.ts';
import {planChange} from '../../source/changes/plan.ts';
import type {ChangeOrder, RevertRequest} from '../../source/changes/types.ts';
import {branchPart} from '../../source/environments/branch.ts';
import {fingerprint} from '../repository/fingerprint.ts';
import {
  gitIn,
  identify,
  newRepository,
  temporaryFolder,
  untidy,
  withRemote,
} from '../repository/git-folder.ts';
import {contextOf, environment, forgesOf, permitFor} from './context.ts';

const prod = environment('prod');
const dev = environment('dev');
const guarded = environment('live', {protected: true});

function wish(target: string, name = 'prod', mode: RevertRequest['mode'] = 'restore'): RevertRequest {
  return {kind: 'revert', environment: name, target, mode};
}

function order(via: ChangeOrder['via']): ChangeOrder {
  return {via, title: 'Go back', body: 'Because.', draft: false};
}

/** A checkout as untidy as real ones, whose remote has a commit to go back from. */
async function start(context: TestContext) {
  const base = temporaryFolder(context);
  const {checkout, remote, first} = await withRemote(base, {
    'envs/prod/web.yaml': 'replicas: 1\n',
    'envs/dev/web.yaml': 'replicas: 1\n',
    'envs/live/web.yaml': 'replicas: 1\n',
    'base/web.yaml': 'a: 1\n',
  });
  const second = await checkout.commit('Scale', {'envs/prod/web.yaml': 'replicas: 3\n'});
  await checkout.git('push', '--quiet');
  await identify(checkout);
  await untidy(checkout, 'envs/prod/web.yaml');
  return {base, checkout, remote, first, second};
}

function hook(folder: string, name: string, body: string): void {
  const file = path.join(folder, 'hooks', name);
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
}

describe('revert by push', () => {
  test('puts one commit on the remote and leaves the checkout byte for byte', async context => {
    const {checkout, remote, first, second} = await start(context);
    const before = fingerprint(checkout.root);
    const changes = await contextOf(checkout.root, [prod, dev]);
    const preview = await planChange(changes, wish(first.slice(0, 8)));
    assert.equal(preview.pushRefused, null);
    assert.deepEqual(preview.alsoAffects, []);
    assert.equal(preview.pullRequestBranch, `gitops-tui/revert-prod-${first.slice(0, 7)}`);
    const outcome = await makeChange(changes, preview, order('push'), permitFor('push', prod));
    assert.equal(outcome.ok, true, outcome.message);
    assert.match(outcome.message, /^pushed \w{7} to origin\/main; your checkout is as it was/);
    const sha = await remote.git('rev-parse', 'main');
    assert.equal(outcome.commit, sha);
    assert.equal(await remote.git('rev-parse', 'main^'), second);
    assert.equal(await remote.git('show', 'main:envs/prod/web.yaml'), 'replicas: 1');
    assert.equal(
      await remote.git('log', '-1', '--format=%an|%B', 'main'),
      `Grace Hopper|Go back\n\nBecause.\n\nReverts-To: ${first}\nEnvironment: prod\n`,
    );
    assert.deepEqual(fingerprint(checkout.root), before);
    assert.equal(await checkout.git('for-each-ref', 'refs/heads/gitops-tui'), '', 'nothing is left over');
  });

  test('what the remote’s newest commit calls protected is, though nothing here says so yet', async context => {
    const {base, checkout, remote, first} = await start(context);
    const other = path.join(base, 'other');
    await remote.git('clone', '--quiet', '--', remote.root, other);
    const colleague = gitIn(other);
    await identify(colleague);
    await colleague.commit('Protect', {
      '.gitops-tui.yaml': 'environments:\n  - {name: prod, path: envs/prod, protected: true}\n',
    });
    await colleague.git('push', '--quiet');
    const changes = await contextOf(checkout.root, [prod, dev]);
    const preview = await planChange(changes, wish(first));
    assert.match(preview.pushRefused ?? '', /prod is protected/);
    const outcome = await makeChange(changes, preview, order('push'), permitFor('push', prod));
    assert.equal(outcome.ok, false);
    assert.equal((await planChange(changes, wish(first, 'dev'))).pushRefused, null);
  });

  test('a protection is not taken away by a push that takes its file back', async context => {
    const {checkout, first} = await start(context);
    await checkout.git('stash', 'push', '--quiet', '--include-untracked');
    const others = await checkout.commit('Note', {'envs/live/web.yaml': 'replicas: 2\n'});
    const config = 'environments:\n  - {name: live, path: envs/live, protected: true}\n';
    await checkout.commit('Protect', {'.gitops-tui.yaml': config});
    await checkout.git('push', '--quiet');
    const all = environment('all', {path: ''});
    const changes = await contextOf(checkout.root, [all, guarded]);
    const preview = await planChange(changes, wish(others, 'all'));
    assert.deepEqual(
      preview.plan.files.map(file => file.path),
      ['.gitops-tui.yaml'],
    );
    assert.match(preview.pushRefused ?? '', /\.gitops-tui\.yaml, which protects live/);
    assert.match((await planChange(changes, wish(first, 'all'))).pushRefused ?? '', /live too/);
  });

  test('a refused commit waits on a local branch, and goes out as it is on the second try', async context => {
    const {checkout, remote, first} = await start(context);
    hook(remote.root, 'pre-receive', 'echo "policy says no" >&2; exit 1');
    const before = fingerprint(checkout.root);
    const changes = await contextOf(checkout.root, [prod]);
    const preview = await planChange(changes, wish(first));
    const refused = await makeChange(changes, preview, order('push'), permitFor('push', prod));
    assert.equal(refused.ok, false);
    assert.equal(refused.retry, true);
    assert.equal(refused.branch, preview.pullRequestBranch);
    assert.match(
      refused.message,
      /origin refused the push: policy says no\npre-receive hook declined\nNothing is lost: the commit \w{7} is on the local branch gitops-tui\/revert-prod-\w{7}\.\n.*git push origin gitops-tui\/revert-prod-\w{7}:main/,
    );
    assert.equal(await checkout.git('rev-parse', refused.branch), refused.commit);
    assert.deepEqual(fingerprint(checkout.root), before);

    const again = await makeChange(changes, preview, order('push'), permitFor('push', prod));
    assert.equal(again.commit, refused.commit, 'no second commit');
    assert.equal(
      await checkout.git('for-each-ref', '--format=%(refname)', 'refs/heads/gitops-tui'),
      `refs/heads/${refused.branch}`,
    );

    hook(remote.root, 'pre-receive', 'exit 0');
    const done = await makeChange(changes, preview, order('push'), permitFor('push', prod));
    assert.equal(done.ok, true, done.message);
    assert.equal(await remote.git('rev-parse', 'main'), refused.commit);
    assert.equal(
      await checkout.git('for-each-ref', 'refs/heads/gitops-tui'),
      '',
      'the branch has done its work',
    );
  });

  test('a branch that moved gives the plan on its new tip, to be confirmed again', async context => {
    const {base, checkout, remote, first} = await start(context);
    const changes = await contextOf(checkout.root, [prod]);
    const preview = await planChange(changes, wish(first));
    await checkout.git('clone', '--quiet', remote.root, path.join(base, 'other'));
    const other = gitIn(path.join(base, 'other'));
    const theirs = await other.commit('Theirs', {'envs/prod/new.yaml': 'a: 1\n', readme: 'x\n'});
    await other.git('push', '--quiet');
    const before = fingerprint(checkout.root);
    const moved = await makeChange(changes, preview, order('push'), permitFor('push', prod));
    assert.equal(moved.ok, false);
    assert.match(moved.message, /origin\/main has moved: the plan was made again on its new tip/);
    assert.equal(moved.newPreview?.plan.base, theirs);
    assert.deepEqual(
      moved.newPreview?.plan.files.map(file => file.path),
      ['envs/prod/new.yaml', 'envs/prod/web.yaml'],
    );
    assert.equal(await remote.git('rev-parse', 'main'), theirs);
    assert.deepEqual(fingerprint(checkout.root), before);
    assert.ok(moved.newPreview);
    const done = await makeChange(changes, moved.newPreview, order('push'), permitFor('push', prod));
    assert.equal(done.ok, true, done.message);
    assert.equal(
      await remote.git('ls-tree', '-r', '--name-only', 'main', 'envs/prod', 'readme'),
      'envs/prod/web.yaml\nreadme',
    );
  });

  test('a remote out of reach keeps the commit', async context => {
    const {checkout, remote, first} = await start(context);
    const changes = await contextOf(checkout.root, [prod]);
    await checkout.git('remote', 'set-url', 'origin', `${remote.root}-gone`);
    const preview = await planChange(changes, wish(first));
    assert.match(preview.plan.warnings?.join() ?? '', /could not be asked/);
    const outcome = await makeChange(changes, preview, order('push'), permitFor('push', prod));
    assert.equal(outcome.ok, false);
    assert.equal(outcome.retry, true);
    assert.match(outcome.message, /^origin could not be reached: /);
    assert.equal(await checkout.git('rev-parse', outcome.branch), outcome.commit);
  });

  test('without an identity says so and makes nothing', async context => {
    const {checkout, first} = await start(context);
    await checkout.git('config', '--unset', 'user.email');
    const changes = await contextOf(checkout.root, [prod]);
    const preview = await planChange(changes, wish(first));
    const outcome = await makeChange(changes, preview, order('push'), permitFor('push', prod));
    assert.deepEqual([outcome.ok, outcome.commit, outcome.retry], [false, null, true]);
    assert.match(outcome.message, /git does not know who commits[\s\S]*git config --global user\.name/);
  });
});

describe('revert without a remote', () => {
  test('a checked-out branch stays where it is: the commit is on a branch of its own', async context => {
    const folder = await newRepository(path.join(temporaryFolder(context), 'repo'));
    await identify(folder);
    const first = await folder.commit('One', {'envs/prod/a.yaml': '1\n'});
    const second = await folder.commit('Two', {'envs/prod/a.yaml': '2\n'});
    await untidy(folder, 'envs/prod/a.yaml');
    const before = fingerprint(folder.root);
    const changes = await contextOf(folder.root, [prod]);
    const preview = await planChange(changes, wish(first));
    const outcome = await makeChange(changes, preview, order('push'), permitFor('push', prod));
    assert.equal(outcome.ok, true);
    assert.match(
      outcome.message,
      /main is checked out, and your checkout is left alone.*is on the new branch gitops-tui\/revert-prod-/,
    );
    assert.equal(await folder.git('rev-parse', 'main'), second);
    assert.equal(await folder.git('rev-parse', outcome.branch), outcome.commit);
    assert.deepEqual(fingerprint(folder.root), before);
  });

  test('another branch, and a bare repository, move on; one that moved meanwhile does not', async context => {
    const base = temporaryFolder(context);
    const folder = await newRepository(path.join(base, 'repo'));
    await identify(folder);
    const first = await folder.commit('One', {'envs/prod/a.yaml': '1\n'});
    await folder.commit('Two', {'envs/prod/a.yaml': '2\n'});
    await folder.git('checkout', '--quiet', '-b', 'elsewhere');
    const onMain = environment('prod', {branch: 'main'});
    const changes = await contextOf(folder.root, [onMain]);
    const preview = await planChange(changes, wish(first));
    const outcome = await makeChange(changes, preview, order('push'), permitFor('push', onMain));
    assert.match(outcome.message, /^main is now at \w{7}; there is no remote/);
    assert.equal(await folder.git('rev-parse', 'main'), outcome.commit);

    const stale = await makeChange(
      changes,
      preview,
      {...order('push'), title: 'Again'},
      permitFor('push', onMain),
    );
    assert.match(stale.message, /main has moved meanwhile/);
    assert.equal(await folder.git('rev-parse', 'main'), outcome.commit);

    await folder.git('clone', '--quiet', '--bare', '.', path.join(base, 'bare.git'));
    const bare = gitIn(path.join(base, 'bare.git'));
    await bare.git('remote', 'remove', 'origin');
    await identify(bare);
    await bare.git('update-ref', 'refs/heads/elsewhere', 'main~1');
    const inBare = await contextOf(bare.root, [prod]);
    const barePreview = await planChange(inBare, wish(first));
    const bareOutcome = await makeChange(inBare, barePreview, order('push'), permitFor('push', prod));
    assert.equal(await bare.git('rev-parse', 'elsewhere'), bareOutcome.commit, bareOutcome.message);
  });
});

describe('protection', () => {
  test('a protected environment is never pushed to, nor through a commit that is about another', async context => {
    const {checkout, remote, first} = await start(context);
    await checkout.git('stash', 'push', '--quiet', '--include-untracked');
    const both = await checkout.commit('Both', {
      'envs/prod/web.yaml': 'replicas: 4\n',
      'envs/live/web.yaml': 'replicas: 4\n',
    });
    await checkout.git('push', '--quiet');
    const changes = await contextOf(checkout.root, [prod, dev, guarded]);
    const back = wish(first, 'prod', 'revert-commits');
    const preview = await planChange(changes, back);
    assert.deepEqual(preview.alsoAffects, ['live']);
    assert.match(preview.pushRefused ?? '', /it changes live too, which is protected/);
    const outcome = await makeChange(changes, preview, order('push'), permitFor('push', prod));
    assert.deepEqual([outcome.ok, outcome.commit], [false, null]);
    assert.equal(await remote.git('rev-parse', 'main'), both);

    const direct = await planChange(changes, wish(first, 'live'));
    assert.match(direct.pushRefused ?? '', /live is protected/);
    const opened = await makeChange(
      changes,
      direct,
      order('pull-request'),
      permitFor('pull-request', guarded),
    );
    assert.equal(opened.ok, true, opened.message);
    assert.equal(await remote.git('rev-parse', 'main'), both);
    assert.equal(await remote.git('rev-parse', direct.pullRequestBranch), opened.commit);
  });

  test('a permit for something else is no permit', async context => {
    const {checkout, first} = await start(context);
    const changes = await contextOf(checkout.root, [prod, dev]);
    const preview = await planChange(changes, wish(first));
    for (const wrong of [permitFor('pull-request', prod), permitFor('push', dev)])
      await assert.rejects(makeChange(changes, preview, order('push'), wrong), /does not allow push of prod/);
  });

  test('environments that are made of a changed file are named, of the same branch only', async context => {
    const {checkout, first} = await start(context);
    await checkout.git('stash', 'push', '--quiet', '--include-untracked');
    await checkout.commit('Base', {'base/web.yaml': 'a: 2\n', 'envs/prod/web.yaml': 'replicas: 9\n'});
    await checkout.git('push', '--quiet');
    const elsewhere = environment('other', {branch: 'other', path: ''});
    const changes = await contextOf(checkout.root, [prod, dev, elsewhere], {
      sourceFiles: async ({name}) => (name === 'dev' ? new Set(['base/web.yaml']) : undefined),
    });
    const wanted = wish(first, 'prod', 'revert-commits');
    assert.deepEqual((await planChange(changes, wanted)).alsoAffects, ['dev']);
  });
});

describe('revert by pull request', () => {
  test('pushes a branch and opens the pull request; trying again changes nothing', async context => {
    const {checkout, remote, first, second} = await start(context);
    const requests: string[] = [];
    const server = createServer((request, response) => {
      requests.push(`${request.method} ${request.url?.replace(/\?.*/, '')}`);
      const side = {ref: 'main', sha: 'c'.repeat(40), repo: {full_name: 'shop/e'}};
      const about = {title: 'Revert', state: 'open', head: side, base: side};
      const found = {number: 3, html_url: 'https://github.com/shop/e/pull/3', ...about};
      const isList = request.method === 'GET';
      const known = requests.filter(line => line.startsWith('POST')).length > 0;
      response.writeHead(request.method === 'POST' ? 201 : 200, {'content-type': 'application/json'});
      response.end(JSON.stringify(isList ? (known ? [found] : []) : found));
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    context.after(() => server.close());
    const {port} = server.address() as AddressInfo;
    const changes = await contextOf(checkout.root, [guarded, {...prod, protected: true}], {
      ...forgesOf({env: {GH_TOKEN: 't'}, apiBase: `http://127.0.0.1:${port}`}),
    });
    const before = fingerprint(checkout.root);
    const preview = await planChange(changes, wish(first));
    const allowed = permitFor('pull-request', prod);
    const repository = changes.repository;
    const named = {
      ...changes,
      repository: {...repository, remote: async () => ({name: 'origin', url: 'git@github.com:shop/e.git'})},
    };
    const outcome = await makeChange(named, preview, order('pull-request'), allowed);
    assert.equal(outcome.ok, true, outcome.message);
    assert.deepEqual(outcome.pullRequest, {
      opened: true,
      url: 'https://github.com/shop/e/pull/3',
      number: 3,
      updated: false,
    });
    assert.equal(await remote.git('rev-parse', `${outcome.branch}^`), second);
    assert.equal(await remote.git('rev-parse', 'main'), second, 'the branch itself stays');
    const again = await makeChange(named, preview, order('pull-request'), allowed);
    assert.equal(again.ok, true, again.message);
    assert.equal(again.commit, outcome.commit);
    assert.equal(again.branch, outcome.branch);
    assert.deepEqual(again.pullRequest, {
      opened: true,
      url: 'https://github.com/shop/e/pull/3',
      number: 3,
      updated: true,
    });
    const ofPulls = requests.filter(line => line.includes('/pulls'));
    assert.deepEqual(ofPulls, [
      'GET /repos/shop/e/pulls',
      'POST /repos/shop/e/pulls',
      'GET /repos/shop/e/pulls',
      'PATCH /repos/shop/e/pulls/3',
    ]);
    assert.deepEqual(fingerprint(checkout.root), before);
  });

  test('a branch of that name with other commits is left alone', async context => {
    const {checkout, remote, first} = await start(context);
    const changes = await contextOf(checkout.root, [prod]);
    const preview = await planChange(changes, wish(first));
    await checkout.git('push', '--quiet', 'origin', `${first}:refs/heads/${preview.pullRequestBranch}`);
    await remote.git(
      'update-ref',
      `refs/heads/${preview.pullRequestBranch}`,
      await remote.git('commit-tree', '-m', 'Theirs', 'main^{tree}'),
    );
    const theirs = await remote.git('rev-parse', preview.pullRequestBranch);
    const outcome = await makeChange(
      changes,
      preview,
      order('pull-request'),
      permitFor('pull-request', prod),
    );
    assert.equal(outcome.ok, true, outcome.message);
    assert.equal(outcome.branch, `${preview.pullRequestBranch}-2`);
    assert.equal(await remote.git('rev-parse', preview.pullRequestBranch), theirs);
    assert.equal(await remote.git('rev-parse', outcome.branch), outcome.commit);
    assert.match(outcome.message, /is on no forge that is known/);
  });

  test('a refused branch keeps the commit here', async context => {
    const {checkout, remote, first} = await start(context);
    hook(remote.root, 'update', 'echo "no branches" >&2; exit 1');
    const changes = await contextOf(checkout.root, [prod]);
    const preview = await planChange(changes, wish(first));
    const outcome = await makeChange(
      changes,
      preview,
      order('pull-request'),
      permitFor('pull-request', prod),
    );
    assert.deepEqual([outcome.ok, outcome.retry, outcome.branch], [false, true, preview.pullRequestBranch]);
    assert.match(outcome.message, /origin refused the push: no branches\n[\s\S]*\nNothing is lost/);
    assert.equal(await checkout.git('rev-parse', outcome.branch), outcome.commit);
  });
});

test('a plan needs an environment and a branch', async context => {
  const {checkout, first} = await start(context);
  const changes = await contextOf(checkout.root, [prod]);
  await assert.rejects(planChange(changes, wish(first, 'none')), /there is no environment "none"/);
  await checkout.git('checkout', '--quiet', '--detach');
  await assert.rejects(planChange(changes, wish(first)), /HEAD is detached: prod has no branch/);
});

test('a name as part of a branch', () => {
  for (const [name, part] of [
    ['production', 'production'],
    ['EU / live ☃', 'EU-live'],
    ['..', 'environment'],
    ['a..b', 'a.b'],
    ['.hidden', 'hidden'],
    ['x.lock', 'x'],
    ['-x', 'x'],
    ['a~^:?*[b', 'a-b'],
  ] as const)
    assert.equal(branchPart(name), part, name);
});
