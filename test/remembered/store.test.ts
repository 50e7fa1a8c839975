import assert from 'node:assert/strict';
import {chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {rememberedIn, viewsFile} from '../../source/remembered/store.ts';
import type {RememberedView} from '../../source/remembered/types.ts';

const list = {chosen: 'web', filter: 'kind:Deployment', sort: 'state', driftOnly: true};
const view: RememberedView = {
  screen: 'environment',
  environment: 'production',
  overview: {...list, chosen: 'production', filter: ''},
  list,
  split: true,
  context: 6,
};

let folder = '';
before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'gitops-tui-views-'));
});
after(() => rm(folder, {recursive: true, force: true}));

test('the view of a repository is kept, for the user alone, and no other file is left', async () => {
  const name = path.join(folder, 'new', 'views.json');
  await rememberedIn(name).write('/src/infra', view);
  assert.deepEqual(await rememberedIn(name).read('/src/infra'), view);
  assert.equal(await rememberedIn(name).read('/src/other'), null);
  assert.equal((await stat(name)).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(path.dirname(name)), ['views.json']);
});

test('the fifty that were left last are kept', async () => {
  const name = path.join(folder, 'many.json');
  const remembered = rememberedIn(name);
  for (let index = 0; index < 53; index += 1) await remembered.write(`/src/${index}`, view);
  assert.equal(await remembered.read('/src/2'), null);
  assert.deepEqual(await remembered.read('/src/3'), view);
  await remembered.write('/src/3', {...view, split: false});
  await remembered.write('/src/new', view);
  assert.deepEqual(await remembered.read('/src/3'), {...view, split: false});
});

test('a file that is broken, or of another version, is as none, and is written anew', async () => {
  const name = path.join(folder, 'broken.json');
  const others = {path: '/src/other', view};
  const mistaken = {path: '/src/infra', view: {...view, screen: 'elsewhere'}};
  for (const content of ['{', '[]', '{"version": 2, "repositories": []}', '', 'null']) {
    await writeFile(name, content);
    assert.equal(await rememberedIn(name).read('/src/infra'), null, content);
  }
  await writeFile(name, JSON.stringify({version: 1, repositories: [mistaken, others]}));
  assert.equal(await rememberedIn(name).read('/src/infra'), null);
  assert.deepEqual(await rememberedIn(name).read('/src/other'), view);
  await rememberedIn(name).write('/src/infra', view);
  assert.deepEqual(await rememberedIn(name).read('/src/infra'), view);
  assert.deepEqual(await rememberedIn(name).read('/src/other'), view);
});

test('a place that can not be written is no error', async () => {
  const name = path.join(folder, 'a-file', 'views.json');
  await writeFile(path.join(folder, 'a-file'), '');
  await rememberedIn(name).write('/src/infra', view);
  assert.equal(await rememberedIn(name).read('/src/infra'), null);
  const closed = path.join(folder, 'closed');
  await mkdir(closed);
  await chmod(closed, 0o500);
  await rememberedIn(path.join(closed, 'views.json')).write('/src/infra', view);
});

test('what would not be read again is not written', async () => {
  const name = path.join(folder, 'long.json');
  await rememberedIn(name).write('/src/infra', view);
  await rememberedIn(name).write('/src/infra', {...view, list: {...list, filter: 'x'.repeat(2000)}});
  assert.deepEqual(await rememberedIn(name).read('/src/infra'), view);
  assert.ok((await readFile(name, 'utf8')).length < 1000);
});

test('the file is where the specification says', () => {
  assert.equal(viewsFile({XDG_STATE_HOME: '/state'}), '/state/gitops-tui/views.json');
  const own = '/home/jane/.local/state/gitops-tui/views.json';
  assert.equal(viewsFile({HOME: '/home/jane'}), own);
  assert.equal(viewsFile({HOME: '/home/jane', XDG_STATE_HOME: 'relative'}), own);
});
