import {isObject, type Json, type JsonObject, objectAt, stringAt} from '../../resources/json.ts';
import {objectMeta} from './catalog.ts';
import {prune, withSchemaDefaults} from './custom.ts';
import {applyDefaults} from './defaults.ts';
import {throughGo, zero} from './go-convert.ts';
import {apiVersionOf, type Served} from './registry.ts';

export {DecodeError} from './go-convert.ts';

/** The state of a kind before anything was created, against which a create is compared. */
export function emptyObject(served: Served): JsonObject {
  const {type} = served.version;
  const own = {apiVersion: apiVersionOf(served), kind: served.resource.kind};
  if (type === undefined) return own;
  const empty = zero(type);
  return isObject(empty) ? {...empty, ...own} : own;
}

/**
 * Reads an object as the server does: unknown fields dropped (their paths go to `unknown`), defaults filled in,
 * everything in the form in which it is stored. Throws DecodeError.
 */
export function decode(object: JsonObject, served: Served, unknown: string[]): JsonObject {
  return served.version.type === undefined
    ? decodeCustom(object, served, unknown)
    : decodeBuiltIn(object, served, unknown);
}

function decodeBuiltIn(object: JsonObject, served: Served, unknown: string[]): JsonObject {
  const {type} = served.version;
  if (type === undefined) return object;
  const read = throughGo(object, type, {unknown});
  applyDefaults(read, type);
  const written = throughGo(read, type);
  const own = {apiVersion: apiVersionOf(served), kind: served.resource.kind};
  return isObject(written) ? {...written, ...own} : own;
}

function decodeCustom(object: JsonObject, served: Served, unknown: string[]): JsonObject {
  const schema = served.version.schema ?? {'x-kubernetes-preserve-unknown-fields': true};
  const dropped: string[] = [];
  const pruned = prune(object, schema, dropped);
  unknown.push(...dropped.sort());
  const {metadata, ...rest} = pruned;
  const defaulted = withSchemaDefaults(rest, schema);
  const unknownMeta: string[] = [];
  const meta = throughGo(isObject(metadata) ? metadata : {}, objectMeta, {unknown: unknownMeta});
  unknown.push(...unknownMeta.map(path => `metadata.${path}`));
  return {
    ...(isObject(defaulted) ? defaulted : {}),
    apiVersion: apiVersionOf(served),
    kind: served.resource.kind,
    metadata: meta,
  };
}

/** A prepared object as it comes back from storage. */
export function storedForm(object: JsonObject, served: Served): JsonObject {
  const {type} = served.version;
  if (type === undefined) return object;
  applyDefaults(object, type);
  const written = throughGo(object, type, {stored: true});
  return isObject(written)
    ? {...written, apiVersion: apiVersionOf(served), kind: served.resource.kind}
    : object;
}

/** An object as it is answered at a version: custom kinds are stored at one and served at several. */
export function atVersion(object: JsonObject, served: Served): JsonObject {
  const apiVersion = apiVersionOf(served);
  return stringAt(object, 'apiVersion') === apiVersion ? object : {...object, apiVersion};
}

/** What a request's body says of itself must fit its URL; gives the message of the refusal, or undefined. */
export function mismatchedKind(object: Json, served: Served): string | undefined {
  const apiVersion = stringAt(object, 'apiVersion') ?? '';
  const kind = stringAt(object, 'kind') ?? '';
  const expected = apiVersionOf(served);
  if (apiVersion !== '' && apiVersion !== expected) {
    return apiVersion.startsWith(`${served.resource.group}/`)
      ? `the API version in the data (${apiVersion}) does not match the expected API version (${expected})`
      : `${served.resource.kind} in version ${JSON.stringify(apiVersion)} cannot be handled as a ${served.resource.kind}: no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:111"`;
  }
  if (kind !== '' && kind !== served.resource.kind) {
    return `${kind} in version "${served.version.version}" cannot be handled as a ${served.resource.kind}: converting (v1.${kind}) to (${goPackage(served.resource.group)}.${served.resource.kind}): unknown conversion`;
  }
  return undefined;
}

/** The package of a group's internal types. */
function goPackage(group: string): string {
  return group === '' ? 'core' : (group.split('.')[0] ?? group);
}

export function nameOf(object: JsonObject): string {
  return stringAt(objectAt(object, 'metadata'), 'name') ?? '';
}
