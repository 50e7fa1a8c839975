import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import type {FieldPath} from '../../source/resources/field-path.ts';
import {isObject, type Json, parseJson, stringifyJson} from '../../source/resources/json.ts';
import {readYaml} from '../../source/sources/yaml.ts';

const scalar = fc.oneof(
  fc.string({unit: 'grapheme'}),
  fc.constantFrom(
    'yes',
    '0644',
    '<<',
    '~',
    '2001-12-14',
    '__proto__',
    ': ',
    '# x',
    "it's",
    '[',
    'a\tb',
    '\u2028',
  ),
  fc.integer(),
  fc.bigInt({min: -(2n ** 63n), max: 2n ** 63n - 1n}),
  fc.boolean(),
  fc.constant(null),
);
const key = fc.oneof(fc.string({unit: 'grapheme'}), fc.constantFrom('a', 'b', 'metadata', 'yes', '1', '<<'));
const {value: anyValue} = fc.letrec<{value: Json}>(tie => ({
  value: fc.oneof(
    {maxDepth: 4},
    scalar as fc.Arbitrary<Json>,
    fc.array(tie('value'), {maxLength: 4}),
    fc.dictionary(key, tie('value'), {maxKeys: 4, noNullPrototype: true}),
  ),
}));
const anyObject = fc.dictionary(key, anyValue, {minKeys: 1, maxKeys: 4, noNullPrototype: true});

test('JSON is YAML: both readings of a document are the same value', () => {
  fc.assert(
    fc.property(anyObject, fc.constantFrom(undefined, 1, 4), (object, indent) => {
      const text = stringifyJson(object, indent);
      const expected = [parseJson(text)];
      const asJson = readYaml(text, 'a.json');
      const asYaml = readYaml(`# YAML\n---\n${text}\n`, 'a.yaml');
      assert.deepEqual([asJson.problems, asYaml.problems], [[], []]);
      assert.deepEqual(
        asJson.documents.map(({value}) => value),
        expected,
      );
      assert.deepEqual(
        asYaml.documents.map(({value}) => value),
        expected,
      );
    }),
  );
});

test('every field of a document is found on the line that holds its key', () => {
  fc.assert(
    fc.property(anyObject, object => {
      const text = stringifyJson(object, 2);
      const lines = text.split('\n');
      const [document] = readYaml(`# YAML\n---\n${text}\n`, 'a.yaml').documents;
      for (const path of paths(object)) {
        const place = document?.locate(path);
        assert.ok(place !== undefined, JSON.stringify(path));
        const line = lines[place.line - 3]?.slice((place.column ?? 1) - 1) ?? '';
        const last = path.at(-1);
        if (last?.type === 'field') assert.ok(line.startsWith(`${JSON.stringify(last.name)}:`), line);
      }
    }),
  );
});

function paths(value: Json, path: FieldPath = []): FieldPath[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => {
      const inner: FieldPath = [...path, {type: 'index', index}];
      return [inner, ...paths(item, inner)];
    });
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, item]) => {
    const inner: FieldPath = [...path, {type: 'field', name}];
    return [inner, ...paths(item, inner)];
  });
}
