// Tokens and passwords that go out are not in what comes back from those who repeat them.
import assert from 'node:assert/strict';
import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import {describe, test} from 'node:test';
import {loadKubeconfig} from '../../source/cluster/kubeconfig.ts';
import {openPullRequest} from '../../source/forges/open-pull-request.ts';
import {withoutCredentials} from '../../source/secrets/credentials.ts';
import {configMaps, connectTo, startServer} from '../cluster-client/scripted-server.ts';
import {temporaryFolder} from '../repository/git-folder.ts';
import {Canaries} from './canaries.ts';

const canaries = new Canaries();
const token = canaries.of('token').replaceAll(/[/&]/g, 'x');
canaries.add('token', token);

function assertClean(said: unknown): void {
  assert.deepEqual(canaries.leaks(String(said)), []);
}

describe('a server that repeats the token that it was sent', () => {
  for (const [how, user] of [
    ['bearer', {token}],
    ['basic', {username: 'ada', password: token}],
  ] as const) {
    for (const status of [400, 401, 403, 500]) {
      test(`${how}, ${status}`, async t => {
        const server = await startServer(t, ({headers}) => ({
          status,
          json: {
            kind: 'Status',
            message: `no: ${headers.authorization} (${token.slice(0, 12)}…)`,
            reason: 'Forbidden',
          },
        }));
        const cluster = await connectTo(t, server, {user: {...user}});
        await assert.rejects(cluster.list(configMaps), (error: Error) => {
          assert.match(error.message, /\*\*\*/);
          assertClean(error.message);
          assertClean(error.stack);
          return true;
        });
      });
    }
  }

  for (const forge of ['github', 'gitlab', 'gitea', 'bitbucket', 'bitbucket-data-center'] as const)
    test(forge, async () => {
      const repository = {forge, host: 'git.example.com', path: 'a/b'};
      const draft = {base: 'main', branch: 'x', title: 'x', body: '', draft: false};
      for (const [status, message] of [
        [401, `Bad credentials: Bearer ${token}`],
        [422, `${Buffer.from(`x:${token}`).toString('base64')} is no token`],
        [500, token],
      ] as const) {
        const access = {repository, token: {value: token, from: 'a test', user: 'ada'}};
        const result = await openPullRequest(access, draft, {
          fetch: async () => new Response(JSON.stringify({message}), {status}),
        });
        assert.ok(!result.opened);
        assert.match(result.reason, /\*\*\*/);
        assertClean(result.reason);
      }
    });
});

test('a kubeconfig that YAML reads otherwise is told without what stands there', async t => {
  const file = path.join(temporaryFolder(t), 'config');
  for (const mark of ['*', '!', '@', '`', '"', '%']) {
    await writeFile(file, `apiVersion: v1\nusers:\n- name: ada\n  user:\n    token: ${mark}${token}\n`);
    const said = await loadKubeconfig({kubeconfig: file}).then(
      () => '',
      (error: Error) => error.message,
    );
    assert.match(said, /config:\d/, mark);
    assertClean(said);
  }
});

describe("a program's words without credentials", () => {
  for (const said of [
    `{"refresh_token":"${token}","expires_in":3600}`,
    `token=${token}`,
    `Authorization: Bearer ${token}`,
    `client-secret: '${token}'`,
    `AWS_SECRET_ACCESS_KEY=${token}`,
    `https://ada:${encodeURIComponent(token)}@example.com/x`,
    `-----BEGIN RSA PRIVATE KEY-----\n${token}\n-----END RSA PRIVATE KEY-----`,
    `-----BEGIN PRIVATE KEY----- ${token}`,
    `k8s-aws-v1.${token.replace('+', '-')}`,
    `ghp_${token.replace('+', '')}`,
    `eyJhbGciOiJI.${token.replace('+', '-')}.x`,
  ]) {
    test(said.replaceAll(token, '…').slice(0, 40), () =>
      assertClean(withoutCredentials(`it failed: ${said} (1)`)),
    );
  }

  test('says all the rest', () => {
    for (const said of [
      'Error: You must be logged in to the server (the token has expired)',
      'operation error STS: GetCallerIdentity, exit status 255',
      'AADSTS700082: The refresh token has expired due to inactivity. Trace ID: 3f2a91c0-11aa',
    ]) {
      assert.equal(withoutCredentials(said), said);
    }
  });
});
