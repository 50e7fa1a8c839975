import assert from 'node:assert/strict';
import {describe} from 'node:test';
import type {JsonObject} from '../../source/resources/json.ts';
import {type Bench, inWords, scenario, told, yaml} from './bench.ts';

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

describe('found by the property test, after more than one step, for a reader and for an admin', () => {
  const role = (rules: string) =>
    yaml(`{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: r}${rules}}`);
  const rules = ', rules: [{apiGroups: [apps], resources: [deployments], verbs: [get]}]';
  const secret = (rest: string) => yaml(`{apiVersion: v1, kind: Secret, metadata: {name: s}${rest}}`);
  const map = (rest: string) => yaml(`{apiVersion: v1, kind: ConfigMap, metadata: {name: c}${rest}}`);
  const policy = (types: string) =>
    yaml(`
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: n}
spec: {podSelector: {}, policyTypes: ${types}, ingress: [{ports: [{port: 80}]}]}
`);
  const range = (rest: string) =>
    yaml(
      `{apiVersion: v1, kind: LimitRange, metadata: {name: l}, spec: {limits: [{type: Container${rest}}]}}`,
    );
  const service = (affinity: string) =>
    yaml(`
apiVersion: v1
kind: Service
metadata: {name: s}
spec: {ports: [{port: 80}], sessionAffinityConfig: ${affinity}}
`);
  const steps: [
    what: string,
    bring: (bench: Bench) => Promise<unknown>,
    git: JsonObject,
    expected: string[],
  ][] = [
    [
      'a role that a tool of an unknown name applied, and git took all rules out of it',
      bench => bench.apply(role(rules), 'deployer'),
      role(''),
      ['Modified', 'added rules by deployer'],
    ],
    [
      'a Secret that a tool of an unknown name created, and git took all of it out',
      bench => bench.kubectl('create --field-manager=deployer -f -', secret(', data: {a: YQ==, b: Yg==}')),
      secret(''),
      ['Modified', 'added data.a by deployer', 'added data.b by deployer'],
    ],
    [
      'a role whose rules git and a person both took away, which live has as null',
      async bench => {
        await bench.apply(role(rules), 'argocd-controller');
        await bench.patch('role r', '{"rules":null}');
      },
      role(''),
      ['Synced'],
    ],
    [
      'an empty list of policy types, of which the server makes the default',
      bench => bench.kubectl('apply -f -', policy('[Ingress]')),
      policy('[]'),
      ['Synced'],
    ],
    [
      'an entry of a ConfigMap that kubectl create brought and git dropped',
      bench => bench.kubectl('create -f -', map(', data: {a: a, b: b}')),
      map(', data: {a: a}'),
      ['Modified', 'added data.b by kubectl-create'],
    ],
    [
      'an entry of a ConfigMap that kubectl replace brought and git dropped',
      async bench => {
        await bench.kubectl('create -f -', map(', data: {a: a}'));
        await bench.kubectl('replace -f -', map(', data: {a: a, b: b}, binaryData: {c: Yw==}'));
      },
      map(', data: {a: a}'),
      ['Modified', 'added binaryData.c by kubectl-replace', 'added data.b by kubectl-replace'],
    ],
    [
      'the defaults of a limit range, which are none of the server’s',
      bench => bench.kubectl('apply -f -', range(', default: {memory: 1Gi}, min: {cpu: 10m}')),
      range(', min: {cpu: 10m}'),
      ['Modified', 'changed spec.limits by kubectl-client-side-apply'],
    ],
    [
      'what a service without session affinity says of it, which the server drops',
      bench => bench.kubectl('apply -f -', service('{clientIP: {timeoutSeconds: 60}}')),
      service('{}'),
      ['Synced'],
    ],
    [
      'pull secrets of a service account that a person created and git dropped',
      bench =>
        bench.kubectl(
          'create -f -',
          yaml('{apiVersion: v1, kind: ServiceAccount, metadata: {name: s}, imagePullSecrets: [{name: r}]}'),
        ),
      yaml('{apiVersion: v1, kind: ServiceAccount, metadata: {name: s}}'),
      ['Modified', 'added imagePullSecrets by kubectl-create'],
    ],
  ];
  for (const [what, bring, git, expected] of steps) {
    scenario(what, async bench => {
      await bring(bench);
      for (const mode of ['local', 'server'] as const) {
        const drift = await bench.judge(git, {mode});
        assert.deepEqual(told(drift), expected, `${mode}: ${inWords(drift)}`);
      }
    });
  }
});

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
