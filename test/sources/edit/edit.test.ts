import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import type {FieldPath, PathElement} from '../../../source/resources/field-path.ts';
import type {Json} from '../../../source/resources/json.ts';
import {addItem, type EditResult, removeValue, setValue} from '../../../source/sources/edit/edit.ts';

/** `spec.ports[port=80].name`, `list[2]`, as a path. */
function at(text: string): FieldPath {
  return [...text.matchAll(/([^.[\]]+)|\[(?:(\w+)=(\w+)|(\d+))\]/g)].map(
    ([, name, key, value, index]): PathElement => {
      if (name !== undefined) return {type: 'field', name};
      if (index !== undefined) return {type: 'index', index: Number(index)};
      return {type: 'keys', keys: {[key ?? '']: /^\d+$/.test(value ?? '') ? Number(value) : (value ?? '')}};
    },
  );
}

const file = (text: string, path = 'a.yaml') => ({path, text});
const textOf = (result: EditResult): string =>
  'text' in result ? result.text : `refused: ${result.refusal}`;

describe('a scalar is set on its own line, and nothing else moves', () => {
  const cases: readonly (readonly [before: string, path: string, value: Json, after: string])[] = [
    ['spec:\n  replicas: 3 # why\n  # next\n', 'spec.replicas', 5, 'spec:\n  replicas: 5 # why\n  # next\n'],
    ['a: "x" # c\n', 'a', 'y', 'a: "y" # c\n'],
    ["a: 'x'\n", 'a', "it's", "a: 'it''s'\n"],
    ['a: x\n', 'a', '1.20', 'a: "1.20"\n'],
    ["a: x\nb: 'q'\n", 'a', '1.20', "a: '1.20'\nb: 'q'\n"],
    ['a: x\n', 'a', 'yes', 'a: "yes"\n'],
    ['a: x\n', 'a', '12:30', 'a: "12:30"\n'],
    ['a: x\n', 'a', '1e5', 'a: "1e5"\n'],
    ['a: x\n', 'a', 'key: value', 'a: "key: value"\n'],
    ['a: x\n', 'a', 'nginx:1.29.1', 'a: nginx:1.29.1\n'],
    ['a: x\n', 'a', 'r.io/a/b@sha256:00', 'a: r.io/a/b@sha256:00\n'],
    ['a: "5"\n', 'a', 5, 'a: 5\n'],
    ['a: 5\n', 'a', '5', 'a: "5"\n'],
    ['a: 0644\n', 'a', 384, 'a: 0600\n'],
    ['a: 1\n', 'a', true, 'a: true\n'],
    ['a: yes\n', 'a', false, 'a: false\n'],
    ['a: 1\n', 'a', null, 'a: null\n'],
    ['a: # c\nb: 1\n', 'a', 'x', 'a: x # c\nb: 1\n'],
    ['a:\nb: 1\n', 'a', 'x', 'a: x\nb: 1\n'],
    ['a: &x 1\nb: 2\n', 'a', 3, 'a: &x 3\nb: 2\n'],
    ['a: &x 1\nb: *x\n', 'b', 3, 'a: &x 1\nb: 3\n'],
    ['a: !!str 5\n', 'a', 'x', 'a: x\n'],
    ['a: {b: 1, c: "2"} # c\n', 'a.c', 'x, y', 'a: {b: 1, c: "x, y"} # c\n'],
    ['a: {b: "x:1", c: \'y\'}\n', 'a.b', 'x:2', 'a: {b: "x:2", c: \'y\'}\n'],
    ['a: {b: "x:1", c: \'y\'}\n', 'a.c', 'z', 'a: {b: "x:1", c: \'z\'}\n'],
    ['a: [1, 2,\n  3] # c\n', 'a[1]', 7, 'a: [1, 7,\n  3] # c\n'],
    ['args: [\n  a,\n  b\n]\n', 'args[0]', 'c', 'args: [\n  c,\n  b\n]\n'],
    ['- name: x\n  v: 1\n- name: w\n  v: 1\n', '[name=w].v', 2, '- name: x\n  v: 1\n- name: w\n  v: 2\n'],
    ['a: 1\r\nb: 2 # c\r\n', 'b', 3, 'a: 1\r\nb: 3 # c\r\n'],
    ['\uFEFFa: 1\nb: 2\n', 'b', 3, '\uFEFFa: 1\nb: 3\n'],
    ['a: long\n  text\nb: 1\n', 'a', 'short', 'a: short\nb: 1\n'],
    ['a: |\n  one\n  two\n\n# c\nb: 1\n', 'a', 'one\n2\n', 'a: |\n  one\n  2\n\n# c\nb: 1\n'],
    ['a: |-\n    one\n    two\n', 'a', 'one\n\n  2', 'a: |-\n    one\n\n      2\n'],
    ['a: >-\n  one\n  two\nb: 1\n', 'a', 'one three', 'a: |-\n  one three\nb: 1\n'],
    ['a: |\r\n  one\r\nb: 1\r\n', 'a', 'x\ny\n', 'a: |\r\n  x\r\n  y\r\nb: 1\r\n'],
    ['a: 1', 'a', 2, 'a: 2'],
    ['? a\n: 1\n', 'a', 2, '? a\n: 2\n'],
    ['a: x\n', 'a', 'tab\tand\u0007', 'a: "tab\\tand\\u0007"\n'],
    ['a: x\n', 'a', '- x', 'a: "- x"\n'],
    ['a: x\n', 'a', '', 'a: ""\n'],
    ['a: x # c\n', 'a', 'line\nline\n', 'a: | # c\n  line\n  line\n'],
    ['a: | # c\n  x\n', 'a', 'y', 'a: |- # c\n  y\n'],
    ['a: # c\n  b: 1\n', 'a', 5, 'a: 5 # c\n'],
    ['a: x\n', 'a', 'line\nline\n', 'a: |\n  line\n  line\n'],
  ];
  for (const [before, path, value, after] of cases) {
    test(`${JSON.stringify(before)} ${path} = ${JSON.stringify(value)}`, () => {
      assert.equal(textOf(setValue(file(before), 0, at(path), value)), after);
    });
  }

  test('in JSON, with its own quotes and indentation', () => {
    const before = '{\n\t"spec": {\n\t\t"image": "a:1",\n\t\t"n": 1\n\t}\n}\n';
    assert.equal(
      textOf(setValue(file(before, 'a.json'), 0, at('spec.image'), 'a:2')),
      before.replace('a:1', 'a:2'),
    );
    assert.equal(
      textOf(setValue(file(before, 'a.json'), 0, at('spec.labels'), {a: 'b'})),
      before.replace('"n": 1', '"n": 1,\n\t\t"labels": {\n\t\t\t"a": "b"\n\t\t}'),
    );
  });

  test('in the document that is meant', () => {
    const before = '# head\n---\na: 1\n---\n# only a comment\n---\na: 1 # two\n---\na: 1\n';
    assert.equal(textOf(setValue(file(before), 1, at('a'), 9)), before.replace('1 # two', '9 # two'));
  });
});

