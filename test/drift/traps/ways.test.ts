import {describe, test} from 'node:test';
import {configMap, container, deployment, text} from './manifests.ts';
import {type Scenario, scenario} from './scenario.ts';

const web = (name: string, replicas?: number) =>
  deployment({
    name,
    metadata: {labels: {app: name, team: 'shop'}},
    spec: {...(replicas === undefined ? {} : {replicas}), minReadySeconds: 5},
    container: {
      env: [{name: 'LEVEL', value: 'info'}],
      resources: {limits: {cpu: '1', memory: '1Gi'}},
    },
  });

const map = (name: string) =>
  configMap(name, {a: '1', b: '1'}, {labels: {team: 'shop'}, annotations: {'example.com/contact': 'ada'}});

const deployments = ['image', 'env', 'resources', 'strategic', 'restarted', 'scaled'];
const maps = [
  'edited',
  'merged',
  'patched',
  'annotated',
  'labelled',
  'replaced',
  'shared',
  'taken',
  'recreated',
  'reapplied',
];

const json = (name: string, data: Record<string, string>) =>
  text({apiVersion: 'v1', kind: 'ConfigMap', metadata: {name}, data});

/** The ways by which people get at what runs, each at an object of its own. */
const ways: ((scene: Scenario) => Promise<unknown>)[] = [
  ({cluster, namespace}) =>
    cluster.kubectl(['edit', '--namespace', namespace, 'configmap', 'edited'], {
      env: {KUBE_EDITOR: `sed -i -e 's/^  a: "1"$/  a: by hand/'`},
    }),
  ({kubectl}) => kubectl('set', 'image', 'deployment/image', 'web=web:2'),
  ({kubectl}) => kubectl('set', 'env', 'deployment/env', 'LEVEL=debug', 'MORE=1'),
  ({kubectl}) => kubectl('set', 'resources', 'deployment/resources', '--limits=cpu=2,memory=1Gi'),
  ({kubectl}) =>
    kubectl(
      'patch',
      'deployment',
      'strategic',
      '--type=strategic',
      '--patch={"spec":{"minReadySeconds":9,"template":{"spec":{"containers":[{"name":"web","imagePullPolicy":"Always"}]}}}}',
    ),
  ({kubectl}) =>
    kubectl('patch', 'configmap', 'merged', '--type=merge', '--patch={"data":{"a":"2","b":null}}'),
  ({kubectl}) =>
    kubectl(
      'patch',
      'configmap',
      'patched',
      '--type=json',
      '--patch=[{"op":"replace","path":"/data/a","value":"2"},{"op":"add","path":"/data/c","value":"3"}]',
    ),
  ({kubectl}) => kubectl('annotate', '--overwrite', 'configmap', 'annotated', 'example.com/contact=bob'),
  ({kubectl}) => kubectl('label', '--overwrite', 'configmap', 'labelled', 'team=other'),
  async ({kubectl}) => {
    await kubectl('autoscale', 'deployment', 'scaled', '--min=2', '--max=5', '--cpu-percent=80');
    await kubectl('scale', 'deployment', 'scaled', '--replicas=3');
  },
  async ({kubectl}) => {
    await kubectl('autoscale', 'deployment', 'counted', '--min=2', '--max=5', '--cpu-percent=80');
    await kubectl('scale', 'deployment', 'counted', '--replicas=4');
  },
  ({kubectl}) => kubectl('rollout', 'restart', 'deployment/restarted'),
  async ({feed, live}) => {
    const object = await live('configmap', 'replaced');
    await feed(JSON.stringify({...object, data: {a: '2', b: '1'}}), 'replace', '-f', '-');
  },
  // Another tool that applies a part of its own, and one that takes a field from git.
  ({feed}) => feed(json('shared', {c: '3'}), 'apply', '--server-side', '--field-manager=other', '-f', '-'),
  ({feed}) =>
    feed(
      json('taken', {a: '2'}),
      'apply',
      '--server-side',
      '--field-manager=other',
      '--force-conflicts',
      '-f',
      '-',
    ),
  async ({kubectl, feed}) => {
    await kubectl('delete', 'configmap', 'recreated');
    await feed(json('recreated', {a: '1'}), 'create', '-f', '-');
  },
  ({feed}) =>
    feed(
      map('reapplied').replace('"a": "1"', '"a": "2"'),
      'apply',
      '--server-side',
      '--force-conflicts',
      '-f',
      '-',
    ),
];

