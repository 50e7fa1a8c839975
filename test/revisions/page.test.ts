import assert from 'node:assert/strict';
import path from 'node:path';
import {describe, test} from 'node:test';
import type {Deployment} from '../../source/engines/types.ts';
import {openRepository} from '../../source/repository/open.ts';
import {EnvironmentRevisions} from '../../source/revisions/page.ts';
import {newRepository, temporaryFolder} from '../repository/git-folder.ts';

function deployment(revision: string, time = '2026-01-02T00:00:00Z'): Deployment {
  return {revision, time, by: 'ada', pruned: false, tookSeconds: 1};
}

describe('EnvironmentRevisions', () => {
  test('tells pending, live and older from what was deployed', async context => {
    const folder = await newRepository(path.join(temporaryFolder(context), 'repo'));
    const one = await folder.commit('One', {'envs/prod/a.yaml': '1'});
    const two = await folder.commit('Two', {'envs/prod/a.yaml': '2'});
    const elsewhere = await folder.commit('Elsewhere', {'other.yaml': '1'});
    const three = await folder.commit('Three', {'envs/prod/a.yaml': '3'});
    const repository = await openRepository(folder.root);
    const log = new EnvironmentRevisions(repository, 'envs/prod');
    context.after(() => log.close());
    const page = async (deployments: Deployment[], skip = 0, limit = 10) =>
      log.page(three, {skip, limit}, await log.states(three, deployments, undefined));
    const states = async (deployments: Deployment[]) =>
      (await page(deployments)).revisions.map(({sha, state}) => [sha, state]);

    const live = deployment(elsewhere);
    const before = deployment(one, '2026-01-01T00:00:00Z');
    const {revisions, more} = await page([live, before]);
    assert.deepEqual(
      revisions.map(({sha, state, deployments}) => [sha, state, deployments]),
      [
        [three, 'pending', []],
        [two, 'live', [live]],
        [one, 'older', [before]],
      ],
      'a commit to something else was deployed: it holds the second one',
    );
    assert.equal(more, false);
    assert.deepEqual(await states([]), [
      [three, 'unknown'],
      [two, 'unknown'],
      [one, 'unknown'],
    ]);
    for (const unknown of ['f'.repeat(40), 'worktree', '--all'])
      assert.deepEqual((await states([deployment(unknown)]))[0], [three, 'unknown'], unknown);
    assert.deepEqual(await states([deployment(three), before]), [
      [three, 'live'],
      [two, 'older'],
      [one, 'older'],
    ]);
    // Went back: what is newer than the live one is pending again.
    assert.deepEqual(await states([deployment(one), deployment(three)]), [
      [three, 'pending'],
      [two, 'pending'],
      [one, 'live'],
    ]);
  });

  test('tells of a tag that came to a commit since, once it is asked from the top again', async context => {
    const folder = await newRepository(path.join(temporaryFolder(context), 'repo'));
    await folder.commit('One', {'a.yaml': '1'});
    const two = await folder.commit('Two', {'a.yaml': '2'});
    const log = new EnvironmentRevisions(await openRepository(folder.root), '');
    context.after(() => log.close());
    const tags = async () => {
      const {revisions} = await log.page(two, {skip: 0, limit: 10}, null);
      return revisions.map(revision => revision.tags);
    };
    assert.deepEqual(await tags(), [[], []]);
    await folder.git('tag', 'good');
    assert.deepEqual(await tags(), [['good'], []]);
    const {revisions} = await log.page(two, {skip: 1, limit: 10, tip: two}, null);
    assert.deepEqual(
      revisions.map(({subject}) => subject),
      ['One'],
    );
  });

  test('takes another tool’s word for what is live only where nothing else says it', async context => {
    const folder = await newRepository(path.join(temporaryFolder(context), 'repo'));
    const one = await folder.commit('One', {'a.yaml': '1'});
    const two = await folder.commit('Two', {'a.yaml': '2'});
    const three = await folder.commit('Three', {'a.yaml': '3'});
    const log = new EnvironmentRevisions(await openRepository(folder.root), '');
    context.after(() => log.close());
    const byArgo: Deployment = {...deployment(two), by: 'Argo CD', tool: 'Argo CD', pruned: null};
    const states = async (deployments: Deployment[], match?: {revision: string; differences: number}) => {
      const {stateOf} = await log.states(three, deployments, match);
      return [three, two, one].map(stateOf);
    };
    assert.deepEqual(await states([byArgo]), ['pending', 'live', 'older']);
    assert.deepEqual(await states([byArgo], {revision: one, differences: 0}), ['pending', 'pending', 'live']);
    assert.deepEqual(await states([byArgo], {revision: one, differences: 3}), [
      'unknown',
      'unknown',
      'nearest',
    ]);
    assert.deepEqual(await states([byArgo, deployment(three)]), ['live', 'older', 'older']);
    assert.deepEqual((await log.states(three, [byArgo], undefined)).deploymentsOf(two), [byArgo]);
  });

  test('comes a page at a time', async context => {
    const folder = await newRepository(path.join(temporaryFolder(context), 'repo'));
    const shas: string[] = [];
    for (const value of ['1', '2', '3']) shas.unshift(await folder.commit(value, {'a.yaml': value}));
    const repository = await openRepository(folder.root);
    const log = new EnvironmentRevisions(repository, '');
    context.after(() => log.close());
    const page = async (skip: number) => {
      const found = await log.page(shas[0] ?? '', {skip, limit: 2}, null);
      return [found.revisions.map(revision => revision.sha), found.more];
    };
    assert.deepEqual(await page(0), [shas.slice(0, 2), true]);
    assert.deepEqual(await page(2), [shas.slice(2), false]);
    assert.deepEqual(await page(4), [[], false]);
  });

  test('a live revision of another branch is behind what it lacks', async context => {
    const folder = await newRepository(path.join(temporaryFolder(context), 'repo'));
    const one = await folder.commit('One', {'a.yaml': '1'});
    await folder.git('checkout', '--quiet', '-b', 'hotfix');
    const hotfix = await folder.commit('Hotfix', {'a.yaml': 'x'});
    await folder.git('checkout', '--quiet', 'main');
    const two = await folder.commit('Two', {'a.yaml': '2'});
    const repository = await openRepository(folder.root);
    const log = new EnvironmentRevisions(repository, '');
    context.after(() => log.close());
    const states = await log.states(two, [deployment(hotfix)], undefined);
    const {revisions} = await log.page(two, {skip: 0, limit: 9}, states);
    assert.deepEqual(
      revisions.map(({sha, state}) => [sha, state]),
      [
        [two, 'pending'],
        [one, 'older'],
      ],
    );
  });
});
