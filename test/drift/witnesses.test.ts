import assert from 'node:assert/strict';
import {test} from 'node:test';
import {DefaultsLearned} from '../../source/drift/defaults.ts';
import {compareLocal} from '../../source/drift/local.ts';
import {prepareDesired} from '../../source/drift/normalise.ts';
import {heardAll} from '../../source/drift/witnesses.ts';
import {identityOf} from '../../source/resources/identity.ts';
import type {JsonObject} from '../../source/resources/json.ts';

const note = 'kubectl.kubernetes.io/last-applied-configuration';

// Found by the property test: kube-apiserver writes the note anew within an apply by `kubectl`, and says nobody did.
test('a note of kubectl apply that is silent about a label never proves it to be filled in', () => {
  const left = (others: JsonObject[], isUntouched: boolean, said = '{"spec":{"podSelector":{}}}') => {
    const live: JsonObject = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: {
        name: 'n',
        labels: {app: 'web'},
        annotations: {[note]: said},
        managedFields: [
          {
            manager: 'kubectl-client-side-apply',
            operation: 'Update',
            fieldsV1: {
              'f:metadata': {'f:annotations': {[`f:${note}`]: {}}, 'f:labels': {'f:app': {}}},
              'f:spec': {'f:podSelector': {}},
            },
          },
          ...others,
        ],
      },
      spec: {podSelector: {}},
    };
    const desired: JsonObject = {...live, metadata: {name: 'n'}};
    const id = identityOf(desired);
    const prepared = prepareDesired(desired, undefined);
    const learned = new DefaultsLearned();
    const input = {id, prepared, live, schema: undefined, ignore: [], learned, autoscaled: false};
    const heard = heardAll(compareLocal(input), {id, live, schema: undefined, isUntouched});
    return heard.removalCandidates.map(({path, certain}) => `${path} ${certain ? 'was set' : 'is open'}`);
  };
  const byServer = {manager: 'kubectl', operation: 'Apply', fieldsV1: {'f:spec': {'f:podSelector': {}}}};
  assert.deepEqual(left([byServer], true), ['metadata.labels.app was set']);
  assert.deepEqual(left([byServer], false), ['metadata.labels.app is open']);
  // An earlier apply may have set it, whose own note somebody replaced in between; or a webhook did.
  assert.deepEqual(left([], false), ['metadata.labels.app is open']);
  assert.deepEqual(left([], true), ['metadata.labels.app is open']);
  assert.deepEqual(left([], false, '{"metadata":{"labels":{"app":"web"}}}'), ['metadata.labels.app was set']);
});
