import assert from 'node:assert/strict';
import type {ServerResponse} from 'node:http';
import {describe, test} from 'node:test';
import {gzipSync} from 'node:zlib';
import type {JsonObject} from '../../source/resources/json.ts';
import {startProxy} from './proxy-server.ts';
import {configMap, configMaps, connectTo, type Reaction, startServer, status} from './scripted-server.ts';

const page = (names: string[], metadata: JsonObject = {}): Reaction => ({
  json: {
    kind: 'ConfigMapList',
    apiVersion: 'v1',
    metadata: {resourceVersion: '7', ...metadata},
    items: names.map(name => ({metadata: {name, labels: {app: name}}})),
  },
});

describe('lists', () => {
  test('all pages, with progress; items carry what they are', async t => {
    const server = await startServer(t, request =>
      request.query.get('continue') === 'next'
        ? page(['c'])
        : page(['a', 'b'], {continue: 'next', remainingItemCount: 1}),
    );
    const cluster = await connectTo(t, server);
    const progress: unknown[] = [];
    const {items, resourceVersion} = await cluster.list(configMaps, {
      namespace: 'shop',
      onProgress: (done, total) => progress.push([done, total]),
    });
    assert.deepEqual(items[2], {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {name: 'c', labels: {app: 'c'}},
    });
    assert.equal(items.length, 3);
    assert.equal(resourceVersion, '7');
    assert.deepEqual(progress, [
      [2, 3],
      [3, 3],
    ]);
    const [first, second] = server.requests;
    assert.equal(first?.path, '/api/v1/namespaces/shop/configmaps');
    assert.equal(first?.query.get('limit'), '500');
    assert.equal(first?.query.get('resourceVersion'), null);
    assert.equal(second?.query.get('limit'), '500');
  });

  test('a 410 between pages begins anew, and half a list is never a result (trap 55)', async t => {
    const gone = status(410, 'Expired', 'The provided continue parameter is too old');
    const answers = [page(['a'], {continue: 'n'}), gone, page(['a', 'b'], {continue: 'm'}), page(['c'])];
    const server = await startServer(t, (_request, index) => answers[index] ?? 'hang');
    const cluster = await connectTo(t, server);
    const {items} = await cluster.list(configMaps);
    assert.deepEqual(
      items.map(item => (item['metadata'] as JsonObject)['name']),
      ['a', 'b', 'c'],
    );
    assert.deepEqual(
      server.requests.map(request => request.query.get('continue')),
      [null, 'n', null, 'm'],
    );
  });

  test('a list that always expires fails, as does one whose second page fails', async t => {
    const server = await startServer(t, request => {
      if (request.query.get('continue') === null) return page(['a'], {continue: 'n'});
      return request.path.includes('namespaces')
        ? status(403, 'Forbidden', 'no')
        : status(410, 'Expired', 'too old');
    });
    const cluster = await connectTo(t, server);
    await assert.rejects(cluster.list(configMaps), {reason: 'expired'});
    await assert.rejects(cluster.list(configMaps, {namespace: 'shop'}), {reason: 'forbidden'});
  });

  test('a server that never comes to an end is an error', async t => {
    const server = await startServer(t, () => page(['a'], {continue: 'n'}));
    await assert.rejects((await connectTo(t, server)).list(configMaps), {message: /again and again$/});
  });

  test('a selector goes to the server and is held here too, for servers that ignore it (trap 54)', async t => {
    const server = await startServer(t, () => page(['a', 'b']));
    const cluster = await connectTo(t, server);
    const {items} = await cluster.list(configMaps, {labelSelector: 'app=a'});
    assert.equal(server.requests[0]?.query.get('labelSelector'), 'app=a');
    assert.equal(items.length, 1);
  });

  test('a cached list asks for version 0, on the first page only', async t => {
    const server = await startServer(t, request =>
      request.query.has('continue') ? page(['b']) : page(['a'], {continue: 'n'}),
    );
    const cluster = await connectTo(t, server);
    await cluster.list(configMaps, {cached: true});
    assert.deepEqual(
      server.requests.map(request => request.query.get('resourceVersion')),
      ['0', null],
    );
  });

  for (const json of [{kind: 'ConfigMapList', metadata: {}}, 'text', {items: {}}]) {
    test(`no list is an error: ${JSON.stringify(json)}`, async t => {
      const server = await startServer(t, () => ({json}));
      await assert.rejects((await connectTo(t, server)).list(configMaps), {
        reason: 'server',
        message: /no list$/,
      });
    });
  }
});

