import type {ClusterError} from '../../../cluster/types.ts';
import {inBrief} from '../../../drift/dry-run-error.ts';

/** What a refused write or dry run means for the object. */
export type Refusal =
  /** The update can't be done in place: the object has to be deleted and made anew (drift trap 48). */
  | 'immutable'
  /** We may not: by RBAC, or an admission plug-in that answers 403. */
  | 'denied'
  /** A webhook refuses dry runs (drift trap 57): the write itself might be taken. */
  | 'no-dry-run'
  /** The object, or what it needs, is gone or has moved under us. */
  | 'moved'
  /** The server does not take the object as git has it. */
  | 'invalid'
  /** No decision: time-outs, 5xx, throttling, no connection (drift trap 58). */
  | 'undecided';

// The API server's own words; there is no machine-readable reason for it.
// https://github.com/kubernetes/kubernetes/tree/master/pkg/apis (validation packages)
const immutable =
  /immutable|may not change|may not be changed|can ?not (?:be )?changed?|updates to .+ (?:is|are) forbidden|field can not be (?:modified|updated)/i;
const noDryRun = /does not support dry run/i;

/** Tells refusals apart by the server's answer. */
export function refusalOf(error: ClusterError): Refusal {
  if (noDryRun.test(error.message)) return 'no-dry-run';
  switch (error.reason) {
    case 'invalid':
      return immutable.test(refusalText(error)) ? 'immutable' : 'invalid';
    case 'forbidden':
      return immutable.test(refusalText(error)) ? 'immutable' : 'denied';
    case 'conflict':
    case 'not-found':
    case 'expired':
      return 'moved';
    default:
      return 'undecided';
  }
}

/** What the server said against an object, its causes included where the message leaves them out. */
export function refusalText(error: ClusterError): string {
  const missing = error.causes
    .map(({field, message}) => (field === '' ? message : `${field}: ${message}`))
    .filter(cause => !error.message.includes(cause));
  return inBrief([error.message, ...missing].join('; '));
}
