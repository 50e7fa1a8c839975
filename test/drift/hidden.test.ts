import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {allHidden, droppedFromGit} from '../../source/drift/hidden.ts';
import type {HiddenField, ResourceDrift} from '../../source/drift/types.ts';
import {fields} from '../../source/resources/field-path.ts';
import type {JsonObject} from '../../source/resources/json.ts';
import {createMask} from '../../source/secrets/mask.ts';

function resource(
  desired: JsonObject | null,
  live: JsonObject | null,
  more: Partial<ResourceDrift> = {},
): ResourceDrift {
  return {
    id: {group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web'},
    version: 'v1',
    status: 'Modified',
    health: 'Healthy',
    healthMessage: '',
    verdict: 'server',
    source: null,
    fields: [],
    hidden: [],
    notes: [],
    error: null,
    desired,
    live,
    ...more,
  };
}

const words = ({path, reason, desired, live}: HiddenField) =>
  `${reason} ${path}: ${desired === undefined ? '' : JSON.stringify(desired)} > ${live === undefined ? '' : JSON.stringify(live)}`;

const git: JsonObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {name: 'web', namespace: 'shop'},
  spec: {
    replicas: 3,
    paused: false,
    template: {spec: {containers: [{name: 'web', image: 'web:1', resources: {limits: {cpu: '1000m'}}}]}},
  },
};
const live: JsonObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'web',
    namespace: 'shop',
    uid: 'u',
    annotations: {'deployment.kubernetes.io/revision': '1', note: 'x'},
  },
  spec: {
    replicas: 5,
    strategy: {type: 'RollingUpdate'},
    template: {
      spec: {
        containers: [
          {name: 'injected', image: 'side:1'},
          {name: 'web', image: 'web:2', resources: {limits: {cpu: '1'}}, ports: [{containerPort: 80}]},
        ],
      },
    },
  },
  status: {replicas: 5},
};

describe('what is hidden', () => {
  test('is all that differs and is told nowhere else', () => {
    const told = resource(git, live, {
      fields: [
        {path: 'spec.replicas', elements: fields('spec', 'replicas'), change: 'changed'},
        {path: 'spec.template.spec.containers[name=web].image', elements: [], change: 'changed'},
      ],
      hidden: [
        {path: 'metadata.annotations.note', reason: 'ignored', because: 'ignored by a rule', live: 'x'},
        {
          path: 'spec.template.spec.containers[name=web].ports[containerPort=80,protocol=TCP]',
          reason: 'mutated',
          because: 'x',
        },
      ],
    });
    assert.deepEqual(allHidden(told).map(words), [
      'ignored metadata.annotations.note:  > "x"',
      'mutated spec.template.spec.containers[name=web].ports[containerPort=80,protocol=TCP]:  > ',
      'server metadata.uid:  > "u"',
      'controller metadata.annotations["deployment.kubernetes.io/revision"]:  > "1"',
      'server spec.paused: false > ',
      'server spec.template.spec.containers[name=web].resources.limits.cpu: "1000m" > "1"',
      // The key's default is not in the object: told twice rather than not at all.
      'defaulted spec.template.spec.containers[name=web].ports:  > [{"containerPort":80}]',
      'defaulted spec.template.spec.containers[name=injected]:  > {"name":"injected","image":"side:1"}',
      'defaulted spec.strategy:  > {"type":"RollingUpdate"}',
      'server status:  > {"replicas":5}',
    ]);
  });

  test('is nothing where both sides say the same', () => assert.deepEqual(allHidden(resource(git, git)), []));

  test('is only what was told where one side is missing, or nothing was decided', () => {
    const hidden: HiddenField[] = [{path: 'a', reason: 'ignored', because: 'b'}];
    for (const one of [
      resource(null, live, {hidden}),
      resource(git, null, {hidden}),
      resource(git, live, {hidden, status: 'Unknown'}),
    ])
      assert.deepEqual(allHidden(one), hidden);
  });

  test('does not call undecided what is', () => {
    const [first] = allHidden(resource({}, {spec: 1}, {notes: ['undecided: spec may be a default']}));
    assert.equal(first?.because, 'git says nothing of it');
  });
});

test('what git says and nobody compares', () => {
  const mask = createMask();
  const written: JsonObject = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 'a',
      creationTimestamp: null,
      uid: 'u',
      annotations: {'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"p":"aHVudGVy"}}'},
    },
    status: {x: 1},
  };
  const hidden = droppedFromGit(written, {nulls: [fields('metadata', 'creationTimestamp')]}, mask);
  assert.deepEqual(
    hidden.map(({path}) => path),
    [
      'status',
      'metadata.uid',
      'metadata.annotations["kubectl.kubernetes.io/last-applied-configuration"]',
      'metadata.creationTimestamp',
    ],
  );
  assert.ok(!JSON.stringify(hidden).includes('aHVudGVy'));
});