describe('gets', () => {
  const notFound = status(404, 'NotFound', 'configmaps "a" not found', {name: 'a', kind: 'configmaps'});
  const cases: [what: string, answer: Reaction, expected: 'none' | RegExp][] = [
    ['an object that is not there', notFound, 'none'],
    [
      'a kind that is not served',
      status(404, 'NotFound', 'the server could not find the requested resource'),
      /could not find/,
    ],
    ['a path that is unknown', {status: 404, text: '404 page not found'}, /404 page not found/],
    ['a proxy page', {status: 404, text: '<html>', headers: {'Content-Type': 'text/html'}}, /answers 404$/],
    [
      'a login page',
      {status: 302, headers: {Location: 'https://login.example.org'}},
      /points to https:\/\/login/,
    ],
    [
      'a page that is no JSON',
      {text: '<html>', headers: {'Content-Type': 'text/html'}},
      /text\/html, not with JSON/,
    ],
    ['another kind of answer', {json: {}}, /something else than a ConfigMap/],
  ];
  for (const [what, answer, expected] of cases) {
    test(what, async t => {
      const cluster = await connectTo(t, await startServer(t, () => answer));
      const call = cluster.get(configMaps, 'shop', 'a');
      if (expected === 'none') assert.equal(await call, undefined);
      else await assert.rejects(call, {message: expected});
    });
  }

  test('integers keep every digit', async t => {
    const text = '{"metadata": {"name": "a"}, "data": {"n": 9007199254740993}}';
    const cluster = await connectTo(t, await startServer(t, () => ({text})));
    assert.deepEqual((await cluster.get(configMaps, 'shop', 'a'))?.['data'], {n: 9007199254740993n});
  });

  test('names that would be another path are refused before they are sent', async t => {
    const server = await startServer(t, () => ({json: {}}));
    const cluster = await connectTo(t, server);
    for (const [namespace, name] of [
      ['shop', ''],
      ['', 'a'],
      ['shop', '..'],
      ['shop', 'a/b'],
      ['..', 'a'],
      ['shop', 'a%2fb'],
    ] as const) {
      await assert.rejects(cluster.delete(configMaps, namespace, name), {reason: 'invalid'});
    }
    assert.equal(server.requests.length, 0);
  });

  test('an odd name is one segment', async t => {
    const server = await startServer(t, () => ({json: configMap('a')}));
    const cluster = await connectTo(t, server);
    await cluster.get(configMaps, 'shop', 'system:a?b#c');
    assert.equal(server.requests[0]?.path, '/api/v1/namespaces/shop/configmaps/system%3Aa%3Fb%23c');
  });

  test('text of the server is safe on a terminal', async t => {
    const server = await startServer(t, () => status(403, 'Forbidden', 'no\u001B[2J access\u202E'));
    await assert.rejects((await connectTo(t, server)).get(configMaps, 'shop', 'a'), {message: 'no access'});
  });
});

test('compression is asked for, but not over the loopback interface', async t => {
  const react = (_request: unknown, _index: number, raw: ServerResponse) => {
    raw.writeHead(200, {'Content-Type': 'application/json', 'Content-Encoding': 'gzip'});
    raw.end(gzipSync('{"metadata": {"name": "a"}}'));
    return 'taken' as const;
  };
  const server = await startServer(t, react, {names: ['127.0.0.1', 'api.example.org']});
  const proxy = await startProxy(t, {host: '127.0.0.1'});
  const far = {
    server: `https://api.example.org:${server.port}`,
    'proxy-url': `http://127.0.0.1:${proxy.port}`,
  };
  for (const cluster of [{}, far, {...far, 'disable-compression': true}]) {
    assert.ok(await (await connectTo(t, server, {cluster})).get(configMaps, 'shop', 'a'));
  }
  assert.deepEqual(
    server.requests.map(({headers}) => headers['accept-encoding']),
    [undefined, 'gzip', undefined],
  );
});
