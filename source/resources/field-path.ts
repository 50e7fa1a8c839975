import {equalJson, isObject, type Json, type JsonObject, stringifyJson} from './json.ts';

/**
 * One step into an object, as in structured-merge-diff's FieldsV1: a field by name, an item of a map list by its keys,
 * an item of a set by its value, an item by index.
 */
export type PathElement =
  | {type: 'field'; name: string}
  | {type: 'keys'; keys: JsonObject}
  | {type: 'value'; value: Json}
  | {type: 'index'; index: number};

export type FieldPath = readonly PathElement[];

const plainName = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** A path as people write it: `spec.template.spec.containers[name=web].image`, `data["app.properties"]`. */
export function formatPath(path: FieldPath): string {
  let text = '';
  for (const element of path) {
    switch (element.type) {
      case 'field':
        if (!plainName.test(element.name)) text += `[${JSON.stringify(element.name)}]`;
        else text += text === '' ? element.name : `.${element.name}`;
        break;
      case 'keys':
        text += `[${Object.entries(element.keys)
          .map(([key, value]) => `${key}=${formatKey(value)}`)
          .join(',')}]`;
        break;
      case 'value':
        text += `[=${formatKey(element.value)}]`;
        break;
      case 'index':
        text += `[${element.index}]`;
        break;
    }
  }
  return text;
}

/** The path of fields only: `fields('spec', 'replicas')`. */
export function fields(...names: string[]): FieldPath {
  return names.map(name => ({type: 'field', name}));
}

/** What stands at a path, or undefined. List items are found by their keys or value. */
export function valueAt(root: Json | undefined, path: FieldPath): Json | undefined {
  let value = root;
  for (const element of path) {
    if (value === undefined) return undefined;
    value = step(value, element);
  }
  return value;
}

/** The position of a path's item in a list, or -1. */
export function indexOfElement(list: readonly Json[], element: PathElement): number {
  switch (element.type) {
    case 'keys':
      return list.findIndex(
        item =>
          isObject(item) && Object.entries(element.keys).every(([key, value]) => equalJson(item[key], value)),
      );
    case 'value':
      return list.findIndex(item => equalJson(item, element.value));
    case 'index':
      return element.index < list.length ? element.index : -1;
    case 'field':
      return -1;
  }
}

function step(value: Json, element: PathElement): Json | undefined {
  if (element.type === 'field') return isObject(value) ? value[element.name] : undefined;
  if (!Array.isArray(value)) return undefined;
  const index = indexOfElement(value, element);
  return index < 0 ? undefined : value[index];
}

function formatKey(value: Json): string {
  return typeof value === 'string' && /^[^,\]"=]*$/.test(value) ? value : stringifyJson(value);
}
