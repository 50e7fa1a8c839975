import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {missing, unknown} from '../../source/drift/answers.ts';
import {DefaultsLearned} from '../../source/drift/defaults.ts';
import {compareLocal} from '../../source/drift/local.ts';
import {prepareDesired} from '../../source/drift/normalise.ts';
import type {ResourceDrift} from '../../source/drift/types.ts';
import {type DryRun, verdict} from '../../source/drift/verdict.ts';
import {argoHealth} from '../../source/health/argo-cd.ts';
import {identityOf} from '../../source/resources/identity.ts';
import {isObject, type JsonObject, objectAt} from '../../source/resources/json.ts';
import {schemaOf} from '../../source/resources/schema.ts';

const schema = schemaOf({
  type: 'object',
  properties: {
    metadata: {
      type: 'object',
      properties: {labels: {type: 'object', additionalProperties: {type: 'string'}}},
    },
    data: {type: 'object', additionalProperties: {type: 'string'}},
    spec: {
      type: 'object',
      properties: {replicas: {type: 'integer'}, optional: {type: 'boolean'}, other: {type: 'string'}},
    },
  },
});

const git: JsonObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {name: 'web', namespace: 'shop'},
  spec: {replicas: 3},
};

function liveOf(spec: JsonObject, entries: JsonObject[] = [], metadata: JsonObject = {}): JsonObject {
  return {
    ...git,
    metadata: {
      ...objectAt(git, 'metadata'),
      uid: 'u',
      resourceVersion: '7',
      managedFields: entries,
      ...metadata,
    },
    spec,
  };
}

function owned(
  manager: string,
  operation: 'Apply' | 'Update',
  spec: JsonObject,
  time = '2026-01-01T00:00:00Z',
) {
  return {
    manager,
    operation,
    apiVersion: 'apps/v1',
    time,
    fieldsType: 'FieldsV1',
    fieldsV1: {'f:spec': spec},
  };
}

interface More {
  desired?: JsonObject;
  applied?: DryRun;
  stripped?: DryRun;
  autoscaled?: boolean | 'unknown';
  renamedFrom?: string;
}

function judged(live: JsonObject, {desired = git, autoscaled = false, ...more}: More = {}): ResourceDrift {
  const prepared = prepareDesired(desired, schema);
  const learned = new DefaultsLearned();
  const id = identityOf(desired);
  const local = compareLocal({id, prepared, live, schema, ignore: [], learned, autoscaled});
  const rest = {id, version: 'apps/v1', source: null, healthOf: argoHealth, mask: () => '***', learned};
  return verdict({...rest, prepared, live, schema, local, ...more});
}

function refused(
  reason: Extract<DryRun, {error: unknown}>['error']['reason'],
  message: string,
  field = '',
): DryRun {
  return {
    error: {reason, message, causes: field === '' ? [] : [{field, message, reason: 'FieldValueInvalid'}]},
  };
}

const scaled = liveOf({replicas: 5}, [
  owned('kubectl', 'Update', {'f:replicas': {}}, '2026-02-01T00:00:00Z'),
]);

describe('what the dry run says decides', () => {
  test('a difference that it confirms', () => {
    const drift = judged(scaled, {applied: {object: liveOf({replicas: 3})}});
    assert.equal(drift.status, 'Modified');
    assert.equal(drift.verdict, 'server');
    assert.deepEqual(
      drift.fields.map(({path, change, desired, live, manager, changedAt}) => [
        path,
        change,
        desired,
        live,
        manager,
        changedAt,
      ]),
      [['spec.replicas', 'changed', 3, 5, 'kubectl', '2026-02-01T00:00:00Z']],
    );
  });

  test('34: a value that it rewrites is a note', () => {
    const drift = judged(scaled, {applied: {object: scaled}});
    assert.equal(drift.status, 'Synced');
    assert.equal(drift.verdict, 'server');
    assert.match(drift.notes.join(), /mutated: spec.replicas/);
    assert.equal(drift.hidden[0]?.reason, 'mutated');
  });

  test('a difference that only it sees: gitops-tui gives up what git dropped', () => {
    const live = liveOf({replicas: 5, other: 'x'}, [
      owned('gitops-tui', 'Apply', {'f:replicas': {}, 'f:other': {}}),
    ]);
    const drift = judged(live, {
      applied: {object: liveOf({replicas: 3})},
      stripped: {object: liveOf({replicas: 5})},
    });
    assert.deepEqual(
      drift.fields.map(({path, change, manager}) => `${change} ${path} ${manager}`),
      ['changed spec.replicas gitops-tui', 'added spec.other gitops-tui'],
    );
  });

  test('a zero that it leaves out', () => {
    const desired = {...git, spec: {replicas: 3, optional: false}};
    const live = liveOf({replicas: 3});
    assert.equal(judged(live, {desired, applied: {object: live}}).status, 'Synced');
    const other = judged(live, {desired, applied: {object: liveOf({replicas: 3, optional: false})}});
    assert.deepEqual(
      other.fields.map(({path}) => path),
      ['spec.optional'],
    );
    // Nobody can tell without it.
    assert.equal(judged(live, {desired}).status, 'Unknown');
  });
});

