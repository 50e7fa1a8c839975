import assert from 'node:assert/strict';
import {describe, type TestContext, test} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import {useOwnCluster as ownCluster} from '../../cluster/shared.ts';
import {everything} from './everything.ts';
import {documents} from './manifests.ts';
import {type Scenario, scenario} from './scenario.ts';

/** The ways by which a large set of resources gets into a cluster. */
const ways: Record<string, readonly (readonly string[])[]> = {
  'kubectl apply, twice': [['apply'], ['apply']],
  'kubectl apply --server-side': [['apply', '--server-side']],
  'kubectl create, then kubectl replace': [['create'], ['replace']],
  'kubectl apply, then Argo CD server-side': [
    ['apply'],
    ['apply', '--server-side', '--force-conflicts', '--field-manager=argocd-controller'],
  ],
  'Flux, server-side': [['apply', '--server-side', '--field-manager=kustomize-controller']],
  'Helm 3': [['create', '--field-manager=helm']],
};

/** Without a test that cleans up, the cluster is thrown away. */
async function deploy(
  t: TestContext | undefined,
  scene: Scenario,
  steps: readonly (readonly string[])[],
): Promise<void> {
  const files = everything(scene);
  for (const folder of ['cluster', 'definitions']) {
    const texts = Object.keys(files).filter(name => name.startsWith(`${folder}/`));
    const input = documents(...texts.map(name => files[name] ?? ''));
    t?.after(() =>
      scene.cluster.kubectl(['delete', '--ignore-not-found', '--wait=false', '-f', '-'], {input}),
    );
  }
  for (const step of steps) {
    await scene.kubectl(...step, '-f', `${scene.folder}/definitions`);
    await scene.kubectl('wait', '--for=condition=Established', '-f', `${scene.folder}/definitions`);
    for (const folder of ['cluster', 'namespaced', ...(step[0] === 'replace' ? [] : ['jobs'])])
      await apply(scene, [...step, '-f', `${scene.folder}/${folder}`]);
  }
}

// A kind that was established a moment ago may not be served by every part of the server yet.
async function apply(scene: Scenario, command: readonly string[]): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await scene.kubectl(...command);
      return;
    } catch (error) {
      const isEarly = /no matches for kind|not found|could not find the requested resource/.test(
        String(error),
      );
      if (!isEarly || attempt > 20 || command[0] === 'create') throw error;
    }
    await sleep(200);
  }
}

describe('clean', {concurrency: 2}, () => {
  for (const [way, steps] of Object.entries(ways)) {
    test(`clean: everything that is usual, deployed by ${way}, is Synced`, async t => {
      const scene = await scenario(t, everything);
      if (!scene) return;
      await deploy(t, scene, steps);
      const verdict = await scene.expect({exit: 0});
      assert.ok(verdict.resources.length > 40, `${verdict.resources.length} resources`);
    });
  }
});

test('clean: and so it is for a reader, who may not dry-run', async t => {
  const scene = await scenario(t, everything, {environment: {context: 'reader'}});
  if (!scene) return;
  await deploy(t, scene, [['apply']]);
  const verdict = await scene.expect({exit: 0});
  for (const resource of verdict.resources) assert.equal(resource['verdict'], 'local');
});

test('clean: and so it stays with controllers at work', async t => {
  const cluster = await ownCluster(t, {controllers: true});
  if (!cluster) return;
  for (const steps of [[['apply']], [['apply', '--server-side']], [['create']]]) {
    const scene = await scenario(t, everything, {cluster});
    if (!scene) return;
    await deploy(undefined, scene, steps);
    await settled(scene);
    await scene.expect({exit: 0});
    await scene.kubectl('rollout', 'restart', 'deployment/web', 'statefulset/db', 'daemonset/agent');
    await settled(scene);
    await scene.expect({exit: 0});
    await scene.cluster.kubectl(['delete', '--wait=false', '-f', `${scene.folder}/cluster`]);
  }
});

/** Waits until the controllers have made what they make. */
async function settled(scene: Scenario): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const made = await Promise.all([
      scene.kubectl('get', 'replicasets,controllerrevisions', '--output=name'),
      scene.kubectl(
        'get',
        'deployment',
        'web',
        '--output=jsonpath={.status.observedGeneration}={.metadata.generation}',
      ),
      scene.kubectl('get', 'secret', 'token', '--output=jsonpath={.data.token}'),
      scene.kubectl('get', 'clusterrole', `${scene.namespace}-sum`, '--output=jsonpath={.rules}'),
    ]);
    const [names = '', generations = '', token = '', rules = ''] = made;
    const [observed, wanted] = generations.split('=');
    const isDone =
      /replicaset/.test(names) &&
      /controllerrevision/.test(names) &&
      observed === wanted &&
      token !== '' &&
      rules.includes('pods');
    if (isDone) return;
    if (Date.now() > deadline) throw new Error(`the controllers did not settle: ${made.join(' | ')}`);
    await sleep(250);
  }
}
