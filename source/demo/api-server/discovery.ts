import type {JsonObject} from '../../resources/json.ts';
import type {Resource} from './catalog.ts';
import type {Registry} from './registry.ts';

/** The legacy answers to /api, /apis, /apis/GROUP and /apis/GROUP/VERSION. */
export function apiVersions(address: string): JsonObject {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{clientCIDR: '0.0.0.0/0', serverAddress: address}],
  };
}

export function apiGroupList(registry: Registry): JsonObject {
  const groups = groupNames(registry).filter(group => group !== '');
  return {kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(group => groupEntry(registry, group))};
}

export function apiGroup(registry: Registry, group: string): JsonObject | undefined {
  if (group === '' || !groupNames(registry).includes(group)) return undefined;
  return {kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(registry, group)};
}

export function apiResourceList(registry: Registry, group: string, version: string): JsonObject | undefined {
  const served = registry.all().filter(resource => serves(resource, group, version));
  if (served.length === 0) return undefined;
  return {
    kind: 'APIResourceList',
    ...(group === '' ? {} : {apiVersion: 'v1'}),
    groupVersion: group === '' ? version : `${group}/${version}`,
    resources: served.toSorted(byPlural).flatMap(resource => legacyEntries(resource)),
  };
}

/** The aggregated answer to /api (core only) and /apis (all others). */
export function aggregated(registry: Registry, core: boolean): JsonObject {
  const groups = groupNames(registry).filter(group => (group === '') === core);
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map(group => ({
      metadata: group === '' ? {} : {name: group},
      versions: versionsOf(registry, group).map(version => ({
        version,
        resources: registry
          .all()
          .filter(resource => serves(resource, group, version))
          .toSorted(byPlural)
          .map(resource => aggregatedEntry(resource, version)),
        freshness: 'Current',
      })),
    })),
  };
}

function groupNames(registry: Registry): string[] {
  return [...new Set(registry.all().map(({group}) => group))];
}

function versionsOf(registry: Registry, group: string): string[] {
  return [
    ...new Set(
      registry
        .all()
        .filter(resource => resource.group === group)
        .flatMap(({versions}) => versions.map(({version}) => version)),
    ),
  ];
}

function groupEntry(registry: Registry, group: string): JsonObject {
  const versions = versionsOf(registry, group).map(version => ({
    groupVersion: `${group}/${version}`,
    version,
  }));
  return {name: group, versions, preferredVersion: versions[0] ?? {}};
}

function serves(resource: Resource, group: string, version: string): boolean {
  return resource.group === group && resource.versions.some(served => served.version === version);
}

function byPlural(a: Resource, b: Resource): number {
  return a.plural < b.plural ? -1 : 1;
}

function legacyEntries(resource: Resource): JsonObject[] {
  const {namespaced, kind, plural} = resource;
  const subresourceVerbs = ['get', 'patch', 'update'];
  return [
    {
      name: plural,
      singularName: resource.singular,
      namespaced,
      kind,
      verbs: [...resource.verbs],
      ...(resource.shortNames.length > 0 ? {shortNames: [...resource.shortNames]} : {}),
      ...(resource.categories.length > 0 ? {categories: [...resource.categories]} : {}),
      ...(resource.storageVersionHash === undefined ? {} : {storageVersionHash: resource.storageVersionHash}),
    },
    ...(resource.hasScale
      ? [
          {
            name: `${plural}/scale`,
            singularName: '',
            namespaced,
            group: 'autoscaling',
            version: 'v1',
            kind: 'Scale',
            verbs: subresourceVerbs,
          },
        ]
      : []),
    ...(resource.hasStatus
      ? [{name: `${plural}/status`, singularName: '', namespaced, kind, verbs: subresourceVerbs}]
      : []),
  ];
}

function aggregatedEntry(resource: Resource, version: string): JsonObject {
  const own = {group: resource.group, version, kind: resource.kind};
  const verbs = ['get', 'patch', 'update'];
  const subresources = [
    ...(resource.hasScale
      ? [
          {
            subresource: 'scale',
            responseKind: {group: 'autoscaling', version: 'v1', kind: 'Scale'},
            verbs,
          },
        ]
      : []),
    ...(resource.hasStatus ? [{subresource: 'status', responseKind: own, verbs}] : []),
  ];
  return {
    resource: resource.plural,
    responseKind: own,
    scope: resource.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: resource.singular,
    verbs: [...resource.verbs],
    ...(resource.shortNames.length > 0 ? {shortNames: [...resource.shortNames]} : {}),
    ...(resource.categories.length > 0 ? {categories: [...resource.categories]} : {}),
    ...(subresources.length > 0 ? {subresources} : {}),
  };
}
