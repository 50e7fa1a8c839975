import {CORE_SCHEMA, load} from 'js-yaml';
import * as v from 'valibot';
import {nearest} from '../environments/suggest.ts';
import type {FieldPath} from '../resources/field-path.ts';
import {isObject, type Json} from '../resources/json.ts';
import type {Problem, SourceLocation} from '../resources/problem.ts';
import {readYaml, type YamlDocument} from '../sources/yaml.ts';
import {field, item, pathOfIssue, placeOfField, problemOfIssue} from '../sources/yaml-mistakes.ts';
import {isPlaceholder, placeholders, placeholdersIn} from './placeholders.ts';
import {commandSchema, preferencesSchema} from './schema.ts';
import {type CustomCommand, defaultPreferences, type KeyBinding, type Preferences} from './types.ts';

/**
 * Reads a preferences file. Every mistake has file, line, column and what is expected, and costs what it lies in only: the
 * rest of the file holds. Which commands and keys there are is the app's to know; it checks them itself.
 */
export function parsePreferences(bytes: Uint8Array | string, file: string): Preferences {
  const {documents, problems: found} = readYaml(bytes, file);
  // A key that is set twice is a mistake here: nobody reads this file but us.
  const problems: Problem[] = found.map(problem => ({...problem, severity: 'error'}));
  const [document, second] = documents;
  if (problems.length > 0 || document === undefined) return {...defaultPreferences, problems};
  if (second !== undefined) {
    const {location} = second;
    problems.push({
      severity: 'error',
      message: 'a second document is not read',
      fix: 'keep all in one',
      location,
    });
  }
  const value = asYaml12(bytes, document);
  // A list passes for a mapping with numbers as keys.
  if (!isObject(value)) {
    problems.push({severity: 'error', message: 'the file must be a mapping', location: document.location});
    return {...defaultPreferences, problems};
  }
  const issues = v.safeParse(preferencesSchema, value).issues ?? [];
  for (const issue of issues) problems.push(problemOfIssue(issue, document, knownKeys));
  const mistaken = issues.map(pathOfIssue);
  const isSound = (...path: FieldPath) => !mistaken.some(mistake => startsWith(mistake, path));
  const {theme, mouse} = preferencesSchema.entries;
  const at = (...path: FieldPath): SourceLocation => placeOfField(document, path);
  return {
    theme: v.parse(theme, isSound(field('theme')) ? value['theme'] : undefined) ?? defaultPreferences.theme,
    mouse: v.parse(mouse, isSound(field('mouse')) ? value['mouse'] : undefined) ?? defaultPreferences.mouse,
    keys: bindingsOf(value['keys'], isSound, at),
    commands: commandsOf(value['commands'], isSound, at, problems),
    problems,
  };
}

type IsSound = (...path: FieldPath) => boolean;
type At = (...path: FieldPath) => SourceLocation;

/**
 * The values as YAML 1.2 has them: `y` and `n` are keys here, where kubectl's YAML 1.1 makes truths of them. That it can
 * be read is known by then.
 */
function asYaml12(bytes: Uint8Array | string, {range}: YamlDocument): Json {
  const text = typeof bytes === 'string' ? bytes : new TextDecoder('utf-8', {ignoreBOM: true}).decode(bytes);
  return load(text.slice(range.start, range.end), {schema: CORE_SCHEMA}) as Json;
}

function bindingsOf(value: unknown, isSound: IsSound, at: At): KeyBinding[] {
  if (!isObject(value as Json)) return [];
  return Object.entries(value as object).flatMap(([command, keys]) =>
    isSound(field('keys'), field(command))
      ? [{command, keys: listed(keys), at: at(field('keys'), field(command))}]
      : [],
  );
}

function commandsOf(value: unknown, isSound: IsSound, at: At, problems: Problem[]): CustomCommand[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry, index) => {
    const parsed = isSound(field('commands'), item(index)) ? v.safeParse(commandSchema, entry) : undefined;
    if (!parsed?.success) return [];
    const {name, key, places, when, run, confirm, changes = true} = parsed.output;
    if (changes && confirm === false) {
      problems.push({
        severity: 'error',
        message: `"${name}" may change something: that is always confirmed`,
        fix: 'leave confirm out; changes: false says that it only looks',
        location: at(field('commands'), item(index), field('confirm')),
      });
      return [];
    }
    if (
      !templatesAreSound(
        name,
        run,
        part => at(field('commands'), item(index), field('run'), item(part)),
        problems,
      )
    )
      return [];
    const {kind, status, environment, readOnly} = when ?? {};
    const command: CustomCommand = {
      name,
      keys: listed(key),
      places: places ?? null,
      when: {
        ...(kind === undefined ? {} : {kind}),
        ...(status === undefined ? {} : {status}),
        ...(environment === undefined ? {} : {environment}),
        ...(readOnly === undefined ? {} : {readOnly}),
      },
      run,
      in: parsed.output.in ?? 'terminal',
      confirm: confirm ?? changes,
      changes,
      at: at(field('commands'), item(index), field('name')),
    };
    return [command];
  });
}

/** Placeholders are known ones, and the program itself is none: what is selected never says what is run. */
function templatesAreSound(
  command: string,
  run: readonly string[],
  at: (part: number) => SourceLocation,
  problems: Problem[],
): boolean {
  let isSound = true;
  const refuse = (part: number, message: string, fix: string) => {
    isSound = false;
    problems.push({severity: 'error', message: `"${command}": ${message}`, fix, location: at(part)});
  };
  for (const [part, argument] of run.entries()) {
    const names = placeholdersIn(argument);
    if (part === 0 && (names.length > 0 || argument.trim() === ''))
      refuse(part, `the program is "${argument}"`, 'name it: only its arguments hold placeholders');
    for (const name of part === 0 ? [] : names) {
      if (isPlaceholder(name)) continue;
      const near = nearest(name, Object.keys(placeholders));
      const known =
        near === undefined ? `there are ${Object.keys(placeholders).join(', ')}` : `did you mean {${near}}?`;
      refuse(part, `{${name}} is no placeholder`, `${known} {{${name}}} is the text itself`);
    }
  }
  return isSound;
}

function listed(keys: unknown): string[] {
  if (keys === null || keys === undefined) return [];
  return Array.isArray(keys) ? keys.map(String) : [String(keys)];
}

/** True where a mistake lies in what a path names, or around it. */
function startsWith(mistake: FieldPath, path: FieldPath): boolean {
  return path.every((element, index) => {
    const other = mistake[index];
    if (other === undefined) return true;
    if (element.type === 'field') return other.type === 'field' && other.name === element.name;
    return element.type === 'index' && other.type === 'index' && other.index === element.index;
  });
}

function knownKeys(path: FieldPath): string[] {
  const [first, , third] = path;
  if (path.length === 1 || first?.type !== 'field')
    return Object.keys(preferencesSchema.entries).filter(key => key !== '$schema');
  const isCondition = third?.type === 'field' && third.name === 'when' && path.length === 4;
  return Object.keys(
    isCondition ? commandSchema.entries.when.wrapped.pipe[0].entries : commandSchema.entries,
  );
}
