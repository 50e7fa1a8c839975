import {isObject, type Json, type JsonObject, objectAt, stringAt} from '../resources/json.ts';
import type {Kind} from '../resources/kind.ts';
import type {SchemaNode} from '../resources/schema.ts';
import {AccessReviews} from './access-reviews.ts';
import type {Client} from './client.ts';
import {discover} from './discovery.ts';
import {listAll, resourceName} from './list.ts';
import {readLog} from './logs.ts';
import {creationPath, objectPath} from './paths.ts';
import type {ApiRequest} from './request.ts';
import type {SchemaCache} from './schema-cache.ts';
import {Schemas} from './schemas.ts';
import {Shared} from './shared.ts';
import {
  type AccessQuestion,
  ClusterError,
  type ConnectedCluster,
  type DeleteOptions,
  type JsonPatchOperation,
  type KindCatalog,
  type ListOptions,
  type ListResult,
  type LogOptions,
  type LogRecord,
  type WatchEvent,
  type WatchOptions,
  type WriteOptions,
} from './types.ts';
import {watchKind} from './watch.ts';

/** A way to an API server, with all that was learned of it. */
export class Connection {
  readonly client: Client;
  readonly catalog: Shared<KindCatalog>;
  readonly schemas: Schemas;
  readonly reviews: AccessReviews;

  constructor(client: Client, schemaCache: SchemaCache | undefined) {
    this.client = client;
    this.catalog = new Shared(() => discover(client, undefined));
    this.schemas = new Schemas(client, schemaCache);
    this.reviews = new AccessReviews(client);
  }
}

/** A cluster that is reached over HTTP. */
export class KubeCluster implements ConnectedCluster {
  readonly connection: Connection;
  readonly context: string;
  readonly server: string;
  readonly namespace: string;
  readonly #client: Client;

  constructor(context: {name: string; namespace?: string | undefined}, connection: Connection) {
    this.connection = connection;
    this.context = context.name;
    this.namespace = context.namespace ?? 'default';
    this.#client = connection.client;
    this.server = connection.client.server;
  }

  /** The same cluster by the same connection, under another context. */
  under(context: {name: string; namespace?: string | undefined}): KubeCluster {
    return new KubeCluster(context, this.connection);
  }

  async kinds(options: {refresh?: boolean; signal?: AbortSignal | undefined} = {}): Promise<KindCatalog> {
    if (options.refresh !== true) return this.connection.catalog.get(options.signal);
    const [catalog] = await Promise.all([
      this.connection.catalog.get(options.signal, true),
      this.connection.schemas.refresh(),
    ]);
    return catalog;
  }

  schema(kind: Kind, signal?: AbortSignal): Promise<SchemaNode | undefined> {
    return this.connection.schemas.of(kind, signal);
  }

