import fc from 'fast-check';
import type {JsonObject} from '../../../source/resources/json.ts';

/** A kind's place on the server, and what a team may write of it. */
export interface Sample {
  kind: string;
  /** The collection below the API's root; `*` stands for the namespace. */
  collection: string;
  object: JsonObject;
}

type Parts = Record<string, fc.Arbitrary<unknown>>;

const word = fc.constantFrom('alpha', 'beta', 'gamma', 'delta');
const quantity = {
  cpu: fc.constantFrom('1', '500m', '0.5', '2000m', '250m'),
  memory: fc.constantFrom('1Gi', '1024Mi', '128Mi', '1G', '500M'),
};
const words = (min: number, max: number) => fc.uniqueArray(word, {minLength: min, maxLength: max});
const texts = fc.dictionary(word, fc.constantFrom('', 'on', '1', '1000m', 'a=b\n'), {maxKeys: 3});

// Every part may be absent but those named in `must`: absence is where defaults and removals begin.
function parts(must: Parts, may: Parts = {}): fc.Arbitrary<JsonObject> {
  return fc.record(
    {...must, ...may},
    {requiredKeys: Object.keys(must), noNullPrototype: true},
  ) as fc.Arbitrary<JsonObject>;
}

const only = <T>(value: T) => fc.constant(value);
const amounts = parts({}, quantity);
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

const selector = {matchLabels: {app: 'web'}};
const template = parts({metadata: only({labels: {app: 'web'}}), spec: pod()});
const finished = (restart: string) =>
  parts({spec: pod({restartPolicy: only(restart)})}, {metadata: only({creationTimestamp: null})});

const metadata = parts(
  {},
  {
    labels: texts.map(() => ({app: 'web', tier: 'front'})),
    annotations: fc.dictionary(
      word.map(name => `example.com/${name}`),
      word,
      {maxKeys: 2},
    ),
  },
);

function sample(
  apiVersion: string,
  kind: string,
  plural: string,
  content: fc.Arbitrary<JsonObject>,
): fc.Arbitrary<Sample> {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return fc.tuple(metadata, content).map(([meta, rest]) => ({
    kind,
    collection: `${root}/namespaces/*/${plural}`,
    object: {apiVersion, kind, metadata: meta, ...rest},
  }));
}

const spec = (must: Parts, may: Parts = {}) => parts({spec: parts(must, may)});

const workloads = [
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
];

const peers = only([{podSelector: {}}, {ipBlock: {cidr: '10.0.0.0/8'}}]);

