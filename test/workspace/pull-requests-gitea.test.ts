import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, type TestContext, test} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import type {ChangeOrder, PullRequestSeen, Session} from '../../source/app/session.ts';
import {openWorkspace} from '../../source/workspace.ts';
import {type Gitea, realGitea} from '../gitea/gitea.ts';
import {fingerprint} from '../repository/fingerprint.ts';
import {type GitFolder, gitIn, temporaryFolder} from '../repository/git-folder.ts';

interface World {
  gitea: Gitea;
  /** `/repos/ada/NAME`, for requests of the test's own. */
  path: string;
  name: string;
  /** Ada's clone, with main checked out and pushed. */
  clone: GitFolder;
  /** A session of a user on a checkout. */
  session(user: 'ada' | 'bob' | null, more?: {fetch: boolean}): Promise<Session>;
}

const config = (name: string, isProtected: boolean) =>
  `  - {name: ${name}, path: environments/${name}, branch: main, protected: ${isProtected}}\n`;
const deployment = (replicas: number) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec: {replicas: ${replicas}}\n`;
const never = new AbortController().signal;

async function world(t: TestContext): Promise<World | undefined> {
  const gitea = await realGitea(t);
  if (gitea === undefined) return undefined;
  const name = `environments-${randomBytes(4).toString('hex')}`;
  await gitea.api('ada', 'POST', '/user/repos', {name, default_branch: 'main'});
  const root = path.join(temporaryFolder(t), 'clone');
  const {host} = new URL(gitea.url);
  const folder = gitIn(path.dirname(root));
  await folder.git('init', '--quiet', '--initial-branch=main', root);
  const clone = gitIn(root);
  const kubeconfig = path.join(path.dirname(root), 'kubeconfig');
  writeFileSync(kubeconfig, '{apiVersion: v1, kind: Config, contexts: [], clusters: [], users: []}');
  await clone.git('config', 'user.name', 'Ada');
  await clone.git('config', 'user.email', 'ada@example.com');
  await clone.git('remote', 'add', 'origin', `http://ada:${gitea.tokens.ada}@${host}/ada/${name}.git`);
  await clone.commit('Begin', {
    '.gitops-tui.yaml': `environments:\n${config('staging', false)}${config('production', true)}`,
    'environments/staging/web.yaml': deployment(1),
    'environments/production/web.yaml': deployment(1),
    '.gitea/pull_request_template.md': '- [ ] the runbook is up to date\n',
  });
  await clone.commit('Scale staging up', {'environments/staging/web.yaml': deployment(3)});
  await clone.git('push', '--quiet', '--set-upstream', 'origin', 'main');
  const known = () => gitea.api('ada', 'GET', `/repos/ada/${name}/branches/main`).then(Boolean, () => false);
  while (!(await known())) await sleep(50);
  return {
    gitea,
    path: `/repos/ada/${name}`,
    name,
    clone,
    async session(user, more = {fetch: true}) {
      const env = {
        PATH: process.env['PATH'],
        GIT_CONFIG_GLOBAL: '/dev/null',
        GITEA_SERVER_URL: gitea.url,
        ...(user === null ? {} : {GITEA_TOKEN: gitea.tokens[user]}),
      };
      const session = openWorkspace({
        ...more,
        repository: root,
        kubeconfig,
        worktree: false,
        readOnly: false,
        forge: {env, apiBase: gitea.url},
      });
      t.after(() => session.close());
      await session.load(never);
      return session;
    },
  };
}

const order = (via: ChangeOrder['via'], more: Partial<ChangeOrder> = {}): ChangeOrder => ({
  via,
  title: 'Go back',
  body: 'Three were too many.',
  draft: false,
  ...more,
});
const toFirst = {kind: 'revert', environment: 'staging', target: 'main~1', mode: 'restore'} as const;

/** Gitea takes note of a push, and finds out whether it conflicts, in the background. */
async function settled(session: Session, number: number) {
  for (;;) {
    const state = await session.pullRequest(number, never);
    if (state.mergeability.verdict !== 'checking') return state;
    await sleep(100);
  }
}

/** While it is finding out, Gitea says "Please try again later": what it says then is what counts. */
async function afterwards<T>(what: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await what();
    } catch (error) {
      if (!/try again later/.test(String(error))) throw error;
      await sleep(100);
    }
  }
}

