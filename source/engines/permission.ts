import type {Environment} from '../environments/types.ts';

/** A change to something that others see. */
export type Mutation = 'sync' | 'push' | 'pull-request' | 'merge' | 'baseline' | 'program';

declare const granted: unique symbol;

/** Proof that a mutation was allowed. Only `permit` makes one; every function that changes the world takes one. */
export interface Permit {
  readonly [granted]: true;
  readonly mutation: Mutation;
  readonly environment: string;
}

export type Permission = {allowed: true; permit: Permit} | {allowed: false; reason: string};

/** What a mutation is of: an environment, or what `mergeSubject` says. */
export interface Subject extends Pick<Environment, 'name' | 'protected'> {
  /** What the forge says of a push to its branch; left out where it was not asked. */
  forge?: ForgeRule | undefined;
}

/** What a forge says of straight pushes to a branch: see Rights. */
export interface ForgeRule {
  straight: boolean | null;
  reason: string | null;
}

/** Consent: nothing, a yes, or a name in full (asked for where something is protected). */
export type Consent = 'no' | 'yes' | {typed: string};

/**
 * What must be confirmed by its name in full; a yes is enough for the others. A baseline is a tag, which no pull request
 * can carry, and decides what an emergency goes back to; what a program of the user's own does, nobody here knows.
 */
const named: ReadonlySet<Mutation> = new Set(['sync', 'merge', 'baseline', 'program']);

/** Decides whether a mutation is allowed: the only place that does. */
export function permit(
  mutation: Mutation,
  subject: Subject,
  session: {readOnly: boolean},
  confirmed: Consent,
): Permission {
  if (session.readOnly) return {allowed: false, reason: 'this session is read-only (--read-only)'};
  const refused = mutation === 'push' ? pushRefusal(subject) : null;
  if (refused !== null) return {allowed: false, reason: refused};
  if (confirmed === 'no') return {allowed: false, reason: 'not confirmed'};
  if (typeof confirmed === 'object' && confirmed.typed !== subject.name) {
    return {allowed: false, reason: `"${confirmed.typed}" is not ${subject.name}`};
  }
  if (named.has(mutation) && subject.protected && confirmed === 'yes') {
    return {allowed: false, reason: `${subject.name} is protected: its name must be typed`};
  }
  return {allowed: true, permit: {mutation, environment: subject.name} as Permit};
}

/**
 * Why commits may not be pushed straight to an environment's branch; null where they may, or where nobody knows: what the
 * forge does not say is told beside it (`pushDoubt`), and the forge itself has the last word.
 */
export function pushRefusal({name, protected: isProtected, forge}: Subject): string | null {
  if (isProtected) return `${name} is protected: changes go through a pull request`;
  if (forge?.straight === false)
    return `${forge.reason ?? 'the forge does not take a push'}: changes go through a pull request`;
  return null;
}

/** What is not known about a straight push, to be said before it is tried; null where all is known. */
export function pushDoubt({forge}: Pick<Subject, 'forge'>): string | null {
  if (forge === undefined || forge.straight !== null) return null;
  return `it is not known whether a push is taken: ${forge.reason ?? 'the forge does not say'}`;
}

/**
 * What a merge of a pull request is of. It changes what git says of every environment that it touches, and where a
 * controller follows the branch it deploys them: the protected ones are named in full, all of them, as for a sync. Where
 * none is, a yes to the pull request's number is enough.
 */
export function mergeSubject(
  number: number,
  touched: readonly Pick<Environment, 'name' | 'protected'>[],
): Subject {
  const guarded = touched.filter(environment => environment.protected).map(({name}) => name);
  return guarded.length === 0
    ? {name: `#${number}`, protected: false}
    : {name: [...guarded].sort().join(' '), protected: true};
}
