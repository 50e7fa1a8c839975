import * as v from 'valibot';
import type {FieldPath, PathElement} from '../resources/field-path.ts';
import {isObject, type Json} from '../resources/json.ts';
import type {Problem, SourceLocation} from '../resources/problem.ts';
import {readYaml} from '../sources/yaml.ts';
import {field, item, pathOfIssue, placeOfField, problemOfIssue} from '../sources/yaml-mistakes.ts';
import {
  configSchema,
  type EnvironmentConfig,
  environmentSchema,
  ignoreSchema,
  imageSchema,
} from './schema.ts';
import {nearest} from './suggest.ts';
import type {IgnoreRule, ImageRule} from './types.ts';

/** An environment that the config file states, and where each of its keys stands. */
export interface StatedEnvironment {
  config: EnvironmentConfig;
  at(key: keyof EnvironmentConfig): SourceLocation;
}

/** What could be read of a config file: entries with mistakes are left out, each a problem of its own. */
export interface ConfigResult {
  /** Undefined where the file states no environments: then they are discovered. */
  environments: StatedEnvironment[] | undefined;
  ignore: IgnoreRule[];
  images: ImageRule[];
  problems: Problem[];
}

/**
 * Reads a config file. Every mistake has file, line, column and what is expected: YAML errors, wrong types, unknown keys,
 * names that are there twice, a promotion from nowhere or in a circle, paths that leave the repository.
 */
export function parseConfig(bytes: Uint8Array | string, file: string): ConfigResult {
  const {documents, problems: found} = readYaml(bytes, file);
  // A key that is set twice is a mistake here: nobody reads this file but us.
  const problems: Problem[] = found.map(problem => ({...problem, severity: 'error' as const}));
  const result: ConfigResult = {environments: undefined, ignore: [], images: [], problems};
  const [document, second] = documents;
  if (problems.length > 0) return {...result, environments: []};
  if (document === undefined) return result;
  if (second !== undefined) {
    problems.push({
      severity: 'error',
      message: 'a second document is not read',
      fix: 'keep all in one',
      location: second.location,
    });
  }
  const parsed = v.safeParse(configSchema, document.value);
  const mistaken: FieldPath[] = [];
  for (const issue of parsed.issues ?? []) {
    mistaken.push(pathOfIssue(issue));
    problems.push(problemOfIssue(issue, document, knownKeys));
  }
  if (!isObject(document.value)) return {...result, environments: []};
  const {environments, ignore, images, notify} = document.value;
  if (Array.isArray(notify) && notify.length > 0) {
    problems.push({
      severity: 'warning',
      message: 'notify is not read by this version: nobody is notified',
      location: placeOfField(document, [field('notify')]),
    });
  }
  // A key without a value is a mistake: finding environments without it could touch what it was to protect.
  if (environments !== undefined) {
    const stated = sound(environments, 'environments', environmentSchema, mistaken).map(({index, value}) => ({
      config: {...value, ...(value.path === undefined ? {} : {path: normalPath(value.path)})},
      at: (key: keyof EnvironmentConfig) =>
        placeOfField(document, [field('environments'), item(index), field(key)]),
    }));
    result.environments = checkTogether(stated, environments, problems);
  } else if (mistaken.some(path => path.length === 1 && !isKey(path[0]))) {
    // It may be `environments`, misspelt.
    result.environments = [];
  }
  result.ignore = sound(ignore ?? [], 'ignore', ignoreSchema, mistaken).map(({index, value}) => {
    const {file: where, line} = placeOfField(document, [field('ignore'), item(index)]);
    return {...withoutUndefined(value), origin: `${where}:${line}`};
  });
  result.images = sound(images ?? [], 'images', imageSchema, mistaken).map(({index, value}) => {
    const {file: where, line} = placeOfField(document, [field('images'), item(index)]);
    const {image, policy, tags, extract} = value;
    return {
      image,
      policy,
      ...(tags === undefined ? {} : {tags}),
      ...(extract === undefined ? {} : {extract}),
      origin: `${where}:${line}`,
    };
  });
  return result;
}

