import {type JsonObject, objectAt, stringAt} from './json.ts';

/** What makes an object one object in a cluster. The version is not part of it (drift trap 41). */
export interface ResourceId {
  /** API group, '' for the core group. */
  group: string;
  kind: string;
  /** '' for cluster-scoped objects. */
  namespace: string;
  name: string;
}

/** Group and version of an apiVersion: `apps/v1` is {apps, v1}, `v1` is {'', v1}. */
export function splitApiVersion(apiVersion: string): {group: string; version: string} {
  const slash = apiVersion.indexOf('/');
  return slash < 0
    ? {group: '', version: apiVersion}
    : {group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1)};
}

/** The identity that an object states of itself; namespace '' where it states none. */
export function identityOf(object: JsonObject): ResourceId {
  const metadata = objectAt(object, 'metadata');
  return {
    group: splitApiVersion(stringAt(object, 'apiVersion') ?? '').group,
    kind: stringAt(object, 'kind') ?? '',
    namespace: stringAt(metadata, 'namespace') ?? '',
    name: stringAt(metadata, 'name') ?? '',
  };
}

/** A key for maps: `apps/Deployment/shop/web`, `/Namespace//shop`. */
export function identityKey(id: ResourceId): string {
  return `${id.group}/${id.kind}/${id.namespace}/${id.name}`;
}

/** For people: `Deployment/shop/web`, `Namespace/shop`. */
export function formatIdentity(id: ResourceId): string {
  return id.namespace === '' ? `${id.kind}/${id.name}` : `${id.kind}/${id.namespace}/${id.name}`;
}
