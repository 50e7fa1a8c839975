import assert from 'node:assert/strict';
import {describe, type TestContext, test} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import {ClusterError} from '../../source/cluster/types.ts';
import {earlierLogs, followLogs} from '../../source/looks/logs.ts';
import type {LogLine, LogNews, LogQuery} from '../../source/looks/types.ts';
import type {JsonObject} from '../../source/resources/json.ts';
import {FakeCluster} from './fake-cluster.ts';

const owner = (uid: string): JsonObject[] => [
  {apiVersion: 'apps/v1', kind: 'X', name: 'x', uid, controller: true},
];
const deployment: JsonObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {name: 'web', namespace: 'shop', uid: 'd'},
  spec: {selector: {matchLabels: {app: 'web'}}},
};
const set = (uid: string): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: {name: `web-${uid}`, namespace: 'shop', uid, ownerReferences: owner('d')},
});
const running = {running: {startedAt: '2026-08-05T11:00:00Z'}};
const pod = (
  uid: string,
  by: string,
  status: JsonObject = {state: running, containerID: 'c1', restartCount: 0},
): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: `web-${uid}`,
    namespace: 'shop',
    uid,
    ownerReferences: owner(by),
    creationTimestamp: '2026-08-05T11:00:00Z',
  },
  spec: {containers: [{name: 'api'}]},
  status: {phase: 'Running', containerStatuses: [{name: 'api', ready: true, ...status}]},
});
const second = (count: number, part = '000000000') =>
  `2026-08-05T11:00:${String(count).padStart(2, '0')}.${part}Z`;
