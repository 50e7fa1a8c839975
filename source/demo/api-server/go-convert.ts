import {isObject, type Json, type JsonObject} from '../../resources/json.ts';
import type {Field, GoType, Scalar, Struct} from './go-type.ts';
import {canonicalQuantity} from './quantity.ts';

/** A value that its Go type can't hold; the message is the one of Go's decoder. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}

/**
 * Reads JSON as the Go type would and gives what it would write: without nulls, without what is empty where the type
 * leaves that out, with what it always writes, quantities in canonical form. Fields that the type hasn't are left out
 * and told to the context. Throws DecodeError for a value of the wrong type.
 */
export function throughGo(value: Json, type: GoType, context: Context = {}): Json {
  return convert(value, type, root, context) ?? (type.kind === 'struct' ? zero(type) : null);
}

/** How a value is read. */
export interface Context {
  /** Gets the paths of fields that the type hasn't. */
  unknown?: string[];
  /** As it comes back from storage, where an empty list that is always written is none. */
  stored?: boolean;
}

/** Where in the object a value stands: its path with indices, and the same as Go's messages name it. */
interface Place {
  path: string;
  /** `spec.template.spec.containers.image`, after the innermost struct's name. */
  goPath: string;
  struct: string;
}

const root: Place = {path: '', goPath: '', struct: ''};

// Undefined stands for Go's nil or an absent value.
function convert(value: Json | undefined, type: GoType, place: Place, context: Context): Json | undefined {
  if (value === undefined || value === null) return undefined;
  switch (type.kind) {
    case 'struct':
      return convertStruct(value, type, place, context);
    case 'map': {
      if (!isObject(value)) throw mismatch(value, place, goNameOf(type));
      const result: JsonObject = {};
      for (const [key, item] of Object.entries(value)) {
        const at = {...place, path: `${place.path}.${key}`};
        result[key] = convert(item, type.value, at, context) ?? zero(type.value);
      }
      return result;
    }
    case 'list': {
      if (!Array.isArray(value)) throw mismatch(value, place, goNameOf(type));
      return value.map((item, index) => {
        const at = {...place, path: `${place.path}[${index}]`};
        return convert(item, type.item, at, context) ?? zero(type.item);
      });
    }
    case 'scalar':
      return convertScalar(value, type.scalar, place);
  }
}

function convertStruct(value: Json, type: Struct, place: Place, context: Context): JsonObject {
  if (!isObject(value)) throw mismatch(value, place, goNameOf(type));
  const struct = type.name.slice(type.name.lastIndexOf('.') + 1);
  const read = new Map<string, Json>();
  // In the order of the document, as Go's decoder finds them: its first complaint is the one that is told.
  for (const [name, raw] of Object.entries(value)) {
    const path = place.path === '' ? name : `${place.path}.${name}`;
    const field = type.fields.get(name);
    if (field === undefined) {
      context.unknown?.push(path);
      continue;
    }
    const goPath = place.goPath === '' ? name : `${place.goPath}.${name}`;
    const item = convert(raw, field.type, {path, goPath, struct}, context);
    if (item !== undefined) read.set(name, item);
  }
  const result: JsonObject = {};
  for (const field of type.fields.values()) {
    const written = write(read.get(field.name), field, context);
    if (written !== undefined) result[field.name] = written;
  }
  return result;
}

function write(value: Json | undefined, field: Field, context: Context): Json | undefined {
  switch (field.shape) {
    case 'p':
      return value;
    case 'P':
      return value ?? null;
    case 'z':
      return value === undefined || isEmpty(value, field.type) ? undefined : value;
    case 'V':
      if (context.stored && field.type.kind !== 'struct' && value !== undefined && isEmptyCollection(value)) {
        return null;
      }
      return value ?? zero(field.type);
    case '':
      if (field.type.kind === 'struct') return value ?? zero(field.type);
      if (isStructScalar(field.type)) return value ?? zero(field.type);
      return value === undefined || isEmpty(value, field.type) ? undefined : value;
  }
}

// Go's omitempty leaves no struct out, and these are structs.
function isStructScalar(type: GoType): boolean {
  return (
    type.kind === 'scalar' &&
    (type.scalar === 'quantity' ||
      type.scalar === 'int-or-string' ||
      type.scalar === 'time' ||
      type.scalar === 'microtime')
  );
}

