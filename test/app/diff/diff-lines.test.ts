import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type DiffLine, resourceDiff} from '../../../source/app/diff/diff-lines.ts';
import {sideBySide} from '../../../source/app/diff/side-by-side.ts';
import type {FieldChange} from '../../../source/drift/types.ts';
import {type FieldPath, fields, formatPath} from '../../../source/resources/field-path.ts';
import type {JsonObject} from '../../../source/resources/json.ts';
import {resource} from '../fake-data.ts';

function change(elements: FieldPath, more: Partial<FieldChange>): FieldChange {
  return {path: formatPath(elements), elements, change: 'changed', ...more};
}

function diffOf(
  desired: JsonObject | null,
  live: JsonObject | null,
  changes: FieldChange[],
  context = 99,
): string[] {
  const item = resource('ConfigMap', 'shop', 'web', {status: 'Modified', desired, live, fields: changes});
  return resourceDiff(item, context).map(show);
}

function show({mark, text}: DiffLine): string {
  return `${mark === 'gap' ? ' ' : mark} ${text}`;
}

test('a changed field stands with what git says first', () => {
  const lines = diffOf({spec: {replicas: 3, paused: false}}, {spec: {replicas: 5, paused: false}}, [
    change(fields('spec', 'replicas'), {desired: 3, live: 5}),
  ]);
  assert.deepEqual(lines, ['  spec:', '-   replicas: 3', '+   replicas: 5', '    paused: false']);
});

test('what only the cluster has and is no drift does not appear', () => {
  const lines = diffOf(
    {spec: {replicas: 3}},
    {spec: {replicas: 5, strategy: {type: 'RollingUpdate'}}, status: {}},
    [change(fields('spec', 'replicas'), {desired: 3, live: 5})],
  );
  assert.deepEqual(lines, ['  spec:', '-   replicas: 3', '+   replicas: 5']);
});

test('added and removed fields stand on one side, whole', () => {
  const lines = diffOf({data: {a: '1'}}, {data: {b: {c: 'x'}}}, [
    change(fields('data', 'a'), {change: 'removed', desired: '1'}),
    change(fields('data', 'b'), {change: 'added', live: {c: 'x'}}),
  ]);
  assert.deepEqual(lines, ['  data:', '-   a: "1"', '+   b:', '+     c: x']);
});

test('list items are found by their keys, also where the lists are in another order', () => {
  const containers = fields('containers');
  const image = (name: string): FieldPath => [
    ...containers,
    {type: 'keys', keys: {name}},
    ...fields('image'),
  ];
  const lines = diffOf(
    {
      containers: [
        {name: 'a', image: 'a:1'},
        {name: 'b', image: 'b:1'},
      ],
    },
    {
      containers: [
        {name: 'sidecar', image: 's'},
        {name: 'b', image: 'b:2'},
        {name: 'a', image: 'a:1'},
      ],
    },
    [
      change(image('b'), {desired: 'b:1', live: 'b:2'}),
      change([...containers, {type: 'keys', keys: {name: 'sidecar'}}], {
        change: 'added',
        live: {name: 'sidecar', image: 's'},
      }),
    ],
  );
  assert.deepEqual(lines, [
    '  containers:',
    '  - name: a',
    '    image: a:1',
    '  - name: b',
    '-   image: b:1',
    '+   image: b:2',
    '+ - name: sidecar',
    '+   image: s',
  ]);
});

test('of a long text only the changed lines are marked', () => {
  const lines = diffOf({data: {conf: 'a\nb\nc\n'}}, {data: {conf: 'a\nB\nc\n'}}, [
    change(fields('data', 'conf'), {desired: 'a\nb\nc\n', live: 'a\nB\nc\n'}),
  ]);
  assert.deepEqual(lines, ['  data:', '    conf: |', '      a', '-     b', '+     B', '      c']);
});

test('far lines are left out, the keys above a change are not', () => {
  const data = Object.fromEntries(Array.from({length: 9}, (_, index) => [`k${index}`, 'v']));
  const lines = diffOf(
    {kind: 'X', data},
    {kind: 'X', data: {...data, k8: 'w'}},
    [change(fields('data', 'k8'), {desired: 'v', live: 'w'})],
    1,
  );
  assert.deepEqual(lines, [
    '  kind: X',
    '  data:',
    '    … 7 equal lines',
    '    k7: v',
    '-   k8: v',
    '+   k8: w',
  ]);
});

test('no field is lost, even one that the objects do not hold', () => {
  const lines = diffOf({spec: {}}, {spec: {}}, [
    change([...fields('spec', 'gone'), {type: 'index', index: 7}], {desired: 'x', live: 'y'}),
  ]);
  assert.deepEqual(lines, ['  spec: {}', '- spec.gone[7]: x', '+ spec.gone[7]: y']);
});

test('an object that is missing or extra is all on one side', () => {
  const object = {kind: 'ConfigMap', data: {a: 'x'}};
  const missing = resource('ConfigMap', 'shop', 'web', {status: 'Missing', desired: object});
  assert.deepEqual(resourceDiff(missing, 3).map(show), ['- kind: ConfigMap', '- data:', '-   a: x']);
  const extra = resource('ConfigMap', 'shop', 'web', {status: 'Extra', live: object});
  assert.deepEqual(resourceDiff(extra, 3).map(show), ['+ kind: ConfigMap', '+ data:', '+   a: x']);
});

test('side by side, a change stands in one row', () => {
  const item = resource('ConfigMap', 'shop', 'web', {
    status: 'Modified',
    desired: {a: 'one', b: 'two'},
    live: {a: 'ONE'},
    fields: [
      change(fields('a'), {desired: 'one', live: 'ONE'}),
      change(fields('b'), {change: 'removed', desired: 'two'}),
    ],
  });
  const rows = sideBySide(resourceDiff(item, 3)).map(({left, right}) => [
    left?.text ?? null,
    right?.text ?? null,
  ]);
  assert.deepEqual(rows, [
    ['a: one', 'a: ONE'],
    ['b: two', null],
  ]);
});

test('side by side, lines that are alike stand beside one another', () => {
  const line = (mark: '-' | '+' | ' ', text: string): DiffLine => ({
    mark,
    text,
    path: null,
    number: null,
    lead: false,
  });
  const lines = [
    line(' ', 'spec:'),
    line('-', 'image: web:1'),
    line('-', 'paused: true'),
    line('+', 'replicas: 3'),
    line('+', 'image: web:2'),
    line('+', 'paused: false'),
    line(' ', 'end'),
  ];
  assert.deepEqual(
    sideBySide(lines).map(({left, right}) => [left?.text ?? null, right?.text ?? null]),
    [
      ['spec:', 'spec:'],
      [null, 'replicas: 3'],
      ['image: web:1', 'image: web:2'],
      ['paused: true', 'paused: false'],
      ['end', 'end'],
    ],
  );
  for (const {left, leftAt, right, rightAt} of sideBySide(lines)) {
    assert.equal(lines[leftAt] ?? null, left);
    assert.equal(lines[rightAt] ?? null, right);
  }
});