/** The entries of a list that no mistake lies in. */
function sound<Schema extends v.GenericSchema>(
  list: Json,
  key: string,
  schema: Schema,
  mistaken: readonly FieldPath[],
): {index: number; value: v.InferOutput<Schema>}[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry, index) => {
    const hasMistake = mistaken.some(
      ([first, second]) =>
        first?.type === 'field' && first.name === key && second?.type === 'index' && second.index === index,
    );
    const parsed = hasMistake ? undefined : v.safeParse(schema, entry);
    return parsed?.success ? [{index, value: parsed.output}] : [];
  });
}

function checkTogether(stated: StatedEnvironment[], entries: Json, problems: Problem[]): StatedEnvironment[] {
  const reject = (message: string, fix: string, location: SourceLocation): false => {
    problems.push({severity: 'error', message, fix, location});
    return false;
  };
  // Names of entries with other mistakes are names all the same.
  const names = Array.isArray(entries)
    ? entries.flatMap(entry => (isObject(entry) && typeof entry['name'] === 'string' ? [entry['name']] : []))
    : [];
  const seen = new Set<string>();
  const single = stated.filter(({config, at}) => {
    if (seen.has(config.name)) {
      return reject(`the environment "${config.name}" is there twice`, 'rename or delete one', at('name'));
    }
    seen.add(config.name);
    if (config.path !== undefined && leavesRepository(config.path)) {
      return reject(
        `the path "${config.path}" leads out of the repository`,
        'give a folder relative to the repository’s root',
        at('path'),
      );
    }
    return true;
  });
  for (const {config, at} of single) {
    const from = config.promotesFrom;
    if (from === undefined) continue;
    if (!names.includes(from)) {
      const near = nearest(
        from,
        names.filter(name => name !== config.name),
      );
      reject(
        `promotesFrom names "${from}", which is no environment`,
        near === undefined ? `there are ${names.join(', ')}` : `did you mean "${near}"?`,
        at('promotesFrom'),
      );
      delete config.promotesFrom;
    }
  }
  for (const {config, at} of single) {
    const circle = circleFrom(config.name, single);
    if (circle === undefined) continue;
    reject(
      `promotesFrom goes in a circle: ${circle.join(' from ')}`,
      'let one of them promote from none',
      at('promotesFrom'),
    );
    delete config.promotesFrom;
  }
  return single;
}

function circleFrom(name: string, environments: readonly StatedEnvironment[]): string[] | undefined {
  const chain = [name];
  for (let current = name; ; ) {
    const next = environments.find(({config}) => config.name === current)?.config.promotesFrom;
    if (next === undefined || (next !== name && chain.includes(next))) return undefined;
    chain.push(next);
    if (next === name) return chain;
    current = next;
  }
}

function knownKeys(path: FieldPath): string[] {
  const [first, second] = path;
  if (first?.type !== 'field' || second === undefined)
    return Object.keys(configSchema.entries).filter(key => key !== '$schema');
  const schema = {ignore: ignoreSchema, images: imageSchema}[first.name] ?? environmentSchema;
  return Object.keys(schema.entries);
}

function isKey(element: PathElement | undefined): boolean {
  return element?.type === 'field' && Object.hasOwn(configSchema.entries, element.name);
}

function normalPath(path: string): string {
  const parts = path.split('/').filter(part => part !== '' && part !== '.');
  return path.startsWith('/') ? path : parts.join('/');
}

function leavesRepository(path: string): boolean {
  return (
    path.startsWith('/') || /^[A-Za-z]:/.test(path) || path.includes('\\') || path.split('/').includes('..')
  );
}

function withoutUndefined({paths, ...globs}: v.InferOutput<typeof ignoreSchema>): IgnoreRule {
  const rule: IgnoreRule = {paths};
  for (const key of ['group', 'kind', 'namespace', 'name'] as const) {
    const glob = globs[key];
    if (glob !== undefined) rule[key] = glob;
  }
  return rule;
}
