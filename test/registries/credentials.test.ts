import assert from 'node:assert/strict';
import {chmod, mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {CredentialsError, findCredentials} from '../../source/registries/credentials.ts';
import {temporaryFolder} from '../repository/git-folder.ts';

const nginx = {registry: 'docker.io', repository: 'library/nginx'};
const web = {registry: 'ghcr.io', repository: 'team/web'};
const auth = (user: string) => ({auth: Buffer.from(`${user}:pass:word`).toString('base64')});
const login = (user: string) => ({user, password: 'pass:word'});

/** A home folder with these files, and programs on its PATH. */
async function home(
  t: TestContext,
  files: Record<string, object | string>,
  helpers: Record<string, string> = {},
) {
  const folder = temporaryFolder(t);
  const write = async (name: string, content: string) => {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), {recursive: true});
    await writeFile(file, content);
    return file;
  };
  for (const [name, content] of Object.entries(files))
    await write(name, typeof content === 'string' ? content : JSON.stringify(content));
  for (const [name, script] of Object.entries(helpers))
    await chmod(await write(`bin/docker-credential-${name}`, `#!/bin/sh\n${script}\n`), 0o755);
  const env = {PATH: `${path.join(folder, 'bin')}:${process.env['PATH']}`};
  return {
    folder,
    find: async (image: {registry: string; repository: string}, more: NodeJS.ProcessEnv = {}) =>
      (await findCredentials(image, {env: {...env, ...more}, home: folder}))?.login ?? null,
  };
}

test('docker’s config is read by the keys that docker writes', async t => {
  const {find} = await home(t, {
    '.docker/config.json': {
      auths: {
        'https://index.docker.io/v1/': auth('hub'),
        'ghcr.io': auth('gh'),
        'localhost:5000': {username: 'here', password: 'pass:word'},
        'quay.io': {auth: '', identitytoken: 'long-lived'},
        'gone.example': {},
      },
    },
  });
  assert.deepEqual(await find(nginx), login('hub'));
  assert.deepEqual(await find(web), login('gh'));
  assert.deepEqual(await find({registry: 'localhost:5000', repository: 'x'}), login('here'));
  assert.deepEqual(await find({registry: 'quay.io', repository: 'x'}), {identityToken: 'long-lived'});
  for (const registry of [
    'gone.example',
    'evil-ghcr.io',
    'ghcr.io.evil.example',
    'localhost',
    'localhost:5001',
  ])
    assert.equal(await find({registry, repository: 'x'}), null, registry);
});

test('the first place that knows a registry wins, and Podman’s most specific entry', async t => {
  const {find, folder} = await home(t, {
    '.docker/config.json': {auths: {'ghcr.io': auth('docker')}},
    'other/config.json': {auths: {'ghcr.io': auth('other')}},
    'auth.json': {
      auths: {'docker.io': auth('podman'), 'ghcr.io/team': auth('team'), 'ghcr.io/teamwork': auth('no')},
    },
    'run/containers/auth.json': {auths: {'quay.io': auth('run'), 'ghcr.io': auth('too late')}},
  });
  assert.deepEqual(await find(web, {DOCKER_CONFIG: path.join(folder, 'other')}), login('other'));
  const named = {REGISTRY_AUTH_FILE: path.join(folder, 'auth.json')};
  assert.deepEqual(await find(web, named), login('team'));
  assert.deepEqual(await find({registry: 'ghcr.io', repository: 'else/where'}, named), login('docker'));
  assert.deepEqual(await find(nginx, named), login('podman'));
  const run = {XDG_RUNTIME_DIR: path.join(folder, 'run')};
  assert.deepEqual(await find({registry: 'quay.io', repository: 'x'}, run), login('run'));
  assert.deepEqual(await find(web, run), login('docker'));
  assert.equal(await find(nginx), null);
});

test('helpers are asked for their registries, and the store for all others', async t => {
  const answer = (user: string) => `echo '{"ServerURL":"x","Username":"${user}","Secret":"pass:word"}'`;
  const {find} = await home(
    t,
    {
      '.docker/config.json': {
        auths: {'quay.io': auth('file')},
        credHelpers: {'ghcr.io': 'gh', 'broken.example': 'broken', 'missing.example': 'missing'},
        credsStore: 'store',
      },
    },
    {
      gh: `test "$(cat)" = ghcr.io && ${answer('helper')}`,
      store: `server=$(cat); case "$server" in https://index.docker.io/v1/) ${answer('<token>')};; *) echo "credentials not found in native keychain"; exit 1;; esac`,
      broken: 'echo "the vault of pass:word is sealed" >&2; exit 3',
    },
  );
  assert.deepEqual(await find(web), login('helper'));
  assert.deepEqual(await find(nginx), {identityToken: 'pass:word'});
  assert.deepEqual(await find({registry: 'quay.io', repository: 'x'}), login('file'));
  const failure = async (registry: string) => {
    const error = await find({registry, repository: 'x'}).then(
      () => assert.fail('it was found'),
      (error: unknown) => error,
    );
    assert.ok(error instanceof CredentialsError, String(error));
    return error.message;
  };
  const broken = await failure('broken.example');
  assert.match(broken, /docker-credential-broken failed for broken\.example \(exit status 3\)/);
  assert.doesNotMatch(broken, /sealed|pass:word/, 'what a helper says may hold a secret');
  assert.match(await failure('missing.example'), /docker-credential-missing was not found on PATH/);
});

test('a store that is not there any more is as good as none', async t => {
  const {find} = await home(t, {
    '.docker/config.json': {auths: {'ghcr.io': auth('file')}, credsStore: 'desktop'},
  });
  assert.deepEqual(await find(web), login('file'));
  assert.equal(await find(nginx), null);
});

test('a file that is not docker’s is named, and nothing of it said', async t => {
  const {find} = await home(t, {'.docker/config.json': '{"auths": {"ghcr.io": {"auth": "c2VjcmV0'});
  await assert.rejects(find(web), (error: Error) => {
    assert.match(error.message, /config\.json is not what docker writes/);
    assert.doesNotMatch(error.message, /c2VjcmV0/);
    return true;
  });
  const odd = await home(t, {'.docker/config.json': {credHelpers: {'ghcr.io': '../../bin/sh'}}});
  await assert.rejects(odd.find(web), /is no helper's name/);
});
