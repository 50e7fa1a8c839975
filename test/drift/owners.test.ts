import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {type Owner, ownersOf} from '../../source/drift/owners.ts';
import {formatPath} from '../../source/resources/field-path.ts';
import type {JsonObject} from '../../source/resources/json.ts';

const created = '2026-01-01T00:00:00Z';
const later = '2026-01-02T00:00:00Z';

/** `manager/verb` of keys of data, with a time; a key `spec.x` is one of the spec. */
type Entry = [who: string, keys: readonly string[], time?: string];

function entry([who, keys, time = later]: Entry): JsonObject {
  const [manager = '', operation = '', subresource] = who.split('/');
  const fields = Object.fromEntries(keys.map(key => [`f:${key}`, {}]));
  return {
    manager,
    operation,
    apiVersion: 'v1',
    time,
    fieldsType: 'FieldsV1',
    fieldsV1: {'f:data': fields},
    ...(subresource === undefined ? {} : {subresource}),
  };
}

function classes(git: readonly string[], entries: readonly Entry[], more: JsonObject = {}): string[] {
  const keys = new Set([...git, ...entries.flatMap(([, owned]) => owned)]);
  const live: JsonObject = {
    metadata: {name: 'a', creationTimestamp: created, managedFields: entries.map(entry)},
    data: Object.fromEntries([...keys].map(key => [key, key])),
    ...more,
  };
  const desired: JsonObject = {
    metadata: {},
    ...(git.length === 0 ? {} : {data: Object.fromEntries(git.map(key => [key, key]))}),
    ...more,
  };
  return ownersOf(live, desired, undefined).map(
    ({entry: {manager, operation}, class: who}: Owner) => `${manager}/${operation} ${who}`,
  );
}

describe('an owner of an unknown name', () => {
  const cases: [what: string, git: string[], entries: Entry[], expected: string[]][] = [
    ['applied most of what git declares', ['a', 'b'], [['deployer/Apply', ['a', 'b', 'c']]], ['git']],
    [
      'is the only one who can have brought the object, whatever git took out of it',
      [],
      [['deployer/Apply', ['a', 'b']]],
      ['git'],
    ],
    [
      'is the only one beside controllers and edits',
      ['d'],
      [
        ['deployer/Update', ['a', 'b'], created],
        ['kube-controller-manager/Update', ['c']],
        ['kubectl-edit/Update', ['f']],
      ],
      ['person', 'git', 'controller'],
    ],
    [
      'is one of two who can have brought it, the other by a name as controllers have it',
      ['d'],
      [
        ['deployer/Update', ['a', 'b']],
        ['release-manager/Update', ['c']],
      ],
      ['git', 'unclear'],
    ],
    [
      'is not the only one: either may have',
      [],
      [
        ['deployer/Update', ['a', 'b']],
        ['other/Update', ['c']],
      ],
      ['unclear', 'unclear'],
    ],
    [
      'wrote into what somebody else had brought',
      ['a'],
      [
        ['argocd-controller/Apply', ['a']],
        ['vpa/Update', ['b']],
      ],
      ['git', 'controller'],
    ],
    [
      'wrote when the object was made: it may be who made it',
      ['a'],
      [
        ['argocd-controller/Apply', ['a']],
        ['vpa/Update', ['b'], created],
      ],
      ['git', 'unclear'],
    ],
    [
      'owns more than who is known to bring manifests',
      ['a'],
      [
        ['kubectl/Apply', ['a']],
        ['deployer/Update', ['b', 'c']],
      ],
      ['git', 'unclear'],
    ],
    [
      'still owns some of what git declares',
      ['a', 'b', 'c', 'd'],
      [
        ['argocd-controller/Apply', ['a', 'b', 'c', 'd']],
        ['deployer/Update', ['a', 'e']],
      ],
      ['git', 'unclear'],
    ],
    [
      'applied what git does not declare: a part by a person, an older manifest, or a controller’s own',
      ['a'],
      [
        ['kubectl/Apply', ['a']],
        ['jane/Apply', ['b']],
      ],
      ['git', 'unclear'],
    ],
  ];
  for (const [what, git, entries, expected] of cases) {
    test(what, () => {
      assert.deepEqual(
        classes(git, entries).map(text => text.split(' ')[1]),
        expected,
      );
    });
  }

  test('wrote when an object with a pod template was made, of which a maker always owns some', () => {
    const more = {spec: {template: {metadata: {labels: {app: 'web'}}}}};
    const entries: Entry[] = [
      ['argocd-controller/Apply', ['a']],
      ['vpa/Update', ['b'], created],
    ];
    assert.deepEqual(classes(['a'], entries, more), ['argocd-controller/Apply git', 'vpa/Update controller']);
  });
});

