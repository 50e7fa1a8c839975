import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import type {HealthStatus} from '../../source/drift/types.ts';
import {type HealthProfile, healthRule, worst} from '../../source/health/health.ts';
import {healthByScripts} from '../../source/health/scripts.ts';
import type {JsonObject} from '../../source/resources/json.ts';

const apiVersions: Record<string, string> = {
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  DaemonSet: 'apps/v1',
  ReplicaSet: 'apps/v1',
  Job: 'batch/v1',
  CronJob: 'batch/v1',
  Ingress: 'networking.k8s.io/v1',
  APIService: 'apiregistration.k8s.io/v1',
  HorizontalPodAutoscaler: 'autoscaling/v2',
  PodDisruptionBudget: 'policy/v1',
  CustomResourceDefinition: 'apiextensions.k8s.io/v1',
  Thing: 'example.org/v1',
};

function object(kind: string, spec: JsonObject, status: JsonObject, metadata: JsonObject = {}): JsonObject {
  return {
    apiVersion: apiVersions[kind] ?? 'v1',
    kind,
    metadata: {name: 'x', generation: 2, ...metadata},
    spec,
    status,
  };
}

const condition = (type: string, status: string, reason = '', message = ''): JsonObject => ({
  type,
  status,
  reason,
  message,
});
const seen = {observedGeneration: 2};
const counts = {replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2};
const rolledOut = [
  condition('Progressing', 'True', 'NewReplicaSetAvailable'),
  condition('Available', 'True'),
];
const scheduled = {
  desiredNumberScheduled: 2,
  currentNumberScheduled: 2,
  updatedNumberScheduled: 2,
  numberAvailable: 2,
  numberReady: 2,
};
const waiting = (reason: string): JsonObject => ({name: 'web', state: {waiting: {reason, message: reason}}});
const address = {loadBalancer: {ingress: [{ip: '192.0.2.1'}]}};

type Row = [name: string, object: JsonObject, argocd: HealthStatus, kstatus: HealthStatus];