describe('pull requests of a session, on a real Gitea', () => {
  test('listed by what they touch, rendered, followed live, merged by the protected name', async t => {
    const it = await world(t);
    if (it === undefined) return;
    const {clone, gitea} = it;
    // Somebody else's commit, which this checkout has never seen.
    const elsewhere = path.join(temporaryFolder(t), 'other');
    await clone.git('clone', '--quiet', await clone.git('remote', 'get-url', 'origin'), elsewhere);
    const other = gitIn(elsewhere);
    const head = await other.commit('Scale production up', {
      'environments/production/web.yaml': deployment(5),
    });
    await other.git('push', '--quiet', 'origin', 'HEAD:scale');
    const opened = {head: 'scale', base: 'main', title: 'Scale production up'};
    await gitea.api('ada', 'POST', `${it.path}/pulls`, opened);
    const before = fingerprint(clone.root);
    const session = await it.session('ada');

    const all = await session.pullRequests(null, never);
    assert.ok(all.forge === 'Gitea');
    assert.deepEqual(
      all.requests.map(({number, title, environments}) => ({number, title, environments})),
      [{number: 1, title: 'Scale production up', environments: ['production']}],
    );
    const staging = await session.pullRequests('staging', never);
    assert.ok(staging.forge !== null);
    assert.deepEqual(staging.requests, []);
    const [request] = all.requests;
    assert.ok(request !== undefined);

    const effect = await session.pullRequestChange(request, {cluster: 'no'}, never);
    assert.deepEqual(
      effect.files.map(file => file.path),
      ['environments/production/web.yaml'],
    );
    assert.match(effect.patch, /^\+spec: \{replicas: 5\}$/m);
    assert.deepEqual(
      effect.effects.map(({environment, rendered}) => [
        environment,
        rendered.digest.replicas.map(({before: was, after}) => [was, after]),
      ]),
      [['production', [[1, 5]]]],
    );

    // What others do to it comes by itself.
    const seen: PullRequestSeen[] = [];
    const leaving = new AbortController();
    const said = Promise.withResolvers<void>();
    const followed = session.followPullRequest(1, leaving.signal, look => {
      seen.push(look);
      said.resolve();
    });
    await said.promise;
    leaving.abort();
    await followed;
    assert.equal(seen[0]?.state?.pullRequest.head, head);
    assert.equal(seen[0]?.error, null);

    const ready = await settled(session, 1);
    assert.equal(ready.mergeability.verdict, 'allowed');
    const merge = {number: 1, head, method: 'merge', deleteBranch: true} as const;
    await assert.rejects(
      session.mergePullRequest(merge, 'yes', never),
      /production is protected: its name must be typed/,
    );
    await assert.rejects(
      session.mergePullRequest(merge, {typed: 'staging'}, never),
      /"staging" is not production/,
    );
    const merged = await afterwards(() => session.mergePullRequest(merge, {typed: 'production'}, never));
    assert.ok(merged.merged);
    const [tip] = (await clone.git('ls-remote', 'origin', 'refs/heads/main')).split('\t');
    assert.equal(merged.sha, tip);
    assert.deepEqual(fingerprint(clone.root), before);
  });

  test('a branch that the forge protects refuses the push before it is tried; the pull request has it all', async t => {
    const it = await world(t);
    if (it === undefined) return;
    const {clone, gitea} = it;
    const session = await it.session('ada');
    assert.deepEqual(
      (await session.forgeRules(never)).map(({environment, straight}) => [environment, straight]),
      [
        ['staging', true],
        ['production', true],
      ],
    );
    // With --no-fetch nothing is asked of the app's own accord.
    assert.deepEqual(await (await it.session('ada', {fetch: false})).forgeRules(never), []);
    await gitea.api('ada', 'POST', `${it.path}/branch_protections`, {rule_name: 'main', enable_push: false});
    await gitea.api('ada', 'POST', `${it.path}/labels`, {name: 'gitops', color: '#ff0000'});
    await gitea.api('ada', 'PUT', `${it.path}/collaborators/bob`, {permission: 'write'});
    const guarded = await it.session('ada');
    const preview = await guarded.planChange(toFirst, never);
    assert.equal(
      preview.pushRefused,
      'Gitea protects main from your pushes: changes go through a pull request',
    );
    await assert.rejects(
      guarded.makeChange(preview, order('push'), 'yes', never),
      /Gitea protects main from your pushes/,
    );
    const before = fingerprint(clone.root);
    const outcome = await guarded.makeChange(
      preview,
      order('pull-request', {draft: true, labels: ['gitops'], reviewers: ['bob']}),
      'yes',
      never,
    );
    assert.ok(outcome.ok && outcome.pullRequest?.opened, outcome.message);
    const found = (await gitea.api('ada', 'GET', `${it.path}/pulls/1`)) as Record<string, unknown>;
    assert.equal(found['title'], 'WIP: Go back');
    assert.equal(found['body'], 'Three were too many.\n\n- [ ] the runbook is up to date');
    assert.match(JSON.stringify(found['labels']), /"gitops"/);
    assert.match(JSON.stringify(found['requested_reviewers']), /"bob"/);
    assert.deepEqual(fingerprint(clone.root), before);
    const {pullRequest} = await guarded.updatePullRequest(1, {draft: false}, 'yes', never);
    assert.equal(pullRequest.title, 'Go back');
  });

  test('without a token the push itself opens it (AGit), and once more changes nothing', async t => {
    const it = await world(t);
    if (it === undefined) return;
    const {gitea, clone} = it;
    const session = await it.session(null);
    const preview = await session.planChange(toFirst, never);
    assert.equal(preview.pushRefused, null);
    const outcome = await session.makeChange(preview, order('pull-request'), 'yes', never);
    assert.ok(outcome.ok && outcome.pullRequest?.opened, outcome.message);
    assert.equal(outcome.pullRequest.url, `${gitea.url}/ada/${it.name}/pulls/1`);
    const found = (await gitea.api('ada', 'GET', `${it.path}/pulls/1`)) as Record<string, unknown>;
    assert.equal(found['title'], 'Go back');
    assert.match(String(found['body']), /Three were too many\.\n\n- \[ \] the runbook/);
    assert.equal(await clone.git('ls-remote', '--heads', 'origin', 'gitops-tui/*'), '');
    const again = await session.makeChange(preview, order('pull-request'), 'yes', never);
    assert.ok(again.ok, again.message);
    assert.equal(((await gitea.api('ada', 'GET', `${it.path}/pulls`)) as unknown[]).length, 1);

    const none = await session.pullRequests(null, never);
    assert.ok(none.forge === null);
    assert.match(none.reason, /there is no token for 127\.0\.0\.1:\d+: set GITEA_TOKEN/);
    assert.equal(none.url, `https://${new URL(gitea.url).host}/ada/${it.name}/pulls`);
  });

  test('who may not push is told so, and goes by AGit, or by a fork of theirs', async t => {
    const it = await world(t);
    if (it === undefined) return;
    const {gitea, clone} = it;
    const {host} = new URL(gitea.url);
    const as = (owner: string) => `http://bob:${gitea.tokens.bob}@${host}/${owner}/${it.name}.git`;
    await clone.git('remote', 'set-url', 'origin', as('ada'));
    const first = await (await it.session('bob')).planChange(toFirst, never);
    assert.equal(
      first.pushRefused,
      'Gitea lets you read this repository, not push to it: changes go through a pull request',
    );
    assert.match(first.plan.warnings?.join() ?? '', /the commits go to refs\/for\/main/);

    await gitea.api('bob', 'POST', `${it.path}/forks`, {});
    await clone.git('remote', 'add', 'mine', as('bob'));
    const session = await it.session('bob');
    const preview = await session.planChange(toFirst, never);
    assert.match(
      preview.plan.warnings?.join() ?? '',
      new RegExp(`the branch goes to your fork bob/${it.name} \\(mine\\), and the pull request leads across`),
    );
    const outcome = await session.makeChange(preview, order('pull-request'), 'yes', never);
    assert.ok(outcome.ok && outcome.pullRequest?.opened, outcome.message);
    assert.match(outcome.message, /of your fork bob\//);
    const listed = await (await it.session('ada')).pullRequests('staging', never);
    assert.ok(listed.forge !== null);
    assert.deepEqual(
      listed.requests.map(({number, fork, author}) => [number, fork, author]),
      [[1, `bob/${it.name}`, 'bob']],
    );
    const [request] = listed.requests;
    assert.ok(request !== undefined);
    const effect = await session.pullRequestChange(request, {cluster: 'no'}, never);
    assert.deepEqual(
      effect.effects.map(({environment, rendered}) => [environment, rendered.digest.replicas[0]?.after]),
      [['staging', 1]],
    );
  });
});
