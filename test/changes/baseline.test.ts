import assert from 'node:assert/strict';
import {chmodSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {lastKnownGood, makeBaseline, planBaseline} from '../../source/changes/baseline.ts';
import {planChange} from '../../source/changes/plan.ts';
import {permit} from '../../source/engines/permission.ts';
import {fingerprint} from '../repository/fingerprint.ts';
import {
  gitIn,
  identify,
  newRepository,
  temporaryFolder,
  untidy,
  withRemote,
} from '../repository/git-folder.ts';
import {contextOf, environment, permitFor} from './context.ts';

const prod = environment('prod');

async function start(context: TestContext) {
  const base = temporaryFolder(context);
  const {checkout, remote, first} = await withRemote(base, {'envs/prod/web.yaml': 'replicas: 1\n'});
  const second = await checkout.commit('Scale', {'envs/prod/web.yaml': 'replicas: 3\n'});
  await checkout.git('push', '--quiet');
  await identify(checkout);
  await untidy(checkout, 'envs/prod/web.yaml');
  return {base, checkout, remote, first, second};
}

test('a revision is marked, shared, and found as the last known good one by others', async context => {
  const {base, checkout, remote, first, second} = await start(context);
  const before = fingerprint(checkout.root);
  const changes = await contextOf(checkout.root, [prod]);
  await assert.rejects(lastKnownGood(changes.repository, prod), {
    message: /no revision of prod is marked as known good/,
    fix: /b in its revisions, or gitops-tui baseline prod COMMIT/,
  });
  const preview = await planBaseline(changes, {environment: 'prod', commit: first.slice(0, 8)});
  assert.deepEqual([preview.commit?.sha, preview.known, preview.remote], [first, [], 'origin']);
  const made = await makeBaseline(changes, preview, 'Held over\nthe weekend.', permitFor('baseline', prod));
  assert.equal(made.ok, true, made.message);
  assert.match(made.tag ?? '', new RegExp(`^gitops-tui/good/prod/\\d{8}-\\d{6}-${first.slice(0, 7)}$`));
  assert.equal(await remote.git('rev-parse', `${made.tag}^{commit}`), first);
  assert.equal(
    await remote.git(
      'for-each-ref',
      '--format=%(objecttype) %(taggername) %(contents)',
      `refs/tags/${made.tag}`,
    ),
    `tag Grace Hopper Known good: prod at ${first.slice(0, 7)}\n\nHeld over\nthe weekend.\n\nEnvironment: prod\n`,
  );
  assert.deepEqual(fingerprint(checkout.root), before);

  await checkout.git('clone', '--quiet', '--no-tags', remote.root, path.join(base, 'other'));
  const other = gitIn(path.join(base, 'other'));
  const theirs = fingerprint(other.root);
  const elsewhere = await contextOf(other.root, [prod]);
  const {baseline} = await lastKnownGood(elsewhere.repository, prod);
  assert.deepEqual(
    [baseline.commit, baseline.by, baseline.note, baseline.isSigned],
    [first, 'Grace Hopper', 'Held over\nthe weekend.', false],
  );
  const revert = await planChange(elsewhere, {
    kind: 'revert',
    environment: 'prod',
    target: null,
    mode: 'restore',
  });
  assert.ok(revert.kind === 'revert');
  assert.equal(revert.request.target, first);
  assert.match(
    revert.plan.warnings?.join() ?? '',
    /marked as known good by Grace Hopper on \d{4}-\d\d-\d\d, not signed: gitops-tui\/good\/prod\//,
  );
  assert.deepEqual(
    revert.plan.undone.map(({sha}) => sha),
    [second],
  );
  assert.deepEqual(fingerprint(other.root), theirs);
});

test('the newest mark counts, of this environment, and only annotated tags of commits', async context => {
  const {checkout, first, second} = await start(context);
  const changes = await contextOf(checkout.root, [prod]);
  const good = (name: string) => `gitops-tui/good/prod/${name}`;
  const tag = async (name: string, commit: string, of: string) =>
    checkout.git('tag', '--annotate', '-m', `Known good\n\nEnvironment: ${of}`, good(name), commit);
  await tag('20260101-000000-a', second, 'prod');
  await tag('20250101-000000-b', first, 'prod');
  // A name that becomes the same part of a ref is another environment.
  await tag('20270101-000000-c', second, 'prod!');
  await tag('20270101-000000-d', second, 'live');
  await checkout.git('tag', good('20270101-000000-e'), second);
  await checkout.git(
    'tag',
    '--annotate',
    '-m',
    'x\n\nEnvironment: prod',
    good('20270101-000000-f'),
    `${second}^{tree}`,
  );
  const {known} = await planBaseline(changes, {environment: 'prod', commit: null});
  assert.deepEqual(
    known.map(mark => mark.tag),
    [good('20250101-000000-b'), good('20260101-000000-a')],
  );
  assert.equal((await lastKnownGood(changes.repository, prod)).baseline.commit, first, 'made last');
});

test('a remote that takes no tags, or is out of reach, is told; the mark is not lost nor made twice', async context => {
  const {checkout, remote, first} = await start(context);
  const hook = path.join(remote.root, 'hooks', 'pre-receive');
  writeFileSync(hook, '#!/bin/sh\necho "tags are made by CI"; exit 1\n');
  chmodSync(hook, 0o755);
  const before = fingerprint(checkout.root);
  const changes = await contextOf(checkout.root, [prod]);
  const preview = await planBaseline(changes, {environment: 'prod', commit: first});
  const refused = await makeBaseline(changes, preview, '', permitFor('baseline', prod));
  assert.equal(refused.ok, false);
  assert.equal(refused.retry, true);
  assert.match(
    refused.message,
    /^origin does not take the tag: tags are made by CI\npre-receive hook declined\n.*only in this repository: others don't see it yet\.\nTry again, or by hand: git push origin gitops-tui\/good\/prod\//,
  );
  assert.equal((await lastKnownGood(changes.repository, prod)).baseline.commit, first);
  writeFileSync(hook, '#!/bin/sh\nexit 0\n');
  const again = await makeBaseline(changes, preview, '', permitFor('baseline', prod));
  assert.deepEqual([again.ok, again.tag], [true, refused.tag]);

  assert.deepEqual(fingerprint(checkout.root), before);

  await checkout.git('remote', 'set-url', 'origin', `${remote.root}-gone`);
  const {known, warnings} = await planBaseline(changes, {environment: 'prod', commit: null});
  assert.equal(known.length, 1);
  assert.match(warnings.join(), /origin could not be asked for baselines of others/);
});

test('it is signed where tag.gpgSign says so, needs an identity, and a folder that was there', async context => {
  const {base, checkout, first} = await start(context);
  await checkout.git('remote', 'remove', 'origin');
  const changes = await contextOf(checkout.root, [prod, environment('later')]);
  await assert.rejects(
    planBaseline(changes, {environment: 'later', commit: first}),
    /envs\/later does not exist at/,
  );
  const preview = await planBaseline(changes, {environment: 'prod', commit: first});
  const mark = () => makeBaseline(changes, preview, '', permitFor('baseline', prod));
  await checkout.git('config', '--unset', 'user.email');
  assert.match((await mark()).message, /git does not know who commits/);
  await identify(checkout);
  const signer = path.join(base, 'signer');
  const users = path.join(base, 'config');
  await checkout.git('config', '--file', users, 'gpg.program', signer);
  await checkout.git('config', '--file', users, 'tag.gpgSign', 'true');
  const before = process.env['GIT_CONFIG_GLOBAL'];
  process.env['GIT_CONFIG_GLOBAL'] = users;
  context.after(() => {
    process.env['GIT_CONFIG_GLOBAL'] = before;
  });
  writeFileSync(signer, '#!/bin/sh\ncat >/dev/null; exit 2\n', {mode: 0o755});
  assert.match((await mark()).message, /the tag could not be signed/);
  assert.equal(await checkout.git('tag', '--list'), '');
  writeFileSync(
    signer,
    '#!/bin/sh\ncat >/dev/null; echo "[GNUPG:] SIG_CREATED " >&2; echo "-----BEGIN PGP SIGNATURE-----"; echo "-----END PGP SIGNATURE-----"\n',
  );
  const made = await mark();
  assert.match(made.message, /there is no remote to share it on/);
  assert.equal((await lastKnownGood(changes.repository, prod)).baseline.isSigned, true);
});

test('a protected environment is marked only by who types its name, and never read-only', () => {
  const live = environment('live', {protected: true});
  const asked = (confirmed: 'yes' | {typed: string}, readOnly = false) =>
    permit('baseline', live, {readOnly}, confirmed).allowed;
  assert.equal(asked('yes'), false);
  assert.equal(asked({typed: 'prod'}), false);
  assert.equal(asked({typed: 'live'}), true);
  assert.equal(asked({typed: 'live'}, true), false);
});

test('a bare repository and one without a remote can be marked, too', async context => {
  const base = temporaryFolder(context);
  const folder = await newRepository(path.join(base, 'repo'));
  const first = await folder.commit('One', {'envs/prod/a.yaml': '1'});
  await folder.git('clone', '--quiet', '--bare', '.', path.join(base, 'bare.git'));
  const bare = gitIn(path.join(base, 'bare.git'));
  await bare.git('remote', 'remove', 'origin');
  await identify(bare);
  const changes = await contextOf(bare.root, [prod]);
  const preview = await planBaseline(changes, {environment: 'prod', commit: 'main'});
  assert.equal((await makeBaseline(changes, preview, '', permitFor('baseline', prod))).ok, true);
  assert.equal((await lastKnownGood(changes.repository, prod)).baseline.commit, first);
});
