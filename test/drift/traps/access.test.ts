import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import {configMap, deployment, text} from './manifests.ts';
import {type Scenario, scenario} from './scenario.ts';
import {sync} from './syncing.ts';

/** Lets a user do something in the scenario's namespace, and waits until the API server knows. */
async function grant(scene: Scenario, user: string, verbs: string[], resources: string[]): Promise<void> {
  const role = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: {name: `for-${user}`},
    rules: [{apiGroups: [''], resources, verbs}],
  };
  const binding = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: {name: `for-${user}`},
    roleRef: {apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: `for-${user}`},
    subjects: [{apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user}],
  };
  await scene.feed(text(role, binding), 'create', '-f', '-');
  const deadline = Date.now() + 20_000;
  const ask = () =>
    scene.cluster.kubectl(
      ['auth', 'can-i', `--namespace=${scene.namespace}`, `--as=${user}`, verbs[0] ?? '', resources[0] ?? ''],
      {statuses: [0, 1]},
    );
  while ((await ask()).trim() !== 'yes') {
    if (Date.now() > deadline) throw new Error(`the role of ${user} is not in force`);
    await sleep(50);
  }
}

const secret = (name: string) =>
  text({apiVersion: 'v1', kind: 'Secret', metadata: {name}, stringData: {password: 'x'}});

describe('who may not read everything', {concurrency: 3}, () => {
  test('trap 51: what may not be read is Unknown, never Missing and never Synced', async t => {
    const scene = await scenario(
      t,
      {
        'map.yaml': configMap('map', {a: '1'}),
        'gone.yaml': configMap('gone', {a: '1'}),
        'web.yaml': deployment(),
        'login.yaml': secret('login'),
        // Nobody ever applied it: who may not look can't know.
        'ghost.yaml': secret('ghost'),
      },
      {environment: {context: 'nobody'}},
    );
    if (!scene) return;
    for (const file of ['map', 'gone', 'web', 'login']) {
      await scene.kubectl('apply', '-f', `${scene.folder}/${file}.yaml`);
    }
    await grant(scene, 'nobody', ['get', 'list'], ['configmaps']);
    const unreadable = {
      status: 'Unknown',
      fields: {},
      error: /not allowed to read it: .*cannot get/,
    } as const;
    const hidden = {
      'Deployment/web': unreadable,
      'Secret/login': unreadable,
      'Secret/ghost': unreadable,
    };
    const clean = await scene.expect({exit: 2, count: 5, resources: hidden});
    assert.equal(clean.environment['syncStatus'], 'Unknown');
    await scene.kubectl('delete', 'configmap', 'gone');
    await scene.kubectl('patch', 'configmap', 'map', '--patch={"data":{"a":"2"}}');
    // What changed out of sight is no better known than before.
    await scene.kubectl('delete', 'deployment', 'web');
    await scene.expect({
      exit: 2,
      count: 5,
      resources: {
        ...hidden,
        'ConfigMap/gone': {status: 'Missing'},
        'ConfigMap/map': {
          status: 'Modified',
          fields: {'data.a': {change: 'changed', desired: '1', live: '2', manager: 'kubectl-patch'}},
        },
      },
    });
  });

  const many = (count: number) =>
    Object.fromEntries(
      Array.from({length: count}, (_, index) => [`map-${index}.yaml`, configMap(`map-${index}`, {a: '1'})]),
    );

  for (const [count, how] of [
    [8, 'a list'],
    [2, 'single reads'],
  ] as const) {
    test(`trap 52: list denied and get allowed, where ${how} would do: single reads, and Extra can't be known`, async t => {
      const scene = await scenario(
        t,
        {...many(count), 'gone.yaml': configMap('gone', {a: '1'})},
        {environment: {context: 'getter'}},
      );
      if (!scene) return;
      await sync(scene, {context: 'admin'});
      // In so many words, for all kinds and for what was recorded.
      const listing = [/configmaps.* can't be listed/];
      await scene.expect({exit: 0, count: count + 1, problems: listing});
      await scene.kubectl('patch', 'configmap', 'map-0', '--patch={"data":{"a":"2"}}');
      await scene.kubectl('delete', 'configmap', 'map-1');
      await scene.git({'gone.yaml': null});
      await scene.expect({
        exit: 1,
        problems: listing,
        resources: {
          'ConfigMap/map-0': {
            status: 'Modified',
            fields: {'data.a': {change: 'changed', desired: '1', live: '2', manager: 'kubectl-patch'}},
          },
          'ConfigMap/map-1': {status: 'Missing'},
        },
      });
    });
  }
});
