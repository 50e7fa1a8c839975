import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {fields} from '../../source/resources/field-path.ts';
import type {JsonObject} from '../../source/resources/json.ts';
import {managedFieldsOf, ownerOf} from '../../source/resources/managed-fields.ts';

const entry = (manager: string, time: string, fieldsV1: JsonObject): JsonObject => ({
  manager,
  operation: 'Update',
  apiVersion: 'v1',
  time,
  fieldsType: 'FieldsV1',
  fieldsV1,
});
const container = {'k:{"name":"web"}': {'.': {}, 'f:image': {}, 'f:resources': {}}};
const object: JsonObject = {
  metadata: {
    managedFields: [
      entry('ci', '2026-01-01T00:00:00Z', {'f:data': {'f:a': {}}, 'f:spec': {'f:containers': container}}),
      entry('kubectl-edit', '2026-01-02T00:00:00Z', {
        'f:spec': {'f:containers': {'k:{"name":"web"}': {'f:resources': {'f:limits': {'f:cpu': {}}}}}},
      }),
      {...entry('kubectl', '2026-01-03T00:00:00Z', {'f:spec': {'f:replicas': {}}}), subresource: 'scale'},
    ],
  },
};
const web = [...fields('spec', 'containers'), {type: 'keys', keys: {name: 'web'}}] as const;

describe('managedFields', () => {
  test('are read with verb, subresource and time', () => {
    const [first, , third] = managedFieldsOf(object);
    assert.equal(first?.operation, 'Update');
    assert.equal(first?.time, '2026-01-01T00:00:00Z');
    assert.equal(third?.subresource, 'scale');
    assert.deepEqual(managedFieldsOf({}), []);
  });

  const owners: [string, Parameters<typeof ownerOf>[1], string | undefined][] = [
    ['an owned field', fields('data', 'a'), 'ci'],
    ['a field of an item', [...web, ...fields('image')], 'ci'],
    ['the most specific owner', [...web, ...fields('resources', 'limits', 'cpu')], 'kubectl-edit'],
    ['below an owned leaf', fields('data', 'a', 'deeper'), 'ci'],
    ['a subresource', fields('spec', 'replicas'), 'kubectl'],
    ['an item: the last who set something in it', web, 'kubectl-edit'],
    ['a default in an owned item is nobody’s', [...web, ...fields('imagePullPolicy')], undefined],
    ['nobody', fields('data', 'b'), undefined],
  ];
  for (const [name, path, manager] of owners) {
    test(`owner of ${name}`, () => {
      assert.equal(ownerOf(managedFieldsOf(object), path)?.manager, manager);
    });
  }
});
