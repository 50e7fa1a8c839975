import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import {after, before, describe, test} from 'node:test';
import {type ApiServer, startApiServer} from '../../source/demo/api-server/server.ts';
import {listAt, objectAt, stringAt} from '../../source/resources/json.ts';
import {ask, mergePatchType, openWatch, type Target} from './client.ts';
import {contract} from './contract.ts';

describe('the embedded API server', () => {
  let server: ApiServer;
  before(async () => {
    server = await startApiServer({controllers: false});
  });
  after(() => server.stop());

  async function target(): Promise<Target> {
    const namespace = `contract-${randomBytes(4).toString('hex')}`;
    const made = {url: server.url, ca: server.caPem, token: server.token, namespace};
    await ask(made, {method: 'POST', path: '/api/v1/namespaces', body: {metadata: {name: namespace}}});
    return made;
  }

  for (const {name, run} of contract) {
    test(name, {timeout: 30_000}, async () => run(await target()));
  }

  test('tells that a continue token is too old, and how to go on without consistency', async () => {
    const to = await target();
    const path = '/api/v1/namespaces/{ns}/configmaps';
    for (const name of ['a', 'b', 'c']) await ask(to, {method: 'POST', path, body: {metadata: {name}}});
    const first = await ask(to, {method: 'GET', path: `${path}?limit=1`});
    const token = encodeURIComponent(stringAt(objectAt(first.body, 'metadata'), 'continue') ?? '');
    await ask(to, {method: 'DELETE', path: `${path}/b`});
    server.compact();
    const expired = await ask(to, {method: 'GET', path: `${path}?limit=1&continue=${token}`});
    assert.equal(expired.status, 410);
    assert.equal(stringAt(expired.body, 'reason'), 'Expired');
    const onwards = encodeURIComponent(stringAt(objectAt(expired.body, 'metadata'), 'continue') ?? '');
    const rest = await ask(to, {method: 'GET', path: `${path}?continue=${onwards}`});
    assert.deepEqual(
      listAt(rest.body, 'items').map(item => objectAt(item, 'metadata')['name']),
      ['c'],
    );
  });

  test('tells that a watch is too old', async () => {
    const to = await target();
    const path = '/api/v1/namespaces/{ns}/configmaps';
    const old = await ask(to, {method: 'GET', path});
    await ask(to, {method: 'POST', path, body: {metadata: {name: 'a'}}});
    server.compact();
    const revision = stringAt(objectAt(old.body, 'metadata'), 'resourceVersion') ?? '';
    const watch = await openWatch(to, `${path}?watch=true&resourceVersion=${revision}`);
    const event = await watch.next();
    assert.deepEqual([event.type, event.object['code'], event.object['reason']], ['ERROR', 410, 'Expired']);
    watch.close();
  });

  test('refuses strategic merge patches and says what to do instead', async () => {
    const to = await target();
    const path = '/api/v1/namespaces/{ns}/configmaps';
    await ask(to, {method: 'POST', path, body: {metadata: {name: 'a'}}});
    const type = 'application/strategic-merge-patch+json';
    const {status, body} = await ask(to, {method: 'PATCH', path: `${path}/a`, body: {}, type});
    assert.equal(status, 415);
    assert.match(stringAt(body, 'message') ?? '', /--type=merge.*server-side apply/);
  });

  test('lets a reader look and change nothing', async () => {
    const to = {...(await target()), token: server.readerToken};
    const path = '/api/v1/namespaces/{ns}/configmaps';
    assert.equal((await ask(to, {method: 'GET', path})).status, 200);
    const refused = await ask(to, {method: 'POST', path, body: {metadata: {name: 'a'}}});
    assert.equal(refused.status, 403);
    assert.match(stringAt(refused.body, 'message') ?? '', /cannot create resource "configmaps"/);
    const dry = await ask(to, {
      method: 'PATCH',
      path: `${path}/a?dryRun=All`,
      body: {},
      type: mergePatchType,
    });
    assert.equal(dry.status, 403);
    const review = await ask(to, {
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      body: {spec: {resourceAttributes: {verb: 'patch', resource: 'configmaps'}}},
    });
    assert.deepEqual([review.status, objectAt(objectAt(review.body, 'status'), '')], [201, {}]);
    assert.equal(objectAt(review.body, 'status')['allowed'], false);
  });
});