function isEmpty(value: Json, type: GoType): boolean {
  if (type.kind === 'scalar') return value === '' || value === 0 || value === false;
  return isEmptyCollection(value);
}

function isEmptyCollection(value: Json): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

/** What Go writes for a type's zero value. */
export function zero(type: GoType): Json {
  switch (type.kind) {
    case 'struct':
      return convertStruct({}, type, root, {});
    case 'map':
    case 'list':
      return null;
    case 'scalar':
      switch (type.scalar) {
        case 'string':
          return '';
        case 'integer':
        case 'number':
        case 'int-or-string':
          return 0;
        case 'boolean':
          return false;
        case 'quantity':
          return '0';
        default:
          return null;
      }
  }
}

function convertScalar(value: Json, scalar: Scalar, place: Place): Json {
  switch (scalar) {
    case 'string':
      if (typeof value !== 'string') throw mismatch(value, place, 'string');
      return value;
    case 'integer':
      if (typeof value === 'bigint') return value;
      if (typeof value !== 'number') throw mismatch(value, place, 'int32');
      if (!Number.isInteger(value)) {
        throw new DecodeError(`json: cannot unmarshal number ${value} into ${goField(place)} of type int32`);
      }
      return value;
    case 'number':
      if (typeof value !== 'number') throw mismatch(value, place, 'float64');
      return value;
    case 'boolean':
      if (typeof value !== 'boolean') throw mismatch(value, place, 'bool');
      return value;
    case 'bytes':
      if (typeof value !== 'string') throw mismatch(value, place, '[]uint8');
      return decodeBytes(value);
    case 'time':
    case 'microtime':
      return decodeTime(value, scalar === 'microtime', place);
    case 'quantity': {
      const text = typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
      const canonical = canonicalQuantity(text);
      if (canonical === undefined) {
        throw new DecodeError(
          "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
        );
      }
      return canonical;
    }
    case 'int-or-string':
      if (typeof value !== 'string' && !Number.isInteger(value)) throw mismatch(value, place, 'int32');
      return value;
    case 'any':
      return value;
  }
}

function decodeBytes(value: string): string {
  const text = value.replace(/[\r\n]/g, '');
  const wrong = /[^A-Za-z0-9+/=]|=[^=]/.exec(text);
  if (wrong !== null) throw new DecodeError(`illegal base64 data at input byte ${wrong.index}`);
  const bare = text.replace(/=+$/, '');
  if (text.length % 4 !== 0 || text.length - bare.length > 2) {
    throw new DecodeError(`illegal base64 data at input byte ${text.length - (text.length % 4)}`);
  }
  return text;
}

function decodeTime(value: Json, micro: boolean, place: Place): string {
  if (typeof value !== 'string') throw mismatch(value, place, 'string');
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value)
    ? new Date(value)
    : undefined;
  if (time === undefined || Number.isNaN(time.getTime())) {
    throw new DecodeError(
      `parsing time ${JSON.stringify(JSON.stringify(value))} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(value)} as "2006"`,
    );
  }
  const seconds = time.toISOString().slice(0, 19);
  if (!micro) return `${seconds}Z`;
  const fraction = (/\.(\d+)/.exec(value)?.[1] ?? '').padEnd(6, '0').slice(0, 6);
  return `${seconds}.${fraction}Z`;
}

function mismatch(value: Json, place: Place, goType: string): DecodeError {
  const found = Array.isArray(value) ? 'array' : isObject(value) ? 'object' : jsonName(value);
  return new DecodeError(`json: cannot unmarshal ${found} into ${goField(place)} of type ${goType}`);
}

function goField({struct, goPath}: Place): string {
  return struct === '' ? 'Go value' : `Go struct field ${struct}.${goPath}`;
}

function jsonName(value: Json): string {
  return typeof value === 'boolean' ? 'bool' : typeof value === 'string' ? 'string' : 'number';
}

const goScalars: Partial<Record<Scalar, string>> = {
  integer: 'int32',
  boolean: 'bool',
  bytes: '[]uint8',
  number: 'float64',
};

function goNameOf(type: GoType): string {
  switch (type.kind) {
    case 'struct':
      return type.name.split('.').slice(-2).join('.');
    case 'map':
      return `map[string]${goNameOf(type.value)}`;
    case 'list':
      return `[]${goNameOf(type.item)}`;
    case 'scalar':
      return goScalars[type.scalar] ?? type.scalar;
  }
}