describe('ways in', {concurrency: 2}, () => {
  for (const command of [['apply'], ['apply', '--server-side', '--field-manager=ci'], ['create']]) {
    test(`traps 31 to 36: each way by which people get at what runs (after kubectl ${command.join(' ')})`, async t => {
      const scene = await scenario(t, {
        'deployments.yaml': deployments.map(name => `---\n${web(name)}`).join(''),
        'counted.yaml': web('counted', 2),
        'maps.yaml': maps.map(name => `---\n${map(name)}`).join(''),
      });
      if (!scene) return;
      await scene.kubectl(...command, '-f', scene.folder);
      const count = deployments.length + maps.length + 1;
      await scene.expect({exit: 0, count});
      // One after another: each starts a kubectl, and the machine may have one core.
      for (const way of ways) await way(scene);
      const changed = (desired: string | number, live: string | number, manager?: string) =>
        ({change: 'changed', desired, live, ...(manager === undefined ? {} : {manager})}) as const;
      const modified = (fields: Record<string, ReturnType<typeof changed> | {change: 'added' | 'removed'}>) =>
        ({status: 'Modified', fields}) as const;
      const removed = {change: 'removed'} as const;
      const withoutMetadata = {
        'metadata.labels.team': removed,
        'metadata.annotations["example.com/contact"]': removed,
      };
      const isTakenOver = command.length === 1 && command[0] === 'apply';
      await scene.expect({
        exit: isTakenOver ? 1 : 2,
        count,
        // The rest is as it was: what was restarted, and what an autoscaler scales while git is silent.
        resources: {
          'ConfigMap/edited': modified({'data.a': changed('1', 'by hand', 'kubectl-edit')}),
          'Deployment/image': modified({
            [`${container}.image`]: changed('registry.example.com/web:1.0', 'web:2', 'kubectl-set'),
          }),
          'Deployment/env': modified({
            [`${container}.env[name=LEVEL].value`]: changed('info', 'debug', 'kubectl-set'),
            [`${container}.env[name=MORE]`]: {change: 'added'},
          }),
          'Deployment/resources': modified({
            [`${container}.resources.limits.cpu`]: changed('1', '2', 'kubectl-set'),
          }),
          'Deployment/strategic': modified({
            'spec.minReadySeconds': changed(5, 9, 'kubectl-patch'),
            [`${container}.imagePullPolicy`]: {change: 'added'},
          }),
          'Deployment/counted': modified({'spec.replicas': changed(2, 4)}),
          'ConfigMap/merged': modified({
            'data.a': changed('1', '2', 'kubectl-patch'),
            'data.b': {change: 'removed'},
          }),
          'ConfigMap/patched': modified({
            'data.a': changed('1', '2', 'kubectl-patch'),
            'data.c': {change: 'added'},
          }),
          'ConfigMap/annotated': modified({
            'metadata.annotations["example.com/contact"]': changed('ada', 'bob', 'kubectl-annotate'),
          }),
          'ConfigMap/labelled': modified({'metadata.labels.team': changed('shop', 'other', 'kubectl-label')}),
          'ConfigMap/replaced': modified({'data.a': changed('1', '2', 'kubectl-replace')}),
          // To kubectl a server-side apply takes over what a client-side one owned: what it does not name goes.
          'ConfigMap/taken': modified({
            'data.a': changed('1', '2', 'other'),
            ...(isTakenOver ? {'data.b': removed, ...withoutMetadata} : {}),
          }),
          'ConfigMap/shared': isTakenOver
            ? modified({
                'data.a': removed,
                'data.b': removed,
                'data.c': {change: 'added'},
                ...withoutMetadata,
              })
            : {status: 'Unknown', error: /data\.c, live and not in git, was set by other/},
          'ConfigMap/recreated': modified({'data.b': removed, ...withoutMetadata}),
          'ConfigMap/reapplied': modified({'data.a': changed('1', '2', 'kubectl')}),
        },
      });
    });
  }
});
