import fc from 'fast-check';
import type {JsonObject} from '../../../source/resources/json.ts';
import {amounts, only, type Parts, parts, sample, selector, spec, texts, word, words} from './parts.ts';

const probe = fc
  .tuple(
    fc.constantFrom<JsonObject>(
      {tcpSocket: {port: 80}},
      {httpGet: {path: '/healthy', port: 'web'}},
      {exec: {command: ['true']}},
    ),
    parts({}, {initialDelaySeconds: fc.nat(2), periodSeconds: fc.nat(20), failureThreshold: fc.nat(4)}),
  )
  .map(([handler, rest]) => ({...handler, ...rest}));

const variable = fc.oneof(
  parts({name: word}, {value: fc.constantFrom('', '1', 'on')}),
  parts({name: word, valueFrom: only({fieldRef: {fieldPath: 'metadata.name'}})}),
  parts({name: word, valueFrom: only({configMapKeyRef: {name: 'settings', key: 'a'}})}),
);

const container = (name: string) =>
  parts(
    {name: only(name), image: fc.constantFrom('web', 'web:1', 'web:latest', 'example.com:5000/web')},
    {
      command: words(1, 3),
      args: words(0, 3),
      env: fc.uniqueArray(variable, {maxLength: 3, selector: item => item['name']}),
      ports: fc.uniqueArray(
        parts({containerPort: fc.constantFrom(80, 8080)}, {protocol: fc.constantFrom('TCP', 'UDP')}),
        {maxLength: 2, selector: item => `${item['containerPort']}${item['protocol'] ?? 'TCP'}`},
      ),
      resources: parts({}, {limits: amounts}),
      livenessProbe: probe,
      imagePullPolicy: fc.constantFrom('Always', 'IfNotPresent'),
      securityContext: parts({}, {runAsNonRoot: fc.boolean(), readOnlyRootFilesystem: fc.boolean()}),
      volumeMounts: fc.constantFrom(
        [],
        [{name: 'data', mountPath: '/data'}],
        [{name: 'data', mountPath: '/data', readOnly: false}],
      ),
    },
  );

const volume = fc
  .constantFrom<JsonObject>(
    {emptyDir: {}},
    {emptyDir: {medium: 'Memory', sizeLimit: '64Mi'}},
    {configMap: {name: 'settings'}},
    {configMap: {name: 'settings', defaultMode: 420, optional: true}},
    {secret: {secretName: 'settings', items: [{key: 'a', path: 'a'}]}},
    {projected: {sources: [{serviceAccountToken: {path: 'token'}}]}},
  )
  .map(source => [{name: 'data', ...source}]);

const pod = (more: Parts = {}): fc.Arbitrary<JsonObject> =>
  parts(
    {
      containers: fc.oneof(fc.tuple(container('web')), fc.tuple(container('web'), container('side'))),
      volumes: volume,
      ...more,
    },
    {
      initContainers: fc.tuple(container('first'), container('second')),
      serviceAccountName: word,
      hostNetwork: only(false),
      terminationGracePeriodSeconds: fc.constantFrom(0, 10, 30),
      automountServiceAccountToken: fc.boolean(),
      nodeSelector: texts.map(() => ({disk: 'fast'})),
      tolerations: only([{key: 'a', operator: 'Exists'}]),
      securityContext: parts({}, {fsGroup: only(0), runAsUser: fc.constantFrom(0, 1000)}),
      imagePullSecrets: only([{name: 'registry'}]),
      priorityClassName: only(''),
      dnsPolicy: fc.constantFrom('ClusterFirst', 'Default'),
    },
  );

const template = parts({metadata: only({labels: {app: 'web'}}), spec: pod()});
const finished = (restart: string) =>
  parts({spec: pod({restartPolicy: only(restart)})}, {metadata: only({creationTimestamp: null})});

/** What runs pods. */
export const workloads = [
  sample(
    'apps/v1',
    'Deployment',
    'deployments',
    spec(
      {selector: only(selector), template},
      {
        replicas: fc.nat(3),
        minReadySeconds: fc.nat(2),
        paused: fc.boolean(),
        revisionHistoryLimit: fc.constantFrom(0, 5, 10),
        strategy: fc.constantFrom<JsonObject>(
          {},
          {type: 'Recreate'},
          {type: 'RollingUpdate'},
          {rollingUpdate: {maxSurge: 1}},
          {rollingUpdate: {maxSurge: '25%', maxUnavailable: 0}},
        ),
      },
    ),
  ),
  sample(
    'apps/v1',
    'StatefulSet',
    'statefulsets',
    spec(
      {selector: only(selector), template, serviceName: word},
      {
        replicas: fc.nat(3),
        podManagementPolicy: fc.constantFrom('OrderedReady', 'Parallel'),
        updateStrategy: fc.constantFrom<JsonObject>({}, {type: 'OnDelete'}, {rollingUpdate: {partition: 1}}),
        volumeClaimTemplates: only([
          {
            metadata: {name: 'claim'},
            spec: {accessModes: ['ReadWriteOnce'], resources: {requests: {storage: '1024Mi'}}},
          },
        ]),
      },
    ),
  ),
  sample(
    'apps/v1',
    'DaemonSet',
    'daemonsets',
    spec(
      {selector: only(selector), template},
      {
        minReadySeconds: fc.nat(2),
        updateStrategy: fc.constantFrom<JsonObject>(
          {},
          {type: 'OnDelete'},
          {rollingUpdate: {maxUnavailable: '10%'}},
        ),
      },
    ),
  ),
  sample(
    'batch/v1',
    'Job',
    'jobs',
    spec(
      {template: finished('Never')},
      {backoffLimit: fc.constantFrom(0, 3, 6), completions: only(1), suspend: fc.boolean()},
    ),
  ),
  sample(
    'batch/v1',
    'CronJob',
    'cronjobs',
    spec(
      {schedule: only('0 0 * * *'), jobTemplate: parts({spec: parts({template: finished('OnFailure')})})},
      {
        suspend: fc.boolean(),
        concurrencyPolicy: fc.constantFrom('Allow', 'Forbid'),
        successfulJobsHistoryLimit: fc.constantFrom(0, 3),
        startingDeadlineSeconds: fc.constantFrom(10, 20),
      },
    ),
  ),
  sample(
    'apps/v1',
    'ReplicaSet',
    'replicasets',
    spec({selector: only(selector), template}, {replicas: fc.nat(2), minReadySeconds: fc.nat(2)}),
  ),
];
