import {describe, test} from 'node:test';
import type {JsonPatchOperation} from '../../../source/cluster/types.ts';
import {container, deployment, text} from './manifests.ts';
import {scenario} from './scenario.ts';
import {startWebhook} from './webhook.ts';

describe('controllers and webhooks', {concurrency: 3}, () => {
  test('trap 32: replicas that an autoscaler sets while git is silent are not drift', async t => {
    const scene = await scenario(t, {'web.yaml': deployment()});
    if (!scene) return;
    for (const options of [[], ['--server-side', '--force-conflicts']]) {
      await scene.applyGit(...options);
      for (const manager of ['kube-controller-manager', 'horizontal-pod-autoscaler', 'keda-operator']) {
        await scene.kubectl(
          'patch',
          'deployment',
          'web',
          '--type=merge',
          `--field-manager=${manager}`,
          `--patch={"spec":{"replicas":${manager.length}}}`,
        );
        await scene.expect({exit: 0});
      }
    }
    // Where git is not silent it is drift.
    await scene.git({'web.yaml': deployment({spec: {replicas: 2}})});
    await scene.expect({
      exit: 1,
      resources: {
        'Deployment/web': {
          status: 'Modified',
          fields: {'spec.replicas': {change: 'changed', desired: 2, live: 13, manager: 'keda-operator'}},
        },
      },
    });
  });

  test('trap 32: replicas are the autoscaler’s where one targets the object, whoever set them last', async t => {
    const autoscaler = text({
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: {name: 'web'},
      spec: {
        scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'web'},
        minReplicas: 2,
        maxReplicas: 9,
      },
    });
    for (const options of [[], ['--server-side']]) {
      const scene = await scenario(t, {'web.yaml': deployment(), 'other.yaml': deployment({name: 'other'})});
      if (!scene) return;
      await scene.applyGit(...options);
      await scene.feed(autoscaler, 'create', '-f', '-');
      // As the autoscaler does, through the scale subresource.
      await scene.kubectl('scale', 'deployment', 'web', '--replicas=4');
      await scene.expect({exit: 0, count: 2});
      await scene.kubectl('scale', 'deployment', 'other', '--replicas=4');
      await scene.expect({
        exit: 1,
        resources: {
          'Deployment/other': {status: 'Modified', fields: {'spec.replicas': {change: 'added', live: 4}}},
        },
      });
    }
  });

  test('trap 32: other fields of a controller, by update and by server-side apply', async t => {
    const scene = await scenario(t, {'web.yaml': deployment()});
    if (!scene) return;
    await scene.applyGit();
    await scene.kubectl(
      'patch',
      'deployment',
      'web',
      '--field-manager=vpa-updater',
      `--patch={"spec":{"template":{"spec":{"containers":[{"name":"web","resources":{"requests":{"cpu":"250m"}}}]}}}}`,
    );
    await scene.feed(
      JSON.stringify({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: {
          name: 'web',
          annotations: {'operator.example.com/revision': '7'},
          labels: {managed: 'yes'},
        },
      }),
      'apply',
      '--server-side',
      '--field-manager=my-operator',
      '-f',
      '-',
    );
    await scene.expect({exit: 0});
  });

  const inject: JsonPatchOperation[] = [
    {
      op: 'add',
      path: '/spec/template/metadata/annotations',
      value: {'sidecar.example.com/status': 'injected'},
    },
    {op: 'add', path: '/spec/template/metadata/labels/mesh', value: 'on'},
    {
      op: 'add',
      path: '/spec/template/spec/containers/-',
      value: {name: 'proxy', image: 'proxy:1', env: [{name: 'P', value: '1'}]},
    },
    {op: 'add', path: '/spec/template/spec/initContainers', value: [{name: 'proxy-init', image: 'proxy:1'}]},
    {op: 'add', path: '/spec/template/spec/volumes', value: [{name: 'proxy', emptyDir: {}}]},
  ];

  for (const command of [['apply'], ['apply', '--server-side'], ['create']]) {
    test(`trap 33: a sidecar that a webhook injects is not drift (kubectl ${command.join(' ')})`, async t => {
      const scene = await scenario(t, {
        'web.yaml': deployment({container: {env: [{name: 'A', value: '1'}]}}),
      });
      if (!scene) return;
      await startWebhook(t, scene, 'apps/v1/deployments', object =>
        JSON.stringify(object).includes('"proxy"') ? [] : inject,
      );
      await scene.kubectl(...command, '-f', scene.folder);
      await scene.expect({exit: 0});
      // Something that a person does makes the webhook run again, and the person no owner of it.
      await scene.kubectl('rollout', 'restart', 'deployment/web');
      await scene.expect({exit: 0});
      await scene.kubectl('set', 'env', 'deployment/web', '--containers=web', 'A=2');
      await scene.expect({
        exit: 1,
        resources: {
          'Deployment/web': {
            status: 'Modified',
            fields: {[`${container}.env[name=A].value`]: {change: 'changed', desired: '1', live: '2'}},
          },
        },
      });
    });

    test(`trap 34: a declared field that a webhook rewrites is a note (kubectl ${command.join(' ')})`, async t => {
      const scene = await scenario(t, {'web.yaml': deployment({container: {image: 'web:1.0'}})});
      if (!scene) return;
      await startWebhook(t, scene, 'apps/v1/deployments', object => {
        const image = /"image":"(web:[^"]*)"/.exec(JSON.stringify(object))?.[1];
        if (image === undefined) return [];
        return [
          {
            op: 'replace',
            path: '/spec/template/spec/containers/0/image',
            value: `mirror.example.com/${image}`,
          },
        ];
      });
      await scene.kubectl(...command, '-f', scene.folder);
      await scene.expect({
        exit: 0,
        resources: {'Deployment/web': {status: 'Synced', fields: {}, notes: [/mutated.*image/]}},
      });
      await scene.kubectl('set', 'image', 'deployment/web', 'web=web:2.0');
      await scene.expect({
        exit: 1,
        resources: {
          'Deployment/web': {
            status: 'Modified',
            fields: {[`${container}.image`]: {change: 'changed', live: 'mirror.example.com/web:2.0'}},
          },
        },
      });
    });
  }
});