describe('what is not there yet is added in the file’s own way', () => {
  const cases: readonly (readonly [before: string, path: string, value: Json, after: string])[] = [
    ['a:\n  b: 1 # c\n# d\ne: 2\n', 'a.x', 3, 'a:\n  b: 1 # c\n  x: 3\n# d\ne: 2\n'],
    ['a:\n    b: 1\n', 'a.x', {w: {z: 1}}, 'a:\n    b: 1\n    x:\n        w:\n            z: 1\n'],
    ['a: 1', 'b', 2, 'a: 1\nb: 2'],
    ['a: {}\n', 'a.b.c', 'x', 'a:\n  b:\n    c: x\n'],
    ['a:\n', 'a.b', 'x', 'a:\n  b: x\n'],
    ['a: # c\nb: 1\n', 'a.b', 'x', 'a: # c\n  b: x\nb: 1\n'],
    ['a: {b: 1}\n', 'a.c', 'x', 'a: {b: 1, c: x}\n'],
    ['a: {b: 1,}\n', 'a.c', 'x', 'a: {b: 1, c: x}\n'],
    ['a: {"b": 1}\n', 'a.c', 'x', 'a: {"b": 1, "c": x}\n'],
    ['l:\n- a: 1\n  b: 2\n- a: 2\n', 'l[0].c', 3, 'l:\n- a: 1\n  b: 2\n  c: 3\n- a: 2\n'],
    [
      'env:\n  - name: A\n    value: x\nb: 1\n',
      'env[name=B].value',
      '1',
      'env:\n  - name: A\n    value: x\n  - name: B\n    value: "1"\nb: 1\n',
    ],
    [
      'spec:\n  c:\n  - m: x\n',
      'spec.c[m=x].env',
      [{name: 'A'}],
      'spec:\n  c:\n  - m: x\n    env:\n    - name: A\n',
    ],
    ['a:\n  b: |+\n    t\n\nc: 1\n', 'a.x', 1, 'a:\n  b: |+\n    t\n\n  x: 1\nc: 1\n'],
    ['a: &x {b: 1}\nc:\n  <<: *x\n', 'c.b', 2, 'a: &x {b: 1}\nc:\n  <<: *x\n  b: 2\n'],
    ['a: 1\r\n', 'b', {c: 1}, 'a: 1\r\nb:\r\n  c: 1\r\n'],
    ['data:\n  a: b\n', 'data.k', 'x\ny\n', 'data:\n  a: b\n  k: |\n    x\n    y\n'],
    ['data:\n  a: b\n', 'data.k', '  x\ny', 'data:\n  a: b\n  k: |2-\n      x\n    y\n'],
  ];
  for (const [before, path, value, after] of cases) {
    test(`${JSON.stringify(before)} ${path} = ${JSON.stringify(value)}`, () => {
      assert.equal(textOf(setValue(file(before), 0, at(path), value)), after);
    });
  }

  test('items go to the end of a list', () => {
    assert.equal(
      textOf(addItem(file('l:\n  - a # c\n# d\nb: 1\n'), 0, at('l'), 'x')),
      'l:\n  - a # c\n  - x\n# d\nb: 1\n',
    );
    assert.equal(textOf(addItem(file('l: [a, b]\n'), 0, at('l'), 'x')), 'l: [a, b, x]\n');
    assert.equal(textOf(addItem(file('l: []\nm:\n- 1\n'), 0, at('l'), {a: 1})), 'l:\n- a: 1\nm:\n- 1\n');
    assert.equal(textOf(addItem(file('a: 1\n'), 0, at('l'), 'x')), 'a: 1\nl:\n- x\n');
    assert.equal(
      textOf(addItem(file('{\n  "l": [\n    "a"\n  ]\n}\n', 'a.json'), 0, at('l'), 'x')),
      '{\n  "l": [\n    "a",\n    "x"\n  ]\n}\n',
    );
  });
});

