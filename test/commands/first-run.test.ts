// What somebody meets who starts it for the first time: the session on a real repository, with and without a kubeconfig.
import assert from 'node:assert/strict';
import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {test} from 'node:test';
import {run} from '../../source/process/run.ts';
import {openWorkspace} from '../../source/workspace.ts';

const kubeconfig = `apiVersion: v1
kind: Config
clusters: [{name: far, cluster: {server: 'https://127.0.0.1:1'}}]
users: [{name: me, user: {token: none}}]
contexts:
  - {name: somewhere, context: {cluster: far, user: me}}
  - {name: elsewhere, context: {cluster: far, user: me}}
`;

const {signal} = new AbortController();

async function repositoryOf(t: {after(end: () => Promise<void>): void}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'gitops-tui-test-'));
  t.after(() => rm(folder, {recursive: true, force: true}));
  const repository = path.join(folder, 'infra');
  await mkdir(path.join(repository, 'environments/lab'), {recursive: true});
  await writeFile(
    path.join(repository, 'environments/lab/flags.yaml'),
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: flags}\n',
  );
  await writeFile(path.join(folder, 'kubeconfig'), kubeconfig);
  for (const args of [
    ['init', '-q', '-b', 'main'],
    ['add', '.'],
    ['-c', 'user.name=Olga', '-c', 'user.email=olga@example.com', 'commit', '-q', '-m', 'Add the flags'],
  ]) {
    assert.equal((await run('git', args, {cwd: repository})).exitCode, 0);
  }
  const file = path.join(repository, '.gitops-tui.yaml');
  const open = (more: {readOnly?: boolean} = {}) =>
    openWorkspace({
      repository,
      kubeconfig: path.join(folder, 'kubeconfig'),
      worktree: false,
      readOnly: false,
      ...more,
    });
  return {folder, repository, file, open};
}

test('a chosen context counts at once, and is written down only when that is asked for', async t => {
  const {file, open} = await repositoryOf(t);
  const session = open();
  t.after(() => session.close());
  const loaded = await session.load(signal);
  assert.deepEqual(
    loaded.environments.map(({name, context}) => [name, context]),
    [['lab', null]],
  );
  assert.equal(loaded.contextCount, 2);
  assert.deepEqual(
    (await session.contexts()).map(({name}) => name),
    ['somewhere', 'elsewhere'],
  );
  await assert.rejects(session.setContext('lab', 'nowhere', {write: false}), /no context "nowhere"/);

  const chosen = await session.setContext('lab', 'somewhere', {write: false});
  assert.equal(chosen.environment.context, 'somewhere');
  assert.deepEqual([chosen.note.isNew, chosen.note.written], [true, false]);
  await assert.rejects(readFile(file), /ENOENT/);
  const report = await session.inspect('lab', signal, () => {});
  assert.match(report.errors[0]?.message ?? '', /127\.0\.0\.1:1/);
  assert.equal((await session.load(signal)).environments[0]?.context, 'somewhere');

  const written = await session.setContext('lab', 'somewhere', {write: true});
  assert.equal(written.note.written, true);
  assert.match(
    await readFile(file, 'utf8'),
    /- name: lab\n {4}path: environments\/lab\n {4}context: somewhere\n$/,
  );
  const next = open();
  t.after(() => next.close());
  assert.equal((await next.load(signal)).environments[0]?.context, 'somewhere');
});

test('a read-only session writes nothing, but may look at the cluster that is chosen', async t => {
  const {file, open} = await repositoryOf(t);
  const session = open({readOnly: true});
  t.after(() => session.close());
  await session.load(signal);
  await assert.rejects(session.setContext('lab', 'somewhere', {write: true}), /read-only/);
  assert.equal((await session.setContext('lab', 'somewhere', {write: false})).note.written, false);
  await assert.rejects(readFile(file), /ENOENT/);
});

test("without a kubeconfig git's side is all there", async t => {
  const {folder, repository} = await repositoryOf(t);
  const {KUBECONFIG} = process.env;
  process.env['KUBECONFIG'] = path.join(folder, 'none');
  t.after(() => {
    if (KUBECONFIG === undefined) delete process.env['KUBECONFIG'];
    else process.env['KUBECONFIG'] = KUBECONFIG;
  });
  const session = openWorkspace({repository, worktree: false, readOnly: false});
  t.after(() => session.close());
  const {environments, contextCount} = await session.load(signal);
  assert.equal(contextCount, 0);
  assert.deepEqual(
    environments.map(({name, context}) => [name, context]),
    [['lab', null]],
  );
  const {revisions} = await session.revisions('lab', {skip: 0, limit: 10}, signal);
  assert.deepEqual(
    revisions.map(({subject}) => subject),
    ['Add the flags'],
  );
});
