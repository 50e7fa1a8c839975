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

const settings = (namespace: string, value: string) => `apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: ${namespace}}
data: {mode: ${value}}
`;

// The built program on a serial line, as it were: TERM=dumb, a real API server.
test('a drift is found, synced and gone, line by line on a dumb terminal', async t => {
  const cluster = await useCluster(t);
  if (!cluster) return;
  const namespace = await cluster.namespace('plain');
  const folder = await mkdtemp(path.join(tmpdir(), 'gitops-tui-plain-'));
  t.after(() => rm(folder, {recursive: true, force: true}));
  const git = async (...args: string[]) => {
    const result = await run('git', args, {cwd: folder});
    assert.equal(result.exitCode, 0, `git ${args.join(' ')}: ${result.stderr}`);
  };
  await mkdir(path.join(folder, 'environments/staging'), {recursive: true});
  await writeFile(path.join(folder, 'environments/staging/settings.yaml'), settings(namespace, 'safe'));
  await writeFile(
    path.join(folder, '.gitops-tui.yaml'),
    // A namespace of its own: the record of what was applied lies there, and other tests have a staging, too.
    `environments: [{name: staging, path: environments/staging, context: admin, namespace: ${namespace}, protected: true}]\n`,
  );
  await git('init', '-q', '-b', 'main');
  await git('config', 'user.name', 'Olga Operator');
  await git('config', 'user.email', 'olga@example.com');
  await git('add', '-A');
  await git('commit', '-q', '-m', 'settings: safe');
  await cluster.kubectl(['apply', '--server-side', '-f', '-'], {input: settings(namespace, 'safe')});
  await cluster.kubectl(['-n', namespace, 'patch', 'configmap/settings', '-p', '{"data":{"mode":"fast"}}']);
  const mode = () =>
    cluster.kubectl(['-n', namespace, 'get', 'configmap/settings', '-o', 'jsonpath={.data.mode}']);

  await using terminal = openTerminal({
    command: process.execPath,
    args: [program, folder, '--kubeconfig', cluster.kubeconfig],
    rows: 60,
    env: {CI: undefined, TERM: 'dumb'},
  });
  await terminal.waitFor(/staging \(protected\): drift, 1 modified/);
  terminal.send('open staging\r');
  await terminal.waitFor('data.mode: git safe, live fast');
  terminal.send('sync\r');
  await terminal.waitFor('type staging in full to apply');
  // What comes within 0.3 s of the question is no answer to it.
  const heard = () => new Promise(resolve => setTimeout(resolve, 600));
  await heard();
  terminal.send('apply\r');
  await terminal.waitFor('Type staging in full to apply');
  await heard();
  assert.equal(await mode(), 'fast', 'nothing is done for the wrong word');
  terminal.send('staging\r');
  await terminal.waitFor('Synced staging');
  assert.equal(await mode(), 'safe');
  await terminal.waitFor(/staging \(protected\): in sync/);
  terminal.send('quit\r');
  assert.deepEqual(await terminal.ended(), {exitCode: 0, signal: 0});
  assert.ok(!terminal.output.includes('\u001B'), `an escape in ${JSON.stringify(terminal.output)}`);
  assert.doesNotMatch(terminal.output, /\r(?!\n)/);
});
