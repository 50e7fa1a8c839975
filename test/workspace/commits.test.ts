// The commits of an environment through the session: a real repository, and a cluster that nobody answers for.
import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, type TestContext, test} from 'node:test';
import {pathToFileURL} from 'node:url';
import type {RevisionNote} from '../../source/app/session.ts';
import {run} from '../../source/process/run.ts';
import {openWorkspace} from '../../source/workspace.ts';
import {type GitFolder, newRepository, temporaryFolder} from '../repository/git-folder.ts';

const {signal} = new AbortController();
const kubeconfig = `apiVersion: v1
kind: Config
clusters: [{name: far, cluster: {server: 'https://127.0.0.1:1'}}]
users: [{name: me, user: {token: none}}]
contexts: [{name: prod, context: {cluster: far, user: me}}]
`;
const deployment = (image: string, replicas: number) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: ${replicas}
  template:
    spec:
      containers: [{name: web, image: '${image}'}]
`;
const file = 'environments/prod/web.yaml';

async function repositoryOf(context: TestContext) {
  const base = temporaryFolder(context);
  const folder = await newRepository(path.join(base, 'repo'));
  writeFileSync(path.join(base, 'kubeconfig'), kubeconfig);
  return {base, folder};
}

async function sessionOf(context: TestContext, base: string, root: string) {
  const options = {repository: root, worktree: false, readOnly: true, fetch: false};
  const session = openWorkspace({...options, kubeconfig: path.join(base, 'kubeconfig')});
  context.after(() => session.close());
  await session.load(signal);
  return session;
}

const history = async (folder: GitFolder) => {
  await folder.commit('Start', {[file]: deployment('nginx:1.0', 1)});
  await folder.commit('Elsewhere', {'other.yaml': '1'});
  await folder.commit('Image (#12)', {[file]: deployment('nginx:1.1', 1)});
  await folder.git('tag', 'v1.1');
  return folder.commit('Scale', {
    [file]: deployment('nginx:1.1', 3),
    'environments/prod/flags.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: flags}\n',
  });
};

describe('the commits of an environment', () => {
  test('come as git log has them, with tags and pull requests, without waiting for the cluster', async context => {
    const {base, folder} = await repositoryOf(context);
    const tip = await history(folder);
    const session = await sessionOf(context, base, folder.root);
    const page = await session.revisions('prod', {skip: 0, limit: 2}, signal);
    assert.equal(page.tip, tip);
    assert.deepEqual(
      page.revisions.map(({subject, tags, pullRequest, state}) => [subject, tags, pullRequest?.mark, state]),
      [
        ['Scale', [], undefined, 'unknown'],
        ['Image (#12)', ['v1.1'], '#12', 'unknown'],
      ],
    );
    assert.equal(page.more, true);
    // What is committed meanwhile does not move the pages that follow.
    await folder.commit('Later', {[file]: deployment('nginx:1.2', 3)});
    const rest = await session.revisions('prod', {skip: 2, limit: 2, tip}, signal);
    assert.deepEqual(
      rest.revisions.map(({subject}) => subject),
      ['Start'],
    );
    const short = await session.revisions('prod', {skip: 0, limit: 1, tip: tip.slice(0, 9)}, signal);
    assert.equal(short.tip, tip);
    assert.equal(
      (await session.revisions('prod', {skip: 0, limit: 1}, signal)).revisions[0]?.subject,
      'Later',
    );
  });

  test('what a commit changes is told rendered, of the first one too', async context => {
    const {base, folder} = await repositoryOf(context);
    const tip = await history(folder);
    const session = await sessionOf(context, base, folder.root);
    const {digest, touched, builds} = await session.commitEffect('prod', tip, signal);
    assert.deepEqual([touched, builds], [true, true]);
    assert.deepEqual(
      digest.replicas.map(({id, before, after}) => [id.name, before, after]),
      [['web', 1, 3]],
    );
    assert.deepEqual(
      digest.added.map(({kind, name}) => [kind, name]),
      [['ConfigMap', 'flags']],
    );
    const image = await session.commitEffect('prod', await folder.git('rev-parse', 'HEAD~1'), signal);
    assert.deepEqual(
      image.digest.images.map(({before, after}) => [before, after]),
      [['nginx:1.0', 'nginx:1.1']],
    );
    const elsewhere = await session.commitEffect('prod', await folder.git('rev-parse', 'HEAD~2'), signal);
    assert.equal(elsewhere.touched, false);
    const first = await session.commitEffect('prod', await folder.git('rev-parse', 'HEAD~3'), signal);
    assert.deepEqual(
      first.digest.added.map(({kind}) => kind),
      ['Deployment'],
    );
  });

  test('notes are told as far as they can be', async context => {
    const {base, folder} = await repositoryOf(context);
    const key = path.join(base, 'key');
    assert.equal((await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])).exitCode, 0);
    await folder.commit('Start', {[file]: deployment('nginx:1.0', 1)});
    const config = ['-c', 'gpg.format=ssh', '-c', `user.signingKey=${key}`];
    folder.write(file, deployment('nginx:1.0', 2));
    await folder.git(...config, 'commit', '-q', '-a', '-S', '-m', 'Signed');
    const session = await sessionOf(context, base, folder.root);
    const {tip, revisions} = await session.revisions('prod', {skip: 0, limit: 9}, signal);
    const told: RevisionNote[] = [];
    const shas = revisions.map(({sha}) => sha);
    // Nothing was compared and nobody answers: the signatures are told all the same.
    const about = ['state', 'signature', 'differences'] as const;
    for (let time = 0; time < 2; time++) {
      told.length = 0;
      await session.revisionNotes('prod', {tip, shas, about}, signal, note => told.push(note));
      const verdicts = shas.map(
        sha => told.find(note => note.sha === sha && note.signature)?.signature?.verdict,
      );
      assert.deepEqual(verdicts, ['unchecked', 'none']);
      assert.deepEqual(
        told.flatMap(({state}) => state ?? []),
        ['unknown', 'unknown'],
      );
      assert.ok(told.every(({differences}) => differences === undefined));
    }
    const aborted = AbortSignal.abort(new Error('enough'));
    await assert.rejects(
      session.revisionNotes('prod', {tip, shas, about}, aborted, () => assert.fail('told')),
      /enough/,
    );
  });

  test('a repository without commits says so; a shallow one says where it ends', async context => {
    const {base, folder} = await repositoryOf(context);
    writeFileSync(
      path.join(folder.root, '.gitops-tui.yaml'),
      'environments: [{name: prod, path: environments/prod, context: prod}]\n',
    );
    const empty = await sessionOf(context, base, folder.root);
    await assert.rejects(empty.revisions('prod', {skip: 0, limit: 1, quick: true}, signal), /no commit yet/);

    await history(folder);
    const clone = path.join(base, 'clone');
    await folder.git('clone', '--quiet', '--depth=1', pathToFileURL(folder.root).href, clone);
    const shallow = await sessionOf(context, base, clone);
    const page = await shallow.revisions('prod', {skip: 0, limit: 9}, signal);
    assert.deepEqual([page.revisions.length, page.more, page.missing], [1, false, 'shallow']);
    // It looks like a first commit, and changed next to nothing.
    await assert.rejects(shallow.commitEffect('prod', page.tip, signal), /was not cloned/);
  });
});
