import assert from 'node:assert/strict';
import {test} from 'node:test';
import {canonicalQuantity, nanoOf} from '../../../source/demo/api-server/quantity.ts';

// What Go's resource.Quantity makes of each: apimachinery, pkg/api/resource/quantity_test.go.
const cases: [string, string | undefined][] = [
  ['1000m', '1'],
  ['0.5', '500m'],
  ['1024Mi', '1Gi'],
  ['1.5Gi', '1536Mi'],
  ['1500m', '1500m'],
  ['1000', '1k'],
  ['1e3', '1e3'],
  ['1000000Ki', '1000000Ki'],
  ['1024', '1024'],
  ['512', '512'],
  ['0.5Ki', '512'],
  ['1', '1'],
  ['0', '0'],
  ['0m', '0'],
  ['-1.5', '-1500m'],
  ['+5', '5'],
  ['.5', '500m'],
  ['5.', '5'],
  ['0.0000000001', '1n'],
  ['100E', '100E'],
  ['', undefined],
  ['lots', undefined],
  ['1 Gi', undefined],
  ['1KI', undefined],
];

for (const [text, expected] of cases) {
  test(`${JSON.stringify(text)} is ${expected ?? 'no quantity'}`, () => {
    assert.equal(canonicalQuantity(text), expected);
  });
}

test('equal quantities are equal numbers', () => {
  assert.equal(nanoOf('1Gi'), nanoOf('1024Mi'));
  assert.equal(nanoOf('100m'), nanoOf('0.1'));
});
