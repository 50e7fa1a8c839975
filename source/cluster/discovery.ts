import {isObject, type Json, type JsonObject, listAt, objectAt, stringAt} from '../resources/json.ts';
import {apiVersionOf, type Kind} from '../resources/kind.ts';
import {type DiscoveredGroup, makeCatalog} from './catalog.ts';
import type {Client} from './client.ts';
import {ClusterError, type KindCatalog} from './types.ts';

// https://kubernetes.io/docs/concepts/overview/kubernetes-api/#aggregated-discovery
const aggregated = ['v2', 'v2beta1']
  .map(version => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .join(',');

/**
 * Asks the server which kinds it serves: two requests where it knows aggregated discovery (1.26), one a group and version
 * where it doesn't. A group that can't be discovered is a failure of its own (drift trap 53). Throws ClusterError.
 */
export async function discover(client: Client, signal: AbortSignal | undefined): Promise<KindCatalog> {
  const failures = new Map<string, string>();
  const parts = await Promise.all(
    ['/api', '/apis'].map(async path => {
      const answer = await client.json({
        method: 'GET',
        path,
        accept: `${aggregated},application/json`,
        signal,
      });
      return stringAt(answer, 'kind') === 'APIGroupDiscoveryList'
        ? aggregatedGroups(answer, failures)
        : legacyGroups(client, path, answer, failures, signal);
    }),
  );
  return makeCatalog(parts.flat(), failures);
}

function aggregatedGroups(answer: Json, failures: Map<string, string>): DiscoveredGroup[] {
  return listAt(answer, 'items').map(item => {
    const group = stringAt(objectAt(item, 'metadata'), 'name') ?? '';
    const versions = listAt(item, 'versions').map(each => {
      const version = stringAt(each, 'version') ?? '';
      if (stringAt(each, 'freshness') === 'Stale') {
        fail(failures, group, version, 'the API server that serves it does not answer');
      }
      return {version, kinds: listAt(each, 'resources').flatMap(it => aggregatedKind(group, version, it))};
    });
    return {group, versions};
  });
}

function aggregatedKind(group: string, version: string, item: Json): Kind[] {
  const kind = stringAt(objectAt(item, 'responseKind'), 'kind');
  const plural = stringAt(item, 'resource');
  if (!kind || plural === undefined) return [];
  return [
    {
      group,
      version,
      kind,
      plural,
      namespaced: stringAt(item, 'scope') === 'Namespaced',
      verbs: texts(listAt(item, 'verbs')),
      subresources: listAt(item, 'subresources').flatMap(it => stringAt(it, 'subresource') ?? []),
    },
  ];
}

async function legacyGroups(
  client: Client,
  path: string,
  answer: Json,
  failures: Map<string, string>,
  signal: AbortSignal | undefined,
): Promise<DiscoveredGroup[]> {
  const groups =
    path === '/api'
      ? [{group: '', versions: texts(listAt(answer, 'versions'))}]
      : listAt(answer, 'groups').map(item => ({
          group: stringAt(item, 'name') ?? '',
          versions: versionsOf(item),
        }));
  return Promise.all(
    groups.map(async ({group, versions}) => ({
      group,
      versions: await Promise.all(
        versions.map(async version => {
          const url = `${path}/${apiVersionOf({group, version})}`;
          try {
            return {
              version,
              kinds: legacyKinds(group, version, await client.json({method: 'GET', path: url, signal})),
            };
          } catch (error) {
            if (!(error instanceof ClusterError) || error.reason === 'aborted') throw error;
            fail(failures, group, version, error.message);
            return {version, kinds: []};
          }
        }),
      ),
    })),
  );
}

/** A group's versions, the preferred one first. */
function versionsOf(item: Json): string[] {
  const names = listAt(item, 'versions').flatMap(each => stringAt(each, 'version') ?? []);
  const first = stringAt(objectAt(item, 'preferredVersion'), 'version');
  return first === undefined ? names : [first, ...names.filter(name => name !== first)];
}

function legacyKinds(group: string, version: string, answer: Json): Kind[] {
  const items = listAt(answer, 'resources').filter((item): item is JsonObject => isObject(item));
  const subresources = Map.groupBy(
    items.flatMap(item => (stringAt(item, 'name')?.includes('/') ? [stringAt(item, 'name') ?? ''] : [])),
    name => name.slice(0, name.indexOf('/')),
  );
  return items.flatMap(item => {
    const plural = stringAt(item, 'name') ?? '';
    const kind = stringAt(item, 'kind') ?? '';
    if (plural.includes('/') || kind === '') return [];
    return [
      {
        group,
        version,
        kind,
        plural,
        namespaced: item['namespaced'] === true,
        verbs: texts(listAt(item, 'verbs')),
        subresources: (subresources.get(plural) ?? []).map(name => name.slice(plural.length + 1)),
      },
    ];
  });
}

function fail(failures: Map<string, string>, group: string, version: string, why: string): void {
  const before = failures.get(group);
  const text = `${apiVersionOf({group, version})}: ${why}`;
  failures.set(group, before === undefined ? text : `${before}; ${text}`);
}

function texts(list: readonly Json[]): string[] {
  return list.filter(item => typeof item === 'string');
}
