import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {assertDryRun} from '../../source/cluster/request.ts';
import {type Cluster, ClusterError, type ClusterErrorReason} from '../../source/cluster/types.ts';
import {
  type Arrived,
  configMap,
  configMaps,
  connectTo,
  ok,
  type Reaction,
  startServer,
  status,
} from './scripted-server.ts';

const manager = {fieldManager: 'gitops-tui'};

describe('what is tried again', () => {
  const read = (cluster: Cluster) => cluster.get(configMaps, 'shop', 'a');
  const dryRun = (cluster: Cluster) => cluster.apply(configMaps, configMap('a'), {...manager, dryRun: true});
  const write = (cluster: Cluster) => cluster.apply(configMaps, configMap('a'), manager);
  const busy: Reaction = {
    ...(status(429, 'TooManyRequests', 'busy') as object),
    headers: {'Retry-After': '0'},
  };
  const webhook = status(
    500,
    'InternalError',
    'Internal error occurred: failed calling webhook "w": refused',
  );
  const moved = status(409, 'Conflict', 'the object has been modified');
  const owned = status(409, 'Conflict', 'Apply failed with 1 conflict', {
    causes: [{reason: 'FieldManagerConflict', field: '.data.x', message: 'conflict with "kubectl"'}],
  });

  const cases: [
    what: string,
    call: (cluster: Cluster) => Promise<unknown>,
    answers: Reaction[],
    requests: number,
    fails?: ClusterErrorReason,
  ][] = [
    ['a read after a 500', read, [status(500, 'InternalError', 'x'), ok], 2],
    ['a read after a 503 without a Status', read, [{status: 503, text: 'down'}, ok], 2],
    ['a read after a dropped connection', read, ['drop', ok], 2],
    ['a read after half an answer', read, ['drop-midway', ok], 2],
    ['a read after three failures', read, ['drop', busy, {status: 502}, ok], 4],
    ['not a fourth time', read, ['drop', 'drop', 'drop', 'drop', ok], 4, 'unreachable'],
    ['a read that is refused: no', read, [status(403, 'Forbidden', 'no'), ok], 1, 'forbidden'],
    ['a webhook that is down: once', read, [webhook, webhook, ok], 2, 'server'],
    ['a dry run after a 500', dryRun, [status(500, 'InternalError', 'x'), ok], 2],
    ['a dry run after a dropped connection', dryRun, ['drop', ok], 2],
    ['a dry run of an object that moved (trap 56)', dryRun, [moved, moved, ok], 3],
    ['a dry run that moved too often', dryRun, [moved, moved, moved, ok], 3, 'conflict'],
    ['a dry run with an ownership conflict: no', dryRun, [owned, ok], 1, 'conflict'],
    [
      'a misfit that the server calls 500: no',
      dryRun,
      [status(500, '', 'failed to create typed patch object (x): .daat: field not declared in schema'), ok],
      1,
      'invalid',
    ],
    ['a write after a 500: no', write, [status(500, 'InternalError', 'x'), ok], 1, 'server'],
    ['a write after a dropped connection: no', write, ['drop', ok], 1, 'unreachable'],
    ['a write after half an answer: no', write, ['drop-midway', ok], 1, 'unreachable'],
    ['a write that moved: no', write, [moved, ok], 1, 'conflict'],
    ['a write that was turned away with 429', write, [busy, ok], 2],
  ];
  for (const [what, call, answers, requests, fails] of cases) {
    test(what, async t => {
      const server = await startServer(t, (_request, index) => answers[index] ?? ok);
      const cluster = await connectTo(t, server);
      if (fails === undefined) await call(cluster);
      else
        await assert.rejects(
          call(cluster),
          (error: unknown) => error instanceof ClusterError && error.reason === fails,
        );
      assert.equal(server.requests.length, requests);
    });
  }
});

test('Retry-After is waited for, and given up where it is too long', async t => {
  const server = await startServer(t, () => ({
    status: 429,
    headers: {'Retry-After': '60'},
    json: {kind: 'Status'},
  }));
  const cluster = await connectTo(t, server);
  await assert.rejects(cluster.get(configMaps, 'shop', 'a'), {reason: 'too-many-requests', status: 429});
  assert.equal(server.requests.length, 1);
});

test('an answer that does not come is a time-out, tried twice by a read and once by a write', async t => {
  const server = await startServer(t, () => 'hang');
  const cluster = await connectTo(t, server, {timing: {readMs: 100, writeMs: 100}});
  await assert.rejects(cluster.get(configMaps, 'shop', 'a'), {reason: 'timeout'});
  assert.equal(server.requests.length, 2);
  await assert.rejects(cluster.create(configMaps, configMap('a')), {reason: 'timeout'});
  assert.equal(server.requests.length, 3);
});

