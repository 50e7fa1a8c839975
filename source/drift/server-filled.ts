import type {FieldPath} from '../resources/field-path.ts';
import type {ResourceId} from '../resources/identity.ts';
import {type Json, type JsonObject, listAt, objectAt} from '../resources/json.ts';
import {managedFieldsOf} from '../resources/managed-fields.ts';
import {generalise} from './kinds.ts';
import {lastApplied, serverMetadata} from './normalise.ts';

const filled: Record<string, readonly string[]> = {
  '/Service': [
    'spec.clusterIP',
    'spec.clusterIPs',
    'spec.ipFamilies',
    'spec.ipFamilyPolicy',
    'spec.healthCheckNodePort',
    'spec.ports[].nodePort',
  ],
  '/PersistentVolumeClaim': ['spec.volumeName'],
  '/PersistentVolume': ['spec.claimRef'],
  '/ServiceAccount': ['secrets', 'imagePullSecrets'],
  '/Namespace': ['spec.finalizers', 'metadata.labels.kubernetes.io/metadata.name'],
  '/Pod': ['spec.nodeName', 'spec.priority', 'spec.serviceAccountName', 'spec.serviceAccount'],
  'batch/Job': [
    'spec.selector',
    'spec.template.metadata.labels.controller-uid',
    'spec.template.metadata.labels.job-name',
    'spec.template.metadata.labels.batch.kubernetes.io/controller-uid',
    'spec.template.metadata.labels.batch.kubernetes.io/job-name',
  ],
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': ['webhooks[].clientConfig.caBundle'],
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': ['webhooks[].clientConfig.caBundle'],
  'apiextensions.k8s.io/CustomResourceDefinition': ['spec.conversion.webhook.clientConfig.caBundle'],
  'apiregistration.k8s.io/APIService': ['spec.caBundle'],
};

/** The field managers of Argo CD's own applies. */
const argocd = new Set(['argocd-controller', 'argocd-application-controller']);

/** Labels and annotations by which tools keep their books on the objects that they deploy. */
const bookkeeping: readonly [prefix: string, whose: string][] = [
  ['applyset.kubernetes.io/', 'the ApplySet'],
  ['argocd.argoproj.io/', 'Argo CD'],
  ['kustomize.toolkit.fluxcd.io/', 'Flux'],
  ['helm.toolkit.fluxcd.io/', 'Flux'],
  ['reconcile.fluxcd.io/', 'Flux'],
  ['meta.helm.sh/', 'Helm'],
  ['deployment.kubernetes.io/', 'the deployment controller'],
  ['deprecated.daemonset.', 'the server'],
  ['pv.kubernetes.io/', 'the volume controller'],
  ['volume.kubernetes.io/', 'the volume controller'],
  ['volume.beta.kubernetes.io/', 'the volume controller'],
];

/**
 * Says who fills a field in where git is silent about it, or gives null where that would be drift (drift traps 36, 37).
 * `live` is the whole object.
 */
export function filledBy(
  id: Pick<ResourceId, 'group' | 'kind'>,
  path: FieldPath,
  live: JsonObject,
): string | null {
  const [first, second, third] = path;
  if (first?.type !== 'field') return null;
  if (first.name === 'status') return 'the status';
  if (first.name === 'metadata' && second?.type === 'field') {
    if (serverMetadata.has(second.name) || second.name === 'ownerReferences') return 'the server';
    if (path.length === 2 && (second.name === 'name' || second.name === 'namespace')) return 'the server';
    if (second.name === 'generateName') return 'the server';
  }
  const key = path[annotated(path) + 1];
  if (key?.type === 'field') {
    if (key.name === lastApplied) return 'kubectl apply';
    if (key.name === 'kubectl.kubernetes.io/restartedAt') return 'kubectl rollout restart';
    const books = bookkeeping.find(([prefix]) => key.name.startsWith(prefix));
    if (books !== undefined) return books[1];
    if (first.name === 'metadata' && key === third) {
      if (key.name === 'app.kubernetes.io/managed-by' && isOfHelmRelease(live)) return 'Helm';
      if (key.name === 'app.kubernetes.io/instance' && isTrackedByLabel(path, live)) return 'Argo CD';
    }
  }
  const kind = `${id.group}/${id.kind}`;
  if (kind === 'rbac.authorization.k8s.io/ClusterRole' && first.name === 'rules' && isAggregated(live)) {
    return 'the aggregation of cluster roles';
  }
  // A token controller fills these Secrets; nobody writes their data into git.
  if (kind === '/Secret' && live['type'] === 'kubernetes.io/service-account-token' && first.name === 'data') {
    return 'the token controller';
  }
  if (kind === '/Namespace' && third?.type === 'field' && third.name === 'kubernetes.io/metadata.name') {
    return 'the server';
  }
  const fields = filled[kind];
  if (fields === undefined) return null;
  const text = generalise(path);
  return fields.some(field => text === field || text.startsWith(`${field}.`) || text.startsWith(`${field}[]`))
    ? 'the server or a controller'
    : null;
}

// Helm marks all that it installs (helm/pkg/action/validate.go), whatever the chart says.
function isOfHelmRelease(live: JsonObject): boolean {
  const metadata = objectAt(live, 'metadata');
  return (
    objectAt(metadata, 'labels')['app.kubernetes.io/managed-by'] === 'Helm' &&
    objectAt(metadata, 'annotations')['meta.helm.sh/release-name'] !== undefined
  );
}

// Without its annotation Argo CD knows what it applied by this label, which it sets itself.
// https://argo-cd.readthedocs.io/en/stable/user-guide/resource_tracking/
function isTrackedByLabel(path: FieldPath, live: JsonObject): boolean {
  if (objectAt(objectAt(live, 'metadata'), 'annotations')['argocd.argoproj.io/tracking-id'] !== undefined) {
    return false;
  }
  const owners = managedFieldsOf(live).filter(entry => entry.fields.at(path) !== undefined);
  return owners.length > 0 && owners.every(({manager}) => argocd.has(manager));
}

// The position of the path's labels or annotations; past its end where it leads to none. Asked for each field: no closure.
function annotated(path: FieldPath): number {
  let index = 0;
  for (; index < path.length; index++) {
    const element = path[index];
    if (element?.type === 'field' && (element.name === 'annotations' || element.name === 'labels')) break;
  }
  return index;
}

/** True for a ClusterRole whose rules a controller collects. */
export function isAggregated(object: JsonObject): boolean {
  return listAt(objectAt(object, 'aggregationRule'), 'clusterRoleSelectors').length > 0;
}

/**
 * Says who fills in a field although git declares it: an empty caBundle, which is a placeholder; the rules of an
 * aggregated ClusterRole and a deployment's revision, which controllers overwrite. Null where git means what it says.
 */
export function placeholderFor(
  id: Pick<ResourceId, 'group' | 'kind'>,
  path: FieldPath,
  desired: Json | undefined,
  live: JsonObject,
): string | null {
  const last = path.at(-1);
  if (last?.type !== 'field') return null;
  // `Cg==`, a line end, is what kubebuilder writes for "to be injected".
  const isPlaceholder = last.name === 'caBundle' && (desired === '' || desired === 'Cg==');
  const isCollected = last.name === 'rules' && path.length === 1 && id.kind === 'ClusterRole';
  const isCounted = last.name === 'deployment.kubernetes.io/revision';
  return isPlaceholder || isCollected || isCounted ? filledBy(id, path, live) : null;
}