const others = [
  sample(
    'v1',
    'Service',
    'services',
    spec(
      {
        ports: fc.uniqueArray(
          parts(
            {name: word, port: fc.constantFrom(80, 443, 53)},
            {
              protocol: fc.constantFrom('TCP', 'UDP'),
              targetPort: fc.constantFrom<string | number>(80, 'web'),
            },
          ),
          {
            minLength: 1,
            maxLength: 3,
            selector: item => item['name'],
          },
        ),
        selector: only({app: 'web'}),
      },
      {
        type: only('ClusterIP'),
        sessionAffinity: fc.constantFrom('None', 'ClientIP'),
        publishNotReadyAddresses: fc.boolean(),
        internalTrafficPolicy: fc.constantFrom('Cluster', 'Local'),
      },
    ),
  ),
  sample(
    'v1',
    'ConfigMap',
    'configmaps',
    parts({}, {data: texts, binaryData: only({blob: 'AAEC'}), immutable: only(false)}),
  ),
  sample(
    'v1',
    'Secret',
    'secrets',
    parts({}, {stringData: texts, data: only({epsilon: 'YWJj'}), type: only('Opaque')}),
  ),
  sample(
    'v1',
    'ServiceAccount',
    'serviceaccounts',
    parts({}, {automountServiceAccountToken: fc.boolean(), imagePullSecrets: only([{name: 'registry'}])}),
  ),
  sample(
    'v1',
    'PersistentVolumeClaim',
    'persistentvolumeclaims',
    spec(
      {
        accessModes: only(['ReadWriteOnce']),
        resources: quantity.memory.map(storage => ({requests: {storage}})),
      },
      {
        storageClassName: fc.constantFrom('', 'fast'),
        volumeMode: only('Filesystem'),
      },
    ),
  ),
  sample(
    'networking.k8s.io/v1',
    'Ingress',
    'ingresses',
    spec(
      {
        rules: fc.uniqueArray(word, {minLength: 1, maxLength: 2}).map(hosts =>
          hosts.map(host => ({
            host: `${host}.example.com`,
            http: {
              paths: [{path: '/', pathType: 'Prefix', backend: {service: {name: host, port: {number: 80}}}}],
            },
          })),
        ),
      },
      {ingressClassName: word, tls: only([{hosts: ['a.example.com'], secretName: 'tls'}])},
    ),
  ),
  sample(
    'networking.k8s.io/v1',
    'NetworkPolicy',
    'networkpolicies',
    spec(
      {podSelector: only({})},
      {
        policyTypes: fc.constantFrom(['Ingress'], ['Ingress', 'Egress']),
        ingress: peers.map(from => [{from, ports: [{port: 80}, {port: 'web', protocol: 'TCP'}]}]),
        egress: fc.constantFrom([], [{}]),
      },
    ),
  ),
  sample(
    'autoscaling/v2',
    'HorizontalPodAutoscaler',
    'horizontalpodautoscalers',
    spec(
      {
        scaleTargetRef: only({apiVersion: 'apps/v1', kind: 'Deployment', name: 'nothing'}),
        maxReplicas: fc.integer({min: 3, max: 5}),
      },
      {
        minReplicas: fc.integer({min: 1, max: 2}),
        metrics: fc.subarray(
          [
            {
              type: 'Resource',
              resource: {name: 'cpu', target: {type: 'Utilization', averageUtilization: 80}},
            },
            {
              type: 'Resource',
              resource: {name: 'memory', target: {type: 'AverageValue', averageValue: '1024Mi'}},
            },
          ],
          {minLength: 1},
        ),
        behavior: fc.constantFrom<JsonObject>(
          {scaleDown: {stabilizationWindowSeconds: 60}},
          {scaleUp: {policies: [{type: 'Pods', value: 2, periodSeconds: 15}]}},
        ),
      },
    ),
  ),
  sample(
    'policy/v1',
    'PodDisruptionBudget',
    'poddisruptionbudgets',
    spec(
      {selector: only(selector), maxUnavailable: fc.constantFrom<string | number>(1, '25%')},
      {unhealthyPodEvictionPolicy: only('AlwaysAllow')},
    ),
  ),
  sample(
    'rbac.authorization.k8s.io/v1',
    'Role',
    'roles',
    parts(
      {},
      {
        rules: fc.subarray([
          {apiGroups: [''], resources: ['pods', 'services'], verbs: ['get', 'list']},
          {apiGroups: ['apps'], resources: ['deployments'], verbs: ['*'], resourceNames: ['web']},
        ]),
      },
    ),
  ),
  sample(
    'rbac.authorization.k8s.io/v1',
    'RoleBinding',
    'rolebindings',
    parts(
      {roleRef: only({apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader'})},
      {
        subjects: fc.subarray<JsonObject>([
          {kind: 'ServiceAccount', name: 'builder', namespace: 'default'},
          {kind: 'User', name: 'jane'},
          {kind: 'Group', name: 'ops', apiGroup: 'rbac.authorization.k8s.io'},
        ]),
      },
    ),
  ),
  sample(
    'property.example.com/v1',
    'Gadget',
    'gadgets',
    spec(
      {},
      {
        size: fc.constantFrom('1000m', '1', '1Gi'),
        port: fc.constantFrom<string | number>(80, '80', 'web'),
        count: fc.nat(3),
        mode: fc.constantFrom('auto', 'manual'),
        flag: fc.boolean(),
        atomic: words(0, 3),
        tags: words(0, 3),
        items: fc.uniqueArray(parts({name: word}, {value: word, weight: fc.nat(2)}), {
          maxLength: 3,
          selector: item => item['name'],
        }),
        free: parts({}, {a: fc.constantFrom<unknown>(0, '0', false, {b: []}), list: words(0, 2)}),
        whole: parts({}, {a: word, b: word}),
      },
    ),
  ),
];

/** An object of any kind that the property test knows, without a name. */
export const anySample: fc.Arbitrary<Sample> = fc.oneof(...workloads, ...others);

/** The definition of Gadget: structural, with a list of every type, defaults, and what is left open. */
export const gadgets: JsonObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: {name: 'gadgets.property.example.com'},
  spec: {
    group: 'property.example.com',
    scope: 'Namespaced',
    names: {kind: 'Gadget', plural: 'gadgets', singular: 'gadget', listKind: 'GadgetList'},
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  size: {type: 'string'},
                  port: {'x-kubernetes-int-or-string': true},
                  count: {type: 'integer', default: 1},
                  mode: {type: 'string', default: 'auto'},
                  flag: {type: 'boolean'},
                  atomic: {type: 'array', items: {type: 'string'}, 'x-kubernetes-list-type': 'atomic'},
                  tags: {type: 'array', items: {type: 'string'}, 'x-kubernetes-list-type': 'set'},
                  items: {
                    type: 'array',
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['name'],
                    items: {
                      type: 'object',
                      required: ['name'],
                      properties: {
                        name: {type: 'string'},
                        value: {type: 'string'},
                        weight: {type: 'integer', default: 1},
                      },
                    },
                  },
                  free: {type: 'object', 'x-kubernetes-preserve-unknown-fields': true},
                  whole: {
                    type: 'object',
                    'x-kubernetes-map-type': 'atomic',
                    properties: {a: {type: 'string'}, b: {type: 'string'}},
                  },
                },
              },
            },
          },
        },
      },
    ],
  },
};
