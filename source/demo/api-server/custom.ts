import {
  cloneJson,
  isObject,
  type Json,
  type JsonObject,
  listAt,
  objectAt,
  stringAt,
} from '../../resources/json.ts';
import type {FieldError} from './status.ts';

const keepsUnknown = 'x-kubernetes-preserve-unknown-fields';

/**
 * A custom resource without the fields that its structural schema hasn't. `unknown` gets their paths. The root's
 * apiVersion, kind and metadata are left alone.
 * Source: apiextensions-apiserver, pkg/apiserver/schema/pruning.
 */
export function prune(object: JsonObject, schema: JsonObject, unknown?: string[]): JsonObject {
  const {apiVersion, kind, metadata, ...rest} = object;
  const pruned = pruneValue(rest, schema, '', unknown);
  const root = {
    ...(apiVersion === undefined ? {} : {apiVersion}),
    ...(kind === undefined ? {} : {kind}),
    ...(metadata === undefined ? {} : {metadata}),
  };
  return {...root, ...(isObject(pruned) ? pruned : {})};
}

function pruneValue(value: Json, schema: JsonObject, path: string, unknown: string[] | undefined): Json {
  if (Array.isArray(value)) {
    const items = schema['items'];
    if (!isObject(items)) return value;
    return value.map((item, index) => pruneValue(item, items, `${path}[${index}]`, unknown));
  }
  if (!isObject(value)) return value;
  const properties = objectAt(schema, 'properties');
  const additional = schema['additionalProperties'];
  const keep = schema[keepsUnknown] === true || additional === true;
  const embedded = schema['x-kubernetes-embedded-resource'] === true;
  const result: JsonObject = {};
  for (const [name, item] of Object.entries(value)) {
    const at = path === '' ? name : `${path}.${name}`;
    const property = Object.hasOwn(properties, name) ? properties[name] : additional;
    if (isObject(property)) result[name] = pruneValue(item, property, at, unknown);
    else if (keep || (embedded && ['apiVersion', 'kind', 'metadata'].includes(name))) result[name] = item;
    else unknown?.push(at);
  }
  return result;
}

/**
 * Fills in a schema's defaults, and leaves out nulls that the schema doesn't allow.
 * Source: apiextensions-apiserver, pkg/apiserver/schema/defaulting.
 */
export function withSchemaDefaults(value: Json, schema: JsonObject): Json {
  if (Array.isArray(value)) {
    const items = schema['items'];
    return isObject(items) ? value.map(item => withSchemaDefaults(item, items)) : value;
  }
  if (!isObject(value)) return value;
  const properties = objectAt(schema, 'properties');
  const additional = schema['additionalProperties'];
  const result: JsonObject = {};
  for (const [name, item] of Object.entries(value)) {
    const property = Object.hasOwn(properties, name) ? properties[name] : additional;
    if (item === null && isObject(property) && property['nullable'] !== true) continue;
    result[name] = isObject(property) ? withSchemaDefaults(item, property) : item;
  }
  for (const [name, property] of Object.entries(properties)) {
    if (!isObject(property) || property['default'] === undefined || Object.hasOwn(result, name)) continue;
    result[name] = withSchemaDefaults(cloneJson(property['default']), property);
  }
  return result;
}

/** What a structural schema refuses in an object: types, required fields, enums, bounds, patterns. */
export function validateCustom(value: Json, schema: JsonObject, path = ''): FieldError[] {
  if (value === null && schema['nullable'] === true) return [];
  const type = stringAt(schema, 'type');
  const intOrString = schema['x-kubernetes-int-or-string'] === true;
  const found = jsonType(value);
  if (type !== undefined && !intOrString && found !== type && !(type === 'number' && found === 'integer')) {
    return [
      {
        type: 'type',
        field: path,
        message: `${JSON.stringify(found)}: ${path} in body must be of type ${type}: ${JSON.stringify(found)}`,
      },
    ];
  }
  const errors: FieldError[] = [];
  const choices = listAt(schema, 'enum');
  if (choices.length > 0 && !choices.includes(value)) {
    const supported = choices.map(choice => JSON.stringify(choice)).join(', ');
    errors.push({
      type: 'notSupported',
      field: path,
      message: `${JSON.stringify(value)}: supported values: ${supported}`,
    });
  }
  if (typeof value === 'number') errors.push(...validateNumber(value, schema, path));
  else if (typeof value === 'string') errors.push(...validateString(value, schema, path));
  else if (Array.isArray(value)) {
    const {minItems, maxItems} = schema;
    if (typeof maxItems === 'number' && value.length > maxItems) {
      errors.push({
        type: 'invalid',
        field: path,
        message: `${value.length}: must have at most ${maxItems} items`,
      });
    }
    if (typeof minItems === 'number' && value.length < minItems) {
      errors.push({
        type: 'invalid',
        field: path,
        message: `${value.length}: ${path} in body should have at least ${minItems} items`,
      });
    }
    const items = schema['items'];
    if (isObject(items)) {
      value.forEach((item, index) => {
        errors.push(...validateCustom(item, items, `${path}[${index}]`));
      });
    }
  } else if (isObject(value)) {
    const properties = objectAt(schema, 'properties');
    const additional = schema['additionalProperties'];
    for (const name of listAt(schema, 'required')) {
      if (typeof name === 'string' && !Object.hasOwn(value, name)) {
        errors.push({type: 'required', field: join(path, name), message: ''});
      }
    }
    for (const [name, item] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (path === '' && ['apiVersion', 'kind', 'metadata'].includes(name)) continue;
      const property = Object.hasOwn(properties, name) ? properties[name] : additional;
      if (isObject(property)) errors.push(...validateCustom(item, property, join(path, name)));
    }
  }
  return errors;
}

function validateNumber(value: number, schema: JsonObject, path: string): FieldError[] {
  const {minimum, maximum} = schema;
  const errors: FieldError[] = [];
  if (typeof minimum === 'number' && value < minimum) {
    errors.push({
      type: 'invalid',
      field: path,
      message: `${value}: ${path} in body should be greater than or equal to ${minimum}`,
    });
  }
  if (typeof maximum === 'number' && value > maximum) {
    errors.push({
      type: 'invalid',
      field: path,
      message: `${value}: ${path} in body should be less than or equal to ${maximum}`,
    });
  }
  return errors;
}

function validateString(value: string, schema: JsonObject, path: string): FieldError[] {
  const {pattern, minLength, maxLength} = schema;
  const errors: FieldError[] = [];
  if (typeof maxLength === 'number' && [...value].length > maxLength) {
    errors.push({type: 'invalid', field: path, message: `may not be more than ${maxLength} bytes`});
  }
  if (typeof minLength === 'number' && [...value].length < minLength) {
    errors.push({
      type: 'invalid',
      field: path,
      message: `${JSON.stringify(value)}: ${path} in body should be at least ${minLength} chars long`,
    });
  }
  if (typeof pattern === 'string' && !new RegExp(pattern).test(value)) {
    errors.push({
      type: 'invalid',
      field: path,
      message: `${JSON.stringify(value)}: ${path} in body should match '${pattern}'`,
    });
  }
  // One complaint about a text is enough.
  return errors.slice(0, 1);
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function jsonType(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))) return 'integer';
  return typeof value;
}
