import {randomBytes} from 'node:crypto';
import {createSecureServer, type ServerHttp2Session} from 'node:http2';
import type {Socket} from 'node:net';
import type {JsonObject} from '../../resources/json.ts';
import type {User} from './access.ts';
import type {Backend} from './backend.ts';
import {makeCertificate} from './certificate.ts';
import {startControllers} from './controllers.ts';
import {handle} from './handler.ts';
import {kubeconfig} from './kubeconfig.ts';
import type {LogBook} from './logs.ts';
import {OpenApi} from './openapi.ts';
import {Registry} from './registry.ts';
import {type Seed, seedObject} from './seed.ts';
import {Store} from './store.ts';
import {Writer} from './writer.ts';

export interface ApiServerOptions {
  /** Built-in kinds to serve (`Deployment`); all where none are given. */
  kinds?: readonly string[];
  /** Port of 127.0.0.1; a free one where none is given. */
  port?: number;
  /** Whether workloads become ready and what belongs to deleted owners goes: default true. */
  controllers?: boolean;
  /** Milliseconds that a workload takes to become ready: default 700. */
  readyAfterMs?: number;
  /** Whether workloads also get replica sets, pods with logs, and events: default false. */
  pods?: boolean;
  /** What containers write: by default nothing. */
  logs?: LogBook;
  /** Where the time comes from: default the system's clock. */
  clock?: () => Date;
}

export interface ApiServer {
  /** `https://127.0.0.1:40123` */
  readonly url: string;
  /** The certificate to trust. */
  readonly caPem: string;
  /** Bearer token of someone who may do everything. */
  readonly token: string;
  /** Bearer token of someone who may get, list and watch. */
  readonly readerToken: string;
  /**
   * A kubeconfig, as JSON (which is YAML), with a context and user of this name, and one called `NAME-reader`.
   * `namespace` is the contexts' namespace.
   */
  kubeconfig(name: string, namespace?: string): string;
  /** Puts objects in as if a manager had written them at a time: see `Seed`. In order; later ones may need earlier ones. */
  seed(objects: readonly JsonObject[], by: Seed): JsonObject[];
  /** What is stored of a resource (`pods`, `deployments.apps`). */
  objects(resource: string): JsonObject[];
  /** Makes ready at once what would be ready in a moment. */
  settle(): void;
  /** Forgets past changes, so that old watches and continue tokens get their 410. */
  compact(): void;
  stop(): Promise<void>;
}

/**
 * Starts a small Kubernetes API server in this process, on HTTPS of the loopback interface, with nothing in it but the
 * namespaces that every cluster has. Rejects when the port is taken.
 */
export async function startApiServer(options: ApiServerOptions = {}): Promise<ApiServer> {
  const clock = options.clock ?? (() => new Date());
  const store = new Store();
  const registry = new Registry(options.kinds);
  const writer = new Writer(registry, store, clock);
  const token = randomBytes(16).toString('hex');
  const readerToken = randomBytes(16).toString('hex');
  const users = new Map<string, User>([
    [token, {name: 'demo', groups: ['system:masters'], verbs: undefined}],
    [readerToken, {name: 'demo-reader', groups: [], verbs: ['get', 'list', 'watch']}],
  ]);
  const certificate = makeCertificate(clock());
  const backend: Backend = {
    store,
    registry,
    writer,
    openApi: new OpenApi(registry),
    clock,
    users,
    address: '',
    logs: options.logs ?? (() => []),
  };
  const server = createSecureServer(
    {key: certificate.key, cert: certificate.certificate, allowHTTP1: true},
    (request, response) => void handle(backend, request, response),
  );
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', session => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  // A client that hangs up in the middle is no concern of the others.
  server.on('sessionError', () => undefined);
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  backend.address = `127.0.0.1:${port}`;
  const url = `https://${backend.address}`;

  const refreshKinds = () => registry.setCustom(store.entries(definitions).map(([, object]) => object));
  store.watch(change => {
    if (change.resource === definitions) refreshKinds();
  });
  let seeding: string | undefined;
  const controllers = startControllers({
    store,
    registry,
    writer,
    everything: options.controllers ?? true,
    readyAfterMs: options.readyAfterMs ?? 700,
    pods: options.pods ?? false,
    changedAt: () => seeding ?? writer.now(),
  });
  const seed = (objects: readonly JsonObject[], by: Seed) => {
    seeding = `${new Date(by.time).toISOString().slice(0, 19)}Z`;
    try {
      return objects.map(object => seedObject(object, by, registry, store));
    } finally {
      seeding = undefined;
    }
  };
  const started = clock().toISOString();
  const founders = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];
  seed(
    founders.map(name => ({apiVersion: 'v1', kind: 'Namespace', metadata: {name}})),
    {manager: 'kube-apiserver', operation: 'Update', time: started},
  );

  return {
    url,
    caPem: certificate.certificate,
    token,
    readerToken,
    kubeconfig: (name, namespace) =>
      kubeconfig({name, url, caPem: certificate.certificate, token, readerToken, namespace}),
    seed,
    objects: resource => store.entries(resource).map(([, object]) => object),
    settle: () => controllers.settle(),
    compact: () => store.compact(),
    async stop() {
      controllers.stop();
      const closed = new Promise<void>(resolve => server.close(() => resolve()));
      for (const session of sessions) session.destroy();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

const definitions = 'customresourcedefinitions.apiextensions.k8s.io';
