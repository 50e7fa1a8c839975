import type {Http2ServerRequest, Http2ServerResponse} from 'node:http2';
import {type Json, type JsonObject, objectAt, stringAt, stringifyJson} from '../../resources/json.ts';
import type {ApiError} from './status.ts';

export type Request = Http2ServerRequest;
export type Response = Http2ServerResponse;

/** Answers with JSON; people with curl get it indented. */
export function send(
  request: Request,
  response: Response,
  code: number,
  body: Json,
  headers: Record<string, string | string[]> = {},
): void {
  const agent = request.headers['user-agent'] ?? '';
  const pretty = request.url.includes('pretty=true') || /^(curl|wget)\//i.test(agent);
  const text = stringifyJson(body, pretty ? 2 : undefined);
  response.writeHead(code, {
    'content-type': 'application/json',
    'cache-control': 'no-cache, private',
    'content-length': String(Buffer.byteLength(text)),
    ...headers,
  });
  response.end(text);
}

export function sendText(
  response: Response,
  code: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(code, {'content-type': 'text/plain; charset=utf-8', ...headers});
  response.end(text);
}

export function sendError(request: Request, response: Response, error: ApiError): void {
  const status: JsonObject = error.status();
  if (error.reason === '') delete status['reason'];
  send(request, response, error.code, status);
}

/** What media types an Accept header asks for, with their parameters, in order. */
export function accepted(header: string | undefined): {type: string; parameters: Map<string, string>}[] {
  return (header ?? '').split(',').map(part => {
    const [type = '', ...rest] = part.split(';').map(each => each.trim());
    return {
      type,
      parameters: new Map(
        rest.map((each): [string, string] => {
          const at = each.indexOf('=');
          return at < 0 ? [each, ''] : [each.slice(0, at), each.slice(at + 1)];
        }),
      ),
    };
  });
}

/** The first of what the server can give that an Accept header asks for: `Table`, an aggregated list, plain JSON. */
export function preferred(header: string | undefined, offers: readonly string[]): string {
  for (const {type, parameters} of accepted(header)) {
    const as = parameters.get('as') ?? '';
    if (type !== 'application/json' && type !== '*/*' && type !== 'application/*' && type !== '') continue;
    if (as === '') return '';
    if (offers.includes(as) && (as !== 'APIGroupDiscoveryList' || parameters.get('v') === 'v2')) return as;
  }
  return '';
}

/** The first part of a user agent: the manager of a write that names none. */
export function managerOf(parameters: URLSearchParams, agent: string | undefined): string {
  const named = parameters.get('fieldManager') ?? '';
  return named !== '' ? named : (agent ?? '').split('/')[0]?.slice(0, 128) || 'unknown';
}

export function nameIn(body: Json): string {
  return stringAt(objectAt(body, 'metadata'), 'name') ?? '';
}
