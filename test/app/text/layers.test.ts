import assert from 'node:assert/strict';
import {test} from 'node:test';
import {layered} from '../../../source/app/text/layers.ts';
import {line, lineWidth} from '../../../source/app/text/line.ts';
import {clipMiddleOf, folded, fromColumn} from '../../../source/app/text/window.ts';

const textOf = (spans: readonly {text: string}[]) => spans.map(({text}) => text).join('');

test('a line is cut where its tones or what lies under them change', () => {
  const spans = layered({
    text: 'replicas: 35',
    tone: 'plain',
    tones: [
      {from: 0, to: 8, tone: 'key'},
      {from: 10, to: 12, tone: 'number'},
    ],
    ground: 'added',
    grounds: [
      {from: 11, to: 12, ground: 'added-part'},
      {from: 2, to: 4, ground: 'match'},
    ],
  });
  assert.deepEqual(
    spans.map(({text, tone, ground}) => [text, tone, ground]),
    [
      ['re', 'key', 'added'],
      ['pl', 'key', 'match'],
      ['icas', 'key', 'added'],
      [': ', 'plain', 'added'],
      ['3', 'number', 'added'],
      ['5', 'number', 'added-part'],
    ],
  );
});

test('an escape that a cut goes through does not reach the terminal', () => {
  const text = 'a\u001B[31mb';
  for (let at = 1; at < text.length; at += 1) {
    const spans = layered({text, tone: 'plain', tones: [{from: 0, to: at, tone: 'key'}]});
    assert.doesNotMatch(textOf(spans), /\u001B/);
  }
});

test('a line from a column on keeps its columns through wide characters', () => {
  const spans = line('ab', '再生x');
  assert.equal(textOf(fromColumn(spans, 0)), 'ab再生x');
  assert.equal(textOf(fromColumn(spans, 1)), 'b再生x');
  assert.equal(textOf(fromColumn(spans, 3)), ' 生x');
  assert.equal(textOf(fromColumn(spans, 4)), '生x');
  assert.equal(textOf(fromColumn(spans, 99)), '');
});

test('a line is folded into rows without losing a sign', () => {
  const spans = line('abcdef', '再生x');
  const rows = folded(spans, 4);
  assert.deepEqual(rows.map(textOf), ['abcd', 'ef再', '生x']);
  assert.equal(rows.map(textOf).join(''), textOf(spans));
  assert.deepEqual(folded([], 4), [[]]);
});

test('a line cut in its middle is as wide as there is room', () => {
  const cut = clipMiddleOf(line('image: registry.example/', 'shop/web:v1.8.2'), 20, '…');
  assert.equal(lineWidth(cut), 20);
  assert.match(textOf(cut), /^image: reg…b:v1\.8\.2$|^image: reg…eb:v1\.8\.2$/);
});
