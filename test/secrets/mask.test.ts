import assert from 'node:assert/strict';
import {createHmac} from 'node:crypto';
import {describe, test} from 'node:test';
import {createMask} from '../../source/secrets/mask.ts';

describe('a fingerprint', () => {
  const mask = createMask();

  for (const [what, left, right, isEqual] of [
    ['the same text', 'aHVudGVyMg==', 'aHVudGVyMg==', true],
    ['another text', 'aHVudGVyMg==', 'aHVudGVyMw==', false],
    ['another case', 'secret', 'Secret', false],
    ['a space more', 'secret', 'secret ', false],
    ['nothing and a space', '', ' ', false],
    ['a number and its text', 5432, '5432', false],
    ['null and its text', null, 'null', false],
    ['an integer of many digits', 12345678901234567890n, 12345678901234567890n, true],
    ['its neighbour', 12345678901234567890n, 12345678901234567891n, false],
    ['composed and decomposed letters', '\u00E9', 'e\u0301', false],
  ] as const) {
    test(`${isEqual ? 'is shared by' : 'tells apart'} ${what}`, () => {
      assert.equal(mask(left) === mask(right), isEqual);
    });
  }

  test('is made with a key of each run: it can not be looked up', () => {
    const values = ['hunter2', '', 'password', '123456'];
    const [one, other] = [createMask(), createMask()];
    for (const value of values) assert.notEqual(one(value), other(value));
  });

  test('says nothing of the length', () => {
    const lengths = new Set(
      Array.from({length: 12}, (_, power) => mask('x'.repeat(power === 0 ? 0 : 4 ** (power - 1)))).map(
        ({length}) => length,
      ),
    );
    assert.deepEqual([...lengths], [11]);
    assert.match(mask('x'), /^\*\*\*[0-9a-f]{8}$/);
  });

  test('never stands for two values, even where their digests begin alike', () => {
    const key = Buffer.alloc(32, 7);
    // Found by trying 120,000 of them.
    const alike = [50_444, 62_671] as const;
    const [first, second] = alike.map(value =>
      createHmac('sha256', key).update(String(value)).digest('hex').slice(0, 8),
    );
    assert.equal(first, second);
    const fixed = createMask(key);
    const masks = alike.map(value => fixed(value));
    assert.notEqual(masks[0], masks[1]);
    assert.deepEqual(
      alike.map(value => fixed(value)),
      masks,
      'each keeps its own',
    );
  });
});
