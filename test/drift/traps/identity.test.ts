import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {type JsonObject, stringifyJson} from '../../../source/resources/json.ts';
import {configMap, custom, define, documents, text} from './manifests.ts';
import {cleanUp, scenario} from './scenario.ts';

const role = (name: string, verbs: string[], metadata: JsonObject = {}) =>
  text({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: {name, ...metadata},
    rules: [{apiGroups: [''], resources: ['pods'], verbs}],
  });

describe('identity', {concurrency: 3}, () => {
  test('trap 40: no namespace is the environment’s, and never one for a cluster-scoped kind', async t => {
    const scene = await scenario(t, place => ({
      'map.yaml': configMap('map', {a: '1'}),
      'role.yaml': role(`${place.namespace}-plain`, ['get']),
      // A namespace on a cluster-scoped kind: some charts and kustomize before v4 write it.
      'placed.yaml': role(`${place.namespace}-placed`, ['get'], {namespace: place.namespace}),
      'space.yaml': text({apiVersion: 'v1', kind: 'Namespace', metadata: {name: place.namespace}}),
      'system.yaml': configMap(`${place.namespace}-elsewhere`, {a: '1'}, {namespace: 'default'}),
    }));
    if (!scene) return;
    cleanUp(t, scene, 'clusterrole', `${scene.namespace}-plain`, `${scene.namespace}-placed`);
    cleanUp(t, scene, '--namespace=default', 'configmap', `${scene.namespace}-elsewhere`);
    for (const file of ['map', 'role', 'placed', 'space']) {
      await scene.kubectl('apply', '-f', `${scene.folder}/${file}.yaml`);
    }
    await scene.cluster.kubectl(['apply', '-f', `${scene.folder}/system.yaml`]);
    const verdict = await scene.expect({exit: 0, count: 5});
    const places = Object.fromEntries(verdict.resources.map(item => [item['name'], item['namespace']]));
    assert.deepEqual(places, {
      map: scene.namespace,
      [`${scene.namespace}-plain`]: null,
      [`${scene.namespace}-placed`]: null,
      [scene.namespace]: null,
      [`${scene.namespace}-elsewhere`]: 'default',
    });
    await scene.feed(role(`${scene.namespace}-placed`, ['get', 'delete']), 'replace', '-f', '-');
    await scene.expect({
      exit: 1,
      resources: {
        [`ClusterRole/${scene.namespace}-placed`]: {status: 'Modified', fields: {rules: 'changed'}},
      },
    });
  });

  test('trap 40: cluster-scoped and namespaced custom kinds', async t => {
    const schema = {type: 'object', properties: {a: {type: 'string'}}};
    const scene = await scenario(t, place => ({
      'global.yaml': custom(place, 'Global', {a: '1'}),
      'local.yaml': custom(place, 'Local', {a: '1'}),
    }));
    if (!scene) return;
    await define(t, scene, {kind: 'Global', plural: 'globals', schema, scope: 'Cluster'});
    await define(t, scene, {kind: 'Local', plural: 'locals', schema});
    await scene.applyGit();
    await scene.expect({exit: 0, count: 2});
  });

  test('trap 40: an environment without a namespace uses that of its context', async t => {
    const scene = await scenario(
      t,
      place => ({'map.yaml': configMap(`${place.namespace}-default`, {a: '1'})}),
      {withoutNamespace: true},
    );
    if (!scene) return;
    cleanUp(t, scene, '--namespace=default', 'configmap', `${scene.namespace}-default`);
    await scene.expect({
      exit: 1,
      resources: {[`ConfigMap/${scene.namespace}-default`]: {status: 'Missing'}},
    });
    await scene.cluster.kubectl(['apply', '-f', scene.folder]);
    const verdict = await scene.expect({exit: 0, count: 1});
    assert.equal(verdict.resources[0]?.['namespace'], 'default');
  });

  const oldAutoscaler = (target: number, name = 'web') =>
    text({
      apiVersion: 'autoscaling/v1',
      kind: 'HorizontalPodAutoscaler',
      metadata: {name},
      spec: {
        scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'web'},
        minReplicas: 2,
        maxReplicas: 5,
        targetCPUUtilizationPercentage: target,
      },
    });
  const newAutoscaler = (averageUtilization: number) =>
    text({
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: {name: 'web'},
      spec: {
        scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'web'},
        minReplicas: 2,
        maxReplicas: 5,
        metrics: [
          {type: 'Resource', resource: {name: 'cpu', target: {type: 'Utilization', averageUtilization}}},
        ],
      },
    });

  for (const options of [[], ['--server-side']]) {
    const way = options.join(' ') || 'client-side';
    test(`trap 41: another apiVersion of the same object is one object (${way})`, async t => {
      const scene = await scenario(t, {'autoscaler.yaml': oldAutoscaler(80)});
      if (!scene) return;
      await scene.applyGit(...options);
      await scene.expect({exit: 0, count: 1});
      await scene.git({'autoscaler.yaml': newAutoscaler(80)});
      await scene.expect({exit: 0, count: 1});
      await scene.git({'autoscaler.yaml': newAutoscaler(70)});
      await scene.expect({
        exit: 1,
        count: 1,
        resources: {'HorizontalPodAutoscaler/web': {status: 'Modified', fields: {'spec.metrics': 'changed'}}},
      });
    });

    test(`trap 42: live is read at the version that git uses (${way})`, async t => {
      const scene = await scenario(t, {'autoscaler.yaml': oldAutoscaler(80)});
      if (!scene) return;
      await scene.feed(newAutoscaler(80), 'apply', ...options, '-f', '-');
      const verdict = await scene.expect({exit: 0, count: 1});
      assert.equal(verdict.resources[0]?.['version'], 'v1');
      await scene.git({'autoscaler.yaml': oldAutoscaler(60)});
      await scene.expect({
        exit: 1,
        resources: {
          'HorizontalPodAutoscaler/web': {
            status: 'Modified',
            fields: {'spec.targetCPUUtilizationPercentage': {change: 'changed', desired: 60, live: 80}},
          },
        },
      });
    });

    test(`trap 41 and 42: versions of a custom kind (${way})`, async t => {
      const properties = {size: {type: 'integer'}, mode: {type: 'string', default: 'fast'}};
      const scene = await scenario(t, {});
      if (!scene) return;
      await define(t, scene, {
        kind: 'Queue',
        plural: 'queues',
        versions: ['v1alpha1', 'v1'],
        schema: {type: 'object', properties},
      });
      const queue = (version: string, spec: JsonObject) => custom(scene, 'Queue', spec, {version});
      await scene.git({'one.yaml': queue('v1alpha1', {size: 1, mode: 'slow'})});
      await scene.applyGit(...options);
      await scene.expect({exit: 0, count: 1});
      await scene.git({'one.yaml': queue('v1', {size: 1, mode: 'slow'})});
      await scene.expect({exit: 0, count: 1});
      await scene.git({'one.yaml': queue('v1', {mode: 'slow'})});
      await scene.expect({
        exit: 1,
        resources: {'Queue/one': {status: 'Modified', fields: {'spec.size': {change: 'added', live: 1}}}},
      });
    });
  }

  test('trap 42: what git’s version has no field for is seen all the same', async t => {
    const scene = await scenario(t, {'autoscaler.yaml': oldAutoscaler(80)});
    if (!scene) return;
    await scene.applyGit();
    await scene.kubectl(
      'patch',
      'horizontalpodautoscalers.v2.autoscaling',
      'web',
      '--type=merge',
      '--field-manager=some-controller',
      '--patch={"spec":{"behavior":{"scaleDown":{"stabilizationWindowSeconds":10}}}}',
    );
    await scene.expect({exit: 0});
    const memory = {
      type: 'Resource',
      resource: {name: 'memory', target: {type: 'Utilization', averageUtilization: 50}},
    };
    await scene.kubectl(
      'patch',
      'horizontalpodautoscalers.v2.autoscaling',
      'web',
      '--type=json',
      `--patch=${stringifyJson([{op: 'add', path: '/spec/metrics/-', value: memory}])}`,
    );
    await scene.expect({
      exit: 1,
      resources: {
        'HorizontalPodAutoscaler/web': {
          status: 'Modified',
          fields: {
            'metadata.annotations["autoscaling.alpha.kubernetes.io/metrics"]': {
              change: 'added',
              manager: 'kubectl-patch',
            },
          },
        },
      },
    });
  });

  test('trap 42: a version that the server does not serve is Unknown', async t => {
    const scene = await scenario(t, {
      'old.yaml': text({apiVersion: 'policy/v1beta1', kind: 'PodDisruptionBudget', metadata: {name: 'web'}}),
      'map.yaml': configMap('map', {a: '1'}),
    });
    if (!scene) return;
    await scene.kubectl('apply', '-f', `${scene.folder}/map.yaml`);
    await scene.expect({
      exit: 2,
      count: 2,
      resources: {'PodDisruptionBudget/web': {status: 'Unknown', error: /policy\/v1beta1/}},
    });
  });

  test('trap 43: generateName can not be matched, and it says so', async t => {
    const job = text({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {generateName: 'migrate-'},
      spec: {template: {spec: {restartPolicy: 'Never', containers: [{name: 'run', image: 'run:1'}]}}},
    });
    const scene = await scenario(t, {'job.yaml': job, 'map.yaml': configMap('map', {a: '1'})});
    if (!scene) return;
    await scene.kubectl('apply', '-f', `${scene.folder}/map.yaml`);
    await scene.kubectl('create', '-f', `${scene.folder}/job.yaml`);
    const verdict = await scene.diff();
    assert.equal(verdict.status, 2);
    assert.equal(verdict.resources.length, 2);
    const unknown = verdict.resources.find(resource => resource['kind'] === 'Job');
    assert.equal(unknown?.['status'], 'Unknown');
    assert.match(String(unknown['error']), /generateName/);
    assert.equal(verdict.resources.find(resource => resource['kind'] === 'ConfigMap')?.['status'], 'Synced');
  });

  test('trap 44: one identity twice in git is an error that names both files', async t => {
    const scene = await scenario(t, place => ({
      'first.yaml': configMap('map', {a: '1'}),
      'folder/second.yaml': configMap('map', {a: '2'}, {namespace: place.namespace}),
      'other.yaml': configMap('other', {a: '1'}),
    }));
    if (!scene) return;
    await scene.kubectl('apply', '-f', `${scene.folder}/first.yaml`, '-f', `${scene.folder}/other.yaml`);
    const verdict = await scene.diff();
    assert.equal(verdict.status, 2);
    const said = [
      ...(verdict.environment['errors'] as {message: string; file?: string}[]).map(
        problem => `${problem.message} ${problem.file ?? ''}`,
      ),
      ...verdict.resources.map(resource => String(resource['error'])),
    ];
    assert.ok(
      said.some(text => text.includes('deploy/first.yaml') && text.includes('deploy/folder/second.yaml')),
      said.join('\n'),
    );
    for (const resource of verdict.resources) {
      assert.equal(resource['status'], resource['name'] === 'other' ? 'Synced' : 'Unknown');
    }
    assert.equal(verdict.resources.length, 2);
  });

  test('trap 44: also at two versions, and with two namespaces of a cluster-scoped kind', async t => {
    const scene = await scenario(t, place => ({
      'first.yaml': documents(oldAutoscaler(80), role(place.namespace, ['get'], {namespace: 'a'})),
      'second.yaml': documents(newAutoscaler(80), role(place.namespace, ['get'], {namespace: 'b'})),
    }));
    if (!scene) return;
    cleanUp(t, scene, 'clusterrole', scene.namespace);
    await scene.feed(oldAutoscaler(80), 'apply', '-f', '-');
    await scene.feed(role(scene.namespace, ['get']), 'apply', '-f', '-');
    const verdict = await scene.diff();
    assert.equal(verdict.status, 2);
    for (const resource of verdict.resources) {
      assert.equal(resource['status'], 'Unknown');
      assert.match(String(resource['error']), /first\.yaml.*second\.yaml|second\.yaml.*first\.yaml/);
    }
    assert.equal(verdict.resources.length, 2);
  });
});
