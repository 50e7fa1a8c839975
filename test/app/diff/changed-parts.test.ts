import assert from 'node:assert/strict';
import {test} from 'node:test';
import {changedParts} from '../../../source/app/diff/changed-parts.ts';

/** The lines with what changed in brackets. */
function marked(before: string, after: string): [string, string] {
  const parts = changedParts(before, after);
  const show = (text: string, stretches: typeof parts.before) => {
    let shown = '';
    let at = 0;
    for (const {from, to} of stretches) {
      shown += `${text.slice(at, from)}[${text.slice(from, to)}]`;
      at = to;
    }
    return shown + text.slice(at);
  };
  return [show(before, parts.before), show(after, parts.after)];
}

test('only what changed within a line is marked, by whole words', () => {
  assert.deepEqual(marked('  replicas: 3', '  replicas: 5'), ['  replicas: [3]', '  replicas: [5]']);
  assert.deepEqual(marked('image: shop/web:v1.8.2', 'image: shop/web:v1.8.0'), [
    'image: shop/web:v1.8.[2]',
    'image: shop/web:v1.8.[0]',
  ]);
  assert.deepEqual(marked('args: [a, c]', 'args: [a, b, c]'), ['args: [a, c]', 'args: [a, [b, ]c]']);
  assert.deepEqual(marked('名前: 再生 一', '名前: 再生 二'), ['名前: 再生 [一]', '名前: 再生 [二]']);
});

test('a change of white space is marked as such', () => {
  assert.deepEqual(marked('a: b ', 'a: b'), ['a: b[ ]', 'a: b']);
  assert.deepEqual(marked('\ta: b', '  a: b'), ['[\t]a: b', '[  ]a: b']);
});

test('lines that have nothing to do with each other have no marks', () => {
  assert.deepEqual(marked('    image: web', '    command: [run, all, of, it]'), [
    '    image: web',
    '    command: [run, all, of, it]',
  ]);
  assert.deepEqual(marked('x', 'x'), ['x', 'x']);
});

test('a line of a megabyte is compared from both ends', () => {
  const long = 'a, '.repeat(350_000);
  assert.deepEqual(changedParts(`${long}1${long}`, `${long}22${long}`), {
    before: [{from: long.length, to: long.length + 1}],
    after: [{from: long.length, to: long.length + 2}],
  });
});
