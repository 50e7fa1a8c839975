import assert from 'node:assert/strict';
import {test} from 'node:test';
import {dump} from 'js-yaml';
import {connect} from '../../source/cluster/connect.ts';
import type {ResourceDrift} from '../../source/drift/types.ts';
import type {JsonObject} from '../../source/resources/json.ts';
// Renamed: a linter takes names that begin with "use" for hooks of React.
import {useOwnCluster as ownCluster} from '../cluster/shared.ts';
import {configMap} from './desired.ts';
import {helmRecord, ofRelease, releaseSecret} from './helm-record.ts';
import {environment, setUp} from './setting.ts';
import {definition} from './tool-kinds.ts';

const url = 'ssh://git@forge.example:22/acme/shop.git';

function deployment(name: string, namespace: string, metadata: JsonObject = {}): JsonObject {
  const labels = {app: name};
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {name, namespace, labels, ...metadata},
    spec: {
      replicas: 1,
      selector: {matchLabels: labels},
      template: {
        metadata: {labels},
        spec: {
          containers: [
            {name: 'web', image: 'web:1', args: ['--a', '--level=1'], env: [{name: 'A', value: '1'}]},
          ],
        },
      },
    },
  };
}

const told = ({id, status, fields, hidden}: ResourceDrift) => [
  `${id.name} ${status}`,
  ...fields.map(({path}) => path),
  ...hidden
    .filter(({reason}) => reason === 'ignored')
    .map(({path, because}) => `${path}: ${because}`)
    .sort(),
];

