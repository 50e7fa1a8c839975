import type {FieldPath} from '../resources/field-path.ts';
import {equalJson, isObject, type JsonObject} from '../resources/json.ts';
import type {SourceLocation} from '../resources/problem.ts';
import {readYaml} from '../sources/yaml.ts';
import {parseConfig} from './config.ts';
import type {Environment} from './types.ts';

/** The config file with an environment's context in it, or the lines for the user to put there and why. */
export interface Settlement {
  /** The whole new text; null where it can't be made safely. */
  text: string | null;
  /** What is added, as it reads in the file. */
  lines: string;
  /** Why the lines must be put there by hand; null where `text` is the file with them. */
  reason: string | null;
}

/**
 * Writes down which cluster an environment is: a new config file with all environments where there is none, else one more
 * line (`context: NAME`) in the file as it is, comments and order untouched. Whatever comes out is read again and must say
 * what it said before and this one thing more. `text` is undefined where there is no file; pure.
 */
export function settleContext(
  text: string | undefined,
  environments: readonly Environment[],
  environment: string,
  context: string,
): Settlement {
  const all = environmentLines(environments, environment, context);
  const wanted = environments.map(known => entryOf(known, known.name === environment ? context : null));
  if (text === undefined || text.trim() === '') return created(`${heading}${all}`, all, wanted);
  const config = parseConfig(text, 'the file');
  const [document, second] = readYaml(text, 'the file').documents;
  const line = `context: ${scalar(context)}`;
  const byHand = (reason: string, lines = `  - name: ${environment}\n    ${line}\n`): Settlement => ({
    text: null,
    lines,
    reason,
  });
  if (config.problems.some(({severity}) => severity === 'error'))
    return byHand('it has mistakes to be mended first');
  if (second !== undefined) return byHand('it has more than one document');
  if (document === undefined)
    return accepted(`${ended(text)}${all}`, {environments: wanted}, all) ?? byHand(unsure, all);
  const {value} = document;
  if (!isObject(value)) return byHand('it is no mapping');
  const stated = value['environments'];
  if (stated === undefined || stated === null) {
    return accepted(`${ended(text)}${all}`, {...value, environments: wanted}, all) ?? byHand(unsure, all);
  }
  const index = Array.isArray(stated)
    ? stated.findIndex(one => isObject(one) && one['name'] === environment)
    : -1;
  const entry = Array.isArray(stated) ? stated[index] : undefined;
  if (!Array.isArray(stated) || !isObject(entry)) return byHand(`it does not name ${environment}`);
  if ('context' in entry) return byHand(`it states a context for ${environment} already`);
  const expected = {...value, environments: stated.with(index, {...entry, context})};
  const at = (key: string) => document.locate(pathTo(index, key));
  const after = at('path') ?? at('name');
  const edits = [
    after === undefined ? null : lineAfter(text, after, line),
    insertedBefore(text, at('name'), context),
  ];
  for (const edited of edits) {
    const settled = edited === null ? null : accepted(edited, expected, `${line}\n`);
    if (settled !== null) return settled;
  }
  return byHand(unsure);
}

const heading = '# Which folder is which environment, and on which cluster it runs. Written by gitops-tui.\n';
const unsure = 'no place for it was certain';

/** The new text, where it reads as expected and nothing in it is a mistake; else null. */
function accepted(text: string, expected: JsonObject, lines: string): Settlement | null {
  const {documents, problems} = readYaml(text, 'the file');
  const [document, second] = documents;
  if (problems.length > 0 || document === undefined || second !== undefined) return null;
  if (!equalJson(document.value, expected)) return null;
  if (parseConfig(text, 'the file').problems.some(({severity}) => severity === 'error')) return null;
  return {text, lines, reason: null};
}

function created(text: string, lines: string, wanted: readonly JsonObject[]): Settlement {
  const settled = accepted(text, {environments: [...wanted]}, lines);
  return settled ?? {text: null, lines, reason: 'an environment here has a name that the file can’t hold'};
}

/** What the file says of an environment: only what can't be told without it. */
function entryOf({name, path, branch}: Environment, context: string | null): JsonObject {
  return {
    name,
    ...(path === '' ? {} : {path}),
    ...(branch === null ? {} : {branch}),
    ...(context === null ? {} : {context}),
  };
}

function environmentLines(environments: readonly Environment[], chosen: string, context: string): string {
  const entries = environments.map(environment => {
    const entry = entryOf(environment, environment.name === chosen ? context : null);
    const keys = Object.entries(entry).map(([key, value]) => `${key}: ${scalar(String(value))}`);
    return `  - ${keys.join('\n    ')}\n`;
  });
  return `environments:\n${entries.join('')}`;
}

/** The text with a line of the same indentation under that of a key. */
function lineAfter(text: string, {line, column}: SourceLocation, added: string): string | null {
  const lines = text.split('\n');
  const own = lines[line - 1];
  if (own === undefined) return null;
  const isLast = line === lines.length;
  const carriage = own.endsWith('\r') ? '\r' : '';
  const indented = `${' '.repeat((column ?? 1) - 1)}${added}${isLast ? '' : carriage}`;
  return lines.toSpliced(line, 0, indented).join('\n');
}

/** The text with the pair in front of a key, as a flow mapping (`{name: staging}`) has it, or JSON. */
function insertedBefore(text: string, at: SourceLocation | undefined, context: string): string | null {
  if (at === undefined) return null;
  const lines = text.split('\n');
  const own = lines[at.line - 1];
  if (own === undefined) return null;
  const column = (at.column ?? 1) - 1;
  const pair = own[column] === '"' ? `"context": ${JSON.stringify(context)}` : `context: ${scalar(context)}`;
  return lines.with(at.line - 1, `${own.slice(0, column)}${pair}, ${own.slice(column)}`).join('\n');
}

/** A text as YAML: plain where that is certainly read as the same text, else in quotes. */
function scalar(text: string): string {
  const isPlain = /^[A-Za-z](?:[\w./@-]|:(?=[\w./@-]))*$/.test(text);
  return isPlain && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(text) ? text : JSON.stringify(text);
}

function ended(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}

function pathTo(index: number, key: string): FieldPath {
  return [
    {type: 'field', name: 'environments'},
    {type: 'index', index},
    {type: 'field', name: key},
  ];
}
