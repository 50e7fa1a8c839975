import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import fc from 'fast-check';
import {fields} from '../../source/resources/field-path.ts';
import {FieldSet} from '../../source/resources/field-set.ts';
import {cloneJson, equalJson, type Json, type JsonObject, parseJson} from '../../source/resources/json.ts';
import {
  applyMerge,
  compareValues,
  mergeValues,
  type Owner,
  removeItems,
  trackUpdate,
  validateTyped,
} from '../../source/resources/merge.ts';
import {schemaOf} from '../../source/resources/schema.ts';

const item: JsonObject = {
  type: 'object',
  properties: {
    key: {type: 'string'},
    id: {type: 'integer'},
    value: {type: 'object', additionalProperties: {type: 'string'}},
    bv: {type: 'boolean'},
    nv: {type: 'integer'},
  },
};
const schema = schemaOf({
  type: 'object',
  properties: {
    list: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['key', 'id'],
      items: item,
    },
    atomicList: {type: 'array', items: {type: 'string'}},
    set: {type: 'array', 'x-kubernetes-list-type': 'set', items: {type: 'string'}},
    map: {type: 'object', additionalProperties: {type: 'string'}},
    atomicMap: {type: 'object', 'x-kubernetes-map-type': 'atomic', additionalProperties: {type: 'string'}},
    struct: {type: 'object', properties: {a: {type: 'string'}, b: {type: 'string'}}},
    free: {type: 'object', 'x-kubernetes-preserve-unknown-fields': true},
    text: {type: 'string'},
  },
});

// The first dozen are structured-merge-diff's own: typed/merge_test.go.
const merges: [live: string, applied: string, merged: string][] = [
  [
    '{"list":[{"key":"a","id":1,"value":{"a":"a"}}]}',
    '{"list":[{"key":"a","id":1,"value":{"a":"a"}}]}',
    '{"list":[{"key":"a","id":1,"value":{"a":"a"}}]}',
  ],
  [
    '{"list":[{"key":"a","id":1,"value":{"a":"a"}}]}',
    '{"list":[{"key":"a","id":2,"value":{"a":"a"}}]}',
    '{"list":[{"key":"a","id":1,"value":{"a":"a"}},{"key":"a","id":2,"value":{"a":"a"}}]}',
  ],
  [
    '{"list":[{"key":"a","id":1},{"key":"b","id":1}]}',
    '{"list":[{"key":"a","id":1},{"key":"a","id":2}]}',
    '{"list":[{"key":"a","id":1},{"key":"b","id":1},{"key":"a","id":2}]}',
  ],
  [
    '{"list":[{"key":"b","id":2}]}',
    '{"list":[{"key":"a","id":1},{"key":"b","id":2},{"key":"c","id":3}]}',
    '{"list":[{"key":"a","id":1},{"key":"b","id":2},{"key":"c","id":3}]}',
  ],
  [
    '{"list":[{"key":"a","id":1},{"key":"b","id":2},{"key":"c","id":3}]}',
    '{"list":[{"key":"c","id":3},{"key":"b","id":2}]}',
    '{"list":[{"key":"a","id":1},{"key":"c","id":3},{"key":"b","id":2}]}',
  ],
  [
    '{"list":[{"key":"a","id":1},{"key":"b","id":2},{"key":"c","id":3}]}',
    '{"list":[{"key":"c","id":3},{"key":"a","id":1}]}',
    '{"list":[{"key":"b","id":2},{"key":"c","id":3},{"key":"a","id":1}]}',
  ],
  ['{"atomicList":["a","a","a"]}', '{"atomicList":null}', '{"atomicList":null}'],
  ['{"atomicList":["a","b","c"]}', '{"atomicList":[]}', '{"atomicList":[]}'],
  ['{"atomicList":["a","a","a"]}', '{"atomicList":["a","a"]}', '{"atomicList":["a","a"]}'],
  [
    '{"list":[{"key":"a","id":1,"bv":true},{"key":"b","id":2},{"key":"a","id":1,"bv":false,"nv":2}]}',
    '{"list":[{"key":"a","id":1,"nv":3},{"key":"c","id":3},{"key":"b","id":2}]}',
    '{"list":[{"key":"a","id":1,"nv":3},{"key":"c","id":3},{"key":"b","id":2}]}',
  ],
  [
    '{"list":[{"key":"a","id":1,"nv":1},{"key":"a","id":1,"nv":2}]}',
    '{"list":[]}',
    '{"list":[{"key":"a","id":1,"nv":1},{"key":"a","id":1,"nv":2}]}',
  ],
  [
    '{"list":[{"key":"a","id":1,"nv":1},{"key":"a","id":1,"nv":2}]}',
    '{}',
    '{"list":[{"key":"a","id":1,"nv":1},{"key":"a","id":1,"nv":2}]}',
  ],
  ['{"set":["a","b","c"]}', '{"set":["c","a"]}', '{"set":["b","c","a"]}'],
  ['{"map":{"a":"1"}}', '{"map":{"b":"2"}}', '{"map":{"a":"1","b":"2"}}'],
  ['{"atomicMap":{"a":"1"}}', '{"atomicMap":{"b":"2"}}', '{"atomicMap":{"b":"2"}}'],
  ['{"struct":{"a":"1"}}', '{"struct":null}', '{"struct":{"a":"1"}}'],
  ['{"text":"a"}', '{"text":null}', '{"text":null}'],
  ['{"map":{}}', '{"map":null}', '{"map":null}'],
  [
    '{"free":{"a":[1,2],"b":{"c":1}}}',
    '{"free":{"a":[3],"b":{"d":2}}}',
    '{"free":{"a":[3],"b":{"c":1,"d":2}}}',
  ],
  ['{"map":{"constructor":"1"}}', '{"map":{"toString":"2"}}', '{"map":{"constructor":"1","toString":"2"}}'],
];

