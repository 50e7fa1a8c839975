import type {JsonObject} from '../resources/json.ts';
import type {Kind} from '../resources/kind.ts';
import type {SchemaNode} from '../resources/schema.ts';

/** Why a request to a cluster failed, in the terms that decide what to do next. */
export type ClusterErrorReason =
  | 'unreachable' // no connection, TLS failure, proxy failure
  | 'unauthorized' // 401, or the credential plugin failed
  | 'forbidden' // 403
  | 'not-found' // 404
  | 'conflict' // 409
  | 'expired' // 410
  | 'invalid' // 400, 413, 415, 422
  | 'too-many-requests' // 429 after all retries
  | 'timeout'
  | 'server' // 5xx after all retries
  | 'aborted';

/** A failed request. The message is for people, `fix` says what to do, `causes` are the server's own per-field causes. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError';
  readonly reason: ClusterErrorReason;
  /** HTTP status, or 0 where no answer came. */
  readonly status: number;
  /** The server's own reason (`AlreadyExists`, `Conflict`, `Invalid`), undefined where it gave none. */
  readonly serverReason: string | undefined;
  /** The object that the server's answer is about, undefined where it named none. */
  readonly objectName: string | undefined;
  readonly fix: string | undefined;
  readonly causes: readonly {field: string; message: string; reason: string}[];

  constructor(
    reason: ClusterErrorReason,
    message: string,
    details: {
      status?: number;
      serverReason?: string | undefined;
      objectName?: string | undefined;
      fix?: string | undefined;
      causes?: readonly {field: string; message: string; reason: string}[];
      cause?: unknown;
    } = {},
  ) {
    super(message, {cause: details.cause});
    this.reason = reason;
    this.status = details.status ?? 0;
    this.serverReason = details.serverReason;
    this.objectName = details.objectName;
    this.fix = details.fix;
    this.causes = details.causes ?? [];
  }
}

/** A list that was given up because it would be longer than asked for. */
export class TooManyObjects extends ClusterError {
  /** How many there are. */
  readonly total: number;

  constructor(message: string, total: number) {
    super('invalid', message);
    this.total = total;
  }
}

/** Which kinds a server serves. */
export interface KindCatalog {
  /** The kind at exactly this group and version (drift trap 42). */
  find(group: string, version: string, kind: string): Kind | undefined;
  /** The kind at the version that the server prefers. */
  preferred(group: string, kind: string): Kind | undefined;
  all(): readonly Kind[];
  /** Groups whose discovery failed (an aggregated API that is down), with the reason (drift trap 53). */
  readonly failures: ReadonlyMap<string, string>;
}

export interface ListOptions {
  /** Undefined: all namespaces. */
  namespace?: string;
  labelSelector?: string;
  /** Only the object of this name. */
  name?: string;
  /** True: served from the API server's cache (resourceVersion=0). Default false: consistent. */
  cached?: boolean;
  /** Gives up, with TooManyObjects, as soon as the server says that there are more. */
  most?: number;
  /** Gives what to keep in an object's place, page by page: one that is known already need not be held twice. */
  keep?: (object: JsonObject) => JsonObject;
  signal?: AbortSignal | undefined;
  /** Called after each page with the number of objects so far and, where the server tells, of all. */
  onProgress?: (done: number, total: number | undefined) => void;
}

/** A complete list: half a list is an error, never a result (drift trap 55). Items carry apiVersion and kind. */
export interface ListResult {
  items: JsonObject[];
  resourceVersion: string;
}

export interface WriteOptions {
  fieldManager?: string;
  /** Adds dryRun=All. */
  dryRun?: boolean;
  signal?: AbortSignal | undefined;
}

export interface JsonPatchOperation {
  op: 'add' | 'remove' | 'replace' | 'test';
  path: string;
  value?: import('../resources/json.ts').Json;
}

export interface DeleteOptions {
  uid?: string;
  resourceVersion?: string;
  propagationPolicy?: 'Foreground' | 'Background' | 'Orphan';
  dryRun?: boolean;
  signal?: AbortSignal | undefined;
}

export interface AccessQuestion {
  verb: string;
  group: string;
  /** `deployments`, or `deployments/scale`. */
  resource: string;
  namespace?: string;
}

/**
 * A cluster behind one kubeconfig context. All methods throw ClusterError; retries of 429, 5xx, timeouts and dropped
 * connections happen inside for reads and dry runs. A write is only sent again where it certainly had no effect: after a
 * 401 with new credentials, a 429, or no connection at all. Objects are raw JSON.
 */
