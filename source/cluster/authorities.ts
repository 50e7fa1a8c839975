import tls from 'node:tls';

/**
 * The certificate authorities of Node and of the system, as kubectl trusts them where a kubeconfig names none. Undefined
 * where Node can't tell the system's (before 22.15): it then uses its own.
 */
export function systemAuthorities(): string[] | undefined {
  const {getCACertificates} = tls as {getCACertificates?: (type: string) => string[]};
  if (getCACertificates === undefined) return undefined;
  return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
}
