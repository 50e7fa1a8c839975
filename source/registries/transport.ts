import {begin, endingOf, endingOfStatus} from '../journal/journal.ts';
import {shownUrl} from '../journal/shown.ts';
import {plainLine} from '../text/plain.ts';
import {RegistryError} from './error.ts';

/** A request to a registry, to its token server or to where it keeps blobs. */
export interface RegistryRequest {
  url: URL;
  method?: 'GET' | 'HEAD' | 'POST';
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** The value of the Authorization header: sent to this URL's origin, and to no other that it leads to. */
  authorization?: string | undefined;
  /** Bytes of the answer that are read at most. */
  mostBytes: number;
}

/** An answer, whole and in memory. */
export interface RegistryAnswer {
  status: number;
  headers: Headers;
  body: Buffer;
  /** What was asked in the end. */
  url: URL;
}

export interface TransportOptions {
  fetch?: typeof globalThis.fetch | undefined;
  timeoutMs?: number;
}

const defaultTimeoutMs = 20_000;
const mostHops = 5;

/** True for this machine's own names, where plain http goes nowhere else. */
export function isLoopback(hostname: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

/**
 * Asks once, in bounded time and size. Redirects are followed by hand: from https never to http, and Authorization stays with
 * the origin that it was meant for (a blob's redirect to a storage has a signature of its own). Whatever has a status is an
 * answer. Throws RegistryError where there is none, and on abort.
 */
export async function ask(
  request: RegistryRequest,
  signal: AbortSignal | undefined,
  {fetch = globalThis.fetch, timeoutMs = defaultTimeoutMs}: TransportOptions = {},
): Promise<RegistryAnswer> {
  const {origin} = request.url;
  const deadline = AbortSignal.timeout(timeoutMs);
  const ends = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
  let {url} = request;
  const {method = 'GET'} = request;
  let end: ReturnType<typeof begin>;
  try {
    for (let hops = 0; ; hops++) {
      const headers = new Headers(request.headers);
      headers.set('user-agent', 'gitops-tui');
      if (request.authorization !== undefined && url.origin === origin)
        headers.set('authorization', request.authorization);
      end = begin(() => ({
        kind: 'request',
        to: 'registry',
        method,
        url: shownUrl(url, request.url),
        context: null,
      }));
      const response = await fetch(url.href, {
        method,
        headers,
        signal: ends,
        redirect: 'manual',
        ...(request.body === undefined ? {} : {body: request.body}),
      });
      const location = response.headers.get('location');
      if ([301, 302, 303, 307, 308].includes(response.status) && location !== null) {
        await response.body?.cancel();
        end?.(endingOfStatus(response.status, 0));
        url = follow(url, location, hops, request.method);
        continue;
      }
      const body = await readBytes(response, request.mostBytes);
      end?.(endingOfStatus(response.status, body.byteLength));
      return {status: response.status, headers: response.headers, body, url};
    }
  } catch (error) {
    end?.(endingOf(error, signal?.aborted ?? false));
    signal?.throwIfAborted();
    throw failureOf(error, url.host);
  }
}

function follow(from: URL, location: string, hops: number, method: string | undefined): URL {
  const target = URL.canParse(location, from.href) ? new URL(location, from) : null;
  const isSafe =
    target !== null &&
    (target.protocol === 'https:' || (from.protocol === 'http:' && target.protocol === 'http:')) &&
    target.username === '' &&
    // From outside to this machine's own services nobody is led.
    (!isLoopback(target.hostname) || isLoopback(from.hostname));
  if (target === null || !isSafe || hops >= mostHops || method === 'POST')
    throw new RegistryError('insecure', `${from.host} sends us on to where nothing of it is looked for`);
  return target;
}

async function readBytes(response: Response, most: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > most) throw new RegistryError('broken', 'the answer is too long to be read');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const certificateCodes = /CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|ERR_TLS_CERT_ALTNAME_INVALID|DEPTH_ZERO/;

function failureOf(error: unknown, host: string): Error {
  if (error instanceof RegistryError) return error;
  if (error instanceof Error && error.name === 'TimeoutError')
    return new RegistryError('unreachable', `${host} did not answer in time`);
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const words = plainLine(cause instanceof Error ? cause.message || code : String(cause));
  if (certificateCodes.test(code))
    return new RegistryError(
      'certificate',
      `the certificate of ${host} is not trusted (${words}): name its authority in NODE_EXTRA_CA_CERTS`,
    );
  return new RegistryError('unreachable', `${host} could not be reached: ${words}`);
}
