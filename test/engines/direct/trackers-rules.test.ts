import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {ClusterError} from '../../../source/cluster/types.ts';
import type {JsonObject} from '../../../source/resources/json.ts';
import {configMap, namespace} from '../desired.ts';
import {FakeCluster, kindOf, usualKinds} from '../fake-cluster.ts';
import {setUp} from '../setting.ts';

const kinds = [
  ...usualKinds,
  kindOf('argoproj.io/v1alpha1', 'Application'),
  kindOf('helm.toolkit.fluxcd.io/v2', 'HelmRelease'),
  kindOf('source.toolkit.fluxcd.io/v1', 'GitRepository'),
];
const repoURL = 'git@forge.example:acme/shop.git';

function application(pointers: string[], status: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {name: 'shop', namespace: 'apps'},
    spec: {
      source: {repoURL, path: '.', targetRevision: 'HEAD'},
      destination: {server: 'https://kubernetes.default.svc', namespace: 'shop'},
      ignoreDifferences: [{kind: 'ConfigMap', jsonPointers: pointers}],
    },
    status,
  };
}

/** An environment with one ConfigMap that differs from git in `a`, and a cluster with these objects besides. */
async function drifted(...objects: JsonObject[]) {
  const cluster = new FakeCluster(kinds);
  const {engine, repository, signal} = setUp({cluster});
  repository.holds(configMap('web', {a: '1'}));
  for (const object of [namespace('shop'), configMap('web', {a: '2'}), ...objects])
    await cluster.seed(object);
  const status = async () => {
    const report = await engine.inspect(signal);
    return {status: report.resources[0]?.status, warnings: report.errors.map(({message}) => message)};
  };
  return {cluster, status};
}

describe('rules of who deploys the folder', () => {
  test('count as soon as they are made, and no longer than they are', async () => {
    const {cluster, status} = await drifted(application([]));
    assert.equal((await status()).status, 'Modified');
    await cluster.seed(application(['/data/a']));
    assert.equal((await status()).status, 'Synced');
    await cluster.seed(application(['/data/b']));
    assert.equal((await status()).status, 'Modified');
  });

  test('are those of the Argo CD that has the Application', async () => {
    const settings = (where: string, pointer: string) => ({
      ...configMap(
        'argocd-cm',
        {'resource.customizations.ignoreDifferences.all': `jsonPointers: [${pointer}]`},
        where,
      ),
    });
    const {cluster, status} = await drifted(
      application([], {controllerNamespace: 'argocd'}),
      settings('argocd', '/data/a'),
      settings('apps', '/data/b'),
    );
    assert.equal((await status()).status, 'Synced');
    await cluster.seed(settings('argocd', '/data/c'));
    assert.equal((await status()).status, 'Modified');
  });

  test('that may not be read are told, and ignore nothing', async () => {
    const {cluster, status} = await drifted(application([]));
    const get = cluster.get.bind(cluster);
    cluster.get = async (kind, where, name, signal) => {
      if (name === 'argocd-cm') throw new ClusterError('forbidden', 'no settings for you', {status: 403});
      return get(kind, where, name, signal);
    };
    const told = await status();
    assert.equal(told.status, 'Modified');
    assert.match(told.warnings.join(), /what Argo CD ignores everywhere can't be known.*no settings for you/);
  });

  test('of a HelmRelease whose chart is the folder', async () => {
    const release = (pointer: string): JsonObject => ({
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      metadata: {name: 'shop', namespace: 'flux'},
      spec: {
        chart: {spec: {chart: './', sourceRef: {kind: 'GitRepository', name: 'shop'}}},
        driftDetection: {mode: 'enabled', ignore: [{paths: [pointer], target: {kind: 'ConfigMap'}}]},
      },
    });
    const source: JsonObject = {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'GitRepository',
      metadata: {name: 'shop', namespace: 'flux'},
      spec: {url: repoURL},
    };
    const {cluster, status} = await drifted(source, release('/data/a'));
    assert.equal((await status()).status, 'Synced');
    await cluster.seed(release('/data/b'));
    assert.equal((await status()).status, 'Modified');
  });
});
