import {isDefault, isMadeByServer} from '../../drift/defaults.ts';
import {prepareDesired} from '../../drift/normalise.ts';
import {filledBy} from '../../drift/server-filled.ts';
import type {FieldPath, PathElement} from '../../resources/field-path.ts';
import type {ResourceId} from '../../resources/identity.ts';
import {isObject, type Json, type JsonObject, objectAt} from '../../resources/json.ts';

type Kind = Pick<ResourceId, 'group' | 'kind'>;

/**
 * A live value as people would write it: without what the server fills in where nobody says anything. Only what is known
 * to be filled in goes; whether all that is left is needed the comparison after the change tells.
 */
export function withoutDefaults(kind: Kind, path: FieldPath, value: Json, root: JsonObject = {}): Json {
  if (Array.isArray(value)) {
    return value.map((item, index) => withoutDefaults(kind, [...path, {type: 'index', index}], item, root));
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value).flatMap(([name, item]): [string, Json][] => {
    const inner: FieldPath = [...path, {type: 'field', name} satisfies PathElement];
    // Without it the volume would have none that a reader sees.
    if (name !== 'emptyDir' && isDefault(kind, inner, item, undefined, value, root)) return [];
    const stripped = withoutDefaults(kind, inner, item, root);
    const isHollow = isEmpty(stripped) && (!isEmpty(item) || isMadeByServer(kind, inner));
    return isHollow ? [] : [[name, stripped]];
  });
  return Object.fromEntries(entries);
}

/** A live object as a manifest: without status, what the server or a tool fills in, and defaults. */
export function manifestOf(id: ResourceId, live: JsonObject): JsonObject {
  const {object} = prepareDesired(live, undefined);
  const written = withoutDefaults(id, [], withoutFilled(id, [], object, live), live);
  const {apiVersion = '', kind = '', metadata, ...rest} = isObject(written) ? written : {};
  const {name = '', namespace, ...others} = isObject(metadata) ? metadata : {};
  const kept = Object.entries(others).filter(([, value]) => !isEmpty(value));
  return {
    apiVersion,
    kind,
    metadata: {name, ...(namespace === undefined ? {} : {namespace}), ...Object.fromEntries(kept)},
    ...rest,
  };
}

function withoutFilled(id: ResourceId, path: FieldPath, value: Json, live: JsonObject): Json {
  if (Array.isArray(value)) {
    return value.map((item, index) => withoutFilled(id, [...path, {type: 'index', index}], item, live));
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value).flatMap(([name, item]): [string, Json][] => {
    const inner: FieldPath = [...path, {type: 'field', name}];
    const isName = path.length === 1 && (name === 'name' || name === 'namespace');
    if (!isName && filledBy(id, inner, live) !== null) return [];
    return [[name, withoutFilled(id, inner, item, live)]];
  });
  return Object.fromEntries(entries);
}

function isEmpty(value: Json): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** True for an object that a controller made of another one, which then is what git should hold. */
export function ownerOf(live: JsonObject): string | null {
  const owners = objectAt(live, 'metadata')['ownerReferences'];
  const [owner] = Array.isArray(owners) ? owners : [];
  return isObject(owner) ? `${String(owner['kind'])}/${String(owner['name'])}` : null;
}