const rows: Row[] = [
  [
    'being deleted',
    object('ConfigMap', {}, {}, {deletionTimestamp: '2026-01-01T00:00:00Z'}),
    'Progressing',
    'Progressing',
  ],
  ['of a kind without a rule', object('ConfigMap', {}, {}), 'Healthy', 'Healthy'],

  [
    'Deployment rolled out',
    object('Deployment', {replicas: 2}, {...seen, ...counts, conditions: rolledOut}),
    'Healthy',
    'Healthy',
  ],
  [
    'Deployment paused',
    object('Deployment', {replicas: 2, paused: true}, {...seen, ...counts, conditions: rolledOut}),
    'Suspended',
    'Healthy',
  ],
  [
    'Deployment unobserved',
    object('Deployment', {replicas: 2}, {observedGeneration: 1, ...counts, conditions: rolledOut}),
    'Progressing',
    'Progressing',
  ],
  [
    'Deployment past its deadline',
    object(
      'Deployment',
      {replicas: 2},
      {...seen, conditions: [condition('Progressing', 'False', 'ProgressDeadlineExceeded')]},
    ),
    'Degraded',
    'Degraded',
  ],
  [
    'Deployment not updated',
    object('Deployment', {replicas: 2}, {...seen, ...counts, updatedReplicas: 1}),
    'Progressing',
    'Progressing',
  ],
  [
    'Deployment with old replicas',
    object('Deployment', {replicas: 2}, {...seen, ...counts, replicas: 3}),
    'Progressing',
    'Progressing',
  ],
  [
    'Deployment not available',
    object('Deployment', {replicas: 2}, {...seen, ...counts, availableReplicas: 1}),
    'Progressing',
    'Progressing',
  ],
  [
    'Deployment without conditions',
    object('Deployment', {replicas: 2}, {...seen, ...counts}),
    'Healthy',
    'Progressing',
  ],
  [
    'Deployment scaled to nothing',
    object('Deployment', {replicas: 0}, {...seen, conditions: rolledOut}),
    'Healthy',
    'Healthy',
  ],

  [
    'StatefulSet rolled out',
    object(
      'StatefulSet',
      {replicas: 2},
      {...seen, ...counts, currentReplicas: 2, currentRevision: 'a', updateRevision: 'a'},
    ),
    'Healthy',
    'Healthy',
  ],
  ['StatefulSet unobserved', object('StatefulSet', {replicas: 2}, {...counts}), 'Progressing', 'Progressing'],
  [
    'StatefulSet not ready',
    object('StatefulSet', {replicas: 2}, {...seen, ...counts, readyReplicas: 1}),
    'Progressing',
    'Progressing',
  ],
  [
    'StatefulSet at two revisions',
    object(
      'StatefulSet',
      {replicas: 2},
      {...seen, ...counts, currentReplicas: 1, currentRevision: 'a', updateRevision: 'b'},
    ),
    'Progressing',
    'Progressing',
  ],
  [
    'StatefulSet with its partition updated',
    object(
      'StatefulSet',
      {replicas: 2, updateStrategy: {type: 'RollingUpdate', rollingUpdate: {partition: 1}}},
      {...seen, ...counts, updatedReplicas: 1, currentRevision: 'a', updateRevision: 'b'},
    ),
    'Healthy',
    'Healthy',
  ],
  [
    'StatefulSet with its partition not updated',
    object(
      'StatefulSet',
      {replicas: 2, updateStrategy: {type: 'RollingUpdate', rollingUpdate: {partition: 1}}},
      {...seen, ...counts, updatedReplicas: 0},
    ),
    'Progressing',
    'Progressing',
  ],
  [
    'StatefulSet updated on delete',
    object(
      'StatefulSet',
      {replicas: 2, updateStrategy: {type: 'OnDelete'}},
      {...seen, ...counts, currentRevision: 'a', updateRevision: 'b'},
    ),
    'Healthy',
    'Healthy',
  ],

  ['DaemonSet rolled out', object('DaemonSet', {}, {...seen, ...scheduled}), 'Healthy', 'Healthy'],
  [
    'DaemonSet unobserved',
    object('DaemonSet', {}, {observedGeneration: 1, ...scheduled}),
    'Progressing',
    'Progressing',
  ],
  ['DaemonSet never observed', object('DaemonSet', {}, {}, {generation: 0}), 'Healthy', 'Progressing'],
  [
    'DaemonSet not updated',
    object('DaemonSet', {}, {...seen, ...scheduled, updatedNumberScheduled: 1}),
    'Progressing',
    'Progressing',
  ],
  [
    'DaemonSet not available',
    object('DaemonSet', {}, {...seen, ...scheduled, numberAvailable: 1}),
    'Progressing',
    'Progressing',
  ],
  [
    'DaemonSet updated on delete',
    object(
      'DaemonSet',
      {updateStrategy: {type: 'OnDelete'}},
      {...seen, ...scheduled, updatedNumberScheduled: 1},
    ),
    'Healthy',
    'Progressing',
  ],

  [
    'ReplicaSet that can not make pods',
    object(
      'ReplicaSet',
      {replicas: 1},
      {...seen, conditions: [condition('ReplicaFailure', 'True', 'FailedCreate', 'quota')]},
    ),
    'Degraded',
    'Progressing',
  ],
  ['ReplicaSet not available', object('ReplicaSet', {replicas: 1}, seen), 'Progressing', 'Progressing'],
  [
    'ReplicaSet available',
    object(
      'ReplicaSet',
      {replicas: 1},
      {...seen, replicas: 1, fullyLabeledReplicas: 1, availableReplicas: 1, readyReplicas: 1},
    ),
    'Healthy',
    'Healthy',
  ],

  [
    'Job running',
    object('Job', {}, {active: 1, startTime: '2026-01-01T00:00:00Z'}),
    'Progressing',
    'Progressing',
  ],
  ['Job complete', object('Job', {}, {conditions: [condition('Complete', 'True')]}), 'Healthy', 'Healthy'],
  [
    'Job failed',
    object('Job', {}, {conditions: [condition('Failed', 'True', '', 'backoff')]}),
    'Degraded',
    'Degraded',
  ],
  [
    'Job suspended',
    object('Job', {}, {conditions: [condition('Suspended', 'True')]}),
    'Suspended',
    'Healthy',
  ],

  ['CronJob not run yet', object('CronJob', {}, {}), 'Healthy', 'Healthy'],
  [
    'CronJob whose last run failed',
    object(
      'CronJob',
      {},
      {lastScheduleTime: '2026-01-02T00:00:00Z', lastSuccessfulTime: '2026-01-01T00:00:10Z'},
    ),
    'Degraded',
    'Healthy',
  ],
  [
    'CronJob that runs',
    object(
      'CronJob',
      {},
      {
        active: [{name: 'x'}],
        lastScheduleTime: '2026-01-02T00:00:00Z',
        lastSuccessfulTime: '2026-01-01T00:00:10Z',
      },
    ),
    'Healthy',
    'Healthy',
  ],
  [
    'CronJob whose last run succeeded',
    object(
      'CronJob',
      {},
      {lastScheduleTime: '2026-01-01T00:00:00Z', lastSuccessfulTime: '2026-01-01T00:00:10Z'},
    ),
    'Healthy',
    'Healthy',
  ],

  [
    'Pod ready',
    object('Pod', {}, {phase: 'Running', conditions: [condition('Ready', 'True')]}),
    'Healthy',
    'Healthy',
  ],
  ['Pod not ready', object('Pod', {}, {phase: 'Running'}), 'Progressing', 'Progressing'],
  ['Pod pending', object('Pod', {}, {phase: 'Pending'}), 'Progressing', 'Progressing'],
  [
    'Pod in a crash loop',
    object('Pod', {}, {phase: 'Running', containerStatuses: [waiting('CrashLoopBackOff')]}),
    'Degraded',
    'Degraded',
  ],
  [
    'Pod without its image',
    object('Pod', {}, {phase: 'Pending', containerStatuses: [waiting('ErrImagePull')]}),
    'Degraded',
    'Progressing',
  ],
  [
    'Pod with a broken configuration',
    object('Pod', {}, {phase: 'Pending', containerStatuses: [waiting('CreateContainerConfigError')]}),
    'Degraded',
    'Progressing',
  ],
  [
    'Pod that can not be scheduled',
    object('Pod', {}, {phase: 'Pending', conditions: [condition('PodScheduled', 'False', 'Unschedulable')]}),
    'Progressing',
    'Degraded',
  ],
  [
    'Pod that is a running task',
    object('Pod', {restartPolicy: 'Never'}, {phase: 'Running', conditions: [condition('Ready', 'True')]}),
    'Progressing',
    'Healthy',
  ],
  [
    'Pod that ended well',
    object('Pod', {restartPolicy: 'Never'}, {phase: 'Succeeded'}),
    'Healthy',
    'Healthy',
  ],
  ['Pod that failed', object('Pod', {}, {phase: 'Failed', message: 'evicted'}), 'Degraded', 'Degraded'],

  [
    'PersistentVolumeClaim bound',
    object('PersistentVolumeClaim', {}, {phase: 'Bound'}),
    'Healthy',
    'Healthy',
  ],
  [
    'PersistentVolumeClaim pending',
    object('PersistentVolumeClaim', {}, {phase: 'Pending'}),
    'Progressing',
    'Progressing',
  ],
  [
    'PersistentVolumeClaim lost',
    object('PersistentVolumeClaim', {}, {phase: 'Lost'}),
    'Degraded',
    'Progressing',
  ],

  ['Service', object('Service', {type: 'ClusterIP'}, {}), 'Healthy', 'Healthy'],
  [
    'load balancer without an address',
    object('Service', {type: 'LoadBalancer', clusterIP: '10.0.0.1'}, {}),
    'Progressing',
    'Healthy',
  ],
  [
    'load balancer with an address',
    object('Service', {type: 'LoadBalancer', clusterIP: '10.0.0.1'}, address),
    'Healthy',
    'Healthy',
  ],
  [
    'load balancer without a cluster IP',
    object('Service', {type: 'LoadBalancer'}, {}),
    'Progressing',
    'Progressing',
  ],
  ['Ingress without an address', object('Ingress', {}, {}), 'Progressing', 'Healthy'],
  ['Ingress with an address', object('Ingress', {}, address), 'Healthy', 'Healthy'],

  [
    'APIService available',
    object('APIService', {}, {conditions: [condition('Available', 'True')]}),
    'Healthy',
    'Healthy',
  ],
  [
    'APIService down',
    object('APIService', {}, {conditions: [condition('Available', 'False', 'MissingEndpoints')]}),
    'Progressing',
    'Healthy',
  ],

  [
    'HorizontalPodAutoscaler that scales',
    object(
      'HorizontalPodAutoscaler',
      {},
      {conditions: [condition('AbleToScale', 'True', 'ReadyForNewScale')]},
    ),
    'Healthy',
    'Healthy',
  ],
  [
    'HorizontalPodAutoscaler without its target',
    object(
      'HorizontalPodAutoscaler',
      {},
      {conditions: [condition('AbleToScale', 'False', 'FailedGetScale')]},
    ),
    'Degraded',
    'Healthy',
  ],
  [
    'HorizontalPodAutoscaler without metrics',
    object(
      'HorizontalPodAutoscaler',
      {},
      {
        conditions: [
          condition('AbleToScale', 'True'),
          condition('ScalingActive', 'False', 'FailedGetResourceMetric'),
        ],
      },
    ),
    'Degraded',
    'Healthy',
  ],
  [
    'HorizontalPodAutoscaler that has not begun',
    object('HorizontalPodAutoscaler', {}, {}),
    'Progressing',
    'Healthy',
  ],

  [
    'PodDisruptionBudget with too few pods',
    object(
      'PodDisruptionBudget',
      {},
      {...seen, conditions: [condition('DisruptionAllowed', 'False', 'InsufficientPods')]},
    ),
    'Healthy',
    'Healthy',
  ],
  [
    'PodDisruptionBudget that fails',
    object(
      'PodDisruptionBudget',
      {},
      {...seen, conditions: [condition('DisruptionAllowed', 'False', 'SyncFailed')]},
    ),
    'Degraded',
    'Healthy',
  ],

  [
    'CustomResourceDefinition established',
    object(
      'CustomResourceDefinition',
      {},
      {conditions: [condition('Established', 'True'), condition('NamesAccepted', 'True')]},
    ),
    'Healthy',
    'Healthy',
  ],
  [
    'CustomResourceDefinition being made',
    object('CustomResourceDefinition', {}, {}),
    'Progressing',
    'Progressing',
  ],
  [
    'CustomResourceDefinition with taken names',
    object('CustomResourceDefinition', {}, {conditions: [condition('NamesAccepted', 'False', 'Conflict')]}),
    'Degraded',
    'Degraded',
  ],

  [
    'custom resource ready',
    object('Thing', {}, {conditions: [condition('Ready', 'True')]}),
    'Healthy',
    'Healthy',
  ],
  [
    'custom resource not ready',
    object('Thing', {}, {conditions: [condition('Ready', 'False')]}),
    'Healthy',
    'Progressing',
  ],
  [
    'custom resource reconciling',
    object('Thing', {}, {conditions: [condition('Reconciling', 'True')]}),
    'Healthy',
    'Progressing',
  ],
  [
    'custom resource stalled',
    object('Thing', {}, {conditions: [condition('Stalled', 'True', '', 'no')]}),
    'Healthy',
    'Degraded',
  ],
  ['custom resource unobserved', object('Thing', {}, {observedGeneration: 1}), 'Healthy', 'Progressing'],
];

