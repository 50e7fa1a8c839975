import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {ownersOf} from '../../source/drift/owners.ts';
import {findRemovals} from '../../source/drift/removals.ts';
import type {JsonObject} from '../../source/resources/json.ts';
import {schemaOf} from '../../source/resources/schema.ts';

const tags = {type: 'array', items: {type: 'string'}, 'x-kubernetes-list-type': 'set'};
const schema = schemaOf({
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        tags,
        always: {...tags, default: []},
        atomic: {type: 'array', items: {type: 'string'}},
        nested: {type: 'object', properties: {tags}},
        free: {type: 'object', 'x-kubernetes-preserve-unknown-fields': true},
      },
    },
    status: {type: 'object', properties: {tags}},
  },
});

describe('an empty list, which server-side apply notes no owner of', () => {
  const cases: [what: string, group: string, live: JsonObject, desired: JsonObject, expected: string[]][] = [
    ['that git dropped', 'example.com', {spec: {tags: []}}, {spec: {}}, ['spec.tags']],
    ['that git declares', 'example.com', {spec: {tags: []}}, {spec: {tags: []}}, []],
    ['with what is around it', 'example.com', {spec: {nested: {tags: []}}}, {spec: {}}, ['spec.nested']],
    ['that is the default', 'example.com', {spec: {always: []}}, {spec: {}}, []],
    ['that has an owner of its own where it is atomic', 'example.com', {spec: {atomic: []}}, {spec: {}}, []],
    ['of which the schema says nothing', 'example.com', {spec: {free: {a: []}}}, {spec: {free: {}}}, []],
    ['of the status', 'example.com', {status: {tags: []}}, {spec: {}}, []],
    ['of a Go type, which leaves it out or makes it', 'apps', {spec: {tags: []}}, {spec: {}}, []],
  ];
  for (const [what, group, live, desired, expected] of cases) {
    test(what, () => {
      const {candidates} = findRemovals({id: {group, kind: 'Gadget'}, desired, live, schema, owners: []});
      assert.deepEqual(
        candidates.map(({path}) => path),
        expected,
      );
    });
  }
});

test('an empty text in a map is no default, although its type has one', () => {
  const labelled = schemaOf({
    type: 'object',
    properties: {
      metadata: {
        type: 'object',
        properties: {labels: {type: 'object', additionalProperties: {type: 'string', default: ''}}},
      },
    },
  });
  const live: JsonObject = {
    metadata: {
      labels: {a: 'b', by: ''},
      managedFields: [
        {manager: 'kubectl-label', operation: 'Update', fieldsV1: {'f:metadata': {'f:labels': {'f:by': {}}}}},
      ],
    },
  };
  const desired: JsonObject = {metadata: {labels: {a: 'b'}}};
  for (const group of ['example.com', 'apps', '']) {
    const owners = ownersOf(live, desired, labelled);
    const {candidates} = findRemovals({id: {group, kind: 'Any'}, desired, live, schema: labelled, owners});
    assert.deepEqual(
      candidates.map(({path, class: who}) => `${path} ${who}`),
      ['metadata.labels.by by-hand'],
    );
  }
});
