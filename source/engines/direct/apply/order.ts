import {type ResourceId, splitApiVersion} from '../../../resources/identity.ts';
import {type JsonObject, objectAt, stringAt} from '../../../resources/json.ts';

// What others need comes first. Helm's install order, which Argo CD and kustomize follow:
// https://github.com/helm/helm/blob/main/pkg/release/v1/util/kind_sorter.go
const installOrder = [
  'Namespace',
  'CustomResourceDefinition',
  'PriorityClass',
  'NetworkPolicy',
  'ResourceQuota',
  'LimitRange',
  'PodSecurityPolicy',
  'PodDisruptionBudget',
  'ServiceAccount',
  'Secret',
  'SecretList',
  'ConfigMap',
  'StorageClass',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'ClusterRole',
  'ClusterRoleBinding',
  'Role',
  'RoleBinding',
  'Service',
  'DaemonSet',
  'Pod',
  'ReplicationController',
  'ReplicaSet',
  'Deployment',
  'HorizontalPodAutoscaler',
  'StatefulSet',
  'Job',
  'CronJob',
  'IngressClass',
  'Ingress',
  'APIService',
  // They can refuse or change everything else: last, so that what serves them stands first.
  'MutatingWebhookConfiguration',
  'ValidatingWebhookConfiguration',
];

/** Kinds that the table does not name stand between APIService and the webhooks. */
const unnamed = installOrder.indexOf('MutatingWebhookConfiguration') - 0.5;
const waveAnnotation = 'argocd.argoproj.io/sync-wave';

/** Where an object stands in a sync. */
export interface Ordered {
  id: ResourceId;
  object: JsonObject;
}

/** Where in the order a kind stands; equal ranks don't need each other. */
export function kindRank(kind: string): number {
  const index = installOrder.indexOf(kind);
  return index < 0 ? unnamed : index;
}

/** Argo CD's sync wave of an object: an integer, 0 where there is none or it can't be read. */
export function syncWave(object: JsonObject): number {
  const text = stringAt(objectAt(objectAt(object, 'metadata'), 'annotations'), waveAnnotation);
  return text !== undefined && /^\s*-?\d+\s*$/.test(text) ? Number.parseInt(text, 10) : 0;
}

/**
 * The order of a sync: waves, within a wave the kinds, within a kind the names. A Namespace or CustomResourceDefinition
 * comes no later than the first wave that needs it, whatever its own wave says.
 */
export function inOrder<T extends Ordered>(items: readonly T[]): {item: T; wave: number; rank: number}[] {
  const needed = new Map<string, number>();
  const need = (key: string, wave: number) => needed.set(key, Math.min(needed.get(key) ?? wave, wave));
  for (const {id, object} of items) {
    const wave = syncWave(object);
    if (id.namespace !== '') need(`namespace ${id.namespace}`, wave);
    need(`kind ${id.group}/${id.kind}`, wave);
  }
  const waveOf = ({id, object}: Ordered): number => {
    const own = syncWave(object);
    if (id.kind === 'Namespace' && id.group === '')
      return Math.min(own, needed.get(`namespace ${id.name}`) ?? own);
    const defined = definedKind(object);
    if (defined === undefined) return own;
    return Math.min(own, needed.get(`kind ${defined.group}/${defined.kind}`) ?? own);
  };
  return items
    .map(item => ({item, wave: waveOf(item), rank: kindRank(item.id.kind)}))
    .sort(
      (a, b) =>
        a.wave - b.wave ||
        a.rank - b.rank ||
        compare(a.item.id.kind, b.item.id.kind) ||
        compare(a.item.id.namespace, b.item.id.namespace) ||
        compare(a.item.id.name, b.item.id.name),
    );
}

/** The group, kind and served versions that a CustomResourceDefinition defines; undefined for any other object. */
export function definedKind(object: JsonObject): {group: string; kind: string} | undefined {
  const {group} = splitApiVersion(stringAt(object, 'apiVersion') ?? '');
  if (group !== 'apiextensions.k8s.io' || stringAt(object, 'kind') !== 'CustomResourceDefinition')
    return undefined;
  const spec = objectAt(object, 'spec');
  return {group: stringAt(spec, 'group') ?? '', kind: stringAt(objectAt(spec, 'names'), 'kind') ?? ''};
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
