import {ClusterError} from '../../../cluster/types.ts';

// Nothing was sent where there was no connection to send it on; and what a webhook refuses is not stored.
const neverSent =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EPROTO|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|ERR_TLS_|ERR_SSL_|Bad response: )/;
const refusedBefore = /calling webhook/;

/**
 * True where a write failed in such a way that it may have been done all the same: it was sent, and no answer decides. The
 * server that died, the proxy that gave up waiting and the store that was too slow look alike from here.
 */
export function isUnanswered(error: unknown): boolean {
  if (!(error instanceof ClusterError)) return false;
  if (error.status > 0)
    return (error.status >= 500 || error.status === 408) && !refusedBefore.test(error.message);
  if (error.reason === 'timeout' || error.reason === 'aborted') return true;
  if (error.reason !== 'unreachable') return false;
  const {cause} = error;
  if (cause === undefined) return true;
  if (!(cause instanceof Error)) return true;
  if ('phase' in cause && cause.phase === 'connect') return false;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
  return !neverSent.test(code);
}
