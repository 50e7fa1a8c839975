import {execFile} from 'node:child_process';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {TestContext} from 'node:test';
import {promisify} from 'node:util';
import {ensureHelm} from './build.ts';
import type {Cluster} from './cluster.ts';

/** Runs helm on a cluster and gives its standard output; rejects with what it said when it fails. */
export type Helm = (...args: string[]) => Promise<string>;

/** Gives Helm's command, with folders of its own. Without it the test is skipped; where a cluster is required it fails. */
export async function helmFor(t: TestContext, {kubeconfig}: Cluster): Promise<Helm | undefined> {
  const found = await ensureHelm({onProgress: line => process.stderr.write(`test cluster: ${line}\n`)});
  if ('missing' in found) {
    t.skip(`no helm: ${found.missing}`);
    return undefined;
  }
  const folder = await mkdtemp(join(tmpdir(), 'gitops-tui-helm-'));
  t.after(() => rm(folder, {recursive: true, force: true}));
  const env = {
    ...process.env,
    KUBECONFIG: kubeconfig,
    HELM_CACHE_HOME: join(folder, 'cache'),
    HELM_CONFIG_HOME: join(folder, 'config'),
    HELM_DATA_HOME: join(folder, 'data'),
  };
  return async (...args) => {
    const {stdout} = await promisify(execFile)(found.helm, args, {env, timeout: 120_000});
    return stdout;
  };
}
