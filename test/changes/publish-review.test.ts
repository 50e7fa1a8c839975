import assert from 'node:assert/strict';
import {chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, type TestContext, test} from 'node:test';
import {makeChange} from '../../source/changes/make.ts';
import {planChange} from '../../source/changes/plan.ts';
import type {ChangeContext} from '../../source/changes/publish.ts';
import {Standings} from '../../source/changes/standing.ts';
import {templateFor, withTemplate} from '../../source/changes/template.ts';
import type {KnownForges} from '../../source/forges/known.ts';
import type {Forge, ForgeKind, Rights} from '../../source/forges/types.ts';
import {openRepository} from '../../source/repository/open.ts';
import {fingerprint} from '../repository/fingerprint.ts';
import {newRepository, temporaryFolder, withRemote} from '../repository/git-folder.ts';
import {contextOf, environment, permitFor} from './context.ts';

const prod = environment('prod');
const order = {via: 'pull-request', title: 'Go back', body: 'Because.\nReally.', draft: true} as const;

/** A checkout with two commits whose origin is, for the code under test, on a forge; what git pushes to is a folder. */
async function onForge(t: TestContext, kind: ForgeKind, rights: Rights | null) {
  const {checkout, remote} = await withRemote(temporaryFolder(t), {'envs/prod/web.yaml': 'replicas: 1\n'});
  await checkout.git('config', 'user.name', 'Ada');
  await checkout.git('config', 'user.email', 'ada@example.com');
  await checkout.commit('Scale', {'envs/prod/web.yaml': 'replicas: 3\n'});
  await checkout.git('push', '--quiet');
  const repository = {forge: kind, host: `${kind}.example.com`, path: 'shop/e'};
  const forge = rights === null ? null : ({repository, rights: async () => rights} as unknown as Forge);
  const token = rights === null ? null : {value: 't', from: 'a test'};
  const forges = {of: async () => ({repository, token, forge})} as unknown as KnownForges;
  const plain = await contextOf(checkout.root, [prod]);
  const url = `https://${repository.host}/shop/e.git`;
  const context: ChangeContext = {
    ...plain,
    repository: {...plain.repository, remote: async () => ({name: 'origin', url})},
    forges,
    standings: new Standings(forges),
  };
  const target = {kind: 'revert', environment: 'prod', target: 'HEAD~1', mode: 'restore'} as const;
  const plan = () => planChange(context, target);
  const make = async () => {
    const preview = await plan();
    return {preview, outcome: await makeChange(context, preview, order, permitFor('pull-request', prod))};
  };
  return {checkout, remote, plan, make};
}

function hook(root: string, name: string, script: string): void {
  const file = path.join(root, 'hooks', name);
  writeFileSync(file, `#!/bin/sh\n${script}`);
  chmodSync(file, 0o755);
}

describe('without a token', () => {
  test("GitLab's push options open the merge request, and its page is read from the answer", async t => {
    const {checkout, remote, make} = await onForge(t, 'gitlab', null);
    await remote.git('config', 'receive.advertisePushOptions', 'true');
    hook(
      remote.root,
      'post-receive',
      `i=0; while [ $i -lt "$GIT_PUSH_OPTION_COUNT" ]; do eval "printf '%s\\\\n' \\"\\$GIT_PUSH_OPTION_$i\\"" >> options; i=$((i+1)); done
echo 'View merge request for the branch:'
echo '  https://evil.example.com/shop/e/-/merge_requests/9'
echo '  https://gitlab.example.com/shop/e/-/merge_requests/7'
`,
    );
    const before = fingerprint(checkout.root);
    const {outcome, preview} = await make();
    assert.ok(outcome.ok && outcome.pullRequest?.opened, outcome.message);
    assert.deepEqual(
      [outcome.pullRequest.url, outcome.pullRequest.number, outcome.branch],
      ['https://gitlab.example.com/shop/e/-/merge_requests/7', 7, preview.pullRequestBranch],
    );
    assert.deepEqual(
      (await remote.git('show', `${outcome.branch}:envs/prod/web.yaml`)).trim(),
      'replicas: 1',
    );
    assert.deepEqual(readFileSync(path.join(remote.root, 'options'), 'utf8').trimEnd().split('\n'), [
      'merge_request.create',
      'merge_request.target=main',
      'merge_request.title=Go back',
      'merge_request.description=Because.\\nReally.',
      'merge_request.draft',
    ]);
    assert.deepEqual(fingerprint(checkout.root), before);
  });

  test('a server that takes no push options still gets the branch, and the page is named', async t => {
    const {remote, make} = await onForge(t, 'gitlab', null);
    await remote.git('config', 'receive.advertisePushOptions', 'false');
    const {outcome, preview} = await make();
    assert.equal(outcome.ok, true, outcome.message);
    assert.ok(outcome.pullRequest?.opened === false);
    assert.match(
      outcome.pullRequest.compareUrl ?? '',
      /merge_requests\/new\?merge_request%5Bsource_branch%5D=/,
    );
    assert.match(outcome.message, /there is no token for gitlab\.example\.com/);
    assert.equal(await remote.git('rev-parse', preview.pullRequestBranch), outcome.commit);
  });

  test('a refusal by a hook keeps the commit, whichever way was tried', async t => {
    const {remote, checkout, make} = await onForge(t, 'gitlab', null);
    await remote.git('config', 'receive.advertisePushOptions', 'true');
    hook(remote.root, 'pre-receive', 'echo the freeze is on >&2\nexit 1\n');
    const {outcome} = await make();
    assert.deepEqual([outcome.ok, outcome.retry], [false, true]);
    assert.match(outcome.message, /origin refused the push: the freeze is on[\s\S]*Nothing is lost/);
    assert.equal(await checkout.git('rev-parse', outcome.branch), outcome.commit);
  });
});

