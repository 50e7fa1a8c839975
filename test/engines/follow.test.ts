import assert from 'node:assert/strict';
import {describe, type TestContext, test} from 'node:test';
import {ClusterError} from '../../source/cluster/types.ts';
import type {EnvironmentReport} from '../../source/drift/types.ts';
import {
  applySetId,
  emptyApplySet,
  parentObject,
  partOfLabel,
} from '../../source/engines/direct/apply/apply-set.ts';
import type {DirectEngineOptions} from '../../source/engines/direct/engine.ts';
import {Follower, type FollowTiming, usualFollowTiming} from '../../source/engines/direct/follow.ts';
import {Inspector} from '../../source/engines/direct/inspect.ts';
import type {FollowEvent} from '../../source/engines/types.ts';
import type {JsonObject} from '../../source/resources/json.ts';
import {createMask} from '../../source/secrets/mask.ts';
import {configMap, deployment, namespace} from './desired.ts';
import {environment, FakeRepository} from './setting.ts';
import {WatchedCluster} from './watched-cluster.ts';

/** Follows an environment of a cluster in memory that holds what git holds. */
async function following(
  t: TestContext,
  objects: readonly JsonObject[],
  {timing = {}, before}: {timing?: Partial<FollowTiming>; before?: (cluster: WatchedCluster) => void} = {},
) {
  const cluster = new WatchedCluster();
  const repository = new FakeRepository();
  repository.holds(...objects);
  await cluster.seed(namespace('shop'));
  for (const object of objects) await cluster.seed(object);
  before?.(cluster);
  const options: DirectEngineOptions = {
    environment,
    repository: repository.asRepository(),
    connect: async () => cluster,
    ignore: [],
    mask: createMask(),
    worktree: false,
  };
  const events: FollowEvent[] = [];
  const controller = new AbortController();
  const follower = new Follower(new Inspector(options), options, event => events.push(event), {
    ...usualFollowTiming,
    gather: 1,
    firstPause: 5,
    longestPause: 20,
    ...timing,
  });
  const ended = follower.run(controller.signal);
  t.after(async () => {
    controller.abort();
    await ended;
    assert.equal(cluster.watches, 0, 'a watch was left open');
  });
  const latest = () => events.findLast(event => event.type === 'report')?.report;
  const until = (what: string, isThere: (report: EnvironmentReport) => boolean) =>
    eventually(what, () => {
      const report = latest();
      return report !== undefined && isThere(report);
    });
  await until('the first report', () => true);
  if (before === undefined) await eventually('it watches', () => cluster.watches > 0);
  cluster.requests.length = 0;
  return {cluster, repository, events, latest, until, ended, controller};
}

async function eventually(what: string, isThere: () => boolean): Promise<void> {
  for (const limit = Date.now() + 10_000; !isThere(); ) {
    assert.ok(Date.now() < limit, `not after 10 s: ${what}`);
    await new Promise(resolve => setTimeout(resolve, 2));
  }
}

function statusOf(report: EnvironmentReport | undefined, name: string): string | undefined {
  return report?.resources.find(({id}) => id.name === name)?.status;
}

const many = (count: number) => Array.from({length: count}, (_, index) => configMap(`c${index}`, {a: '1'}));

