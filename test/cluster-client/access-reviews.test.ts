import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {type JsonObject, objectAt} from '../../source/resources/json.ts';
import {type Arrived, connectTo, startServer, status} from './scripted-server.ts';

describe('access', () => {
  test('each question is asked once', async t => {
    const server = await startServer(t, request => {
      const attributes = attributesOf(request);
      return {status: 201, json: {status: {allowed: attributes['verb'] === 'list'}}};
    });
    const cluster = await connectTo(t, server);
    const list = {verb: 'list', group: 'apps', resource: 'deployments/scale', namespace: 'shop'};
    assert.deepEqual(await Promise.all([cluster.allowed(list), cluster.allowed(list)]), [true, true]);
    assert.equal(await cluster.allowed({...list, verb: 'patch'}), false);
    assert.equal(server.requests.length, 2);
    assert.deepEqual(attributesOf(server.requests[0]), {
      verb: 'list',
      group: 'apps',
      resource: 'deployments',
      subresource: 'scale',
      namespace: 'shop',
    });
  });

  test('where asking is forbidden the request itself will tell', async t => {
    const server = await startServer(t, () => status(403, 'Forbidden', 'no'));
    assert.equal(
      await (await connectTo(t, server)).allowed({verb: 'list', group: '', resource: 'pods'}),
      true,
    );
  });
});

function attributesOf(request: Arrived | undefined): JsonObject {
  return objectAt(objectAt(request?.json, 'spec'), 'resourceAttributes');
}
