import {ClusterError, type KindCatalog} from '../../../cluster/types.ts';
import type {LeftOut} from '../../../drift/types.ts';
import type {Environment} from '../../../environments/types.ts';
import {formatIdentity, identityKey, identityOf, type ResourceId} from '../../../resources/identity.ts';
import {isObject, type JsonObject, listAt, objectAt, stringAt} from '../../../resources/json.ts';
import type {Problem} from '../../../resources/problem.ts';
import {membership} from '../apply/apply-set.ts';
import type {Examined, ExtraObject} from '../inspection.ts';
import {attempt, type Reads} from '../live/live.ts';
import {inPool} from '../pool.ts';
import {trackingAnnotation} from './argocd-tracking.ts';

/** What is known of an environment when its orphans are looked for. */
export interface OrphansInput {
  environment: Pick<Environment, 'namespace'>;
  reads: Reads;
  catalog: KindCatalog;
  /** The namespace of resources that name none. */
  namespace: string;
  examined: readonly Examined[];
  extras: readonly ExtraObject[];
  leftOut: readonly LeftOut[];
}

const parallel = 16;

/** Namespaces of everybody: an environment that has something in one of them does not own it. */
const shared = new Set(['default', 'kube-system', 'kube-public', 'kube-node-lease']);

/** Kinds that the system makes and nobody keeps in git. */
const made = new Set(['Event', 'Endpoints', 'EndpointSlice', 'Lease', 'PodMetrics', 'PackageManifest']);
const madeByName = new Set([
  'ConfigMap/kube-root-ca.crt',
  'ConfigMap/openshift-service-ca.crt',
  'ConfigMap/istio-ca-root-cert',
  'ServiceAccount/default',
  'ServiceAccount/builder',
  'ServiceAccount/deployer',
]);
const madeTypes = new Set([
  'helm.sh/release.v1',
  'kubernetes.io/service-account-token',
  'bootstrap.kubernetes.io/token',
]);

/**
 * Finds what lives in the environment's own namespaces and is nobody's: not in git, not made by the system or another
 * object, not marked by a tool that deploys or makes things. What can't be listed is told. Throws only when aborted.
 */
export async function findOrphans(
  {environment, reads, catalog, namespace, examined, extras, leftOut}: OrphansInput,
  signal: AbortSignal,
): Promise<{orphans: ResourceId[]; problems: Problem[]}> {
  const ids = examined.map(({target}) => target.id);
  const known = new Set(
    [...ids, ...[...extras.map(({drift}) => drift), ...leftOut].map(({id}) => id)].map(identityKey),
  );
  const namespaces = new Set(
    ids
      .map(id => (id.group === '' && id.kind === 'Namespace' ? id.name : id.namespace))
      .filter(name => name !== '' && !shared.has(name)),
  );
  if (environment.namespace !== null) namespaces.add(environment.namespace);
  if (namespaces.size === 0) namespaces.add(namespace);

  const problems: Problem[] = [];
  const kinds = catalog
    .all()
    .filter(
      kind =>
        kind.namespaced &&
        kind.verbs.includes('list') &&
        !made.has(kind.kind) &&
        catalog.preferred(kind.group, kind.kind)?.version === kind.version,
    );
  const places = kinds.flatMap(kind => [...namespaces].map(place => ({kind, place})));
  const lists = await inPool(places, parallel, async ({kind, place}): Promise<readonly JsonObject[]> => {
    const found = await attempt(() => reads.list(kind, {namespace: place, signal}), signal);
    if (!(found instanceof ClusterError)) return found?.items ?? [];
    const message = `orphans among ${kind.plural} in ${place} can't be known: ${found.message}`;
    problems.push({severity: 'warning', message});
    return [];
  });
  const objects = lists.flat();
  const claims = claimsOf(objects);
  const byLabel = catalog.preferred('argoproj.io', 'Application') !== undefined;
  // One object may be served by several groups.
  const seen = new Set<string>();
  const orphans = objects.filter(object => {
    const id = identityOf(object);
    const uid = stringAt(objectAt(object, 'metadata'), 'uid') ?? identityKey(id);
    if (seen.has(uid)) return false;
    seen.add(uid);
    if (known.has(identityKey(id)) || isMade(object, id) || isMarked(object, byLabel)) return false;
    return !(id.kind === 'PersistentVolumeClaim' && claims.some(claim => claim(id)));
  });
  return {orphans: orphans.map(identityOf).sort(byIdentity), problems};
}

function isMade(object: JsonObject, id: ResourceId): boolean {
  const metadata = objectAt(object, 'metadata');
  const annotations = objectAt(metadata, 'annotations');
  if (listAt(metadata, 'ownerReferences').length > 0) return true;
  if (metadata['deletionTimestamp'] !== undefined) return true;
  if (id.group !== '') return false;
  if (madeByName.has(`${id.kind}/${id.name}`)) return true;
  if (id.kind === 'Service' && id.namespace === 'default' && id.name === 'kubernetes') return true;
  if (id.kind === 'Secret' && madeTypes.has(stringAt(object, 'type') ?? '')) return true;
  return (
    annotations['control-plane.alpha.kubernetes.io/leader'] !== undefined ||
    annotations['cert-manager.io/certificate-name'] !== undefined
  );
}

/** True for what a deploying tool marked as its own: some environment's, or some chart's, if not this one's. */
function isMarked(object: JsonObject, byLabel: boolean): boolean {
  const metadata = objectAt(object, 'metadata');
  const labels = objectAt(metadata, 'labels');
  const annotations = objectAt(metadata, 'annotations');
  return (
    membership(object) !== undefined ||
    labels['applyset.kubernetes.io/id'] !== undefined ||
    annotations[trackingAnnotation] !== undefined ||
    (byLabel && labels['app.kubernetes.io/instance'] !== undefined) ||
    labels['kustomize.toolkit.fluxcd.io/name'] !== undefined ||
    labels['helm.toolkit.fluxcd.io/name'] !== undefined ||
    annotations['meta.helm.sh/release-name'] !== undefined ||
    labels['kapp.k14s.io/app'] !== undefined ||
    labels['olm.owner'] !== undefined ||
    labels['owner'] === 'helm'
  );
}

/** Claims that StatefulSets make, which keep no owner: `data-web-0`. */
function claimsOf(objects: readonly JsonObject[]): ((id: ResourceId) => boolean)[] {
  return objects.flatMap(object => {
    const set = identityOf(object);
    if (set.group !== 'apps' || set.kind !== 'StatefulSet') return [];
    return listAt(objectAt(object, 'spec'), 'volumeClaimTemplates')
      .filter(isObject)
      .map(template => {
        const prefix = `${identityOf(template).name}-${set.name}-`;
        return ({namespace, name}: ResourceId) =>
          namespace === set.namespace && name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length));
      });
  });
}

function byIdentity(a: ResourceId, b: ResourceId): number {
  const [left, right] = [formatIdentity(a), formatIdentity(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
