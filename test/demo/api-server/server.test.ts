import assert from 'node:assert/strict';
import http2 from 'node:http2';
import {type TestContext, test} from 'node:test';
import {
  type ApiServer,
  type ApiServerOptions,
  startApiServer,
} from '../../../source/demo/api-server/server.ts';
import {fields} from '../../../source/resources/field-path.ts';
import {
  isObject,
  type JsonObject,
  listAt,
  objectAt,
  parseJson,
  stringAt,
} from '../../../source/resources/json.ts';
import {managedFieldsOf, ownerOf} from '../../../source/resources/managed-fields.ts';
import {type Answer, ask, mergePatchType, openWatch} from '../../contract/client.ts';

async function start(t: TestContext, options: ApiServerOptions = {}): Promise<ApiServer> {
  const server = await startApiServer({readyAfterMs: 10, ...options});
  t.after(() => server.stop());
  return server;
}

const get = (server: ApiServer, path: string, until?: (answer: Answer) => boolean) =>
  ask(
    {url: server.url, ca: server.caPem, token: server.token, namespace: 'default'},
    {method: 'GET', path, ...(until === undefined ? {} : {until})},
  );

const deployment = (more: JsonObject = {}): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {name: 'web', namespace: 'default', ...more},
  spec: {
    replicas: 3,
    selector: {matchLabels: {app: 'web'}},
    template: {metadata: {labels: {app: 'web'}}, spec: {containers: [{name: 'web', image: 'nginx:1.27'}]}},
  },
});

const web = '/apis/apps/v1/namespaces/default/deployments/web';
const then = '2026-01-02T03:04:05Z';

test('seeded objects look as if their managers had written them then', async t => {
  const server = await start(t, {controllers: false});
  server.seed([deployment()], {manager: 'gitops-tui', operation: 'Apply', time: then});
  server.seed([{...deployment(), spec: {replicas: 5}}], {
    manager: 'kubectl-edit',
    operation: 'Update',
    time: '2026-01-03T00:00:00Z',
  });
  const {body} = await get(server, web);
  assert.ok(isObject(body));
  assert.equal(objectAt(body, 'metadata')['creationTimestamp'], then);
  assert.equal(objectAt(body, 'spec')['replicas'], 5);
  assert.deepEqual(ownerOf(managedFieldsOf(body), fields('spec', 'replicas')), {
    manager: 'kubectl-edit',
    operation: 'Update',
    time: '2026-01-03T00:00:00Z',
  });
});

test('seeding a kind that is not served says so', async t => {
  const server = await start(t, {kinds: ['ConfigMap']});
  assert.throws(
    () => server.seed([deployment()], {manager: 'x', operation: 'Apply', time: then}),
    /no Deployment of apps\/v1/,
  );
});

test('workloads become ready, and again after a change', async t => {
  const server = await start(t);
  server.seed([deployment()], {manager: 'git', operation: 'Apply', time: then});
  const ready = (generation: number, replicas: number) => (answer: Answer) => {
    const status = objectAt(answer.body, 'status');
    return status['observedGeneration'] === generation && status['availableReplicas'] === replicas;
  };
  await get(server, web, ready(1, 3));
  server.seed([{...deployment(), spec: {replicas: 4}}], {manager: 'edit', operation: 'Update', time: then});
  const {body} = await get(server, web, ready(2, 4));
  const conditions = listAt(objectAt(body, 'status'), 'conditions').map(item => stringAt(item, 'type'));
  assert.deepEqual(conditions, ['Available', 'Progressing']);
});

test('a job completes', async t => {
  const server = await start(t);
  const template = {spec: {restartPolicy: 'Never', containers: [{name: 'a', image: 'b:1'}]}};
  const job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {name: 'once', namespace: 'default'},
    spec: {template},
  };
  server.seed([job], {manager: 'git', operation: 'Apply', time: then});
  await get(server, '/apis/batch/v1/namespaces/default/jobs/once', ({body}) =>
    listAt(objectAt(body, 'status'), 'conditions').some(
      item => stringAt(item, 'type') === 'Complete' && stringAt(item, 'status') === 'True',
    ),
  );
});

