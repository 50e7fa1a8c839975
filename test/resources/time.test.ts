import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {equalTime} from '../../source/resources/time.ts';

describe('times', () => {
  const cases: [written: string, stored: string, equal: boolean][] = [
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z', true],
    ['2026-01-02T04:04:05+01:00', '2026-01-02T03:04:05Z', true],
    ['2026-01-02T03:04:05.7Z', '2026-01-02T03:04:05Z', true],
    ['2026-01-02T03:04:05.100000Z', '2026-01-02T03:04:05.100000Z', true],
    ['2026-01-02T03:04:05.100000Z', '2026-01-02T03:04:05.100001Z', false],
    ['2026-01-02T03:04:06Z', '2026-01-02T03:04:05Z', false],
    ['2026-01-02', '2026-01-02T00:00:00Z', false],
    ['yesterday', 'yesterday', false],
  ];
  for (const [written, stored, equal] of cases) {
    test(`${written} is ${equal ? '' : 'not '}stored as ${stored}`, () => {
      assert.equal(equalTime(written, stored), equal);
    });
  }
});
