import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import {describe, type TestContext, test} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import {ForgeError} from '../../source/forges/error.ts';
import {openForge} from '../../source/forges/open-forge.ts';
import {openOrUpdate, openPullRequest} from '../../source/forges/open-pull-request.ts';
import {probeForge} from '../../source/forges/probe.ts';
import {openingPush, pageInPushAnswer} from '../../source/forges/push-options.ts';
import type {Forge, MergeOrder, PullRequestDraft} from '../../source/forges/types.ts';
import {run} from '../../source/process/run.ts';
import {type Gitea, realGitea} from '../gitea/gitea.ts';
import {type GitFolder, gitIn, temporaryFolder} from '../repository/git-folder.ts';

interface World {
  gitea: Gitea;
  /** `/repos/ada/NAME`, for requests of the test's own. */
  path: string;
  forge: Forge;
  /** A clone on the branch `change`, which is pushed, one commit ahead of `main`. */
  clone: GitFolder;
  head: string;
  draft: PullRequestDraft;
}

/** A repository of its own on the real Gitea, with a branch to open a pull request of. */
async function world(t: TestContext, options: {private?: boolean} = {}): Promise<World | undefined> {
  const gitea = await realGitea(t);
  if (gitea === undefined) return undefined;
  const name = `environments-${randomBytes(4).toString('hex')}`;
  await gitea.api('ada', 'POST', '/user/repos', {name, private: options.private ?? false});
  const path = `/repos/ada/${name}`;
  const root = temporaryFolder(t);
  const clone = gitIn(root);
  await clone.git('init', '--quiet', '--initial-branch=main');
  const {host} = new URL(gitea.url);
  await clone.git('remote', 'add', 'origin', `http://ada:${gitea.tokens.ada}@${host}/ada/${name}.git`);
  await clone.commit('Begin', {
    'production/web.yaml': 'replicas: 1\n',
    'staging/old.yaml': 'a: 1\nb: 2\nc: 3\n',
    'README.md': 'Shop\n',
  });
  await clone.git('switch', '--quiet', '--create', 'change');
  await clone.git('mv', 'staging/old.yaml', 'staging/new.yaml');
  const head = await clone.commit('Scale up', {'production/web.yaml': 'replicas: 3\n'});
  await clone.git('push', '--quiet', 'origin', 'main', 'change');
  // What is pushed to an empty repository comes into Gitea's own books a little later.
  const known = () => gitea.api('ada', 'GET', `${path}/branches/change`).then(Boolean, () => false);
  while (!(await known())) await sleep(50);
  const repository = {forge: 'gitea', host, path: `ada/${name}`} as const;
  const forge = await openForge(repository, {
    token: {value: gitea.tokens.ada, from: 'a test'},
    apiBase: gitea.url,
  });
  const draft = {
    base: 'main',
    branch: 'change',
    title: 'Scale up ☃',
    body: 'Because.\n\nReally.',
    draft: false,
  };
  return {gitea, path, forge, clone, head, draft};
}

const isError = (reason: ForgeError['reason'], words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof ForgeError, String(error));
  assert.equal(error.reason, reason, error.message);
  assert.match(error.message, words);
  return true;
};

/** Gitea takes note of a push, and finds out whether it conflicts, in the background. */
async function settled(forge: Forge, number: number, head: string) {
  for (;;) {
    const state = await forge.state(number);
    if (state.mergeability.verdict !== 'checking' && state.pullRequest.head === head) return state;
    await sleep(100);
  }
}

/** While it is finding out, Gitea says "Please try again later": what it says then is what counts. */
async function mergeAfterwards(forge: Forge, number: number, order: MergeOrder) {
  for (;;) {
    try {
      return await forge.merge(number, order);
    } catch (error) {
      if (!(error instanceof ForgeError) || !/try again later/.test(error.message)) throw error;
      await sleep(100);
    }
  }
}

