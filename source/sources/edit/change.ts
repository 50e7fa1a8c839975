import type {FieldPath, PathElement} from '../../resources/field-path.ts';
import {equalJson, isObject, type Json, type JsonObject} from '../../resources/json.ts';
import {itemIndex} from '../yaml-positions.ts';

/** One change of a document's value. */
export type ValueEdit =
  /** Mappings and list items on the way that are not there are made. */
  | {readonly type: 'set'; readonly path: FieldPath; readonly value: Json}
  | {readonly type: 'remove'; readonly path: FieldPath}
  /** Into the list at the path, before the item at `index`; at its end without one. */
  | {readonly type: 'insert'; readonly path: FieldPath; readonly value: Json; readonly index?: number};

/** What a document says after an edit; undefined where the edit doesn't fit it: a mapping where a list is, no such item. */
export function edited(value: Json | undefined, edit: ValueEdit): Json | undefined {
  const change = (path: FieldPath, inner: Json | undefined): Json | undefined => {
    const [element, ...rest] = path;
    if (element === undefined) return changedAt(inner, edit);
    if (element.type === 'field') {
      if (inner !== undefined && inner !== null && !isObject(inner)) return undefined;
      return inField(inner ?? undefined, element.name, rest, edit, change);
    }
    if (inner !== undefined && inner !== null && !Array.isArray(inner)) return undefined;
    return inItem(inner ?? [], element, rest, edit, change);
  };
  return change(edit.path, value);
}

/** What stands at a path, or undefined; an item that leaves out a key which the server fills in is found all the same. */
export function valueAtPath(root: Json | undefined, path: FieldPath): Json | undefined {
  let value = root;
  for (const element of path) {
    if (element.type === 'field') {
      value = isObject(value) && Object.hasOwn(value, element.name) ? value[element.name] : undefined;
    } else value = Array.isArray(value) ? value[itemIndex(value, element)] : undefined;
  }
  return value;
}

/** What must be written where a path leads to nothing yet: the value with all that the path's rest says around it. */
export function nested(path: FieldPath, value: Json): Json {
  const [element, ...rest] = path;
  if (element === undefined) return value;
  if (element.type === 'field') return {[element.name]: nested(rest, value)};
  return [newItem(element, rest, value)];
}

/** A new item of a list: with the keys that a path finds it by. */
export function newItem(element: PathElement, rest: FieldPath, value: Json): Json {
  if (element.type === 'value' && rest.length === 0) return element.value;
  const inner = nested(rest, value);
  return element.type === 'keys' && isObject(inner) ? {...element.keys, ...inner} : inner;
}

/**
 * A collection's change into another one as edits of its members, so that what stays keeps its lines and comments; undefined
 * where the two are of different types. Each edit is about the value that the ones before it left.
 */
export function memberEdits(from: Json | undefined, to: Json, path: FieldPath): ValueEdit[] | undefined {
  if (equalJson(from, to)) return [];
  const isKept = (value: Json | undefined): boolean => isObject(value) && Object.keys(value).length > 0;
  if (isObject(from) && isObject(to) && isKept(from) && isKept(to)) return entryEdits(from, to, path);
  if (Array.isArray(from) && Array.isArray(to) && from.length > 0 && to.length > 0) {
    return itemEdits(from, to, path);
  }
  return undefined;
}

type Change = (path: FieldPath, inner: Json | undefined) => Json | undefined;

function changedAt(inner: Json | undefined, edit: ValueEdit): Json | undefined {
  if (edit.type === 'set') return edit.value;
  if (edit.type === 'remove') return undefined;
  if (inner !== undefined && inner !== null && !Array.isArray(inner)) return undefined;
  const list = inner ?? [];
  return list.toSpliced(edit.index ?? list.length, 0, edit.value);
}

function inField(
  object: JsonObject | undefined,
  name: string,
  rest: FieldPath,
  edit: ValueEdit,
  change: Change,
): Json | undefined {
  const isThere = object !== undefined && Object.hasOwn(object, name);
  if (edit.type === 'remove') {
    if (!isThere) return undefined;
    if (rest.length === 0) {
      return Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
    }
  }
  const changed = change(rest, isThere ? object[name] : undefined);
  if (changed === undefined) return undefined;
  return withEntry(object ?? {}, name, changed);
}

function withEntry(object: JsonObject, name: string, value: Json): JsonObject {
  const entries = Object.entries(object).map(([key, old]): [string, Json] => [
    key,
    key === name ? value : old,
  ]);
  // fromEntries defines what it is given: a key `__proto__` stays a key.
  return Object.fromEntries(Object.hasOwn(object, name) ? entries : [...entries, [name, value]]);
}

function inItem(
  list: readonly Json[],
  element: PathElement,
  rest: FieldPath,
  edit: ValueEdit,
  change: Change,
): Json | undefined {
  const index = itemIndex(list, element);
  if (index >= 0) {
    if (edit.type === 'remove' && rest.length === 0) return list.toSpliced(index, 1);
    const changed = change(rest, list[index]);
    return changed === undefined ? undefined : list.with(index, changed);
  }
  if (edit.type === 'remove' || (element.type === 'index' && element.index !== list.length)) return undefined;
  return [...list, newItem(element, rest, edit.type === 'insert' ? [edit.value] : edit.value)];
}

function entryEdits(from: JsonObject, to: JsonObject, path: FieldPath): ValueEdit[] {
  const at = (name: string): FieldPath => [...path, {type: 'field', name}];
  const kept = Object.keys(to).flatMap(name => {
    const value = to[name] ?? null;
    const before = Object.hasOwn(from, name) ? from[name] : undefined;
    return memberEdits(before, value, at(name)) ?? [{type: 'set', path: at(name), value} as const];
  });
  const gone = Object.keys(from).filter(name => !Object.hasOwn(to, name));
  return [...kept, ...gone.map(name => ({type: 'remove', path: at(name)}) as const)];
}

// What both begin and end with stays; between that, items are changed in their places, and the rest added or removed.
function itemEdits(from: readonly Json[], to: readonly Json[], path: FieldPath): ValueEdit[] {
  let start = 0;
  while (start < Math.min(from.length, to.length) && equalJson(from[start], to[start])) start++;
  let end = 0;
  while (
    end < Math.min(from.length, to.length) - start &&
    equalJson(from[from.length - 1 - end], to[to.length - 1 - end])
  ) {
    end++;
  }
  const [fromEnd, toEnd] = [from.length - end, to.length - end];
  const edits: ValueEdit[] = [];
  const at = (index: number): FieldPath => [...path, {type: 'index', index}];
  for (let index = start; index < Math.max(fromEnd, toEnd); index++) {
    if (index < fromEnd && index < toEnd) {
      const value = to[index] ?? null;
      edits.push(...(memberEdits(from[index], value, at(index)) ?? [{type: 'set', path: at(index), value}]));
    } else if (index < toEnd) edits.push({type: 'insert', path, value: to[index] ?? null, index});
    else edits.push({type: 'remove', path: at(toEnd)});
  }
  return edits;
}
