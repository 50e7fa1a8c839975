import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {selectItems} from '../../../source/changes/promotion/select.ts';
import type {PromotionGroup} from '../../../source/changes/promotion/types.ts';
import {promotionChoices} from '../../app/fake-promotion.ts';

const {items} = promotionChoices('production', 'staging');

const cases: {what: string; groups?: PromotionGroup[]; names?: string[]; taken: string[]; left?: string[]}[] =
  [
    {
      what: 'what is chosen by default',
      taken: ['images:Deployment/checkout:api', 'images:StatefulSet/redis:redis'],
    },
    {
      what: 'all images but those that would go back',
      groups: ['images'],
      taken: ['images:Deployment/checkout:api', 'images:StatefulSet/redis:redis'],
      left: ['images:CronJob/nightly-report:report'],
    },
    {
      what: 'an image that would go back, by its name',
      names: ['nightly-report'],
      taken: ['images:CronJob/nightly-report:report'],
    },
    {
      what: 'an object by its kind and name',
      names: ['StatefulSet/redis'],
      taken: ['images:StatefulSet/redis:redis'],
    },
    {
      what: 'values, but no host and no secret',
      groups: ['values'],
      taken: ['values:Deployment/web:spec.replicas'],
      left: ['values:Ingress/web:spec.rules[0].host', 'values:Secret/database:stringData.password'],
    },
    {
      what: 'values of one application, still not its host',
      groups: ['values'],
      names: ['web'],
      taken: ['values:Deployment/web:spec.replicas'],
      left: ['values:Ingress/web:spec.rules[0].host'],
    },
    {
      what: 'a host by its very field',
      names: ['Ingress/web:spec.rules[0].host'],
      taken: ['values:Ingress/web:spec.rules[0].host'],
    },
    {
      what: 'a secret by its very field stays',
      names: ['Secret/database:stringData.password'],
      taken: [],
      left: ['values:Secret/database:stringData.password'],
    },
    {
      what: 'files, but none that sets a host',
      groups: ['files'],
      taken: [],
      left: ['files:environments/production/web.yaml:+1 -1'],
    },
    {
      what: 'a file by its path',
      groups: ['files'],
      names: ['environments/production/web.yaml'],
      taken: ['files:environments/production/web.yaml:+1 -1'],
    },
  ];

describe('what a command line chooses', () => {
  for (const {what, groups = [], names = [], taken, left = []} of cases) {
    test(what, () => {
      const selected = selectItems(items, {groups: new Set(groups), names});
      assert.deepEqual(
        [selected.items.map(({id}) => id), selected.left.map(({id}) => id), selected.unknown],
        [taken, left, []],
      );
    });
  }

  test('a name that nothing has is told', () => {
    assert.deepEqual(selectItems(items, {groups: new Set(), names: ['redsi', 'redis']}).unknown, ['redsi']);
  });
});
