import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {fingerprint} from '../../../../source/engines/direct/history/fingerprint.ts';
import {cloneJson, type JsonObject} from '../../../../source/resources/json.ts';

const live = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'web',
    uid: 'u1',
    resourceVersion: '7',
    managedFields: [
      {
        manager: 'kubectl',
        operation: 'Apply',
        time: '2026-11-21T08:00:00Z',
        fieldsV1: {'f:spec': {'f:replicas': {}}},
      },
      {manager: 'controller', operation: 'Update', subresource: 'status', fieldsV1: {'f:status': {}}},
    ],
  },
  spec: {replicas: 3n},
  status: {ready: 3},
};

function changed(change: (copy: typeof live) => void): JsonObject {
  const copy = cloneJson(live as unknown as JsonObject) as unknown as typeof live;
  change(copy);
  return copy as unknown as JsonObject;
}

describe('a fingerprint', () => {
  const own = fingerprint(live as unknown as JsonObject);

  const same: Record<string, JsonObject> = {
    'the status': changed(copy => Object.assign(copy.status, {ready: 1})),
    'the resourceVersion': changed(copy => Object.assign(copy.metadata, {resourceVersion: '9'})),
    'the time of an owner': changed(copy =>
      Object.assign(copy.metadata.managedFields[0] ?? {}, {time: 'later'}),
    ),
    'who owns the status': changed(copy => copy.metadata.managedFields.pop()),
    'the order of keys': Object.fromEntries(Object.entries(live).reverse()) as unknown as JsonObject,
  };
  for (const [what, object] of Object.entries(same)) {
    test(`stays when it is ${what} that moves`, () => assert.equal(fingerprint(object), own));
  }

  const other: Record<string, JsonObject | null> = {
    'a value': changed(copy => Object.assign(copy.spec, {replicas: 4n})),
    'an owner': changed(copy => Object.assign(copy.metadata.managedFields[0] ?? {}, {manager: 'helm'})),
    'the object itself, made anew': changed(copy => Object.assign(copy.metadata, {uid: 'u2'})),
    'whether it is there': null,
  };
  for (const [what, object] of Object.entries(other)) {
    test(`changes with ${what}`, () => assert.notEqual(fingerprint(object), own));
  }
});
