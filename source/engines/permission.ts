import type {Environment} from '../environments/types.ts';

/** A change to something that others see. */
export type Mutation = 'sync' | 'push' | 'pull-request';

declare const granted: unique symbol;

/** Proof that a mutation was allowed. Only `permit` makes one; every function that changes the world takes one. */
export interface Permit {
  readonly [granted]: true;
  readonly mutation: Mutation;
  readonly environment: string;
}

export type Permission = {allowed: true; permit: Permit} | {allowed: false; reason: string};

/**
 * Decides whether a mutation of an environment is allowed: the only place that does. `confirmed` is what the user gave as
 * consent: nothing, a yes, or the environment's name in full (asked for where it is protected).
 */
export function permit(
  mutation: Mutation,
  environment: Pick<Environment, 'name' | 'protected'>,
  session: {readOnly: boolean},
  confirmed: 'no' | 'yes' | {typed: string},
): Permission {
  if (session.readOnly) return {allowed: false, reason: 'this session is read-only (--read-only)'};
  if (mutation === 'push' && environment.protected) {
    return {allowed: false, reason: `${environment.name} is protected: changes go through a pull request`};
  }
  if (confirmed === 'no') return {allowed: false, reason: 'not confirmed'};
  if (typeof confirmed === 'object' && confirmed.typed !== environment.name) {
    return {allowed: false, reason: `"${confirmed.typed}" is not ${environment.name}`};
  }
  if (mutation === 'sync' && environment.protected && confirmed === 'yes') {
    return {allowed: false, reason: `${environment.name} is protected: its name must be typed`};
  }
  return {allowed: true, permit: {mutation, environment: environment.name} as Permit};
}
