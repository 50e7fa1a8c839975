import {anonymous, checkPath, type User} from './access.ts';
import type {Backend} from './backend.ts';
import {version} from './catalog.ts';
import {aggregated, apiGroup, apiGroupList, apiResourceList, apiVersions} from './discovery.ts';
import {Exchange} from './exchange.ts';
import type {Served} from './registry.ts';
import {preferred, type Request, type Response, send, sendError, sendText} from './respond.ts';
import {parseRoute, type Route} from './route.ts';
import {ApiError} from './status.ts';

/** Answers one request; whatever goes wrong is answered as a Status. */
export async function handle(backend: Backend, request: Request, response: Response): Promise<void> {
  try {
    await answer(backend, request, response);
  } catch (error) {
    const refusal =
      error instanceof ApiError
        ? error
        : new ApiError(500, 'InternalError', error instanceof Error ? error.message : String(error));
    if (response.headersSent) response.end();
    else sendError(request, response, refusal);
  }
}

async function answer(backend: Backend, request: Request, response: Response): Promise<void> {
  const url = new URL(request.url, `https://${backend.address}`);
  const user = authenticate(backend, request);
  if (answerProbe(backend, url.pathname, request, response)) return;
  checkPath(user, url.pathname);
  if (answerDiscovery(backend, url.pathname, request, response)) return;
  const route = parseRoute(url.pathname);
  const served =
    route === undefined ? undefined : backend.registry.find(route.group, route.version, route.plural);
  if (route === undefined || served === undefined || !isServed(route, served)) {
    if (route === undefined || !backend.registry.all().some(({group}) => group === route.group)) {
      sendText(response, 404, '404 page not found\n');
      return;
    }
    throw new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});
  }
  await new Exchange(backend, request, response, url, route, served, user).answer();
}

function authenticate(backend: Backend, request: Request): User {
  const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) return anonymous;
  const user = backend.users.get(token);
  if (user === undefined) throw new ApiError(401, 'Unauthorized', 'Unauthorized');
  return user;
}

function answerProbe(backend: Backend, pathname: string, request: Request, response: Response): boolean {
  if (['/readyz', '/livez', '/healthz'].includes(pathname)) sendText(response, 200, 'ok');
  else if (pathname === '/version') send(request, response, 200, version);
  else if (pathname === '/openapi/v3') send(request, response, 200, backend.openApi.index());
  else if (pathname.startsWith('/openapi/v3/')) {
    const document = backend.openApi.document(pathname.slice('/openapi/v3/'.length));
    if (document === undefined) sendText(response, 404, '404 page not found\n');
    else {
      response.writeHead(200, {
        'content-type': 'application/json',
        etag: `"${document.hash}"`,
        'cache-control': request.url.includes('hash=') ? 'public, immutable' : 'no-cache, private',
      });
      response.end(document.text);
    }
  } else return false;
  return true;
}

function answerDiscovery(backend: Backend, pathname: string, request: Request, response: Response): boolean {
  const {registry} = backend;
  const path = pathname.replace(/\/$/, '');
  if (path === '/api' || path === '/apis') {
    const core = path === '/api';
    if (preferred(request.headers.accept, ['APIGroupDiscoveryList']) !== '') {
      send(request, response, 200, aggregated(registry, core), {
        'content-type': 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
        vary: 'Accept',
      });
    } else send(request, response, 200, core ? apiVersions(backend.address) : apiGroupList(registry));
    return true;
  }
  const [root, group = '', at] = path.slice(1).split('/');
  const found =
    root === 'api' && at === undefined
      ? apiResourceList(registry, '', group)
      : root === 'apis' && path.split('/').length <= 4
        ? at === undefined
          ? apiGroup(registry, group)
          : apiResourceList(registry, group, at)
        : undefined;
  if (found === undefined) return false;
  send(request, response, 200, found);
  return true;
}

function isServed({subresource, name, namespace}: Route, {resource}: Served): boolean {
  if (namespace !== undefined && !resource.namespaced) return false;
  if (namespace === undefined && resource.namespaced && name !== '') return false;
  return (
    subresource === '' ||
    (subresource === 'status' && resource.hasStatus) ||
    (subresource === 'scale' && resource.hasScale) ||
    (subresource === 'log' && resource.group === '' && resource.kind === 'Pod')
  );
}
