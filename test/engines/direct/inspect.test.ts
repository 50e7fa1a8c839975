import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {ClusterError} from '../../../source/cluster/types.ts';
import type {EnvironmentReport} from '../../../source/drift/types.ts';
import type {InspectionEvent} from '../../../source/engines/types.ts';
import {objectAt, stringifyJson} from '../../../source/resources/json.ts';
import {configMap, deployment, namespace} from '../desired.ts';
import {FakeCluster, kindOf, usualKinds} from '../fake-cluster.ts';
import {environment, setUp} from '../setting.ts';

/** Git and cluster agree, but for what the caller changes. */
async function agreeing() {
  const all = setUp();
  const objects = [namespace('shop'), configMap('a'), deployment('web')];
  all.repository.holds(...objects);
  for (const object of objects) await all.cluster.seed(object);
  return all;
}

async function scaled() {
  const all = await agreeing();
  const live = all.cluster.peek('apps/v1', 'Deployment', 'shop', 'web') ?? {};
  await all.cluster.seed({...live, spec: {replicas: 9}}, 'kubectl-scale', 'Update');
  return all;
}

const statuses = ({resources}: EnvironmentReport) =>
  Object.fromEntries(resources.map(({id, status}) => [id.name, status]));
const dryRuns = ({requests}: FakeCluster) => requests.filter(request => request.startsWith('dry-run')).length;

