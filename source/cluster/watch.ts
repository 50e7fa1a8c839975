import type {IncomingMessage} from 'node:http';
import {isObject, type JsonObject, objectAt, parseJson, stringAt} from '../resources/json.ts';
import {apiVersionOf, type Kind} from '../resources/kind.ts';
import type {Client} from './client.ts';
import {failureOfAnswer} from './errors.ts';
import {fieldSelector, resourceName, selects} from './list.ts';
import {collectionPath} from './paths.ts';
import type {ApiRequest} from './request.ts';
import {ClusterError, type WatchEvent, type WatchOptions} from './types.ts';

// The server sends a bookmark each minute: a connection that is silent for longer is dead, whatever TCP thinks.
const silenceMs = 90_000;
const serverEndsAfterSeconds = '1800';

/** Watches a kind; see Watcher. */
export async function* watchKind(
  client: Client,
  kind: Kind,
  options: WatchOptions,
): AsyncGenerator<WatchEvent, never> {
  const {namespace, labelSelector, name, signal} = options;
  const matches = selects(options);
  let {resourceVersion} = options;
  for (;;) {
    const request: ApiRequest = {
      method: 'GET',
      path: collectionPath(kind, namespace),
      query: {
        watch: 'true',
        allowWatchBookmarks: 'true',
        labelSelector: labelSelector || undefined,
        fieldSelector: fieldSelector(name),
        resourceVersion,
        timeoutSeconds: serverEndsAfterSeconds,
      },
      signal,
      access: {verb: 'watch', resource: resourceName(kind), namespace},
    };
    const {response, done} = await client.stream(request);
    const began = Date.now();
    try {
      for await (const line of lines(response, silenceMs)) {
        const event = readEvent(client, request, kind, line);
        resourceVersion = event.resourceVersion;
        const left = event.type !== 'BOOKMARK' && !matches(event.object);
        yield left ? {...event, type: 'DELETED'} : event;
      }
    } catch (thrown) {
      client.throwIfAborted(signal, thrown);
      if (thrown instanceof ClusterError) throw thrown;
      // A connection that breaks is taken up again where it ended; what keeps breaking is told by `stream`.
    } finally {
      done();
      response.destroy();
    }
    // A server that ends each watch at once must not be asked in a busy loop.
    if (Date.now() - began < 1000) await client.breathe(signal);
    client.throwIfAborted(signal, undefined);
  }
}

function readEvent(client: Client, request: ApiRequest, kind: Kind, line: string): WatchEvent {
  const event = parseLine(client, line);
  const type = stringAt(event, 'type');
  const object = objectAt(event, 'object');
  if (type === 'ERROR') {
    const body = JSON.stringify(object);
    const status = typeof object['code'] === 'number' ? object['code'] : 500;
    throw failureOfAnswer(client.server, request, {status, headers: {}, body}, '').error;
  }
  const resourceVersion = stringAt(objectAt(object, 'metadata'), 'resourceVersion');
  if (
    resourceVersion === undefined ||
    (type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED' && type !== 'BOOKMARK')
  ) {
    throw new ClusterError('server', `${client.server} sends a watch event that is none`);
  }
  const whole: JsonObject =
    'kind' in object && 'apiVersion' in object
      ? object
      : {apiVersion: apiVersionOf(kind), kind: kind.kind, ...object};
  return {type, object: whole, resourceVersion};
}

function parseLine(client: Client, line: string): JsonObject {
  try {
    const event = parseJson(line);
    if (isObject(event)) return event;
  } catch (error) {
    throw new ClusterError('server', `${client.server} sends a watch event that is no JSON`, {cause: error});
  }
  throw new ClusterError('server', `${client.server} sends a watch event that is none`);
}

async function* lines(response: IncomingMessage, limitMs: number): AsyncGenerator<string> {
  const silent = () => response.destroy(new Error('silent'));
  let timer = setTimeout(silent, limitMs).unref();
  let rest = '';
  response.setEncoding('utf8');
  try {
    for await (const chunk of response) {
      clearTimeout(timer);
      timer = setTimeout(silent, limitMs).unref();
      const parts = (rest + chunk).split('\n');
      // A half line at the end of a broken connection is never an event.
      rest = parts.pop() ?? '';
      for (const part of parts) if (part.trim() !== '') yield part;
    }
  } finally {
    clearTimeout(timer);
  }
}
