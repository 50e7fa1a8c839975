import type {Agent, IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders} from 'node:http';
import https from 'node:https';
import type {TLSSocket} from 'node:tls';
import {promisify} from 'node:util';
import zlib from 'node:zlib';

const gunzip = promisify(zlib.gunzip);

/** One HTTP request as it goes on the wire. */
export interface WireRequest {
  url: URL;
  agent: Agent;
  method: string;
  headers: OutgoingHttpHeaders;
  body?: string | undefined;
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
  const {response, done} = await open(request);
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    const body = response.headers['content-encoding'] === 'gzip' ? await gunzip(bytes) : bytes;
    return {status: response.statusCode ?? 0, headers: response.headers, body: body.toString('utf8')};
  } finally {
    done();
  }
}

/**
 * Sends a request and gives the answer as it begins; it must be read or destroyed, then `done` called. Time-outs and the
 * signals end it with their error until then; a stream, once begun, has no time-out.
 */
export async function open(
  request: WireRequest,
  stream = false,
): Promise<{response: IncomingMessage; done: () => void}> {
  const {url, agent, method, headers, body, timeoutMs, connectMs, signals} = request;
  // Importing node:http loads Node's fetch with it, 15 ms that nobody needs who speaks TLS.
  const {request: send} = url.protocol === 'https:' ? https : await import('node:http');
  return new Promise((resolve, reject) => {
    const aborted = signals.find(signal => signal.aborted);
    if (aborted !== undefined) {
      reject(aborted.reason);
      return;
    }
    const outgoing = send(url, {
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
