import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {full} from './before-and-after.ts';
import {configMap, container, deployment, text} from './manifests.ts';
import {scenario} from './scenario.ts';

describe('by hand', {concurrency: 3}, () => {
  for (const command of [['apply'], ['apply', '--server-side'], ['create']]) {
    test(`trap 31: what a person added is drift, with who and when (after kubectl ${command.join(' ')})`, async t => {
      const scene = await scenario(t, {'web.yaml': deployment()});
      if (!scene) return;
      await scene.kubectl(...command, '-f', scene.folder);
      await scene.expect({exit: 0});
      await scene.kubectl('label', 'deployment', 'web', 'team=shop');
      await scene.kubectl('annotate', 'deployment', 'web', 'example.com/note=by hand');
      await scene.kubectl('set', 'env', 'deployment/web', 'DEBUG=1');
      await scene.kubectl('set', 'resources', 'deployment/web', '--limits=cpu=2');
      await scene.kubectl('scale', 'deployment', 'web', '--replicas=4');
      await scene.kubectl('patch', 'deployment', 'web', '--patch={"spec":{"minReadySeconds":9}}');
      await scene.kubectl('rollout', 'pause', 'deployment/web');
      const verdict = await scene.expect({
        exit: 1,
        resources: {
          'Deployment/web': {
            status: 'Modified',
            fields: {
              'metadata.labels.team': {change: 'added', live: 'shop', manager: 'kubectl-label'},
              'metadata.annotations["example.com/note"]': {change: 'added', manager: 'kubectl-annotate'},
              [`${container}.env[name=DEBUG]`]: {change: 'added', manager: 'kubectl-set'},
              [`${container}.resources`]: {
                change: 'added',
                live: {limits: {cpu: '2'}},
                manager: 'kubectl-set',
              },
              'spec.replicas': {change: 'added', live: 4},
              'spec.minReadySeconds': {change: 'added', live: 9, manager: 'kubectl-patch'},
              'spec.paused': {change: 'added', live: true, manager: 'kubectl-rollout'},
            },
          },
        },
      });
      for (const field of (verdict.resources[0]?.['fields'] ?? []) as {path: string; changedAt?: string}[]) {
        // Server-side apply keeps no owner of a count that nobody owned before it was scaled.
        if (field.path === 'spec.replicas') continue;
        assert.match(field.changedAt ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/, field.path);
      }
    });
  }

  test('trap 31: kubectl edit', async t => {
    const scene = await scenario(t, {'map.yaml': configMap('map', {a: '1'})});
    if (!scene) return;
    await scene.applyGit();
    const live = await scene.live('configmap', 'map');
    await scene.feed(
      JSON.stringify({...live, data: {a: '1', b: 'edited'}}),
      'replace',
      '--field-manager=kubectl-edit',
      '-f',
      '-',
    );
    await scene.expect({
      exit: 1,
      resources: {
        'ConfigMap/map': {
          status: 'Modified',
          fields: {'data.b': {change: 'added', live: 'edited', manager: 'kubectl-edit'}},
        },
      },
    });
  });

  test('trap 31: what a person changed or removed of what git sets is drift too', async t => {
    const scene = await scenario(t, {'web.yaml': full});
    if (!scene) return;
    await scene.applyGit('--server-side', '--field-manager=kustomize-controller');
    await scene.kubectl('set', 'image', 'deployment/web', 'web=web:by-hand');
    await scene.kubectl('set', 'env', 'deployment/web', '--containers=web', 'B-');
    await scene.kubectl('label', 'deployment', 'web', 'team-');
    await scene.kubectl('scale', 'deployment', 'web', '--replicas=5');
    await scene.expect({
      exit: 1,
      resources: {
        'Deployment/web': {
          status: 'Modified',
          fields: {
            [`${container}.image`]: {change: 'changed', live: 'web:by-hand', manager: 'kubectl-set'},
            [`${container}.env[name=B]`]: 'removed',
            'metadata.labels.team': {change: 'removed', desired: 'shop'},
            'spec.replicas': {change: 'changed', desired: 2, live: 5, manager: 'kubectl'},
          },
        },
      },
    });
  });

  test('trap 31: a person who applies a part, or replaces the whole', async t => {
    const scene = await scenario(t, {'web.yaml': deployment(), 'map.yaml': configMap('map', {a: '1'})});
    if (!scene) return;
    await scene.applyGit('--server-side', '--field-manager=argocd-controller');
    const part = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: {name: 'web', labels: {team: 'shop'}},
      spec: {minReadySeconds: 4},
    };
    await scene.feed(text(part), 'apply', '--server-side', '-f', '-');
    const live = await scene.live('configmap', 'map');
    await scene.feed(text({...live, data: {a: '1', b: '2'}}), 'replace', '-f', '-');
    await scene.expect({
      exit: 1,
      resources: {
        'Deployment/web': {
          status: 'Modified',
          fields: {
            'metadata.labels.team': {change: 'added', live: 'shop', manager: 'kubectl'},
            'spec.minReadySeconds': {change: 'added', live: 4, manager: 'kubectl'},
          },
        },
        'ConfigMap/map': {
          status: 'Modified',
          fields: {'data.b': {change: 'added', live: '2', manager: 'kubectl-replace'}},
        },
      },
    });
  });

  test('trap 31: the scale subresource, patched', async t => {
    const scene = await scenario(t, {'web.yaml': deployment({spec: {replicas: 2}})});
    if (!scene) return;
    await scene.applyGit('--server-side', '--field-manager=argocd-controller');
    await scene.kubectl(
      'patch',
      'deployment',
      'web',
      '--subresource=scale',
      '--type=merge',
      '--patch={"spec":{"replicas":5}}',
    );
    await scene.expect({
      exit: 1,
      resources: {
        'Deployment/web': {
          status: 'Modified',
          fields: {'spec.replicas': {change: 'changed', desired: 2, live: 5, manager: 'kubectl-patch'}},
        },
      },
    });
    await scene.git({'web.yaml': deployment()});
    await scene.expect({
      exit: 1,
      resources: {
        'Deployment/web': {
          status: 'Modified',
          fields: {'spec.replicas': {change: 'added', live: 5, manager: 'kubectl-patch'}},
        },
      },
    });
  });

  test('trap 31: on an object that server-side apply tracks no fields of', async t => {
    const scene = await scenario(t, {
      'account.yaml': text({apiVersion: 'v1', kind: 'ServiceAccount', metadata: {name: 'bare'}}),
      'map.yaml': text({apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'bare'}}),
    });
    if (!scene) return;
    await scene.applyGit('--server-side');
    await scene.expect({exit: 0});
    await scene.kubectl(
      'patch',
      'serviceaccount',
      'bare',
      '--type=merge',
      '--patch={"automountServiceAccountToken":false}',
    );
    await scene.kubectl('patch', 'configmap', 'bare', '--patch={"data":{"a":"1"}}');
    await scene.expect({
      exit: 1,
      resources: {
        'ServiceAccount/bare': {status: 'Modified', fields: {automountServiceAccountToken: 'added'}},
        'ConfigMap/bare': {status: 'Modified', fields: {'data.a': 'added'}},
      },
    });
  });
});