for (const [index, profile] of (['argocd', 'kstatus'] satisfies HealthProfile[]).entries()) {
  describe(`health by ${profile}`, () => {
    for (const [name, subject, ...expected] of rows) {
      test(`${name}: ${expected[index]}`, () => {
        const {status, message} = healthRule(profile)(subject);
        assert.equal(status, expected[index], message);
      });
    }
  });
}

test('what is not healthy says why', () => {
  for (const [name, subject] of rows) {
    for (const profile of ['argocd', 'kstatus'] as const) {
      const {status, message} = healthRule(profile)(subject);
      // The condition that decides may itself be silent.
      if (status === 'Progressing' && !name.startsWith('custom') && !name.includes('APIService')) {
        assert.notEqual(message, '', `${name} by ${profile}`);
      }
    }
  }
});

test('an environment is as healthy as its worst resource', () => {
  assert.equal(worst([]), 'Healthy');
  assert.equal(worst(['Healthy', 'Suspended']), 'Suspended');
  assert.equal(worst(['Progressing', 'Suspended', 'Healthy']), 'Progressing');
  assert.equal(worst(['Missing', 'Progressing']), 'Missing');
  assert.equal(worst(['Degraded', 'Missing']), 'Degraded');
  assert.equal(worst(['Degraded', 'Unknown', 'Healthy']), 'Unknown');
});

