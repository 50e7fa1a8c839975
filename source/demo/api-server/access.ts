import {type Json, type JsonObject, objectAt, stringAt} from '../../resources/json.ts';
import {ApiError, qualified} from './status.ts';

/** Someone with a token. */
export interface User {
  name: string;
  groups: readonly string[];
  /** Verbs that are allowed, on everything; undefined for all. */
  verbs: readonly string[] | undefined;
}

/** Someone without a token, who may only ask whether the server is there. */
export const anonymous: User = {name: 'system:anonymous', groups: ['system:unauthenticated'], verbs: []};

export interface Attributes {
  verb: string;
  group: string;
  /** `deployments`, `deployments/scale`. */
  resource: string;
  namespace: string;
  name: string;
}

export function isAllowed(user: User, verb: string): boolean {
  return user.verbs === undefined || user.verbs.includes(verb);
}

/** Discovery and schemas are for all who have a token. */
export function checkPath(user: User, pathname: string): void {
  if (user !== anonymous || /^\/apis?\/./.test(pathname)) return;
  throw new ApiError(
    403,
    'Forbidden',
    `forbidden: User "${user.name}" cannot get path ${JSON.stringify(pathname)}`,
    {},
  );
}

/** Throws the real server's 403 where a user may not do something. */
export function checkAccess(user: User, {verb, group, resource, namespace, name}: Attributes): void {
  // Everyone may ask what they may do.
  if (isAllowed(user, verb) || resource.startsWith('selfsubject')) return;
  const [plural = '', subresource] = resource.split('/');
  const subject = qualified({group, plural});
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`;
  throw new ApiError(
    403,
    'Forbidden',
    `${subject}${name === '' ? '' : ` ${JSON.stringify(name)}`} is forbidden: User ${JSON.stringify(user.name)} cannot ${verb} resource ${JSON.stringify(subresource === undefined ? plural : resource)} in API group ${JSON.stringify(group)} ${where}`,
    {...(name === '' ? {} : {name}), ...(group === '' ? {} : {group}), kind: plural},
  );
}

/** POST of a SelfSubjectAccessReview: the review with its answer. */
export function reviewAccess(user: User, body: Json): JsonObject {
  const spec = objectAt(body, 'spec');
  const attributes = objectAt(spec, 'resourceAttributes');
  const verb =
    stringAt(attributes, 'verb') ?? stringAt(objectAt(spec, 'nonResourceAttributes'), 'verb') ?? '';
  const allowed = isAllowed(user, verb);
  return {
    kind: 'SelfSubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: {},
    spec,
    status: {allowed, ...(allowed ? {reason: `${user.name} may do this in the demo`} : {})},
  };
}

/** POST of a SelfSubjectReview: who asks. */
export function reviewSelf(user: User, now: string): JsonObject {
  return {
    kind: 'SelfSubjectReview',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: {creationTimestamp: now},
    status: {userInfo: {username: user.name, groups: [...user.groups, 'system:authenticated']}},
  };
}
