import process from 'node:process';
import type {TestContext} from 'node:test';
import {isDeepStrictEqual} from 'node:util';
import {type Json, type JsonObject, listAt, stringAt, stringifyJson} from '../../../source/resources/json.ts';
import {onlyTheServerKnows, type Undecided} from './only-the-server-knows.ts';
import type {Verdict} from './scenario.ts';

/**
 * Holds what somebody is told who may read but not ask the server for a dry run to what is told to whoever may: each
 * resource, its status and its fields. Only what the table says may differ, and what it says must differ at least once.
 */
export class Readers {
  readonly #table: ReadonlyMap<string, Undecided['told']>;
  readonly #test: string;

  constructor(t: TestContext) {
    const entries = onlyTheServerKnows.filter(({tests}) => tests.some(name => t.name.startsWith(name)));
    this.#table = new Map(entries.flatMap(({resources, told}) => resources.map(name => [name, told])));
    this.#test = t.name;
  }

  /** What differs and may not, in sentences. */
  differences(server: Verdict, reader: Verdict): string[] {
    for (const name of this.#table.keys()) expectUse(`${this.#test}: ${name}`);
    const wrong: string[] = [];
    const say = (text: string) => wrong.push(`as reader: ${text}`);
    const before = Map.groupBy(server.resources, nameOf);
    let isOpen = false;
    for (const [name, found] of Map.groupBy(reader.resources, nameOf)) {
      const expected = before.get(name) ?? [];
      if (found.length !== expected.length) say(`${found.length} resources ${name}, not ${expected.length}`);
      for (const [index, resource] of found.entries()) {
        const difference = differenceOf(expected[index] ?? {}, resource);
        if (difference === undefined) continue;
        const told = this.#table.get(name);
        if (told !== undefined && isTold(told, expected[index] ?? {}, resource)) {
          unused.set(`${this.#test}: ${name}`, false);
          isOpen = true;
        } else say(`${name}: ${difference}`);
      }
    }
    for (const name of before.keys()) {
      if (!reader.resources.some(resource => nameOf(resource) === name)) say(`${name} is not told`);
    }
    if (isOpen && reader.status === 0) say('exit status 0 although something is open');
    if (!isOpen && reader.status !== server.status) say(`exit status ${reader.status}, not ${server.status}`);
    return wrong;
  }
}

/** Entries of the table by test and resource: whether nobody needed them so far. */
const unused = new Map<string, boolean>();

function expectUse(entry: string): void {
  // Not in a hook of the test: one that throws keeps those after it from cleaning up.
  if (unused.size === 0) process.once('exit', tellUnused);
  if (!unused.has(entry)) unused.set(entry, true);
}

function tellUnused(): void {
  const entries = [...unused].filter(([, isUnused]) => isUnused).map(([entry]) => entry);
  if (entries.length === 0) return;
  console.error(`the reader was told the same: take these out of the table\n${entries.join('\n')}`);
  process.exitCode = 1;
}

function nameOf(resource: JsonObject): string {
  return `${stringAt(resource, 'kind')}/${stringAt(resource, 'name')}`;
}

/** How two verdicts on a resource differ, undefined where they are the same. */
function differenceOf(expected: JsonObject, resource: JsonObject): string | undefined {
  if (resource['status'] !== expected['status']) {
    return `${stringAt(resource, 'status')}, not ${stringAt(expected, 'status')}`;
  }
  if (resource['status'] === 'Unknown') return stringAt(resource, 'error') ? undefined : 'no reason';
  const [ours, theirs] = [fieldsOf(resource), fieldsOf(expected)];
  if (isDeepStrictEqual(ours, theirs)) return undefined;
  return `fields ${stringifyJson(ours)}, not ${stringifyJson(theirs)}`;
}

function fieldsOf(resource: JsonObject): Record<string, Json> {
  // A Secret's masks are of one run each.
  const isMasked = resource['kind'] === 'Secret';
  return Object.fromEntries(
    listAt(resource, 'fields').map(field => {
      const {path, change, manager = null, desired = null, live = null} = field as JsonObject;
      return [String(path), isMasked ? {change, manager} : {change, manager, desired, live}];
    }),
  ) as Record<string, Json>;
}

function isTold(told: Undecided['told'], expected: JsonObject, resource: JsonObject): boolean {
  if (told === 'local') return resource['status'] === 'Modified' && resource['verdict'] === 'local';
  if (resource['status'] === 'Unknown') return /\w/.test(stringAt(resource, 'error') ?? '');
  // Drift for certain: what else may be is a note.
  const right = fieldsOf(expected);
  return (
    resource['status'] === expected['status'] &&
    resource['status'] === 'Modified' &&
    listAt(resource, 'notes').some(note => String(note).startsWith('undecided: ')) &&
    Object.entries(fieldsOf(resource)).every(([path, field]) => isDeepStrictEqual(field, right[path]))
  );
}
