import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import {createServer} from 'node:https';
import type {AddressInfo} from 'node:net';
import {type TestContext, test} from 'node:test';
import {connect} from '../../source/cluster/connect.ts';
import {ClusterError} from '../../source/cluster/types.ts';
import {useCluster} from '../cluster/shared.ts';
import {Authority} from '../cluster-client/certificates.ts';

/** A kubelet as far as logs go: it answers what the API server asks of `/containerLogs`, in parts. */
async function startKubelet(t: TestContext) {
  const {certificate, key} = new Authority().server(['127.0.0.1']);
  const asked: string[] = [];
  const release = Promise.withResolvers<void>();
  const server = createServer({cert: certificate, key}, async (request, response) => {
    asked.push(request.url ?? '');
    if (request.url?.includes('/crashed') === true) {
      response.writeHead(400, {'content-type': 'text/plain'});
      response.end('container "crashed" in pod "web" is waiting to start: CreateContainerConfigError');
      return;
    }
    response.writeHead(200, {'content-type': 'text/plain', 'transfer-encoding': 'chunked'});
    response.write('2026-08-05T11:00:00.000000001Z first\n2026-08-05T11:00:01.000000000Z sec');
    await release.promise;
    response.end('ond\n2026-08-05T11:00:02.000000000Z \u001B[31mthird\u001B[0m without an end');
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {port: (server.address() as AddressInfo).port, asked, release: release.resolve};
}

test('a real API server hands logs on from the kubelet as they come, and its refusals', {
  timeout: 180_000,
}, async t => {
  const cluster = await useCluster(t);
  if (cluster === undefined) return;
  const kubelet = await startKubelet(t);
  const namespace = await cluster.namespace('logs');
  const node = `node-${randomBytes(4).toString('hex')}`;
  const put = (object: object, ...args: string[]) =>
    cluster.kubectl(['apply', '--server-side', '-f', '-', ...args], {input: JSON.stringify(object)});
  await put({apiVersion: 'v1', kind: 'Node', metadata: {name: node}});
  t.after(() => cluster.kubectl(['delete', 'node', node]));
  const status = {
    addresses: [{type: 'InternalIP', address: '127.0.0.1'}],
    daemonEndpoints: {kubeletEndpoint: {Port: kubelet.port}},
  };
  await put({apiVersion: 'v1', kind: 'Node', metadata: {name: node}, status}, '--subresource=status');
  const containers = ['api', 'crashed'].map(name => ({name, image: 'nginx:1.27'}));
  await put({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name: 'web', namespace},
    spec: {nodeName: node, containers},
  });
  const as = async (context: string) => {
    const client = await connect({kubeconfig: cluster.kubeconfig, context});
    t.after(() => client.close());
    return client;
  };
  const admin = await as('admin');

  const reading = admin.logs(namespace, 'web', {container: 'api', follow: true, tailLines: 500});
  const first = await reading.next();
  // The second half of a line has not come: no more than the first line is told.
  assert.deepEqual(first.value, [{time: '2026-08-05T11:00:00.000000001Z', text: 'first', cut: 0}]);
  kubelet.release();
  const rest: string[] = [];
  for await (const records of reading) rest.push(...records.map(({text}) => text));
  assert.deepEqual(rest, ['second', '\u001B[31mthird\u001B[0m without an end']);
  const url = new URL(kubelet.asked[0] ?? '', 'https://kubelet');
  assert.equal(url.pathname, `/containerLogs/${namespace}/web/api`);
  const query = url.searchParams;
  assert.deepEqual(
    [query.get('follow'), query.get('timestamps'), query.get('tailLines')],
    ['true', 'true', '500'],
  );

  const refusal = async (asking: AsyncGenerator<unknown>): Promise<ClusterError> => {
    try {
      await asking.next();
    } catch (error) {
      if (error instanceof ClusterError) return error;
      throw error;
    }
    return assert.fail('it was not refused');
  };
  const waiting = await refusal(admin.logs(namespace, 'web', {container: 'crashed'}));
  assert.equal(waiting.reason, 'invalid');
  assert.match(waiting.message, /waiting to start: CreateContainerConfigError/);
  const nobody = await refusal((await as('nobody')).logs(namespace, 'web', {container: 'api'}));
  assert.equal(nobody.reason, 'forbidden');
  assert.equal(nobody.fix, `ask for the get verb on pods/log in namespace ${namespace}`);
  const gone = await refusal(admin.logs(namespace, 'nobody', {container: 'api'}));
  assert.equal(gone.reason, 'not-found');
});
