import {identityKey, identityOf, type ResourceId} from '../resources/identity.ts';
import {type JsonObject, listAt, objectAt, stringAt} from '../resources/json.ts';

/** kustomize's hash suffix: ten characters of these (kustomize/api/hasher). */
const hashSuffix = /^-[bcdfghkmt2456789]{10}$/;
const hashLength = 11;

/**
 * The name that a ConfigMap or Secret has without kustomize's hash, undefined where it has none: also what was rendered
 * before it came to git, or was asked to be hashed by an annotation, goes by a new name with each content.
 */
export function unhashedName({group, kind, name}: ResourceId): string | undefined {
  if (group !== '' || (kind !== 'ConfigMap' && kind !== 'Secret')) return undefined;
  return hashSuffix.test(name.slice(-hashLength)) ? name.slice(0, -hashLength) : undefined;
}

/**
 * The live object that a generated ConfigMap or Secret replaces: of the same kind and namespace, named like it but for
 * kustomize's hash suffix, and not itself wanted by git; of several the newest (drift trap 45). Undefined for none.
 * `wanted` holds the identity keys of all that git wants.
 */
export function predecessorOf(
  id: ResourceId,
  generatedFrom: string,
  live: Iterable<JsonObject>,
  wanted: ReadonlySet<string>,
): JsonObject | undefined {
  let newest: JsonObject | undefined;
  for (const object of live) {
    const other = identityOf(object);
    if (other.group !== id.group || other.kind !== id.kind || other.namespace !== id.namespace) continue;
    if (!other.name.startsWith(generatedFrom) || !hashSuffix.test(other.name.slice(generatedFrom.length)))
      continue;
    if (wanted.has(identityKey(other))) continue;
    if (newest === undefined || createdAt(object) > createdAt(newest)) newest = object;
  }
  return newest;
}

/**
 * Of the ApplySet's live members those that git no longer wants. Children of other objects never are (drift trap 47), nor
 * is what was paired with a generated successor. `wanted` and `paired` hold identity keys.
 */
export function extraMembers(
  members: Iterable<JsonObject>,
  wanted: ReadonlySet<string>,
  paired: ReadonlySet<string>,
): JsonObject[] {
  const extras: JsonObject[] = [];
  for (const object of members) {
    const key = identityKey(identityOf(object));
    if (wanted.has(key) || paired.has(key)) continue;
    if (listAt(objectAt(object, 'metadata'), 'ownerReferences').length > 0) continue;
    extras.push(object);
  }
  return extras;
}

function createdAt(object: JsonObject): string {
  return stringAt(objectAt(object, 'metadata'), 'creationTimestamp') ?? '';
}
