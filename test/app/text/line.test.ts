import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ageOf} from '../../../source/app/text/age.ts';
import {fit, line, lineWidth, span, spread, wrap} from '../../../source/app/text/line.ts';
import {clipImage, clipValue, shortPair, shortPath} from '../../../source/app/text/shorten.ts';
import {clipEnd, clipMiddle, padEnd, widthOf} from '../../../source/app/text/width.ts';
import {fields, formatPath} from '../../../source/resources/field-path.ts';

const text = (...args: Parameters<typeof fit>) =>
  fit(...args)
    .map(item => item.text)
    .join('');

test('outside text reaches the screen without what a terminal would obey', () => {
  const hostile = 'a\u001B]52;c;aGk=\u0007b\u001B[2Jc\r\nd\u202Ee';
  assert.equal(span(hostile).text, 'abc de');
});

test('a line is exactly as wide as asked, whatever it holds', () => {
  const lines = [
    line('short'),
    line('a long line of many words', span(' and more', 'bad')),
    line('再起動再起動再起動'),
    [],
  ];
  for (const spans of lines) {
    for (let columns = 1; columns < 30; columns += 1) assert.equal(lineWidth(fit(spans, columns)), columns);
  }
  assert.equal(text(line('再起動'), 4), '再… ');
});

test('the right part keeps its place, the left one gives way', () => {
  assert.equal(
    spread(line('left part'), line(' right'), 12)
      .map(item => item.text)
      .join(''),
    'left … right',
  );
});

test('texts are cut where that costs least', () => {
  assert.equal(clipEnd('abcdef', 4), 'abc…');
  assert.equal(clipMiddle('environments/production/web.yaml', 16), 'environm…eb.yaml');
  assert.equal(clipMiddle('再起動再起動', 7), '再…動');
  assert.equal(padEnd('再', 4), '再  ');
  for (let columns = 0; columns < 20; columns += 1) {
    assert.ok(widthOf(clipMiddle('a再b起c動d再e起f動', columns)) <= columns);
  }
});

test('what terminals draw in as many columns as they like is drawn as they agree', () => {
  const table = [
    ['👨‍👩‍👧', '👨👩👧', 6],
    ['👍🏽 ❤️ 1️⃣', '👍 ❤ 1', 6],
    ['🇩🇪', 'DE', 2],
    ['e\u0301', 'é', 1],
    [`x${'\u0335'.repeat(50)}`, `x${'\u0335'.repeat(3)}`, 1],
    ['กำ', 'กํา', 2],
  ] as const;
  for (const [text, expected, columns] of table) {
    assert.equal(span(text).text, expected);
    assert.equal(widthOf(span(text).text), columns, text);
  }
});

test('an image keeps its tag', () => {
  const image = 'registry.example/team/payments/checkout-api:v1.8.2';
  const table = [
    [99, image],
    [32, 'regist…ments/checkout-api:v1.8.2'],
    [22, '…/checkout-api:v1.8.2'],
    [18, 'check…t-api:v1.8.2'],
    [14, 'che…api:v1.8.2'],
    [9, 'chec….8.2'],
  ] as const;
  for (const [columns, expected] of table) {
    const clipped = clipImage(image, columns, '…');
    assert.ok(widthOf(clipped) <= columns, clipped);
    assert.equal(clipped, expected);
  }
  assert.equal(clipImage('nginx@sha256:0123456789abcdef', 12, '…'), 'nginx@…bcdef');
});

test('a path loses its middle first', () => {
  const path = [
    ...fields('spec', 'template', 'spec', 'containers'),
    {type: 'keys', keys: {name: 'api'}} as const,
    ...fields('image'),
  ];
  const whole = formatPath(path);
  assert.equal(shortPath(path, whole, 99, '…'), whole);
  assert.equal(shortPath(path, whole, 40, '…'), 'spec..spec.containers[name=api].image');
  assert.equal(shortPath(path, whole, 33, '…'), 'spec..containers[name=api].image');
  assert.equal(shortPath(path, whole, 12, '…'), 'spec..image');
});

test('of two long values the part that differs is kept', () => {
  assert.deepEqual(shortPair('registry.example/app:v1', 'registry.example/app:v2', 12, '…'), ['…v1', '…v2']);
  assert.deepEqual(shortPair('3', '5', 12, '…'), ['3', '5']);
  assert.deepEqual(shortPair('begins-x-ends-alike', 'begins-y-ends-alike', 12, '…'), ['…x-en…', '…y-en…']);
});

test('a fingerprint keeps all its digits, so that two that begin and end alike differ', () => {
  const pair = ['***3f2a91c0', '***3f2b91c0'] as const;
  assert.deepEqual(shortPair(...pair, 22, '…'), pair);
  assert.deepEqual(shortPair(...pair, 21, '…'), ['*3f2a91c0', '*3f2b91c0']);
  assert.deepEqual(shortPair(...pair, 17, '…'), ['3f2a91c0', '3f2b91c0']);
  assert.equal(clipValue(pair[0], 11, '…'), pair[0]);
  assert.equal(clipValue(pair[0], 8, '…'), '3f2a91c0');
});

test('text breaks at spaces, and a word that is too long anywhere', () => {
  assert.deepEqual(wrap('one two three', 8), ['one two', 'three']);
  assert.deepEqual(wrap('abcdefghij', 4), ['abcd', 'efgh', 'ij']);
});

test('ages have no seconds', () => {
  const now = Date.parse('2026-08-07T12:00:00Z');
  const table = [
    ['2026-08-07T11:59:30Z', 'now'],
    ['2026-08-07T12:00:30Z', 'now'],
    ['2026-08-07T11:55:00Z', '5m'],
    ['2026-08-07T02:00:00Z', '10h'],
    ['2026-08-01T02:00:00Z', '6d'],
    ['2026-05-01T02:00:00Z', '14w'],
    ['2020-05-01T02:00:00Z', '6y'],
    ['yesterday', ''],
  ] as const;
  for (const [time, expected] of table) assert.equal(ageOf(time, now), expected, time);
});