describe('an inspection', () => {
  test('of what agrees asks for nothing but what is there', async () => {
    const {engine, cluster, signal} = await agreeing();
    const report = await engine.inspect(signal);
    assert.deepEqual([report.syncStatus, report.errors], ['Synced', []]);
    assert.equal(dryRuns(cluster), 0);
    assert.deepEqual(cluster.writes, []);
  });

  test('tells who changed what, when, and which commit says otherwise', async () => {
    const {engine, signal} = await scaled();
    const {resources} = await engine.inspect(signal);
    const [field] = resources.find(({id}) => id.name === 'web')?.fields ?? [];
    assert.deepEqual(
      [
        field?.path,
        field?.desired,
        field?.live,
        field?.manager,
        field?.changedAt,
        field?.author,
        field?.commit,
      ],
      ['spec.replicas', 3, 9, 'kubectl-scale', '2026-11-21T08:00:00Z', 'Jane', 'c'.repeat(40)],
    );
    assert.deepEqual(field?.location?.file, 'deployment-web.yaml');
  });

  test('asks again only what moved', async () => {
    const {engine, repository, cluster, signal} = await scaled();
    await engine.inspect(signal);
    const [asked, blamed] = [dryRuns(cluster), repository.blamed.length];
    assert.deepEqual([asked > 0, blamed > 0], [true, true]);

    const live = cluster.peek('apps/v1', 'Deployment', 'shop', 'web') ?? {};
    await cluster.seed({...live, status: {readyReplicas: 2}}, 'kube-controller-manager', 'Update');
    assert.equal((await engine.inspect(signal)).syncStatus, 'OutOfSync');
    assert.deepEqual([dryRuns(cluster), repository.blamed.length], [asked, blamed], 'a status is no news');

    await cluster.seed({...live, spec: {replicas: 8}}, 'kubectl-scale', 'Update');
    await engine.inspect(signal);
    assert.ok(dryRuns(cluster) > asked);
  });

  test('streams each resource, and how far it is', async () => {
    const {engine, signal} = await scaled();
    const events: InspectionEvent[] = [];
    await engine.inspect(signal, event => events.push(event));
    const names = events.flatMap(event => (event.type === 'resource' ? [event.resource.id.name] : []));
    assert.deepEqual(names.sort(), ['a', 'shop', 'web']);
    const phases = new Set(events.flatMap(event => (event.type === 'progress' ? [event.phase] : [])));
    assert.deepEqual([...phases], ['source', 'connect', 'list', 'compare']);
    assert.deepEqual(
      events.findLast(event => event.type === 'progress'),
      {
        type: 'progress',
        phase: 'compare',
        done: 3,
        total: 3,
      },
    );
  });

  test('lets no secret out', async () => {
    const {engine, repository, cluster, signal} = await agreeing();
    const secret = (password: string) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {name: 's', namespace: 'shop'},
      data: {password: Buffer.from(password).toString('base64')},
    });
    repository.holds(namespace('shop'), secret('from-git'));
    await cluster.seed(secret('from-live'), 'kubectl-edit', 'Update');
    const events: InspectionEvent[] = [];
    const report = await engine.inspect(signal, event => events.push(event));
    assert.equal(statuses(report)['s'], 'Modified');
    const plan = await engine.plan({prune: false, force: false}, signal);
    for (const told of [report, events, plan]) {
      const text = stringifyJson(JSON.parse(JSON.stringify(told)));
      for (const value of ['from-git', 'from-live']) {
        assert.ok(!text.includes(value) && !text.includes(Buffer.from(value).toString('base64')));
      }
    }
  });

  test('reads again what moves while it is compared', async () => {
    const {engine, cluster, signal} = await scaled();
    let first = true;
    cluster.refuse = request => {
      if (request !== 'dry-run Deployment/shop/web' || !first) return undefined;
      first = false;
      const live = cluster.peek('apps/v1', 'Deployment', 'shop', 'web') ?? {};
      void cluster.seed({...live, spec: {replicas: 3}}, 'kubectl-scale', 'Update');
      return new ClusterError('conflict', 'the object has been modified', {status: 409});
    };
    assert.equal(statuses(await engine.inspect(signal))['web'], 'Synced');
  });

  test('gives up on what never stops moving: Unknown, not Synced', async () => {
    const {engine, cluster, signal} = await scaled();
    cluster.refuse = request =>
      request.startsWith('dry-run') ? new ClusterError('conflict', 'modified', {status: 409}) : undefined;
    const report = await engine.inspect(signal);
    assert.deepEqual(
      [statuses(report)['web'], statuses(report)['a'], dryRuns(cluster)],
      ['Unknown', 'Synced', 3],
    );
  });

  test('compares here where it may not ask the server', async () => {
    const {engine, cluster, signal} = await scaled();
    cluster.allowed = async () => false;
    const report = await engine.inspect(signal);
    const web = report.resources.find(({id}) => id.name === 'web');
    assert.deepEqual([web?.status, web?.verdict, dryRuns(cluster)], ['Modified', 'local', 0]);
  });

  test('does not call gone what it could not read', async () => {
    const {engine, cluster, signal} = await agreeing();
    cluster.refuse = request =>
      request === 'get ConfigMap/shop/a' ? new ClusterError('forbidden', 'no', {status: 403}) : undefined;
    const report = await engine.inspect(signal);
    assert.deepEqual(
      [report.syncStatus, statuses(report)],
      ['Unknown', {shop: 'Synced', a: 'Unknown', web: 'Synced'}],
    );
    assert.match(report.resources.find(({id}) => id.name === 'a')?.error ?? '', /not allowed to read it: no/);
  });

  test('finds a kind that was defined since the connection was made', async () => {
    const cluster = new FakeCluster();
    const {engine, repository, signal} = setUp({cluster});
    const basket = {apiVersion: 'shop.example/v1', kind: 'Basket', metadata: {name: 'b', namespace: 'shop'}};
    await cluster.seed(namespace('shop'));
    repository.holds(basket);
    assert.equal((await engine.inspect(signal)).syncStatus, 'Unknown');
    const before = await cluster.kinds();
    cluster.kindsServed.push(kindOf('shop.example/v1', 'Basket'));
    const stale = {...before, find: () => usualKinds.find(({kind}) => kind === 'none')};
    const fresh = cluster.kinds.bind(cluster);
    cluster.kinds = async (options: {refresh?: boolean} = {}) => (options.refresh ? fresh() : stale);
    assert.equal((await engine.inspect(signal)).syncStatus, 'OutOfSync');
  });

  test('tells a broken file, and still compares the rest', async () => {
    const {engine, repository, signal} = await agreeing();
    repository.files.set('broken.yaml', 'kind: [');
    const report = await engine.inspect(signal);
    assert.deepEqual(statuses(report), {shop: 'Synced', a: 'Synced', web: 'Synced'});
    assert.equal(report.syncStatus, 'Unknown');
    assert.equal(report.errors[0]?.location?.file, 'broken.yaml');
  });

  test('of a cluster out of reach has every resource Unknown, with cause and fix', async () => {
    const {engine, repository, signal} = setUp({
      connect: async () => {
        throw new ClusterError('unauthorized', 'the credentials expired', {fix: 'log in again'});
      },
    });
    repository.holds(configMap('a'), configMap('b'));
    const report = await engine.inspect(signal);
    assert.deepEqual([report.syncStatus, report.summary.unknown], ['Unknown', 2]);
    assert.deepEqual(report.errors, [
      {severity: 'error', message: 'the credentials expired', fix: 'log in again'},
    ]);
  });

  test('of a branch that is nowhere tells so', async () => {
    const {engine, signal} = setUp({environment: {...environment, branch: 'env/lost'}});
    const report = await engine.inspect(signal);
    assert.deepEqual([report.syncStatus, report.desiredRevision], ['Unknown', null]);
    assert.match(report.errors[0]?.message ?? '', /branch env\/lost/);
  });

  test('ends when it is aborted', async () => {
    const {engine} = await agreeing();
    const controller = new AbortController();
    const inspection = engine.inspect(controller.signal, event => {
      if (event.type === 'resource') controller.abort(new Error('enough'));
    });
    await assert.rejects(inspection, /enough|abort/i);
  });

  test('of a member of the ApplySet shows its mark neither as drift nor as noise', async () => {
    const {engine, cluster, signal} = await agreeing();
    const mark = {'applyset.kubernetes.io/part-of': 'applyset-x-v1'};
    await cluster.seed(
      {...configMap('a'), metadata: {name: 'a', namespace: 'shop', labels: mark}},
      'kubectl',
      'Apply',
    );
    const report = await engine.inspect(signal);
    const a = report.resources.find(({id}) => id.name === 'a');
    assert.deepEqual([a?.status, a?.fields, a?.hidden], ['Synced', [], []]);
    assert.deepEqual(objectAt(objectAt(a?.live ?? {}, 'metadata'), 'labels'), mark);
  });
});
