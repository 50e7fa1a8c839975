import {type Json, type JsonObject, objectAt, stringAt} from '../resources/json.ts';

/** What a default depends on: what stands beside it, and the whole object. */
export interface Around {
  parent: JsonObject;
  root: JsonObject;
}

/** A default, or how it is made of what stands around. */
export type Default = Json | ((around: Around) => Json | undefined);
/** Defaults by their path. */
export type Table = Record<string, Default>;

/**
 * Defaults that kube-apiserver sets in Go, of which its OpenAPI says nothing. They only spare dry runs and false alarms
 * where no dry run is allowed: a field that is not here is asked of the server.
 * Source: kubernetes/pkg/apis/<group>/<version>/defaults.go (v1.36); test/drift/real-server.test.ts asks a real server.
 */
export const podSpec: Table = {
  restartPolicy: 'Always',
  dnsPolicy: 'ClusterFirst',
  schedulerName: 'default-scheduler',
  terminationGracePeriodSeconds: 30,
  enableServiceLinks: true,
  securityContext: {},
  // The old name of a field that git may set by its new one.
  serviceAccount: ({parent}) => parent['serviceAccountName'],
  'volumes[].configMap.defaultMode': 420,
  'volumes[].secret.defaultMode': 420,
  'volumes[].projected.defaultMode': 420,
  'volumes[].downwardAPI.defaultMode': 420,
  'volumes[].hostPath.type': '',
  'volumes[].projected.sources[].serviceAccountToken.expirationSeconds': 3600,
  'volumes[].downwardAPI.items[].fieldRef.apiVersion': 'v1',
  'volumes[].projected.sources[].downwardAPI.items[].fieldRef.apiVersion': 'v1',
  'volumes[].ephemeral.volumeClaimTemplate.spec.volumeMode': 'Filesystem',
  'volumes[].image.pullPolicy': ({parent}) =>
    isLatest(stringAt(parent, 'reference') ?? '') ? 'Always' : 'IfNotPresent',
  'volumes[].emptyDir': ({parent}) => (Object.keys(parent).length <= 2 ? {} : undefined),
};

/** Of a container, below it. */
export const container: Table = {
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  imagePullPolicy: ({parent}) => (isLatest(stringAt(parent, 'image') ?? '') ? 'Always' : 'IfNotPresent'),
  resources: {},
  'ports[].protocol': 'TCP',
  'env[].valueFrom.fieldRef.apiVersion': 'v1',
  'env[].valueFrom.resourceFieldRef.divisor': '0',
};

/** Of a probe or a handler. */
export const probe: Table = {
  timeoutSeconds: 1,
  periodSeconds: 10,
  successThreshold: 1,
  failureThreshold: 3,
  'httpGet.scheme': 'HTTP',
  'httpGet.path': '/',
  'grpc.service': '',
};

const rollingDeployment = ({root}: Around) => {
  const type = stringAt(objectAt(objectAt(root, 'spec'), 'strategy'), 'type') ?? 'RollingUpdate';
  return type === 'RollingUpdate' ? '25%' : undefined;
};

/** Of the spec of a claim's template. */
export const claim: Table = {volumeMode: 'Filesystem'};
const subjectGroup = ({parent}: Around) =>
  parent['kind'] === 'ServiceAccount' ? '' : 'rbac.authorization.k8s.io';
const binding: Table = {'subjects[].apiGroup': subjectGroup, 'roleRef.apiGroup': 'rbac.authorization.k8s.io'};
const webhook: Table = {
  'webhooks[].failurePolicy': 'Fail',
  'webhooks[].matchPolicy': 'Equivalent',
  'webhooks[].timeoutSeconds': 10,
  'webhooks[].namespaceSelector': {},
  'webhooks[].objectSelector': {},
  'webhooks[].rules[].scope': '*',
  'webhooks[].clientConfig.service.port': 443,
};

const constraints = (at: string): Table => ({
  [`${at}.matchPolicy`]: 'Equivalent',
  [`${at}.namespaceSelector`]: {},
  [`${at}.objectSelector`]: {},
  [`${at}.resourceRules[].scope`]: '*',
  [`${at}.excludeResourceRules[].scope`]: '*',
});
const wholePer15Seconds = {type: 'Percent', value: 100, periodSeconds: 15};

