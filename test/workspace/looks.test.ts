// A field's history through the session: a real repository, and a cluster that nobody answers for.
import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import type {FieldNews} from '../../source/looks/types.ts';
import {fields} from '../../source/resources/field-path.ts';
import {openWorkspace} from '../../source/workspace.ts';
import {newRepository, temporaryFolder} from '../repository/git-folder.ts';

const kubeconfig = `apiVersion: v1
kind: Config
clusters: [{name: far, cluster: {server: 'https://127.0.0.1:1'}}]
users: [{name: me, user: {token: none}}]
contexts: [{name: prod, context: {cluster: far, user: me, namespace: shop}}]
`;
const deployment = (replicas: number, extra = '') => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: ${replicas}
${extra}`;

async function told(
  context: TestContext,
  commits: readonly [subject: string, files: Record<string, string>][],
  name: string[],
) {
  const base = temporaryFolder(context);
  const folder = await newRepository(path.join(base, 'repo'));
  writeFileSync(path.join(base, 'kubeconfig'), kubeconfig);
  for (const [subject, files] of commits) await folder.commit(subject, files);
  const options = {repository: folder.root, worktree: false, readOnly: true, fetch: false};
  const session = openWorkspace({...options, kubeconfig: path.join(base, 'kubeconfig')});
  context.after(() => session.close());
  const {signal} = new AbortController();
  await session.load(signal);
  const news: FieldNews[] = [];
  const id = {
    group: name[0] === 'data' ? '' : 'apps',
    kind: name[0] === 'data' ? 'Secret' : 'Deployment',
    namespace: 'shop',
    name: 'web',
  };
  const question = {id, version: 'v1', liveName: 'web', elements: fields(...name)};
  await session.fieldDetail('prod', question, signal, one => news.push(one));
  return {
    news,
    changes: news.flatMap(one => (one.type === 'commit' ? [one.commit] : [])),
    git: news.find(one => one.type === 'git'),
    live: news.find(one => one.type === 'live'),
    walked: news.find(one => one.type === 'walked'),
  };
}

test('the commits that changed a value, not those that only touched its file', async t => {
  const file = 'environments/prod/web.yaml';
  const {changes, git, live, walked} = await told(
    t,
    [
      ['Start', {[file]: deployment(1)}],
      ['Elsewhere', {'README.md': 'x'}],
      ['Two', {[file]: deployment(2)}],
      ['A comment', {[file]: deployment(2, '# just words\n')}],
      ['Moved', {[file]: '', 'environments/prod/moved.yaml': deployment(2)}],
      ['Three', {'environments/prod/moved.yaml': deployment(3)}],
    ],
    ['spec', 'replicas'],
  );
  assert.deepEqual(
    changes.map(({subject, before, after}) => [subject, before, after]),
    [
      ['Three', 2, 3],
      ['Two', 1, 2],
      ['Start', undefined, 1],
    ],
  );
  assert.deepEqual(git, {
    type: 'git',
    git: {value: 3},
    location: {file: 'environments/prod/moved.yaml', line: 5, column: 3},
  });
  // The cluster is away: that is told, and keeps nothing of git's side back.
  assert.ok(live?.type === 'live' && 'problem' in live.live);
  assert.ok(walked?.type === 'walked' && walked.end === 'all');
});

test('values of a Secret are masks, equal ones equal', async t => {
  const secret = (password: string) =>
    `apiVersion: v1\nkind: Secret\nmetadata: {name: web}\nstringData:\n  password: ${password}\n`;
  const {news, changes} = await told(
    t,
    [
      ['Start', {'environments/prod/web.yaml': secret('first-Secret-1')}],
      ['Changed', {'environments/prod/web.yaml': secret('other-Secret-2')}],
      ['Back', {'environments/prod/web.yaml': secret('first-Secret-1')}],
    ],
    ['data', 'password'],
  );
  assert.doesNotMatch(JSON.stringify(news), /Secret-[12]|Zmlyc3|b3RoZX/);
  const [back, changed, start] = changes;
  assert.match(String(back?.after), /^\*\*\*[0-9a-f]{8}$/);
  assert.equal(back?.after, start?.after);
  assert.notEqual(changed?.after, start?.after);
});

test('a Secret that is written with stringData stands in git as it is compared: it is not "not set"', async t => {
  const file = 'environments/prod/web.yaml';
  const secret =
    'apiVersion: v1\nkind: Secret\nmetadata: {name: web}\nstringData:\n  password: hunter2-hunter2\n';
  const {git, changes} = await told(t, [['Start', {[file]: secret}]], ['data', 'password']);
  assert.ok(git !== undefined && 'value' in git.git);
  assert.equal(git.git.value, changes[0]?.after);
  assert.match(String(git.git.value), /^\*\*\*/);
  assert.equal(git.location?.line, 5);
});
