import {isDeepStrictEqual} from 'node:util';
import {type Json, type JsonObject, listAt, stringAt, stringifyJson} from '../../../source/resources/json.ts';

/** What a field that differs is expected to say; a word alone is its change. */
export type ExpectedField =
  | 'changed'
  | 'added'
  | 'removed'
  | {
      change: 'changed' | 'added' | 'removed';
      desired?: Json;
      live?: Json;
      manager?: string | RegExp;
    };

/** What a resource is expected to say. `fields` is exact: a field that is not named here must not be there. */
export interface ExpectedResource {
  status: 'Synced' | 'Modified' | 'Missing' | 'Extra' | 'Unknown';
  fields?: Record<string, ExpectedField>;
  /** Each must match a note. */
  notes?: readonly RegExp[];
  error?: RegExp;
}

export interface Expectation {
  /** By `Kind/name`. Every other resource must be Synced without a field. */
  resources?: Record<string, ExpectedResource>;
  /** Each must match an error or warning of the environment. */
  problems?: readonly RegExp[];
  exit: 0 | 1 | 2;
  /** How many resources there must be. */
  count?: number;
}

interface Judged {
  status: number;
  environment: JsonObject;
  resources: readonly JsonObject[];
}

/** What of a verdict is not as expected, in sentences; empty where all is. */
export function mismatches(verdict: Judged, expected: Expectation): string[] {
  const wrong: string[] = [];
  if (verdict.status !== expected.exit)
    wrong.push(`exit status ${verdict.status}, expected ${expected.exit}`);
  const {resources} = verdict;
  if (expected.count !== undefined && resources.length !== expected.count) {
    wrong.push(`${resources.length} resources, expected ${expected.count}`);
  }
  const wanted = Object.entries(expected.resources ?? {});
  for (const [name, expectation] of wanted) {
    const found = resources.filter(resource => isCalled(resource, name));
    if (found.length !== 1) wrong.push(`${found.length} resources ${name}, expected one`);
    for (const resource of found) wrong.push(...againstResource(resource, expectation, name));
  }
  for (const resource of resources) {
    if (wanted.some(([name]) => isCalled(resource, name))) continue;
    const name = `${stringAt(resource, 'kind')}/${stringAt(resource, 'name')}`;
    wrong.push(...againstResource(resource, {status: 'Synced'}, name));
  }
  wrong.push(...againstEnvironment(verdict.environment, expected));
  return wrong;
}

function isCalled(resource: JsonObject, name: string): boolean {
  return `${stringAt(resource, 'kind')}/${stringAt(resource, 'name')}` === name;
}

function againstEnvironment(environment: JsonObject, {problems = [], exit}: Expectation): string[] {
  const wrong: string[] = [];
  const told = listAt(environment, 'errors').map(
    problem =>
      `${stringAt(problem, 'file') ?? ''} ${stringAt(problem, 'message') ?? ''} ${stringAt(problem, 'fix') ?? ''}`,
  );
  for (const pattern of problems) {
    if (!told.some(text => pattern.test(text)))
      wrong.push(`no problem matches ${pattern}: ${told.join('; ')}`);
  }
  if (problems.length === 0 && told.length > 0) wrong.push(`unexpected problems: ${told.join('; ')}`);
  const status = exit === 0 ? 'Synced' : exit === 1 ? 'OutOfSync' : undefined;
  if (status !== undefined && environment['syncStatus'] !== status) {
    wrong.push(`syncStatus ${stringAt(environment, 'syncStatus')}, expected ${status}`);
  }
  if (exit !== 0 && environment['syncStatus'] === 'Synced')
    wrong.push('syncStatus Synced although all is not well');
  return wrong;
}

function againstResource(resource: JsonObject, expected: ExpectedResource, name: string): string[] {
  const wrong: string[] = [];
  const say = (text: string) => wrong.push(`${name}: ${text}`);
  if (resource['status'] !== expected.status) say(`${resource['status']}, expected ${expected.status}`);
  const fields = listAt(resource, 'fields');
  const wanted = expected.fields ?? (expected.status === 'Synced' ? {} : undefined);
  if (wanted !== undefined) {
    for (const [path, expectation] of Object.entries(wanted)) {
      const field = fields.find(item => stringAt(item, 'path') === path);
      if (field === undefined) say(`no field ${path}`);
      else wrong.push(...againstField(field, expectation).map(text => `${name}: ${path}: ${text}`));
    }
    for (const field of fields) {
      const path = stringAt(field, 'path') ?? '';
      if (!(path in wanted)) say(`unexpected field ${path} (${stringAt(field, 'change')})`);
    }
  }
  const notes = listAt(resource, 'notes').map(String);
  for (const pattern of expected.notes ?? []) {
    if (!notes.some(note => pattern.test(note))) say(`no note matches ${pattern}: ${notes.join('; ')}`);
  }
  const error = stringAt(resource, 'error');
  if (expected.error !== undefined) {
    if (error === undefined || !expected.error.test(error)) say(`error ${error}, expected ${expected.error}`);
  } else if (expected.status === 'Unknown' && (error === undefined || error === '')) {
    say('Unknown without a reason');
  }
  return wrong;
}

function againstField(field: Json, expected: ExpectedField): string[] {
  const {change, ...rest} = typeof expected === 'string' ? {change: expected} : expected;
  const wrong: string[] = [];
  if (stringAt(field, 'change') !== change) wrong.push(`${stringAt(field, 'change')}, expected ${change}`);
  if (typeof field !== 'object' || field === null || Array.isArray(field)) return wrong;
  for (const [key, value] of Object.entries(rest)) {
    const found = field[key];
    const same =
      value instanceof RegExp
        ? typeof found === 'string' && value.test(found)
        : isDeepStrictEqual(found, value);
    if (!same)
      wrong.push(
        `${key} ${stringifyJson(found)}, expected ${value instanceof RegExp ? value : stringifyJson(value)}`,
      );
  }
  return wrong;
}

/** A verdict on a few lines, for a failing test. */
export function describeVerdict({environment, resources, status}: Judged): string {
  const lines = [`gitops-tui diff: exit status ${status}, ${stringAt(environment, 'syncStatus')}`];
  for (const problem of listAt(environment, 'errors')) lines.push(`  problem ${stringifyJson(problem)}`);
  for (const resource of resources) {
    lines.push(
      `  ${stringAt(resource, 'kind')}/${stringAt(resource, 'name')} ${stringAt(resource, 'status')} (${stringAt(resource, 'verdict')})`,
    );
    const error = stringAt(resource, 'error');
    if (error !== undefined) lines.push(`    error ${error}`);
    for (const note of listAt(resource, 'notes')) lines.push(`    note ${stringifyJson(note)}`);
    for (const field of listAt(resource, 'fields')) lines.push(`    field ${stringifyJson(field)}`);
  }
  return lines.join('\n');
}
