import assert from 'node:assert/strict';
import {test} from 'node:test';
import {
  applyConflict,
  capOwners,
  formatOwners,
  scaleOwners,
} from '../../../source/demo/api-server/managed.ts';
import {fields} from '../../../source/resources/field-path.ts';
import {FieldSet} from '../../../source/resources/field-set.ts';
import type {Owner} from '../../../source/resources/merge.ts';

const owner = (manager: string, seconds: number, ...names: string[]): Owner => ({
  manager,
  operation: 'Update',
  apiVersion: 'v1',
  subresource: '',
  time: `2026-01-01T00:00:${String(seconds).padStart(2, '0')}Z`,
  fields: FieldSet.of(names.map(name => fields('data', name))),
});

test('more than ten updaters: the oldest become one entry of ancient changes', () => {
  const owners = Array.from({length: 12}, (_, index) => owner(`m${index}`, index, `k${index}`));
  const capped = capOwners(owners);
  assert.equal(capped.length, 10);
  const ancient = capped.find(({manager}) => manager === 'ancient-changes');
  assert.deepEqual(ancient?.fields.format(), {'f:data': {'f:k0': {}, 'f:k1': {}, 'f:k2': {}}});
  assert.equal(ancient?.time, '2026-01-01T00:00:02Z');
});

test('appliers are never put together', () => {
  const owners = Array.from({length: 12}, (_, index) => ({
    ...owner(`m${index}`, index, `k${index}`),
    operation: 'Apply' as const,
  }));
  assert.equal(capOwners(owners).length, 12);
});

test('entries are sorted by operation, time and manager', () => {
  const entries = formatOwners([
    owner('b', 1, 'x'),
    owner('a', 1, 'x'),
    owner('c', 0, 'x'),
    {...owner('z', 9, 'x'), operation: 'Apply'},
  ]);
  assert.deepEqual(
    entries.map(entry => typeof entry === 'object' && entry !== null && 'manager' in entry && entry.manager),
    ['z', 'c', 'a', 'b'],
  );
});

test('conflicts with several managers are told one a line', () => {
  const error = applyConflict([
    {owner: owner('b', 0, 'x'), path: fields('data', 'x')},
    {owner: {...owner('a', 0, 'y'), operation: 'Apply'}, path: fields('data', 'y')},
  ]);
  assert.equal(
    error.message,
    'Apply failed with 2 conflicts: conflicts with "a":\n- .data.y\nconflicts with "b" using v1:\n- .data.x',
  );
});

test('who scales to zero owns nothing, and nobody else does', () => {
  const replicas = {...owner('git', 0), fields: FieldSet.of([fields('spec', 'replicas')])};
  const live = {apiVersion: 'apps/v1', spec: {replicas: 2}};
  assert.deepEqual(
    scaleOwners(live, {apiVersion: 'apps/v1', spec: {replicas: 0}}, [replicas], 'kubectl'),
    [],
  );
  const [scaled] = scaleOwners(live, {apiVersion: 'apps/v1', spec: {replicas: 3}}, [replicas], 'kubectl');
  assert.deepEqual([scaled?.manager, scaled?.subresource, scaled?.time], ['kubectl', 'scale', undefined]);
});
