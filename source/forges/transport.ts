import * as v from 'valibot';
import {begin, endingOf, endingOfStatus} from '../journal/journal.ts';
import {shownUrl} from '../journal/shown.ts';
import {KnownSecrets} from '../secrets/known.ts';
import {plainLine} from '../text/plain.ts';
import {dialects} from './dialects.ts';
import {ForgeError} from './error.ts';
import {refusal} from './refusal.ts';
import type {ForgeKind} from './types.ts';

/** How to reach one forge as one user. */
export interface TransportOptions {
  forge: ForgeKind;
  /** Root of the API. Plain http is taken for the loopback interface only. */
  root: string;
  /** The value of the Authorization header. It is set here, so that no client library ever holds the token. */
  authorization: string;
  headers?: Readonly<Record<string, string>>;
  fetch?: typeof globalThis.fetch | undefined;
}

/** `fetch` for the client libraries: an answer is a success, whole and in memory; all else is a ForgeError. */
export type ForgeFetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

const timeoutMs = 20_000;
const mostHops = 3;
const mostBytes = 32 * 1024 * 1024;
const mostRemembered = 200;

/**
 * A `fetch` that talks to one origin only, over https, in bounded time and size; that asks again for what it knows with
 * its entity tag (GitHub does not count an answer "not modified"); and that turns refusals into ForgeErrors.
 */
export function forgeTransport(options: TransportOptions): ForgeFetch {
  const root = new URL(options.root);
  // A proxy in between, or the forge itself, may say what it was sent.
  const known = new KnownSecrets();
  known.addAuthorization(options.authorization);
  const remembered = new Map<string, {tag: string; text: string; headers: Headers}>();

  return async (input, init = {}) => {
    checkSecure(root);
    const request = input instanceof Request ? input : null;
    const method = (init.method ?? request?.method ?? 'GET').toUpperCase();
    const body = init.body ?? (request?.body ? await request.text() : null);
    const caller = init.signal ?? request?.signal ?? null;
    const deadline = AbortSignal.timeout(timeoutMs);
    const signal = caller === null ? deadline : AbortSignal.any([caller, deadline]);
    const headers = new Headers(request?.headers);
    new Headers(init.headers).forEach((value, name) => {
      headers.set(name, value);
    });
    for (const [name, value] of Object.entries(options.headers ?? {})) headers.set(name, value);
    if (body !== null && !headers.has('content-type')) headers.set('content-type', 'application/json');
    headers.set('user-agent', 'gitops-tui');
    headers.set('authorization', options.authorization);

    let url = new URL(request?.url ?? String(input));
    const before = method === 'GET' ? remembered.get(url.href) : undefined;
    if (before !== undefined) headers.set('if-none-match', before.tag);
    let end: ReturnType<typeof begin>;
    try {
      for (let hops = 0; ; hops++) {
        if (url.origin !== root.origin) throw strayed(options.forge, url);
        // A redirect is followed by hand: fetch would make a GET of a POST, and the token stays with its host.
        end = begin(() => ({kind: 'request', to: 'forge', method, url: shownUrl(url), context: null}));
        const how = {method, headers, body, signal, redirect: 'manual'} as const;
        const response = await (options.fetch ?? globalThis.fetch)(url.href, how);
        const location = response.headers.get('location');
        if ([301, 302, 307, 308].includes(response.status) && location !== null) {
          await response.body?.cancel();
          end?.(endingOfStatus(response.status, 0));
          if (hops >= mostHops || !URL.canParse(location, url.href)) throw strayed(options.forge, url);
          url = new URL(location, url);
          continue;
        }
        if (response.status === 304) end?.(endingOfStatus(304, 0));
        if (response.status === 304 && before !== undefined) return answer(200, before.headers, before.text);
        const text = await readText(response);
        end?.(endingOfStatus(response.status, text.length));
        if (!response.ok)
          throw refusal(dialects[options.forge], {
            status: response.status,
            statusText: response.statusText,
            headers: response.headers,
            text,
          });
        const tag = response.headers.get('etag');
        if (method === 'GET' && tag !== null) remember(url.href, tag, text, response.headers);
        return answer(response.status, response.headers, text);
      }
    } catch (error) {
      end?.(endingOf(error, caller?.aborted ?? false));
      caller?.throwIfAborted();
      const {reason, message, status, retryAt} = forgeErrorOf(error, options.forge, root.host);
      throw new ForgeError(reason, known.redact(message), status, retryAt);
    }
  };

  function remember(url: string, tag: string, text: string, headers: Headers): void {
    remembered.delete(url);
    remembered.set(url, {tag, text, headers});
    for (const oldest of remembered.keys()) {
      if (remembered.size <= mostRemembered) break;
      remembered.delete(oldest);
    }
  }
}

function answer(status: number, from: Headers, text: string): Response {
  const headers = new Headers(from);
  // The text is decoded by now.
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) headers.delete(name);
  return new Response([204, 205].includes(status) ? null : text, {status, headers});
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > mostBytes) throw new ForgeError('broken', 'the answer is too long to be read');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function checkSecure({protocol, hostname}: URL): void {
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  if (protocol === 'https:' || (protocol === 'http:' && loopback)) return;
  throw new ForgeError('insecure', `a token is sent over https only, not to ${protocol}//${hostname}`);
}

function strayed(forge: ForgeKind, url: URL): ForgeError {
  const {name, login} = dialects[forge];
  const words = `${name} sent us on to ${plainLine(url.origin)}, where the token does not belong`;
  // Azure DevOps sends a token that it does not know to its page for signing in.
  return new ForgeError('insecure', forge === 'azure-devops' ? `${words}: is it expired? ${login}` : words);
}

/**
 * Any failure of a request as a ForgeError. Client libraries wrap what their `fetch` throws: the cause is looked for.
 * An abort is not for here: throw it before.
 */
export function forgeErrorOf(error: unknown, forge: ForgeKind, host: string): ForgeError {
  const {name} = dialects[forge];
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    if (cause instanceof ForgeError) return cause;
    if (v.isValiError(cause)) {
      const [issue] = cause.issues;
      const where = v.getDotPath(issue) ?? 'its top';
      return new ForgeError(
        'not-a-forge',
        `the answer is not what ${name} gives (${where}): is this really ${name}?`,
      );
    }
  }
  if (error instanceof SyntaxError)
    return new ForgeError('not-a-forge', `the answer is not JSON: is this really ${name}?`);
  if (error instanceof Error && error.name === 'TimeoutError')
    return new ForgeError('unreachable', `${host} did not answer in time: try again`);
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_SSL_WRONG_VERSION_NUMBER') {
    const place = `git config --global gitops-tui.https://${host}.web NAME:PORT`;
    return new ForgeError(
      'unreachable',
      `${host} does not speak https there, and a token is sent over nothing else; if it does elsewhere: ${place}`,
    );
  }
  const words = plainLine(cause instanceof Error ? cause.message : String(cause));
  return new ForgeError('unreachable', `${host} could not be reached: ${words}`);
}
