import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {openWorkspace} from '../../../source/workspace.ts';
import {full, left, less} from './before-and-after.ts';
import {configMap, container, deployment, text} from './manifests.ts';
import {ownedBy, scenario} from './scenario.ts';

describe('dropped from git', {concurrency: 3}, () => {
  const appliers: Record<string, readonly string[]> = {
    'kubectl server-side': ['apply', '--server-side'],
    'Argo CD server-side': ['apply', '--server-side', '--field-manager=argocd-controller'],
    'Flux server-side': ['apply', '--server-side', '--field-manager=kustomize-controller'],
    'Helm 4 server-side': ['apply', '--server-side', '--field-manager=helm'],
    'a job of an unknown name, server-side': ['apply', '--server-side', '--field-manager=ci-deployer'],
    'a job named controller, server-side': ['apply', '--server-side', '--field-manager=deploy-controller'],
    'gitops-tui': ['apply', '--server-side', '--field-manager=gitops-tui'],
    'kubectl client-side (trap 30)': ['apply'],
    'a job of an unknown name, client-side': ['apply', '--field-manager=ci'],
    'Argo CD client-side': ['apply', '--field-manager=argocd-controller'],
    'kubectl create': ['create'],
    'Helm 3': ['create', '--field-manager=helm'],
    Terraform: ['create', '--field-manager=Terraform'],
  };

  for (const [who, command] of Object.entries(appliers)) {
    test(`trap 29: fields removed from git but still live are drift: applied by ${who}`, async t => {
      const scene = await scenario(t, {'web.yaml': full});
      if (!scene) return;
      await scene.kubectl(...command, '-f', scene.folder);
      await scene.expect({exit: 0});
      await scene.git({'web.yaml': less});
      await scene.expect({exit: 1, resources: {'Deployment/web': {status: 'Modified', fields: left}}});
    });
  }

  for (const command of [['apply'], ['apply', '--server-side'], ['create']]) {
    test(`trap 29: a key removed from a ConfigMap, applied by kubectl ${command.join(' ')}`, async t => {
      const scene = await scenario(t, {'map.yaml': configMap('map', {a: '1', b: '2'})});
      if (!scene) return;
      await scene.kubectl(...command, '-f', scene.folder);
      await scene.git({'map.yaml': configMap('map', {a: '1'})});
      await scene.expect({
        exit: 1,
        resources: {'ConfigMap/map': {status: 'Modified', fields: {'data.b': {change: 'added', live: '2'}}}},
      });
      await scene.git({'map.yaml': text({apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'map'}})});
      await scene.expect({
        exit: 1,
        resources: {
          'ConfigMap/map': {status: 'Modified', fields: {'data.a': 'added', 'data.b': 'added'}},
        },
      });
    });
  }

  test('trap 29: a field that two appliers of git own', async t => {
    const scene = await scenario(t, {'map.yaml': configMap('map', {a: '1', b: '2'})});
    if (!scene) return;
    await scene.applyGit('--server-side', '--field-manager=argocd-controller');
    await scene.applyGit('--server-side', '--field-manager=ci');
    await scene.git({'map.yaml': configMap('map', {a: '1'})});
    // One of them has given it up: it lives on by the other.
    await scene.applyGit('--server-side', '--field-manager=ci');
    await scene.expect({
      exit: 1,
      resources: {
        'ConfigMap/map': {
          status: 'Modified',
          fields: {'data.b': {change: 'added', live: '2', manager: 'argocd-controller'}},
        },
      },
    });
  });

  test('trap 29: a field removed from git that a controller has taken over is not drift', async t => {
    const scene = await scenario(t, {'web.yaml': deployment({spec: {replicas: 2, minReadySeconds: 3}})});
    if (!scene) return;
    await scene.applyGit('--server-side');
    await scene.kubectl(
      'patch',
      'deployment',
      'web',
      '--subresource=scale',
      '--type=merge',
      '--field-manager=keda-operator',
      '--patch={"spec":{"replicas":6}}',
    );
    await scene.git({'web.yaml': deployment({spec: {minReadySeconds: 3}})});
    await scene.expect({exit: 0});
  });

  test('trap 30: a sync really removes what client-side apply left', async t => {
    const scene = await scenario(t, {
      'map.yaml': configMap('map', {a: '1', b: '2'}, {labels: {team: 'shop'}}),
      'web.yaml': full,
    });
    if (!scene) return;
    await scene.applyGit();
    assert.ok(ownedBy(await scene.live('configmap', 'map'), 'kubectl-client-side-apply'));
    await scene.git({'map.yaml': configMap('map', {a: '1'}), 'web.yaml': less});
    await scene.expect({
      exit: 1,
      resources: {
        'ConfigMap/map': {status: 'Modified', fields: {'data.b': 'added', 'metadata.labels.team': 'added'}},
        'Deployment/web': {status: 'Modified', fields: left},
      },
    });
    const session = openWorkspace({
      repository: scene.root,
      kubeconfig: scene.cluster.kubeconfig,
      worktree: false,
      readOnly: false,
    });
    t.after(() => session.close());
    const signal = AbortSignal.timeout(60_000);
    await session.load(signal);
    const plan = await session.planSync('test', {prune: false, force: false}, signal);
    const result = await session.sync(plan, 'yes', signal, () => undefined, {waitSeconds: 0});
    assert.equal(result.outcome, 'done', result.message);
    const live = await scene.live('configmap', 'map');
    assert.deepEqual(live['data'], {a: '1'});
    await scene.expect({exit: 0});
  });

  for (const options of [[], ['--server-side']]) {
    const way = options.join(' ') || 'client-side';
    test(`trap 5 and 29: git moves from one member of a union to another (${way})`, async t => {
      const probe = {livenessProbe: {httpGet: {path: '/', port: 80}}};
      const scene = await scenario(t, {
        'strategy.yaml': deployment({name: 'strategy'}),
        'probe.yaml': deployment({name: 'probe', container: probe}),
        'hand.yaml': deployment({name: 'hand', container: probe}),
      });
      if (!scene) return;
      await scene.applyGit(...options);
      await scene.expect({exit: 0, count: 3});
      await scene.git({
        'strategy.yaml': deployment({name: 'strategy', spec: {strategy: {type: 'Recreate'}}}),
        'probe.yaml': deployment({name: 'probe', container: {livenessProbe: {exec: {command: ['true']}}}}),
      });
      const operations = [
        {
          op: 'replace',
          path: '/spec/template/spec/containers/0/livenessProbe',
          value: {exec: {command: ['true']}},
        },
      ];
      await scene.kubectl(
        'patch',
        'deployment',
        'hand',
        '--type=json',
        `--patch=${JSON.stringify(operations)}`,
      );
      await scene.expect({
        exit: 1,
        resources: {
          'Deployment/strategy': {status: 'Modified', fields: {'spec.strategy.type': 'changed'}},
          'Deployment/probe': {
            status: 'Modified',
            fields: {
              [`${container}.livenessProbe.exec`]: 'removed',
              [`${container}.livenessProbe.httpGet`]: 'added',
            },
          },
          'Deployment/hand': {
            status: 'Modified',
            fields: {
              [`${container}.livenessProbe.httpGet`]: 'removed',
              [`${container}.livenessProbe.exec`]: 'added',
            },
          },
        },
      });
    });
  }
});