describe('what goes takes its line with it, and no comment of others', () => {
  const cases: readonly (readonly [before: string, path: string, after: string])[] = [
    ['a: 1\n# about b\nb: 2 # c\n# about c\nc: 3\n', 'b', 'a: 1\n# about b\n# about c\nc: 3\n'],
    ['a: 1\nb: 2', 'b', 'a: 1'],
    ['a:\n  b:\n    c: 1\n    d: 2\n  e: 1\n', 'a.b', 'a:\n  e: 1\n'],
    ['a:\n  b: 1\nc: 2\n', 'a.b', 'a: {}\nc: 2\n'],
    ['l:\n- a: 1\n  b: 2\n', 'l[0].a', 'l:\n- b: 2\n'],
    ['l:\n- a: 1\n  # b\n  b: 2\n', 'l[0].a', 'l:\n- \n  # b\n  b: 2\n'],
    ['l:\n- a\n- b # c\n- c\n', 'l[1]', 'l:\n- a\n- c\n'],
    ['l:\n- a\nb: 1\n', 'l[0]', 'l: []\nb: 1\n'],
    ['a: {b: 1, c: 2, d: 3}\n', 'a.b', 'a: {c: 2, d: 3}\n'],
    ['a: {b: 1, c: 2, d: 3}\n', 'a.d', 'a: {b: 1, c: 2}\n'],
    ['a: {b: 1}\n', 'a.b', 'a: {}\n'],
    ['a: [1, 2]\n', 'a[1]', 'a: [1]\n'],
    ['a: |\n  x\n  y\n\nb: 1\n', 'a', '\nb: 1\n'],
    ['a: 1\r\nb: 2\r\n', 'b', 'a: 1\r\n'],
  ];
  for (const [before, path, after] of cases) {
    test(`${JSON.stringify(before)} without ${path}`, () => {
      assert.equal(textOf(removeValue(file(before), 0, at(path))), after);
    });
  }

  test('in JSON', () => {
    const before = '{\n  "a": 1,\n  "b": 2,\n  "c": 3\n}\n';
    assert.equal(textOf(removeValue(file(before, 'a.json'), 0, at('b'))), '{\n  "a": 1,\n  "c": 3\n}\n');
    assert.equal(textOf(removeValue(file(before, 'a.json'), 0, at('c'))), '{\n  "a": 1,\n  "b": 2\n}\n');
  });
});

