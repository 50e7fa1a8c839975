import type {FieldPath, PathElement} from './field-path.ts';
import {isObject, type Json, type JsonObject, parseJson, stringifyJson} from './json.ts';
import type {SchemaNode} from './schema.ts';

/**
 * A set of field paths, as managedFields carry it (FieldsV1 of structured-merge-diff). A path may be a member and have
 * members below it. Immutable.
 * Source of the format: https://github.com/kubernetes-sigs/structured-merge-diff/blob/master/fieldpath/serialize.go
 */
export class FieldSet {
  static readonly empty = new FieldSet(false, new Map());

  /** Whether the path that leads here is itself a member. */
  readonly member: boolean;
  readonly #children: ReadonlyMap<string, Child>;

  private constructor(member: boolean, children: ReadonlyMap<string, Child>) {
    this.member = member;
    this.#children = children;
  }

  /**
   * Parses FieldsV1 (`{"f:spec": {"f:replicas": {}}}`). Elements that it can't read are left out, as a server of a
   * newer version may know more kinds of them than we do.
   */
  static parse(fields: Json | undefined): FieldSet {
    return FieldSet.#parse(fields, true);
  }

  static #parse(fields: Json | undefined, root: boolean): FieldSet {
    if (!isObject(fields)) return FieldSet.empty;
    const children = new Map<string, Child>();
    let member = false;
    let empty = true;
    for (const text in fields) {
      empty = false;
      if (text === '.') {
        member = true;
        continue;
      }
      const element = parseElement(text);
      if (element !== undefined) {
        // A field's key is its own text.
        const key = element.type === 'field' ? text : elementKey(element);
        children.set(key, {element, set: FieldSet.#parse(fields[text], false)});
      }
    }
    if (empty) return root ? FieldSet.empty : leaf;
    return new FieldSet(member, children);
  }

  /** The set of these paths. */
  static of(paths: Iterable<FieldPath>): FieldSet {
    const builder = new Builder();
    for (const path of paths) {
      let node = builder;
      for (const element of path) node = node.child(element);
      node.member = true;
    }
    return FieldSet.#built(builder);
  }

  /** The paths that server-side apply would own for an object; see `fieldsOf`. */
  static ofValue(value: Json, schema: SchemaNode | undefined): FieldSet {
    const builder = new Builder();
    own(builder, value, schema);
    return FieldSet.#built(builder);
  }

  static #built(builder: Builder): FieldSet {
    if (builder.children.size === 0) return builder.member ? leaf : FieldSet.empty;
    const children = new Map<string, Child>();
    for (const [key, {element, node}] of builder.children) {
      const set = FieldSet.#built(node);
      if (!set.isEmpty) children.set(key, {element, set});
    }
    return children.size === 0 && !builder.member ? FieldSet.empty : new FieldSet(builder.member, children);
  }

  /** A set with one member, the empty path. */
  static readonly leaf = new FieldSet(true, new Map());

