import {describe, test} from 'node:test';
import {configMap, deployment, text} from './manifests.ts';
import {scenario} from './scenario.ts';

const helm = {
  labels: {app: 'web', 'app.kubernetes.io/managed-by': 'Helm'},
  annotations: {'meta.helm.sh/release-name': 'shop', 'meta.helm.sh/release-namespace': 'shop'},
};
const instance = {app: 'web', 'app.kubernetes.io/instance': 'shop'};

describe('marks of deploying tools', {concurrency: 3}, () => {
  for (const command of [
    ['create', '--field-manager=helm'],
    ['apply', '--server-side', '--field-manager=helm'],
  ]) {
    test(`trap 36: Helm’s own label is not drift, other labels are (kubectl ${command.join(' ')})`, async t => {
      const scene = await scenario(t, {'web.yaml': deployment()});
      if (!scene) return;
      await scene.feed(deployment({metadata: helm}), ...command, '-f', '-');
      const problems = [/Helm release shop\/shop/];
      await scene.expect({exit: 0, count: 1, problems});
      await scene.kubectl('label', 'deployment/web', 'app.kubernetes.io/instance=by-hand');
      await scene.expect({
        exit: 1,
        problems,
        resources: {
          'Deployment/web': {
            status: 'Modified',
            fields: {
              'metadata.labels["app.kubernetes.io/instance"]': {change: 'added', manager: 'kubectl-label'},
            },
          },
        },
      });
    });
  }

  test('trap 36: a managed-by label without a release is a label like others', async t => {
    const scene = await scenario(t, {'web.yaml': deployment()});
    if (!scene) return;
    await scene.feed(deployment({metadata: {labels: helm.labels}}), 'create', '-f', '-');
    await scene.expect({
      exit: 1,
      resources: {
        'Deployment/web': {
          status: 'Modified',
          fields: {'metadata.labels["app.kubernetes.io/managed-by"]': 'added'},
        },
      },
    });
  });

  for (const options of [[], ['--server-side']]) {
    test(`trap 36: the label by which Argo CD tracks is not drift (${options.join(' ') || 'client-side'})`, async t => {
      const scene = await scenario(t, {'web.yaml': deployment()});
      if (!scene) return;
      const command = ['apply', ...options, '--field-manager=argocd-controller', '-f', '-'];
      await scene.feed(deployment({metadata: {labels: instance}}), ...command);
      await scene.expect({exit: 0, count: 1});
      // By the annotation it needs no label: one that git lacks was dropped.
      const annotations = {'argocd.argoproj.io/tracking-id': `shop:apps/Deployment:${scene.namespace}/web`};
      await scene.feed(deployment({metadata: {labels: instance, annotations}}), ...command);
      await scene.expect({
        exit: 1,
        resources: {
          'Deployment/web': {
            status: 'Modified',
            fields: {
              'metadata.labels["app.kubernetes.io/instance"]': {
                change: 'added',
                manager: 'argocd-controller',
              },
            },
          },
        },
      });
    });
  }
});

describe('refused and leaving', {concurrency: 3}, () => {
  test('trap 48: another roleRef needs a replace', async t => {
    const binding = (name: string) =>
      text({
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: {name: 'team'},
        roleRef: {apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name},
        subjects: [{apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'ada'}],
      });
    const scene = await scenario(t, {'binding.yaml': binding('view')});
    if (!scene) return;
    await scene.applyGit();
    await scene.git({'binding.yaml': binding('edit')});
    await scene.expect({
      exit: 1,
      resources: {
        'RoleBinding/team': {
          status: 'Modified',
          fields: {roleRef: 'changed'},
          notes: [/^needs replace: roleRef/],
        },
      },
    });
  });

  test('trap 46: what git dropped is told until it is on its way out', async t => {
    const scene = await scenario(t, {
      'map.yaml': configMap('map', {a: '1'}, {finalizers: ['example.com/wait']}),
      'kept.yaml': configMap('kept', {a: '1'}),
    });
    if (!scene) return;
    await scene.applyGit();
    await scene.git({'map.yaml': null});
    await scene.expect({
      exit: 1,
      resources: {'ConfigMap/map': {status: 'Extra', notes: [/git had it until/]}},
    });
    t.after(() =>
      scene.kubectl('patch', 'configmap/map', '--type=merge', '--patch={"metadata":{"finalizers":null}}'),
    );
    await scene.kubectl('delete', 'configmap/map', '--wait=false');
    // On its way out already: nothing is left to do about it.
    await scene.expect({exit: 0, count: 1});
  });
});
