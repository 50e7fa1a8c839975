import type {FieldPath} from '../resources/field-path.ts';
import type {ResourceId} from '../resources/identity.ts';

const builtInGroups = new Set([
  '',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'apps',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'internal.apiserver.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
  'storagemigration.k8s.io',
]);

/** True for the groups that kube-apiserver serves itself: their objects pass through Go types, which leave zeros out. */
export function isBuiltIn(group: string): boolean {
  return builtInGroups.has(group);
}

/** A path without what singles out list items: `spec.ports[].nodePort`. For tables; keys with dots are not quoted. */
export function generalise(path: FieldPath): string {
  let text = '';
  for (const element of path) {
    if (element.type !== 'field') text += '[]';
    else text += text === '' ? element.name : `.${element.name}`;
  }
  return text;
}

const podSpecs: Record<string, string> = {
  '/Pod': 'spec',
  '/PodTemplate': 'template.spec',
  '/ReplicationController': 'spec.template.spec',
  'apps/Deployment': 'spec.template.spec',
  'apps/ReplicaSet': 'spec.template.spec',
  'apps/StatefulSet': 'spec.template.spec',
  'apps/DaemonSet': 'spec.template.spec',
  'batch/Job': 'spec.template.spec',
  'batch/CronJob': 'spec.jobTemplate.spec.template.spec',
};

/** A generalised path relative to the kind's pod spec, or undefined where it is not in one. */
export function withinPodSpec(id: Pick<ResourceId, 'group' | 'kind'>, path: string): string | undefined {
  const prefix = podSpecs[`${id.group}/${id.kind}`];
  return prefix !== undefined && path.startsWith(`${prefix}.`) ? path.slice(prefix.length + 1) : undefined;
}
