import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {type FieldRule, ignoredOf} from '../../source/drift/field-rules.ts';
import {matchesGlob} from '../../source/drift/glob.ts';
import {hiddenPlaces, ignoredPlaces, neutralise} from '../../source/drift/ignore.ts';
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

function placesOf(rule: Partial<FieldRule>, git: JsonObject, live: JsonObject) {
  const ignored = ignoredOf(id, [{paths: [], ...rule}], {git, live});
  return ignored === undefined ? {places: [], notes: []} : ignoredPlaces({git, live}, schema, ignored);
}

/** An item of an atomic list is told by its list and position. */
function places(path: string): string[] {
  return placesOf({paths: [path]}, object, object).places.map(({elements, items}) =>
    items === undefined ? formatPath(elements) : `${formatPath(elements)}[${items.git.join()}]`,
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
    ['/spec/rules/1', ['spec.rules[1]']],
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
  const cases: [FieldRule, boolean][] = [
    [{paths: ['/a']}, true],
    [{kind: 'Deployment', paths: ['/a']}, true],
    [{kind: 'Deploy*', name: 'w?b', paths: ['/a']}, true],
    [{kind: 'StatefulSet', paths: ['/a']}, false],
    [{group: 'a*', namespace: 'shop', paths: ['/a']}, true],
    [{namespace: 'other', paths: ['/a']}, false],
  ];
  for (const [rule, expected] of cases) {
    test(JSON.stringify(rule), () =>
      assert.equal(ignoredOf(id, [rule], {git: object, live: object}) !== undefined, expected),
    );
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
    neutralise(git, live, schema, placesOf({paths: [path]}, git, live).places);

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

describe('what a rule takes out of the comparison', () => {
  const atomic = (...items: JsonObject[]): JsonObject => ({spec: {rules: items}});
  const [a, b, x] = [{host: 'a'}, {host: 'b'}, {host: 'x'}];
  const byJq = {jq: ['.spec.rules[]? | select(.host == "x")'], origin: 'Argo CD application argocd/shop'};

  test('an item of an atomic list, wherever either side has it', () => {
    for (const [git, live] of [
      [atomic(a, b), atomic(a, x, b)],
      [atomic(x, a, b), atomic(a, b)],
      [atomic(x, a, b), atomic(a, b, x)],
    ] as const) {
      const {places} = placesOf(byJq, git, live);
      assert.deepEqual(neutralise(git, live, schema, places), live);
      assert.deepEqual(
        hiddenPlaces(places, {git, live}, schema).map(({path, because}) => `${path}: ${because}`),
        git === live || JSON.stringify(git).includes('x') === JSON.stringify(live).includes('x')
          ? []
          : ['spec.rules: ignored by Argo CD application argocd/shop: .spec.rules[]? | select(.host == "x")'],
      );
    }
  });

  test('and nothing else of that list', () => {
    const [git, live] = [atomic(a, b), atomic(a, x)];
    assert.notDeepEqual(neutralise(git, live, schema, placesOf(byJq, git, live).places), live);
  });

  test('an item of a map list by its key', () => {
    const git: JsonObject = {spec: {containers: [{name: 'web', image: 'web:1'}]}};
    const live: JsonObject = {spec: {containers: [{name: 'side'}, {name: 'web', image: 'web:1'}]}};
    const {places} = placesOf({jq: ['.spec.containers[] | select(.name == "side")']}, git, live);
    assert.deepEqual(
      places.map(({elements}) => formatPath(elements)),
      ['spec.containers[name=side]'],
    );
    const [hidden] = hiddenPlaces(places, {git, live}, schema);
    assert.deepEqual(hidden?.live, {name: 'side'});
    assert.equal(hidden?.desired, undefined);
  });

  test('a jq expression that fails on one side ignores nothing there, and says so', () => {
    const {places, notes} = placesOf({jq: ['.spec.rules[].host']}, {spec: {}}, atomic(a));
    assert.deepEqual(
      places.map(({elements}) => formatPath(elements)),
      ['spec.rules[0].host'],
    );
    assert.deepEqual(notes, [
      "the rule .spec.rules[].host ignores nothing of what is in git, as in Argo CD: null can't be iterated over",
    ]);
  });

  test('a jq expression that can’t be read ignores nothing, and says so', () => {
    const ignored = ignoredOf(id, [{paths: [], jq: ['.spec |= 1']}], {git: object, live: object});
    assert.match(
      ignored?.notes[0] ?? '',
      /the rule .spec \|= 1 can't be followed here \("\|=" at character 7/,
    );
    assert.deepEqual(ignored?.jq, []);
  });

  test('what a trusted field manager sets, where git sets it too', () => {
    const git: JsonObject = {spec: {replicas: 3, paused: true}};
    const live: JsonObject = {
      metadata: {
        managedFields: [
          {
            manager: 'kube-controller-manager',
            operation: 'Update',
            fieldsV1: {'f:spec': {'f:replicas': {}, 'f:other': {}}},
          },
          {manager: 'kubectl-edit', operation: 'Update', fieldsV1: {'f:spec': {'f:paused': {}}}},
        ],
      },
      spec: {replicas: 5, paused: false, other: 1},
    };
    const {places} = placesOf({managers: ['kube-controller-manager']}, git, live);
    assert.deepEqual(neutralise(git, live, schema, places), {spec: {replicas: 5, paused: true}});
    assert.deepEqual(hiddenPlaces(places, {git, live}, schema), [
      {
        path: 'spec.replicas',
        reason: 'ignored',
        because: 'ignored by the rule what kube-controller-manager sets',
        desired: 3,
        live: 5,
      },
    ]);
  });

  test('everything, where only the making of an object is git’s', () => {
    const git: JsonObject = {metadata: {name: 'a', labels: {app: 'x'}}, spec: {replicas: 3}, data: {a: '1'}};
    const live: JsonObject = {metadata: {name: 'a', uid: 'u'}, spec: {replicas: 5, more: 1}, status: {x: 1}};
    const {places} = placesOf({whole: true}, git, live);
    assert.deepEqual(neutralise(git, live, schema, places), {
      metadata: {name: 'a', labels: {}},
      spec: {replicas: 5, more: 1},
    });
  });
});