const target = {id: {group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web'}, version: 'v1'};

/** Follows in the background, and remembers what was told. */
function following(t: TestContext, cluster: FakeCluster, more: Partial<LogQuery> = {}) {
  const controller = new AbortController();
  const lines: LogLine[] = [];
  let sources: Extract<LogNews, {type: 'sources'}> | undefined;
  const query: LogQuery = {target, previous: false, from: {lines: 500}, pod: null, ...more};
  const done = followLogs(cluster.connected, query, controller.signal, news => {
    if (news.type === 'lines') lines.push(...news.lines);
    else sources = news;
  });
  t.after(async () => {
    controller.abort();
    await done;
  });
  return {
    texts: () => lines.filter(({kind}) => kind === 'log').map(({text}) => text),
    notes: () => lines.filter(({kind}) => kind !== 'log').map(({pod, text}) => `${pod}: ${text}`),
    sources: () => sources,
    states: () =>
      sources?.sources.map(({pod, state, reason}) => `${pod} ${state}${reason === '' ? '' : `: ${reason}`}`),
  };
}

async function until(holds: () => boolean, what: () => unknown): Promise<void> {
  for (let tried = 0; !holds(); tried++) {
    if (tried > 1500) assert.fail(`never: ${JSON.stringify(what())}`);
    await sleep(10);
  }
}

function start(): FakeCluster {
  const cluster = new FakeCluster();
  cluster.put('deployments', deployment);
  cluster.put('replicasets', set('r1'));
  cluster.put('pods', pod('a', 'r1'));
  cluster.put('pods', pod('alien', 'other'));
  return cluster;
}

describe('following logs', () => {
  test('reads the pods of a Deployment and nobody else’s, from the last lines on', async t => {
    const cluster = start();
    const seen = following(t, cluster);
    await until(
      () => cluster.readings.length === 1,
      () => cluster.readings,
    );
    const [reading] = cluster.readings;
    assert.equal(reading?.pod, 'web-a');
    assert.deepEqual([reading?.options.tailLines, reading?.options.follow], [500, true]);
    reading?.write([second(1), 'one'], [second(2), 'two']);
    await until(() => seen.texts().length === 2, seen.texts);
    assert.deepEqual(seen.states(), ['web-a reading']);
    assert.equal(seen.sources()?.isRead, true);
  });

  test('a stream that breaks is taken up where it ended, and no line is told twice', async t => {
    const cluster = start();
    const seen = following(t, cluster);
    await until(
      () => cluster.readings.length === 1,
      () => cluster.readings,
    );
    cluster.readings[0]?.write(
      [second(1), 'one'],
      [second(2, '100000000'), 'two'],
      [second(2, '100000000'), 'again'],
    );
    await until(() => seen.texts().length === 3, seen.texts);
    cluster.readings[0]?.fail(new ClusterError('unreachable', 'the connection broke'));
    await until(
      () => cluster.readings.length === 2,
      () => cluster.readings,
    );
    const reading = cluster.readings[1];
    assert.equal(reading?.options.sinceTime, second(2, '100000000'));
    assert.equal(reading?.options.tailLines, undefined);
    // The server begins at the whole second.
    reading?.write(
      [second(2), 'earlier in that second'],
      [second(2, '100000000'), 'two'],
      [second(2, '100000000'), 'again'],
      [second(2, '100000000'), 'third of that time'],
      [second(3), 'three'],
    );
    await until(() => seen.texts().length === 5, seen.texts);
    assert.deepEqual(seen.texts(), ['one', 'two', 'again', 'third of that time', 'three']);
    assert.deepEqual(seen.notes(), ['web-a: the log broke off: the connection broke']);
  });

  test('pods of a rollout join, those that go say so', async t => {
    const cluster = start();
    const seen = following(t, cluster);
    await until(
      () => cluster.readings.length === 1,
      () => cluster.readings,
    );
    cluster.put('replicasets', set('r2'));
    cluster.put('pods', pod('b', 'r2'));
    await until(
      () => cluster.readings.length === 2,
      () => cluster.readings,
    );
    assert.equal(cluster.readings[1]?.pod, 'web-b');
    cluster.remove('pods', 'a');
    await until(() => seen.notes().length === 2, seen.notes);
    assert.deepEqual(seen.notes(), ['web-b: a new pod', 'web-a: the pod is gone']);
    await until(() => seen.states()?.length === 1, seen.states);
  });

  test('a container that has not started says what it waits for, and is read once it runs', async t => {
    const cluster = start();
    const waits = {state: {waiting: {reason: 'ImagePullBackOff', message: 'no such image'}}, restartCount: 0};
    cluster.put('pods', pod('a', 'r1', waits));
    const seen = following(t, cluster);
    await until(() => seen.states()?.[0] === 'web-a waiting: ImagePullBackOff: no such image', seen.states);
    assert.equal(cluster.readings.length, 0);
    cluster.put('pods', pod('a', 'r1'));
    await until(
      () => cluster.readings.length === 1,
      () => cluster.readings,
    );
  });

  test('a container that starts again goes on with the log of its new run', async t => {
    const cluster = start();
    const seen = following(t, cluster);
    await until(
      () => cluster.readings.length === 1,
      () => cluster.readings,
    );
    cluster.readings[0]?.write([second(1), 'panic']);
    await until(() => seen.texts().length === 1, seen.texts);
    const ended = {terminated: {exitCode: 2, reason: 'Error', containerID: 'c1'}};
    cluster.put('pods', pod('a', 'r1', {state: ended, containerID: 'c1', restartCount: 0}));
    cluster.readings[0]?.end();
    await until(() => seen.states()?.[0] === 'web-a ended', seen.states);
    cluster.put(
      'pods',
      pod('a', 'r1', {state: running, containerID: 'c2', restartCount: 1, lastState: ended}),
    );
    await until(
      () => cluster.readings.length === 2,
      () => cluster.readings,
    );
    cluster.readings[1]?.write([second(5), 'hello again']);
    await until(() => seen.texts().length === 2, seen.texts);
    assert.deepEqual(seen.notes(), ['web-a: started again, for the 1st time: it ended with 2 (Error)']);
  });

  test('who may not read logs hears which right is missing, and is not asked again', async t => {
    const cluster = start();
    cluster.forbidden.add('get pods/log');
    const seen = following(t, cluster);
    const words = 'web-a refused: you cannot get pods/log; ask for the right to get pods/log';
    await until(() => seen.states()?.[0] === words, seen.states);
  });

  test('who may not list pods hears that', async t => {
    const cluster = start();
    cluster.forbidden.add('list pods');
    const seen = following(t, cluster);
    await until(() => (seen.sources()?.problems.length ?? 0) > 0, seen.sources);
    assert.deepEqual(seen.sources()?.problems[0], {
      severity: 'error',
      message: 'you cannot list pods',
      fix: 'ask for the right to list pods',
    });
    assert.equal(seen.sources()?.isRead, false);
  });

  test('a workload that is not there is told, and followed once it comes', async t => {
    const cluster = new FakeCluster();
    const seen = following(t, cluster);
    await until(() => (seen.sources()?.problems.length ?? 0) > 0, seen.sources);
    assert.match(seen.sources()?.problems[0]?.message ?? '', /there is no Deployment web/);
    cluster.put('replicasets', set('r1'));
    cluster.put('pods', pod('a', 'r1'));
    cluster.put('deployments', deployment);
    await until(
      () => cluster.readings.length === 1,
      () => cluster.readings,
    );
  });

  test('of the run before only those are read that had one, and to their end', async t => {
    const cluster = start();
    const ended = {terminated: {exitCode: 2, reason: 'Error', containerID: 'c1'}};
    cluster.put(
      'pods',
      pod('b', 'r1', {state: running, containerID: 'c2', restartCount: 1, lastState: ended}),
    );
    const seen = following(t, cluster, {previous: true});
    await until(
      () => cluster.readings.length === 1,
      () => cluster.readings,
    );
    assert.deepEqual([cluster.readings[0]?.pod, cluster.readings[0]?.options.previous], ['web-b', true]);
    cluster.readings[0]?.write([second(1), 'panic']);
    cluster.readings[0]?.end();
    await until(() => seen.states()?.includes('web-b ended') === true, seen.states);
    assert.deepEqual(seen.texts(), ['panic']);
  });
});

describe('earlier lines', () => {
  test('are those before what is known, of all containers in order', async () => {
    const cluster = start();
    const question = {
      target,
      previous: false,
      sources: [
        {pod: 'web-a', container: 'api', before: second(5), have: 2},
        {pod: 'web-b', container: 'api', before: second(4), have: 1},
      ],
      lines: 10,
    };
    const asked = earlierLogs(cluster.connected, question, new AbortController().signal);
    await until(
      () => cluster.readings.length === 2,
      () => cluster.readings,
    );
    const [a, b] = cluster.readings;
    assert.deepEqual([a?.options.tailLines, b?.options.tailLines, a?.options.follow], [12, 11, undefined]);
    a?.write([second(1), 'a1'], [second(3), 'a3'], [second(5), 'known']);
    b?.write([second(2), 'b2'], [second(4), 'known']);
    a?.end();
    b?.end();
    const {lines, isAll} = await asked;
    assert.deepEqual(
      lines.map(({text}) => text),
      ['a1', 'b2', 'a3'],
    );
    assert.equal(isAll, true);
  });

  test('there may be more where a log gave as many as were asked for', async () => {
    const cluster = start();
    const sources = [{pod: 'web-a', container: 'api', before: second(9), have: 0}];
    const asked = earlierLogs(
      cluster.connected,
      {target, previous: false, sources, lines: 2},
      new AbortController().signal,
    );
    await until(
      () => cluster.readings.length === 1,
      () => cluster.readings,
    );
    cluster.readings[0]?.write([second(1), 'x'], [second(2), 'y']);
    cluster.readings[0]?.end();
    assert.equal((await asked).isAll, false);
  });
});