/** By `group/Kind`, with generalised paths. */
export const kinds: Record<string, Table> = {
  'apps/Deployment': {
    'spec.replicas': 1,
    'spec.revisionHistoryLimit': 10,
    'spec.progressDeadlineSeconds': 600,
    'spec.strategy.type': 'RollingUpdate',
    'spec.strategy.rollingUpdate.maxSurge': rollingDeployment,
    'spec.strategy.rollingUpdate.maxUnavailable': rollingDeployment,
  },
  'apps/ReplicaSet': {'spec.replicas': 1},
  '/ReplicationController': {'spec.replicas': 1},
  'apps/StatefulSet': {
    'spec.replicas': 1,
    'spec.revisionHistoryLimit': 10,
    'spec.podManagementPolicy': 'OrderedReady',
    'spec.updateStrategy.type': 'RollingUpdate',
    'spec.updateStrategy.rollingUpdate.partition': 0,
    'spec.persistentVolumeClaimRetentionPolicy.whenDeleted': 'Retain',
    'spec.persistentVolumeClaimRetentionPolicy.whenScaled': 'Retain',
    'spec.volumeClaimTemplates[].apiVersion': 'v1',
    'spec.volumeClaimTemplates[].kind': 'PersistentVolumeClaim',
    'spec.volumeClaimTemplates[].spec.volumeMode': 'Filesystem',
    'spec.volumeClaimTemplates[].status': {phase: 'Pending'},
    'spec.volumeClaimTemplates[].status.phase': 'Pending',
  },
  'apps/DaemonSet': {
    'spec.revisionHistoryLimit': 10,
    'spec.updateStrategy.type': 'RollingUpdate',
    'spec.updateStrategy.rollingUpdate.maxSurge': 0,
    'spec.updateStrategy.rollingUpdate.maxUnavailable': 1,
  },
  'batch/Job': {
    'spec.completions': ({parent}) => (parent['parallelism'] === 1 ? 1 : undefined),
    'spec.parallelism': 1,
    'spec.backoffLimit': ({parent}) => (parent['backoffLimitPerIndex'] === undefined ? 6 : 2147483647),
    'spec.completionMode': 'NonIndexed',
    'spec.suspend': false,
    'spec.manualSelector': false,
    'spec.podFailurePolicy.rules[].onPodConditions[].status': 'True',
    'spec.podReplacementPolicy': ({parent}) =>
      parent['podFailurePolicy'] === undefined ? 'TerminatingOrFailed' : 'Failed',
  },
  'flowcontrol.apiserver.k8s.io/FlowSchema': {'spec.matchingPrecedence': 1000},
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration': {
    'spec.limited.nominalConcurrencyShares': 30,
    'spec.limited.lendablePercent': 0,
    'spec.limited.limitResponse.queuing.queues': 64,
    'spec.limited.limitResponse.queuing.handSize': 8,
    'spec.limited.limitResponse.queuing.queueLengthLimit': 50,
  },
  'batch/CronJob': {
    'spec.concurrencyPolicy': 'Allow',
    'spec.suspend': false,
    'spec.successfulJobsHistoryLimit': 3,
    'spec.failedJobsHistoryLimit': 1,
  },
  '/Service': {
    'spec.type': 'ClusterIP',
    'spec.sessionAffinity': 'None',
    'spec.internalTrafficPolicy': 'Cluster',
    'spec.externalTrafficPolicy': 'Cluster',
    'spec.allocateLoadBalancerNodePorts': true,
    'spec.sessionAffinityConfig.clientIP.timeoutSeconds': 10800,
    'spec.ports[].protocol': 'TCP',
    'spec.ports[].targetPort': ({parent}) => parent['port'],
  },
  '/LimitRange': {
    'spec.limits[].default': ({parent}) => parent['max'],
    'spec.limits[].defaultRequest': ({parent}) => parent['default'] ?? parent['max'],
  },
  '/Endpoints': {'subsets[].ports[].protocol': 'TCP'},
  '/Secret': {type: 'Opaque'},
  '/PersistentVolumeClaim': {'spec.volumeMode': 'Filesystem'},
  '/PersistentVolume': {
    'spec.volumeMode': 'Filesystem',
    'spec.persistentVolumeReclaimPolicy': 'Retain',
    'spec.hostPath.type': '',
  },
  'autoscaling/HorizontalPodAutoscaler': {
    'spec.minReplicas': 1,
    'spec.targetCPUUtilizationPercentage': 80,
    'spec.metrics': [
      {type: 'Resource', resource: {name: 'cpu', target: {type: 'Utilization', averageUtilization: 80}}},
    ],
    'spec.behavior.scaleUp.stabilizationWindowSeconds': 0,
    'spec.behavior.scaleUp.selectPolicy': 'Max',
    'spec.behavior.scaleUp.policies': [{type: 'Pods', value: 4, periodSeconds: 15}, wholePer15Seconds],
    'spec.behavior.scaleDown.selectPolicy': 'Max',
    'spec.behavior.scaleDown.policies': [wholePer15Seconds],
  },
  'networking.k8s.io/NetworkPolicy': {
    'spec.policyTypes': ({parent}) =>
      Array.isArray(parent['egress']) && parent['egress'].length > 0 ? ['Ingress', 'Egress'] : ['Ingress'],
    'spec.ingress[].ports[].protocol': 'TCP',
    'spec.egress[].ports[].protocol': 'TCP',
  },
  'resource.k8s.io/ResourceClaimTemplate': {
    'spec.spec.devices.requests[].exactly.allocationMode': 'ExactCount',
    'spec.spec.devices.requests[].exactly.count': 1,
  },
  'resource.k8s.io/ResourceClaim': {
    'spec.devices.requests[].exactly.allocationMode': 'ExactCount',
    'spec.devices.requests[].exactly.count': 1,
  },
  'networking.k8s.io/IngressClass': {'spec.parameters.scope': 'Cluster'},
  'discovery.k8s.io/EndpointSlice': {'ports[].protocol': 'TCP', 'ports[].name': ''},
  'rbac.authorization.k8s.io/RoleBinding': binding,
  'rbac.authorization.k8s.io/ClusterRoleBinding': binding,
  'storage.k8s.io/StorageClass': {reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate'},
  'storage.k8s.io/CSIDriver': {
    'spec.attachRequired': true,
    'spec.podInfoOnMount': false,
    'spec.storageCapacity': false,
    'spec.requiresRepublish': false,
    'spec.seLinuxMount': false,
    'spec.fsGroupPolicy': 'ReadWriteOnceWithFSType',
    'spec.volumeLifecycleModes': ['Persistent'],
    'spec.volumeLifecycleModes[]': 'Persistent',
  },
  'scheduling.k8s.io/PriorityClass': {preemptionPolicy: 'PreemptLowerPriority'},
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': webhook,
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': {
    ...webhook,
    'webhooks[].reinvocationPolicy': 'Never',
  },
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy': {
    'spec.failurePolicy': 'Fail',
    ...constraints('spec.matchConstraints'),
  },
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding': constraints('spec.matchResources'),
  'admissionregistration.k8s.io/MutatingAdmissionPolicy': {
    'spec.failurePolicy': 'Fail',
    ...constraints('spec.matchConstraints'),
  },
  'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding': constraints('spec.matchResources'),
  'apiextensions.k8s.io/CustomResourceDefinition': {
    'spec.conversion.strategy': 'None',
    'spec.names.singular': ({parent}) => stringAt(parent, 'kind')?.toLowerCase(),
    'spec.names.listKind': ({parent}) => `${stringAt(parent, 'kind') ?? ''}List`,
  },
};

/** The server's rule for imagePullPolicy: no tag and no digest, or the tag `latest`. */
function isLatest(image: string): boolean {
  if (image.includes('@')) return false;
  const name = image.slice(image.lastIndexOf('/') + 1);
  const colon = name.indexOf(':');
  return colon < 0 || name.slice(colon + 1) === 'latest';
}
