import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {engineFor, UnsupportedEngine} from '../../source/engines/select.ts';
import {createMask} from '../../source/secrets/mask.ts';
import {environment, FakeRepository} from './setting.ts';

const options = {
  repository: new FakeRepository().asRepository(),
  connect: () => Promise.reject(new Error('not asked')),
  ignore: [],
  mask: createMask(),
  worktree: false,
};

describe('the engine of an environment', () => {
  for (const engine of ['auto', 'direct'] as const) {
    test(`is the direct one for ${engine}`, () => {
      assert.equal(engineFor({...options, environment: {...environment, engine}}).name, 'direct');
    });
  }

  for (const wanted of [
    {engine: 'argocd'},
    {engine: 'flux'},
    {source: 'terraform'},
    {source: 'ansible'},
  ] as const) {
    test(`is refused for ${Object.values(wanted).join()}, with what to write instead`, () => {
      const refused = () => engineFor({...options, environment: {...environment, ...wanted}});
      assert.throws(refused, UnsupportedEngine);
      assert.throws(refused, /environment staging asks for (engine|source): \w+, .* use (engine|source): /);
    });
  }
});
