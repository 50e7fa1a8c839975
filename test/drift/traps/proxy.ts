import {readFileSync, writeFileSync} from 'node:fs';
import type {IncomingMessage, ServerResponse} from 'node:http';
import {Agent, createServer, request as send} from 'node:https';
import type {AddressInfo} from 'node:net';
import path from 'node:path';
import type {TestContext} from 'node:test';
import {
  isObject,
  type JsonObject,
  listAt,
  objectAt,
  parseJson,
  stringifyJson,
} from '../../../source/resources/json.ts';
import type {Cluster} from '../../cluster/cluster.ts';
import {Authority} from '../../cluster-client/certificates.ts';
import {temporaryFolder} from '../../repository/git-folder.ts';

/** A request on its way to the API server. The URL may be changed before it goes on. */
export interface Passing {
  method: string;
  url: URL;
  /** Names and values in turn, as they were written. */
  rawHeaders: readonly string[];
  body: string;
}

/** What the proxy answers itself, instead of the API server. */
export interface Answer {
  status: number;
  headers?: Record<string, string>;
  json: JsonObject;
}

export interface Proxied {
  /** The cluster's kubeconfig, by way of the proxy. */
  kubeconfig: string;
  /** Everything that came by, in order. */
  requests: Passing[];
}

/**
 * A proxy in front of the real API server, which records what goes by and answers what the test says it should. It ends
 * with the test.
 */
export async function startProxy(
  t: TestContext,
  cluster: Cluster,
  react: (request: Passing) => Answer | undefined | Promise<Answer | undefined> = () => undefined,
): Promise<Proxied> {
  const authority = new Authority();
  const pair = authority.server(['127.0.0.1']);
  const requests: Passing[] = [];
  const agent = new Agent({ca: readFileSync(cluster.caFile, 'utf8'), keepAlive: true});
  const server = createServer({cert: pair.certificate, key: pair.key}, async (incoming, outgoing) => {
    const passing = await read(incoming, cluster.url);
    requests.push(passing);
    const answer = await react(passing);
    if (answer !== undefined) {
      outgoing.writeHead(answer.status, {'content-type': 'application/json', ...answer.headers});
      outgoing.end(stringifyJson(answer.json));
    } else pass(passing, agent, outgoing);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
    agent.destroy();
  });
  const {port} = server.address() as AddressInfo;
  const ca = Buffer.from(authority.certificate).toString('base64');
  const kubeconfig = changedKubeconfig(t, cluster.kubeconfig, config => {
    for (const entry of listAt(config, 'clusters')) {
      Object.assign(objectAt(entry, 'cluster'), {
        server: `https://127.0.0.1:${port}`,
        'certificate-authority-data': ca,
      });
    }
  });
  return {kubeconfig, requests};
}

/** A copy of a kubeconfig with something changed. It ends with the test. */
export function changedKubeconfig(
  t: TestContext,
  kubeconfig: string,
  change: (config: JsonObject) => void,
): string {
  const config = parseJson(readFileSync(kubeconfig, 'utf8'));
  if (!isObject(config)) throw new Error(`${kubeconfig} is no kubeconfig`);
  change(config);
  const file = path.join(temporaryFolder(t), 'kubeconfig');
  writeFileSync(file, stringifyJson(config), {mode: 0o600});
  return file;
}

/** What the API server answers where something went wrong. */
export function refusal(
  status: number,
  reason: string,
  message: string,
  headers: Record<string, string> = {},
): Answer {
  return {
    status,
    headers,
    json: {apiVersion: 'v1', kind: 'Status', metadata: {}, status: 'Failure', code: status, reason, message},
  };
}

/** True for what would change something if it were no dry run. */
export function isDryRun({method, url}: Passing): boolean {
  return method !== 'GET' && url.searchParams.get('dryRun') === 'All';
}

async function read(incoming: IncomingMessage, server: string): Promise<Passing> {
  let body = '';
  for await (const chunk of incoming.setEncoding('utf8')) body += chunk;
  const {method = '', rawHeaders} = incoming;
  return {method, url: new URL(incoming.url ?? '/', server), rawHeaders, body};
}

function pass({method, url, rawHeaders, body}: Passing, agent: Agent, outgoing: ServerResponse): void {
  const onward = send(url, {method, agent, headers: [...rawHeaders]}, answer => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
    // Whoever does not want the rest does not want it from the API server either: a watch has no end of its own.
    outgoing.on('close', () => answer.destroy());
    answer.on('error', () => outgoing.destroy());
  });
  onward.on('error', () => outgoing.destroy());
  onward.end(body);
}
