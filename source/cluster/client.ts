import type {IncomingMessage} from 'node:http';
import {type Json, parseJson, stringifyJson} from '../resources/json.ts';
import {redactError} from '../secrets/answers.ts';
import {KnownSecrets} from '../secrets/known.ts';
import type {Access, Credentials} from './credentials.ts';
import {type Failure, failureOfAnswer, failureOfException, notJson} from './errors.ts';
import {abortable, abortedError, Gate} from './gate.ts';
import {type ApiRequest, assertDryRun, DryRunMismatch, wireForm} from './request.ts';
import {exchange, open, type WireAnswer, type WireRequest} from './transport.ts';
import {ClusterError} from './types.ts';

/** How patient a client is. */
export interface Timing {
  /** A read or a dry run, in milliseconds. */
  readMs: number;
  /** A write: longer than the server's own limit of 60 s, so that its answer is not missed. */
  writeMs: number;
  connectMs: number;
  /** The first pause between tries; it doubles. */
  backoffMs: number;
  /** The longest pause that a Retry-After is obeyed for. */
  longestPauseMs: number;
}

export const usualTiming: Timing = {
  readMs: 30_000,
  writeMs: 65_000,
  connectMs: 10_000,
  backoffMs: 250,
  longestPauseMs: 30_000,
};

// As many as a browser or kubectl would not exceed, and no API server minds.
const sockets = 16;
const wokenMs = 15_000;

/** Sends requests to one API server: with credentials, within limits, and again where that can do no harm. */
export class Client {
  readonly server: string;
  readonly #context: string | null;
  readonly #credentials: Credentials;
  readonly #timing: Timing;
  readonly #headers: Record<string, string>;
  readonly #gate = new Gate(sockets);
  /** The tokens and passwords that went with requests. */
  readonly #sent = new KnownSecrets();
  readonly #closed = new AbortController();
  #wokeAt = Number.NEGATIVE_INFINITY;