export interface Cluster {
  /** What all clusters that share a connection have in common; undefined: this one has its own. */
  readonly connection?: object;
  readonly context: string;
  /** The server's URL. */
  readonly server: string;
  /** The namespace that the context names, 'default' where it names none. */
  readonly namespace: string;
  /** Discovery, kept for this connection; `refresh` asks again (after a CRD was created). */
  kinds(options?: {refresh?: boolean; signal?: AbortSignal | undefined}): Promise<KindCatalog>;
  /** The server's schema of a kind, undefined where it publishes none. Documents are kept on disk by their hash. */
  schema(kind: Kind, signal?: AbortSignal): Promise<SchemaNode | undefined>;
  list(kind: Kind, options?: ListOptions): Promise<ListResult>;
  /** The object, or undefined where there is none. */
  get(kind: Kind, namespace: string, name: string, signal?: AbortSignal): Promise<JsonObject | undefined>;
  /** Server-side apply; answers the merged object. */
  apply(
    kind: Kind,
    object: JsonObject,
    options: WriteOptions & {fieldManager: string; force?: boolean},
  ): Promise<JsonObject>;
  create(kind: Kind, object: JsonObject, options?: WriteOptions): Promise<JsonObject>;
  jsonPatch(
    kind: Kind,
    namespace: string,
    name: string,
    operations: readonly JsonPatchOperation[],
    options?: WriteOptions,
  ): Promise<JsonObject>;
  /** Merge patch (RFC 7386). */
  mergePatch(
    kind: Kind,
    namespace: string,
    name: string,
    patch: JsonObject,
    options?: WriteOptions,
  ): Promise<JsonObject>;
  delete(kind: Kind, namespace: string, name: string, options?: DeleteOptions): Promise<void>;
  /** The machine was asleep: connections look alive and are not. They are made anew; what was read on them goes on. */
  wake?(): void;
  /** SelfSubjectAccessReview, kept for this connection. */
  allowed(question: AccessQuestion, signal?: AbortSignal): Promise<boolean>;
  close(): void;
}

export interface WatchOptions {
  /** Undefined: all namespaces. */
  namespace?: string;
  /** Only what these match, as for the list before; what no longer matches is told as DELETED. */
  labelSelector?: string;
  name?: string;
  /** That of a list, or of the last event. */
  resourceVersion: string;
  signal?: AbortSignal | undefined;
}

/** A change. A BOOKMARK tells only how far the watch has come; its object holds nothing else. */
export interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  /** Carries apiVersion and kind. After DELETED, as it was last. */
  object: JsonObject;
  resourceVersion: string;
}

/** What a connection can do besides; apart from Cluster, so that whoever only asks needs not offer it. */
export interface Watcher {
  /**
   * Changes to a kind, as they come. Takes up broken and silent connections where they ended and never ends by itself:
   * leave the loop, or abort. Throws ClusterError: 'expired' means that changes were missed, so list and watch again;
   * 'aborted' after the signal.
   */
  watch(kind: Kind, options: WatchOptions): AsyncGenerator<WatchEvent, never>;
}

export interface LogOptions {
  container: string;
  /** Goes on with what comes, until the container ends. */
  follow?: boolean;
  /** Of the container before its last restart. */
  previous?: boolean;
  /** Only so many of the last lines. */
  tailLines?: number;
  /** Only from this time on (RFC 3339; the server looks at whole seconds). */
  sinceTime?: string;
  signal?: AbortSignal | undefined;
}

/** A line of a log, as it was written. */
export interface LogRecord {
  /** When, in UTC with nine digits of a second, so that times compare as texts; '' where the line tells none. */
  time: string;
  text: string;
  /** Bytes at its end that were too many to keep. */
  cut: number;
}

/** Reads logs; apart from Cluster for the reason of Watcher. */
export interface LogReader {
  /**
   * Lines of a container's log, some at a time, as they come; ends where the log does. A connection that breaks is thrown:
   * only the caller knows what it has seen. Throws ClusterError: 'forbidden' for a missing right to pods/log, 'invalid' where
   * the container has not started.
   */
  logs(namespace: string, pod: string, options: LogOptions): AsyncGenerator<readonly LogRecord[]>;
}

/** A cluster that one is connected to. */
export type ConnectedCluster = Cluster & Watcher & LogReader;