  list(kind: Kind, options: ListOptions = {}): Promise<ListResult> {
    return listAll(this.#client, kind, options);
  }

  async get(
    kind: Kind,
    namespace: string,
    name: string,
    signal?: AbortSignal,
  ): Promise<JsonObject | undefined> {
    try {
      return this.#object(
        kind,
        await this.#client.json({
          method: 'GET',
          path: objectPath(kind, namespace, name),
          signal,
          access: access('get', kind, namespace),
        }),
      );
    } catch (error) {
      // A 404 may also come from a proxy, or mean that the kind is no longer served: neither says that the object is gone.
      if (error instanceof ClusterError && error.serverReason === 'NotFound' && error.objectName === name)
        return undefined;
      throw error;
    }
  }

  apply(
    kind: Kind,
    object: JsonObject,
    options: WriteOptions & {fieldManager: string; force?: boolean},
  ): Promise<JsonObject> {
    const {namespace, name} = placeOf(object);
    return this.#write(kind, options, {
      method: 'PATCH',
      path: objectPath(kind, namespace, name),
      // JSON is YAML. Strict: a field that the server doesn't know is an error, not silently dropped.
      contentType: 'application/apply-patch+yaml',
      query: {
        fieldManager: options.fieldManager,
        force: options.force === true ? 'true' : undefined,
        fieldValidation: 'Strict',
      },
      body: object,
      access: access('patch', kind, namespace),
    });
  }

  create(kind: Kind, object: JsonObject, options: WriteOptions = {}): Promise<JsonObject> {
    const {namespace} = placeOf(object);
    return this.#write(kind, options, {
      method: 'POST',
      path: creationPath(kind, namespace),
      query: {fieldManager: options.fieldManager, fieldValidation: 'Strict'},
      body: object,
      access: access('create', kind, namespace),
    });
  }

  jsonPatch(
    kind: Kind,
    namespace: string,
    name: string,
    operations: readonly JsonPatchOperation[],
    options: WriteOptions = {},
  ): Promise<JsonObject> {
    const body = operations.map(
      ({op, path, value}): JsonObject => ({op, path, ...(value === undefined ? {} : {value})}),
    );
    return this.#patch(kind, namespace, name, 'application/json-patch+json', body, options);
  }

  mergePatch(
    kind: Kind,
    namespace: string,
    name: string,
    patch: JsonObject,
    options: WriteOptions = {},
  ): Promise<JsonObject> {
    return this.#patch(kind, namespace, name, 'application/merge-patch+json', patch, options);
  }

  async delete(kind: Kind, namespace: string, name: string, options: DeleteOptions = {}): Promise<void> {
    const {uid, resourceVersion, propagationPolicy} = options;
    await this.#client.json({
      method: 'DELETE',
      path: objectPath(kind, namespace, name),
      body: {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        ...(uid === undefined && resourceVersion === undefined
          ? {}
          : {
              preconditions: {
                ...(uid === undefined ? {} : {uid}),
                ...(resourceVersion === undefined ? {} : {resourceVersion}),
              },
            }),
        ...(propagationPolicy === undefined ? {} : {propagationPolicy}),
      },
      dryRun: options.dryRun === true,
      signal: options.signal,
      access: access('delete', kind, namespace),
    });
  }

  allowed(question: AccessQuestion, signal?: AbortSignal): Promise<boolean> {
    return this.connection.reviews.allowed(question, signal);
  }

  watch(kind: Kind, options: WatchOptions): AsyncGenerator<WatchEvent, never> {
    return watchKind(this.#client, kind, options);
  }

  logs(namespace: string, pod: string, options: LogOptions): AsyncGenerator<readonly LogRecord[]> {
    return readLog(this.#client, namespace, pod, options);
  }

  wake(): void {
    this.#client.wake();
  }

  close(): void {
    this.#client.close();
  }

  #patch(
    kind: Kind,
    namespace: string,
    name: string,
    contentType: string,
    body: Json,
    options: WriteOptions,
  ): Promise<JsonObject> {
    return this.#write(kind, options, {
      method: 'PATCH',
      path: objectPath(kind, namespace, name),
      contentType,
      query: {fieldManager: options.fieldManager},
      body,
      access: access('patch', kind, namespace),
    });
  }

  async #write(kind: Kind, options: WriteOptions, request: ApiRequest): Promise<JsonObject> {
    return this.#object(
      kind,
      await this.#client.json({...request, dryRun: options.dryRun === true, signal: options.signal}),
    );
  }

  #object(kind: Kind, answer: Json): JsonObject {
    if (isObject(answer) && isObject(answer['metadata'])) return answer;
    throw new ClusterError('server', `${this.server} answers with something else than a ${kind.kind}`);
  }
}

function access(verb: string, kind: Kind, namespace: string): NonNullable<ApiRequest['access']> {
  return {verb, resource: resourceName(kind), namespace: kind.namespaced ? namespace : undefined};
}

function placeOf(object: JsonObject): {namespace: string; name: string} {
  const metadata = objectAt(object, 'metadata');
  return {namespace: stringAt(metadata, 'namespace') ?? '', name: stringAt(metadata, 'name') ?? ''};
}