test('who may not push and has no fork is told what to do, and nothing is pushed', async t => {
  const rights = {push: false, straight: false, reason: 'GitHub lets you read', forkOf: null};
  const {checkout, remote, make} = await onForge(t, 'github', rights);
  const {preview, outcome} = await make();
  assert.equal(preview.pushRefused, 'GitHub lets you read: changes go through a pull request');
  assert.match(preview.plan.warnings?.join() ?? '', /no pull request can be opened from here/);
  assert.equal(outcome.ok, false);
  assert.match(
    outcome.message,
    /no remote is a fork of yours: fork it on GitHub, git remote add fork https:\/\/github\.example\.com\/YOUR-NAME\/e\.git/,
  );
  assert.equal(await remote.git('branch', '--list', 'gitops-tui/*'), '');
  assert.equal(await checkout.git('rev-parse', outcome.branch), outcome.commit, 'the commit waits here');
});

test('what the forge does not tell is a warning, and leaves the push to the user', async t => {
  const rights = {
    push: true,
    straight: null,
    reason: 'GitHub shows its rules to administrators',
    forkOf: null,
  };
  const {plan} = await onForge(t, 'github', rights);
  const preview = await plan();
  assert.equal(preview.pushRefused, null);
  assert.deepEqual(preview.plan.warnings?.slice(-1), [
    'it is not known whether a push is taken: GitHub shows its rules to administrators',
  ]);
});

describe('the template', () => {
  test("is the forge's own choice at the base's tip; a link is none", async t => {
    const folder = await newRepository(temporaryFolder(t));
    mkdirSync(path.join(folder.root, '.github'));
    symlinkSync('/etc/passwd', path.join(folder.root, '.github', 'pull_request_template.md'));
    const linked = await folder.commit('Link', {'docs/pull_request_template.md': 'From docs\u001B[31m\n'});
    const own = await folder.commit('Own', {
      '.gitlab/merge_request_templates/Default.md': 'For GitLab\n',
      'PULL_REQUEST_TEMPLATE.md': 'At the root\n',
    });
    const repository = await openRepository(folder.root);
    assert.deepEqual(await templateFor(repository, 'github', 'main', linked), {
      path: 'docs/pull_request_template.md',
      text: 'From docs',
    });
    assert.equal((await templateFor(repository, 'github', 'main', own))?.text, 'At the root');
    assert.equal((await templateFor(repository, 'gitlab', 'main', own))?.text, 'For GitLab');
    assert.equal(await templateFor(repository, 'gitlab', 'main', linked), null);
  });

  test('goes under what was written, once', () => {
    const template = {path: 'x.md', text: '- [ ] tested'};
    assert.equal(withTemplate('Because.', template), 'Because.\n\n- [ ] tested');
    assert.equal(withTemplate('Because.\n\n- [ ] tested', template), 'Because.\n\n- [ ] tested');
    assert.equal(withTemplate(' ', template), '- [ ] tested');
    assert.equal(withTemplate('Because.', null), 'Because.');
  });
});
