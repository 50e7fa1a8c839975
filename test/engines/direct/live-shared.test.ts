import assert from 'node:assert/strict';
import {describe, type TestContext, test} from 'node:test';
import {ClusterError, type ListOptions, type ListResult} from '../../../source/cluster/types.ts';
import {createDirectEngine} from '../../../source/engines/direct/engine.ts';
import {LiveMirror} from '../../../source/engines/direct/live/live-mirror.ts';
import {LiveReader} from '../../../source/engines/direct/live/live-reader.ts';
import {storeOf} from '../../../source/engines/direct/live/live-store.ts';
import type {FollowEvent} from '../../../source/engines/types.ts';
import type {JsonObject} from '../../../source/resources/json.ts';
import type {Kind} from '../../../source/resources/kind.ts';
import {createMask} from '../../../source/secrets/mask.ts';
import {configMap, namespace} from '../desired.ts';
import {kindOf} from '../fake-cluster.ts';
import {environment, FakeRepository} from '../setting.ts';
import {WatchedCluster} from '../watched-cluster.ts';

const kind = {...kindOf('v1', 'ConfigMap'), verbs: ['get', 'list', 'watch']};
const forbidden = new ClusterError('forbidden', 'not allowed', {status: 403});
const {signal} = new AbortController();

async function eventually(what: string, isThere: () => boolean): Promise<void> {
  for (const limit = Date.now() + 30_000; !isThere(); ) {
    assert.ok(Date.now() < limit, `not after 30 s: ${what}`);
    await new Promise(resolve => setTimeout(resolve, 2));
  }
}

/** A cluster with these namespaces, in each of them the ConfigMaps that an environment of it holds. */
async function clusterWith(namespaces: readonly string[], cluster = new WatchedCluster()) {
  for (const name of namespaces) {
    await cluster.seed(namespace(name));
    for (const object of objectsOf(name)) await cluster.seed(object);
  }
  cluster.requests.length = 0;
  return cluster;
}

const objectsOf = (name: string) =>
  Array.from({length: 6}, (_, index) => configMap(`c${index}`, {a: '1'}, name));

/** An environment for each namespace, named like it, all on one cluster. */
function engineOf(cluster: WatchedCluster, name: string) {
  const repository = new FakeRepository();
  repository.holds(...objectsOf(name));
  return createDirectEngine({
    environment: {...environment, name, namespace: name},
    repository: repository.asRepository(),
    connect: async () => cluster,
    ignore: [],
    mask: createMask(),
    worktree: false,
  });
}

function following(t: TestContext, cluster: WatchedCluster, name: string) {
  const engine = engineOf(cluster, name);
  const events: FollowEvent[] = [];
  const controller = new AbortController();
  const start = () => {
    const ended = engine.follow(controller.signal, event => events.push(event));
    t.after(async () => {
      controller.abort();
      await ended;
    });
  };
  const statusOf = (object: string) => {
    const last = events.findLast(event => event.type === 'report');
    return last?.report.resources.find(({id}) => id.name === object)?.status;
  };
  return {engine, events, start, statusOf, close: () => controller.abort()};
}

/** A reader or mirror that a test asks by hand. */
function mirror(t: TestContext, cluster: WatchedCluster) {
  let changes = 0;
  const made = new LiveMirror(cluster, {
    pollMs: 60_000,
    changed: () => changes++,
    failed: () => {},
  });
  t.after(() => made.close());
  const values = async (where: string) =>
    (await made.list(kind, {namespace: where})).items.map(item => (item['data'] as JsonObject)['a']);
  return {mirror: made, values, changes: () => changes};
}

const setTo = (value: string, where = 'one', name = 'c0') => configMap(name, {a: value}, where);