describe('following an environment', () => {
  test('a change is told, and only what changed is judged and asked about again', async t => {
    const {cluster, latest, until} = await following(t, many(8));
    const before = latest();
    await cluster.seed(configMap('c3', {a: '2'}), 'kubectl', 'Update');
    await until('c3 is modified', report => statusOf(report, 'c3') === 'Modified');
    assert.deepEqual(cluster.requests, ['dry-run ConfigMap/shop/c3']);
    const [field] = latest()?.resources.find(({id}) => id.name === 'c3')?.fields ?? [];
    assert.deepEqual([field?.path, field?.live, field?.author], ['data.a', '2', 'Jane']);
    const others = (report: EnvironmentReport | undefined) =>
      report?.resources.filter(({id}) => id.name !== 'c3') ?? [];
    assert.equal(others(latest()).length, 7);
    for (const [index, drift] of others(latest()).entries()) assert.equal(drift, others(before)[index]);
  });

  test('a status moves health without a dry run', async t => {
    const drifted = {...deployment('web', 5), status: {observedGeneration: 1}};
    const {cluster, repository, until} = await following(t, [drifted]);
    repository.holds(deployment('web', 3));
    await until('web is modified', report => statusOf(report, 'web') === 'Modified');
    cluster.requests.length = 0;
    const failed = {
      type: 'Progressing',
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
      message: 'no image',
    };
    await cluster.seed({...drifted, status: {conditions: [failed]}}, 'kubectl', 'Update');
    await until('web is degraded', report => report.healthStatus === 'Degraded');
    assert.deepEqual(cluster.requests, []);
  });

  test('what is deleted is missing, what is created again is not', async t => {
    const {cluster, until} = await following(t, many(2));
    const kind = cluster.kindsServed.find(({kind: name}) => name === 'ConfigMap') ?? assert.fail();
    await cluster.delete(kind, 'shop', 'c1');
    await until('c1 is missing', report => statusOf(report, 'c1') === 'Missing');
    await cluster.seed(configMap('c1', {a: '1'}));
    await until('all is well', report => report.syncStatus === 'Synced');
  });

  test('a deployment that somebody records, and a member that git does not have', async t => {
    const {cluster, until} = await following(t, many(2));
    const parent = {namespace: 'shop', name: 'gitops-tui-staging'};
    const id = applySetId({...parent, group: '', kind: 'ConfigMap'});
    const revision = 'd'.repeat(40);
    const set = {
      ...emptyApplySet('shop', 'staging'),
      groupKinds: ['ConfigMap'],
      history: [{revision, time: '2026-11-21T08:00:00Z', by: 'Jane', pruned: false, tookSeconds: 1}],
    };
    await cluster.seed(parentObject(set, 'forge.example/acme/shop'));
    await until('it is live', report => report.liveRevision === revision);
    const old = configMap('old', {a: '1'});
    await cluster.seed({...old, metadata: {name: 'old', namespace: 'shop', labels: {[partOfLabel]: id}}});
    await until('old is extra', report => statusOf(report, 'old') === 'Extra');
  });

  test('a commit is told, and lists nothing', async t => {
    const {cluster, repository, until} = await following(t, many(8));
    repository.holds(...many(7), configMap('c7', {a: 'new'}));
    await until('the new revision', report => report.desiredRevision === repository.sha);
    await until('c7 is modified', report => statusOf(report, 'c7') === 'Modified');
    assert.deepEqual(
      cluster.requests.filter(request => !request.startsWith('dry-run')),
      [],
    );
  });

  test('a watch that has expired lists again and misses nothing', async t => {
    const {cluster, until, events} = await following(t, many(8));
    // The change itself is in no event: only a list tells it.
    const tellNobody = Object.getPrototypeOf(WatchedCluster.prototype) as WatchedCluster;
    await tellNobody.seed.call(cluster, configMap('c3', {a: '2'}), 'kubectl', 'Update');
    cluster.end(new ClusterError('expired', 'too old resource version', {status: 410}));
    await until('c3 is modified', report => statusOf(report, 'c3') === 'Modified');
    assert.ok(cluster.requests.includes('list ConfigMap shop'));
    assert.ok(!events.some(({type}) => type === 'lost'));
  });

  test('where watching is denied, it is polled', async t => {
    const {cluster, until} = await following(t, many(8), {
      timing: {poll: 20},
      before: denied => {
        denied.refuse = request =>
          request.startsWith('watch') ? new ClusterError('forbidden', 'no', {status: 403}) : undefined;
      },
    });
    await cluster.seed(configMap('c3', {a: '2'}), 'kubectl', 'Update');
    await until('c3 is modified', report => statusOf(report, 'c3') === 'Modified');
    assert.equal(cluster.watches, 0);
  });

  test('a lost cluster is told once, the last report stays, and the next one has what happened', async t => {
    const {cluster, until, events} = await following(t, many(8));
    const told = events.length;
    const gone = new ClusterError('unreachable', 'the connection was refused');
    cluster.refuse = () => gone;
    await cluster.seed(configMap('c3', {a: '2'}), 'kubectl', 'Update').catch(() => {});
    cluster.end(gone);
    await eventually('it is told', () => events.length > told);
    await eventually('it is tried again', () => cluster.requests.length > 10);
    assert.deepEqual(
      events.slice(told).map(event => (event.type === 'lost' ? event.problem.message : 'a report')),
      ['the connection was refused'],
    );
    cluster.refuse = () => undefined;
    await until('c3 is modified', report => statusOf(report, 'c3') === 'Modified');
  });

  test('a server that comes back and refuses everything at first is given time', async t => {
    const {cluster, until, events} = await following(t, many(8));
    const told = events.length;
    const gone = new ClusterError('unreachable', 'the connection was refused');
    cluster.refuse = () => gone;
    cluster.end(gone);
    await eventually('it is told', () => events.length > told);
    cluster.refuse = () => new ClusterError('forbidden', 'no role yet', {status: 403});
    const asked = cluster.requests.length;
    await eventually('it is asked again', () => cluster.requests.length > asked + 30);
    assert.deepEqual(
      events.slice(told).map(({type}) => type),
      ['lost'],
    );
    cluster.refuse = () => undefined;
    await eventually('it is told that it is back', () => events.at(-1)?.type === 'report');
    await until('all is well', report => report.syncStatus === 'Synced');
  });

  test('a cluster that is silent is asked whether it is there', async t => {
    const {cluster, events} = await following(t, many(2), {timing: {silence: 20}});
    cluster.refuse = () => new ClusterError('timeout', 'no answer');
    await eventually('it is told', () => events.at(-1)?.type === 'lost');
    cluster.refuse = () => undefined;
    await eventually('it is told', () => events.at(-1)?.type === 'report');
  });

  test('after a sleep of the machine connections are made anew and everything is read again', async t => {
    const {cluster, until} = await following(t, many(8), {timing: {silence: 20}});
    let woken = 0;
    Object.assign(cluster, {wake: () => woken++});
    // The watch does not tell it, and does not end either: its connection is dead.
    const tellNobody = Object.getPrototypeOf(WatchedCluster.prototype) as WatchedCluster;
    await tellNobody.seed.call(cluster, configMap('c3', {a: '2'}), 'kubectl', 'Update');
    await eventually('it is asked whether it is there', () => cluster.requests.length > 3);
    assert.ok(!cluster.requests.some(request => request.startsWith('list')));
    const now = Date.now.bind(Date);
    t.mock.method(Date, 'now', () => now() + 10 * 60_000);
    await until('c3 is modified', report => statusOf(report, 'c3') === 'Modified');
    assert.equal(woken, 1);
  });

  test('what could not be decided is tried again by itself', async t => {
    const {cluster, until} = await following(t, many(2), {timing: {undecided: 20}});
    cluster.refuse = request =>
      request.startsWith('dry-run')
        ? new ClusterError('server', 'a webhook is down', {status: 500})
        : undefined;
    await cluster.seed(configMap('c1', {a: '2'}), 'kubectl', 'Update');
    await until('c1 is unknown', report => statusOf(report, 'c1') === 'Unknown');
    cluster.refuse = () => undefined;
    await until('c1 is modified', report => statusOf(report, 'c1') === 'Modified');
  });

  test('tells nothing while nothing changes, and of what is none of ours', async t => {
    const {cluster, until, events} = await following(t, many(8));
    const told = events.length;
    await cluster.seed(configMap('theirs', {a: '1'}));
    await cluster.seed(configMap('theirs', {a: '2'}), 'kubectl', 'Update');
    await cluster.seed(configMap('c3', {a: '2'}), 'kubectl', 'Update');
    await until('c3 is modified', report => statusOf(report, 'c3') === 'Modified');
    assert.equal(events.length, told + 1);
  });
});
