import assert from 'node:assert/strict';
import {chmodSync, mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, type TestContext, test} from 'node:test';
import {authorizationOf, environmentToken, findToken, type Token} from '../../source/forges/token.ts';
import type {ForgeRepository} from '../../source/forges/types.ts';
import {temporaryFolder} from '../repository/git-folder.ts';

const repository: ForgeRepository = {forge: 'github', host: 'github.com', path: 'shop/e'};

const at = (forge: ForgeRepository['forge'], host: string): ForgeRepository => ({
  forge,
  host,
  path: 'shop/e',
});

describe('environmentToken', () => {
  const cases: [
    forge: ForgeRepository['forge'],
    host: string,
    env: NodeJS.ProcessEnv,
    expected: Token | null,
  ][] = [
    ['github', 'github.com', {GH_TOKEN: 'a', GITHUB_TOKEN: 'b'}, {value: 'a', from: 'GH_TOKEN'}],
    [
      'github',
      'github.com',
      {GITHUB_TOKEN: 'b', GH_ENTERPRISE_TOKEN: 'c'},
      {value: 'b', from: 'GITHUB_TOKEN'},
    ],
    ['github', 'acme.ghe.com', {GITHUB_TOKEN: 'b'}, {value: 'b', from: 'GITHUB_TOKEN'}],
    [
      'github',
      'github.acme.example',
      {GITHUB_TOKEN: 'b', GH_ENTERPRISE_TOKEN: 'c'},
      {value: 'c', from: 'GH_ENTERPRISE_TOKEN'},
    ],
    ['github', 'github.acme.example', {GH_TOKEN: 'a', GITHUB_TOKEN: 'b'}, null],
    [
      'github',
      'github.acme.example',
      {GITHUB_TOKEN: 'b', GITHUB_SERVER_URL: 'https://github.acme.example'},
      {value: 'b', from: 'GITHUB_TOKEN'},
    ],
    ['gitlab', 'gitlab.com', {GITLAB_TOKEN: 'a'}, {value: 'a', from: 'GITLAB_TOKEN'}],
    ['gitlab', 'gitlab.acme.example', {GITLAB_TOKEN: 'a'}, null],
    [
      'gitlab',
      'gitlab.acme.example',
      {GITLAB_TOKEN: 'a', GITLAB_HOST: 'https://gitlab.acme.example/'},
      {value: 'a', from: 'GITLAB_TOKEN'},
    ],
    ['gitlab', 'gitlab.com', {GITLAB_TOKEN: 'a', GITLAB_HOST: 'gitlab.acme.example'}, null],
    ['gitea', 'gitea.com', {GITEA_TOKEN: 'a'}, {value: 'a', from: 'GITEA_TOKEN'}],
    ['gitea', 'gitea.evil.example', {GITEA_TOKEN: 'a'}, null],
    [
      'gitea',
      'git.acme.example:3000',
      {GITEA_TOKEN: 'a', GITEA_SERVER_URL: 'http://git.acme.example:3000'},
      {value: 'a', from: 'GITEA_TOKEN'},
    ],
    ['bitbucket', 'bitbucket.org', {BITBUCKET_TOKEN: 'a'}, {value: 'a', from: 'BITBUCKET_TOKEN'}],
    ['bitbucket', 'bitbucket.org', {BITBUCKET_APP_PASSWORD: 'a'}, null],
    [
      'bitbucket',
      'bitbucket.org',
      {BITBUCKET_APP_PASSWORD: 'a', BITBUCKET_USERNAME: 'ada'},
      {value: 'a', from: 'BITBUCKET_APP_PASSWORD', user: 'ada'},
    ],
    ['bitbucket-data-center', 'git.acme.example', {BITBUCKET_TOKEN: 'a'}, null],
    [
      'bitbucket-data-center',
      'git.acme.example',
      {BITBUCKET_TOKEN: 'a', BITBUCKET_SERVER_URL: 'https://git.acme.example'},
      {value: 'a', from: 'BITBUCKET_TOKEN'},
    ],
    [
      'azure-devops',
      'dev.azure.com',
      {AZURE_DEVOPS_EXT_PAT: 'a'},
      {value: 'a', from: 'AZURE_DEVOPS_EXT_PAT'},
    ],
  ];
  for (const [forge, host, env, expected] of cases)
    test(`${Object.keys(env).join(', ')} for ${host}: ${expected?.from ?? 'none'}`, () =>
      assert.deepEqual(environmentToken(at(forge, host), env), expected));

  for (const bad of ['', ' ', 'a b', 'a\nX-Evil: 1', 'ü'])
    test(`${JSON.stringify(bad)} is none`, () =>
      assert.equal(environmentToken(repository, {GH_TOKEN: bad}), null));
});

