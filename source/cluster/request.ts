import type {Json, JsonObject} from '../resources/json.ts';
import {isObject} from '../resources/json.ts';

/** A request in the API's terms. */
export interface ApiRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path below the server's URL. */
  path: string;
  query?: Record<string, string | undefined>;
  accept?: string;
  body?: Json;
  /** Default application/json. */
  contentType?: string;
  /** Nothing is to be stored. Set on every mutating request, so that none forgets to decide. */
  dryRun?: boolean;
  /** A POST that stores nothing: it may be repeated like a read. */
  harmless?: boolean;
  /** Follow one redirect to another path of the same server. */
  redirect?: boolean;
  timeoutMs?: number;
  signal?: AbortSignal | undefined;
  /** What it is for, in RBAC's terms; undefined where it is no resource. */
  access?: {verb: string; resource: string; namespace?: string | undefined};
}

/** What goes on the wire. */
export interface WireForm {
  url: URL;
  body: Json | undefined;
}

/**
 * The URL and body of a request. The only place that makes a request a dry run (drift trap 60): `dryRun=All` in the query,
 * and in the body of a DELETE as well, since the server that finds options there does not look at the query.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run
 */
export function wireForm(server: string, request: ApiRequest): WireForm {
  const url = new URL(server + request.path);
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  let body = request.body;
  if (request.dryRun === true) {
    url.searchParams.set('dryRun', 'All');
    if (request.method === 'DELETE' && isObject(body)) body = {...body, dryRun: ['All']} satisfies JsonObject;
  }
  return {url, body};
}

/** A request that is about to be sent as the opposite of what was asked for: a fault of this program. */
export class DryRunMismatch extends Error {
  override readonly name = 'DryRunMismatch';
}

/** Throws DryRunMismatch where what is about to be sent is not the dry run, or the write, that was asked for. */
export function assertDryRun(request: ApiRequest, wire: WireForm): void {
  const inQuery = wire.url.searchParams.getAll('dryRun');
  const inBody = isObject(wire.body) && request.method === 'DELETE' ? wire.body['dryRun'] : undefined;
  const all = (list: unknown) => Array.isArray(list) && list.length === 1 && list[0] === 'All';
  const sound =
    request.dryRun === true
      ? all(inQuery) && (request.method !== 'DELETE' || wire.body === undefined || all(inBody))
      : inQuery.length === 0 && inBody === undefined;
  if (!sound) {
    throw new DryRunMismatch(
      `bug: a ${request.method} that is ${request.dryRun === true ? '' : 'not '}meant as a dry run was about to be sent as the opposite`,
    );
  }
}