describe('environments of one cluster', () => {
  const names = ['one', 'two', 'three', 'four', 'five'];

  test('share a watch of each kind; each is told its own; the last one that is closed ends it', async t => {
    const cluster = await clusterWith(names);
    const all = names.map(name => following(t, cluster, name));
    for (const one of all) one.start();
    await eventually('all have a report', () => all.every(({events}) => events.length > 0));
    await eventually('one watch is left', () => cluster.watches === 1);
    await cluster.seed(setTo('2', 'three'), 'kubectl', 'Update');
    await eventually('three is told', () => all[2]?.statusOf('c0') === 'Modified');
    assert.deepEqual(
      all.map(({events}) => events.length),
      [1, 1, 2, 1, 1],
    );
    for (const one of all.slice(1)) one.close();
    await eventually('its own namespace is enough', () =>
      cluster.requests.includes('watch ConfigMap one') ? cluster.watches === 1 : false,
    );
    await cluster.seed(setTo('2'), 'kubectl', 'Update');
    await eventually('one is told', () => all[0]?.statusOf('c0') === 'Modified');
    all[0]?.close();
    await eventually('no watch is left', () => cluster.watches === 0 && storeOf(cluster).feeds === 0);
  });

  test('a follow takes up what the inspection read, with what happened since', async t => {
    const cluster = await clusterWith(['one']);
    const {engine, start, statusOf, events} = following(t, cluster, 'one');
    await engine.inspect(signal);
    const read = cluster.requests.length;
    await cluster.seed(setTo('2'), 'kubectl', 'Update');
    start();
    await eventually('c0 is modified', () => statusOf('c0') === 'Modified');
    assert.deepEqual(cluster.requests.slice(read), ['watch ConfigMap one', 'dry-run ConfigMap/one/c0']);
    assert.equal(events.length, 2);
  });

  test('that are inspected at the same time list once', async () => {
    const many = Array.from({length: 17}, (_, index) => `n${index}`);
    const cluster = await clusterWith(many);
    const engines = many.map(name => engineOf(cluster, name));
    const reports = await Promise.all(engines.map(engine => engine.inspect(signal)));
    assert.ok(reports.every(({syncStatus}) => syncStatus === 'Synced'));
    assert.deepEqual(cluster.requests, ['list ConfigMap *']);
    // Each alone asks for its own.
    await engines[3]?.inspect(signal);
    assert.deepEqual(cluster.requests.slice(1), ['list ConfigMap n3']);
  });

  test('ask for their own namespaces where most of the cluster is not theirs', async () => {
    const many = Array.from({length: 17}, (_, index) => `n${index}`);
    const cluster = await clusterWith([...many, 'foreign']);
    for (let index = 0; index < 900; index++) await cluster.seed(configMap(`f${index}`, {}, 'foreign'));
    cluster.requests.length = 0;
    const reports = await Promise.all(many.map(name => engineOf(cluster, name).inspect(signal)));
    assert.ok(reports.every(({syncStatus}) => syncStatus === 'Synced'));
    const lists = cluster.requests.filter(request => request.startsWith('list'));
    assert.deepEqual(
      lists.sort(),
      ['list ConfigMap *', ...many.map(name => `list ConfigMap ${name}`)].sort(),
    );
  });

  test('do not look again and again whether the rest of the cluster is small by now', async t => {
    const many = Array.from({length: 17}, (_, index) => `n${index}`);
    const cluster = await clusterWith([...many, 'foreign']);
    for (let index = 0; index < 900; index++) await cluster.seed(configMap(`f${index}`, {}, 'foreign'));
    cluster.requests.length = 0;
    const {mirror: kept} = mirror(t, cluster);
    const {mirror: other} = mirror(t, cluster);
    for (const each of [kept, kept, other]) {
      await assert.rejects(each.prepare(kind, {most: 500}), {total: 900 + 18 * 6});
      each.sweep();
    }
    assert.deepEqual(cluster.requests, ['list ConfigMap *']);
    await kept.prepare(kind, {most: 2000});
    assert.equal((await kept.list(kind, {namespace: 'n1'})).items.length, 6);
    assert.deepEqual(cluster.requests, ['list ConfigMap *', 'list ConfigMap *']);
  });

  test('whose user may not watch all namespaces watch their own, and poll what they may not watch', async t => {
    const cluster = await clusterWith(names);
    cluster.refuse = request => (/^watch ConfigMap (\*|two)$/.test(request) ? forbidden : undefined);
    const all = names.map(name => following(t, cluster, name));
    for (const one of all) one.start();
    await eventually('all but two are watched', () => cluster.watches === 4);
    await cluster.seed(setTo('2', 'five'), 'kubectl', 'Update');
    await eventually('five is told', () => all[4]?.statusOf('c0') === 'Modified');
  });
});