test('a token is sent as its forge wants it', () => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  const token = {value: 'v', from: 'a test'};
  assert.equal(authorizationOf({...token, user: 'ada'}, 'github'), 'Bearer v');
  assert.equal(authorizationOf({...token, user: 'oauth2'}, 'gitlab'), 'Bearer v');
  assert.equal(authorizationOf(token, 'gitea'), 'Bearer v');
  assert.equal(authorizationOf({...token, user: 'ada'}, 'gitea'), basic('ada:v'));
  assert.equal(authorizationOf({...token, user: 'x-token-auth'}, 'bitbucket'), 'Bearer v');
  assert.equal(authorizationOf({...token, user: 'ada'}, 'bitbucket'), basic('ada:v'));
  assert.equal(authorizationOf(token, 'bitbucket-data-center'), 'Bearer v');
  assert.equal(authorizationOf(token, 'azure-devops'), basic(':v'));
  assert.equal(authorizationOf({...token, value: 'eyJh.eyJi.c-_'}, 'azure-devops'), 'Bearer eyJh.eyJi.c-_');
});

describe('findToken', () => {
  /** A PATH with a gh that does what the script says, and a git configuration with a credential helper that does. */
  function world(context: TestContext, gh: string, helper: string): NodeJS.ProcessEnv {
    const folder = temporaryFolder(context);
    const bin = path.join(folder, 'bin');
    mkdirSync(bin);
    const script = (name: string, body: string) => {
      writeFileSync(path.join(bin, name), `#!/bin/sh\n${body}\n`);
      chmodSync(path.join(bin, name), 0o755);
    };
    script('gh', gh);
    script('git-credential-test', helper);
    const config = path.join(folder, 'config');
    writeFileSync(config, `[credential]\n\thelper = test\n`);
    // The child's PATH is this process's while it is looked up, so both are set.
    const before = process.env['PATH'];
    process.env['PATH'] = `${bin}${path.delimiter}${before}`;
    context.after(() => {
      process.env['PATH'] = before;
    });
    return {
      PATH: process.env['PATH'],
      GIT_CONFIG_GLOBAL: config,
      GIT_CONFIG_NOSYSTEM: '1',
      GH_TOKEN: undefined,
      GITHUB_TOKEN: undefined,
    };
  }

  test('asks gh for the very host', async context => {
    const env = world(context, '[ "$*" = "auth token --hostname github.com" ] && echo from-gh', 'exit 1');
    assert.deepEqual(await findToken(repository, {env}), {value: 'from-gh', from: 'gh auth token'});
  });

  test("asks git's helpers where gh has none", async context => {
    const helper =
      'q=$(cat); case "$q" in *host=github.com*) printf "username=x\\npassword=from-helper\\n";; esac';
    const env = world(context, 'exit 1', helper);
    assert.deepEqual(await findToken(repository, {env}), {
      value: 'from-helper',
      from: 'git credential',
      user: 'x',
    });
  });

  test('an empty password is none, and nobody is asked', async context => {
    const env = world(context, 'exit 1', 'printf "username=x\\n"');
    assert.equal(await findToken(repository, {env}), null);
  });

  test('the variable that the user named for the host comes first', async () => {
    const env = {GH_TOKEN: 'a', WORK_TOKEN: 'w'};
    assert.deepEqual(await findToken(repository, {env, variable: 'WORK_TOKEN'}), {
      value: 'w',
      from: 'WORK_TOKEN',
    });
  });

  test('asks glab for GitLab', async context => {
    const env = world(context, 'exit 1', 'exit 1');
    const script = path.join(env['PATH']?.split(path.delimiter)[0] ?? '', 'glab');
    writeFileSync(
      script,
      '#!/bin/sh\n[ "$*" = "config get token --host gitlab.acme.example" ] && echo from-glab\n',
    );
    chmodSync(script, 0o755);
    assert.deepEqual(await findToken(at('gitlab', 'gitlab.acme.example'), {env}), {
      value: 'from-glab',
      from: "glab's configuration",
    });
  });
});
