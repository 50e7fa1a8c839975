import assert from 'node:assert/strict';
import {chmodSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, type TestContext, test} from 'node:test';
import {openPullRequest, planPullRequest} from '../../source/changes/pull-request.ts';
import {fingerprint} from '../repository/fingerprint.ts';
import {gitIn, newRepository, temporaryFolder, untidy, withRemote} from '../repository/git-folder.ts';
import {contextOf, environment, permitFor} from './context.ts';

const prod = environment('prod');
const words = {title: 'Scale', body: '', draft: false};

async function start(context: TestContext) {
  const base = temporaryFolder(context);
  const started = await withRemote(base, {'envs/prod/web.yaml': 'replicas: 1\n', 'envs/dev/web.yaml': '1\n'});
  return {base, ...started};
}

describe('planPullRequest', () => {
  test("shows the local commits that the remote's branch lacks", async context => {
    const {base, checkout, remote, first} = await start(context);
    // Others went on meanwhile: their commits are no part of it.
    await checkout.git('clone', '--quiet', remote.root, path.join(base, 'other'));
    const other = gitIn(path.join(base, 'other'));
    await other.commit('Theirs', {'theirs.yaml': '1\n'});
    await other.git('push', '--quiet');
    const mine = await checkout.commit('Scale up\n\nFor the sale.', {'envs/prod/web.yaml': 'replicas: 3\n'});
    await untidy(checkout, 'envs/prod/web.yaml');
    const before = fingerprint(checkout.root);
    const changes = await contextOf(checkout.root, [prod]);
    const preview = await planPullRequest(changes, 'prod');
    assert.equal(preview.nothing, null);
    assert.equal(preview.base, 'main');
    assert.equal(preview.head, mine);
    assert.equal(preview.branch, `gitops-tui/prod-${mine.slice(0, 7)}`);
    assert.deepEqual(
      preview.commits.map(commit => commit.sha),
      [mine],
    );
    assert.deepEqual(preview.files, [{path: 'envs/prod/web.yaml', added: 1, removed: 1, binary: false}]);
    assert.match(preview.patch, /^\+replicas: 3$/m);
    assert.deepEqual([preview.title, preview.body], ['Scale up', 'For the sale.']);
    assert.equal(preview.hasToken, false);

    const outcome = await openPullRequest(changes, preview, words, permitFor('pull-request', prod));
    assert.equal(outcome.ok, true, outcome.message);
    assert.equal(await remote.git('rev-parse', preview.branch), mine);
    assert.notEqual(await remote.git('rev-parse', 'main'), first);
    const again = await openPullRequest(changes, preview, words, permitFor('pull-request', prod));
    assert.deepEqual([again.ok, again.branch], [true, preview.branch]);
    assert.deepEqual(fingerprint(checkout.root), before);
  });

  test('says why there is nothing to open', async context => {
    const {base, checkout} = await start(context);
    const changes = await contextOf(checkout.root, [prod]);
    assert.match(
      (await planPullRequest(changes, 'prod')).nothing ?? '',
      /^main has no commit to envs\/prod that origin\/main lacks: commit your changes first$/,
    );
    await checkout.commit('Elsewhere', {'envs/dev/web.yaml': '2\n'});
    const preview = await planPullRequest(changes, 'prod');
    assert.match(preview.nothing ?? '', /no commit to envs\/prod/);
    const outcome = await openPullRequest(changes, preview, words, permitFor('pull-request', prod));
    assert.deepEqual([outcome.ok, outcome.retry, outcome.message], [false, false, preview.nothing]);

    const alone = await newRepository(path.join(base, 'alone'));
    const empty = await contextOf(alone.root, [prod]);
    assert.equal((await planPullRequest(empty, 'prod')).nothing, 'the repository has no commit yet');
    await alone.commit('One');
    assert.match((await planPullRequest(empty, 'prod')).nothing ?? '', /there is no remote/);
  });

  test('a pushed feature branch is compared with the default branch', async context => {
    const {checkout} = await start(context);
    await checkout.git('remote', 'set-head', 'origin', 'main');
    await checkout.git('checkout', '--quiet', '-b', 'feature');
    const one = await checkout.commit('First step', {'envs/prod/web.yaml': 'replicas: 2\n'});
    const two = await checkout.commit('Second step', {'envs/prod/web.yaml': 'replicas: 3\n'});
    await checkout.git('push', '--quiet', '--set-upstream', 'origin', 'feature');
    const preview = await planPullRequest(await contextOf(checkout.root, [prod]), 'prod');
    assert.equal(preview.base, 'main');
    assert.deepEqual(
      preview.commits.map(commit => commit.sha),
      [two, one],
    );
    assert.equal(preview.title, 'Update prod');
    assert.equal(preview.body, `- ${two.slice(0, 7)} Second step\n- ${one.slice(0, 7)} First step`);
    const named = environment('prod', {branch: 'nowhere'});
    const none = await planPullRequest(await contextOf(checkout.root, [named]), 'prod');
    assert.equal(none.nothing, 'origin has no branch nowhere to open a pull request against');
  });

  test('a refusal loses nothing, and can be tried again', async context => {
    const {checkout, remote} = await start(context);
    await checkout.commit('Scale', {'envs/prod/web.yaml': 'replicas: 3\n'});
    const hook = path.join(remote.root, 'hooks', 'pre-receive');
    writeFileSync(hook, '#!/bin/sh\necho no >&2\nexit 1\n');
    chmodSync(hook, 0o755);
    const changes = await contextOf(checkout.root, [prod]);
    const preview = await planPullRequest(changes, 'prod');
    const before = fingerprint(checkout.root);
    const outcome = await openPullRequest(changes, preview, words, permitFor('pull-request', prod));
    assert.deepEqual([outcome.ok, outcome.retry, outcome.branch], [false, true, preview.branch]);
    assert.match(
      outcome.message,
      /origin refused the push: no[\s\S]*Nothing is lost[\s\S]*git push origin \w{40}:refs\/heads\/gitops-tui\/prod-/,
    );
    assert.deepEqual(fingerprint(checkout.root), before);
    await assert.rejects(openPullRequest(changes, preview, words, permitFor('push', prod)), /does not allow/);
  });
});
