import assert from 'node:assert/strict';
import {test} from 'node:test';
import {KnownForges} from '../../source/forges/known.ts';

test('a forge is opened once for its remote; without a token, and after it was forgotten, it is looked up anew', async () => {
  const env: NodeJS.ProcessEnv = {PATH: '', GIT_CONFIG_GLOBAL: '/dev/null'};
  const forges = new KnownForges({env});
  const url = 'git@github.com:shop/e.git';
  assert.deepEqual(await forges.of(url), {
    repository: {forge: 'github', host: 'github.com', path: 'shop/e'},
    token: null,
    forge: null,
  });
  env['GH_TOKEN'] = 'first';
  const opened = await forges.of(url);
  assert.deepEqual(opened.token, {value: 'first', from: 'GH_TOKEN'});
  env['GH_TOKEN'] = 'second';
  assert.equal(await forges.of(url), opened, 'what it remembers must not be lost');
  forges.forget(url);
  assert.equal((await forges.of(url)).token?.value, 'second');
  assert.deepEqual(await forges.of('/srv/git/e.git'), {repository: null, token: null, forge: null});
});
