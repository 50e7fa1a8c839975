import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {fields, formatPath} from '../../source/resources/field-path.ts';
import {FieldSet, fieldsOf} from '../../source/resources/field-set.ts';
import type {JsonObject} from '../../source/resources/json.ts';
import {schemaOf} from '../../source/resources/schema.ts';

const fieldsV1: JsonObject = {
  'f:metadata': {'f:labels': {'.': {}, 'f:app': {}}},
  'f:spec': {
    'f:finalizers': {'v:"a"': {}, 'v:"b"': {}},
    'f:ports': {'k:{"port":80,"protocol":"TCP"}': {'.': {}, 'f:nodePort': {}}},
    'f:replicas': {},
  },
};

const deployment = schemaOf({
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        replicas: {type: 'integer'},
        args: {type: 'array', items: {type: 'string'}},
        finalizers: {type: 'array', items: {type: 'string'}, 'x-kubernetes-list-type': 'set'},
        selector: {type: 'object', 'x-kubernetes-map-type': 'atomic', additionalProperties: {type: 'string'}},
        labels: {type: 'object', additionalProperties: {type: 'string'}},
        strategy: {type: 'object', properties: {type: {type: 'string'}}},
        ports: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['port', 'protocol'],
          items: {
            type: 'object',
            properties: {
              port: {type: 'integer'},
              protocol: {type: 'string', default: 'TCP'},
              name: {type: 'string'},
            },
          },
        },
      },
    },
  },
});

function set(...paths: string[]): FieldSet {
  return FieldSet.of(paths.map(path => fields(...path.split('.'))));
}

function members(fieldSet: FieldSet): string[] {
  return [...fieldSet.paths()].map(formatPath).sort();
}

describe('FieldSet', () => {
  test('reads FieldsV1 and writes the same', () => {
    const parsed = FieldSet.parse(fieldsV1);
    assert.deepEqual(parsed.format(), fieldsV1);
    assert.deepEqual(members(parsed), [
      'metadata.labels',
      'metadata.labels.app',
      'spec.finalizers[=a]',
      'spec.finalizers[=b]',
      'spec.ports[port=80,protocol=TCP]',
      'spec.ports[port=80,protocol=TCP].nodePort',
      'spec.replicas',
    ]);
  });

  test('leaves are the members with nothing below', () => {
    assert.deepEqual([...FieldSet.parse(fieldsV1).leaves()].map(formatPath), [
      'metadata.labels.app',
      'spec.finalizers[=a]',
      'spec.finalizers[=b]',
      'spec.ports[port=80,protocol=TCP].nodePort',
      'spec.replicas',
    ]);
  });

  test('an empty object is the empty set', () => {
    assert.equal(FieldSet.parse({}).isEmpty, true);
    assert.deepEqual(FieldSet.empty.format(), {});
  });

  test('has tells members from what only leads to them', () => {
    const parsed = FieldSet.parse(fieldsV1);
    assert.equal(parsed.has(fields('spec', 'replicas')), true);
    assert.equal(parsed.has(fields('spec')), false);
    assert.equal(parsed.has(fields('metadata', 'labels')), true);
    assert.equal(
      parsed.has([
        ...fields('spec', 'ports'),
        {type: 'keys', keys: {protocol: 'TCP', port: 80}},
        ...fields('nodePort'),
      ]),
      true,
    );
  });

  test('union, difference and intersection', () => {
    const a = set('x', 'x.y', 'z');
    const b = set('x', 'z.w');
    assert.deepEqual(members(a.union(b)), ['x', 'x.y', 'z', 'z.w']);
    assert.deepEqual(members(a.difference(b)), ['x.y', 'z']);
    assert.deepEqual(members(a.recursiveDifference(b)), ['z']);
    assert.deepEqual(members(a.intersection(b)), ['x']);
    assert.equal(a.difference(a).isEmpty, true);
    assert.equal(a.union(b).equals(b.union(a)), true);
  });

  test('keys of an element keep every digit and their order does not matter', () => {
    const parsed = FieldSet.parse({'k:{"id":9007199254740993,"a":"x"}': {}});
    assert.equal(parsed.has([{type: 'keys', keys: {a: 'x', id: 9007199254740993n}}]), true);
    assert.deepEqual(parsed.format(), {'k:{"a":"x","id":9007199254740993}': {}});
  });

  test('an element of an unknown kind is left out', () => {
    assert.deepEqual(members(FieldSet.parse({'q:1': {}, 'f:a': {}})), ['a']);
  });
});

describe('fieldsOf', () => {
  const cases: [string, JsonObject, JsonObject][] = [
    ['scalars', {spec: {replicas: 3}}, {'f:spec': {'f:replicas': {}}}],
    ['an atomic list is one leaf', {spec: {args: ['a', 'b']}}, {'f:spec': {'f:args': {}}}],
    ['an atomic map is one leaf', {spec: {selector: {app: 'web'}}}, {'f:spec': {'f:selector': {}}}],
    ['a map by entry', {spec: {labels: {app: 'web'}}}, {'f:spec': {'f:labels': {'f:app': {}}}}],
    ['an empty object is owned', {spec: {strategy: {}}}, {'f:spec': {'f:strategy': {}}}],
    ['an empty map list owns nothing', {spec: {ports: [], replicas: 1}}, {'f:spec': {'f:replicas': {}}}],
    [
      'a set by value',
      {spec: {finalizers: ['b', 'a']}},
      {'f:spec': {'f:finalizers': {'v:"a"': {}, 'v:"b"': {}}}},
    ],
    [
      'a map list by keys, with the default of a missing one (trap 24)',
      {spec: {ports: [{port: 80, name: 'http'}]}},
      {
        'f:spec': {
          'f:ports': {'k:{"port":80,"protocol":"TCP"}': {'.': {}, 'f:port': {}, 'f:name': {}}},
        },
      },
    ],
    [
      'one port over TCP and UDP is two items (trap 26)',
      {spec: {ports: [{port: 53}, {port: 53, protocol: 'UDP'}]}},
      {
        'f:spec': {
          'f:ports': {
            'k:{"port":53,"protocol":"TCP"}': {'.': {}, 'f:port': {}},
            'k:{"port":53,"protocol":"UDP"}': {'.': {}, 'f:port': {}, 'f:protocol': {}},
          },
        },
      },
    ],
    [
      'without a schema objects are descended and lists are atomic (trap 27)',
      {custom: {list: [{name: 'a'}], deep: {er: true}}},
      {'f:custom': {'.': {}, 'f:list': {}, 'f:deep': {'.': {}, 'f:er': {}}}},
    ],
  ];
  for (const [name, object, expected] of cases) {
    test(name, () => {
      assert.deepEqual(fieldsOf(object, deployment).format(), expected);
    });
  }
});
