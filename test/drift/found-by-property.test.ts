import assert from 'node:assert/strict';
import {describe} from 'node:test';
import type {JsonObject} from '../../source/resources/json.ts';
import {inWords, scenario, told, yaml} from './bench.ts';

// What the property test found, each in its smallest form: [what, live, git, verdict].
const cases: [what: string, live: JsonObject, git: JsonObject, expected: string[]][] = [
  [
    'an empty text that git dropped from a map is no default',
    yaml("{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {kept: a, dropped: ''}}"),
    yaml('{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {kept: a}}'),
    ['Modified', 'added data.dropped by kubectl'],
  ],
  [
    'pull secrets of a service account that git dropped',
    yaml('{apiVersion: v1, kind: ServiceAccount, metadata: {name: s}, imagePullSecrets: [{name: r}]}'),
    yaml('{apiVersion: v1, kind: ServiceAccount, metadata: {name: s}}'),
    ['Modified', 'added imagePullSecrets by kubectl'],
  ],
  [
    'a role without rules, which the server writes as null',
    yaml('{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: r}, rules: []}'),
    yaml('{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: r}, rules: []}'),
    ['Synced'],
  ],
  [
    'metrics in another order, with an amount spelt in another way',
    metrics('cpu', 'memory'),
    metrics('memory', 'cpu'),
    ['Synced'],
  ],
];

describe('found by the property test, for a reader and for an admin', () => {
  for (const [what, live, git, expected] of cases) {
    scenario(what, async bench => {
      await bench.apply(live);
      for (const mode of ['local', 'server'] as const) {
        const drift = await bench.judge(git, {mode});
        assert.deepEqual(told(drift), expected, `${mode}: ${inWords(drift)}`);
      }
    });
  }
});

function metrics(...names: string[]): JsonObject {
  const list = names
    .map(
      name =>
        `{type: Resource, resource: {name: ${name}, target: {type: AverageValue, averageValue: 1024Mi}}}`,
    )
    .join(', ');
  return yaml(`
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: h}
spec:
  maxReplicas: 3
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  metrics: [${list}]
`);
}

describe('found by the property test, where the server has to be asked', () => {
  scenario('a service account that git dropped goes with its old spelling', async bench => {
    const job = (account: string) =>
      yaml(`
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {${account} containers: [{name: web, image: web}]}
`);
    await bench.apply(job('serviceAccountName: builder,'));
    const drift = await bench.judge(job(''));
    assert.deepEqual(
      told(drift),
      ['Modified', 'added spec.template.spec.serviceAccountName by kubectl'],
      inWords(drift),
    );
  });
});
