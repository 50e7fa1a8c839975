import {isObject, type JsonObject, objectAt, parseJson, stringAt} from '../../resources/json.ts';
import {atVersion} from './codec.ts';
import {apiVersionOf, type Served} from './registry.ts';
import {parseFieldSelector, parseLabelSelector} from './selectors.ts';
import {ApiError, badRequest, qualified} from './status.ts';
import type {Change, Store} from './store.ts';

/** What a list or watch asks for. */
export interface Query {
  served: Served;
  /** Undefined: all namespaces. */
  namespace: string | undefined;
  parameters: URLSearchParams;
  /** Of a watch or list on one object by the old path form; undefined otherwise. */
  name: string | undefined;
}

export type Matcher = (key: string, object: JsonObject) => boolean;

const selectableFields: Record<string, readonly string[]> = {
  Pod: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'status.phase',
    'status.podIP',
  ],
  Event: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'type',
  ],
  Namespace: ['status.phase'],
  Secret: ['type'],
  Service: ['spec.clusterIP', 'spec.type'],
  Job: ['status.successful'],
};

/** Whether an object is what a query asks for. */
export function matcher({served, namespace, parameters, name}: Query): Matcher {
  const labelSelector = parameters.get('labelSelector') ?? '';
  const fieldSelector = parameters.get('fieldSelector') ?? '';
  const byLabels = parseLabelSelector(labelSelector);
  const byFields = parseFieldSelector(fieldSelector, selectableFields[served.resource.kind] ?? []);
  const prefix = namespace === undefined ? '' : `${namespace}/`;
  return (key, object) =>
    key.startsWith(prefix) &&
    (name === undefined || stringAt(objectAt(object, 'metadata'), 'name') === name) &&
    (labelSelector === '' || byLabels(objectAt(objectAt(object, 'metadata'), 'labels'))) &&
    (fieldSelector === '' || byFields(object));
}

/** GET of a collection, in pages where `limit` asks for them: every page is of the first page's revision. */
export function list(store: Store, query: Query): JsonObject {
  const {served, parameters} = query;
  const {resource} = served;
  const limit = Number(parameters.get('limit') ?? 0);
  const token = parameters.get('continue') ?? '';
  const revisionText = parameters.get('resourceVersion') ?? '';
  if (token !== '' && revisionText !== '' && revisionText !== '0') {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
  const position = token === '' ? undefined : parseContinue(token);
  const asked = parseRevision(revisionText);
  if (asked > store.revision) throw tooLarge(asked, store.revision);
  const exact = parameters.get('resourceVersionMatch') === 'Exact' ? asked : undefined;
  const revision = position?.revision ?? exact ?? store.revision;
  if (revision !== inconsistent && revision !== store.revision && revision < store.compacted) {
    if (position === undefined) throw expired(`The resourceVersion for the provided list is too old.`);
    throw expiredContinue(formatContinue({revision: inconsistent, start: position.start}));
  }
  const name = qualified(resource);
  const entries =
    revision === inconsistent || revision === store.revision
      ? store.entries(name)
      : store.entriesAt(name, revision);
  const matches = matcher(query);
  const start = position?.start ?? '';
  const items: JsonObject[] = [];
  let last = '';
  let remaining = 0;
  for (const [key, object] of entries) {
    if ((start !== '' && key <= start) || !matches(key, object)) continue;
    if (limit > 0 && items.length === limit) {
      remaining++;
      continue;
    }
    items.push(atVersion(object, served));
    last = key;
  }
  // Lists of custom resources always tell one.
  const emptyContinue = served.version.type === undefined ? {continue: ''} : {};
  const at = revision === inconsistent ? store.revision : revision;
  const selects =
    (parameters.get('labelSelector') ?? '') !== '' || (parameters.get('fieldSelector') ?? '') !== '';
  return {
    kind: resource.listKind,
    apiVersion: apiVersionOf(served),
    metadata: {
      resourceVersion: String(at),
      ...(remaining > 0 ? {continue: formatContinue({revision: at, start: last})} : emptyContinue),
      // With a selector the real server doesn't know how many are left.
      ...(remaining > 0 && !selects ? {remainingItemCount: remaining} : {}),
    },
    items: served.version.type === undefined ? items : items.map(withoutKind),
  };
}

/** Items of a built-in list carry no apiVersion and kind; the list's own say it. */
function withoutKind(object: JsonObject): JsonObject {
  const {apiVersion: _a, kind: _k, ...rest} = object;
  return rest;
}

/** A watch event as it is sent: `object` is undefined where the watch doesn't see the change. */
export function eventOf(
  change: Change,
  query: Query,
  matches: Matcher,
): {type: string; object: JsonObject} | undefined {
  if (change.resource !== qualified(query.served.resource)) return undefined;
  const {key, object, previous} = change;
  const before = previous !== undefined && matches(key, previous);
  const after = change.type !== 'DELETED' && matches(key, object);
  if (!before && !after) return undefined;
  const type = !after ? 'DELETED' : before ? 'MODIFIED' : 'ADDED';
  // An object that left the selection is told as it was, at the revision of the change.
  const told =
    type === 'DELETED' && change.type !== 'DELETED' && previous !== undefined
      ? {...previous, metadata: {...objectAt(previous, 'metadata'), resourceVersion: String(change.revision)}}
      : object;
  return {type, object: atVersion(told, query.served)};
}

export function parseRevision(text: string): number {
  if (text === '' || text === '0') return 0;
  if (!/^\d+$/.test(text)) {
    const quoted = JSON.stringify(text);
    throw badRequest(
      `invalid resource version: resourceVersion: Invalid value: ${quoted}: strconv.ParseUint: parsing ${quoted}: invalid syntax`,
    );
  }
  return Number(text);
}

export function expired(message: string): ApiError {
  return new ApiError(410, 'Expired', message);
}

export function tooLarge(asked: number, current: number): ApiError {
  return new ApiError(504, 'Timeout', `Too large resource version: ${asked}, current: ${current}`, {
    causes: [{reason: 'ResourceVersionTooLarge', message: 'Too large resource version', field: ''}],
    retryAfterSeconds: 1,
  });
}

function expiredContinue(token: string): ApiError {
  return new ApiError(
    410,
    'Expired',
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
    undefined,
    token,
  );
}

/** The revision of a token that goes on without consistency. */
const inconsistent = -1;

interface Position {
  revision: number;
  start: string;
}

function formatContinue({revision, start}: Position): string {
  const token = {v: 'meta.k8s.io/v1', rv: revision, start: `${start}\u0000`};
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

function parseContinue(token: string): Position {
  try {
    const parsed = parseJson(Buffer.from(token, 'base64url').toString('utf8'));
    if (isObject(parsed) && parsed['v'] === 'meta.k8s.io/v1' && typeof parsed['rv'] === 'number') {
      return {revision: parsed['rv'], start: (stringAt(parsed, 'start') ?? '').replace(/\0$/, '')};
    }
  } catch {
    // Told below.
  }
  throw badRequest('invalid continue token: continue key is not valid: it was not made by this server');
}
