import type {KindCatalog} from '../../../cluster/types.ts';
import type {ResourceStatus} from '../../../drift/types.ts';
import {
  formatIdentity,
  identityKey,
  identityOf,
  type ResourceId,
  splitApiVersion,
} from '../../../resources/identity.ts';
import {type JsonObject, listAt, objectAt, stringAt} from '../../../resources/json.ts';
import type {Kind} from '../../../resources/kind.ts';
import type {DesiredResource} from '../../../sources/types.ts';
import {definedKind} from '../apply/order.ts';

/** A resource of git, tied to where it lives in the cluster. */
export interface Target {
  desired: DesiredResource;
  /** The object with the namespace that it will have (none for cluster-scoped kinds). */
  object: JsonObject;
  id: ResourceId;
  version: string;
  /** Undefined where the cluster does not serve it, or is out of reach. */
  kind: Kind | undefined;
  /** What is known without looking at the live object. */
  settled: {status: Extract<ResourceStatus, 'Missing' | 'Unknown'>; reason: string} | null;
}

/** A duplicate in git of another target (drift trap 44). */
export interface Duplicate {
  target: Target;
  first: Target;
}

/** The desired resources by identity, in git's order, and those that git holds twice. */
export interface Targets {
  targets: Target[];
  duplicates: Duplicate[];
}

/**
 * Ties each desired resource to its kind in the cluster and to its namespace: the one it names, else the environment's,
 * never one for a cluster-scoped kind (drift trap 40). Without a catalog (the cluster is out of reach) all are Unknown
 * for `unreachable`.
 */
export function bindTargets(
  resources: readonly DesiredResource[],
  catalog: KindCatalog | {unreachable: string},
  namespace: string,
): Targets {
  const promised = promisedKinds(resources);
  const byKey = new Map<string, Target>();
  const duplicates: Duplicate[] = [];
  for (const desired of resources) {
    const target = bind(desired, catalog, namespace, promised);
    const key = identityKey(target.id);
    const first = byKey.get(key);
    if (first === undefined) byKey.set(key, target);
    else duplicates.push({target, first});
  }
  for (const {target, first} of duplicates) {
    const at = ({desired}: Target) => `${desired.location.file}:${desired.location.line}`;
    const reason = `git holds ${formatIdentity(target.id)} twice: ${at(first)} and ${at(target)}`;
    first.settled = {status: 'Unknown', reason};
  }
  return {targets: [...byKey.values()], duplicates};
}

function bind(
  desired: DesiredResource,
  catalog: KindCatalog | {unreachable: string},
  namespace: string,
  promised: ReadonlyMap<string, PromisedKind>,
): Target {
  const {object} = desired;
  const stated = identityOf(object);
  const {group, version} = splitApiVersion(stringAt(object, 'apiVersion') ?? '');
  const at = (place: {namespaced: boolean} | undefined): Pick<Target, 'id' | 'object'> => {
    const own = place?.namespaced === false ? '' : stated.namespace === '' ? namespace : stated.namespace;
    return {id: {...stated, namespace: own}, object: inNamespace(object, own)};
  };
  const settled = (
    place: {namespaced: boolean} | undefined,
    status: 'Missing' | 'Unknown',
    reason: string,
  ): Target => ({desired, ...at(place), version, kind: undefined, settled: {status, reason}});

  const promise = promised.get(`${group}/${stated.kind}`);
  if ('unreachable' in catalog) return settled(promise, 'Unknown', catalog.unreachable);
  const kind = catalog.find(group, version, stated.kind);
  if (kind === undefined) {
    const others = catalog.all().filter(other => other.group === group && other.kind === stated.kind);
    return settled(others[0] ?? promise, ...unserved(group, version, stated.kind, others, promise, catalog));
  }
  const place = at(kind);
  const target: Target = {desired, ...place, version, kind, settled: null};
  if (stated.name === '') {
    const prefix = stringAt(objectAt(object, 'metadata'), 'generateName');
    target.settled = {
      status: 'Unknown',
      reason:
        prefix === undefined
          ? 'it has no metadata.name'
          : `metadata.generateName (${prefix}) names a new object each time: it can't be matched with a live one`,
    };
    // Two of them are two objects, not one object twice.
    target.id = {...target.id, name: `${prefix ?? ''}*${desired.location.file}:${desired.location.line}`};
  } else if (!kind.verbs.includes('get')) {
    target.settled = {
      status: 'Unknown',
      reason: `the cluster takes ${kind.kind} requests but keeps no such objects`,
    };
  }
  return target;
}

function unserved(
  group: string,
  version: string,
  kind: string,
  others: readonly Kind[],
  promise: PromisedKind | undefined,
  catalog: KindCatalog,
): ['Missing' | 'Unknown', string] {
  const failure = catalog.failures.get(group);
  const apiVersion = group === '' ? version : `${group}/${version}`;
  if (failure !== undefined) return ['Unknown', `the API group ${group} could not be discovered: ${failure}`];
  if (others.length > 0) {
    const served = others
      .map(other => (group === '' ? other.version : `${group}/${other.version}`))
      .join(', ');
    return ['Unknown', `the cluster serves no ${kind} in ${apiVersion}; it serves ${served}`];
  }
  if (promise !== undefined) {
    return ['Missing', 'its CustomResourceDefinition is in git and not in the cluster yet'];
  }
  return [
    'Unknown',
    `the cluster serves no ${kind} in ${apiVersion}: its CustomResourceDefinition is neither in the cluster nor in git`,
  ];
}

interface PromisedKind {
  namespaced: boolean;
  versions: readonly string[];
}

/** The kinds that CustomResourceDefinitions in git define, by `group/Kind`. */
function promisedKinds(resources: readonly DesiredResource[]): Map<string, PromisedKind> {
  const kinds = new Map<string, PromisedKind>();
  for (const {object} of resources) {
    const defined = definedKind(object);
    if (defined === undefined) continue;
    const spec = objectAt(object, 'spec');
    kinds.set(`${defined.group}/${defined.kind}`, {
      namespaced: stringAt(spec, 'scope') !== 'Cluster',
      versions: listAt(spec, 'versions').map(version => stringAt(version, 'name') ?? ''),
    });
  }
  return kinds;
}

function inNamespace(object: JsonObject, namespace: string): JsonObject {
  const metadata = objectAt(object, 'metadata');
  if ((stringAt(metadata, 'namespace') ?? '') === namespace) return object;
  const {namespace: _stated, ...rest} = metadata;
  return {...object, metadata: namespace === '' ? rest : {...rest, namespace}};
}
