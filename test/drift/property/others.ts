import fc from 'fast-check';
import type {JsonObject} from '../../../source/resources/json.ts';
import {amounts, only, type Parts, parts, quantity, sample, selector, spec, texts, word} from './parts.ts';

const peers = only([{podSelector: {}}, {ipBlock: {cidr: '10.0.0.0/8'}}]);

const externalTrafficPolicy = fc.constantFrom('Cluster', 'Local');
const servicePort = parts(
  {name: word, port: fc.constantFrom(80, 443, 53)},
  {protocol: fc.constantFrom('TCP', 'UDP'), targetPort: fc.constantFrom<string | number>(80, 'web')},
);
// Two ports of one number and protocol are refused.
const servicePorts = fc
  .uniqueArray(servicePort, {minLength: 1, maxLength: 3, selector: item => item['name']})
  .map(items =>
    items.filter((item, index) => items.findIndex(one => one['port'] === item['port']) === index),
  );

const service = (must: Parts, may: Parts = {}) =>
  spec(
    {ports: servicePorts, selector: only({app: 'web'}), ...must},
    {
      sessionAffinity: fc.constantFrom('None', 'ClientIP'),
      sessionAffinityConfig: only({clientIP: {timeoutSeconds: 60}}),
      externalIPs: only(['192.0.2.1']),
      publishNotReadyAddresses: fc.boolean(),
      internalTrafficPolicy: fc.constantFrom('Cluster', 'Local'),
      ...may,
    },
  );

/** What else teams have in their namespaces. */
export const others = [
  sample(
    'v1',
    'Service',
    'services',
    fc.oneof(
      service({type: only('ClusterIP')}),
      service({type: only('NodePort')}, {externalTrafficPolicy}),
      service(
        {type: only('LoadBalancer')},
        {externalTrafficPolicy, allocateLoadBalancerNodePorts: fc.boolean()},
      ),
      service({}),
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
      {selector: only(selector)},
      {
        maxUnavailable: fc.constantFrom<string | number>(1, '25%'),
        unhealthyPodEvictionPolicy: fc.constantFrom('AlwaysAllow', 'IfHealthyBudget'),
      },
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
    'rbac.authorization.k8s.io/v1',
    'ClusterRole',
    'clusterroles',
    parts(
      {},
      {
        rules: fc.subarray<JsonObject>([
          {apiGroups: [''], resources: ['pods'], verbs: ['get']},
          {nonResourceURLs: ['/metrics'], verbs: ['get']},
        ]),
      },
    ),
    {scope: 'cluster'},
  ),
  sample(
    'v1',
    'LimitRange',
    'limitranges',
    spec({
      limits: fc.tuple(
        parts(
          {type: only('Container')},
          {
            max: only({cpu: '2', memory: '2Gi'}),
            default: amounts,
            defaultRequest: only({cpu: '100m'}),
            min: only({cpu: '10m'}),
          },
        ),
      ),
    }),
  ),
  sample(
    'v1',
    'ResourceQuota',
    'resourcequotas',
    spec({}, {hard: parts({}, {pods: fc.constantFrom('10', '20'), 'limits.cpu': quantity.cpu})}),
  ),
  sample(
    'coordination.k8s.io/v1',
    'Lease',
    'leases',
    spec({}, {holderIdentity: word, leaseDurationSeconds: fc.integer({min: 1, max: 3})}),
  ),
  sample(
    'discovery.k8s.io/v1',
    'EndpointSlice',
    'endpointslices',
    parts(
      {addressType: only('IPv4'), endpoints: only([{addresses: ['192.0.2.1'], conditions: {ready: true}}])},
      {ports: fc.tuple(parts({port: fc.constantFrom(80, 81)}, {name: word, protocol: only('TCP')}))},
    ),
  ),
  sample(
    'scheduling.k8s.io/v1',
    'PriorityClass',
    'priorityclasses',
    parts(
      {value: only(10)},
      {description: word, globalDefault: only(false), preemptionPolicy: only('Never')},
    ),
    {scope: 'cluster'},
  ),
];
