import assert from 'node:assert/strict';
import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {describe, test} from 'node:test';
import {ClusterError} from '../../source/cluster/types.ts';
import type {JsonObject} from '../../source/resources/json.ts';
import {Authority} from './certificates.ts';
import {startProxy} from './proxy-server.ts';
import {
  type Arrived,
  configMaps,
  connectTo,
  ok,
  refused,
  startServer,
  temporaryFolder,
} from './scripted-server.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

test('a token, the user agent and nothing else', async t => {
  const server = await startServer(t, () => ok);
  const cluster = await connectTo(t, server);
  await cluster.get(configMaps, 'shop', 'a');
  const {headers} = server.requests[0] as Arrived;
  assert.equal(headers.authorization, 'Bearer secret-token');
  assert.match(headers['user-agent'] ?? '', /^gitops-tui\/1\.2\.3 \([a-z0-9]+\/[a-z0-9_]+\)$/);
  assert.ok(!Object.keys(headers).some(name => name.startsWith('impersonate-')));
});

test('a user name and a password', async t => {
  const server = await startServer(t, () => ok);
  const cluster = await connectTo(t, server, {user: {username: 'ann', password: '0123'}});
  await cluster.get(configMaps, 'shop', 'a');
  assert.equal(server.requests[0]?.headers.authorization, `Basic ${base64('ann:0123')}`);
});

test('a client certificate', async t => {
  const clientAuthority = new Authority('users');
  const {certificate, key} = clientAuthority.client('ann');
  const server = await startServer(t, () => ok, {clientAuthority});
  const user = {'client-certificate-data': base64(certificate), 'client-key-data': base64(key)};
  const cluster = await connectTo(t, server, {user});
  await cluster.get(configMaps, 'shop', 'a');
  assert.equal(server.requests[0]?.clientName, 'ann');
  const without = await connectTo(t, server);
  await assert.rejects(without.get(configMaps, 'shop', 'a'), {reason: 'unreachable'});
});

test('a key that does not fit its certificate is told, with the context', async t => {
  const authority = new Authority();
  const server = await startServer(t, () => ok);
  const user = {
    'client-certificate-data': base64(authority.client('ann').certificate),
    'client-key-data': base64(authority.client('bob').key),
  };
  const cluster = await connectTo(t, server, {user});
  await assert.rejects(cluster.get(configMaps, 'shop', 'a'), {
    reason: 'unauthorized',
    message: /^the certificates of context "test" can't be used: .*mismatch/,
  });
});

test('a token file is trimmed, and read again after a 401', async t => {
  const folder = await temporaryFolder(t);
  const file = path.join(folder, 'token');
  await writeFile(file, 'old\n');
  const server = await startServer(t, request =>
    request.headers.authorization === 'Bearer new' ? ok : refused,
  );
  const cluster = await connectTo(t, server, {user: {tokenFile: file}});
  await assert.rejects(cluster.get(configMaps, 'shop', 'a'), {reason: 'unauthorized'});
  await writeFile(file, 'new\n');
  await cluster.get(configMaps, 'shop', 'a');
  assert.deepEqual(
    server.requests.map(request => request.headers.authorization),
    ['Bearer old', 'Bearer old', 'Bearer new'],
  );
});

test('impersonation: user, uid, every group and every extra (trap 61)', async t => {
  const server = await startServer(t, () => ok);
  const user = {
    token: 'x',
    as: 'jäne',
    'as-uid': '42',
    'as-groups': ['developers', 'system:masters'],
    'as-user-extra': {'example.com/scopes': ['view', 'edit'], 'a b': ['c']},
  };
  const cluster = await connectTo(t, server, {user});
  await cluster.get(configMaps, 'shop', 'a');
  const {rawHeaders} = server.requests[0] as Arrived;
  const sent: [string, string][] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.startsWith('Impersonate'))
      sent.push([name, Buffer.from(rawHeaders[index + 1] ?? '', 'latin1').toString()]);
  }
  assert.deepEqual(sent, [
    ['Impersonate-User', 'jäne'],
    ['Impersonate-Uid', '42'],
    ['Impersonate-Group', 'developers'],
    ['Impersonate-Group', 'system:masters'],
    ['Impersonate-Extra-example.com%2Fscopes', 'view'],
    ['Impersonate-Extra-example.com%2Fscopes', 'edit'],
    ['Impersonate-Extra-a%20b', 'c'],
  ]);
});

