/** Which resource a path names. */
export interface Route {
  group: string;
  version: string;
  /** '' for the group version itself. */
  plural: string;
  /** Undefined where the path names none. */
  namespace: string | undefined;
  name: string;
  subresource: string;
}

/**
 * Reads `/api/v1/namespaces/shop/pods/web/status` and its like; undefined for other paths. `namespaces` are a resource
 * too: `/api/v1/namespaces/shop` is one of them, and its status and finalize are subresources.
 */
export function parseRoute(pathname: string): Route | undefined {
  const steps = pathname.split('/').slice(1).map(decodeURIComponent);
  if (steps.at(-1) === '') steps.pop();
  const [root] = steps;
  let group = '';
  let rest: string[];
  if (root === 'api') {
    rest = steps.slice(1);
  } else if (root === 'apis') {
    group = steps[1] ?? '';
    rest = steps.slice(2);
  } else {
    return undefined;
  }
  const version = rest.shift();
  if (version === undefined) return undefined;
  let namespace: string | undefined;
  const nested = rest[2] !== undefined && !(group === '' && ['status', 'finalize'].includes(rest[2]));
  if (rest[0] === 'namespaces' && nested) {
    namespace = rest[1] ?? '';
    rest = rest.slice(2);
  }
  const [plural = '', name = '', ...subresource] = rest;
  return {group, version, plural, namespace, name, subresource: subresource.join('/')};
}
