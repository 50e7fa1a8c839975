import type {OutgoingHttpHeaders} from 'node:http';
import type {Impersonation} from './kubeconfig-file.ts';

/**
 * The headers that make requests for another user (drift trap 61). Keys of extras are percent-encoded, as client-go does.
 * https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/
 */
export function impersonationHeaders(as: Impersonation | undefined): OutgoingHttpHeaders {
  if (as === undefined) return {};
  const headers: OutgoingHttpHeaders = {'Impersonate-User': bytes(as.user)};
  if (as.uid !== undefined) headers['Impersonate-Uid'] = bytes(as.uid);
  if (as.groups.length > 0) headers['Impersonate-Group'] = as.groups.map(bytes);
  for (const [key, values] of as.extra) headers[`Impersonate-Extra-${escapeKey(key)}`] = values.map(bytes);
  return headers;
}

// Header values are bytes to the server and Latin-1 to Node.
function bytes(value: string): string {
  return Buffer.from(value, 'utf8').toString('latin1');
}

// https://github.com/kubernetes/client-go/blob/master/transport/round_trippers.go (headerKeyEscape)
function escapeKey(key: string): string {
  return Array.from(Buffer.from(key, 'utf8'), byte => {
    const character = String.fromCharCode(byte);
    return /[A-Za-z0-9!#$&'*+.^_`|~-]/.test(character)
      ? character
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}
