import assert from 'node:assert/strict';
import {test} from 'node:test';
import {DefaultsLearned} from '../../source/drift/defaults.ts';
import {compareLocal} from '../../source/drift/local.ts';
import {prepareDesired} from '../../source/drift/normalise.ts';
import {heardOfRewriting} from '../../source/drift/rewritten.ts';
import type {JsonObject} from '../../source/resources/json.ts';

const id = {group: '', kind: 'ConfigMap', namespace: 'shop', name: 'map'};
const map = (a: string, metadata: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {name: 'map', ...metadata},
  data: {a},
});

/** How much of `git: a` against `live: b` is certain, by who applied it and what else is known. */
function certainties(manager: string, former: string[], isKnown: boolean): boolean[] {
  const fieldsV1 = {'f:data': {'f:a': {}}};
  const entry = {manager, operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1};
  const live = map('b', {managedFields: [entry]});
  const prepared = prepareDesired(map('a'), undefined);
  const local = compareLocal({
    id,
    prepared,
    live,
    schema: undefined,
    ignore: [],
    learned: new DefaultsLearned(),
    autoscaled: false,
  });
  const subject = {id, live, schema: undefined, desired: prepared.object};
  const heard = heardOfRewriting(local, {...subject, former: former.map(value => map(value)), isKnown});
  return heard.differences.map(({certain}) => certain);
}

test('a difference may be a webhook’s work only where one is known, git applied it, and git never said otherwise', () => {
  assert.deepEqual(certainties('argocd-controller', [], true), [false]);
  assert.deepEqual(certainties('argocd-controller', ['a'], true), [false]);
  assert.deepEqual(certainties('argocd-controller', ['a', 'b'], true), [true]);
  assert.deepEqual(certainties('argocd-controller', [], false), [true], 'webhooks could not be listed');
  assert.deepEqual(certainties('kubectl-edit', [], true), [true], 'a person set it');
});
