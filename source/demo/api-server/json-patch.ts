import {cloneJson, equalJson, isObject, type Json, type JsonObject} from '../../resources/json.ts';
import {ApiError, badRequest} from './status.ts';

/** Applies a JSON patch (RFC 6902) to a copy. Throws a 400 for a broken patch, a 422 for one that doesn't fit. */
export function jsonPatch(document: JsonObject, patch: Json): JsonObject {
  if (!Array.isArray(patch)) {
    throw badRequest(
      'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
    );
  }
  let result: Json = cloneJson(document);
  for (const operation of patch) {
    if (!isObject(operation)) throw badRequest('error decoding patch: an operation is not an object');
    result = applyOperation(result, operation);
  }
  if (!isObject(result)) throw unfit();
  return result;
}

/** Applies a JSON merge patch (RFC 7386) to a copy. */
export function mergePatch(document: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return cloneJson(patch);
  const result: JsonObject = isObject(document) ? cloneJson(document) : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = mergePatch(Object.hasOwn(result, name) ? result[name] : undefined, value);
  }
  return result;
}

function applyOperation(document: Json, operation: JsonObject): Json {
  const {op, path, from, value} = operation;
  if (typeof path !== 'string') throw unfit();
  switch (op) {
    case 'add':
      return add(document, pointer(path), value ?? null);
    case 'remove':
      return remove(document, pointer(path));
    case 'replace':
      if (path === '') return cloneJson(value ?? null);
      // The real server adds a field that is not there yet.
      if (read(document, pointer(path)) === undefined) return add(document, pointer(path), value ?? null);
      return add(remove(document, pointer(path)), pointer(path), value ?? null);
    case 'test': {
      const found = read(document, pointer(path)) ?? null;
      if (!equalJson(found, value ?? null)) throw unfit();
      return document;
    }
    case 'move':
    case 'copy': {
      const source = typeof from === 'string' ? read(document, pointer(from)) : undefined;
      if (typeof from !== 'string' || source === undefined) throw unfit();
      const copied = cloneJson(source);
      const base = op === 'move' ? remove(document, pointer(from)) : document;
      return add(base, pointer(path), copied);
    }
    default:
      throw unfit();
  }
}

function pointer(path: string): string[] {
  if (path === '') return [];
  return path
    .split('/')
    .slice(1)
    .map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function read(document: Json, steps: readonly string[]): Json | undefined {
  let value: Json | undefined = document;
  for (const step of steps) {
    if (Array.isArray(value)) value = /^\d+$/.test(step) ? value[Number(step)] : undefined;
    else value = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }
  return value;
}

// The document is the patch's own copy, so it is changed in place.
function add(document: Json, steps: readonly string[], value: Json): Json {
  const last = steps.at(-1);
  if (last === undefined) return cloneJson(value);
  const parent = read(document, steps.slice(0, -1));
  if (Array.isArray(parent)) {
    const index = last === '-' ? parent.length : Number(last);
    if (!Number.isInteger(index) || index < 0 || index > parent.length) {
      throw unfit();
    }
    parent.splice(index, 0, cloneJson(value));
  } else if (isObject(parent)) {
    parent[last] = cloneJson(value);
  } else {
    throw unfit();
  }
  return document;
}

function remove(document: Json, steps: readonly string[]): Json {
  const last = steps.at(-1);
  const parent = read(document, steps.slice(0, -1));
  if (last === undefined || read(document, steps) === undefined) {
    throw unfit();
  }
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else if (isObject(parent)) delete parent[last];
  return document;
}

/** The real server says no more than this. */
function unfit(): ApiError {
  const text = 'the server rejected our request due to an error in our request';
  return new ApiError(422, 'Invalid', text, {});
}
