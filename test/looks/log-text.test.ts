import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {LineSplitter, timed} from '../../source/cluster/logs.ts';
import {logText} from '../../source/looks/log-text.ts';
import {inOrder} from '../../source/looks/logs.ts';
import type {LogLine} from '../../source/looks/types.ts';

describe('bytes of a log', () => {
  const stamp = '2026-08-05T11:00:00.5Z ';

  test('become lines wherever they are cut into chunks', () => {
    const bytes = Buffer.from(`${stamp}grüße\n${stamp}zwei\n\n${stamp}ohne Ende`);
    for (let at = 0; at < bytes.length; at++) {
      const splitter = new LineSplitter(1000);
      const records = [
        ...splitter.add(bytes.subarray(0, at)),
        ...splitter.add(bytes.subarray(at)),
        ...splitter.end(),
      ];
      assert.deepEqual(
        records.map(({text}) => text),
        ['grüße', 'zwei', '', 'ohne Ende'],
        `cut at ${at}`,
      );
    }
  });

  test('a line without an end is kept up to a length, and how much was left out is told', () => {
    const splitter = new LineSplitter(30);
    for (let count = 0; count < 1000; count++) assert.deepEqual(splitter.add(Buffer.alloc(1000, 'x')), []);
    const [record] = splitter.add(Buffer.from('\nnext\n'));
    assert.deepEqual([record?.text.length, record?.cut], [30, 999_970]);
  });

  test('a character that is cut in its middle is left out, bytes that are none are told as such', () => {
    const [record] = new LineSplitter(4).add(Buffer.from('abcü…\n'));
    assert.deepEqual(record, {time: '', text: 'abc', cut: 4});
    const [broken] = new LineSplitter(10).add(Buffer.from([0x61, 0xff, 0x62, 0x0a]));
    assert.equal(broken?.text, 'a\uFFFDb');
  });

  test('times are in UTC with nine digits, whatever the node writes', () => {
    assert.equal(timed('2026-08-05T11:00:00.5Z a b').time, '2026-08-05T11:00:00.500000000Z');
    assert.equal(timed('2026-08-05T13:00:00.123456789+02:00 a').time, '2026-08-05T11:00:00.123456789Z');
    assert.equal(timed('2026-08-05T11:00:00Z').time, '2026-08-05T11:00:00.000000000Z');
    assert.deepEqual(timed('no time here'), {time: '', text: 'no time here'});
    assert.equal(timed('2026-08-05T11:00:00Z  indented').text, ' indented');
  });
});

test('a line is shown as a terminal would leave it, and obeys nothing', () => {
  const cases: [given: string, shown: string][] = [
    ['\u001B[31mred\u001B[0m', 'red'],
    ['10%\r20%\r100%', '100%'],
    ['done\r', 'done'],
    ['\u001B]52;c;aGk=\u0007copied', 'copied'],
    ['\u009B2Jcleared', 'cleared'],
    ['tab\tbed', 'tab  bed'],
    ['right\u202Eleft', 'rightleft'],
    ['bell\u0007 and null\u0000', 'bell and null'],
  ];
  for (const [given, shown] of cases) assert.equal(logText(given, 0), shown);
  assert.equal(logText('long', 12), 'long… (12 bytes more)');
});

test('lines of several pods are in the order of their times; those without stay behind what they came after', () => {
  const line = (second: number | null, text: string): LogLine => ({
    time: second === null ? '' : `2026-08-05T11:00:0${second}.000000000Z`,
    pod: 'a',
    container: 'api',
    text,
    kind: 'log',
  });
  const lines = [line(1, 'a'), line(null, 'a+'), line(4, 'd'), line(2, 'b'), line(null, 'b+'), line(2, 'c')];
  assert.deepEqual(
    inOrder(lines).map(({text}) => text),
    ['a', 'a+', 'b', 'b+', 'c', 'd'],
  );
});