  /** The set as FieldsV1, in the server's order. */
  format(): JsonObject {
    const result: JsonObject = {};
    if (this.member && this.#children.size > 0) result['.'] = {};
    for (const key of [...this.#children.keys()].sort(compareKeys)) {
      const child = this.#children.get(key);
      if (child !== undefined) result[key] = child.set.format();
    }
    return result;
  }

  get isEmpty(): boolean {
    return !this.member && this.#children.size === 0;
  }

  /** True where nothing lies below. */
  get isLeaf(): boolean {
    return this.#children.size === 0;
  }

  /** The steps from here, each with the set below it. */
  children(): Iterable<{element: PathElement; set: FieldSet}> {
    return this.#children.values();
  }

  /** The set below one step, or undefined where the set has nothing there. */
  child(element: PathElement): FieldSet | undefined {
    return this.#children.get(elementKey(element))?.set;
  }

  /** The set below a path, or undefined where the set has nothing there. */
  at(path: FieldPath): FieldSet | undefined {
    let set: FieldSet | undefined = this;
    for (const element of path) {
      set = set.child(element);
      if (set === undefined) return undefined;
    }
    return set;
  }

  /** True where the path itself is a member (not only something below it). */
  has(path: FieldPath): boolean {
    return this.at(path)?.member === true;
  }

  /** All members, parents before what is below them. */
  *paths(prefix: FieldPath = []): Generator<FieldPath> {
    if (this.member) yield prefix;
    for (const {element, set} of this.#children.values()) yield* set.paths([...prefix, element]);
  }

  /** The members that have no member below them. */
  *leaves(prefix: FieldPath = []): Generator<FieldPath> {
    if (this.member && this.#children.size === 0) yield prefix;
    for (const {element, set} of this.#children.values()) yield* set.leaves([...prefix, element]);
  }

  /** Members of either. */
  union(other: FieldSet): FieldSet {
    if (other.isEmpty) return this;
    if (this.isEmpty) return other;
    const children = new Map(this.#children);
    for (const [key, child] of other.#children) {
      const own = children.get(key);
      children.set(key, own === undefined ? child : {element: child.element, set: own.set.union(child.set)});
    }
    return new FieldSet(this.member || other.member, children);
  }

  /** Members of both. */
  intersection(other: FieldSet): FieldSet {
    const children = new Map<string, Child>();
    for (const [key, child] of this.#children) {
      const there = other.#children.get(key);
      if (there === undefined) continue;
      const set = child.set.intersection(there.set);
      if (!set.isEmpty) children.set(key, {element: child.element, set});
    }
    return FieldSet.#make(this.member && other.member, children);
  }

  /** Members of this that are no members of the other. Members below a common one stay. */
  difference(other: FieldSet): FieldSet {
    if (other.isEmpty) return this;
    const children = new Map<string, Child>();
    for (const [key, child] of this.#children) {
      const there = other.#children.get(key);
      const set = there === undefined ? child.set : child.set.difference(there.set);
      if (!set.isEmpty) children.set(key, {element: child.element, set});
    }
    return FieldSet.#make(this.member && !other.member, children);
  }

  /** Like `difference`, and what lies below the other's members goes too. */
  recursiveDifference(other: FieldSet): FieldSet {
    if (other.isEmpty) return this;
    if (other.member) return FieldSet.empty;
    const children = new Map<string, Child>();
    for (const [key, child] of this.#children) {
      const there = other.#children.get(key);
      const set = there === undefined ? child.set : child.set.recursiveDifference(there.set);
      if (!set.isEmpty) children.set(key, {element: child.element, set});
    }
    return FieldSet.#make(this.member, children);
  }

  equals(other: FieldSet): boolean {
    if (this.member !== other.member || this.#children.size !== other.#children.size) return false;
    for (const [key, child] of this.#children) {
      const there = other.#children.get(key);
      if (there === undefined || !child.set.equals(there.set)) return false;
    }
    return true;
  }

  static #make(member: boolean, children: ReadonlyMap<string, Child>): FieldSet {
    if (children.size === 0) return member ? leaf : FieldSet.empty;
    return new FieldSet(member, children);
  }
}

interface Child {
  element: PathElement;
  set: FieldSet;
}

const leaf = FieldSet.leaf;

/**
 * The paths that server-side apply owns for an object: scalars, atomic lists and maps as wholes, empty objects, and
 * each item of a map list or set besides what is in it. Without a schema objects are descended and lists are atomic.
 * Source: structured-merge-diff, typed/tofieldset.go and typed/helpers.go.
 */
export function fieldsOf(object: Json, schema: SchemaNode | undefined): FieldSet {
  return FieldSet.ofValue(object, schema);
}

/**
 * The path element of a list's item: by its keys in a map list (a missing key counts with its schema default), by its
 * value in a set. Undefined where the item can't be addressed so: an atomic list, or an item that has none of the keys.
 */
export function itemElement(item: Json, list: SchemaNode): PathElement | undefined {
  if (list.listType === 'set') return {type: 'value', value: item};
  if (list.listType !== 'map' || !isObject(item)) return undefined;
  const keys: JsonObject = {};
  let found = false;
  for (const name of list.listMapKeys) {
    const value = item[name] ?? list.items()?.property(name)?.default;
    if (value === undefined || value === null) continue;
    keys[name] = value;
    found = true;
  }
  return found ? {type: 'keys', keys} : undefined;
}

/** A string that is equal for equal elements: the element as FieldsV1 writes it (`f:name`, `k:{"name":"web"}`). */
export function elementKey(element: PathElement): string {
  switch (element.type) {
    case 'field':
      return `f:${element.name}`;
    case 'keys': {
      const names = Object.keys(element.keys);
      // One key is by far the most common; several are sorted, as the server sorts them.
      if (names.length > 1) names.sort();
      return `k:{${names.map(name => `${JSON.stringify(name)}:${stringifyJson(element.keys[name])}`).join(',')}}`;
    }
    case 'value':
      return `v:${stringifyJson(element.value)}`;
    case 'index':
      return `i:${element.index}`;
  }
}

/** Reads one step of FieldsV1, or gives undefined for what it doesn't know. */
export function parseElement(text: string): PathElement | undefined {
  const rest = text.slice(2);
  switch (text.slice(0, 2)) {
    case 'f:':
      return {type: 'field', name: rest};
    case 'k:': {
      const keys = parsed(rest);
      return isObject(keys) ? {type: 'keys', keys} : undefined;
    }
    case 'v:': {
      const value = parsed(rest);
      return value === undefined ? undefined : {type: 'value', value};
    }
    case 'i:':
      return /^\d+$/.test(rest) ? {type: 'index', index: Number(rest)} : undefined;
    default:
      return undefined;
  }
}

function parsed(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

const kindsInOrder = 'fkvi';

function compareKeys(a: string, b: string): number {
  const kinds = kindsInOrder.indexOf(a.charAt(0)) - kindsInOrder.indexOf(b.charAt(0));
  if (kinds !== 0) return kinds;
  return a < b ? -1 : a > b ? 1 : 0;
}

// A set that is still being made.
class Builder {
  member = false;
  readonly children = new Map<string, {element: PathElement; node: Builder}>();

  child(element: PathElement): Builder {
    const key = elementKey(element);
    const known = this.children.get(key);
    if (known !== undefined) return known.node;
    const node = new Builder();
    this.children.set(key, {element, node});
    return node;
  }
}

function own(node: Builder, value: Json, schema: SchemaNode | undefined): void {
  if (Array.isArray(value)) ownList(node, value, schema);
  else if (isObject(value)) ownObject(node, value, schema);
  else node.member = true;
}

function ownObject(node: Builder, value: JsonObject, schema: SchemaNode | undefined): void {
  if (schema?.atomicMap === true) {
    node.member = true;
    return;
  }
  for (const [name, item] of Object.entries(value)) {
    const child = node.child({type: 'field', name});
    own(child, item, schema?.property(name));
    // Entries of a map are owned besides what is in them; a struct's fields are not, unless there is nothing in them.
    const empty = item === null || (isObject(item) && Object.keys(item).length === 0);
    if (empty || schema === undefined || !schema.hasProperty(name)) child.member = true;
  }
}

function ownList(node: Builder, value: readonly Json[], schema: SchemaNode | undefined): void {
  if (schema === undefined || schema.type !== 'array' || schema.listType === 'atomic') {
    node.member = true;
    return;
  }
  const elements = value.map(item => itemElement(item, schema));
  const seen = new Map<string, number>();
  for (const element of elements) {
    if (element !== undefined) {
      const key = elementKey(element);
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
  }
  value.forEach((item, index) => {
    const element: PathElement = elements[index] ?? {type: 'index', index};
    const child = node.child(element);
    // Duplicates can't be told apart: they are owned as one whole.
    if ((seen.get(elementKey(element)) ?? 0) < 2) own(child, item, schema.items());
    child.member = true;
  });
}
