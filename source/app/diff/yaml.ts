import {isObject, type Json, type JsonObject, stringifyJson} from '../../resources/json.ts';

// What YAML 1.1 or 1.2 would read as something other than this string.
const reserved = /^(?:~|null|true|false|yes|no|on|off|y|n|[-+.]?\d.*|0x.*|\.inf|\.nan|=|<<)$/i;
const bare = /^[A-Za-z0-9_./][A-Za-z0-9_./@%+=,() -]*(?::(?! |$)[A-Za-z0-9_./@%+=,() -]*)*$/;

/**
 * JSON as lines of YAML in the manner of kubectl: keys as they come, lists at their key's depth, long texts as blocks.
 * For reading on a screen; masks and bigints print as they are.
 */
export function yamlLines(value: Json, indent = 0): string[] {
  return leadLines('', value, indent);
}

/** Lines of a value behind its lead: `replicas:`, `-`, or '' for a document. */
export function leadLines(lead: string, value: Json, indent: number): string[] {
  const pad = ' '.repeat(indent);
  const behind = lead === '' ? '' : `${lead} `;
  if (typeof value === 'string' && value.includes('\n')) {
    const chomp = value.endsWith('\n') ? '' : '-';
    const lines = value.replace(/\n$/, '').split('\n');
    return [`${pad}${behind}|${chomp}`, ...lines.map(text => `${pad}  ${text}`)];
  }
  if (isObject(value) && Object.keys(value).length > 0) {
    if (lead === '') return objectLines(value, indent);
    if (lead === '-') return dashed(objectLines(value, indent + 2), indent);
    return [`${pad}${lead}`, ...objectLines(value, indent + 2)];
  }
  if (Array.isArray(value) && value.length > 0) {
    if (lead === '') return listLines(value, indent);
    if (lead === '-') return dashed(listLines(value, indent + 2), indent);
    return [`${pad}${lead}`, ...listLines(value, indent)];
  }
  return [`${pad}${behind}${scalar(value)}`];
}

/** Lines of an object with its first one behind a list's dash. */
export function dashed(lines: readonly string[], indent: number): string[] {
  const [first = '', ...rest] = lines;
  return [`${' '.repeat(indent)}- ${first.slice(indent + 2)}`, ...rest];
}

/** A key as YAML writes it before its colon. */
export function yamlKey(key: string): string {
  return `${scalar(key)}:`;
}

function objectLines(object: JsonObject, indent: number): string[] {
  return Object.entries(object).flatMap(([key, value]) => leadLines(yamlKey(key), value, indent));
}

function listLines(list: readonly Json[], indent: number): string[] {
  return list.flatMap(item => leadLines('-', item, indent));
}

function scalar(value: Json): string {
  if (typeof value !== 'string') return stringifyJson(value);
  const plainly = bare.test(value) && !reserved.test(value) && !value.endsWith(' ');
  // Masks start with asterisks, which YAML would quote; they are for people, and shorter without.
  return plainly || /^\*{3}[0-9a-f]*$/.test(value) ? value : JSON.stringify(value);
}
