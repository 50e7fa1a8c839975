import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readDryRunError} from '../../source/drift/dry-run-error.ts';

test('a dump of the pod template is cut short, what is wrong with it stays', () => {
  const dump = `core.PodTemplateSpec{ObjectMeta:v1.ObjectMeta{Name:"", ${'Labels:map[string]string(nil), '.repeat(80)}}}`;
  const message = `Invalid value: ${dump}: field is immutable`;
  const read = readDryRunError({
    reason: 'invalid',
    message: `Job.batch "a" is invalid: spec.template: ${message}`,
    causes: [{field: 'spec.template', message}],
  });
  assert.equal(read.kind, 'immutable');
  assert.ok(read.message.length < 150, read.message);
  assert.match(read.message, /^spec\.template: Invalid value: core\.PodTemplateSpec.*…: field is immutable$/);
});

test('a short value is told whole', () => {
  const message = 'Invalid value: "10.0.0.1": may not change once set';
  const read = readDryRunError({reason: 'invalid', message, causes: [{field: 'spec.clusterIP', message}]});
  assert.deepEqual(read, {kind: 'immutable', message: `spec.clusterIP: ${message}`});
});

// The words of pkg/apis/{core,rbac,scheduling,storage}/validation.
for (const [message, says = message] of [
  ['Invalid value: {"Name":"edit"}: cannot change roleRef'],
  ['Forbidden: may not be changed in an update.'],
  ['Forbidden: updates to parameters are forbidden.'],
  [
    'Forbidden: pod updates may not change fields other than `spec.tolerations`\n  core.PodSpec{\n- \tHostname: "a",\n  }\n',
    'Forbidden: pod updates may not change fields other than `spec.tolerations`',
  ],
] as const) {
  test(`immutable: ${says}`, () => {
    const read = readDryRunError({reason: 'invalid', message, causes: [{field: 'spec', message}]});
    assert.deepEqual(read, {kind: 'immutable', message: `spec: ${says}`});
  });
}
