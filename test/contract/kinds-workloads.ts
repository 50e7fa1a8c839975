import {
  container,
  deployment,
  job,
  type KindCase,
  labels,
  metadata,
  namespaced,
  pod,
  template,
} from './kind-helpers.ts';

/** Workloads, small and rich: what both servers make of them must be equal. */
export const workloads: readonly KindCase[] = [
  deployment('plain', {}),
  deployment('recreate', {strategy: {type: 'Recreate'}, replicas: 0, minReadySeconds: 0, paused: true}),
  deployment('zeroes', {
    strategy: {rollingUpdate: {maxSurge: 0}},
    revisionHistoryLimit: 0,
    template: template({
      hostNetwork: false,
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      containers: [
        container({
          resources: {},
          args: [],
          env: [],
          stdin: false,
          livenessProbe: {initialDelaySeconds: 0, tcpSocket: {port: 80}},
        }),
      ],
    }),
  }),
  deployment('rich', {
    replicas: 3,
    strategy: {type: 'RollingUpdate', rollingUpdate: {maxUnavailable: 1, maxSurge: '50%'}},
    template: template(
      {
        serviceAccountName: 'web',
        nodeSelector: {disk: 'ssd'},
        imagePullSecrets: [{name: 'pull'}],
        tolerations: [{key: 'a', operator: 'Exists', effect: 'NoSchedule'}],
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: 'zone',
            whenUnsatisfiable: 'DoNotSchedule',
            labelSelector: {matchLabels: labels},
          },
        ],
        affinity: {
          podAntiAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              {weight: 1, podAffinityTerm: {topologyKey: 'host', labelSelector: {matchLabels: labels}}},
            ],
          },
        },
        securityContext: {runAsNonRoot: true, fsGroup: 1000},
        volumes: [
          {name: 'config', configMap: {name: 'web'}},
          {name: 'secret', secret: {secretName: 'web', defaultMode: 256}},
          {name: 'tmp', emptyDir: {}},
          {name: 'cache', emptyDir: {sizeLimit: '1024Mi', medium: 'Memory'}},
          {name: 'host', hostPath: {path: '/var'}},
          {name: 'nothing'},
          {
            name: 'projected',
            projected: {
              sources: [
                {serviceAccountToken: {path: 'token'}},
                {configMap: {name: 'x'}},
                {downwardAPI: {items: [{path: 'a', fieldRef: {fieldPath: 'metadata.name'}}]}},
              ],
            },
          },
          {name: 'claim', persistentVolumeClaim: {claimName: 'data'}},
        ],
        initContainers: [{name: 'init', image: 'busybox', restartPolicy: 'Always'}],
        containers: [
          container({
            image: 'nginx',
            command: ['run'],
            ports: [
              {containerPort: 80, name: 'http'},
              {containerPort: 53, protocol: 'UDP'},
            ],
            env: [
              {name: 'EMPTY', value: ''},
              {name: 'A', value: '1'},
              {name: 'POD', valueFrom: {fieldRef: {fieldPath: 'metadata.name'}}},
              {name: 'CPU', valueFrom: {resourceFieldRef: {resource: 'limits.cpu'}}},
              {name: 'KEY', valueFrom: {secretKeyRef: {name: 'web', key: 'k', optional: false}}},
            ],
            envFrom: [{configMapRef: {name: 'web'}, prefix: 'X_'}],
            resources: {
              limits: {cpu: '1000m', memory: '1024Mi'},
              requests: {cpu: 0.5, memory: '0.5Gi', 'ephemeral-storage': '1e3'},
            },
            livenessProbe: {httpGet: {port: 'http'}, initialDelaySeconds: 0},
            readinessProbe: {exec: {command: ['true']}, timeoutSeconds: 5},
            startupProbe: {grpc: {port: 9000}, failureThreshold: 30},
            lifecycle: {preStop: {exec: {command: ['sleep', '5']}}},
            volumeMounts: [
              {name: 'config', mountPath: '/etc/web', readOnly: false},
              {name: 'tmp', mountPath: '/tmp'},
            ],
            securityContext: {capabilities: {drop: ['ALL']}, readOnlyRootFilesystem: true},
          }),
          {
            name: 'sidecar',
            image:
              'registry.example:5000/x@sha256:0123456789012345678901234567890123456789012345678901234567890123',
          },
        ],
      },
      {annotations: {a: 'b'}, creationTimestamp: null},
    ),
  }),
  namespaced('apis/apps/v1', 'statefulsets', {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: metadata('db'),
    spec: {
      serviceName: 'db',
      selector: {matchLabels: labels},
      template: template(),
      volumeClaimTemplates: [
        {
          metadata: {name: 'data'},
          spec: {accessModes: ['ReadWriteOnce'], resources: {requests: {storage: '1024Mi'}}},
        },
      ],
    },
  }),
  namespaced('apis/apps/v1', 'statefulsets', {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: metadata('ondelete'),
    spec: {
      selector: {matchLabels: labels},
      template: template(),
      updateStrategy: {type: 'OnDelete'},
      replicas: 0,
    },
  }),
  namespaced('apis/apps/v1', 'daemonsets', {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: metadata('agent'),
    spec: {
      selector: {matchLabels: labels},
      template: template({hostNetwork: true, containers: [container({ports: [{containerPort: 9100}]})]}),
    },
  }),
  namespaced('apis/apps/v1', 'replicasets', {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: metadata('rs'),
    spec: {selector: {matchLabels: labels}, template: template()},
  }),
  pod('plain', {}),
  pod('limits', {containers: [container({resources: {limits: {cpu: '2', memory: '64Mi'}}})]}),
  pod('requests', {containers: [container({resources: {requests: {cpu: '100m'}}})], restartPolicy: 'Never'}),
  job('plain', {}),
  job(
    'labelled',
    {completions: 3, parallelism: 2, backoffLimit: 0, ttlSecondsAfterFinished: 60},
    {labels: {a: 'b'}},
  ),
  namespaced('apis/batch/v1', 'cronjobs', {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: metadata('nightly'),
    spec: {schedule: '0 3 * * *', jobTemplate: {spec: {template: template({restartPolicy: 'OnFailure'})}}},
  }),
];
