import assert from 'node:assert/strict';
import {test} from 'node:test';
import {dump} from 'js-yaml';
import {connect} from '../../source/cluster/connect.ts';
import type {JsonObject} from '../../source/resources/json.ts';
// Renamed: a linter takes names that begin with "use" for hooks of React.
import {useOwnCluster as ownCluster} from '../cluster/shared.ts';
import {configMap} from './desired.ts';
import {environment, setUp} from './setting.ts';
import {definition} from './tool-kinds.ts';

test('on a real API server: extras of Argo CD, of Flux, and nobody’s', async t => {
  const server = await ownCluster(t);
  if (server === undefined) return;
  const shop = await server.namespace('tracked');
  const tools = await server.namespace('tools');
  const kubectl = (args: readonly string[], ...objects: readonly JsonObject[]) =>
    server.kubectl(args, {input: objects.map(object => dump(object)).join('---\n')});
  const definitions = [
    definition('argoproj.io', 'v1alpha1', 'Application'),
    definition('kustomize.toolkit.fluxcd.io', 'v1', 'Kustomization'),
    definition('source.toolkit.fluxcd.io', 'v1', 'GitRepository'),
  ];
  await kubectl(['apply', '-f', '-'], ...definitions);
  await kubectl(['wait', '--for=condition=Established', '--timeout=30s', '-f', '-'], ...definitions);

  const url = 'ssh://git@forge.example:22/acme/shop.git';
  const marked = (name: string, metadata: JsonObject) => ({
    ...configMap(name, {}, shop),
    metadata: {name, namespace: shop, ...metadata},
  });
  await kubectl(
    ['apply', '-f', '-'],
    configMap('kept', {}, shop),
    configMap('nobodys', {}, shop),
    marked('argos', {annotations: {'argocd.argoproj.io/tracking-id': `shop:/ConfigMap:${shop}/argos`}}),
    marked('copy', {annotations: {'argocd.argoproj.io/tracking-id': `shop:/ConfigMap:${shop}/argos`}}),
    marked('fluxs', {
      labels: {
        'kustomize.toolkit.fluxcd.io/name': 'shop',
        'kustomize.toolkit.fluxcd.io/namespace': tools,
      },
    }),
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: {name: 'shop', namespace: tools},
      spec: {
        source: {repoURL: url, path: './', targetRevision: 'HEAD'},
        destination: {server: 'https://kubernetes.default.svc', namespace: shop},
      },
      status: {
        resources: ['kept', 'argos', 'copy'].map(name => ({
          kind: 'ConfigMap',
          version: 'v1',
          namespace: shop,
          name,
        })),
      },
    },
    {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'GitRepository',
      metadata: {name: 'shop', namespace: tools},
      spec: {url},
    },
    {
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata: {name: 'shop', namespace: tools},
      spec: {path: './', prune: true, sourceRef: {kind: 'GitRepository', name: 'shop'}},
      status: {
        inventory: {entries: ['kept', 'fluxs'].map(name => ({id: `${shop}_${name}__ConfigMap`, v: 'v1'}))},
      },
    },
  );

  for (const context of ['admin', 'reader'] as const) {
    const cluster = await connect({kubeconfig: server.kubeconfig, context});
    t.after(() => cluster.close());
    const {engine, repository, signal} = setUp({cluster, environment: {...environment, namespace: shop}});
    repository.holds(configMap('kept', {}, shop));
    const report = await engine.inspect(signal);
    const told = report.resources.filter(({status}) => status === 'Extra');
    assert.deepEqual(
      told.map(({id, notes}) => `${id.name}: ${notes.join('; ')}`),
      [
        `argos: tracked by Argo CD application ${tools}/shop; Argo CD would prune it in a sync with prune`,
        `fluxs: tracked by Flux Kustomization ${tools}/shop; Flux would prune it`,
      ],
      context,
    );
    assert.equal(report.syncStatus, 'OutOfSync');
  }
});

test('on a real API server with its controllers: orphans are what people made, not what the cluster makes', async t => {
  const server = await ownCluster(t, {controllers: true});
  if (server === undefined) return;
  const shop = await server.namespace('orphans');
  const cluster = await connect({kubeconfig: server.kubeconfig, context: 'admin'});
  t.after(() => cluster.close());
  const {engine, repository, signal} = setUp({
    cluster,
    orphans: true,
    environment: {...environment, namespace: shop},
  });
  const kept = configMap('kept', {}, shop);
  repository.holds(kept);
  await server.kubectl(['apply', '-f', '-'], {input: dump(kept)});
  await server.kubectl(['create', 'deployment', 'by-hand', '--image=nginx:1', '-n', shop]);
  await server.kubectl(['expose', 'deployment/by-hand', '--port=80', '-n', shop]);
  await server.kubectl(['wait', '--for=create', '--timeout=60s', 'pod', '-l', 'app=by-hand', '-n', shop]);
  await server.kubectl(['wait', '--for=create', '--timeout=60s', 'configmap/kube-root-ca.crt', '-n', shop]);
  const report = await engine.inspect(signal);
  assert.deepEqual(
    report.orphans?.map(({kind, name}) => `${kind}/${name}`),
    ['Deployment/by-hand', 'Service/by-hand'],
  );
  assert.equal(report.syncStatus, 'Synced');
});
