import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {type ValueChange, walkField} from '../../source/looks/field-history.ts';
import {appliedAt, fieldOwners} from '../../source/looks/field-owners.ts';
import type {Commit} from '../../source/repository/types.ts';
import {type FieldPath, fields} from '../../source/resources/field-path.ts';
import type {JsonObject} from '../../source/resources/json.ts';
import type {DesiredResource} from '../../source/sources/types.ts';

const live = (entries: JsonObject[], annotations: JsonObject = {}): JsonObject => ({
  metadata: {managedFields: entries, annotations},
});
const entry = (
  manager: string,
  time: string | null,
  fieldsV1: JsonObject,
  more: JsonObject = {},
): JsonObject => ({
  manager,
  operation: 'Update',
  ...(time === null ? {} : {time}),
  fieldsV1,
  ...more,
});
const image: FieldPath = [
  ...fields('spec', 'containers'),
  {type: 'keys', keys: {name: 'api'}},
  {type: 'field', name: 'image'},
];

describe('the owners of a live field', () => {
  test('the last to write first, with their verb and subresource', () => {
    const found = fieldOwners(
      live([
        entry('gitops-tui', '2026-08-01T10:00:00Z', {'f:spec': {'f:replicas': {}}}, {operation: 'Apply'}),
        entry('kubectl', '2026-08-05T10:00:00Z', {'f:spec': {'f:replicas': {}}}, {subresource: 'scale'}),
        entry('other', '2026-08-06T10:00:00Z', {'f:spec': {'f:paused': {}}}),
      ]),
      fields('spec', 'replicas'),
    );
    assert.deepEqual(
      found.map(
        ({manager, operation, subresource, owns}) => `${manager} ${operation} ${subresource} ${owns}`,
      ),
      ['kubectl Update scale field', 'gitops-tui Apply  field'],
    );
  });

  test('who owns a list as a whole owns what is in it; who owns an item owns not each of its fields', () => {
    const found = fieldOwners(
      live([
        entry('whole', '2026-08-01T10:00:00Z', {'f:spec': {'f:containers': {}}}),
        entry('item', '2026-08-02T10:00:00Z', {
          'f:spec': {'f:containers': {'k:{"name":"api"}': {'.': {}, 'f:name': {}}}},
        }),
        entry('field', null, {'f:spec': {'f:containers': {'k:{"name":"api"}': {'f:image': {}}}}}),
      ]),
      image,
    );
    assert.deepEqual(
      found.map(({manager, owns, path, time}) => [manager, owns, path, time]),
      [
        ['whole', 'around', 'spec.containers', '2026-08-01T10:00:00Z'],
        ['field', 'field', null, null],
      ],
    );
  });

  test('who owns something in it is told with that', () => {
    const labels = {'f:metadata': {'f:labels': {'f:watch': {}}}};
    const [found] = fieldOwners(live([entry('kubectl-label', null, labels)]), fields('metadata', 'labels'));
    assert.deepEqual([found?.owns, found?.path], ['inside', 'metadata.labels.watch']);
  });

  test('what kubectl applied last: no note, not named, a value', () => {
    const noted = (text: string) => live([], {'kubectl.kubernetes.io/last-applied-configuration': text});
    const at = (object: JsonObject) => appliedAt(object, undefined, fields('spec', 'replicas'));
    assert.equal(at(live([])), undefined);
    assert.deepEqual(at(noted('{"spec": {}}')), {value: undefined});
    assert.deepEqual(at(noted('{"spec": {"replicas": 3}}')), {value: 3});
    assert.equal(at(noted('{broken')), undefined);
  });
});

describe('the commits that changed a field', () => {
  const commit = (sha: string, ...parents: string[]): Commit => ({
    sha,
    parents,
    author: 'Jane',
    email: '',
    time: '2026-08-01T10:00:00Z',
    subject: sha,
    body: '',
    refs: [],
    tags: [],
  });
  const wanting = (replicas: number | undefined, namespace?: string): DesiredResource[] => [
    {
      object: {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: {name: 'web', ...(namespace === undefined ? {} : {namespace})},
        spec: replicas === undefined ? {} : {replicas},
      },
      location: {file: 'web.yaml', line: 1},
      locate: () => undefined,
    },
  ];
  const place = {
    id: {group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web'},
    elements: fields('spec', 'replicas'),
    namespace: 'shop',
    schema: undefined,
  };
  const walk = async (commits: Commit[], wanted: Record<string, DesiredResource[] | null>) => {
    const told: ValueChange[] = [];
    await walkField(
      commits,
      place,
      async sha => wanted[sha] ?? null,
      change => told.push(change),
    );
    return told.map(({commit: {sha}, before, after}) => `${sha}: ${before} → ${after}`);
  };

  test('each against its first parent, the first one brings it', async () => {
    assert.deepEqual(
      await walk([commit('d', 'c'), commit('c', 'b'), commit('b', 'a'), commit('a')], {
        d: wanting(5),
        c: wanting(3),
        b: wanting(3, 'shop'),
        a: wanting(2),
      }),
      ['d: 3 → 5', 'b: 2 → 3', 'a: undefined → 2'],
    );
  });

  test('a commit that took the resource away, and one that brought it back', async () => {
    assert.deepEqual(
      await walk([commit('c', 'b'), commit('b', 'a')], {c: wanting(3), b: [], a: wanting(3)}),
      ['c: undefined → 3', 'b: 3 → undefined'],
    );
  });

  test('what can not be rendered is told of nobody, and the next one against the last that could', async () => {
    assert.deepEqual(
      await walk([commit('c', 'b'), commit('b', 'a'), commit('a')], {c: wanting(4), b: null, a: wanting(2)}),
      ['c: 2 → 4', 'a: undefined → 2'],
    );
  });

  test('a resource of the same name in another namespace is another one', async () => {
    assert.deepEqual(await walk([commit('a')], {a: wanting(2, 'elsewhere')}), []);
  });
});
