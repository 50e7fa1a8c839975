import {request} from 'node:https';
import {setTimeout as sleep} from 'node:timers/promises';
import {isObject, type Json, type JsonObject, parseJson, stringifyJson} from '../../source/resources/json.ts';

/** A server under contract, with a namespace of the case's own. */
export interface Target {
  url: string;
  ca: string;
  token: string;
  namespace: string;
}

export interface Ask {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query; `{ns}` stands for the namespace. */
  path: string;
  body?: Json | undefined;
  /** Default `application/json`. */
  type?: string;
  accept?: string;
  /** Default `contract/1`: the manager of writes that name none. */
  agent?: string;
  /** Sent instead of the target's; null for none. */
  token?: string | null;
  /** Asked again until this holds. */
  until?: (answer: Answer) => boolean;
}

export interface Answer {
  status: number;
  /** The parsed body, or its text where it is no JSON. */
  body: Json;
  /** Warning headers. */
  warnings: readonly string[];
  contentType: string;
}

export const mergePatchType = 'application/merge-patch+json';
export const jsonPatchType = 'application/json-patch+json';
export const applyType = 'application/apply-patch+yaml';

/** One request, or as many as `until` asks for. */
export async function ask(target: Target, request: Ask): Promise<Answer> {
  for (let attempt = 0; ; attempt++) {
    const answer = await askOnce(target, request);
    if (request.until === undefined || request.until(answer)) return answer;
    if (attempt > 200) throw new Error(`${request.path}: still not as awaited: ${answer.status}`);
    await sleep(50);
  }
}

/** One raw HTTPS request, by nothing but Node. `{ns}` is replaced in the path and in all texts of the body. */
function askOnce(target: Target, {method, path, body, ...options}: Ask): Promise<Answer> {
  const payload = body === undefined ? undefined : place(stringifyJson(body), target);
  const token = options.token === undefined ? target.token : options.token;
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(place(path, target), target.url), {
      method,
      ca: target.ca,
      agent: false,
      signal: AbortSignal.timeout(20_000),
      headers: {
        ...(token === null ? {} : {authorization: `Bearer ${token}`}),
        accept: options.accept ?? 'application/json',
        'user-agent': options.agent ?? 'contract/1',
        ...(payload === undefined
          ? {}
          : {
              'content-type': options.type ?? 'application/json',
              // Node sends a DELETE's body without any length otherwise.
              'content-length': String(Buffer.byteLength(payload)),
            }),
      },
    });
    outgoing.on('error', reject);
    outgoing.on('response', incoming => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const warning = incoming.headers['warning'];
        resolve({
          status: incoming.statusCode ?? 0,
          body: parseLoosely(Buffer.concat(chunks).toString('utf8')),
          warnings: warning === undefined ? [] : String(warning).split(/,\s*(?=299)/),
          contentType: incoming.headers['content-type'] ?? '',
        });
      });
    });
    outgoing.end(payload);
  });
}

function place(text: string, target: Target): string {
  return text.replaceAll('{ns}', target.namespace);
}

function parseLoosely(text: string): Json {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

/** A watch that is under way. */
export interface Watch {
  /** The next event; rejects when the stream ends without one. */
  next(): Promise<{type: string; object: JsonObject}>;
  close(): void;
}

/** Opens a watch: events are given one at a time. */
export async function openWatch(target: Target, path: string): Promise<Watch> {
  const events: {type: string; object: JsonObject}[] = [];
  const waiting: {
    resolve: (event: {type: string; object: JsonObject}) => void;
    reject: (error: Error) => void;
  }[] = [];
  let rest = '';
  let ended = false;
  const outgoing = request(new URL(place(path, target), target.url), {
    ca: target.ca,
    agent: false,
    headers: {
      authorization: `Bearer ${target.token}`,
      accept: 'application/json',
      'user-agent': 'contract/1',
    },
  });
  const end = () => {
    ended = true;
    for (const {reject} of waiting.splice(0)) reject(new Error('the watch ended'));
  };
  await new Promise<void>((resolve, reject) => {
    outgoing.on('error', error => {
      end();
      reject(error);
    });
    outgoing.on('response', incoming => {
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          const event = parseJson(line);
          if (!isObject(event) || typeof event['type'] !== 'string' || !isObject(event['object'])) continue;
          const told = {type: event['type'], object: event['object']};
          const first = waiting.shift();
          if (first === undefined) events.push(told);
          else first.resolve(told);
        }
      });
      incoming.on('end', end);
      incoming.on('error', end);
      resolve();
    });
    outgoing.end();
  });
  return {
    next() {
      const event = events.shift();
      if (event !== undefined) return Promise.resolve(event);
      if (ended) return Promise.reject(new Error('the watch ended'));
      return new Promise((resolve, reject) => {
        waiting.push({resolve, reject});
      });
    },
    close: () => outgoing.destroy(),
  };
}
