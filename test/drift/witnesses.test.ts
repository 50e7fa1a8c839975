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
test('a note that server-side apply of kubectl wrote anew proves no label to be filled in', () => {
  const left = (others: JsonObject[], isUntouched: boolean) => {
    const live: JsonObject = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: {
        name: 'n',
        labels: {app: 'web'},
        annotations: {[note]: '{"spec":{"podSelector":{}}}'},
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
    return heard.removalCandidates.map(({path}) => path);
  };
  const byServer = {manager: 'kubectl', operation: 'Apply', fieldsV1: {'f:spec': {'f:podSelector': {}}}};
  assert.deepEqual(left([byServer], true), ['metadata.labels.app']);
  assert.deepEqual(left([byServer], false), ['metadata.labels.app']);
  assert.deepEqual(left([], false), []);
  // Where no webhook is, an earlier apply set it, whatever the note says that is there now.
  assert.deepEqual(left([], true), ['metadata.labels.app']);
});
