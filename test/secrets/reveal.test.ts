// One secret value, read from git and a real cluster at the moment at which it is asked for.
import assert from 'node:assert/strict';
import path from 'node:path';
import {test} from 'node:test';
import type {Session} from '../../source/app/session.ts';
import {stringifyJson} from '../../source/resources/json.ts';
import {openWorkspace} from '../../source/workspace.ts';
import {useCluster} from '../cluster/shared.ts';
import {newRepository, temporaryFolder} from '../repository/git-folder.ts';

const signal = new AbortController().signal;
const bytes = Buffer.from([0, 1, 2, 250, 251, 252, 253]).toString('base64');

test('a value is revealed only with the flag, from each side, as far as the user may read it', async t => {
  const cluster = await useCluster(t);
  if (!cluster) return;
  const namespace = await cluster.namespace('reveal');
  const secret = (data: Record<string, string>) =>
    stringifyJson({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {name: 'login'},
      stringData: data,
      data: {bytes},
    });
  const repository = await newRepository(path.join(temporaryFolder(t), 'infra'));
  await repository.commit('Start', {
    '.gitops-tui.yaml': stringifyJson({environments: [{name: 'test', path: 'deploy', namespace}]}),
    'deploy/login.yaml': secret({password: 'in git', onlyGit: 'here', escape: '\u001B]52;c;aGk=\u0007x'}),
  });
  await cluster.kubectl(['-n', namespace, 'apply', '-f', '-'], {
    input: secret({password: 'live', onlyLive: 'there'}),
  });
  const opened = async (context: string, revealSecrets: boolean): Promise<Session> => {
    const session = openWorkspace({
      ...{repository: repository.root, kubeconfig: cluster.kubeconfig, context, worktree: false},
      ...{readOnly: true, revealSecrets},
    });
    t.after(() => session.close());
    await session.load(signal);
    return session;
  };
  const [admin, nobody, masked] = await Promise.all([
    opened('admin', true),
    opened('nobody', true),
    opened('admin', false),
  ]);
  const reveal = (session: Session, key: string, name = 'login') =>
    session.reveal('test', {namespace, name, liveName: name, key}, signal);

  await t.test('both sides', async () => {
    assert.deepEqual(await reveal(admin, 'password'), {git: {text: 'in git'}, live: {text: 'live'}});
  });
  await t.test('a key that one side lacks', async () => {
    const none = {none: 'it has no such key'};
    assert.deepEqual(await reveal(admin, 'onlyGit'), {git: {text: 'here'}, live: none});
    assert.deepEqual(await reveal(admin, 'onlyLive'), {git: none, live: {text: 'there'}});
  });
  await t.test('bytes say their number', async () => {
    assert.deepEqual(await reveal(admin, 'bytes'), {git: {bytes: 7}, live: {bytes: 7}});
  });
  await t.test("what rings a terminal's bell is no text", async () => {
    assert.deepEqual((await reveal(admin, 'escape')).git, {bytes: 13});
  });
  await t.test('a Secret that is nowhere', async () => {
    assert.deepEqual(await reveal(admin, 'password', 'other'), {
      git: {none: 'git has no such Secret'},
      live: {none: 'it is not live'},
    });
  });
  await t.test('a user who may not read Secrets sees git only', async () => {
    const {git, live} = await reveal(nobody, 'password');
    assert.deepEqual(git, {text: 'in git'});
    assert.match('none' in live ? live.none : '', /^not allowed to read it: .*cannot get resource "secrets"/);
  });
  await t.test('without the flag nobody does', async () => {
    await assert.rejects(reveal(masked, 'password'), /only where --reveal-secrets asks for it/);
  });
});
