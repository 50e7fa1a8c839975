import {type FieldPath, formatPath, type PathElement} from '../resources/field-path.ts';
import {elementKey, itemElement} from '../resources/field-set.ts';
import {isObject, type Json, type JsonObject, objectAt, parseJson, stringAt} from '../resources/json.ts';
import type {SchemaNode} from '../resources/schema.ts';
import {canonicalBase64, encodeBase64} from './base64.ts';
import {encryption} from './encrypted.ts';
import {isBuiltIn} from './kinds.ts';

/** What git wants, made ready to be compared and to be applied. */
export interface PreparedDesired {
  /** Without nulls, status and what only a server writes; a Secret's stringData folded into data. */
  object: JsonObject;
  /** Where git says null: absent to us, yet some servers keep an empty value for it. */
  nulls: readonly FieldPath[];
  /** Why it can be neither compared nor applied; null where it can. */
  error: string | null;
}

/** metadata that only the server writes; `name` and `namespace` are the identity and are paired, not compared. */
export const serverMetadata: ReadonlySet<string> = new Set([
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'selfLink',
  'managedFields',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
]);

export const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** What `kubectl apply` noted to have applied last: a hint, never the truth (drift trap 39). Undefined for nothing readable. */
export function appliedLast(live: JsonObject): JsonObject | undefined {
  const text = stringAt(objectAt(objectAt(live, 'metadata'), 'annotations'), lastApplied);
  if (text === undefined) return undefined;
  try {
    const parsed = parseJson(text);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Prepares an object of git for comparison and apply (drift traps 4, 6, 8, 10, 25, 37, 43). The schema is the server's
 * own; without one nothing but what is true of every kind is done.
 */
export function prepareDesired(object: JsonObject, schema: SchemaNode | undefined): PreparedDesired {
  const walk = new Walk(isBuiltIn(groupOf(object)));
  const prepared = walk.object(object, schema);
  delete prepared['status'];
  const metadata = {...objectAt(prepared, 'metadata')};
  for (const name of serverMetadata) delete metadata[name];
  const annotations = metadata['annotations'];
  if (isObject(annotations) && lastApplied in annotations) {
    const {[lastApplied]: _, ...others} = annotations;
    metadata['annotations'] = others;
  }
  prepared['metadata'] = metadata;
  let error = encryption(object) ?? walk.duplicate;
  if (stringAt(metadata, 'generateName') !== undefined && stringAt(metadata, 'name') === undefined) {
    error = 'generateName gives it another name each time: it can not be paired with a live object';
  } else if (isSecret(object)) {
    error ??= foldSecret(prepared);
  }
  return {object: prepared, nulls: walk.nulls, error};
}

/** True for a core/v1 Secret. */
export function isSecret(object: JsonObject): boolean {
  return object['kind'] === 'Secret' && object['apiVersion'] === 'v1';
}

// Folds stringData into data, stringData winning, and gives what is wrong with the values (traps 8 and 10).
function foldSecret(secret: JsonObject): string | null {
  const {data, stringData} = secret;
  const folded: JsonObject = {};
  if (isObject(data)) {
    for (const [key, value] of Object.entries(data)) {
      const encoded = typeof value === 'string' ? canonicalBase64(value) : undefined;
      if (encoded === undefined) return `data[${JSON.stringify(key)}] is not valid base64`;
      folded[key] = encoded;
    }
  } else if (data !== undefined) return 'data is not a map of base64 texts';
  if (isObject(stringData)) {
    for (const [key, value] of Object.entries(stringData)) {
      if (typeof value !== 'string') {
        return `stringData[${JSON.stringify(key)}] is ${describe(value)}, not a string: quote it`;
      }
      folded[key] = encodeBase64(value);
    }
  } else if (stringData !== undefined) return 'stringData is not a map of strings';
  delete secret['stringData'];
  if (data !== undefined || stringData !== undefined) secret['data'] = folded;
  return null;
}

function describe(value: Json): string {
  if (Array.isArray(value)) return 'a list';
  if (isObject(value)) return 'an object';
  return typeof value === 'boolean' ? 'a boolean' : 'a number';
}

function groupOf(object: JsonObject): string {
  const apiVersion = stringAt(object, 'apiVersion') ?? '';
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

class Walk {
  readonly nulls: FieldPath[] = [];
  duplicate: string | null = null;
  readonly #path: PathElement[] = [];
  readonly #builtIn: boolean;

  constructor(builtIn: boolean) {
    this.#builtIn = builtIn;
  }

  object(object: JsonObject, schema: SchemaNode | undefined): JsonObject {
    const result: JsonObject = {};
    for (const name in object) {
      const value = object[name];
      if (value === undefined) continue;
      const child = schema?.property(name);
      if (value === null && child?.nullable !== true) {
        this.nulls.push([...this.#path, {type: 'field', name}]);
        continue;
      }
      result[name] = this.#below({type: 'field', name}, value, child);
    }
    return result;
  }

  #below(element: PathElement, value: Json, schema: SchemaNode | undefined): Json {
    if (typeof value !== 'object' || value === null) return value;
    this.#path.push(element);
    const result = Array.isArray(value) ? this.#list(value, schema) : this.object(value, schema);
    this.#path.pop();
    return result;
  }

  #list(list: readonly Json[], schema: SchemaNode | undefined): Json[] {
    const items = schema?.items();
    const keyed = schema !== undefined && schema.type === 'array' && schema.listType !== 'atomic';
    const seen = keyed ? new Set<string>() : undefined;
    return list.map((given, index) => {
      const item = keyed && this.#builtIn ? withoutEmptyKeys(given, schema) : given;
      const element = keyed ? itemElement(item, schema) : undefined;
      if (element !== undefined && seen !== undefined) {
        const key = elementKey(element);
        if (seen.has(key)) {
          this.duplicate ??= `${formatPath([...this.#path, element])} is there twice: the server can not apply it`;
        }
        seen.add(key);
      }
      return this.#below(element ?? {type: 'index', index}, item, items);
    });
  }
}

// An empty key counts with its default, as a missing one does (trap 24): Go reads both alike, server-side apply does not.
function withoutEmptyKeys(item: Json, list: SchemaNode): Json {
  if (!isObject(item)) return item;
  const empty = list.listMapKeys.filter(
    key => item[key] === '' && Boolean(list.items()?.property(key)?.default),
  );
  if (empty.length === 0) return item;
  return Object.fromEntries(Object.entries(item).filter(([key]) => !empty.includes(key)));
}
