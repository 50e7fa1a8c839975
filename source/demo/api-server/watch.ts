import {type JsonObject, objectAt, stringifyJson} from '../../resources/json.ts';
import {atVersion} from './codec.ts';
import {eventOf, matcher, parseRevision, type Query} from './reader.ts';
import {apiVersionOf} from './registry.ts';
import type {Request, Response} from './respond.ts';
import {ApiError, qualified} from './status.ts';
import type {Store} from './store.ts';
import {table} from './table.ts';

const bookmarkEveryMs = 60_000;
const longestSeconds = 30 * 60;

/**
 * Streams the changes of a resource, one JSON object a line, from a revision on; without one, first all that is there.
 * A revision that is forgotten answers with an ERROR event that says 410.
 */
export function watch(
  store: Store,
  query: Query,
  request: Request,
  response: Response,
  as: string,
  clock: () => Date,
): void {
  const {parameters, served} = query;
  const text = parameters.get('resourceVersion') ?? '';
  const from = parseRevision(text);
  const matches = matcher(query);
  response.writeHead(200, {'content-type': 'application/json', 'cache-control': 'no-cache, private'});
  // A client waits for the answer's head before the first change; over HTTP/2 it is sent already.
  if ('flushHeaders' in response && typeof response.flushHeaders === 'function') response.flushHeaders();
  const write = (type: string, object: JsonObject) => response.write(`${stringifyJson({type, object})}\n`);
  const show = (object: JsonObject): JsonObject =>
    as === 'Table'
      ? table(
          [object],
          served,
          {resourceVersion: String(objectAt(object, 'metadata')['resourceVersion'])},
          parameters.get('includeObject'),
          clock(),
        )
      : object;
  const bookmark = (annotations?: JsonObject) =>
    write('BOOKMARK', {
      kind: served.resource.kind,
      apiVersion: apiVersionOf(served),
      metadata: {
        resourceVersion: String(store.revision),
        ...(annotations === undefined ? {} : {annotations}),
      },
    });

  if (from !== 0 && from < store.compacted) {
    const error = new ApiError(410, 'Expired', `too old resource version: ${from} (${store.compacted})`);
    write('ERROR', error.status());
    response.end();
    return;
  }
  const wantsInitial = parameters.get('sendInitialEvents') === 'true';
  if (from === 0 || wantsInitial) {
    for (const [key, object] of store.entries(qualified(served.resource))) {
      if (matches(key, object)) write('ADDED', show(atVersion(object, served)));
    }
    if (wantsInitial) bookmark({'k8s.io/initial-events-end': 'true'});
  } else {
    for (const change of store.since(from)) {
      const event = eventOf(change, query, matches);
      if (event !== undefined) write(event.type, show(event.object));
    }
  }
  const stopWatching = store.watch(change => {
    const event = eventOf(change, query, matches);
    if (event !== undefined) write(event.type, show(event.object));
  });
  const bookmarks = parameters.get('allowWatchBookmarks') === 'true';
  const timer = bookmarks ? setInterval(() => bookmark(), bookmarkEveryMs) : undefined;
  const asked = Number(parameters.get('timeoutSeconds') ?? 0);
  const seconds = asked > 0 ? Math.min(asked, longestSeconds) : longestSeconds;
  const end = setTimeout(() => {
    if (bookmarks) bookmark();
    response.end();
  }, seconds * 1000);
  end.unref();
  timer?.unref();
  const close = () => {
    stopWatching();
    clearInterval(timer);
    clearTimeout(end);
  };
  response.on('close', close);
  request.on('aborted', close);
}
