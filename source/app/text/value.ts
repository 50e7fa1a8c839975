import {isObject, type Json, stringifyJson} from '../../resources/json.ts';

/** A value on one line: strings as they are (line ends as `\n`), the rest as JSON. */
export function shortValue(value: Json | undefined): string {
  if (value === undefined) return 'none';
  if (typeof value === 'string') return value === '' ? '""' : value.replaceAll('\n', '\\n');
  if (Array.isArray(value)) return value.length === 0 ? '[]' : stringifyJson(value);
  if (isObject(value)) return Object.keys(value).length === 0 ? '{}' : stringifyJson(value);
  return String(value);
}

/** Seven digits of a revision, the word itself (`worktree`) where it is none, `-` for none. */
export function shortRevision(revision: string | null): string {
  if (revision === null) return '-';
  return /^[0-9a-f]{40,64}$/.test(revision) ? revision.slice(0, 7) : revision;
}

/** `1 field`, `2 fields`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
