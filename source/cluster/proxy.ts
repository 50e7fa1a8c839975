import {BlockList, isIP} from 'node:net';

/**
 * The proxy that the environment names for a server, as kubectl and Go read it: HTTPS_PROXY or HTTP_PROXY by the server's
 * scheme, NO_PROXY with hosts, domains, addresses, CIDR ranges and ports; never for localhost. Undefined for none.
 * https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config
 */
export function environmentProxy(server: URL, env: NodeJS.ProcessEnv): string | undefined {
  const name = server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const proxy = env[name] || env[name.toLowerCase()];
  if (proxy === undefined || proxy === '') return undefined;
  const host = bareHost(server.hostname);
  const port = server.port || (server.protocol === 'https:' ? '443' : '80');
  if (isLoopback(host)) return undefined;
  const exceptions = (env['NO_PROXY'] || env['no_proxy'] || '').split(',').map(each => each.trim());
  if (exceptions.some(exception => excepts(exception.toLowerCase(), host, port))) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

/** True for localhost and the loopback addresses. */
export function isLoopback(host: string): boolean {
  const bare = bareHost(host);
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'));
}

function bareHost(host: string): string {
  return host.replace(/^\[|\]$/g, '').toLowerCase();
}

function excepts(exception: string, host: string, port: string): boolean {
  if (exception === '') return false;
  if (exception === '*') return true;
  const range = /^([\da-f.:]+)\/(\d+)$/.exec(exception);
  if (range?.[1] !== undefined) return inRange(host, range[1], Number(range[2]));
  const withPort = /^(\[[\da-f:]+\]|[^:]*):(\d+)$/.exec(exception);
  if (withPort?.[2] !== undefined && withPort[2] !== port) return false;
  const name = bareHost(withPort?.[1] ?? exception).replace(/^\*\./, '.');
  if (name.startsWith('.')) return host.endsWith(name);
  return host === name || (isIP(host) === 0 && host.endsWith(`.${name}`));
}

function inRange(host: string, network: string, bits: number): boolean {
  const family = isIP(host);
  if (family === 0 || family !== isIP(network) || bits > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(network, bits, family === 4 ? 'ipv4' : 'ipv6');
  return list.check(host, family === 4 ? 'ipv4' : 'ipv6');
}
