import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import type {Json} from '../../source/resources/json.ts';
import {equalQuantity, equalRoundedUp, parseQuantity} from '../../source/resources/quantity.ts';

describe('quantities', () => {
  const equal: [Json, Json][] = [
    ['1000m', '1'],
    ['0.5', '500m'],
    ['1024Mi', '1Gi'],
    [1, '1'],
    [0.1, '100m'],
    ['1e3', '1k'],
    ['1E3', '1k'],
    ['.5', '500m'],
    ['1.', '1'],
    ['+1', '1'],
    ['-1', '-1000m'],
    ['0', '0Ki'],
    // More than billionths are rounded away from zero.
    ['0.1n', '1n'],
    ['9223372036854775807', 9223372036854775807n],
  ];
  for (const [a, b] of equal) {
    test(`${a} = ${b}`, () => assert.equal(equalQuantity(a, b), true));
  }

  const unequal: [Json, Json][] = [
    ['1G', '1Gi'],
    ['1m', '1M'],
    ['9007199254740993', '9007199254740992'],
    ['', ''],
    ['one', 'one'],
    ['1 Gi', '1Gi'],
    [true, true],
  ];
  for (const [a, b] of unequal) {
    test(`${JSON.stringify(a)} is not ${JSON.stringify(b)}, or no quantity`, () => {
      assert.equal(equalQuantity(a, b), false);
    });
  }

  test('an exponent is no exabyte', () => {
    assert.equal(parseQuantity('1E'), 10n ** 27n);
    assert.equal(parseQuantity('1E2'), 10n ** 11n);
  });
});

test('lists of resources are rounded up to thousandths', () => {
  const cases: [written: Json, stored: Json, equal: boolean][] = [
    ['0.0005', '1m', true],
    [0.3333333333, '334m', true],
    ['1.0001', '1001m', true],
    ['1', '1', true],
    ['-0.0005', '-1m', true],
    ['0.0011', '1m', false],
    ['web', '1m', false],
  ];
  for (const [written, stored, equal] of cases)
    assert.equal(equalRoundedUp(written, stored), equal, `${written}`);
});