describe('an owner with a name as controllers have it', () => {
  const cases: [what: string, git: string[], entries: Entry[], expected: string[]][] = [
    [
      'is one beside whoever brought the object',
      ['a'],
      [
        ['kubectl-create/Update', ['a']],
        ['some-operator/Update', ['b', 'c', 'd']],
        ['cert-manager-cainjector/Apply', ['e']],
      ],
      ['person', 'controller', 'controller'],
    ],
    ['applies most of what git declares: it brings it', ['a'], [['deploy-controller/Apply', ['a']]], ['git']],
    [
      'updates most of it: it may have been there first',
      ['a'],
      [['my-operator/Update', ['a', 'b']]],
      ['unclear'],
    ],
    ['is the only one, and git took all out', [], [['deploy-controller/Apply', ['a']]], ['unclear']],
    [
      'is Kubernetes itself, which brings nobody’s manifests',
      [],
      [
        ['kube-controller-manager/Update', ['a']],
        ['system:node:one/Update', ['b']],
      ],
      ['controller', 'controller'],
    ],
    [
      'by a webhook within its own apply',
      ['a'],
      [
        ['deploy-controller/Apply', ['a']],
        ['deploy-controller/Update', ['b']],
      ],
      ['git', 'git'],
    ],
  ];
  for (const [what, git, entries, expected] of cases) {
    test(what, () => {
      assert.deepEqual(
        classes(git, entries).map(text => text.split(' ')[1]),
        expected,
      );
    });
  }
});

test('a controller that was handed what kubectl apply owned brought only that', () => {
  const owned = {'f:annotations': {'f:kubectl.kubernetes.io/last-applied-configuration': {}}};
  const handed = {
    ...entry(['my-operator/Apply', []]),
    fieldsV1: {'f:metadata': owned, 'f:data': {'f:a': {}, 'f:b': {}}},
  };
  const annotations = {'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"a":"a"}}'};
  const live: JsonObject = {metadata: {annotations, managedFields: [handed]}, data: {a: 'a', b: 'b'}};
  const owners = ownersOf(live, {metadata: {}}, undefined).map(({entry: {fields}, class: who}) => [
    who,
    [...fields.leaves()].map(path => formatPath(path)).filter(path => path.startsWith('data')),
  ]);
  assert.deepEqual(owners, [
    ['git', ['data.a']],
    ['controller', ['data.b']],
  ]);
});

describe('what an owner has may be a default of the server', () => {
  const cases: [who: string, expected: boolean][] = [
    ['kubectl/Apply', false],
    ['kubectl-client-side-apply/Update', true],
    ['argocd-controller/Update', true],
    ['kubectl-create/Update', true],
    ['kubectl-replace/Update', true],
    ['kubectl-edit/Update', false],
    ['kubectl-label/Update', false],
    // What a webhook makes of an apply is noted as an update of the same name; scaling is not.
    ['kubectl/Update', true],
    ['kubectl/Update/scale', false],
    ['deployer/Apply', false],
    ['deployer/Update', true],
  ];
  for (const [who, expected] of cases) {
    test(who, () => {
      const live: JsonObject = {metadata: {managedFields: [entry([who, ['a']])]}, data: {a: 'a'}};
      const [owner] = ownersOf(live, {metadata: {}, data: {a: 'a'}}, undefined);
      assert.equal(owner?.ownsDefaults, expected);
    });
  }
});
