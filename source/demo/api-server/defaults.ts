import {isObject, type Json, type JsonObject, listAt, objectAt, stringAt} from '../../resources/json.ts';
import {hpaDefaults} from './defaults-hpa.ts';
import type {GoType} from './go-type.ts';

type Defaulter = (object: JsonObject) => void;

/**
 * Fills in what the real server fills in, by the Go type that an object is of. The outer types come first, as there.
 * Changes the object, which must be the caller's own.
 * Source: kubernetes, pkg/apis, the defaults.go of each group and version.
 */
export function applyDefaults(value: Json, type: GoType): void {
  if (type.kind === 'list') {
    if (Array.isArray(value)) for (const item of value) applyDefaults(item, type.item);
  } else if (type.kind === 'map') {
    if (isObject(value)) for (const item of Object.values(value)) applyDefaults(item, type.value);
  } else if (type.kind === 'struct' && isObject(value)) {
    for (const field of type.fields.values()) {
      if (field.default !== undefined && isUnset(value[field.name])) value[field.name] = field.default;
    }
    defaulters[type.name.replace(/^io\.k8s\.api\./, '')]?.(value);
    for (const field of type.fields.values()) {
      const item = value[field.name];
      if (item !== undefined && item !== null) applyDefaults(item, field.type);
    }
  }
}

function isUnset(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '' || value === 0;
}

/** Sets what is absent, null, empty or zero, as Go's zero values are. */
function fill(object: JsonObject, values: JsonObject): void {
  for (const [name, value] of Object.entries(values)) {
    if (isUnset(object[name])) object[name] = structuredClone(value);
  }
}

/** Sets what is absent or null: for pointers, where zero is a value. */
function fillNil(object: JsonObject, values: JsonObject): void {
  for (const [name, value] of Object.entries(values)) {
    if (object[name] === undefined || object[name] === null) object[name] = structuredClone(value);
  }
}

/** The object at a key, made where there is none. */
function child(object: JsonObject, name: string): JsonObject {
  const found = object[name];
  if (isObject(found)) return found;
  const made: JsonObject = {};
  object[name] = made;
  return made;
}

function pullPolicy(image: string | undefined): string {
  const name = (image ?? '').slice((image ?? '').lastIndexOf('/') + 1);
  if (name.includes('@')) return 'IfNotPresent';
  const tag = name.includes(':') ? name.slice(name.indexOf(':') + 1) : 'latest';
  return tag === 'latest' ? 'Always' : 'IfNotPresent';
}

const container: Defaulter = object => {
  fill(object, {
    imagePullPolicy: pullPolicy(stringAt(object, 'image')),
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  });
};

/** A field of DaemonSets that later versions keep as an annotation. */
export const templateGeneration = 'deprecated.daemonset.template.generation';

const modes = (object: JsonObject) => fillNil(object, {defaultMode: 420});

const roleBinding: Defaulter = object => {
  fill(child(object, 'roleRef'), {apiGroup: 'rbac.authorization.k8s.io'});
};

