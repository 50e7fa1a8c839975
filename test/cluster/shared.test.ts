import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {type TestContext, test} from 'node:test';
import {useCluster} from './shared.ts';

const user = join(import.meta.dirname, 'fixtures/uses-cluster.ts');

type Run = {status: unknown; stdout: string; stderr: string};

/** Runs the fixture as a test run of its own. */
function run(env: NodeJS.ProcessEnv, ...files: string[]): Promise<Run> {
  const {NODE_TEST_CONTEXT: _, CI: __, GITOPS_TUI_REQUIRE_CLUSTER: ___, ...rest} = process.env;
  const args = ['--import', 'tsx', '--test', '--test-reporter=tap', ...files];
  return new Promise(resolve => {
    const options = {env: {...rest, ...env}, timeout: 120_000};
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      resolve({status: error?.code ?? (error ? error.message : 0), stdout, stderr});
    });
  });
}

async function emptyFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gitops-tui-empty-'));
  t.after(() => rm(folder, {recursive: true, force: true}));
  return folder;
}

const alone = {GITOPS_TUI_TEST_CLUSTER_SOCKET: '', GITOPS_TUI_CLUSTER: ''};

test('without a cluster tests are skipped, and one line says so', async t => {
  const found = await run({...alone, KUBEBUILDER_ASSETS: await emptyFolder(t)}, user);
  assert.equal(found.status, 0, found.stdout);
  assert.match(found.stdout, /^# skipped 2$/m);
  const all = found.stdout + found.stderr;
  assert.equal(
    all.match(/SKIPPED: the tests against a real cluster do not run: .* has no etcd/g)?.length,
    1,
    all,
  );
});

test('without a cluster tests fail where it is required', async t => {
  const assets = await emptyFolder(t);
  for (const required of [{CI: 'true'}, {GITOPS_TUI_REQUIRE_CLUSTER: '1'}]) {
    const found = await run({...alone, ...required, KUBEBUILDER_ASSETS: assets}, user);
    assert.equal(found.status, 1);
    assert.match(found.stdout, /^# fail 2$/m);
    assert.match(found.stdout, /the real cluster is required: KUBEBUILDER_ASSETS=.* has no etcd/);
  }
});

test('a file run alone starts one for its tests, and ends though nobody stops it', async t => {
  if (!(await useCluster(t))) return;
  const found = await run(alone, user);
  assert.equal(found.status, 0, found.stdout);
  assert.equal(urls(found).length, 2, found.stdout);
  assert.equal(new Set(urls(found)).size, 1);
});

test('test files of one run share one', async t => {
  if (!(await useCluster(t))) return;
  const setup = `--test-global-setup=${join(import.meta.dirname, 'global-setup.ts')}`;
  const found = await run(alone, setup, user, join(import.meta.dirname, 'fixtures/uses-cluster-too.ts'));
  assert.equal(found.status, 0, found.stdout);
  assert.equal(urls(found).length, 4, found.stdout);
  assert.equal(new Set(urls(found)).size, 1);
});

function urls(found: Run): string[] {
  return found.stdout.match(/https:\/\/127\.0\.0\.1:\d+/g) ?? [];
}
