import assert from 'node:assert/strict';
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {run} from '../../source/process/run.ts';
import {openTerminal} from '../app/terminal.ts';
import {useCluster} from '../cluster/shared.ts';

const program = fileURLToPath(new URL('../../bin/gitops-tui', import.meta.url));

function web(namespace: string, replicas: number, image: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: ${namespace}
spec:
  replicas: ${replicas}
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: web
          image: ${image}
`;
}

// A dialog takes no keys in its first 300 ms, so that none that was meant for the screen below presses its buttons.
const settled = () => new Promise(resolve => setTimeout(resolve, 400));

// The operator's main job, as an operator does it: the built program, a real terminal, a real API server, a real remote.
test('drift appears, s brings it back, R reverts a commit, P leaves a branch', async t => {
  const cluster = await useCluster(t);
  if (!cluster) return;
  const namespace = await cluster.namespace('main-job');
  const folder = await mkdtemp(path.join(tmpdir(), 'gitops-tui-main-job-'));
  t.after(() => rm(folder, {recursive: true, force: true}));
  const checkout = path.join(folder, 'infra');
  const remote = path.join(folder, 'remote.git');
  const git = async (...args: string[]) => {
    const result = await run('git', args, {cwd: checkout});
    assert.equal(result.exitCode, 0, `git ${args.join(' ')}: ${result.stderr}`);
    return result.stdout.trim();
  };
  const commit = async (message: string, replicas: number, image: string) => {
    await writeFile(path.join(checkout, 'environments/staging/web.yaml'), web(namespace, replicas, image));
    await git('add', '-A');
    await git('commit', '-q', '-m', message);
  };

  await mkdir(path.join(checkout, 'environments/staging'), {recursive: true});
  await git('init', '-q', '-b', 'main');
  await git('config', 'user.name', 'Olga Operator');
  await git('config', 'user.email', 'olga@example.com');
  await writeFile(
    path.join(checkout, '.gitops-tui.yaml'),
    'environments: [{name: staging, path: environments/staging, context: admin}]\n',
  );
  await commit('web: first release', 2, 'web:v1');
  await commit('web: release v2', 2, 'web:v2');
  await git('init', '-q', '--bare', '-b', 'main', remote);
  await git('remote', 'add', 'origin', remote);
  await git('push', '-q', '-u', 'origin', 'main');
  await cluster.kubectl(['apply', '--server-side', '-f', '-'], {input: web(namespace, 2, 'web:v2')});
  const live = (field: string) =>
    cluster.kubectl(['-n', namespace, 'get', 'deployment/web', '-o', `jsonpath={${field}}`]);

  await using terminal = openTerminal({
    command: process.execPath,
    args: [program, checkout, '--kubeconfig', cluster.kubeconfig],
    columns: 120,
    rows: 35,
    env: {CI: undefined},
  });
  await terminal.waitFor(/staging +admin +✓ in sync/);

  await cluster.kubectl(['-n', namespace, 'scale', 'deployment/web', '--replicas=5']);
  await terminal.press('r');
  await terminal.waitFor(/staging +admin +~ drift/);
  await terminal.press('enter');
  await terminal.waitFor(/spec\.replicas +2 → 5/);

  await terminal.press('s');
  await terminal.waitFor('Dry run ok');
  await settled();
  // Nothing runs pods here: without kubelets a deployment never becomes healthy.
  await terminal.press('w');
  await terminal.waitFor('[ ] w wait for health');
  await terminal.press('tab', 'enter');
  await terminal.waitFor('1 of 1 steps done');
  assert.equal(await live('.spec.replicas'), '2');
  await terminal.press('q');
  await terminal.waitFor('Nothing drifted');

  await terminal.press('L');
  await terminal.waitFor('web: first release');
  await terminal.press('j', 'R');
  await terminal.waitFor('Onto');
  await settled();
  await terminal.press('p', 'tab', 'enter');
  await terminal.waitFor(/pushed [0-9a-f]{7}/);
  const [subject, ...body] = (await git('--git-dir', remote, 'log', '-1', '--format=%B', 'main')).split('\n');
  assert.match(subject ?? '', /^Revert staging to [0-9a-f]{7}/);
  assert.match(body.join('\n'), /^Environment: staging$/m);
  assert.match(await git('--git-dir', remote, 'show', 'main:environments/staging/web.yaml'), /image: web:v1/);
  assert.equal(await git('status', '--porcelain'), '', 'the checkout is as it was');
  assert.match(await git('show', 'HEAD:environments/staging/web.yaml'), /image: web:v2/);
  await terminal.press('enter');

  await commit('web: three replicas', 3, 'web:v2');
  await terminal.press('P');
  await terminal.waitFor('web: three replicas');
  await settled();
  await terminal.press('tab', 'enter');
  await terminal.waitFor(/pushed [0-9a-f]{7}/);
  const branch = await git(
    '--git-dir',
    remote,
    'branch',
    '--list',
    '--format=%(refname:short)',
    'gitops-tui/*',
  );
  assert.match(branch, /^gitops-tui\/staging-[0-9a-f]{7}$/);
  assert.match(
    await git('--git-dir', remote, 'show', `${branch}:environments/staging/web.yaml`),
    /replicas: 3/,
  );

  await terminal.press('enter', 'ctrl-c');
  assert.deepEqual(await terminal.ended(), {exitCode: 0, signal: 0});
  assert.equal(terminal.isAlternate, false);
});