describe('merging', () => {
  for (const [live, applied, merged] of merges) {
    test(`${applied} into ${live}`, () => {
      assert.deepEqual(mergeValues(parseJson(live), parseJson(applied), schema), parseJson(merged));
    });
  }
});

const paths = (...names: string[]) => FieldSet.of(names.map(name => fields(...name.split('.'))));

describe('comparing', () => {
  const cases: [string, Json, Json, {added?: FieldSet; removed?: FieldSet; modified?: FieldSet}][] = [
    ['equal', {text: 'a'}, {text: 'a'}, {}],
    ['a changed text', {text: 'a'}, {text: 'b'}, {modified: paths('text')}],
    ['a new key of a map and the map', {}, {map: {a: '1'}}, {added: paths('map', 'map.a')}],
    [
      'a new field of a struct that was there',
      {struct: {a: '1'}},
      {struct: {a: '1', b: '2'}},
      {added: paths('struct.b')},
    ],
    ['an atomic list as one', {atomicList: ['a']}, {atomicList: ['b']}, {modified: paths('atomicList')}],
    ['an atomic map as one', {atomicMap: {a: '1'}}, {atomicMap: {b: '1'}}, {modified: paths('atomicMap')}],
    ['a removed key', {map: {a: '1', b: '2'}}, {map: {a: '1'}}, {removed: paths('map.b')}],
    ['order of a set does not count', {set: ['a', 'b']}, {set: ['b', 'a']}, {}],
  ];
  for (const [name, before, after, expected] of cases) {
    test(name, () => {
      const found = compareValues(before, after, schema);
      for (const side of ['added', 'removed', 'modified'] as const) {
        assert.deepEqual(found[side].format(), (expected[side] ?? FieldSet.empty).format(), side);
      }
    });
  }
});

test('removing takes members with what is below them, and leaves the rest', () => {
  const value = {map: {a: '1', b: '2'}, struct: {a: '1', b: '2'}, text: 't'};
  assert.deepEqual(removeItems(value, paths('map.a', 'struct'), schema), {map: {b: '2'}, text: 't'});
});

test('a typed check tells unknown fields, wrong types and duplicate keys in the server’s words', () => {
  assert.deepEqual(validateTyped({other: 1}, schema), ['.other: field not declared in schema']);
  assert.deepEqual(
    validateTyped(
      {
        list: [
          {key: 'a', id: 1},
          {key: 'a', id: 1},
        ],
      },
      schema,
    ),
    ['.list: duplicate entries for key [id=1,key="a"]'],
  );
  assert.deepEqual(validateTyped({list: [{key: 'a', id: 'x'}]}, schema), [
    '.list[id="x",key="a"].id: expected numeric (int or float), got string',
  ]);
  assert.deepEqual(validateTyped({free: {any: [1]}, text: null}, schema), []);
});

const owner = (manager: string, operation: 'Apply' | 'Update', set: FieldSet): Owner => ({
  manager,
  operation,
  apiVersion: 'v1',
  subresource: '',
  time: undefined,
  fields: set,
});

function apply(
  live: JsonObject,
  applied: JsonObject,
  owners: readonly Owner[],
  manager = 'git',
  force = false,
) {
  return applyMerge({
    live,
    applied,
    owners,
    self: {manager, operation: 'Apply', apiVersion: 'v1', subresource: ''},
    force,
    schemaAt: version => (version === 'v1' ? schema : 'gone'),
    ignored: FieldSet.empty,
  });
}

function applied(result: ReturnType<typeof apply>): {object: JsonObject | undefined; owners: Owner[]} {
  assert.equal(result.conflicts, undefined);
  if (result.conflicts !== undefined) throw new Error('unreachable');
  return result;
}

