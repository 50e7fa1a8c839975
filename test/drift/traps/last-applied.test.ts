import {describe, test} from 'node:test';
import {full, left, less} from './before-and-after.ts';
import {configMap, deployment} from './manifests.ts';
import {scenario} from './scenario.ts';

describe('last-applied', {concurrency: 3}, () => {
  const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

  test('trap 39: a last-applied annotation that agrees with git proves nothing', async t => {
    const scene = await scenario(t, {'map.yaml': configMap('map', {a: '1'})});
    if (!scene) return;
    await scene.applyGit();
    await scene.kubectl('patch', 'configmap', 'map', '--patch={"data":{"a":"2"}}');
    await scene.expect({
      exit: 1,
      resources: {'ConfigMap/map': {status: 'Modified', fields: {'data.a': {change: 'changed', live: '2'}}}},
    });
  });

  for (const value of [
    '{"broken',
    '{}',
    'null',
    '{"apiVersion":"v1","kind":"ConfigMap","data":{"gone":"1"}}',
  ]) {
    test(`trap 39: a last-applied annotation that lies (${value}) makes no drift and hides none`, async t => {
      const scene = await scenario(t, {
        'map.yaml': configMap('map', {a: '1', b: '2'}),
        'web.yaml': full,
      });
      if (!scene) return;
      await scene.applyGit();
      for (const name of ['configmap/map', 'deployment/web']) {
        await scene.kubectl('annotate', '--overwrite', name, `${lastApplied}=${value}`);
      }
      await scene.expect({exit: 0});
      await scene.git({'map.yaml': configMap('map', {a: '1'}), 'web.yaml': less});
      await scene.expect({
        exit: 1,
        resources: {
          'ConfigMap/map': {status: 'Modified', fields: {'data.b': 'added'}},
          'Deployment/web': {status: 'Modified', fields: left},
        },
      });
    });
  }

  test('trap 39: without the annotation nothing changes, and one in git counts for nothing', async t => {
    const scene = await scenario(t, {
      'map.yaml': configMap('map', {a: '1'}),
      'web.yaml': deployment({metadata: {annotations: {[lastApplied]: '{"from":"an export"}'}}}),
    });
    if (!scene) return;
    await scene.applyGit();
    await scene.kubectl('annotate', 'configmap/map', `${lastApplied}-`);
    await scene.expect({exit: 0});
  });

  test('trap 39: server-side apply after client-side apply leaves a stale annotation', async t => {
    const scene = await scenario(t, {'map.yaml': configMap('map', {a: '1', b: '2'})});
    if (!scene) return;
    await scene.applyGit();
    await scene.applyGit('--server-side', '--field-manager=argocd-controller', '--force-conflicts');
    await scene.expect({exit: 0});
    await scene.kubectl('patch', 'configmap', 'map', '--patch={"data":{"b":null}}');
    await scene.git({'map.yaml': configMap('map', {a: '1'})});
    await scene.expect({exit: 0});
  });
});