describe('TLS', () => {
  test('an authority that is not known is refused, with what to do', async t => {
    const server = await startServer(t, () => ok);
    const other = base64(new Authority('other').certificate);
    const cluster = await connectTo(t, server, {cluster: {'certificate-authority-data': other}});
    await assert.rejects(cluster.get(configMaps, 'shop', 'a'), (error: unknown) => {
      assert.ok(error instanceof ClusterError);
      assert.equal(error.reason, 'unreachable');
      assert.match(error.message, /authority that is not trusted/);
      assert.match(error.fix ?? '', /certificate-authority-data/);
      return true;
    });
    assert.equal(server.requests.length, 0);
  });

  test('insecure-skip-tls-verify', async t => {
    const server = await startServer(t, () => ok, {names: ['example.org']});
    const cluster = await connectTo(t, server, {
      cluster: {'insecure-skip-tls-verify': true, 'certificate-authority-data': ''},
    });
    await cluster.get(configMaps, 'shop', 'a');
  });

  test('tls-server-name', async t => {
    const server = await startServer(t, () => ok, {names: ['api.example.org']});
    const cluster = await connectTo(t, server, {cluster: {'tls-server-name': 'api.example.org'}});
    await cluster.get(configMaps, 'shop', 'a');
    const without = await connectTo(t, server);
    await assert.rejects(without.get(configMaps, 'shop', 'a'), {message: /is for another name/});
  });
});

describe('proxies', () => {
  test('proxy-url is a tunnel to the server, with the credentials of its URL, kept for the next request', async t => {
    const server = await startServer(t, () => ok);
    const proxy = await startProxy(t);
    const url = `http://user:p%40ss@127.0.0.1:${proxy.port}`;
    const cluster = await connectTo(t, server, {cluster: {'proxy-url': url}});
    await cluster.get(configMaps, 'shop', 'a');
    await cluster.get(configMaps, 'shop', 'a');
    assert.equal(server.requests[0]?.headers.authorization, 'Bearer secret-token');
    assert.deepEqual(proxy.tunnels, [
      {target: `127.0.0.1:${server.port}`, authorization: `Basic ${base64('user:p@ss')}`},
    ]);
  });

  test('a client certificate and a server name go through the proxy', async t => {
    const clientAuthority = new Authority('users');
    const {certificate, key} = clientAuthority.client('ann');
    const server = await startServer(t, () => ok, {clientAuthority, names: ['api.example.org']});
    const proxy = await startProxy(t);
    const cluster = await connectTo(t, server, {
      user: {'client-certificate-data': base64(certificate), 'client-key-data': base64(key)},
      cluster: {'proxy-url': `http://127.0.0.1:${proxy.port}`, 'tls-server-name': 'api.example.org'},
    });
    await cluster.get(configMaps, 'shop', 'a');
    assert.equal(server.requests[0]?.clientName, 'ann');
    assert.equal(proxy.tunnels.length, 1);
  });

  test('a proxy that refuses is told', async t => {
    const server = await startServer(t, () => ok);
    const proxy = await startProxy(t, {refuse: true});
    const cluster = await connectTo(t, server, {cluster: {'proxy-url': `http://127.0.0.1:${proxy.port}`}});
    await assert.rejects(cluster.get(configMaps, 'shop', 'a'), {
      reason: 'unreachable',
      message: /proxy.*407/,
    });
  });

  test('a proxy that is no URL is told', async t => {
    const server = await startServer(t, () => ok);
    const cluster = await connectTo(t, server, {cluster: {'proxy-url': 'not a url'}});
    await assert.rejects(cluster.get(configMaps, 'shop', 'a'), {message: /proxy .* is no URL: "not a url"/});
  });
});

