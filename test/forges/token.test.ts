import assert from 'node:assert/strict';
import {chmodSync, mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, type TestContext, test} from 'node:test';
import {environmentToken, findToken} from '../../source/forges/token.ts';
import type {ForgeRepository} from '../../source/forges/types.ts';
import {temporaryFolder} from '../repository/git-folder.ts';

const repository: ForgeRepository = {forge: 'github', host: 'github.com', path: 'shop/e'};

test("the environment's tokens go to their own hosts only", () => {
  const env = {GITHUB_TOKEN: 'b', GH_ENTERPRISE_TOKEN: 'c'};
  assert.deepEqual(environmentToken('github.com', {...env, GH_TOKEN: 'a'}), {value: 'a', from: 'GH_TOKEN'});
  assert.deepEqual(environmentToken('github.com', env), {value: 'b', from: 'GITHUB_TOKEN'});
  assert.deepEqual(environmentToken('acme.ghe.com', env), {value: 'b', from: 'GITHUB_TOKEN'});
  assert.deepEqual(environmentToken('github.acme.example', env), {value: 'c', from: 'GH_ENTERPRISE_TOKEN'});
  assert.equal(environmentToken('github.acme.example', {GH_TOKEN: 'a'}), null);
  for (const bad of ['', ' ', 'a b', 'a\nX-Evil: 1', 'ü'])
    assert.equal(environmentToken('github.com', {GH_TOKEN: bad}), null, JSON.stringify(bad));
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
    assert.deepEqual(await findToken(repository, {env}), {value: 'from-helper', from: 'git credential'});
  });

  test('an empty password is none, and nobody is asked', async context => {
    const env = world(context, 'exit 1', 'printf "username=x\\n"');
    assert.equal(await findToken(repository, {env}), null);
  });

  test('looks for none where pull requests open in a browser', async () => {
    const env = {GH_TOKEN: 'a'};
    assert.equal(await findToken({...repository, forge: 'gitlab', host: 'gitlab.com'}, {env}), null);
  });
});
