import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {canonicalBase64, encodeBase64} from '../../source/drift/base64.ts';

describe('base64 as the server reads it', () => {
  const cases: [string, string | undefined][] = [
    ['', ''],
    ['YQ==', 'YQ=='],
    ['YW\nJj\r\n', 'YWJj'],
    // The bits that the padding cuts off don't count.
    ['YR==', 'YQ=='],
    ['YQ', undefined],
    ['YQ=', undefined],
    ['Y Q==', undefined],
    ['hunter2!', undefined],
    ['a-_b', undefined],
  ];
  for (const [text, expected] of cases) {
    test(JSON.stringify(text), () => assert.equal(canonicalBase64(text), expected));
  }

  test('texts are UTF-8', () => {
    assert.equal(encodeBase64('pässwörd €'), Buffer.from('pässwörd €').toString('base64'));
  });
});
