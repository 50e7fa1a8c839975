import type {Json} from '../resources/json.ts';

/** A scalar that can't be read: the words say why, in kubectl's terms. */
export class ScalarError extends Error {
  override readonly name = 'ScalarError';
}

const words = new Map<string, Json>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map(
    word => [word, true] as const,
  ),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(
    word => [word, false] as const,
  ),
  ...['', '~', 'null', 'Null', 'NULL'].map(word => [word, null] as const),
  ...['.nan', '.NaN', '.NAN'].map(word => [word, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map(
    word => [word, Number.POSITIVE_INFINITY] as const,
  ),
  ...['-.inf', '-.Inf', '-.INF'].map(word => [word, Number.NEGATIVE_INFINITY] as const),
]);

// Any other first character makes a plain scalar a string (the hints of Go's yaml.v2, resolve.go).
const mayBeMore = /^(?:[-+.0-9yYnNtTfFoO~]|$)/;
const shortDecimal = /^[-+]?(?:0|[1-9]\d{0,14})$/;
// What Go's strconv.ParseInt takes with base 0, underscores removed before.
const integer = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9]\d*))$/;
const float = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
// A leading dot goes to Go's ParseFloat as it is: underscores stand between digits only.
const dotFloat = /^\.\d+(?:_\d+)*(?:[eE][-+]?\d+)?$/;
const timestamp =
  /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt]\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)|\s\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?)?$/;

/**
 * The value of a plain scalar without a tag, as kubectl reads it (sigs.k8s.io/yaml on Go's yaml.v2, YAML 1.1 without
 * sexagesimals; a timestamp stays the string it was written as). NaN and infinities come as such.
 */
export function resolvePlain(text: string): Json {
  if (!mayBeMore.test(text)) return text;
  const word = words.get(text);
  if (word !== undefined) return word;
  if (shortDecimal.test(text)) return Number(text) + 0;
  const first = text.charCodeAt(0);
  if (first === 0x2e) return dotFloat.test(text) ? finite(text, text.replaceAll('_', '')) : text;
  const isNumeric = first === 0x2b || first === 0x2d || (first >= 0x30 && first <= 0x39);
  if (!isNumeric) return text;
  const digits = text.replaceAll('_', '');
  const match = integer.exec(digits);
  if (match !== null) return wholeNumber(match);
  return float.test(digits) ? finite(text, digits) : text;
}

/**
 * The value of a scalar with a tag (full name: `tag:yaml.org,2002:int`). Go's decoder reads a scalar with a tag that it
 * does not know as a string. Throws ScalarError where the text does not fit the tag.
 */
export function resolveTagged(tag: string, text: string): Json {
  const name = tag.startsWith('tag:yaml.org,2002:') ? tag.slice('tag:yaml.org,2002:'.length) : undefined;
  if (name === 'binary') return decodeBinary(text);
  if (name !== 'bool' && name !== 'int' && name !== 'float' && name !== 'null' && name !== 'timestamp') {
    return text;
  }
  const value = resolvePlain(text);
  if (name === 'timestamp') {
    if (typeof value === 'string' && timestamp.test(text)) return text;
  } else if (name === typeName(value) || (name === 'float' && typeName(value) === 'int')) {
    return value;
  }
  // The value itself may be a secret.
  throw new ScalarError(`this value can't be read as !!${name}`);
}

/**
 * A mapping's key as the JSON that kubectl makes of it: `yes` is "true", `0644` is "420", `1.5` is "1.5".
 * Throws ScalarError for what has no JSON key.
 */
export function keyText(value: Json, text: string): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'boolean':
      return value ? 'true' : 'false';
    case 'bigint':
      if (value >= 2n ** 63n) throw new ScalarError('a key is larger than 64 bits');
      return value.toString();
    case 'number':
      return /^[-+]?0[xX]/.test(text) || !/[.eE]/.test(text) ? value.toString() : float32Text(value);
    default:
      throw new ScalarError(value === null ? 'a key is missing (null)' : 'a key is a list or a mapping');
  }
}

function typeName(value: Json): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return 'str';
}

function wholeNumber(match: RegExpExecArray): Json {
  const [, sign, hexadecimal, binary, octal, decimal] = match;
  const prefixed =
    hexadecimal !== undefined ? `0x${hexadecimal}` : binary !== undefined ? `0b${binary}` : undefined;
  const magnitude = BigInt(prefixed ?? (octal !== undefined ? `0o${octal}` : (decimal ?? '0')));
  return fromInteger(sign === '-' ? -magnitude : magnitude);
}

/**
 * An integer as JSON: a number where a double holds it, else a bigint. Beyond 64 bits Kubernetes itself has only a
 * double: what stays is what the server would answer.
 */
export function fromInteger(value: bigint): Json {
  const double = Number(value);
  if (Number.isSafeInteger(double)) return double;
  if (value >= -(2n ** 63n) && value < 2n ** 63n) return value;
  const text = double.toString();
  return /^-?\d+$/.test(text) ? BigInt(text) : double;
}

// Too large for a double is a string to Go. Adding 0 makes 0 of -0, as Go's JSON does.
function finite(text: string, digits: string): Json {
  const value = Number(digits);
  if (!Number.isFinite(value)) return text;
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? fromInteger(BigInt(value)) : value + 0;
}

function decodeBinary(text: string): string {
  const base64 = text.replace(/[\r\n]/g, '');
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) {
    throw new ScalarError('a !!binary value is not valid base64');
  }
  return Buffer.from(base64, 'base64').toString('utf8');
}

// sigs.k8s.io/yaml prints floating keys as Go's FormatFloat(value, 'g', -1, 32).
function float32Text(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  const single = Math.fround(value);
  let precision = 1;
  while (precision < 9 && Math.fround(Number(single.toPrecision(precision))) !== single) precision++;
  const [mantissa = '', power = '0'] = single.toExponential(precision - 1).split('e');
  const exponent = Number(power);
  if (single !== 0 && (exponent < -4 || exponent >= 6)) {
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${Math.abs(exponent).toString().padStart(2, '0')}`;
  }
  return Number(single.toPrecision(precision)).toString();
}
