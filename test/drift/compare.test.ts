import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {type CompareOptions, compareObjects} from '../../source/drift/compare.ts';
import {formatPath} from '../../source/resources/field-path.ts';
import type {JsonObject} from '../../source/resources/json.ts';
import {schemaOf} from '../../source/resources/schema.ts';

const id = {group: 'example.com', kind: 'Blob'};
const open: JsonObject = {type: 'object', 'x-kubernetes-preserve-unknown-fields': true};
const listOf = (property: JsonObject): JsonObject => ({
  type: 'object',
  properties: {list: {type: 'array', items: {type: 'object', properties: {a: property}}}},
});
const text: JsonObject = {type: 'string'};

describe('null that only the one side has (drift trap 4)', () => {
  const cases: [what: string, schema: JsonObject, left: JsonObject, right: JsonObject, expected: string[]][] =
    [
      ['in an item of an open list is absent', open, {list: [{}]}, {list: [{a: null}]}, []],
      ['of git’s in an item of an open list is absent', open, {list: [{a: null}]}, {list: [{}]}, []],
      ['in an item of an atomic list is absent', listOf(text), {list: [{}]}, {list: [{a: null}]}, []],
      [
        'is a value where the schema says so',
        listOf({...text, nullable: true}),
        {list: [{}]},
        {list: [{a: null}]},
        ['changed list'],
      ],
      [
        'is the value of a map’s entry',
        listOf({type: 'object', additionalProperties: text}),
        {list: [{a: {}}]},
        {list: [{a: {b: null}}]},
        ['changed list'],
      ],
      ['hides nothing beside it', open, {list: [{}]}, {list: [{a: null, b: 1}]}, ['changed list']],
      ['is no item', open, {list: []}, {list: [null]}, ['changed list']],
    ];
  const modes: CompareOptions['mode'][] = ['desired', 'whole'];
  for (const [what, schema, left, right, expected] of cases) {
    for (const mode of modes) {
      test(`${what} (${mode})`, () => {
        const {differences} = compareObjects(left, right, {id, schema: schemaOf(schema), mode});
        assert.deepEqual(
          differences.map(({change, elements}) => `${change} ${formatPath(elements)}`),
          expected,
        );
      });
    }
  }
});