describe("a cluster's own health rule", () => {
  const scripts = [
    {covers: (_group: string, kind: string) => kind === 'Certificate', script: 'first'},
    {covers: () => true, script: 'any'},
  ];
  const own = healthByScripts(scripts, script => ({status: 'Degraded', message: `by ${script}`}));

  test('the first that covers the kind is used', () => {
    assert.equal(healthRule('argocd', own)(object('Certificate', {}, {})).message, 'by first');
    assert.equal(healthRule('argocd', own)(object('Issuer', {}, {})).message, 'by any');
  });

  test("goes before Argo CD's", () => {
    assert.equal(healthRule('argocd', own)(object('Pod', {}, {phase: 'Succeeded'})).status, 'Degraded');
    const others = healthByScripts(scripts.slice(0, 1), () => ({status: 'Degraded', message: ''}));
    assert.equal(healthRule('argocd', others)(object('Pod', {}, {phase: 'Succeeded'})).status, 'Healthy');
  });

  test('does not judge what is being deleted, and is unknown to kstatus', () => {
    const going = object('Pod', {}, {phase: 'Succeeded'}, {deletionTimestamp: '2026-01-01T00:00:00Z'});
    assert.equal(healthRule('argocd', own)(going).status, 'Progressing');
    assert.equal(healthRule('kstatus', own)(object('Pod', {}, {phase: 'Succeeded'})).status, 'Healthy');
  });
});
