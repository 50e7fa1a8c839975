import assert from 'node:assert/strict';
import {test} from 'node:test';
import {isInBlock, yamlSyntax} from '../../../source/app/diff/syntax.ts';

function tokens(text: string): string[] {
  return yamlSyntax(text, false).map(({from, to, tone}) => `${tone} ${text.slice(from, to)}`);
}

const cases: readonly (readonly [string, readonly string[]])[] = [
  ['replicas: 3', ['key replicas', 'punctuation :', 'number 3']],
  ['  - name: web', ['punctuation -', 'key name', 'punctuation :', 'string web']],
  ['- - 1', ['punctuation -', 'punctuation -', 'number 1']],
  ['paused: false # for now', ['key paused', 'punctuation :', 'literal false', 'comment # for now']],
  ['# all of it: a comment', ['comment # all of it: a comment']],
  ['image: registry:5000/a:v1#x', ['key image', 'punctuation :', 'string registry:5000/a:v1#x']],
  ['app.kubernetes.io/name: "a: b"', ['key app.kubernetes.io/name', 'punctuation :', 'string "a: b"']],
  ["\"a: b\": 'it''s'", ['key "a: b"', 'punctuation :', "string 'it''s'"]],
  ['time: 2026-08-05', ['key time', 'punctuation :', 'string 2026-08-05']],
  ['cpu: 1e3', ['key cpu', 'punctuation :', 'number 1e3']],
  ['text: |-', ['key text', 'punctuation :', 'punctuation |-']],
  ['base: &base', ['key base', 'punctuation :', 'literal &base']],
  ['x: ~', ['key x', 'punctuation :', 'literal ~']],
  ['words: one, two and more', ['key words', 'punctuation :', 'string one, two and more']],
  [
    'labels: {app: web, tier: 2}',
    [
      'key labels',
      'punctuation :',
      'punctuation {',
      'key app',
      'punctuation :',
      'string web',
      'punctuation ,',
      'key tier',
      'punctuation :',
      'number 2',
      'punctuation }',
    ],
  ],
  ['  "port": 80,', ['key "port"', 'punctuation :', 'number 80', 'punctuation ,']],
  [
    '{"a": [true, null]}',
    [
      'punctuation {',
      'key "a"',
      'punctuation :',
      'punctuation [',
      'literal true',
      'punctuation ,',
      'literal null',
      'punctuation ]',
      'punctuation }',
    ],
  ],
  ['---', ['punctuation ---']],
  ['', []],
];

for (const [text, expected] of cases) {
  test(`the syntax of ${text}`, () => assert.deepEqual(tokens(text), expected));
}

test('what is odd keeps its text and ends', () => {
  for (const text of ['"never closed', "it's", ':', '::', '[', ': : :', '\u0000', 'a: "b', '%', '@`']) {
    const covered = yamlSyntax(text, false);
    assert.ok(
      covered.every(({from, to}) => from >= 0 && to <= text.length && from < to),
      text,
    );
  }
});

test('lines of a block are text, also where they look like keys', () => {
  const lines = ['data:', '  a: |', '    x: 1', '', '      y: 2', '  b: 3', 'c:', '  d: 4'];
  const inBlock = lines.map((text, index) => isInBlock(text, distance => lines[index - distance] ?? null));
  assert.deepEqual(inBlock, [false, false, true, true, true, false, false, false]);
});