describe('what is read of a cluster', () => {
  test('is never older than the question', async () => {
    const cluster = await clusterWith(['one']);
    const first = new LiveReader(cluster, performance.now());
    await first.list(kind, {namespace: 'one'});
    await first.list(kind, {namespace: 'one'});
    assert.deepEqual(cluster.requests, ['list ConfigMap one']);
    await cluster.seed(setTo('2'), 'kubectl', 'Update');
    const next = new LiveReader(cluster, performance.now());
    const {items} = await next.list(kind, {namespace: 'one'});
    assert.deepEqual(items[0]?.['data'], {a: '2'});
    assert.deepEqual(await next.get(kind, 'one', 'c0'), items[0]);
    assert.equal(cluster.requests.length, 2);
  });

  test('is the very same object while its version is the same', async () => {
    const cluster = await clusterWith(['one']);
    const first = new LiveReader(cluster, performance.now());
    const before = (await first.list(kind, {namespace: 'one'})).items;
    await cluster.seed(setTo('2'), 'kubectl', 'Update');
    const next = new LiveReader(cluster, performance.now());
    const after = (await next.list(kind, {namespace: 'one'})).items;
    assert.deepEqual(
      after.map((item, index) => item === before[index]),
      [false, true, true, true, true, true],
    );
  });

  test('a list that one gives up goes on for the other, and ends with the last', async () => {
    const cluster = new SlowCluster();
    await clusterWith(['one'], cluster);
    const [impatient, patient] = [new AbortController(), new AbortController()];
    const since = performance.now();
    const one = new LiveReader(cluster, since).list(kind, {namespace: 'one', signal: impatient.signal});
    const other = new LiveReader(cluster, since).list(kind, {namespace: 'one', signal: patient.signal});
    impatient.abort();
    await assert.rejects(one, {reason: 'aborted'});
    assert.equal(cluster.listing?.aborted, false);
    patient.abort();
    await assert.rejects(other, {reason: 'aborted'});
    assert.equal(cluster.listing?.aborted, true);
    cluster.go();
    const again = await new LiveReader(cluster, since).list(kind, {namespace: 'one'});
    assert.equal(again.items.length, 6);
  });

  test('what happens while a list is on its way is neither lost nor undone', async t => {
    const cluster = new SlowCluster();
    await clusterWith(names3, cluster);
    cluster.go();
    const {mirror: kept, values, changes} = mirror(t, cluster);
    for (const name of names3) await kept.list(kind, {namespace: name});
    await eventually('one watch for all', () => cluster.watches === 1);
    cluster.hold();
    const refreshed = new LiveReader(cluster, performance.now()).list(kind, {namespace: 'one'});
    await eventually('the list is answered', () => cluster.isAnswered);
    await cluster.seed(setTo('2'), 'kubectl', 'Update');
    await eventually('the watch has told it', () => changes() === 1);
    assert.deepEqual((await values('one'))[0], '2');
    cluster.go();
    await refreshed;
    assert.deepEqual((await values('one'))[0], '2');
    assert.deepEqual((await refreshed).items[0]?.['data'], {a: '2'});
  });

  test('a refresh that finds what no watch has told tells it', async t => {
    const cluster = await clusterWith(['one']);
    const {mirror: kept, changes, values} = mirror(t, cluster);
    await kept.list(kind, {namespace: 'one'});
    await eventually('it is watched', () => cluster.watches === 1);
    const silently = Object.getPrototypeOf(WatchedCluster.prototype) as WatchedCluster;
    await silently.seed.call(cluster, setTo('2'), 'kubectl', 'Update');
    await new LiveReader(cluster, performance.now()).list(kind, {namespace: 'one'});
    assert.equal(changes(), 1);
    assert.equal((await values('one'))[0], '2');
  });

  test('rings only for who looked at the namespace', async t => {
    const cluster = await clusterWith(names3);
    const [one, two] = [mirror(t, cluster), mirror(t, cluster)];
    await one.mirror.prepare(kind, {});
    await one.values('one');
    await two.values('two');
    await eventually('both are watched', () => cluster.watches === 1);
    assert.equal(cluster.requests.filter(request => request.startsWith('list')).length, 1);
    await cluster.seed(setTo('2', 'two'), 'kubectl', 'Update');
    await eventually('two is told', () => two.changes() === 1);
    await cluster.seed(setTo('2', 'one'), 'kubectl', 'Update');
    await eventually('one is told', () => one.changes() === 1);
    assert.equal(two.changes(), 1);
  });

  test('versions that have no order get a watch each, and no event is taken for an old one', async t => {
    const cluster = await clusterWith(names3, new OpaqueCluster());
    const {mirror: kept, values} = mirror(t, cluster);
    for (const name of names3) await kept.list(kind, {namespace: name});
    await eventually('each is watched', () => cluster.watches === 3);
    await cluster.seed(setTo('2', 'two'), 'kubectl', 'Update');
    let told: unknown;
    await eventually('two is told', () => {
      void values('two').then(all => (told = all[0]));
      return told === '2';
    });
  });
});

const names3 = ['one', 'two', 'three'];

/** Holds the answers of its lists back until it is told to go. */
class SlowCluster extends WatchedCluster {
  listing: AbortSignal | undefined;
  isAnswered = false;
  #gate = Promise.withResolvers<void>();

  hold(): void {
    this.isAnswered = false;
    this.#gate = Promise.withResolvers();
  }

  go(): void {
    this.#gate.resolve();
  }

  override async list(of: Kind, options: ListOptions = {}): Promise<ListResult> {
    this.listing = options.signal;
    const answer = await super.list(of, options);
    this.isAnswered = true;
    await this.#gate.promise;
    return answer;
  }
}

/** Names its versions as some aggregated APIs do. */
class OpaqueCluster extends WatchedCluster {
  override async list(of: Kind, options: ListOptions = {}): Promise<ListResult> {
    const answer = await super.list(of, options);
    return {...answer, resourceVersion: `${answer.resourceVersion}/7`};
  }
}
