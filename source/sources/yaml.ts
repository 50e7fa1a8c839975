import {YAMLException} from 'js-yaml';
import {secretValues} from '../repository/secret-values.ts';
import type {FieldPath} from '../resources/field-path.ts';
import {isObject, type Json, parseJson} from '../resources/json.ts';
import type {Problem, SourceLocation} from '../resources/problem.ts';
import {redactProblem} from '../secrets/answers.ts';
import {KnownSecrets} from '../secrets/known.ts';
import {fixFor} from './yaml-fixes.ts';
import {type ParsedText, parseLoosely, pushedBy} from './yaml-indentation.ts';
import {lineAndColumn, offsetOf} from './yaml-positions.ts';
import {fromInteger} from './yaml-scalar.ts';
import {splitYaml, type YamlPart} from './yaml-split.ts';
import {valueOfEvents} from './yaml-value.ts';

/** A document of a file. */
export interface YamlDocument {
  value: Json;
  /** Where its first key stands. */
  location: SourceLocation;
  /** The line that sets a field; undefined where the document does not set it. Worked out when asked. */
  locate(path: FieldPath): SourceLocation | undefined;
  /** The part of the file's text that it was read from. */
  range: TextRange;
}

/** A part of a file's text, end exclusive. */
export interface TextRange {
  start: number;
  end: number;
  /** Read as JSON, not as YAML. */
  isJson: boolean;
}

/** A file's documents, empty ones left out, and what was wrong with the rest. */
export interface YamlFile {
  documents: YamlDocument[];
  problems: Problem[];
}

/**
 * Reads a YAML or JSON file exactly as kubectl does (drift traps 7, 11 to 19). A document that can't be read is a
 * problem with line and column and costs no other document. `file` is its path in the repository.
 */
