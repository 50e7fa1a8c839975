import type {Agent, IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders} from 'node:http';
import https from 'node:https';
import type {TLSSocket} from 'node:tls';
import {promisify} from 'node:util';
import zlib from 'node:zlib';
import {begin, endingOf, endingOfStatus} from '../journal/journal.ts';
import {shownUrl} from '../journal/shown.ts';

const gunzip = promisify(zlib.gunzip);

/** One HTTP request as it goes on the wire. */
export interface WireRequest {
  url: URL;
  agent: Agent;
  method: string;
  headers: OutgoingHttpHeaders;
  body?: string | undefined;
  /** The kubeconfig context that it is for, null where it has no name; left out for what is no API server. */
  context?: string | null;
  /** For the whole exchange; of a stream, for its beginning. */
  timeoutMs: number;
  connectMs: number;
  /** Any of them ends it. */
  signals: readonly AbortSignal[];
}

/** An answer, whatever its status. */
export interface WireAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** No answer within the time: `phase` says whether there was a connection. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
  readonly phase: 'connect' | 'answer';

  constructor(phase: 'connect' | 'answer', milliseconds: number) {
    super(`${phase === 'connect' ? 'no connection' : 'no answer'} within ${milliseconds / 1000} s`);
    this.phase = phase;
  }
}

/** Sends a request and reads the whole answer. Throws Node's errors, TimeoutError, or the signal's reason. */
export async function exchange(request: WireRequest): Promise<WireAnswer> {
  const end = noted(request);
  try {
    const answer = await wholeAnswer(request);
    end?.(endingOfStatus(answer.status, answer.bytes));
    return answer;
  } catch (error) {
    end?.(
      endingOf(
        error,
        request.signals.some(({aborted}) => aborted),
      ),
    );
    throw error;
  }
}

/** Notes a request in the journal; gives the function that notes its end. */
function noted({method, url, context}: WireRequest): ReturnType<typeof begin> {
  return begin(() => ({
    kind: 'request',
    to: context === undefined ? 'issuer' : 'cluster',
    method,
    url: shownUrl(url),
    context: context ?? null,
  }));
}

async function wholeAnswer(request: WireRequest): Promise<WireAnswer & {bytes: number}> {
  const {response, done} = await send(request, false);
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    const body = response.headers['content-encoding'] === 'gzip' ? await gunzip(bytes) : bytes;
    const {statusCode: status = 0, headers} = response;
    return {status, headers, body: body.toString('utf8'), bytes: bytes.byteLength};
  } finally {
    done();
  }
}

/**
 * Sends a request whose answer is read as it comes, without a time-out once it has begun; it must be read or destroyed, then
 * `done` called. Time-outs until then, and the signals, end it with their error.
 */
export async function open(request: WireRequest): Promise<{response: IncomingMessage; done: () => void}> {
  const end = noted(request);
  try {
    const {response, done} = await send(request, true);
    return {
      response,
      done() {
        done();
        end?.(endingOfStatus(response.statusCode ?? 0, null));
      },
    };
  } catch (error) {
    end?.(
      endingOf(
        error,
        request.signals.some(({aborted}) => aborted),
      ),
    );
    throw error;
  }
}

async function send(
  request: WireRequest,
  stream: boolean,
): Promise<{response: IncomingMessage; done: () => void}> {
  const {url, agent, method, headers, body, timeoutMs, connectMs, signals} = request;
  // Importing node:http loads Node's fetch with it, 15 ms that nobody needs who speaks TLS.
  const {request: begun} = url.protocol === 'https:' ? https : await import('node:http');
  return new Promise((resolve, reject) => {
    const aborted = signals.find(signal => signal.aborted);
    if (aborted !== undefined) {
      reject(aborted.reason);
      return;
    }
    const outgoing = begun(url, {
      agent,
      method,
      headers: body === undefined ? headers : {...headers, 'Content-Length': Buffer.byteLength(body)},
    });
    let incoming: IncomingMessage | undefined;
    const end = (error: Error) => {
      incoming?.destroy(error);
      outgoing.destroy(error);
    };
    const connecting = setTimeout(() => end(new TimeoutError('connect', connectMs)), connectMs);
    const answering = setTimeout(() => end(new TimeoutError('answer', timeoutMs)), timeoutMs);
    const onAbort = () => end(new Error('aborted'));
    const done = () => {
      clearTimeout(connecting);
      clearTimeout(answering);
      for (const signal of signals) signal.removeEventListener('abort', onAbort);
    };
    for (const signal of signals) signal.addEventListener('abort', onAbort);
    outgoing.on('socket', socket => {
      const connected = () => clearTimeout(connecting);
      if (outgoing.reusedSocket) connected();
      else if (url.protocol === 'https:') (socket as TLSSocket).once('secureConnect', connected);
      else if (socket.connecting) socket.once('connect', connected);
      else connected();
    });
    outgoing.on('error', error => {
      done();
      reject(error);
    });
    outgoing.on('response', response => {
      clearTimeout(connecting);
      if (stream) clearTimeout(answering);
      incoming = response;
      resolve({response, done});
    });
    outgoing.end(body);
  });
}