test('on a real API server: what Argo CD is told to ignore is no drift, the rest is', async t => {
  const server = await ownCluster(t);
  if (server === undefined) return;
  const shop = await server.namespace('ignored');
  const argocd = await server.namespace('argocd-of-test');
  const kubectl = (args: readonly string[], ...objects: readonly JsonObject[]) =>
    server.kubectl(args, {input: objects.map(object => dump(object)).join('---\n')});
  const definitions = [definition('argoproj.io', 'v1alpha1', 'Application')];
  await kubectl(['apply', '-f', '-'], ...definitions);
  await kubectl(['wait', '--for=condition=Established', '--timeout=30s', '-f', '-'], ...definitions);
  const names = ['by-pointer', 'by-jq', 'by-manager', 'everywhere', 'unread'];
  await kubectl(['apply', '-f', '-'], ...names.map(name => deployment(name, shop)), {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {name: 'shop', namespace: argocd},
    spec: {
      source: {repoURL: url, path: './', targetRevision: 'HEAD'},
      destination: {server: 'https://kubernetes.default.svc', namespace: shop},
      ignoreDifferences: [
        {group: 'apps', kind: 'Deployment', name: 'by-pointer', jsonPointers: ['/spec/replicas']},
        {
          group: 'apps',
          kind: 'Deployment',
          name: 'by-jq',
          jqPathExpressions: [
            '.spec.template.spec.containers[] | select(.name == "side")',
            '.spec.template.spec.containers[].args[]? | select(startswith("--level="))',
          ],
        },
        {group: 'apps', kind: 'Deployment', name: 'by-manager', managedFieldsManagers: ['tuner']},
        {group: 'apps', kind: 'Deployment', name: 'unread', jqPathExpressions: ['.spec.replicas |= 1']},
      ],
    },
  });
  await kubectl(['apply', '-f', '-'], {
    ...configMap('argocd-cm', {}, argocd),
    data: {
      'resource.customizations.ignoreDifferences.apps_Deployment':
        'jsonPointers:\n- /metadata/labels/added\njqPathExpressions:\n- .spec.template.spec.containers[] | select(.name == "web") | .image\n',
    },
  });
  const patch = (name: string, body: JsonObject, ...more: string[]) =>
    server.kubectl(['patch', 'deployment', name, '-n', shop, '-p', JSON.stringify(body), ...more]);
  const containers = (...list: JsonObject[]) => ({spec: {template: {spec: {containers: list}}}});
  await patch('by-pointer', {spec: {replicas: 4, paused: true}});
  await patch(
    'by-jq',
    containers({name: 'side', image: 'side:1'}, {name: 'web', args: ['--a', '--level=7']}),
  );
  await patch('by-manager', {spec: {replicas: 5}}, '--field-manager=tuner');
  await patch('everywhere', {metadata: {labels: {added: 'x'}}, ...containers({name: 'web', image: 'web:2'})});
  await patch('unread', {spec: {replicas: 6}});

  for (const context of ['admin', 'reader'] as const) {
    const cluster = await connect({kubeconfig: server.kubeconfig, context});
    t.after(() => cluster.close());
    const {engine, repository, signal} = setUp({cluster, environment: {...environment, namespace: shop}});
    repository.holds(...names.map(name => deployment(name, shop)));
    const report = await engine.inspect(signal);
    const by = `ignored by Argo CD application ${argocd}/shop`;
    const cm = `ignored by Argo CD's ${argocd}/argocd-cm, resource.customizations.ignoreDifferences.apps_Deployment`;
    const web = 'spec.template.spec.containers[name=web]';
    assert.deepEqual(
      report.resources.map(told),
      [
        [
          'by-jq Synced',
          `spec.template.spec.containers[name=side]: ${by}: .spec.template.spec.containers[] | select(.name == "side")`,
          `${web}.args: ${by}: .spec.template.spec.containers[].args[]? | select(startswith("--level="))`,
        ],
        ['by-manager Synced', `spec.replicas: ${by}: what tuner sets`],
        ['by-pointer Modified', 'spec.paused', `spec.replicas: ${by}: /spec/replicas`],
        [
          'everywhere Synced',
          `metadata.labels.added: ${cm}: /metadata/labels/added`,
          `${web}.image: ${cm}: .spec.template.spec.containers[] | select(.name == "web") | .image`,
        ],
        ['unread Modified', 'spec.replicas'],
      ],
      context,
    );
    const unread = report.resources.find(({id}) => id.name === 'unread');
    assert.match(unread?.notes.join() ?? '', /shop: \.spec\.replicas \|= 1 can't be followed here/);
  }
});

test('on a real API server: what Flux is told to ignore, to make only, to add to and to leave alone', async t => {
  const server = await ownCluster(t);
  if (server === undefined) return;
  const shop = await server.namespace('fluxed');
  const flux = await server.namespace('flux-of-test');
  const kubectl = (args: readonly string[], ...objects: readonly JsonObject[]) =>
    server.kubectl(args, {input: objects.map(object => dump(object)).join('---\n')});
  const definitions = [
    definition('kustomize.toolkit.fluxcd.io', 'v1', 'Kustomization'),
    definition('source.toolkit.fluxcd.io', 'v1', 'GitRepository'),
  ];
  await kubectl(['apply', '-f', '-'], ...definitions);
  await kubectl(['wait', '--for=condition=Established', '--timeout=30s', '-f', '-'], ...definitions);
  const marked = (name: string, mark: string, value: string) => ({
    ...configMap(name, {a: '1'}, shop),
    metadata: {name, namespace: shop, annotations: {[`kustomize.toolkit.fluxcd.io/${mark}`]: value}},
  });
  const inGit = [
    configMap('ruled', {a: '1', b: '1'}, shop),
    marked('made-once', 'ssa', 'IfNotPresent'),
    marked('merged', 'ssa', 'Merge'),
    marked('skipped', 'ssa', 'Ignore'),
    configMap('paused', {a: '1'}, shop),
    {
      ...configMap('hook', {a: '1'}, shop),
      metadata: {name: 'hook', namespace: shop, annotations: {'helm.sh/hook': 'test'}},
    },
  ];
  await kubectl(['apply', '--server-side', '--field-manager=kustomize-controller', '-f', '-'], ...inGit);
  await kubectl(
    ['apply', '-f', '-'],
    {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'GitRepository',
      metadata: {name: 'shop', namespace: flux},
      spec: {url},
    },
    {
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata: {name: 'shop', namespace: flux},
      spec: {
        path: './',
        sourceRef: {kind: 'GitRepository', name: 'shop'},
        ignore: [{paths: ['/data/a'], target: {kind: 'ConfigMap', name: 'rul.*'}}],
      },
    },
  );
  const patch = (name: string, body: JsonObject) =>
    server.kubectl(['patch', 'configmap', name, '-n', shop, '--type=merge', '-p', JSON.stringify(body)]);
  await patch('ruled', {data: {a: '2', b: '2'}});
  await patch('made-once', {data: {a: '2', more: 'x'}});
  await patch('merged', {data: {more: 'x'}});
  await patch('paused', {
    data: {a: '2'},
    metadata: {annotations: {'kustomize.toolkit.fluxcd.io/reconcile': 'disabled'}},
  });
  await patch('hook', {data: {a: '2'}});

  const cluster = await connect({kubeconfig: server.kubeconfig, context: 'admin'});
  t.after(() => cluster.close());
  const {engine, repository, signal} = setUp({cluster, environment: {...environment, namespace: shop}});
  repository.holds(...inGit);
  const report = await engine.inspect(signal);
  const once = 'ignored by kustomize.toolkit.fluxcd.io/ssa is IfNotPresent: Flux only creates it';
  assert.deepEqual(report.resources.map(told), [
    // To Flux a hook is an object like any other.
    ['hook Modified', 'data.a'],
    ['made-once Synced', `data: ${once}`],
    [
      'merged Synced',
      'data.more: ignored by kustomize.toolkit.fluxcd.io/ssa is Merge: Flux keeps what others add',
    ],
    ['paused Modified', 'data.a'],
    ['ruled Modified', 'data.b', `data.a: ignored by Flux Kustomization ${flux}/shop: /data/a`],
  ]);
  assert.deepEqual(
    report.leftOut?.map(({id, reason}) => `${id.name}: ${reason}`),
    ["skipped: kustomize.toolkit.fluxcd.io/ssa is Ignore: Flux doesn't apply it"],
  );
  const plan = await engine.plan({prune: false, force: true}, signal);
  assert.deepEqual(
    plan.steps.filter(({action}) => action === 'skip').map(({id, reason}) => `${id.name}: ${reason}`),
    [
      'made-once: left alone: kustomize.toolkit.fluxcd.io/ssa is IfNotPresent, and it is there',
      'paused: left alone: kustomize.toolkit.fluxcd.io/reconcile is disabled, live',
    ],
  );
});

test('on a real API server: what a Helm release holds, for whoever may read its record', async t => {
  const server = await ownCluster(t);
  if (server === undefined) return;
  const shop = 'shop';
  await server.kubectl(['create', 'namespace', shop]);
  const names = ['a', 'b', 'c', 'd', 'e'];
  const objects = [...names, 'old'].map(name => ofRelease(configMap(name)));
  const input = [...objects, helmRecord(objects), helmRecord([], {version: 2, status: 'failed'})];
  await server.kubectl(['apply', '--server-side', '-f', '-'], {
    input: input.map(object => dump(object)).join('---\n'),
  });
  await server.kubectl([
    'create',
    'clusterrole',
    'no-secrets',
    '--verb=get,list,watch',
    '--resource=configmaps',
  ]);
  await server.kubectl([
    'create',
    'clusterrolebinding',
    'no-secrets',
    '--clusterrole=no-secrets',
    '--user=nobody',
  ]);
  const notes = {
    admin: 'held by Helm release shop/web; Helm would delete it in an upgrade to what git says',
    reader: 'held by Helm release shop/web; Helm would delete it in an upgrade to what git says',
    nobody: "bears the marks of Helm release shop/web, whose own record can't be read",
  };
  for (const context of ['admin', 'reader', 'nobody'] as const) {
    const cluster = await connect({kubeconfig: server.kubeconfig, context});
    t.after(() => cluster.close());
    const {engine, repository, signal} = setUp({cluster});
    repository.holds(...objects.slice(0, names.length));
    const report = await engine.inspect(signal);
    assert.deepEqual(
      report.resources
        .filter(({status}) => status === 'Extra')
        .map(each => `${each.id.name}: ${each.notes.join('; ')}`),
      [`old: ${notes[context]}`],
      context,
    );
    const isTold = report.errors.some(({message}) => message.includes('what Helm release shop/web holds'));
    assert.equal(isTold, context === 'nobody');
    assert.ok(!JSON.stringify(report).includes(releaseSecret));
  }
});