test('an abort ends a request that hangs, one in line, and a pause between tries', async t => {
  const server = await startServer(t, request => (request.path.endsWith('/busy') ? {status: 503} : 'hang'));
  const cluster = await connectTo(t, server, {timing: {backoffMs: 60_000}});
  const controller = new AbortController();
  const calls = [
    ...Array.from({length: 20}, () => cluster.get(configMaps, 'shop', 'a', controller.signal)),
    cluster.get(configMaps, 'shop', 'busy', controller.signal),
  ];
  const ended = Promise.allSettled(calls);
  while (server.requests.length < 16) await new Promise(resolve => setTimeout(resolve, 5));
  controller.abort();
  for (const result of await ended) {
    assert.equal(result.status === 'rejected' && result.reason.reason, 'aborted');
  }
  assert.equal(server.requests.length, 16, 'what waited in line was never sent');
});

test('close ends what runs', async t => {
  const server = await startServer(t, () => 'hang');
  const cluster = await connectTo(t, server);
  const call = assert.rejects(cluster.get(configMaps, 'shop', 'a'), {reason: 'aborted'});
  while (server.requests.length < 1) await new Promise(resolve => setTimeout(resolve, 5));
  cluster.close();
  await call;
});

test('connections are kept and no more than 16 are opened', async t => {
  const server = await startServer(t, () => ok);
  const cluster = await connectTo(t, server);
  await Promise.all(Array.from({length: 100}, () => cluster.get(configMaps, 'shop', 'a')));
  await Promise.all(Array.from({length: 100}, () => cluster.get(configMaps, 'shop', 'a')));
  assert.equal(server.requests.length, 200);
  assert.ok(server.connections <= 16, `${server.connections} connections`);
});

describe('a dry run says so on the wire', () => {
  const options = {...manager, dryRun: true};
  const calls: [string, (cluster: Cluster, dryRun: boolean) => Promise<unknown>][] = [
    ['apply', (cluster, dryRun) => cluster.apply(configMaps, configMap('a'), {...options, dryRun})],
    ['create', (cluster, dryRun) => cluster.create(configMaps, configMap('a'), {...options, dryRun})],
    ['mergePatch', (cluster, dryRun) => cluster.mergePatch(configMaps, 'shop', 'a', {data: {}}, {dryRun})],
    [
      'jsonPatch',
      (cluster, dryRun) => cluster.jsonPatch(configMaps, 'shop', 'a', [{op: 'remove', path: '/x'}], {dryRun}),
    ],
    ['delete', (cluster, dryRun) => cluster.delete(configMaps, 'shop', 'a', {uid: '1', dryRun})],
  ];
  for (const [name, call] of calls) {
    test(name, async t => {
      const server = await startServer(t, () => ok);
      const cluster = await connectTo(t, server);
      await call(cluster, true);
      await call(cluster, false);
      const [dry, real] = server.requests as [Arrived, Arrived];
      assert.deepEqual(dry.query.getAll('dryRun'), ['All']);
      assert.deepEqual(real.query.getAll('dryRun'), []);
      // The server that finds options in the body of a DELETE ignores those of the query.
      const inBody = (request: Arrived) => (JSON.parse(request.body) as {dryRun?: unknown}).dryRun;
      assert.deepEqual(name === 'delete' ? inBody(dry) : undefined, name === 'delete' ? ['All'] : undefined);
      assert.equal(inBody(real), undefined);
    });
  }
});

describe('the last check before a request is sent', () => {
  const url = (query: string) => new URL(`https://server/x${query}`);
  const request = (method: 'PATCH' | 'DELETE', dryRun: boolean) => ({method, path: '/x', dryRun});
  const wrong: [string, Parameters<typeof assertDryRun>][] = [
    ['a dry run without it', [request('PATCH', true), {url: url(''), body: {}}]],
    ['a dry run of something else', [request('PATCH', true), {url: url('?dryRun=Some'), body: {}}]],
    ['two of them', [request('PATCH', true), {url: url('?dryRun=All&dryRun=All'), body: {}}]],
    [
      'a delete with options that do not say so',
      [request('DELETE', true), {url: url('?dryRun=All'), body: {}}],
    ],
    ['a write with it', [request('PATCH', false), {url: url('?dryRun=All'), body: {}}]],
    ['a delete with it in its options', [request('DELETE', false), {url: url(''), body: {dryRun: ['All']}}]],
  ];
  for (const [what, args] of wrong) {
    test(what, () => assert.throws(() => assertDryRun(...args), {name: 'DryRunMismatch'}));
  }
});
