import type {FieldPath} from '../../resources/field-path.ts';
import {isObject, type Json} from '../../resources/json.ts';

// Words for the same stage: an environment called `production` may write `prd` in its names.
const stages: readonly (readonly string[])[] = [
  ['production', 'prod', 'prd', 'live'],
  ['staging', 'stage', 'stg'],
  ['development', 'dev', 'devel'],
  ['testing', 'test', 'tst'],
  ['integration', 'int'],
  ['acceptance', 'uat', 'acc'],
  ['qa'],
  ['preview'],
  ['sandbox'],
];

/** The words by which an environment's own names can be told: its name, the parts of it, and the usual short forms. */
export function ownWords(name: string): readonly string[] {
  const whole = name.toLowerCase();
  const parts = whole.split(/[^a-z0-9]+/).filter(part => part.length > 1);
  const short = stages.filter(words => words.some(word => parts.includes(word))).flat();
  return [...new Set([whole, ...parts, ...short])].sort((a, b) => b.length - a.length);
}

/** True where a text holds one of the words as a word of its own. */
export function holdsWord(text: string, words: readonly string[]): boolean {
  const lower = text.toLowerCase();
  return words.some(word => {
    for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + 1)) {
      if (!/[a-z0-9]/.test(lower[at - 1] ?? '') && !/[a-z0-9]/.test(lower[at + word.length] ?? ''))
        return true;
    }
    return false;
  });
}

/** True where one of the words stands within another, and is too long to do so by chance: `stagingdb`. */
function holdsLongWord(text: string, words: readonly string[]): boolean {
  const lower = text.toLowerCase();
  return words.some(word => word.length >= 7 && lower.includes(word));
}

/** A name without the environment's own words in front and at the end: `web-staging` and `stg-web` are `web`. */
export function withoutWords(name: string, words: readonly string[]): string {
  const found = words.find(word => name === word || name.startsWith(`${word}-`) || name.endsWith(`-${word}`));
  if (found === undefined) return name;
  if (name === found) return '';
  return name.startsWith(`${found}-`) ? name.slice(found.length + 1) : name.slice(0, -found.length - 1);
}

// Fields that say where an environment is reached, or where it reaches others.
const addressFields = new Set([
  'host',
  'hosts',
  'hostname',
  'hostnames',
  'dnsNames',
  'externalName',
  'externalIPs',
  'loadBalancerIP',
  'clusterIP',
  'domain',
  'domains',
  'domainFilters',
  'server',
  'namespace',
  'namespaces',
]);

// `db:5432`, IPv6, and what clouds call things by: they are of one account and network.
const place =
  /\b[a-z][a-z0-9-]*:\d{2,5}(?:\/|$)|(?:^|[^0-9a-z:])(?:[0-9a-f]{1,4}:)*[0-9a-f]{0,4}::[0-9a-f]|\b(?:vpc|subnet|sg|ami|vol|eni|rtb|i)-[0-9a-f]{8,17}\b/;

const address =
  /:\/\/|\b(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:[a-z]{2,})(?::\d+)?(?:\/|$|[\s,"'])|\b(?:\d{1,3}\.){3}\d{1,3}\b|\barn:aws|\b\d{12}\b/;

/**
 * Why a value is likely one environment's own, which in another would be wrong: its name, host, namespace, address.
 * Undefined where nothing says so. Only a hint: no value moves unless somebody chose it.
 */
export function ownReason(
  path: FieldPath,
  values: {source: Json | undefined; target: Json | undefined},
  environments: {source: string; target: string},
): string | undefined {
  const names = path.flatMap(element => (element.type === 'field' ? [element.name] : []));
  if (names.some(name => addressFields.has(name))) return 'where it is reached';
  const words = [...ownWords(environments.source), ...ownWords(environments.target)];
  for (const value of [values.source, values.target]) {
    for (const text of textsOf(value)) {
      if (holdsWord(text, words) || holdsLongWord(text, words)) return 'it names the environment';
      if (address.test(text) || place.test(text)) return 'it holds an address';
    }
  }
  return names.some(name => holdsWord(name, words)) ? 'it names the environment' : undefined;
}

function textsOf(value: Json | undefined): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  return isObject(value) ? Object.entries(value).flatMap(([key, item]) => [key, ...textsOf(item)]) : [];
}