test('what an owner leaves behind is collected', async t => {
  const server = await start(t);
  const by = {manager: 'git', operation: 'Update', time: then} as const;
  const [owner] = server.seed([{apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'owner'}}], by);
  const uid = stringAt(objectAt(owner, 'metadata'), 'uid') ?? '';
  const ownerReferences = [{apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid}];
  server.seed([{apiVersion: 'v1', kind: 'Secret', metadata: {name: 'child', ownerReferences}}], by);
  const to = {url: server.url, ca: server.caPem, token: server.token, namespace: 'default'};
  await ask(to, {method: 'DELETE', path: '/api/v1/namespaces/{ns}/configmaps/owner'});
  await get(server, '/api/v1/namespaces/default/secrets/child', ({status}) => status === 404);
});

test('a deleted namespace takes its content with it', async t => {
  const server = await start(t);
  const by = {manager: 'git', operation: 'Update', time: then} as const;
  server.seed(
    [
      {apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'shop'}},
      {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'a', namespace: 'shop'}},
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: {name: 'data', namespace: 'shop'},
        spec: {accessModes: ['ReadWriteOnce'], resources: {requests: {storage: '1Gi'}}},
      },
    ],
    by,
  );
  const to = {url: server.url, ca: server.caPem, token: server.token, namespace: 'shop'};
  assert.equal((await ask(to, {method: 'DELETE', path: '/api/v1/namespaces/shop'})).status, 200);
  await get(server, '/api/v1/namespaces/shop', ({status}) => status === 404);
  assert.equal((await get(server, '/api/v1/namespaces/shop/configmaps/a')).status, 404);
});

test('HTTP/2 is spoken too', async t => {
  const server = await start(t);
  const session = http2.connect(server.url, {ca: server.caPem});
  t.after(() => session.destroy());
  const stream = session.request({':path': '/api/v1/namespaces', authorization: `Bearer ${server.token}`});
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  const names = listAt(parseJson(Buffer.concat(chunks).toString('utf8')), 'items').map(
    item => objectAt(item, 'metadata')['name'],
  );
  assert.deepEqual(names, ['default', 'kube-node-lease', 'kube-public', 'kube-system']);
});

test('stopping ends open watches', async () => {
  const server = await startApiServer();
  const to = {url: server.url, ca: server.caPem, token: server.token, namespace: 'default'};
  const watch = await openWatch(to, '/api/v1/configmaps?watch=true');
  const next = watch.next();
  await server.stop();
  await assert.rejects(next, /the watch ended/);
});

test('the certificate is for the loopback addresses and is not trusted by others', async t => {
  const server = await start(t);
  const to = {
    url: server.url.replace('127.0.0.1', 'localhost'),
    ca: server.caPem,
    token: server.token,
    namespace: '',
  };
  assert.equal((await ask(to, {method: 'GET', path: '/readyz'})).status, 200);
  const other = await start(t);
  await assert.rejects(
    ask({...to, ca: other.caPem}, {method: 'GET', path: '/readyz'}),
    /certificate|self-signed/,
  );
});

test('integers beyond 2^53 keep every digit', async t => {
  const server = await start(t);
  const to = {url: server.url, ca: server.caPem, token: server.token, namespace: 'default'};
  const path = '/apis/batch/v1/namespaces/{ns}/jobs';
  const template = {
    spec: {
      restartPolicy: 'Never',
      activeDeadlineSeconds: 9007199254740993n,
      containers: [{name: 'a', image: 'b'}],
    },
  };
  const made = await ask(to, {
    method: 'POST',
    path: `${path}?dryRun=All`,
    body: {metadata: {name: 'a'}, spec: {template}},
  });
  const spec = objectAt(objectAt(objectAt(made.body, 'spec'), 'template'), 'spec');
  assert.equal(spec['activeDeadlineSeconds'], 9007199254740993n);
});

test('an apply may be YAML', async t => {
  const server = await start(t);
  const headers = {
    authorization: `Bearer ${server.token}`,
    'content-type': 'application/apply-patch+yaml',
    ':method': 'PATCH',
    ':path': '/api/v1/namespaces/default/configmaps/a?fieldManager=me',
  };
  const session = http2.connect(server.url, {ca: server.caPem});
  t.after(() => session.destroy());
  const stream = session.request(headers);
  stream.end('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  x: "1"\n');
  const status = await new Promise(resolve => stream.on('response', answer => resolve(answer[':status'])));
  assert.equal(status, 201);
  const to = {url: server.url, ca: server.caPem, token: server.token, namespace: 'default'};
  const patched = await ask(to, {
    method: 'PATCH',
    path: '/api/v1/namespaces/{ns}/configmaps/a',
    body: {data: {y: '2'}},
    type: mergePatchType,
  });
  assert.deepEqual(objectAt(patched.body, 'data'), {x: '1', y: '2'});
});
