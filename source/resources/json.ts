/** A JSON value as it came: integers beyond 2^53 are bigint, so that no digit is lost (drift trap 7). */
export type Json = null | boolean | number | bigint | string | Json[] | JsonObject;

/** A JSON object. Values are treated as immutable once shared. */
export interface JsonObject {
  [key: string]: Json;
}

interface ReviverContext {
  source?: string;
}

type SourceReviver = (key: string, value: unknown, context: ReviverContext) => unknown;

const longInteger = /[:[,\s]-?\d{16,}/;
const integer = /^-?\d+$/;

/**
 * Parses JSON text without losing digits: an integer that a double can't hold becomes a bigint.
 * Throws SyntaxError like JSON.parse.
 */
export function parseJson(text: string): Json {
  // The reviver is several times slower: only texts that hold a long integer pay for it.
  if (!longInteger.test(text)) return JSON.parse(text) as Json;
  const revive: SourceReviver = (_key, value, context) =>
    typeof value === 'number' &&
    !Number.isSafeInteger(value) &&
    context.source !== undefined &&
    integer.test(context.source)
      ? BigInt(context.source)
      : value;
  return JSON.parse(text, revive as (key: string, value: unknown) => unknown) as Json;
}

interface RawJson {
  rawJSON(text: string): unknown;
}

/** JSON text of a value, bigints digit by digit. `indent` as in JSON.stringify. */
export function stringifyJson(value: Json | undefined, indent?: number): string {
  try {
    // Several times faster than with a replacer; it throws for a bigint, of which there is hardly ever one.
    return JSON.stringify(value, undefined, indent);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  const raw = JSON as unknown as RawJson;
  return JSON.stringify(
    value,
    (_key, item: unknown) => (typeof item === 'bigint' ? raw.rawJSON(item.toString()) : item),
    indent,
  );
}

/** True for a JSON object (not null, not a list). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Deep equality of JSON values; the order of object keys doesn't count, the order of lists does. */
export function equalJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  // A bigint is only made of an integer that no number holds: it never equals a number.
  if (typeof a === 'bigint' || typeof b === 'bigint') return false;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => equalJson(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every(key => key in b && equalJson(a[key], b[key]));
}

/** A deep copy of a JSON value. */
export function cloneJson<T extends Json>(value: T): T {
  if (Array.isArray(value)) return value.map(item => cloneJson(item)) as T;
  if (!isObject(value)) return value;
  const copy: JsonObject = {};
  for (const [key, item] of Object.entries(value)) copy[key] = cloneJson(item);
  return copy as T;
}

/** The object at `key`, or an empty one where there is none or something else stands there. */
export function objectAt(value: Json | undefined, key: string): JsonObject {
  const found = isObject(value) ? value[key] : undefined;
  return isObject(found) ? found : {};
}

/** The string at `key`, or undefined where there is none or something else stands there. */
export function stringAt(value: Json | undefined, key: string): string | undefined {
  const found = isObject(value) ? value[key] : undefined;
  return typeof found === 'string' ? found : undefined;
}

/** The list at `key`, or an empty one where there is none or something else stands there. */
export function listAt(value: Json | undefined, key: string): Json[] {
  const found = isObject(value) ? value[key] : undefined;
  return Array.isArray(found) ? found : [];
}