test('a collection that is set is changed member by member', () => {
  const before = 'a: # head\n  x: 1 # x\n  v: [1, 2] # v\n  z: 3\nb: 1\n';
  assert.equal(
    textOf(setValue(file(before), 0, at('a'), {x: 1, v: [1, 3], w: 'new'})),
    'a: # head\n  x: 1 # x\n  v: [1, 3] # v\n  w: new\nb: 1\n',
  );
  assert.equal(
    textOf(setValue(file('l:\n- a # 1\n- b # 2\n- c # 3\n'), 0, at('l'), ['a', 'x', 'z', 'c'])),
    'l:\n- a # 1\n- x # 2\n- z\n- c # 3\n',
  );
  assert.equal(textOf(setValue(file('l:\n- a\n- b\n- c\n- d\n'), 0, at('l'), ['a', 'd'])), 'l:\n- a\n- d\n');
  assert.equal(
    textOf(setValue(file('l:\n  - - a # 1\n  - b\n'), 0, at('l[0]'), ['x', 'a'])),
    'l:\n  - - x\n    - a # 1\n  - b\n',
  );
});

describe('what would change more is refused, with the reason', () => {
  const refusal = (result: EditResult): string =>
    'refusal' in result ? result.refusal : `edited: ${result.text}`;

  test('a value that an alias shares', () => {
    const text = 'a: &x 1\nb: *x\n';
    assert.match(refusal(setValue(file(text), 0, at('a'), 2)), /^a is shared by an anchor and its aliases/);
    assert.match(refusal(setValue(file('a: &x {v: 1}\nb: *x\n'), 0, at('b.v'), 2)), /set by the alias \*x/);
    assert.match(
      refusal(setValue(file('a: &x {v: {z: 1}}\nb:\n  <<: *x\n'), 0, at('b.v.z'), 2)),
      /comes from a merge/,
    );
    assert.match(
      refusal(removeValue(file('a: &x {v: 1}\nb:\n  <<: *x\n'), 0, at('b.v'))),
      /comes from a merge/,
    );
  });

  test('what is not there, or does not fit', () => {
    assert.match(refusal(removeValue(file('a: 1\n'), 0, at('b'))), /b is not there/);
    assert.match(refusal(setValue(file('a: 1\n'), 0, at('a.b'), 1)), /a\.b is not there/);
    assert.match(refusal(setValue(file('a: 1\n'), 1, at('a'), 2)), /no document 2/);
    assert.match(refusal(setValue(file('a: {{ .x }}\n'), 0, at('a'), 2)), /no document 1 that can be read/);
  });
});