describe('a real Gitea', () => {
  test('opens a pull request, finds it, lists it, and says which files it changes', async t => {
    const it = await world(t);
    if (it === undefined) return;
    const {forge, draft, head, gitea} = it;
    assert.equal(await forge.findOpen(draft), null);
    assert.deepEqual(await forge.list(), []);
    const {pullRequest, notes} = await forge.open({...draft, draft: true});
    assert.deepEqual(notes, []);
    assert.deepEqual(
      {...pullRequest, updatedAt: null},
      {
        number: 1,
        url: `${gitea.url}/${forge.repository.path}/pulls/1`,
        title: 'WIP: Scale up ☃',
        state: 'open',
        draft: true,
        author: 'ada',
        branch: 'change',
        base: 'main',
        head,
        fork: null,
        updatedAt: null,
      },
    );
    assert.equal((await forge.findOpen(draft))?.number, 1);
    assert.equal(await forge.findOpen({...draft, base: 'other'}), null);
    assert.deepEqual(
      (await forge.list()).map(request => request.number),
      [1],
    );
    assert.deepEqual((await forge.files(1)).sort(), [
      'production/web.yaml',
      'staging/new.yaml',
      'staging/old.yaml',
    ]);
    const state = await forge.state(1);
    assert.equal(state.mergeability.verdict, 'blocked');
    assert.match(state.mergeability.reasons.join(), /draft/);
  });

  test('tells which pull request brought a commit', async t => {
    const it = await world(t);
    if (it === undefined) return;
    const {forge, draft, head} = it;
    const {pullRequest} = await forge.open(draft);
    await settled(forge, pullRequest.number, head);
    const merged = await mergeAfterwards(forge, pullRequest.number, {head, method: 'squash'});
    assert.ok(merged.merged && merged.sha !== null);
    // Found out in the background, too.
    for (;;) {
      const found = (await forge.ofCommit?.(merged.sha)) ?? [];
      if (found.length === 0) {
        await sleep(100);
        continue;
      }
      assert.deepEqual(
        found.map(({number, state, title}) => [number, state, title]),
        [[pullRequest.number, 'merged', draft.title]],
      );
      break;
    }
  });

  test('brings the open one up to date; a name with a slash is found as well', async t => {
    const it = await world(t);
    if (it === undefined) return;
    const {forge, clone, path, gitea} = it;
    const branch = 'gitops-tui/revert-1';
    await clone.git('push', '--quiet', 'origin', `change:refs/heads/${branch}`);
    const draft = {...it.draft, branch, draft: true};
    assert.equal((await openOrUpdate(forge, draft)).updated, false);
    await assert.rejects(forge.open(draft), isError('exists', /open pull request already/));
    const again = await openOrUpdate(forge, {...draft, title: 'Scale down', body: 'Changed.'});
    assert.equal(again.updated, true);
    assert.equal(again.pullRequest.number, 1);
    // What people made of it stays: a draft is one still, under its new title.
    assert.equal(again.pullRequest.title, 'WIP: Scale down');
    assert.equal(((await gitea.api('ada', 'GET', `${path}/pulls/1`)) as {body: string}).body, 'Changed.');
    const ready = await forge.update(1, {draft: false});
    assert.equal(ready.pullRequest.title, 'Scale down');
    assert.equal(ready.pullRequest.draft, false);
  });

  test('sets labels and asks for reviews; what it does not know is a note, not a failure', async t => {
    const it = await world(t);
    if (it === undefined) return;
    const {forge, draft, path, gitea} = it;
    await gitea.api('ada', 'POST', `${path}/labels`, {name: 'gitops', color: '#ff0000'});
    await gitea.api('ada', 'PUT', `${path}/collaborators/bob`, {permission: 'write'});
    const {notes} = await forge.open({...draft, labels: ['gitops', 'unheard-of'], reviewers: ['bob']});
    assert.deepEqual(notes, ['the label "unheard-of" was not set: the repository has none of that name']);
    const found = (await gitea.api('ada', 'GET', `${path}/pulls/1`)) as {labels: {name: string}[]};
    assert.deepEqual(
      found.labels.map(label => label.name),
      ['gitops'],
    );
    assert.deepEqual(
      (await forge.state(1)).reviews.map(({author, verdict}) => ({author, verdict})),
      [{author: 'bob', verdict: 'requested'}],
    );
    const more = await forge.update(1, {reviewers: ['nobody-at-all']});
    assert.match(more.notes.join(), /no review was asked for/);
  });

  test('shows checks, reviews and comments, and merges when the branch lets it, exactly what was seen', async t => {
    const it = await world(t);
    if (it === undefined) return;
    const {forge, draft, path, gitea, head, clone} = it;
    await gitea.api('ada', 'PUT', `${path}/collaborators/bob`, {permission: 'write'});
    await gitea.api('ada', 'POST', `${path}/branch_protections`, {
      rule_name: 'main',
      required_approvals: 1,
      enable_status_check: true,
      status_check_contexts: ['ci/test'],
      block_on_rejected_reviews: true,
    });
    await forge.open(draft);

    const fresh = await settled(forge, 1, head);
    assert.deepEqual(fresh.protection, {approvals: 1, checks: ['ci/test']});
    assert.deepEqual(fresh.checks, [
      {name: 'ci/test', result: 'waiting', required: true, url: null, summary: null},
    ]);
    assert.deepEqual(fresh.mergeability, {
      verdict: 'blocked',
      reasons: ['required checks have not ended: ci/test', '0 of 1 approvals are given'],
    });
    assert.ok(fresh.methods.includes('squash'));
    await assert.rejects(forge.merge(1, {head, method: 'merge'}), isError('blocked', /Gitea/));

    await gitea.api('ada', 'POST', `${path}/statuses/${head}`, {
      context: 'ci/test',
      state: 'failure',
      description: '2 tests failed',
      target_url: 'https://ci.example.com/1',
    });
    await gitea.api('bob', 'POST', `${path}/pulls/1/reviews`, {
      event: 'REQUEST_CHANGES',
      body: 'Three are too many.',
      commit_id: head,
      comments: [{path: 'production/web.yaml', new_position: 1, body: 'Two\u001b[31m?'}],
    });
    await gitea.api('bob', 'POST', `${path}/issues/1/comments`, {body: 'Or one?'});
    const bad = await settled(forge, 1, head);
    assert.deepEqual(bad.checks, [
      {
        name: 'ci/test',
        result: 'failed',
        required: true,
        url: 'https://ci.example.com/1',
        summary: '2 tests failed',
      },
    ]);
    assert.deepEqual(
      bad.reviews.map(({author, verdict}) => ({author, verdict})),
      [{author: 'bob', verdict: 'changes-requested'}],
    );
    assert.deepEqual(bad.mergeability, {
      verdict: 'blocked',
      reasons: [
        'required checks did not pass: ci/test',
        'changes are requested by bob',
        '0 of 1 approvals are given',
      ],
    });
    assert.deepEqual(
      bad.comments
        .map(({author, body, file, line, resolved}) => ({author, body, file, line, resolved}))
        .sort((a, b) => (a.body < b.body ? -1 : 1)),
      [
        {author: 'bob', body: 'Or one?', file: null, line: null, resolved: null},
        {author: 'bob', body: 'Three are too many.', file: null, line: null, resolved: null},
        {author: 'bob', body: 'Two?', file: 'production/web.yaml', line: 1, resolved: false},
      ],
    );

    await gitea.api('ada', 'POST', `${path}/statuses/${head}`, {context: 'ci/test', state: 'success'});
    await gitea.api('bob', 'POST', `${path}/pulls/1/reviews`, {event: 'APPROVED', commit_id: head});
    const good = await settled(forge, 1, head);
    assert.deepEqual(good.mergeability, {verdict: 'allowed', reasons: []});

    // Somebody pushes after we looked: not what was seen, not merged.
    const newer = await clone.commit('One more', {'production/web.yaml': 'replicas: 4\n'});
    await clone.git('push', '--quiet', 'origin', 'change');
    await gitea.api('ada', 'POST', `${path}/statuses/${newer}`, {context: 'ci/test', state: 'success'});
    assert.deepEqual((await settled(forge, 1, newer)).mergeability, {verdict: 'allowed', reasons: []});
    const old = {head, method: 'merge'} as const;
    await assert.rejects(mergeAfterwards(forge, 1, old), isError('moved', /moved since you looked/));
    const merged = await mergeAfterwards(forge, 1, {head: newer, method: 'squash', deleteBranch: true});
    assert.ok(merged.merged);
    await clone.git('fetch', '--quiet', '--prune', 'origin');
    assert.equal(merged.sha, await clone.git('rev-parse', 'origin/main'));
    assert.equal(await clone.git('show', 'origin/main:production/web.yaml'), 'replicas: 4');
    assert.equal(await clone.git('branch', '--remotes', '--list', 'origin/change'), '');
    const after = await forge.state(1);
    assert.equal(after.pullRequest.state, 'merged');
    assert.deepEqual(after.mergeability, {verdict: 'blocked', reasons: ['it is merged already']});
  });

  test('says who may push where, and opens a pull request from a fork', async t => {
    const it = await world(t);
    if (it === undefined) return;
    const {forge, gitea, path, clone, draft, head} = it;
    const {repository} = forge;
    const as = (value: string, of = repository) =>
      openForge(of, {token: {value, from: 'a test'}, apiBase: gitea.url});
    const bob = await as(gitea.tokens.bob);
    assert.deepEqual(await forge.rights('main'), {push: true, straight: true, reason: null, forkOf: null});
    const reader = await bob.rights('main');
    assert.deepEqual([reader.push, reader.straight], [false, false]);
    assert.match(reader.reason ?? '', /lets you read this repository/);

    // Bob's own fork takes his branch, and the pull request leads across.
    await gitea.api('bob', 'POST', `${path}/forks`, {});
    const name = repository.path.split('/')[1] ?? '';
    const fork = {...repository, path: `bob/${name}`};
    assert.deepEqual(await (await as(gitea.tokens.bob, fork)).rights(null), {
      push: true,
      straight: null,
      reason: null,
      forkOf: repository.path,
    });
    await clone.git(
      'push',
      '--quiet',
      `http://bob:${gitea.tokens.bob}@${repository.host}/${fork.path}.git`,
      'change:refs/heads/gitops-tui/x',
    );
    const across = {...draft, branch: 'gitops-tui/x', fork: fork.path};
    const opened = await openOrUpdate(bob, across);
    assert.equal(opened.updated, false);
    assert.equal(opened.pullRequest.fork, fork.path);
    assert.equal(opened.pullRequest.head, head);
    assert.equal((await openOrUpdate(bob, across)).updated, true);
    assert.equal(await forge.findOpen({...draft, branch: 'gitops-tui/x'}), null);

    await gitea.api('ada', 'PUT', `${path}/collaborators/bob`, {permission: 'write'});
    await gitea.api('ada', 'POST', `${path}/branch_protections`, {rule_name: 'main', enable_push: false});
    const writer = await bob.rights('main');
    assert.deepEqual([writer.push, writer.straight], [true, false]);
    assert.match(writer.reason ?? '', /Gitea protects main/);
    assert.deepEqual((await bob.rights('change')).straight, true);
    const straight = ['push', '--porcelain', 'origin', 'change:main'];
    const refused = await run('git', straight, {cwd: clone.root});
    assert.notEqual(refused.exitCode, 0);
    assert.match(refused.stdout + refused.stderr, /protected branch/i);
  });

  test('a push alone opens one, and another push changes it', async t => {
    const it = await world(t);
    if (it === undefined) return;
    const {forge, clone, draft, gitea, path} = it;
    const {host} = forge.repository;
    const push = openingPush('gitea', {...draft, branch: 'gitops-tui/x', draft: true});
    assert.ok(push !== null);
    const send = async () => {
      const options = push.options.flatMap(option => ['--push-option', option]);
      const args = ['push', '--porcelain', ...options, 'origin', `change:${push.ref}`];
      const result = await run('git', args, {cwd: clone.root});
      assert.equal(result.exitCode, 0, result.stderr);
      return pageInPushAnswer(result.stderr, host);
    };
    assert.equal(await send(), `${gitea.url}/${forge.repository.path}/pulls/1`);
    const found = (await gitea.api('ada', 'GET', `${path}/pulls/1`)) as {title: string; body: string};
    assert.deepEqual([found.title, found.body], ['WIP: Scale up ☃', draft.body]);
    const next = await clone.commit('One more', {'production/web.yaml': 'replicas: 4\n'});
    assert.equal(await send(), `${gitea.url}/${forge.repository.path}/pulls/1`);
    assert.equal((await settled(forge, 1, next)).pullRequest.number, 1);
  });

  test('a conflict is no merge', async t => {
    const it = await world(t);
    if (it === undefined) return;
    const {forge, draft, clone, head} = it;
    await clone.git('switch', '--quiet', 'main');
    await clone.commit('Scale elsewhere', {'production/web.yaml': 'replicas: 9\n'});
    await clone.git('push', '--quiet', 'origin', 'main');
    await forge.open(draft);
    await assert.rejects(forge.merge(1, {head, method: 'merge'}), isError('blocked', /Gitea/));
  });

  test('refusals say what to do', async t => {
    const it = await world(t, {private: true});
    if (it === undefined) return;
    const {forge, draft, gitea} = it;
    const {repository} = forge;
    const as = (value: string) => openForge(repository, {token: {value, from: 'a test'}, apiBase: gitea.url});
    await assert.rejects(
      (await as('no-such-token')).list(),
      isError('unauthorized', /does not accept the token/),
    );
    await assert.rejects(
      (await as(gitea.tokens.bob)).list(),
      isError('not-found', /a private one needs a token/),
    );
    const access = {repository, token: {value: gitea.tokens.bob, from: 'a test'}};
    const result = await openPullRequest(access, draft, {apiBase: gitea.url});
    assert.ok(!result.opened);
    assert.equal(result.compareUrl, `https://${repository.host}/${repository.path}/compare/main...change`);
    assert.doesNotMatch(JSON.stringify(result), new RegExp(gitea.tokens.bob));
    await assert.rejects(forge.open({...draft, branch: 'never-pushed'}), ForgeError);
    await assert.rejects(forge.state(99), isError('not-found', /no such/));
  });

  test('is recognised by what it answers to anybody', async t => {
    const gitea = await realGitea(t);
    if (gitea === undefined) return;
    assert.equal(await probeForge(gitea.url), 'gitea');
  });
});
