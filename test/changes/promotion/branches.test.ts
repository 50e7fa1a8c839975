import assert from 'node:assert/strict';
import {describe, type TestContext, test} from 'node:test';
import {makeChange} from '../../../source/changes/make.ts';
import {promotionChoices} from '../../../source/changes/promotion/choices.ts';
import {fingerprint} from '../../repository/fingerprint.ts';
import {environment, permitFor} from '../context.ts';
import {deployment} from './objects.ts';
import {idsOf, type PromotionFolder, promotionFolder} from './repository.ts';

/** Branches `env/staging` and `env/production` of one folder; staging is ahead by a commit. */
async function branches(
  context: TestContext,
  commits: {staging: Record<string, string>; production?: Record<string, string>},
): Promise<PromotionFolder> {
  const more = {path: 'app'};
  const folder = await promotionFolder(
    context,
    {'app/web.yaml': deployment('web', 'web:1'), 'app/api.yaml': deployment('api', 'api:1'), README: 'x\n'},
    {staging: {...more, branch: 'env/staging'}, production: {...more, branch: 'env/production'}},
  );
  const {checkout} = folder;
  await checkout.git('reset', '--hard', '--quiet');
  for (const name of ['production', 'staging'] as const) {
    await checkout.git('switch', '--quiet', '--create', `env/${name}`, 'main');
    const files = commits[name];
    if (files !== undefined) await checkout.commit(`${name}: its commit`, files);
    await checkout.git('push', '--quiet', '--set-upstream', 'origin', `env/${name}`);
  }
  await checkout.git('switch', '--quiet', 'main');
  return folder;
}

const order = {via: 'push', title: 'Promote', body: '', draft: false} as const;

describe('promoting between branches', () => {
  test('a merge brings all of the source, with both parents', async context => {
    const folder = await branches(context, {
      staging: {'app/web.yaml': deployment('web', 'web:2'), 'other/file.txt': 'along\n'},
      production: {'app/api.yaml': deployment('api', 'api:1', {replicas: 5})},
    });
    const before = fingerprint(folder.checkout.root);
    const choices = await promotionChoices(folder.context, {environment: 'production', from: null});
    assert.deepEqual(choices.merge, {
      source: 'origin/env/staging',
      target: 'origin/env/production',
      commits: 1,
      ahead: 1,
    });
    const preview = await folder.plan(null, {way: 'merge'});
    assert.deepEqual(preview.plan.conflicts, []);
    assert.equal(await folder.planned(preview, 'app/web.yaml'), deployment('web', 'web:2'));
    assert.equal(await folder.planned(preview, 'app/api.yaml'), deployment('api', 'api:1', {replicas: 5}));
    assert.match(preview.plan.message, /^Promote staging to production: merge env\/staging at \w{7}\n/);
    const production = folder.environments[1] ?? environment('production');
    const outcome = await makeChange(folder.context, preview, order, permitFor('push', production));
    assert.equal(outcome.ok, true, outcome.message);
    const parents = (await folder.remote.git('rev-list', '--parents', '-1', 'env/production')).split(' ');
    assert.deepEqual(parents, [
      outcome.commit,
      preview.plan.base,
      await folder.remote.git('rev-parse', 'env/staging'),
    ]);
    assert.deepEqual(fingerprint(folder.checkout.root), before);
    const again = await folder.plan(null, {way: 'merge'});
    assert.equal(again.plan.mergeParent, undefined);
    assert.deepEqual(again.plan.files, []);
  });

  test('conflicts are shown, and nothing is committed', async context => {
    const folder = await branches(context, {
      staging: {'app/web.yaml': deployment('web', 'web:2')},
      production: {'app/web.yaml': deployment('web', 'web:1.1')},
    });
    const preview = await folder.plan(null, {way: 'merge'});
    assert.deepEqual(
      preview.plan.conflicts.map(({path}) => path),
      ['app/web.yaml'],
    );
    assert.match(
      preview.plan.conflicts[0]?.hunks ?? '',
      /^<{7} [\s\S]*image: web:1\.1\n={7}\n.*image: web:2\n>{7} /,
    );
    const production = folder.environments[1] ?? environment('production');
    const outcome = await makeChange(folder.context, preview, order, permitFor('push', production));
    assert.equal(outcome.ok, false);
    assert.equal(outcome.commit, null);
    assert.equal(await folder.remote.git('rev-parse', 'env/production'), preview.plan.base);
  });

  test('single items go to the target’s branch alone', async context => {
    const folder = await branches(context, {
      staging: {
        'app/web.yaml': deployment('web', 'web:2'),
        'app/api.yaml': deployment('api', 'api:2', {replicas: 7}),
      },
    });
    const items = await folder.items();
    assert.deepEqual(idsOf(items, 'images').length, 2);
    const preview = await folder.plan(idsOf(items, 'images').filter(id => id.includes('Deployment/api')));
    assert.equal(await folder.planned(preview, 'app/api.yaml'), deployment('api', 'api:2'));
    assert.equal(await folder.planned(preview, 'app/web.yaml'), deployment('web', 'web:1'));
    assert.equal(preview.plan.branch, 'env/production');
  });

  test('folders of one branch have nothing to merge', async context => {
    const folder = await promotionFolder(context, {
      'envs/staging/web.yaml': deployment('web', 'web:2'),
      'envs/production/web.yaml': deployment('web', 'web:1'),
    });
    await assert.rejects(
      folder.plan(null, {way: 'merge'}),
      /folders of one branch: there is nothing to merge/,
    );
  });
});
