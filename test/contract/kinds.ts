import {type JsonObject, objectAt} from '../../source/resources/json.ts';
import {type Ask, applyType} from './client.ts';
import {clustered, type KindCase, labels, metadata, namespaced, service} from './kind-helpers.ts';
import {workloads} from './kinds-workloads.ts';
import type {Transcript} from './transcripts.ts';

/** Every other kind that is served. */
const others: readonly KindCase[] = [
  service('plain', {selector: labels, ports: [{port: 80}]}),
  service('named', {
    selector: labels,
    ports: [
      {name: 'http', port: 80, targetPort: 'http'},
      {name: 'dns', port: 53, protocol: 'UDP'},
    ],
  }),
  service('headless', {clusterIP: 'None', selector: labels, ports: [{port: 80}]}),
  service('exposed', {type: 'NodePort', ports: [{port: 80}]}),
  service('balanced', {type: 'LoadBalancer', ports: [{port: 443}], sessionAffinity: 'ClientIP'}),
  service('external', {type: 'ExternalName', externalName: 'example.com'}),
  namespaced('api/v1', 'configmaps', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadata('settings', {annotations: {}, labels: null}),
    data: {a: '', 'b.properties': 'x=1\n'},
    binaryData: {raw: 'AAEC'},
    immutable: false,
  }),
  namespaced('api/v1', 'configmaps', {apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata('empty')}),
  namespaced('api/v1', 'secrets', {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: metadata('credentials'),
    data: {user: 'YWRtaW4=', both: 'b2xk'},
    stringData: {password: 'geheim', both: 'new'},
  }),
  namespaced('api/v1', 'serviceaccounts', {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: metadata('web'),
    imagePullSecrets: [{name: 'pull'}],
    automountServiceAccountToken: false,
  }),
  namespaced('api/v1', 'persistentvolumeclaims', {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: metadata('data'),
    spec: {accessModes: ['ReadWriteOnce'], resources: {requests: {storage: '1.5Gi'}}, storageClassName: ''},
  }),
  namespaced('api/v1', 'events', {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: metadata('web.1'),
    involvedObject: {kind: 'Deployment', name: 'web', namespace: '{ns}'},
    reason: 'Scaled',
    message: 'scaled',
    type: 'Normal',
  }),
  namespaced('apis/networking.k8s.io/v1', 'ingresses', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: metadata('web'),
    spec: {
      rules: [
        {
          host: 'shop.example',
          http: {
            paths: [{path: '/', pathType: 'Prefix', backend: {service: {name: 'web', port: {number: 80}}}}],
          },
        },
      ],
      tls: [{hosts: ['shop.example'], secretName: 'tls'}],
    },
  }),
  namespaced('apis/networking.k8s.io/v1', 'networkpolicies', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadata('deny'),
    spec: {podSelector: {}},
  }),
  namespaced('apis/networking.k8s.io/v1', 'networkpolicies', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadata('both'),
    spec: {
      podSelector: {matchLabels: labels},
      ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}],
      egress: [{}],
    },
  }),
  namespaced('apis/autoscaling/v2', 'horizontalpodautoscalers', {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: metadata('web'),
    spec: {
      scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'web'},
      maxReplicas: 5,
      behavior: {scaleDown: {stabilizationWindowSeconds: 60}},
    },
  }),
  namespaced('apis/autoscaling/v2', 'horizontalpodautoscalers', {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: metadata('memory'),
    spec: {
      scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'web'},
      minReplicas: 2,
      maxReplicas: 5,
      metrics: [
        {
          type: 'Resource',
          resource: {name: 'memory', target: {type: 'AverageValue', averageValue: '1024Mi'}},
        },
      ],
    },
  }),
  namespaced('apis/policy/v1', 'poddisruptionbudgets', {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: metadata('web'),
    spec: {minAvailable: '50%', selector: {matchLabels: labels}},
  }),
  namespaced('apis/rbac.authorization.k8s.io/v1', 'roles', {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: metadata('read'),
    rules: [{apiGroups: [''], resources: ['pods'], verbs: ['get']}],
  }),
  namespaced('apis/rbac.authorization.k8s.io/v1', 'roles', {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: metadata('none'),
  }),
  namespaced('apis/rbac.authorization.k8s.io/v1', 'rolebindings', {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: metadata('read'),
    subjects: [
      {kind: 'User', name: 'jane'},
      {kind: 'ServiceAccount', name: 'web', namespace: '{ns}'},
    ],
    roleRef: {kind: 'Role', name: 'read', apiGroup: 'rbac.authorization.k8s.io'},
  }),
  clustered('apis/rbac.authorization.k8s.io/v1', 'clusterroles', {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: metadata('{ns}'),
    aggregationRule: {clusterRoleSelectors: [{matchLabels: labels}]},
    rules: [],
  }),
  clustered('apis/rbac.authorization.k8s.io/v1', 'clusterrolebindings', {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: metadata('{ns}'),
    roleRef: {kind: 'ClusterRole', name: '{ns}'},
  }),
  clustered('api/v1', 'namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: metadata('{ns}-more', {labels: {team: 'shop'}}),
    spec: {finalizers: ['x/y']},
  }),
];

/** What is done with each: dry runs, a create, applies over it, and a deletion. */
export const kindTranscripts: Record<string, Transcript> = Object.fromEntries(
  [...workloads, ...others].map(({name, path, object}) => {
    const metadata = objectAt(object, 'metadata');
    const own = `${path}/${String(metadata['name'])}`;
    const apply = (body: JsonObject, query: string): Ask => ({
      method: 'PATCH',
      path: `${own}?fieldManager=git${query}`,
      body,
      type: applyType,
    });
    const steps: Ask[] = [
      {method: 'POST', path: `${path}?dryRun=All&fieldManager=me`, body: object},
      apply(object, '&dryRun=All'),
      {method: 'POST', path, body: object},
      {method: 'GET', path: own},
      apply(object, '&force=true'),
      apply(object, '&force=true'),
      apply({...object, metadata: {...metadata, labels: {x: 'y'}}}, '&force=true'),
      {method: 'DELETE', path: own},
    ];
    return [name, steps];
  }),
);