describe('what its refusal says', () => {
  const cases: [string, DryRun, ResourceDrift['status'], ResourceDrift['verdict'], RegExp][] = [
    [
      '48: immutable',
      refused('invalid', 'Invalid value: 3: field is immutable', 'spec.replicas'),
      'Modified',
      'server',
      /needs replace: spec.replicas/,
    ],
    [
      '48: forbidden updates',
      refused(
        'invalid',
        'spec: Forbidden: updates to statefulset spec for fields other than a are forbidden',
      ),
      'Modified',
      'server',
      /needs replace/,
    ],
    [
      '57: a webhook that refuses dry runs',
      refused('invalid', 'admission webhook "x" does not support dry run'),
      'Modified',
      'local',
      /refuses dry runs/,
    ],
    [
      'no right to patch',
      refused('forbidden', 'deployments "web" is forbidden: User "jane" cannot patch'),
      'Modified',
      'local',
      /no right to patch/,
    ],
    [
      'admission says no',
      refused('forbidden', 'admission webhook "x" denied the request: no'),
      'Modified',
      'local',
      /would be refused.*denied/,
    ],
    [
      'a manifest that it refuses: certain to differ',
      refused('invalid', 'spec.replicas: Invalid value: -1', 'spec.replicas'),
      'Modified',
      'local',
      /Invalid value: -1/,
    ],
    ['58: no answer', refused('timeout', 'no answer in 30 s'), 'Unknown', 'local', /no answer/],
    [
      '56: it moved',
      refused('conflict', 'the object has been modified'),
      'Unknown',
      'local',
      /changed while/,
    ],
  ];
  for (const [name, applied, status, by, words] of cases) {
    test(name, () => {
      const drift = judged(scaled, {applied});
      assert.equal(drift.status, status);
      assert.equal(drift.verdict, by);
      assert.match([drift.error ?? '', ...drift.notes].join(), words);
      assert.deepEqual(
        drift.fields.map(({path}) => path),
        ['spec.replicas'],
      );
    });
  }
});

describe('what is live and not in git', () => {
  const byCreate = liveOf({replicas: 3, other: 'x'}, [
    owned('kubectl-create', 'Update', {'f:replicas': {}, 'f:other': {}}),
  ]);

  test('comes back: a default', () => {
    const drift = judged(byCreate, {stripped: {object: byCreate}});
    assert.equal(drift.status, 'Synced');
    assert.equal(drift.verdict, 'server');
    assert.deepEqual(
      drift.hidden.map(({path, reason}) => `${path} ${reason}`),
      ['spec.other defaulted'],
    );
  });

  test('stays away: drift', () => {
    const drift = judged(byCreate, {stripped: {object: liveOf({replicas: 3})}});
    assert.deepEqual(
      drift.fields.map(({path, live, manager}) => [path, live, manager]),
      [['spec.other', 'x', 'kubectl-create']],
    );
  });

  test('may be either: Unknown where the server can not be asked', () => {
    const drift = judged(byCreate);
    assert.equal(drift.status, 'Unknown');
    assert.match(drift.error ?? '', /spec.other.*only the server can tell/);
  });

  test('is refused to be removed: something of it was set', () => {
    const drift = judged(byCreate, {stripped: refused('invalid', 'field is immutable', 'spec.other')});
    assert.equal(drift.status, 'Modified');
    assert.match(drift.notes.join(), /needs replace/);
  });

  test('a patch that no longer fits is no verdict', () => {
    const misfit = refused('invalid', 'the server rejected our request due to an error in our request');
    assert.equal(judged(byCreate, {stripped: misfit}).status, 'Unknown');
  });

  for (const [name, manager, operation] of [
    ['a controller’s', 'some-controller', 'Update'],
    ['an unknown manager’s', 'somebody', 'Update'],
    ['the HPA’s', 'kube-controller-manager', 'Update'],
    ['a controller’s that applies', 'some-controller', 'Apply'],
  ] as const) {
    test(`33: ${name} own field`, () => {
      const live = liveOf({replicas: 3, other: 'x'}, [
        owned('kubectl', 'Apply', {'f:replicas': {}}),
        owned(manager, operation, {'f:other': {}}),
      ]);
      const drift = judged(live);
      assert.equal(drift.status, 'Synced');
      assert.deepEqual(
        drift.hidden.map(({path, because}) => `${path} ${because}`),
        [`spec.other set by ${manager}`],
      );
    });
  }

  test('a field that a controller applies as well stays when git drops it', () => {
    const live = liveOf({replicas: 3, other: 'x'}, [
      owned('argocd-controller', 'Apply', {'f:replicas': {}, 'f:other': {}}),
      owned('some-controller', 'Apply', {'f:other': {}}),
    ]);
    assert.equal(judged(live).status, 'Synced');
  });

  test('replicas that nobody owns: an autoscaler’s, a person’s, or nobody knows', () => {
    const desired = {...git, spec: {}};
    const live = liveOf({replicas: 4});
    assert.equal(judged(live, {desired, autoscaled: true}).status, 'Synced');
    assert.equal(judged(live, {desired, autoscaled: false}).status, 'Modified');
    assert.equal(judged(live, {desired, autoscaled: 'unknown'}).status, 'Unknown');
    assert.equal(judged(liveOf({replicas: 1}), {desired}).status, 'Synced');
  });
});

