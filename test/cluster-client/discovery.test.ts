import assert from 'node:assert/strict';
import {readdir, readFile, stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {describe, test} from 'node:test';
import {SchemaCache, schemasOnly} from '../../source/cluster/schema-cache.ts';
import type {JsonObject} from '../../source/resources/json.ts';
import {configMaps, connectTo, type Reaction, startServer, temporaryFolder} from './scripted-server.ts';

describe('discovery', () => {
  const resource = (name: string, kind: string, more: JsonObject = {}) => ({
    resource: name,
    responseKind: {group: '', version: '', kind},
    scope: 'Namespaced',
    singularResource: '',
    verbs: ['get', 'list'],
    ...more,
  });
  const aggregated: Record<string, JsonObject> = {
    '/api': {
      kind: 'APIGroupDiscoveryList',
      apiVersion: 'apidiscovery.k8s.io/v2',
      items: [
        {
          metadata: {name: ''},
          versions: [
            {
              version: 'v1',
              freshness: 'Current',
              resources: [
                resource('configmaps', 'ConfigMap'),
                resource('namespaces', 'Namespace', {
                  scope: 'Cluster',
                  subresources: [{subresource: 'status'}],
                }),
              ],
            },
          ],
        },
      ],
    },
    '/apis': {
      kind: 'APIGroupDiscoveryList',
      apiVersion: 'apidiscovery.k8s.io/v2',
      items: [
        {
          metadata: {name: 'autoscaling'},
          versions: [
            {version: 'v2', freshness: 'Current', resources: [resource('hpas', 'HorizontalPodAutoscaler')]},
            {
              version: 'v1',
              freshness: 'Current',
              resources: [resource('hpas', 'HorizontalPodAutoscaler'), resource('old', 'Old')],
            },
          ],
        },
        {
          metadata: {name: 'metrics.k8s.io'},
          versions: [{version: 'v1beta1', freshness: 'Stale', resources: []}],
        },
      ],
    },
  };

  test('aggregated, with a group that is down (trap 53)', async t => {
    const server = await startServer(t, ({path: name}) => ({json: aggregated[name] ?? null}));
    const cluster = await connectTo(t, server);
    const [kinds] = await Promise.all([cluster.kinds(), cluster.kinds()]);
    assert.equal(server.requests.length, 2);
    assert.match(
      server.requests[0]?.headers.accept ?? '',
      /v=v2;as=APIGroupDiscoveryList,.*v=v2beta1.*,application\/json$/,
    );
    assert.deepEqual(kinds.find('', 'v1', 'Namespace'), {
      group: '',
      version: 'v1',
      kind: 'Namespace',
      plural: 'namespaces',
      namespaced: false,
      verbs: ['get', 'list'],
      subresources: ['status'],
    });
    assert.equal(kinds.preferred('autoscaling', 'HorizontalPodAutoscaler')?.version, 'v2');
    assert.equal(kinds.preferred('autoscaling', 'Old')?.version, 'v1');
    assert.equal(kinds.find('autoscaling', 'v1', 'HorizontalPodAutoscaler')?.version, 'v1');
    assert.equal(kinds.find('autoscaling', 'v3', 'HorizontalPodAutoscaler'), undefined);
    assert.deepEqual(
      [...kinds.failures],
      [['metrics.k8s.io', 'metrics.k8s.io/v1beta1: the API server that serves it does not answer']],
    );
    await cluster.kinds({refresh: true});
    assert.ok(server.requests.filter(({path: name}) => name === '/apis').length === 2);
  });

  test('without aggregation, one request a version, each failing alone', async t => {
    const answers: Record<string, Reaction> = {
      '/api': {json: {kind: 'APIVersions', versions: ['v1']}},
      '/apis': {
        json: {
          kind: 'APIGroupList',
          groups: [
            {
              name: 'apps',
              versions: [
                {groupVersion: 'apps/v1beta1', version: 'v1beta1'},
                {groupVersion: 'apps/v1', version: 'v1'},
              ],
              preferredVersion: {groupVersion: 'apps/v1', version: 'v1'},
            },
            {
              name: 'metrics.k8s.io',
              versions: [{groupVersion: 'metrics.k8s.io/v1beta1', version: 'v1beta1'}],
            },
          ],
        },
      },
      '/api/v1': {
        json: {
          kind: 'APIResourceList',
          resources: [{name: 'configmaps', kind: 'ConfigMap', namespaced: true, verbs: ['get']}],
        },
      },
      '/apis/apps/v1': {
        json: {
          kind: 'APIResourceList',
          resources: [
            {name: 'deployments', kind: 'Deployment', namespaced: true, verbs: ['get']},
            {name: 'deployments/scale', kind: 'Scale', namespaced: true, verbs: ['get']},
          ],
        },
      },
      '/apis/apps/v1beta1': {
        json: {
          kind: 'APIResourceList',
          resources: [{name: 'deployments', kind: 'Deployment', namespaced: true, verbs: ['get']}],
        },
      },
      '/apis/metrics.k8s.io/v1beta1': {status: 503, text: 'service unavailable'},
    };
    const server = await startServer(t, request => answers[request.path] ?? {status: 404});
    const kinds = await (await connectTo(t, server)).kinds();
    assert.deepEqual(
      kinds.all().map(kind => `${kind.group}/${kind.version}/${kind.kind}`),
      ['/v1/ConfigMap', 'apps/v1/Deployment', 'apps/v1beta1/Deployment'],
    );
    assert.deepEqual(kinds.find('apps', 'v1', 'Deployment')?.subresources, ['scale']);
    assert.equal(kinds.preferred('apps', 'Deployment')?.version, 'v1');
    assert.match(kinds.failures.get('metrics.k8s.io') ?? '', /503: service unavailable/);
  });

  test('a failure is not kept', async t => {
    const server = await startServer(t, (request, index) =>
      index < 2 ? {status: 403} : {json: aggregated[request.path] ?? null},
    );
    const cluster = await connectTo(t, server);
    await assert.rejects(cluster.kinds(), {reason: 'forbidden'});
    assert.ok((await cluster.kinds()).all().length > 0);
  });
});

describe('schemas', () => {
  const document = (type: string) => ({
    openapi: '3.0.0',
    paths: {'/x': {}},
    components: {
      schemas: {
        Thing: {
          type: 'object',
          description: 'long',
          'x-kubernetes-group-version-kind': [{group: '', version: 'v1', kind: 'ConfigMap'}],
          properties: {description: {type, description: 'long'}},
        },
      },
    },
  });
  const index = {json: {paths: {'api/v1': {serverRelativeURL: '/openapi/v3/api/v1?hash=ABC'}}}};
  const react = (path_: string): Reaction => (path_ === '/openapi/v3' ? index : {json: document('string')});

  test('a document is asked for once, and kept for the next process', async t => {
    const server = await startServer(t, request => react(request.path));
    const cache = await temporaryFolder(t);
    const env = {XDG_CACHE_HOME: cache};
    const cluster = await connectTo(t, server, {env});
    const [schema] = await Promise.all([cluster.schema(configMaps), cluster.schema(configMaps)]);
    assert.equal(schema?.property('description')?.type, 'string', 'a field of that name is no description');
    assert.equal(server.requests.length, 2);
    const folder = path.join(cache, 'gitops-tui', 'schemas');
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
    const next = await connectTo(t, server, {env});
    assert.equal((await next.schema(configMaps))?.property('description')?.type, 'string');
    assert.equal(server.requests.length, 3, 'the index alone');
    // What is broken is read again.
    for (const name of await readdir(folder)) await writeFile(path.join(folder, name), '{"comp');
    const third = await connectTo(t, server, {env});
    assert.equal((await third.schema(configMaps))?.property('description')?.type, 'string');
    assert.equal(server.requests.length, 5);
  });

  test('a hash that is not of the document is not believed by another server', async t => {
    const env = {XDG_CACHE_HOME: await temporaryFolder(t)};
    const liar = await startServer(t, request =>
      request.path === '/openapi/v3' ? index : {json: document('integer')},
    );
    await (await connectTo(t, liar, {env})).schema(configMaps);
    const honest = await startServer(t, request => react(request.path));
    const schema = await (await connectTo(t, honest, {env})).schema(configMaps);
    assert.equal(schema?.property('description')?.type, 'string');
  });

  test('a folder that cannot be written costs nothing but time', async t => {
    const file = path.join(await temporaryFolder(t), 'file');
    await writeFile(file, '');
    const server = await startServer(t, request => react(request.path));
    const cluster = await connectTo(t, server, {env: {XDG_CACHE_HOME: file}});
    assert.ok(await cluster.schema(configMaps));
  });

  test('a document that moved since the index is followed, and not kept', async t => {
    const env = {XDG_CACHE_HOME: await temporaryFolder(t)};
    const server = await startServer(t, request => {
      if (request.path === '/openapi/v3') return index;
      return request.query.get('hash') === 'NEW'
        ? {json: document('string')}
        : {status: 301, headers: {Location: '/openapi/v3/api/v1?hash=NEW'}};
    });
    assert.ok(await (await connectTo(t, server, {env})).schema(configMaps));
    assert.equal(server.requests.length, 3);
    await assert.rejects(readdir(path.join(env.XDG_CACHE_HOME, 'gitops-tui', 'schemas')), {code: 'ENOENT'});
  });

  test('a server without OpenAPI v3 has none', async t => {
    const server = await startServer(t, () => ({status: 404, text: 'not found'}));
    assert.equal(await (await connectTo(t, server)).schema(configMaps), undefined);
  });

  test('many processes may write one document', async t => {
    const folder = path.join(await temporaryFolder(t), 'schemas');
    const value = schemasOnly(document('string'));
    await Promise.all(Array.from({length: 20}, () => new SchemaCache(folder).write('key', value)));
    const [name = '', ...others] = await readdir(folder);
    assert.deepEqual(JSON.parse(await readFile(path.join(folder, name), 'utf8')), value);
    assert.deepEqual(others, []);
  });

  test('clusters with the same document have it once in memory', async t => {
    const schemas = new SchemaCache(path.join(await temporaryFolder(t), 'schemas'));
    const made = await schemas.write('key', schemasOnly(document('string')));
    assert.equal(await schemas.read('key'), made);
    assert.equal(await schemas.write('key', schemasOnly(document('string'))), made);
  });
});
