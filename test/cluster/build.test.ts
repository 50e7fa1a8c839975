import assert from 'node:assert/strict';
import {chmod, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {type TestContext, test} from 'node:test';
import {ensureBinaries} from './build.ts';

/** Sets variables for one test; undefined unsets. */
function setEnv(t: TestContext, values: Record<string, string | undefined>): void {
  const before = Object.fromEntries(Object.keys(values).map(name => [name, process.env[name]]));
  const assign = (all: Record<string, string | undefined>) => {
    for (const [name, value] of Object.entries(all)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  assign(values);
  t.after(() => assign(before));
}

async function emptyFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gitops-tui-build-'));
  t.after(() => rm(folder, {recursive: true, force: true}));
  return folder;
}

const free = {
  CI: undefined,
  GITOPS_TUI_REQUIRE_CLUSTER: undefined,
  GITOPS_TUI_CLUSTER: undefined,
  KUBEBUILDER_ASSETS: undefined,
};

test('KUBEBUILDER_ASSETS comes first', async t => {
  const assets = await emptyFolder(t);
  setEnv(t, {...free, KUBEBUILDER_ASSETS: assets});
  for (const name of ['etcd', 'kube-apiserver']) {
    await writeFile(join(assets, name), '');
    await chmod(join(assets, name), 0o755);
  }
  assert.deepEqual(await ensureBinaries(), {
    etcd: join(assets, 'etcd'),
    kubeApiserver: join(assets, 'kube-apiserver'),
  });
});

test('without Go and without a cache it says what is missing, and fails where it is required', async t => {
  const folder = await emptyFolder(t);
  setEnv(t, {...free, XDG_CACHE_HOME: folder, PATH: folder});
  const found = await ensureBinaries();
  assert.ok('missing' in found);
  assert.match(found.missing, /Go is not installed/);
  setEnv(t, {CI: 'true'});
  await assert.rejects(ensureBinaries(), /required: Go is not installed/);
});

test('switched off, nothing is looked for', async t => {
  setEnv(t, {...free, GITOPS_TUI_CLUSTER: 'off'});
  assert.deepEqual(await ensureBinaries(), {missing: 'GITOPS_TUI_CLUSTER=off'});
});
