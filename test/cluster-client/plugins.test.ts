import assert from 'node:assert/strict';
import {chmod, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {describe, type TestContext, test} from 'node:test';
import {ClusterError} from '../../source/cluster/types.ts';
import type {JsonObject} from '../../source/resources/json.ts';
import {Authority} from './certificates.ts';
import {
  configMap,
  configMaps,
  connectTo,
  ok,
  refused,
  startServer,
  temporaryFolder,
} from './scripted-server.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** A credential plugin: a shell script, as plugins are any program. */
async function plugin(
  t: TestContext,
  script: string,
  more: JsonObject = {},
): Promise<{user: JsonObject; folder: string}> {
  const folder = await temporaryFolder(t);
  const command = path.join(folder, 'plugin');
  await writeFile(command, `#!/bin/sh\ncd '${folder}'\n${script}\n`);
  await chmod(command, 0o755);
  return {
    folder,
    user: {
      exec: {apiVersion: 'client.authentication.k8s.io/v1', command, interactiveMode: 'IfAvailable', ...more},
    },
  };
}

const credential = (status: string) =>
  `echo '{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": ${status}}'`;

describe('credential plugins', () => {
  test('one run serves all requests, and gets the cluster where it asks for it', async t => {
    const script = `echo run >> runs\nprintf '%s' "$KUBERNETES_EXEC_INFO" > info\n${credential('{"token": "\'"$EXTRA-$1"\'"}')}`;
    const {user, folder} = await plugin(t, script, {
      args: ['one'],
      env: [{name: 'EXTRA', value: 'two'}],
      provideClusterInfo: true,
    });
    const server = await startServer(t, () => ok);
    const cluster = await connectTo(t, server, {user});
    await Promise.all(Array.from({length: 20}, () => cluster.get(configMaps, 'shop', 'a')));
    assert.equal(server.requests[0]?.headers.authorization, 'Bearer two-one');
    assert.equal(await readFile(path.join(folder, 'runs'), 'utf8'), 'run\n');
    const info = JSON.parse(await readFile(path.join(folder, 'info'), 'utf8')) as {
      spec: {interactive: boolean; cluster: {server: string; 'certificate-authority-data': string}};
    };
    assert.equal(info.spec.interactive, false);
    assert.equal(info.spec.cluster.server, server.url);
    assert.equal(info.spec.cluster['certificate-authority-data'], base64(server.authority.certificate));
  });

  test('two contexts of one plugin do not run it at the same time', async t => {
    const {user, folder} = await plugin(t, `echo run >> runs\nsleep 0.2\n${credential('{"token": "t"}')}`);
    const server = await startServer(t, () => ok);
    const clusters = await Promise.all([connectTo(t, server, {user}), connectTo(t, server, {user})]);
    await Promise.all(clusters.map(cluster => cluster.get(configMaps, 'shop', 'a')));
    assert.equal(await readFile(path.join(folder, 'runs'), 'utf8'), 'run\n');
  });

  test('a client certificate from a plugin', async t => {
    const clientAuthority = new Authority('users');
    const {certificate, key} = clientAuthority.client('ann');
    const status = JSON.stringify({clientCertificateData: certificate, clientKeyData: key});
    const {user, folder} = await plugin(t, 'cat credential');
    await writeFile(
      path.join(folder, 'credential'),
      `{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": ${status}}`,
    );
    const server = await startServer(t, () => ok, {clientAuthority});
    const cluster = await connectTo(t, server, {user});
    await cluster.get(configMaps, 'shop', 'a');
    assert.equal(server.requests[0]?.clientName, 'ann');
  });

  test('after a 401 it runs again, once for all that were refused, and a write goes on', async t => {
    const script = `n=$(cat count 2>/dev/null || echo 0); n=$((n + 1)); echo $n > count\n${credential('{"token": "\'$n\'"}')}`;
    const {user, folder} = await plugin(t, script);
    const server = await startServer(t, request =>
      request.headers.authorization === 'Bearer 1' ? refused : ok,
    );
    const cluster = await connectTo(t, server, {user});
    await Promise.all(
      Array.from({length: 10}, () => cluster.apply(configMaps, configMap('a'), {fieldManager: 'gitops-tui'})),
    );
    assert.equal(await readFile(path.join(folder, 'count'), 'utf8'), '2\n');
  });

  test('a plugin whose credentials stay refused is not run for each request', async t => {
    const script = `n=$(cat count 2>/dev/null || echo 0); n=$((n + 1)); echo $n > count\n${credential('{"token": "\'$n\'"}')}`;
    const {user, folder} = await plugin(t, script);
    const server = await startServer(t, () => refused);
    const cluster = await connectTo(t, server, {user});
    for (let index = 0; index < 5; index++) {
      await assert.rejects(cluster.get(configMaps, 'shop', 'a'), {
        reason: 'unauthorized',
        fix: /kubectl --context test/,
      });
    }
    assert.equal(await readFile(path.join(folder, 'count'), 'utf8'), '2\n');
  });

  test('a plugin that failed is not run again for what waited meanwhile', async t => {
    const {user, folder} = await plugin(t, 'echo run >> runs; exit 1');
    const server = await startServer(t, () => ok);
    const cluster = await connectTo(t, server, {user});
    const calls = Array.from({length: 40}, () => cluster.get(configMaps, 'shop', 'a'));
    for (const result of await Promise.allSettled(calls)) assert.equal(result.status, 'rejected');
    assert.equal(await readFile(path.join(folder, 'runs'), 'utf8'), 'run\n');
  });

  test('an expired credential is renewed before the request', async t => {
    const script = `n=$(cat count 2>/dev/null || echo 0); n=$((n + 1)); echo $n > count
end=$([ $n = 1 ] && cat first-end || echo 2999-01-01T00:00:00Z)\n${credential('{"token": "\'$n\'", "expirationTimestamp": "\'$end\'"}')}`;
    const {user, folder} = await plugin(t, script);
    const end = Date.now() + 1500;
    await writeFile(path.join(folder, 'first-end'), new Date(end).toISOString());
    const server = await startServer(t, () => ok);
    const cluster = await connectTo(t, server, {user});
    await cluster.get(configMaps, 'shop', 'a');
    await new Promise(resolve => setTimeout(resolve, end - Date.now() + 10));
    await cluster.get(configMaps, 'shop', 'a');
    assert.deepEqual(
      server.requests.map(request => request.headers.authorization),
      ['Bearer 1', 'Bearer 2'],
    );
  });

  const failures: [what: string, script: string, message: RegExp, more?: JsonObject][] = [
    ['fails', 'echo "\u001B[31mtoken has expired" >&2; exit 3', /exit status 3: token has expired$/],
    [
      'asks and gets no answer',
      'read answer || { echo "no terminal" >&2; exit 1; }',
      /exit status 1: no terminal$/,
    ],
    ['asks the terminal itself', 'read answer < /dev/tty || exit 4', /exit status [1-9]/],
    ['hangs', 'sleep 60', /did not end within 0\.3 s/],
    ['hangs with a child that keeps the output open', 'sleep 60 & wait', /did not end within 0\.3 s/],
    ['prints no JSON', 'echo secret-token', /its output is no JSON$/],
    ['prints something else', 'echo "{}"', /did not print an ExecCredential$/],
    ['gives nothing', credential('{}'), /gave neither a token nor a client certificate/],
    [
      'speaks another version',
      credential('{"token": "t"}').replace('/v1"', '/v1beta1"'),
      /answered in the API version/,
    ],
    [
      'is of a version that is gone',
      'true',
      /no longer know/,
      {apiVersion: 'client.authentication.k8s.io/v1alpha1'},
    ],
    ['must ask', 'true', /wants to ask questions/, {interactiveMode: 'Always'}],
  ];
  for (const [what, script, message, more] of failures) {
    test(`a plugin that ${what}`, async t => {
      const {user} = await plugin(t, script, more);
      const server = await startServer(t, () => ok);
      const cluster = await connectTo(t, server, {
        user,
        pluginLimitMs: what.startsWith('hangs') ? 300 : 10_000,
      });
      const began = Date.now();
      await assert.rejects(cluster.get(configMaps, 'shop', 'a'), (error: unknown) => {
        assert.ok(error instanceof ClusterError);
        assert.equal(error.reason, 'unauthorized');
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /secret-token|\u001B/);
        assert.ok(error.fix !== undefined);
        return true;
      });
      assert.ok(Date.now() - began < 30_000, 'it waited for the end of the child');
      assert.equal(server.requests.length, 0);
    });
  }

  test('a plugin that is not installed: its own hint', async t => {
    const server = await startServer(t, () => ok);
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'no-such-plugin-anywhere',
      installHint: 'Install it from example.org',
    };
    const cluster = await connectTo(t, server, {user: {exec}});
    await assert.rejects(cluster.get(configMaps, 'shop', 'a'), {
      message: /"no-such-plugin-anywhere" .* is not on PATH/,
      fix: 'Install it from example.org',
    });
  });
});
