import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {ignoredOf, ignoredPlaces, matchesGlob, neutralise} from '../../source/drift/ignore.ts';
import {parseIgnorePath} from '../../source/drift/ignore-path.ts';
import {formatPath} from '../../source/resources/field-path.ts';
import type {JsonObject} from '../../source/resources/json.ts';
import {schemaOf} from '../../source/resources/schema.ts';

const container = {type: 'object', properties: {name: {type: 'string'}, image: {type: 'string'}}};
const schema = schemaOf({
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        replicas: {type: 'integer'},
        containers: {
          type: 'array',
          items: container,
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
        },
      },
    },
  },
});
const id = {group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web'};
const object: JsonObject = {
  metadata: {annotations: {'a/b': '1', c: '2'}},
  spec: {
    replicas: 3,
    containers: [
      {name: 'web', image: 'web:1'},
      {name: 'side', image: 'side:1'},
    ],
    rules: [{host: 'a'}, {host: 'b'}],
  },
};

function places(path: string): string[] {
  return ignoredPlaces([object], schema, ignoredOf(id, [{paths: [path]}])).map(({elements}) =>
    formatPath(elements),
  );
}

describe('ignore rules find', () => {
  const web = 'spec.containers[name=web].image';
  const side = 'spec.containers[name=side].image';
  const cases: [string, string[]][] = [
    ['/spec/replicas', ['spec.replicas']],
    ['/metadata/annotations/a~1b', ['metadata.annotations["a/b"]']],
    ['/spec/containers/1/image', [side]],
    ['/spec/nothing', []],
    ['$.spec.replicas', ['spec.replicas']],
    ['$..image', [web, side]],
    ['$.spec.containers[*].image', [web, side]],
    ['$.spec.containers[0].image', [web]],
    ["$.spec.containers[?(@.name=='web')].image", [web]],
    ['$.spec.containers[?(@.name == "side")].image', [side]],
    ["$.metadata.annotations['a/b']", ['metadata.annotations["a/b"]']],
    ['spec.containers[name=web].image', [web]],
    ['metadata.annotations.*', ['metadata.annotations["a/b"]', 'metadata.annotations.c']],
    ['spec.rules[1].host', ['spec.rules[1].host']],
  ];
  for (const [path, expected] of cases) {
    test(path, () => assert.deepEqual(places(path), expected));
  }

  for (const path of ['$', '', '$.spec[', '$.spec[?(@.name)]', '$.a b..', '$spec']) {
    test(`${JSON.stringify(path)} is refused, with what to write`, () => {
      assert.throws(() => parseIgnorePath(path), /write \/spec\/replicas|name a field/);
    });
  }
});

describe('ignore rules are about', () => {
  const cases: [Parameters<typeof ignoredOf>[1][number], boolean][] = [
    [{paths: ['/a']}, true],
    [{kind: 'Deployment', paths: ['/a']}, true],
    [{kind: 'Deploy*', name: 'w?b', paths: ['/a']}, true],
    [{kind: 'StatefulSet', paths: ['/a']}, false],
    [{group: 'a*', namespace: 'shop', paths: ['/a']}, true],
    [{namespace: 'other', paths: ['/a']}, false],
  ];
  for (const [rule, expected] of cases) {
    test(JSON.stringify(rule), () => assert.equal(ignoredOf(id, [rule]).patterns.length > 0, expected));
  }

  test('globs: a dot is a dot', () => {
    assert.equal(matchesGlob('a.b', 'axb'), false);
    assert.equal(matchesGlob('*.example.org', 'x.example.org'), true);
  });
});

describe('what is ignored is taken from live', () => {
  const live: JsonObject = {
    spec: {
      replicas: 5,
      containers: [
        {name: 'side', image: 'side:2'},
        {name: 'web', image: 'web:2'},
      ],
      rules: [{host: 'a'}, {host: 'c'}],
    },
  };
  const taken = (path: string, git: JsonObject = object) =>
    neutralise(git, live, schema, ignoredPlaces([git, live], schema, ignoredOf(id, [{paths: [path]}])));

  test('a field', () =>
    assert.deepEqual(taken('/spec/replicas')['spec'], {...(object['spec'] as object), replicas: 5}));

  test('an item by its keys, wherever it stands', () => {
    assert.deepEqual((taken('$..containers[?(@.name=="web")].image')['spec'] as JsonObject)['containers'], [
      {name: 'web', image: 'web:2'},
      {name: 'side', image: 'side:1'},
    ]);
  });

  test('a field that git does not have', () => {
    assert.deepEqual(taken('/spec/replicas', {spec: {}}), {spec: {replicas: 5}});
    assert.deepEqual(taken('/spec/replicas', {}), {spec: {replicas: 5}});
  });

  test('a field that live does not have', () => {
    assert.deepEqual(taken('/metadata/annotations/c')['metadata'], {annotations: {'a/b': '1'}});
  });

  test('a part of an atomic list', () => {
    assert.deepEqual((taken('/spec/rules/1/host')['spec'] as JsonObject)['rules'], [
      {host: 'a'},
      {host: 'c'},
    ]);
  });

  test('git’s object itself is left as it is', () => {
    const before = JSON.stringify(object);
    taken('$..image');
    assert.equal(JSON.stringify(object), before);
  });
});
