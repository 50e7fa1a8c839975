import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {configMaps, connectTo, startServer} from './scripted-server.ts';

describe('watches', () => {
  test('events as they come, and on from the last one after the connection broke', async t => {
    const event = (type: string, version: string) =>
      `${JSON.stringify({type, object: {metadata: {name: 'a', resourceVersion: version}}})}\n`;
    const server = await startServer(t, (_request, index_, raw) => {
      if (index_ === 2)
        return {
          text: `${JSON.stringify({type: 'ERROR', object: {kind: 'Status', code: 410, reason: 'Expired', message: 'too old'}})}\n`,
        };
      raw.writeHead(200);
      const text =
        index_ === 0 ? `${event('ADDED', '5')}${event('BOOKMARK', '8')}{"type": "MOD` : event('DELETED', '9');
      raw.write(text.slice(0, 20));
      raw.write(text.slice(20), () => raw.destroy());
      return 'taken';
    });
    const cluster = await connectTo(t, server);
    const seen: string[] = [];
    await assert.rejects(
      async () => {
        for await (const {type, object, resourceVersion} of cluster.watch(configMaps, {
          namespace: 'shop',
          resourceVersion: '4',
        })) {
          seen.push(`${type} ${String(object['kind'])} ${resourceVersion}`);
        }
      },
      {reason: 'expired'},
    );
    assert.deepEqual(seen, ['ADDED ConfigMap 5', 'BOOKMARK ConfigMap 8', 'DELETED ConfigMap 9']);
    assert.deepEqual(
      server.requests.map(request => request.query.get('resourceVersion')),
      ['4', '8', '9'],
    );
    assert.equal(server.requests[0]?.query.get('allowWatchBookmarks'), 'true');
  });

  test('what a selector does not match any more has gone, also where the server ignores selectors', async t => {
    const event = (type: string, version: string, labels: object) =>
      `${JSON.stringify({type, object: {metadata: {name: 'a', resourceVersion: version, labels}}})}\n`;
    const server = await startServer(t, (_request, _index, raw) => {
      raw.writeHead(200);
      raw.write(event('ADDED', '5', {app: 'web'}) + event('MODIFIED', '6', {}) + event('BOOKMARK', '7', {}));
      return 'taken';
    });
    const cluster = await connectTo(t, server);
    const options = {namespace: 'shop', resourceVersion: '4', labelSelector: 'app=web', name: 'a'};
    const events = cluster.watch(configMaps, {...options, signal: AbortSignal.timeout(10_000)});
    const seen: string[] = [];
    while (seen.length < 3) seen.push((await events.next()).value.type);
    assert.deepEqual(seen, ['ADDED', 'DELETED', 'BOOKMARK']);
    const {query} = server.requests[0] ?? assert.fail();
    assert.deepEqual(
      [query.get('labelSelector'), query.get('fieldSelector')],
      ['app=web', 'metadata.name=a'],
    );
  });

  test('after a sleep of the machine it is asked for again on another connection', async t => {
    const event = `${JSON.stringify({type: 'ADDED', object: {metadata: {name: 'a', resourceVersion: '5'}}})}\n`;
    const server = await startServer(t, (_request, index, raw) => {
      raw.writeHead(200);
      // The first connection says nothing, and does not end.
      if (index === 0) raw.flushHeaders();
      else raw.write(event);
      return 'taken';
    });
    const cluster = await connectTo(t, server);
    const first = cluster
      .watch(configMaps, {resourceVersion: '4', signal: AbortSignal.timeout(60_000)})
      .next();
    while (server.requests.length === 0) await new Promise(resolve => setTimeout(resolve, 5));
    cluster.wake?.();
    assert.equal((await first).value.resourceVersion, '5');
    assert.deepEqual(
      server.requests.map(({query}) => query.get('resourceVersion')),
      ['4', '4'],
    );
  });

  test('an abort ends it', async t => {
    const server = await startServer(t, (_request, _index, raw) => {
      raw.writeHead(200);
      raw.flushHeaders();
      return 'taken';
    });
    const cluster = await connectTo(t, server);
    const controller = new AbortController();
    const first = cluster.watch(configMaps, {resourceVersion: '1', signal: controller.signal}).next();
    while (server.requests.length === 0) await new Promise(resolve => setTimeout(resolve, 5));
    controller.abort();
    await assert.rejects(first, {reason: 'aborted'});
  });
});
