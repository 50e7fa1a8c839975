import type {IncomingMessage} from 'node:http';
import {createServer} from 'node:https';
import type {AddressInfo} from 'node:net';
import type {TestContext} from 'node:test';
import {
  isObject,
  type Json,
  type JsonObject,
  objectAt,
  parseJson,
  stringAt,
  stringifyJson,
} from '../../../source/resources/json.ts';
import type {Cluster} from '../../cluster/cluster.ts';
import {Authority} from '../../cluster-client/certificates.ts';
import {text} from './manifests.ts';

export interface AggregatedServer {
  /** Its objects by name, to be changed at will. */
  objects: Map<string, JsonObject>;
  /** Queries of the lists that it was asked for; it heeds none of them. */
  lists: URLSearchParams[];
  /** Breaks all connections and takes no more. */
  stop(): void;
}

/**
 * An API server of a kind `Widget` behind the real one's aggregation layer, as badly made as some are: it ignores
 * selectors, publishes no schema, tracks no managers and knows no watches. Resolves once the real one serves it.
 */
export async function startAggregated(
  t: TestContext,
  cluster: Cluster,
  group: string,
): Promise<AggregatedServer> {
  const pair = new Authority().server(['127.0.0.1', 'localhost']);
  const objects = new Map<string, JsonObject>();
  const lists: URLSearchParams[] = [];
  const server = createServer({cert: pair.certificate, key: pair.key}, async (incoming, outgoing) => {
    const {status, json} = await answer(incoming);
    outgoing.writeHead(status, {'content-type': 'application/json'});
    outgoing.end(stringifyJson(json));
  });

  async function answer(incoming: IncomingMessage): Promise<{status: number; json: Json}> {
    let body = '';
    for await (const chunk of incoming.setEncoding('utf8')) body += chunk;
    const {pathname, searchParams} = new URL(incoming.url ?? '/', 'https://server.invalid');
    if (pathname === `/apis/${group}/v1`) return {status: 200, json: resources};
    const [, kind, name] =
      /^\/apis\/[^/]+\/v1\/(?:namespaces\/[^/]+\/)?(widgets)(?:\/([^/]+))?$/.exec(pathname) ?? [];
    if (kind === undefined) return notFound(pathname);
    if (name === undefined) {
      lists.push(searchParams);
      return {
        status: 200,
        json: {
          apiVersion: `${group}/v1`,
          kind: 'WidgetList',
          metadata: {resourceVersion: '1'},
          items: [...objects.values()],
        },
      };
    }
    const known = objects.get(name);
    if (incoming.method === 'GET') return known === undefined ? notFound(name) : {status: 200, json: known};
    const applied = parseJson(body);
    if (!isObject(applied)) return notFound(name);
    const version = Number(stringAt(objectAt(known, 'metadata'), 'resourceVersion') ?? 0);
    const isDryRun = searchParams.get('dryRun') === 'All';
    const next = {
      ...known,
      ...applied,
      metadata: {
        ...objectAt(known, 'metadata'),
        ...objectAt(applied, 'metadata'),
        uid: `uid-${name}`,
        resourceVersion: String(isDryRun ? version : version + 1),
      },
    };
    if (!isDryRun) objects.set(name, next);
    return {status: 200, json: next};
  }

  function notFound(name: string): {status: number; json: Json} {
    const message = `${name} not found`;
    return {
      status: 404,
      json: {
        apiVersion: 'v1',
        kind: 'Status',
        status: 'Failure',
        code: 404,
        reason: 'NotFound',
        message,
        details: {name},
      },
    };
  }

  const resources = {
    apiVersion: 'v1',
    kind: 'APIResourceList',
    groupVersion: `${group}/v1`,
    resources: [
      {
        name: 'widgets',
        singularName: 'widget',
        namespaced: true,
        kind: 'Widget',
        verbs: ['get', 'list', 'patch', 'delete'],
      },
    ],
  };

  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  t.after(stop);
  const {port} = server.address() as AddressInfo;
  await cluster.kubectl(['apply', '-f', '-'], {input: registration(group, 'widgets', port)});
  const name = `apiservice/v1.${group}`;
  await cluster.kubectl(['wait', '--for=condition=Available', '--timeout=60s', name], {timeoutMs: 70_000});
  return {objects, lists, stop};
}

/** What registers an aggregated API at a port of this machine, or, without one, at a service that is not there. */
export function registration(group: string, service: string, port?: number): string {
  const metadata = {name: service, namespace: 'default'};
  const place = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: {type: 'ExternalName', externalName: 'localhost'},
  };
  const registered = {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: {name: `v1.${group}`},
    spec: {
      group,
      version: 'v1',
      groupPriorityMinimum: 100,
      versionPriority: 100,
      insecureSkipTLSVerify: true,
      service: {...metadata, ...(port === undefined ? {} : {port})},
    },
  };
  return port === undefined ? text(registered) : text(place, registered);
}
