import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import type {LogBook} from '../../../source/demo/api-server/logs.ts';
import {type ApiServer, startApiServer} from '../../../source/demo/api-server/server.ts';
import {type JsonObject, listAt, objectAt, stringAt} from '../../../source/resources/json.ts';
import {ask, mergePatchType} from '../../contract/client.ts';

/** A line each second since the container runs. */
const book: LogBook = (_pod, container, {from, to}) => {
  const lines = [];
  for (let time = Math.ceil(from / 1000) * 1000; time < to; time += 1000)
    lines.push({time, text: `${container} at ${new Date(time).toISOString().slice(11, 19)}`});
  return lines;
};

async function start(t: TestContext): Promise<ApiServer> {
  const server = await startApiServer({pods: true, logs: book, readyAfterMs: 5});
  t.after(() => server.stop());
  return server;
}

const to = (server: ApiServer) => ({
  url: server.url,
  ca: server.caPem,
  token: server.token,
  namespace: 'default',
});
const deployment = (image: string, replicas: number): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {name: 'web', namespace: 'default'},
  spec: {
    replicas,
    selector: {matchLabels: {app: 'web'}},
    template: {metadata: {labels: {app: 'web'}}, spec: {containers: [{name: 'api', image}]}},
  },
});
const names = (server: ApiServer, resource: string) =>
  server.objects(resource).map(object => stringAt(objectAt(object, 'metadata'), 'name') ?? '');
const reasons = (server: ApiServer) => server.objects('events').map(event => stringAt(event, 'reason'));

test('a Deployment has a replica set and running pods, and events say so', async t => {
  const server = await start(t);
  const time = new Date().toISOString();
  server.seed([deployment('a:1', 2)], {manager: 'test', operation: 'Apply', time});
  server.settle();
  assert.equal(names(server, 'replicasets.apps').length, 1);
  const [pod] = server.objects('pods');
  assert.equal(server.objects('pods').length, 2);
  assert.equal(stringAt(objectAt(pod, 'status'), 'phase'), 'Running');
  assert.equal(stringAt(listAt(objectAt(pod, 'metadata'), 'ownerReferences')[0], 'kind'), 'ReplicaSet');
  for (const reason of ['ScalingReplicaSet', 'SuccessfulCreate', 'Scheduled', 'Started'])
    assert.ok(reasons(server).includes(reason), reason);
});

test('another template is another replica set, the former one empty; fewer replicas are fewer pods', async t => {
  const server = await start(t);
  const by = {manager: 'test', operation: 'Apply', time: new Date().toISOString()} as const;
  server.seed([deployment('a:1', 3)], by);
  server.settle();
  const before = names(server, 'pods');
  server.seed([deployment('a:2', 2)], by);
  server.settle();
  const sizes = server.objects('replicasets.apps').map(set => objectAt(set, 'spec')['replicas']);
  assert.deepEqual(sizes.sort(), [0, 2]);
  const after = names(server, 'pods');
  assert.equal(after.length, 2);
  assert.ok(after.every(name => !before.includes(name)));
  assert.ok(reasons(server).includes('Killing'));
});

test('a pod that is deleted comes again under another name, and what happened long ago has no events', async t => {
  const server = await start(t);
  server.seed([deployment('a:1', 1)], {manager: 'test', operation: 'Apply', time: '2020-01-01T00:00:00Z'});
  server.settle();
  assert.deepEqual(reasons(server), []);
  const [before = ''] = names(server, 'pods');
  await ask(to(server), {method: 'DELETE', path: `/api/v1/namespaces/default/pods/${before}`});
  server.settle();
  const after = names(server, 'pods');
  assert.equal(after.length, 1);
  assert.notEqual(after[0], before);
});

test('logs: the last lines, from a time on, with times, and what was never there', async t => {
  const server = await start(t);
  const time = new Date(Date.now() - 60_000).toISOString();
  server.seed([deployment('a:1', 1)], {manager: 'test', operation: 'Apply', time});
  server.settle();
  const [name = ''] = names(server, 'pods');
  const path = `/api/v1/namespaces/default/pods/${name}/log`;
  const lines = async (query: string) => {
    const {status, body} = await ask(to(server), {method: 'GET', path: `${path}?${query}`});
    assert.equal(status, 200);
    return String(body).trimEnd().split('\n');
  };
  assert.equal((await lines('tailLines=3')).length, 3);
  const recent = await lines('sinceSeconds=10');
  assert.ok(recent.length >= 9 && recent.length <= 12, `${recent.length}`);
  const [timed = ''] = await lines('tailLines=1&timestamps=true');
  assert.match(timed, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000000000Z api at /);
  const previous = await ask(to(server), {method: 'GET', path: `${path}?previous=true`});
  assert.equal(previous.status, 400);
  assert.match(
    String(objectAt({body: previous.body}, 'body')['message']),
    /previous terminated container "api"/,
  );
  const reader = await ask(
    {...to(server), token: server.readerToken},
    {method: 'GET', path: `${path}?tailLines=1`},
  );
  assert.equal(reader.status, 200);
});

test('scaling through the API makes pods', async t => {
  const server = await start(t);
  server.seed([deployment('a:1', 1)], {manager: 'test', operation: 'Apply', time: new Date().toISOString()});
  const path = '/apis/apps/v1/namespaces/default/deployments/web/scale';
  await ask(to(server), {method: 'PATCH', path, body: {spec: {replicas: 3}}, type: mergePatchType});
  server.settle();
  assert.equal(names(server, 'pods').length, 3);
});