describe('auth providers', () => {
  const token = (claims: object) => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    return `${part({alg: 'RS256'})}.${part(claims)}.x`;
  };
  const oidc = (config: JsonObject) => ({user: {'auth-provider': {name: 'oidc', config}}});
  const now = Math.floor(Date.now() / 1000);

  test('an OIDC token that is valid is sent', async t => {
    const server = await startServer(t, () => ok);
    const cluster = await connectTo(t, server, oidc({'id-token': token({exp: now + 600})}));
    await cluster.get(configMaps, 'shop', 'a');
    assert.equal(server.requests[0]?.headers.authorization, `Bearer ${token({exp: now + 600})}`);
  });

  test('one that has expired is refreshed at its issuer, once', async t => {
    const claims = {iss: '', aud: 'kubernetes', sub: 'ann', iat: now, exp: now + 600};
    const issuer = await startServer(t, ({path: name}) => {
      claims.iss = issuer.url;
      const json =
        name === '/.well-known/openid-configuration'
          ? {issuer: issuer.url, token_endpoint: `${issuer.url}/token`}
          : {
              access_token: 'a',
              token_type: 'bearer',
              expires_in: 600,
              refresh_token: 'r2',
              id_token: token(claims),
            };
      return {json};
    });
    const server = await startServer(t, () => ok);
    const config = {
      'id-token': token({exp: now - 600}),
      'refresh-token': 'r1',
      'client-id': 'kubernetes',
      'idp-issuer-url': issuer.url,
      'idp-certificate-authority-data': base64(issuer.authority.certificate),
    };
    const cluster = await connectTo(t, server, oidc(config));
    await cluster.get(configMaps, 'shop', 'a');
    await cluster.get(configMaps, 'shop', 'a');
    assert.equal(server.requests[1]?.headers.authorization, `Bearer ${token(claims)}`);
    const refreshes = issuer.requests.filter(({path: name}) => name === '/token');
    assert.equal(refreshes.length, 1);
    assert.match(refreshes[0]?.body ?? '', /refresh_token=r1/);
  });

  test('an issuer that refuses is told', async t => {
    const issuer = await startServer(t, ({path: name}) =>
      name === '/token'
        ? {status: 400, json: {error: 'invalid_grant', error_description: 'Token is not active'}}
        : {json: {issuer: issuer.url, token_endpoint: `${issuer.url}/token`}},
    );
    const config = {
      'refresh-token': 'r1',
      'client-id': 'k:8',
      'client-secret': 'a b',
      'idp-issuer-url': issuer.url,
      'idp-certificate-authority-data': base64(issuer.authority.certificate),
    };
    const cluster = await connectTo(t, await startServer(t, () => ok), oidc(config));
    await assert.rejects(cluster.get(configMaps, 'shop', 'a'), {
      reason: 'unauthorized',
      message: `user "u" can't be authenticated: ${issuer.url}/token answers 400: Token is not active`,
      fix: /log in with your OIDC tool/,
    });
    assert.equal(issuer.requests[1]?.headers.authorization, `Basic ${base64('k%3A8:a%20b')}`);
  });

  test('one that has expired and cannot be refreshed is told, not left out', async t => {
    const server = await startServer(t, () => ok);
    const cluster = await connectTo(t, server, oidc({'id-token': token({exp: now - 600})}));
    await assert.rejects(cluster.get(configMaps, 'shop', 'a'), {
      reason: 'unauthorized',
      message: /its ID token has ended/,
    });
    assert.equal(server.requests.length, 0);
  });

  test('the command of a removed provider is never run', async t => {
    const folder = await temporaryFolder(t);
    const server = await startServer(t, () => ok);
    const config = {
      'cmd-path': 'touch',
      'cmd-args': path.join(folder, 'touched'),
      'access-token': 'x',
      expiry: '2020-01-01T00:00:00Z',
    };
    const cluster = await connectTo(t, server, {user: {'auth-provider': {name: 'gcp', config}}});
    await assert.rejects(cluster.get(configMaps, 'shop', 'a'), {
      reason: 'unauthorized',
      fix: /gke-gcloud-auth-plugin/,
    });
    await assert.rejects(readFile(path.join(folder, 'touched')), {code: 'ENOENT'});
  });
});