const defaulters: Record<string, Defaulter> = {
  'apps.v1.Deployment'(object) {
    const spec = child(object, 'spec');
    fillNil(spec, {replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600});
    const strategy = child(spec, 'strategy');
    fill(strategy, {type: 'RollingUpdate'});
    if (strategy['type'] === 'RollingUpdate') {
      fillNil(child(strategy, 'rollingUpdate'), {maxUnavailable: '25%', maxSurge: '25%'});
    }
  },
  'apps.v1.DaemonSet'(object) {
    const spec = child(object, 'spec');
    fill(child(child(object, 'metadata'), 'annotations'), {[templateGeneration]: '0'});
    fillNil(spec, {revisionHistoryLimit: 10});
    const strategy = child(spec, 'updateStrategy');
    fill(strategy, {type: 'RollingUpdate'});
    if (strategy['type'] === 'RollingUpdate') {
      fillNil(child(strategy, 'rollingUpdate'), {maxUnavailable: 1, maxSurge: 0});
    }
  },
  'apps.v1.StatefulSet'(object) {
    const spec = child(object, 'spec');
    fill(spec, {podManagementPolicy: 'OrderedReady'});
    fillNil(spec, {replicas: 1, revisionHistoryLimit: 10});
    const strategy = child(spec, 'updateStrategy');
    if (isUnset(strategy['type'])) {
      strategy['type'] = 'RollingUpdate';
      child(strategy, 'rollingUpdate');
    }
    const rolling = strategy['rollingUpdate'];
    if (strategy['type'] === 'RollingUpdate' && isObject(rolling)) {
      fillNil(rolling, {partition: 0});
    }
    for (const claim of listAt(spec, 'volumeClaimTemplates')) {
      if (isObject(claim)) fill(claim, {apiVersion: 'v1', kind: 'PersistentVolumeClaim'});
    }
    fill(child(spec, 'persistentVolumeClaimRetentionPolicy'), {whenDeleted: 'Retain', whenScaled: 'Retain'});
  },
  'apps.v1.ReplicaSet'(object) {
    fillNil(child(object, 'spec'), {replicas: 1});
  },
  'batch.v1.Job'(object) {
    const spec = child(object, 'spec');
    if (spec['completions'] === undefined && spec['parallelism'] === undefined) spec['completions'] = 1;
    fillNil(spec, {
      parallelism: 1,
      backoffLimit: spec['backoffLimitPerIndex'] === undefined ? 6 : 2_147_483_647,
      completionMode: 'NonIndexed',
      suspend: false,
      manualSelector: false,
      podReplacementPolicy: isObject(spec['podFailurePolicy']) ? 'Failed' : 'TerminatingOrFailed',
    });
    const labels = objectAt(objectAt(objectAt(spec, 'template'), 'metadata'), 'labels');
    const metadata = child(object, 'metadata');
    if (Object.keys(labels).length > 0 && Object.keys(objectAt(metadata, 'labels')).length === 0) {
      metadata['labels'] = {...labels};
    }
  },
  'batch.v1.CronJob'(object) {
    const spec = child(object, 'spec');
    fill(spec, {concurrencyPolicy: 'Allow'});
    fillNil(spec, {suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1});
  },
  'core.v1.Volume'(object) {
    const sources = Object.keys(object).filter(name => name !== 'name');
    if (sources.length === 0) object['emptyDir'] = {};
  },
  'core.v1.ImageVolumeSource'(object) {
    fill(object, {pullPolicy: pullPolicy(stringAt(object, 'reference'))});
  },
  'core.v1.Container': container,
  'core.v1.EphemeralContainer': container,
  'core.v1.Pod'(object) {
    const spec = child(object, 'spec');
    fillNil(spec, {enableServiceLinks: true});
    for (const item of [...listAt(spec, 'containers'), ...listAt(spec, 'initContainers')]) {
      if (!isObject(item)) continue;
      const limits = objectAt(objectAt(item, 'resources'), 'limits');
      if (Object.keys(limits).length === 0) continue;
      const resources = child(item, 'resources');
      resources['requests'] = {...limits, ...objectAt(resources, 'requests')};
    }
    if (spec['hostNetwork'] !== true) return;
    for (const item of [...listAt(spec, 'containers'), ...listAt(spec, 'initContainers')]) {
      for (const port of listAt(item, 'ports')) {
        if (isObject(port)) fill(port, {hostPort: port['containerPort'] ?? 0});
      }
    }
  },
  'core.v1.PodSpec'(object) {
    fill(object, {dnsPolicy: 'ClusterFirst', restartPolicy: 'Always', schedulerName: 'default-scheduler'});
    fillNil(object, {securityContext: {}, terminationGracePeriodSeconds: 30});
    // Kept in step by the server's conversion: an old name and a new one of the same field.
    const account = stringAt(object, 'serviceAccountName') ?? stringAt(object, 'serviceAccount');
    if (account !== undefined && account !== '') {
      object['serviceAccountName'] = account;
      object['serviceAccount'] = account;
    }
  },
  'core.v1.Probe'(object) {
    fill(object, {timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3});
  },
  'core.v1.HTTPGetAction'(object) {
    fill(object, {path: '/', scheme: 'HTTP'});
  },
  'core.v1.GRPCAction'(object) {
    fillNil(object, {service: ''});
  },
  'core.v1.SecretVolumeSource': modes,
  'core.v1.ConfigMapVolumeSource': modes,
  'core.v1.DownwardAPIVolumeSource': modes,
  'core.v1.ProjectedVolumeSource': modes,
  'core.v1.ServiceAccountTokenProjection'(object) {
    fillNil(object, {expirationSeconds: 3600});
  },
  'core.v1.HostPathVolumeSource'(object) {
    fillNil(object, {type: ''});
  },
  'core.v1.ObjectFieldSelector'(object) {
    fill(object, {apiVersion: 'v1'});
  },
  'core.v1.Secret'(object) {
    fill(object, {type: 'Opaque'});
    const texts = objectAt(object, 'stringData');
    if (Object.keys(texts).length > 0) {
      const data = child(object, 'data');
      for (const [name, text] of Object.entries(texts)) data[name] = base64(String(text));
    }
    // Write-only: it is never read back.
    delete object['stringData'];
  },
  'core.v1.PersistentVolumeClaim'(object) {
    fill(child(object, 'status'), {phase: 'Pending'});
  },
  'core.v1.PersistentVolumeClaimSpec'(object) {
    fillNil(object, {volumeMode: 'Filesystem'});
  },
  'core.v1.Namespace'(object) {
    const metadata = child(object, 'metadata');
    const name = stringAt(metadata, 'name') ?? '';
    if (name !== '') child(metadata, 'labels')['kubernetes.io/metadata.name'] = name;
    fill(child(object, 'status'), {phase: 'Active'});
  },
  'core.v1.Service'(object) {
    const spec = child(object, 'spec');
    fill(spec, {sessionAffinity: 'None', type: 'ClusterIP'});
    if (spec['sessionAffinity'] === 'None') delete spec['sessionAffinityConfig'];
    else fillNil(child(child(spec, 'sessionAffinityConfig'), 'clientIP'), {timeoutSeconds: 10_800});
    for (const port of listAt(spec, 'ports')) {
      if (isObject(port)) fill(port, {protocol: 'TCP', targetPort: port['port'] ?? 0});
    }
    const type = stringAt(spec, 'type');
    if (type === 'NodePort' || type === 'LoadBalancer' || listAt(spec, 'externalIPs').length > 0) {
      fill(spec, {externalTrafficPolicy: 'Cluster'});
    }
    if (type !== 'ExternalName') fillNil(spec, {internalTrafficPolicy: 'Cluster'});
    if (type === 'LoadBalancer') fillNil(spec, {allocateLoadBalancerNodePorts: true});
  },
  'networking.v1.NetworkPolicyPort'(object) {
    fillNil(object, {protocol: 'TCP'});
  },
  'networking.v1.NetworkPolicy'(object) {
    const spec = child(object, 'spec');
    if (listAt(spec, 'policyTypes').length > 0) return;
    spec['policyTypes'] = listAt(spec, 'egress').length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
  },
  'autoscaling.v2.HorizontalPodAutoscaler': object => hpaDefaults(child(object, 'spec')),
  'rbac.v1.RoleBinding': roleBinding,
  'rbac.v1.ClusterRoleBinding': roleBinding,
  'rbac.v1.Subject'(object) {
    if (object['kind'] === 'User' || object['kind'] === 'Group') {
      fill(object, {apiGroup: 'rbac.authorization.k8s.io'});
    }
  },
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionSpec'(object) {
    const names = child(object, 'names');
    const kind = stringAt(names, 'kind') ?? '';
    fill(names, {singular: kind.toLowerCase(), listKind: kind === '' ? '' : `${kind}List`});
    fillNil(object, {conversion: {strategy: 'None'}});
  },
};

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
