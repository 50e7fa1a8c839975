import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {ClusterError} from '../../../../source/cluster/types.ts';
import {driftDocument} from '../../../../source/commands/document.ts';
import {diffText} from '../../../../source/commands/text-report.ts';
import {formatIdentity} from '../../../../source/resources/identity.ts';
import type {JsonObject} from '../../../../source/resources/json.ts';
import {configMap, deployment, namespace} from '../../desired.ts';
import {FakeCluster, kindOf, usualKinds} from '../../fake-cluster.ts';
import {environment, setUp} from '../../setting.ts';

const kinds = [
  ...usualKinds,
  kindOf('v1', 'ServiceAccount'),
  kindOf('v1', 'Endpoints'),
  kindOf('v1', 'Event'),
  kindOf('v1', 'PersistentVolumeClaim'),
  kindOf('apps/v1', 'StatefulSet'),
  kindOf('apps/v1beta1', 'Deployment'),
  kindOf('coordination.k8s.io/v1', 'Lease'),
];

function object(kind: string, name: string, metadata: JsonObject = {}, more: JsonObject = {}): JsonObject {
  const apiVersion = kind === 'Lease' ? 'coordination.k8s.io/v1' : kind === 'StatefulSet' ? 'apps/v1' : 'v1';
  return {apiVersion, kind, metadata: {name, namespace: 'shop', ...metadata}, ...more};
}

async function reportOf(objects: readonly JsonObject[], refuse: FakeCluster['refuse'] = () => undefined) {
  const cluster = new FakeCluster(kinds);
  const {engine, repository, signal} = setUp({
    cluster,
    orphans: true,
    environment: {...environment, namespace: 'shop'},
  });
  repository.holds(configMap('kept'));
  for (const each of [namespace('shop'), configMap('kept'), ...objects]) await cluster.seed(each);
  cluster.refuse = refuse;
  return engine.inspect(signal);
}

describe('what is nobody’s', () => {
  const nobodys: Record<string, JsonObject> = {
    'a ConfigMap that somebody made': configMap('stranger'),
    'a Deployment': deployment('stranger'),
    'a Secret': object('Secret', 'stranger', {}, {type: 'Opaque'}),
    'a claim like a StatefulSet’s, without one': object('PersistentVolumeClaim', 'data-stranger-0'),
  };
  for (const [name, each] of Object.entries(nobodys)) {
    test(name, async () => {
      const report = await reportOf([each]);
      assert.equal(report.orphans?.length, 1);
      assert.match(report.orphans?.[0]?.name ?? '', /stranger/);
      assert.deepEqual([report.syncStatus, report.summary.extra], ['Synced', 0], 'no drift');
    });
  }

  const owned = {ownerReferences: [{apiVersion: 'v1', kind: 'ConfigMap', name: 'kept', uid: '1'}]};
  const somebodys: Record<string, JsonObject> = {
    'a child of another object': object('ConfigMap', 'x', owned),
    'of the cluster': object('ConfigMap', 'kube-root-ca.crt'),
    'the default account': object('ServiceAccount', 'default'),
    endpoints: object('Endpoints', 'x'),
    'an event': object('Event', 'x'),
    'a lease': object('Lease', 'x'),
    'a release of Helm': object('Secret', 'x', {}, {type: 'helm.sh/release.v1'}),
    'an account’s token': object('Secret', 'x', {}, {type: 'kubernetes.io/service-account-token'}),
    'of a chart': object('ConfigMap', 'x', {annotations: {'meta.helm.sh/release-name': 'redis'}}),
    'of an Application': object('ConfigMap', 'x', {
      annotations: {'argocd.argoproj.io/tracking-id': 'a:/ConfigMap:shop/x'},
    }),
    'of a Kustomization': object('ConfigMap', 'x', {labels: {'kustomize.toolkit.fluxcd.io/name': 'a'}}),
    'of another ApplySet': object('ConfigMap', 'x', {labels: {'applyset.kubernetes.io/part-of': 'a'}}),
    'an ApplySet itself': object('ConfigMap', 'x', {labels: {'applyset.kubernetes.io/id': 'a'}}),
    'in a namespace of others': {...configMap('x'), metadata: {name: 'x', namespace: 'cart'}},
    'on its way out': object('ConfigMap', 'x', {deletionTimestamp: '2026-11-20T10:00:00Z'}),
  };
  for (const [name, each] of Object.entries(somebodys)) {
    test(`not: ${name}`, async () => {
      assert.deepEqual((await reportOf([namespace('cart'), each])).orphans, []);
    });
  }

  test('not: the claims of a StatefulSet, told as an orphan itself', async () => {
    const set = object('StatefulSet', 'db', {}, {spec: {volumeClaimTemplates: [{metadata: {name: 'data'}}]}});
    const claims = ['data-db-0', 'data-db-10', 'data-db-old'].map(name =>
      object('PersistentVolumeClaim', name),
    );
    const {orphans = []} = await reportOf([set, ...claims]);
    assert.deepEqual(orphans.map(formatIdentity), [
      'PersistentVolumeClaim/shop/data-db-old',
      'StatefulSet/shop/db',
    ]);
  });

  test('what may not be listed is told, and is no error', async () => {
    const report = await reportOf([configMap('stranger')], request =>
      request.startsWith('list Secret') ? new ClusterError('forbidden', 'no', {status: 403}) : undefined,
    );
    assert.deepEqual(
      report.orphans?.map(({name}) => name),
      ['stranger'],
    );
    assert.deepEqual(report.errors, [
      {severity: 'warning', message: "orphans among secrets in shop can't be known: no"},
    ]);
  });

  test('not asked for: nothing is looked for or told', async () => {
    const cluster = new FakeCluster(kinds);
    const {engine, repository, signal} = setUp({cluster});
    repository.holds(configMap('kept'));
    await cluster.seed(namespace('shop'));
    const report = await engine.inspect(signal);
    assert.equal(report.orphans, undefined);
    assert.ok(!cluster.requests.some(request => request.includes('ServiceAccount')));
  });

  test('nothing is claimed where git could not be read in full', async () => {
    const cluster = new FakeCluster(kinds);
    const {engine, repository, signal} = setUp({cluster, orphans: true});
    repository.holds(configMap('kept'));
    repository.files.set('broken.yaml', 'kind: [');
    await cluster.seed(namespace('shop'));
    await cluster.seed(configMap('stranger'));
    const report = await engine.inspect(signal);
    assert.equal(report.orphans, undefined);
    assert.ok(report.errors.some(({message}) => message.startsWith("orphans can't be known")));
  });
});

test('orphans in both outputs, each beside the drift', async () => {
  const report = await reportOf([configMap('stranger')]);
  const document = driftDocument({path: '/', remote: null, head: null}, [report], [], {resources: true});
  const [told] = document['environments'] as JsonObject[];
  assert.deepEqual(told?.['orphans'], [{group: '', kind: 'ConfigMap', namespace: 'shop', name: 'stranger'}]);
  const text = diffText([report], [], {color: false, ascii: true});
  assert.match(
    text,
    /\n {2}1 orphan: in its namespaces and nobody's; no drift\n {4}ConfigMap\/shop\/stranger\n/,
  );
});
