import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {ForgeRepository} from '../../source/forges/types.ts';
import type {Json} from '../../source/resources/json.ts';
import {scriptedForge} from './scripted-forge.ts';

const head = '9be01d4c0ffee9be01d4c0ffee9be01d4c0ffee9';
const repositoryOf = (forge: ForgeRepository['forge']): ForgeRepository => ({
  forge,
  host: 'forge.example',
  path: 'shop/e',
});

const hub = {
  number: 7,
  html_url: 'https://forge.example/shop/e/pull/7',
  title: 'Three replicas',
  state: 'closed',
  merged_at: '2026-01-01T00:00:00Z',
  user: {login: 'ada'},
  head: {ref: 'scale', sha: head, repo: {full_name: 'shop/e'}},
  base: {ref: 'main', repo: {full_name: 'shop/e'}},
  updated_at: '2026-01-01T00:00:00Z',
};
const lab = {
  iid: 12,
  web_url: 'https://forge.example/shop/e/-/merge_requests/12',
  title: 'Three replicas',
  state: 'merged',
  draft: false,
  author: {username: 'ada'},
  source_branch: 'scale',
  target_branch: 'main',
  sha: head,
  source_project_id: 1,
  target_project_id: 1,
  updated_at: '2026-01-01T00:00:00Z',
};
const tea = {
  number: 7,
  html_url: 'https://forge.example/shop/e/pulls/7',
  title: 'Three replicas',
  state: 'closed',
  merged: true,
  draft: false,
  user: {login: 'ada'},
  head: {ref: 'scale', sha: head, repo: {full_name: 'shop/e'}},
  base: {ref: 'main', sha: head, repo: {full_name: 'shop/e'}},
  updated_at: '2026-01-01T00:00:00Z',
};

const cases: readonly [ForgeRepository['forge'], string, Json, number][] = [
  ['github', `GET /repos/shop/e/commits/${head}/pulls`, [hub], 7],
  ['gitlab', `GET /api/v4/projects/shop%2Fe/repository/commits/${head}/merge_requests`, [lab], 12],
  ['gitea', `GET /api/v1/repos/shop/e/commits/${head}/pull`, tea, 7],
];

for (const [forge, route, answer, number] of cases) {
  test(`${forge} is asked which pull request brought a commit`, async t => {
    const server = await scriptedForge(t, repositoryOf(forge), {[route]: {json: answer}});
    const found = await server.forge.ofCommit?.(head);
    server.done();
    assert.deepEqual(
      found?.map(request => [request.number, request.state, request.author, request.title]),
      [[number, 'merged', 'ada', 'Three replicas']],
    );
  });
}

test('Gitea knows of none', async t => {
  const route = `GET /api/v1/repos/shop/e/commits/${head}/pull`;
  const server = await scriptedForge(t, repositoryOf('gitea'), {
    [route]: {status: 404, json: {message: 'none'}},
  });
  assert.deepEqual(await server.forge.ofCommit?.(head), []);
});

test('a forge that can not be asked is not', async t => {
  const server = await scriptedForge(t, repositoryOf('bitbucket'), {});
  assert.deepEqual(await server.forge.ofCommit?.(head), []);
  server.done();
});