export function readYaml(bytes: Uint8Array | string, file: string): YamlFile {
  const result: YamlFile = {documents: [], problems: []};
  const text = typeof bytes === 'string' ? bytes : decode(bytes, file, result.problems);
  if (text === undefined) return result;
  const content = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (!(/^\s*\{/.test(content) && readJson(content, file, result))) {
    for (const part of splitYaml(content)) readPart(part, file, result);
  }
  if (content !== text) {
    for (const {range} of result.documents) {
      range.start++;
      range.end++;
    }
  }
  // A mistake is told with what stands there: in a Secret (`password: *x`) that may be the password.
  if (result.problems.length > 0) {
    const known = new KnownSecrets();
    for (const value of secretValues(content)) known.add(value);
    result.problems = result.problems.map(problem => redactProblem(problem, known));
  }
  return result;
}

function readPart(part: YamlPart, file: string, result: YamlFile): void {
  if (part.afterSeparator !== '') {
    result.problems.push({
      severity: 'error',
      message: `"${shorten(part.afterSeparator)}" stands after --- on the same line, which kubectl refuses`,
      fix: 'put it on the next line',
      location: {file, line: part.line - 1, column: 1},
    });
    return;
  }
  try {
    const range = {start: part.start, end: part.start + part.text.length, isJson: false};
    addDocument(parseLoosely(part.text), {file, firstLine: part.line}, range, result);
  } catch (error) {
    result.problems.push(problemOf(error, part, file));
  }
}

/** Where a text stands in its file. */
interface Origin {
  file: string;
  /** Line of the file at which the text starts, from 1. */
  firstLine: number;
}

function addDocument(parsed: ParsedText, origin: Origin, range: TextRange, result: YamlFile): void {
  const {value, start, duplicates, ignoredFrom} = valueOfEvents(parsed.text, parsed.events);
  for (const {key, offset} of duplicates) {
    result.problems.push({
      severity: 'warning',
      message: `the key "${shorten(key)}" is set twice in one mapping; the last one counts, as for kubectl`,
      fix: 'delete one of them',
      location: place(parsed, origin, offset),
    });
  }
  if (ignoredFrom !== undefined) {
    result.problems.push({
      severity: 'warning',
      message: 'what follows "..." is not read, as by kubectl',
      fix: 'start a new document with ---',
      location: place(parsed, origin, ignoredFrom),
    });
  }
  if (value === null) return;
  // Only the text is kept: events are many, and few documents are asked.
  const {text, pushed} = parsed;
  result.documents.push({
    value,
    location: place(parsed, origin, start),
    locate: path => locate({text, pushed}, origin, value, path),
    range,
  });
}

type PlacedText = Pick<ParsedText, 'text' | 'pushed'>;

function locate(text: PlacedText, origin: Origin, value: Json, path: FieldPath): SourceLocation | undefined {
  const offset = offsetOf(text.text, value, path);
  return offset === undefined ? undefined : place(text, origin, offset);
}

function place({text, pushed}: PlacedText, {file, firstLine}: Origin, offset: number): SourceLocation {
  const {line, column} = lineAndColumn(text, Math.max(0, offset));
  return {file, line: firstLine + line - 1, column: pushed.has(line - 1) ? column - pushedBy : column};
}

function problemOf(error: unknown, part: YamlPart, file: string): Problem {
  if (error instanceof YAMLException && error.mark !== undefined) {
    const location = {file, line: part.line + error.mark.line, column: error.mark.column + 1};
    const fix = fixFor(error.reason, error.mark.buffer, error.mark.position);
    return {severity: 'error', message: error.reason, location, ...(fix === undefined ? {} : {fix})};
  }
  const message = error instanceof RangeError ? 'it is nested too deeply to be read' : String(error);
  return {severity: 'error', message, location: {file, line: part.line}};
}

/**
 * One JSON value after another, as kubectl's JSON decoder takes them. False where it is no JSON after all: flow YAML
 * (`{kind: List}`), which newer kubectls read as YAML.
 */
function readJson(text: string, file: string, result: YamlFile): boolean {
  const documents: YamlDocument[] = [];
  for (let start = text.search(/\S/); start < text.length; ) {
    const end = endOfValue(text, start);
    const source = text.slice(start, end);
    let value: Json;
    try {
      value = parseJson(source);
      if (/\d{17}/.test(source)) value = asKubectlReads(value);
    } catch (error) {
      if (!file.endsWith('.json') && !/^\{\s*["}]/.test(text.trimStart())) return false;
      if (/^\s*---/m.test(text)) return false;
      result.documents.push(...documents);
      result.problems.push(jsonProblem(error, text, start, file));
      return true;
    }
    if (value !== null) {
      const location = {file, ...lineAndColumn(text, start)};
      const origin = {file, firstLine: location.line};
      documents.push({
        value,
        location,
        locate: path => locate({text: source, pushed: new Set()}, origin, value, path),
        range: {start, end, isJson: true},
      });
    }
    const next = text.slice(end).search(/\S/);
    start = next < 0 ? text.length : end + next;
  }
  result.documents.push(...documents);
  return true;
}

// Beyond 64 bits there are only doubles; few texts hold such a number.
function asKubectlReads(value: Json): Json {
  if (typeof value === 'bigint') return fromInteger(value);
  if (Array.isArray(value)) return value.map(asKubectlReads);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asKubectlReads(item)]));
}

// The offset after the value that starts at `start`: its closing bracket, strings skipped.
function endOfValue(text: string, start: number): number {
  const token = /"(?:[^"\\]|\\.)*"|[[\]{}]/gs;
  token.lastIndex = start;
  let depth = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    if (match[0] === '{' || match[0] === '[') depth++;
    else if (match[0] === '}' || match[0] === ']') depth--;
    if (depth <= 0) return token.lastIndex;
  }
  return text.length;
}

// V8 quotes the text around a mistake, which may be a secret, and mostly leaves out where it is.
function jsonProblem(error: unknown, text: string, start: number, file: string): Problem {
  const words = error instanceof Error ? error.message : String(error);
  const message = words.replace(/(?:, (?:\.\.\.)?"| in JSON at position | is not valid JSON).*$/s, '');
  const location = {file, ...lineAndColumn(text, start + firstMistake(text.slice(start)))};
  return {severity: 'error', message: `not valid JSON: ${message}`, location};
}

// The longest beginning that only lacks an end: what follows it is the mistake.
function firstMistake(text: string): number {
  let fine = 0;
  let wrong = text.trimEnd().length + 1;
  while (wrong - fine > 1) {
    const middle = Math.floor((fine + wrong) / 2);
    if (lacksOnlyItsEnd(text.slice(0, middle))) fine = middle;
    else wrong = middle;
  }
  return fine;
}

function lacksOnlyItsEnd(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const position = /at position (\d+)/.exec(message)?.[1];
    return /end of JSON input|Unterminated/.test(message) || Number(position) >= text.length;
  }
}

function decode(bytes: Uint8Array, file: string, problems: Problem[]): string | undefined {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (!isUtf16) {
    try {
      return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes);
    } catch {
      // Told below, with the line.
    }
  }
  const valid = new TextDecoder().decode(bytes);
  problems.push({
    severity: 'error',
    message: isUtf16 ? 'the file is UTF-16, not UTF-8' : 'the file is not valid UTF-8',
    fix: 'save it as UTF-8',
    location: {file, line: isUtf16 ? 1 : lineAndColumn(valid, Math.max(0, valid.indexOf('\uFFFD'))).line},
  });
  return undefined;
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