describe('objects', () => {
  test('46: terminating is never Synced', () => {
    const live = liveOf({replicas: 3}, [], {deletionTimestamp: '2026-01-01T00:00:00Z'});
    const drift = judged(live);
    assert.equal(drift.status, 'Modified');
    assert.deepEqual(drift.notes, ['terminating since 2026-01-01T00:00:00Z']);
  });

  test('45: under another name it is Modified, with what differs', () => {
    const drift = judged(liveOf({replicas: 2}), {renamedFrom: 'web-old'});
    assert.equal(drift.status, 'Modified');
    assert.deepEqual(
      drift.fields.map(({path}) => path),
      ['spec.replicas'],
    );
    assert.match(drift.notes.join(), /web-old is live/);
    assert.equal(judged(liveOf({replicas: 3}), {renamedFrom: 'web-old'}).status, 'Modified');
  });

  test('43: generateName says so', () => {
    const prepared = prepareDesired(
      {apiVersion: 'v1', kind: 'Pod', metadata: {generateName: 'a-'}},
      undefined,
    );
    assert.match(prepared.error ?? '', /generateName/);
    const drift = missing({
      id: identityOf(prepared.object),
      version: 'v1',
      source: null,
      prepared,
      mask: () => '***',
    });
    assert.equal(drift.status, 'Unknown');
  });

  test('10: a Secret that the server would refuse is Unknown', () => {
    const cases: [JsonObject, RegExp][] = [
      [{data: {a: 'not base64'}}, /data\["a"\] is not valid base64/],
      [{data: {a: 1}}, /data\["a"\] is not valid base64/],
      [{stringData: {a: 1}}, /stringData\["a"\] is a number, not a string/],
      [{stringData: {a: true}}, /is a boolean/],
      [{stringData: ['a']}, /not a map/],
    ];
    for (const [values, words] of cases) {
      const secret: JsonObject = {apiVersion: 'v1', kind: 'Secret', metadata: {name: 's'}, ...values};
      assert.match(prepareDesired(secret, undefined).error ?? '', words);
    }
  });

  test('51: what can not be read is Unknown, with the reason, and masked', () => {
    const desired: JsonObject = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {name: 's'},
      stringData: {a: 'open'},
    };
    const drift = unknown({
      id: identityOf(desired),
      version: 'v1',
      source: null,
      reason: 'forbidden',
      desired,
      mask: () => '***',
    });
    assert.equal(drift.status, 'Unknown');
    assert.equal(drift.error, 'forbidden');
    assert.ok(isObject(drift.desired));
    assert.ok(!JSON.stringify(drift).includes('open'));
  });

  test('live metadata and status of the server’s are never compared', () => {
    const desired = {
      ...git,
      metadata: {...objectAt(git, 'metadata'), uid: 'other', resourceVersion: '1', generation: 9},
      status: {a: 1},
    };
    assert.equal(judged(liveOf({replicas: 3}), {desired}).status, 'Synced');
  });
});
