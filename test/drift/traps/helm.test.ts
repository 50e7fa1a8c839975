import assert from 'node:assert/strict';
import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {helmFor} from '../../cluster/helm.ts';
import {useCluster} from '../../cluster/shared.ts';
import {temporaryFolder} from '../../repository/git-folder.ts';
import {container} from './manifests.ts';
import {scenario} from './scenario.ts';

const chart: Record<string, string> = {
  'Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
  'values.yaml': 'image: web:1\nreplicas: 2\nlevel: info\nservice: true\ntuned: true\n',
  'templates/web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  labels: {app: {{ .Release.Name }}, app.kubernetes.io/managed-by: {{ .Release.Service }}}
spec:
  replicas: {{ .Values.replicas }}
{{- if .Values.tuned }}
  minReadySeconds: 5
{{- end }}
  selector: {matchLabels: {app: {{ .Release.Name }}}}
  template:
    metadata:
      labels: {app: {{ .Release.Name }}}
    spec:
      containers:
      - name: web
        image: {{ .Values.image }}
        ports: [{containerPort: 80}]
        env:
        - {name: LEVEL, value: {{ .Values.level }}}
{{- if .Values.tuned }}
        - {name: TUNED, value: "1"}
        resources: {limits: {cpu: "1", memory: 1Gi}}
{{- end }}
`,
  'templates/settings.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data:
  level: {{ .Values.level }}
{{- if .Values.tuned }}
  tuned: "yes"
{{- end }}
`,
  'templates/login.yaml':
    'apiVersion: v1\nkind: Secret\nmetadata: {name: login}\nstringData:\n  level: {{ .Values.level }}\n',
  'templates/service.yaml':
    '{{- if .Values.service }}\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  selector: {app: web}\n  ports: [{port: 80}]\n{{- end }}\n',
};

test('Helm: what a release installs and upgrades is Synced, what it dropped or a person changed is drift', async t => {
  const cluster = await useCluster(t);
  if (!cluster) return;
  const helm = await helmFor(t, cluster);
  if (!helm) return;
  const folder = path.join(temporaryFolder(t), 'shop');
  for (const [name, content] of Object.entries(chart)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), {recursive: true});
    writeFileSync(file, content);
  }
  const second = ['--set=image=web:2,level=debug,service=false,tuned=false'];
  const render = async (...values: string[]) => ({
    'all.yaml': await helm('template', 'web', folder, ...values),
  });

  const scene = await scenario(t, await render());
  if (!scene) return;
  const release = (command: string, ...values: string[]) =>
    helm(command, 'web', folder, `--namespace=${scene.namespace}`, ...values);
  await release('install');
  await scene.expect({exit: 0, count: 4});

  await scene.kubectl('set', 'env', 'deployment/web', 'LEVEL=trace');
  await scene.kubectl('scale', 'deployment', 'web', '--replicas=4');
  await scene.kubectl('patch', 'configmap', 'settings', '--patch={"data":{"more":"1"}}');
  await scene.kubectl('label', 'service', 'web', 'team=shop');
  await scene.expect({
    exit: 1,
    count: 4,
    resources: {
      'Deployment/web': {
        status: 'Modified',
        fields: {
          [`${container}.env[name=LEVEL].value`]: {
            change: 'changed',
            desired: 'info',
            live: 'trace',
            manager: 'kubectl-set',
          },
          'spec.replicas': {change: 'changed', desired: 2, live: 4},
        },
      },
      'ConfigMap/settings': {
        status: 'Modified',
        fields: {'data.more': {change: 'added', live: '1', manager: 'kubectl-patch'}},
      },
      'Service/web': {status: 'Modified', fields: {'metadata.labels.team': {change: 'added', live: 'shop'}}},
    },
  });
  // Helm's three-way merge leaves what it never wrote where it is.
  await release('upgrade');
  await scene.kubectl('set', 'env', 'deployment/web', 'LEVEL=info');
  await scene.kubectl('scale', 'deployment', 'web', '--replicas=2');
  await scene.kubectl(
    'patch',
    'configmap',
    'settings',
    '--type=json',
    '--patch=[{"op":"remove","path":"/data/more"}]',
  );
  await scene.kubectl('label', 'service', 'web', 'team-');
  await scene.expect({exit: 0, count: 4});

  // git is ahead of the release: what it dropped is live still, and Helm's.
  await scene.git(await render(...second));
  const added = {change: 'added', manager: 'helm'} as const;
  await scene.expect({
    exit: 1,
    count: 4,
    resources: {
      'Deployment/web': {
        status: 'Modified',
        fields: {
          [`${container}.image`]: {change: 'changed', desired: 'web:2', live: 'web:1'},
          [`${container}.env[name=LEVEL].value`]: {change: 'changed', desired: 'debug', live: 'info'},
          [`${container}.env[name=TUNED]`]: added,
          [`${container}.resources`]: added,
          'spec.minReadySeconds': added,
        },
      },
      'ConfigMap/settings': {
        status: 'Modified',
        fields: {'data.level': {change: 'changed', desired: 'debug', live: 'info'}, 'data.tuned': added},
      },
      'Secret/login': {status: 'Modified', fields: {'data.level': 'changed'}},
      'Service/web': {status: 'Extra'},
    },
  });
  await release('upgrade', ...second);
  const verdict = await scene.expect({exit: 0, count: 3});
  assert.ok(verdict.resources.every(({kind}) => kind !== 'Service'));

  // A roll-back of the release is drift from git.
  await helm('rollback', 'web', '1', `--namespace=${scene.namespace}`);
  const back = await scene.diff();
  assert.equal(back.status, 1);
  assert.equal(back.resources.find(({kind}) => kind === 'Deployment')?.['status'], 'Modified');
});
