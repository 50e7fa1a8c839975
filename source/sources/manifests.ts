import type {FieldPath, PathElement} from '../resources/field-path.ts';
import {isObject, type Json, type JsonObject, objectAt, stringAt} from '../resources/json.ts';
import type {Problem, SourceLocation} from '../resources/problem.ts';
import type {DesiredResource} from './types.ts';
import type {YamlDocument} from './yaml.ts';

/** Resources of a document, and what keeps the rest of it from being one. */
export interface Manifests {
  resources: DesiredResource[];
  problems: Problem[];
}

/**
 * The resources of a document: itself, or the items of a list (drift trap 20). What is no resource is a problem with
 * file and line.
 */
export function resourcesOf(document: YamlDocument): Manifests {
  const manifests: Manifests = {resources: [], problems: []};
  add(document.value, [], document, manifests);
  return manifests;
}

/** The objects of a document, each with its path in it: '' for itself, `items[2]` for one of a list. */
export function placedObjects(value: Json, path: FieldPath = []): {object: JsonObject; path: FieldPath}[] {
  if (!isObject(value)) return [];
  const items = listItems(value);
  if (items === undefined) return [{object: value, path}];
  return items.flatMap((item, index) =>
    placedObjects(withKindOf(value, item), [...path, {type: 'field', name: 'items'}, {type: 'index', index}]),
  );
}

/** True for a document that states an apiVersion and a kind, of whatever type. */
export function looksLikeManifest(value: Json): boolean {
  return isObject(value) && 'apiVersion' in value && 'kind' in value;
}

function add(value: Json, path: FieldPath, document: YamlDocument, manifests: Manifests): void {
  const where = (...more: string[]): SourceLocation =>
    nearest(document, [...path, ...more.map(name => ({type: 'field', name}) as const)]);
  const reject = (location: SourceLocation, message: string, fix: string): void => {
    manifests.problems.push({severity: 'error', message, fix, location});
  };
  if (!isObject(value)) {
    reject(
      where(),
      `this is ${describe(value)}, not a Kubernetes object`,
      'it needs apiVersion, kind and metadata',
    );
    return;
  }
  for (const key of ['apiVersion', 'kind'] as const) {
    const own = value[key];
    if (typeof own === 'string' && own !== '') continue;
    if (own === undefined || own === null || own === '') {
      reject(where(), `${key} is missing`, 'a Kubernetes object states apiVersion and kind');
    } else reject(where(key), `${key} is ${describe(own)}`, 'it must be text: quote it');
    return;
  }
  const items = listItems(value);
  if (items !== undefined) {
    items.forEach((item, index) => {
      add(
        withKindOf(value, item),
        [...path, {type: 'field', name: 'items'}, {type: 'index', index}],
        document,
        manifests,
      );
    });
    return;
  }
  const mistake = metadataMistake(value);
  if (mistake !== undefined) {
    reject(where(...mistake.path), mistake.message, mistake.fix);
    return;
  }
  manifests.resources.push({
    object: value,
    location: path.length === 0 ? document.location : where(),
    locate: field => locate(document, value, path, field),
  });
}

/**
 * The items of a list kind, undefined where the object is none. kubectl takes whatever has `items`; a custom kind that
 * has both a name and `items` of its own is one object all the same.
 */
function listItems(object: JsonObject): Json[] | undefined {
  const kind = stringAt(object, 'kind') ?? '';
  const items = object['items'];
  if (kind === 'List' && object['apiVersion'] === 'v1' && (items === undefined || items === null)) return [];
  if (!kind.endsWith('List') || !Array.isArray(items)) return undefined;
  const named = stringAt(objectAt(object, 'metadata'), 'name') !== undefined;
  return named && !items.every(item => looksLikeManifest(item)) ? undefined : items;
}

// The items of a typed list (a ConfigMapList from `kubectl get --raw`) leave out what the list's own kind says.
function withKindOf(list: JsonObject, item: Json): Json {
  if (!isObject(item) || 'kind' in item || 'apiVersion' in item) return item;
  const kind = (stringAt(list, 'kind') ?? '').slice(0, -'List'.length);
  return kind === '' ? item : {apiVersion: list['apiVersion'] ?? '', kind, ...item};
}

function metadataMistake(object: JsonObject): {path: string[]; message: string; fix: string} | undefined {
  const metadata = object['metadata'];
  const kind = stringAt(object, 'kind') ?? '';
  if (metadata !== undefined && metadata !== null && !isObject(metadata)) {
    return {
      path: ['metadata'],
      message: `metadata is ${describe(metadata)}`,
      fix: 'it must be a mapping with a name',
    };
  }
  for (const key of ['name', 'generateName', 'namespace'] as const) {
    const value = isObject(metadata) ? metadata[key] : undefined;
    if (value === undefined || value === null || typeof value === 'string') continue;
    return {
      path: ['metadata', key],
      message: `metadata.${key} is ${describe(value)}`,
      fix: 'it must be text: quote it',
    };
  }
  const {name, generateName} = objectAt(object, 'metadata');
  if (name || generateName) return undefined;
  return {path: ['metadata'], message: `metadata.name is missing in this ${kind}`, fix: 'give it a name'};
}

// stringData folds into data on the server (drift trap 8): git may set the value in either, and stringData wins.
function locate(
  document: YamlDocument,
  object: JsonObject,
  prefix: FieldPath,
  path: FieldPath,
): SourceLocation | undefined {
  const [first, ...rest] = path;
  if (object['kind'] === 'Secret' && first?.type === 'field' && first.name === 'data') {
    const stringData: PathElement = {type: 'field', name: 'stringData'};
    const found = document.locate([...prefix, stringData, ...rest]);
    if (found !== undefined && rest.length > 0) return found;
  }
  return document.locate([...prefix, ...path]);
}

function nearest(document: YamlDocument, path: FieldPath): SourceLocation {
  for (let length = path.length; length > 0; length--) {
    const found = document.locate(path.slice(0, length));
    if (found !== undefined) return found;
  }
  return document.location;
}

function describe(value: Json): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'boolean':
      return `a boolean (${value})`;
    case 'number':
    case 'bigint':
      return `a number (${value})`;
    case 'string':
      return 'text';
    default:
      return 'a mapping';
  }
}
