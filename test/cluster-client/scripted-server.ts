import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import type {IncomingHttpHeaders, IncomingMessage, ServerResponse} from 'node:http';
import {createServer} from 'node:https';
import type {AddressInfo, Socket} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {TestContext} from 'node:test';
import type {TLSSocket} from 'node:tls';
import type {Timing} from '../../source/cluster/client.ts';
import {connect} from '../../source/cluster/connect.ts';
import type {ConnectedCluster} from '../../source/cluster/types.ts';
import {type Json, type JsonObject, parseJson, stringifyJson} from '../../source/resources/json.ts';
import {Authority, type Pair} from './certificates.ts';

/** A request as it arrived. */
export interface Arrived {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** Names and values in turn, as they were written. */
  rawHeaders: string[];
  body: string;
  json: Json | undefined;
  /** Common name of the client's certificate. */
  clientName: string | undefined;
}

/** What the server does with a request. */
export type Reaction =
  | {status?: number; json?: Json; text?: string; headers?: Record<string, string>}
  /** Breaks the connection: before the answer, or in the middle of it. */
  | 'drop'
  | 'drop-midway'
  /** Never answers. */
  | 'hang';

export interface ScriptedServer {
  url: string;
  port: number;
  authority: Authority;
  requests: Arrived[];
  /** Sockets that were ever opened. */
  readonly connections: number;
}

/** An HTTPS server that answers as the test says, and remembers what it was asked. It ends with the test. */
export async function startServer(
  t: TestContext,
  react: (
    request: Arrived,
    index: number,
    raw: ServerResponse,
  ) => Reaction | 'taken' | Promise<Reaction | 'taken'>,
  options: {clientAuthority?: Authority; names?: readonly string[]; pair?: Pair} = {},
): Promise<ScriptedServer> {
  const authority = new Authority();
  const pair = options.pair ?? authority.server(options.names ?? ['127.0.0.1']);
  const requests: Arrived[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer(
    {
      cert: pair.certificate,
      key: pair.key,
      ...(options.clientAuthority === undefined
        ? {}
        : {ca: options.clientAuthority.certificate, requestCert: true, rejectUnauthorized: true}),
    },
    async (incoming, outgoing) => {
      const request = await arrived(incoming);
      requests.push(request);
      await answer(await react(request, requests.length - 1, outgoing), incoming, outgoing);
    },
  );
  server.on('connection', (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const {port} = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}`,
    port,
    authority,
    requests,
    get connections() {
      return connections;
    },
  };
}

async function arrived(incoming: IncomingMessage): Promise<Arrived> {
  let body = '';
  for await (const chunk of incoming.setEncoding('utf8')) body += chunk;
  const url = new URL(incoming.url ?? '/', 'https://server.invalid');
  const peer = (incoming.socket as TLSSocket).getPeerCertificate();
  return {
    method: incoming.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    rawHeaders: incoming.rawHeaders,
    body,
    json: /json|yaml/.test(incoming.headers['content-type'] ?? '') ? parseJson(body) : undefined,
    clientName: peer.subject?.CN?.toString(),
  };
}

async function answer(
  reaction: Reaction | 'taken',
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  if (reaction === 'taken' || reaction === 'hang') return;
  if (reaction === 'drop') {
    incoming.socket.destroy();
    return;
  }
  if (reaction === 'drop-midway') {
    outgoing.writeHead(200, {'Content-Type': 'application/json', 'Content-Length': 1000});
    outgoing.write('{"half": ');
    await new Promise(resolve => setImmediate(resolve));
    incoming.socket.destroy();
    return;
  }
  const {status = 200, json, text, headers} = reaction;
  outgoing.writeHead(status, {
    'Content-Type': json === undefined ? 'text/plain' : 'application/json',
    ...headers,
  });
  outgoing.end(json === undefined ? (text ?? '') : stringifyJson(json));
}

/** A Kubernetes Status. */
export function status(code: number, reason: string, message: string, details: JsonObject = {}): Reaction {
  return {
    status: code,
    json: {apiVersion: 'v1', kind: 'Status', status: 'Failure', code, reason, message, details},
  };
}

/** A folder that ends with the test. */
export async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'gitops-tui-client-'));
  t.after(() => rm(folder, {recursive: true, force: true}));
  return folder;
}

/** Times of which a test may wait for many. */
export const quick: Timing = {
  readMs: 5000,
  writeMs: 5000,
  connectMs: 5000,
  backoffMs: 1,
  longestPauseMs: 5000,
};

/** Connects to a scripted server by way of a kubeconfig file, as a user of these credentials. */
export async function connectTo(
  t: TestContext,
  server: ScriptedServer,
  {
    user = {token: 'secret-token'},
    cluster = {},
    timing = {},
    pluginLimitMs,
    env = {},
  }: {
    user?: JsonObject;
    cluster?: JsonObject;
    timing?: Partial<Timing>;
    pluginLimitMs?: number;
    env?: NodeJS.ProcessEnv;
  } = {},
): Promise<ConnectedCluster> {
  const folder = await temporaryFolder(t);
  const file = path.join(folder, 'kubeconfig');
  const ca = Buffer.from(server.authority.certificate).toString('base64');
  await writeFile(
    file,
    stringifyJson({
      clusters: [{name: 'c', cluster: {server: server.url, 'certificate-authority-data': ca, ...cluster}}],
      users: [{name: 'u', user}],
      contexts: [{name: 'test', context: {cluster: 'c', user: 'u', namespace: 'shop'}}],
      'current-context': 'test',
    }),
  );
  const connected = await connect({
    kubeconfig: file,
    userAgentVersion: '1.2.3',
    env: {XDG_CACHE_HOME: path.join(folder, 'cache'), ...env},
    timing: {...quick, ...timing},
    ...(pluginLimitMs === undefined ? {} : {pluginLimitMs}),
  });
  t.after(() => connected.close());
  return connected;
}

export const configMaps = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
  verbs: ['get', 'list'],
  subresources: [],
};

/** A ConfigMap as a server gives it. */
export function configMap(name: string, more: JsonObject = {}): JsonObject {
  return {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name, namespace: 'shop', ...more}};
}

/** What a server answers that has the ConfigMap `a`. */
export const ok: Reaction = {json: configMap('a')};

/** What a server answers whom the credentials don't convince. */
export const refused: Reaction = {
  status: 401,
  json: {kind: 'Status', message: 'Unauthorized', reason: 'Unauthorized'},
};