describe('applying', () => {
  test('removes what the manager sent last time and nobody else owns', () => {
    const owners = [owner('git', 'Apply', paths('map.a', 'map.b'))];
    const {object} = applied(apply({map: {a: '1', b: '2', c: '3'}}, {map: {a: '1'}}, owners));
    assert.deepEqual(object, {map: {a: '1', c: '3'}});
  });

  test('keeps what an updater owns too', () => {
    const owners = [owner('git', 'Apply', paths('map.a')), owner('edit', 'Update', paths('map.a'))];
    assert.equal(applied(apply({map: {a: '1'}}, {}, owners)).object, undefined);
  });

  test('is a conflict where another manager’s value would change', () => {
    const result = apply({text: 'b'}, {text: 'a'}, [owner('edit', 'Update', paths('text'))]);
    assert.deepEqual(
      result.conflicts?.map(conflict => [conflict.owner.manager, conflict.path]),
      [['edit', fields('text')]],
    );
  });

  test('takes the field when forced', () => {
    const {object, owners} = applied(
      apply({text: 'b'}, {text: 'a'}, [owner('edit', 'Update', paths('text'))], 'git', true),
    );
    assert.deepEqual(object, {text: 'a'});
    assert.deepEqual(
      owners.map(each => each.manager),
      ['git'],
    );
  });

  test('shares a field whose value is the same', () => {
    const {owners} = applied(apply({text: 'a'}, {text: 'a'}, [owner('edit', 'Update', paths('text'))]));
    assert.deepEqual(
      owners.map(each => each.manager),
      ['edit', 'git'],
    );
  });

  test('drops owners of versions that are no longer served', () => {
    const gone = {...owner('old', 'Update', paths('text')), apiVersion: 'v0'};
    const {owners} = applied(apply({text: 'a'}, {text: 'b'}, [gone]));
    assert.deepEqual(
      owners.map(each => each.manager),
      ['git'],
    );
  });
});

test('an update takes what it changes from its owners', () => {
  const owners = trackUpdate({
    live: {text: 'a', map: {a: '1'}},
    updated: {text: 'b', map: {a: '1'}},
    owners: [owner('git', 'Apply', paths('text', 'map.a'))],
    self: {manager: 'edit', operation: 'Update', apiVersion: 'v1', subresource: ''},
    schemaAt: () => schema,
    ignored: FieldSet.empty,
    time: '2026-01-01T00:00:00Z',
    stripped: FieldSet.empty,
  });
  assert.deepEqual(
    owners.map(({manager, fields: set}) => [manager, set.format()]),
    [
      ['git', {'f:map': {'f:a': {}}}],
      ['edit', {'f:text': {}}],
    ],
  );
});

const names = fc.constantFrom('a', 'b', 'c');
const text = fc.constantFrom('1', '2');
const object: fc.Arbitrary<JsonObject> = fc.record(
  {
    list: fc.uniqueArray(fc.record({key: names, id: fc.constantFrom(1, 2), nv: fc.constantFrom(1, 2)}), {
      selector: each => `${each.key}${each.id}`,
      minLength: 1,
    }),
    set: fc.uniqueArray(names, {minLength: 1}),
    map: fc.dictionary(names, text, {minKeys: 1}),
    struct: fc.record({a: text, b: text}, {requiredKeys: ['a']}),
    atomicList: fc.array(text, {minLength: 1}),
    text,
  },
  {requiredKeys: []},
);

describe('for any objects', () => {
  test('a forced apply yields all that it sent, and a second one changes nothing', () => {
    fc.assert(
      fc.property(object, object, object, (live, first, second) => {
        const before = cloneJson(live);
        const one = applied(
          apply(live, first, [owner('x', 'Update', FieldSet.ofValue(live, schema))], 'git', true),
        );
        const two = applied(apply(one.object ?? live, second, one.owners, 'git', true));
        const after = two.object ?? one.object ?? live;
        assert.equal(
          compareValues(after, asObject(mergeValues(after, second, schema)), schema).modified.isEmpty,
          true,
        );
        assert.equal(applied(apply(after, second, two.owners)).object, undefined);
        assert.ok(equalJson(live, before), 'what was handed in is not changed');
      }),
    );
  });

  test('who applies nothing more leaves what the others had', () => {
    fc.assert(
      fc.property(object, object, (others, own) => {
        const base = owner('x', 'Update', FieldSet.ofValue(others, schema));
        const one = apply(others, own, [base]);
        if (one.conflicts !== undefined) return;
        const gone = applied(apply(one.object ?? others, {}, one.owners));
        const left = gone.object ?? one.object ?? others;
        assert.ok(compareValues(others, left, schema).removed.isEmpty);
        assert.ok(compareValues(others, left, schema).added.isEmpty);
      }),
    );
  });
});

function asObject(value: Json | undefined): Json {
  return value ?? {};
}