  constructor(
    server: string,
    credentials: Credentials,
    options: {
      userAgent: string;
      compression: boolean;
      timing: Timing;
      /** The kubeconfig context, for the journal. */
      context?: string;
    },
  ) {
    this.server = server;
    this.#context = options.context ?? null;
    this.#credentials = credentials;
    this.#timing = options.timing;
    this.#headers = {
      'User-Agent': options.userAgent,
      ...(options.compression ? {'Accept-Encoding': 'gzip'} : {}),
    };
  }

  /** Gives the JSON of a successful answer. Throws ClusterError. */
  async json(request: ApiRequest): Promise<Json> {
    return (await this.answer(request)).json;
  }

  /** As `json`, with the text that it was made of, and the path that it came from after a redirect. */
  async answer(request: ApiRequest): Promise<{json: Json; text: string; redirectedTo: string | undefined}> {
    const {answer, redirectedTo} = await this.#repeated(request, () =>
      this.#gate.enter(() => this.#redirected(request), request.signal),
    );
    try {
      return {json: parseJson(answer.body), text: answer.body, redirectedTo};
    } catch {
      throw notJson(this.server, answer);
    }
  }

  /** A GET whose answer is read as it comes, without end. Throws ClusterError where it doesn't begin. */
  stream(request: ApiRequest): Promise<{response: IncomingMessage; done: () => void}> {
    return this.#repeated(request, async () => {
      const opened = await this.#authenticated(request, access => this.#open(request, access));
      if ('body' in opened) throw this.#refused(request, opened);
      return opened;
    });
  }

  /** Ends what runs, and all connections. */
  close(): void {
    this.#closed.abort();
    this.#credentials.close();
  }

  /** Ends all connections that there are: the machine was asleep. Each environment notices by itself; once is enough. */
  wake(): void {
    const now = performance.now();
    if (now - this.#wokeAt < wokenMs) return;
    this.#wokeAt = now;
    this.#credentials.hangUp();
  }

  /** Waits a moment, as between tries. */
  breathe(signal: AbortSignal | undefined): Promise<void> {
    return this.#pause(this.#timing.backoffMs * 4, signal);
  }

  /** Throws ClusterError 'aborted' where the caller or this client has ended. */
  throwIfAborted(signal: AbortSignal | undefined, thrown: unknown): void {
    if (signal?.aborted) throw abortedError(signal);
    if (this.#closed.signal.aborted) {
      throw new ClusterError('aborted', 'the connection was closed', {cause: thrown});
    }
  }

  // Waits, unless the caller or this client ends before.
  async #pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    const {promise, resolve} = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, milliseconds);
    const closed = this.#closed.signal;
    const stop = () => resolve();
    closed.addEventListener('abort', stop);
    try {
      await abortable(promise, signal);
    } finally {
      clearTimeout(timer);
      closed.removeEventListener('abort', stop);
    }
    this.throwIfAborted(signal, undefined);
  }

  async #repeated<T>(request: ApiRequest, attempt: () => Promise<T>): Promise<T> {
    const repeatable = storesNothing(request);
    for (let tried = 1; ; tried++) {
      let failure: Failure;
      try {
        return await attempt();
      } catch (thrown) {
        if (thrown instanceof DryRunMismatch) throw thrown;
        this.throwIfAborted(request.signal, thrown);
        failure = thrown instanceof Refused ? thrown.failure : failureOfException(this.server, thrown);
      }
      const {error, tries, afterMs, untouched} = failure;
      if (!(repeatable || untouched) || tried >= tries) throw error;
      if ((afterMs ?? 0) > this.#timing.longestPauseMs) throw error;
      // Jitter spreads what failed together.
      const pause = this.#timing.backoffMs * 2 ** (tried - 1) * (0.5 + Math.random());
      await this.#pause(Math.max(pause, afterMs ?? 0), request.signal);
    }
  }

  async #redirected(request: ApiRequest): Promise<Redirected> {
    const answer = await this.#once(request);
    const redirectedTo = request.redirect === true ? redirectPath(this.server, answer) : undefined;
    if (redirectedTo === undefined) return {answer: this.#success(request, answer), redirectedTo};
    const url = new URL(redirectedTo, this.server);
    const query = Object.fromEntries(url.searchParams);
    const second = await this.#once({...request, path: url.pathname, query});
    return {answer: this.#success(request, second), redirectedTo};
  }

  #once(request: ApiRequest): Promise<WireAnswer> {
    return this.#authenticated(request, access => exchange(this.#wire(request, access)));
  }

  #success(request: ApiRequest, answer: WireAnswer): WireAnswer {
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw this.#refused(request, answer);
  }

  // A 401 was not acted upon: the request may go again with other credentials, whatever it is.
  // A proxy's or a server's words may hold what it was sent.
  #refused(request: ApiRequest, answer: WireAnswer): Refused {
    const failure = failureOfAnswer(this.server, request, answer, this.#credentials.fix);
    redactError(failure.error, this.#sent);
    return new Refused(failure);
  }

  async #authenticated<T extends WireAnswer | Opened>(
    request: ApiRequest,
    send: (access: Access) => Promise<T>,
  ): Promise<T> {
    const access = await abortable(this.#credentials.current(), request.signal);
    this.#sent.addAuthorization(access.headers['Authorization']);
    const answer = await send(access);
    if (!('status' in answer) || answer.status !== 401) {
      this.#credentials.accept(access);
      return answer;
    }
    const other = await abortable(this.#credentials.replace(access), request.signal);
    if (other === undefined) return answer;
    this.#sent.addAuthorization(other.headers['Authorization']);
    const second = await send(other);
    if (!('status' in second) || second.status !== 401) this.#credentials.accept(other);
    return second;
  }

  async #open(request: ApiRequest, access: Access): Promise<WireAnswer | Opened> {
    const wire = this.#wire(request, access);
    // A stream is read as it comes: packed, its lines would wait for each other.
    const opened = await open({...wire, headers: {...wire.headers, 'Accept-Encoding': 'identity'}});
    const {response, done} = opened;
    const status = response.statusCode ?? 0;
    if (status >= 200 && status < 300) return opened;
    try {
      let body = '';
      response.setEncoding('utf8');
      for await (const chunk of response) body += chunk;
      return {status, headers: response.headers, body};
    } finally {
      done();
    }
  }

  #wire(request: ApiRequest, access: Access): WireRequest {
    const form = wireForm(this.server, request);
    assertDryRun(request, form);
    return {
      url: form.url,
      agent: access.agent,
      method: request.method,
      context: this.#context,
      headers: {
        ...this.#headers,
        ...access.headers,
        Accept: request.accept ?? 'application/json',
        ...(form.body === undefined ? {} : {'Content-Type': request.contentType ?? 'application/json'}),
      },
      body: form.body === undefined ? undefined : stringifyJson(form.body),
      timeoutMs: request.timeoutMs ?? (storesNothing(request) ? this.#timing.readMs : this.#timing.writeMs),
      connectMs: this.#timing.connectMs,
      signals: request.signal === undefined ? [this.#closed.signal] : [request.signal, this.#closed.signal],
    };
  }
}

function storesNothing({method, dryRun, harmless}: ApiRequest): boolean {
  return method === 'GET' || dryRun === true || harmless === true;
}

// Path and query below the server's URL, where an answer points to another path of the same server.
function redirectPath(server: string, answer: WireAnswer): string | undefined {
  const {location} = answer.headers;
  if (answer.status < 300 || answer.status >= 400 || location === undefined) return undefined;
  const base = new URL(server);
  const target = new URL(location, `${server}/`);
  if (target.origin !== base.origin) return undefined;
  const prefix = base.pathname.replace(/\/$/, '');
  const pathname = target.pathname.startsWith(`${prefix}/`)
    ? target.pathname.slice(prefix.length)
    : target.pathname;
  return pathname + target.search;
}

interface Redirected {
  answer: WireAnswer;
  redirectedTo: string | undefined;
}

interface Opened {
  response: IncomingMessage;
  done: () => void;
}

class Refused extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.error.message);
    this.failure = failure;
  }
}
