import assert from 'node:assert/strict';
import {chmod, mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {describe, type TestContext, test} from 'node:test';
import {type Place, RegistryClient} from '../../source/registries/client.ts';
import {findCredentials} from '../../source/registries/credentials.ts';
import {RegistryError} from '../../source/registries/error.ts';
import {type Registry, realRegistry, user} from '../registry/registry.ts';
import {temporaryFolder} from '../repository/git-folder.ts';

/** The login that `docker login` writes for a registry. */
async function loggedIn(t: TestContext, entry: object, registry: Registry): Promise<NodeJS.ProcessEnv> {
  const folder = temporaryFolder(t);
  await writeFile(path.join(folder, 'config.json'), JSON.stringify({auths: {[registry.host]: entry}}));
  return {PATH: process.env['PATH'], DOCKER_CONFIG: folder};
}

function clientWith(env: NodeJS.ProcessEnv, secrets: string[] = []): RegistryClient {
  return new RegistryClient({
    credentials: (place, signal) => findCredentials(place, {env, home: '/nowhere', signal}),
    onSecret: secret => secrets.push(secret),
  });
}

const auth = Buffer.from(`${user.name}:${user.password}`).toString('base64');
const created = '2026-03-01T10:00:00.000Z';
const labels = {
  'org.opencontainers.image.revision': '5d1e0aa',
  'org.opencontainers.image.source': 'https://x.example/a',
};

async function failure(asked: Promise<unknown>): Promise<RegistryError> {
  const error = await asked.then(
    () => assert.fail('it answered'),
    (error: unknown) => error,
  );
  assert.ok(error instanceof RegistryError, String(error));
  return error;
}

describe('a real registry that lets everybody in', () => {
  test('gives tags page by page, digests and what images say of their making', async t => {
    const registry = await realRegistry(t);
    if (registry === undefined) return;
    const place: Place = {registry: registry.host, repository: 'team/web'};
    const digest = await registry.push('team/web', '1.0.0', {created, labels});
    const index = await registry.pushIndex('team/web', '1.1.0', {created, labels});
    for (const tag of ['latest', '0.9.0', '2.0.0-rc.1']) await registry.push('team/web', tag);
    const client = clientWith({});

    const {tags, complete} = await client.tags(place);
    assert.deepEqual([...tags].sort(), ['0.9.0', '1.0.0', '1.1.0', '2.0.0-rc.1', 'latest']);
    assert.equal(complete, true);
    assert.equal(await client.digest(place, '1.0.0'), digest);
    assert.equal(await client.digest(place, '1.1.0'), index);
    const facts = {created, revision: '5d1e0aa', source: 'https://x.example/a'};
    assert.deepEqual(await client.facts(place, '1.0.0'), facts);
    assert.deepEqual(await client.facts(place, '1.1.0'), facts, 'of the index’s first usual platform');
    assert.deepEqual(await client.facts(place, 'latest'), {created: null, revision: null, source: null});
  });

  test('says that it has no such repository or tag', async t => {
    const registry = await realRegistry(t);
    if (registry === undefined) return;
    await registry.push('team/web', '1.0.0');
    const client = clientWith({});
    const nowhere = await failure(client.tags({registry: registry.host, repository: 'team/gone'}));
    assert.deepEqual([nowhere.reason, nowhere.status], ['not-found', 404]);
    const noTag = await failure(client.digest({registry: registry.host, repository: 'team/web'}, '9'));
    assert.equal(noTag.reason, 'not-found');
  });
});

describe('a real registry with a password file', () => {
  test('lets the user of docker’s config in, and nobody else', async t => {
    const registry = await realRegistry(t, 'password');
    if (registry === undefined) return;
    await registry.push('team/web', '1.0.0');
    const place = {registry: registry.host, repository: 'team/web'};
    const secrets: string[] = [];
    const client = clientWith(await loggedIn(t, {auth}, registry), secrets);
    assert.deepEqual((await client.tags(place)).tags, ['1.0.0']);
    assert.deepEqual(secrets, [user.password]);

    const anonymous = await failure(clientWith({}).tags(place));
    assert.equal(anonymous.reason, 'unauthorized');
    assert.match(anonymous.message, /to nobody without credentials.*docker login 127\.0\.0\.1/);

    const wrong = Buffer.from(`${user.name}:not-the-passw0rd`).toString('base64');
    const refused = await failure(clientWith(await loggedIn(t, {auth: wrong}, registry)).tags(place));
    assert.equal(refused.reason, 'unauthorized');
    assert.match(refused.message, /does not accept the credentials of .*config\.json/);
    assert.doesNotMatch(refused.message, /passw0rd/);
  });

  test('is shown to the user of a credential helper, which gets the registry’s name and is asked once', async t => {
    const registry = await realRegistry(t, 'password');
    if (registry === undefined) return;
    await registry.push('team/web', '1.0.0');
    const folder = temporaryFolder(t);
    const bin = path.join(folder, 'bin');
    await mkdir(bin);
    const helper = path.join(bin, 'docker-credential-test');
    const answer = JSON.stringify({ServerURL: registry.host, Username: user.name, Secret: user.password});
    await writeFile(helper, `#!/bin/sh\necho "$1 $(cat)" >> "${folder}/asked"\necho '${answer}'\n`);
    await chmod(helper, 0o755);
    await writeFile(
      path.join(folder, 'config.json'),
      JSON.stringify({credHelpers: {[registry.host]: 'test'}}),
    );
    const client = clientWith({PATH: `${bin}:${process.env['PATH']}`, DOCKER_CONFIG: folder});
    const place = {registry: registry.host, repository: 'team/web'};
    assert.deepEqual((await client.tags(place)).tags, ['1.0.0']);
    await client.digest(place, '1.0.0');
    const {readFile} = await import('node:fs/promises');
    assert.equal(await readFile(path.join(folder, 'asked'), 'utf8'), `get ${registry.host}\n`);
  });
});

describe('a real registry with a token server', () => {
  test('gives public images to everybody, by a token for just this repository', async t => {
    const registry = await realRegistry(t, 'token');
    if (registry === undefined) return;
    await registry.push('public/web', '1.0.0', {created});
    const client = clientWith({});
    const place = {registry: registry.host, repository: 'public/web'};
    assert.deepEqual((await client.tags(place)).tags, ['1.0.0']);
    assert.equal((await client.facts(place, '1.0.0')).created, created);
    assert.deepEqual(registry.tokenRequests, [
      {
        method: 'GET',
        parameters: {service: 'test-registry', scope: 'repository:public/web:pull'},
        authorization: undefined,
      },
    ]);
  });

  test('gives private ones for a password or an identity token', async t => {
    const registry = await realRegistry(t, 'token');
    if (registry === undefined) return;
    await registry.push('team/web', '1.0.0');
    const place = {registry: registry.host, repository: 'team/web'};
    assert.deepEqual((await clientWith(await loggedIn(t, {auth}, registry)).tags(place)).tags, ['1.0.0']);
    const identity = await loggedIn(t, {identitytoken: user.identityToken}, registry);
    assert.deepEqual((await clientWith(identity).tags(place)).tags, ['1.0.0']);
    const [byPassword, byToken] = registry.tokenRequests;
    assert.deepEqual([byPassword?.method, byPassword?.authorization], ['GET', `Basic ${auth}`]);
    assert.deepEqual([byToken?.method, byToken?.parameters['grant_type']], ['POST', 'refresh_token']);

    const anonymous = await failure(clientWith({}).tags(place));
    assert.equal(anonymous.reason, 'unauthorized');
    const wrong = Buffer.from(`${user.name}:not-the-passw0rd`).toString('base64');
    const refused = await failure(clientWith(await loggedIn(t, {auth: wrong}, registry)).tags(place));
    assert.match(refused.message, /does not accept the credentials of .*config\.json/);
    assert.ok(!refused.message.includes(wrong), 'what the token server says of the password is not repeated');
  });
});
