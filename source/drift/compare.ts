import type {FieldPath, PathElement} from '../resources/field-path.ts';
import {elementKey, itemElement} from '../resources/field-set.ts';
import type {ResourceId} from '../resources/identity.ts';
import {equalJson, isObject, type Json, type JsonObject} from '../resources/json.ts';
import {equalQuantity, equalRoundedUp} from '../resources/quantity.ts';
import type {SchemaNode} from '../resources/schema.ts';
import {equalTime} from '../resources/time.ts';
import {isDefault, isLeftOut, isStandIn, isZero} from './defaults.ts';
import {isBuiltIn} from './kinds.ts';
import {zeroOf} from './zeros.ts';

/** One place where two objects differ. */
export interface Difference {
  elements: FieldPath;
  change: 'changed' | 'added' | 'removed';
  /** False where the server may well call it equal: only a dry run can tell. */
  certain: boolean;
}

export interface CompareOptions {
  id: Pick<ResourceId, 'group' | 'kind'>;
  schema: SchemaNode | undefined;
  /**
   * `desired`: the left side is git's, and what it is silent about is not compared. `whole`: both sides are whole
   * objects of one server.
   */
  mode: 'desired' | 'whole';
  /** True where a manager still owns a path that live lacks: it applied the zero that the server left out. */
  ownsAbsent?: (path: FieldPath) => boolean;
}

export interface Comparison {
  differences: Difference[];
  /** Map lists with the same items in another order (drift trap 22). */
  reordered: FieldPath[];
  /** Items that the right side holds more than once. */
  duplicated: FieldPath[];
}

/** Lists whose order means nothing although they are atomic: the server re-sorts them (drift trap 28). */
const resorted: Record<string, ReadonlySet<string>> = {
  'autoscaling/HorizontalPodAutoscaler': new Set(['metrics']),
  '/Endpoints': new Set(['subsets', 'addresses', 'notReadyAddresses', 'ports']),
};

/**
 * Compares two objects by the server's schema: map lists by key, sets by value, atomic lists and maps as wholes,
 * quantities by amount. Nothing is guessed: without a schema lists are atomic (drift trap 27).
 */
export function compareObjects(left: JsonObject, right: JsonObject, options: CompareOptions): Comparison {
  const comparer = new Comparer(right, options);
  comparer.object(left, right, options.schema, options.mode === 'whole' ? 'report' : 'ignore');
  const {differences, reordered, duplicated} = comparer;
  return {differences, reordered, duplicated};
}

/** What to do about a field that only the right side has: in atomic values it may be a default, or not. */
type Extras = 'ignore' | 'report' | 'suspect';

class Comparer {
  readonly differences: Difference[] = [];
  readonly reordered: FieldPath[] = [];
  readonly duplicated: FieldPath[] = [];
  readonly #path: PathElement[] = [];
  readonly #root: JsonObject;
  readonly #options: CompareOptions;
  readonly #builtIn: boolean;
  /** Whether the value at hand is an entry of a map. */
  #inMap = false;

  constructor(root: JsonObject, options: CompareOptions) {
    this.#root = root;
    this.#options = options;
    this.#builtIn = isBuiltIn(options.id.group);
  }

  object(left: JsonObject, right: JsonObject, schema: SchemaNode | undefined, extras: Extras): void {
    for (const name in left) {
      const value = left[name];
      if (value === undefined) continue;
      this.#path.push({type: 'field', name});
      const there = right[name];
      this.#inMap = schema !== undefined && isMap(schema);
      if (there === undefined) this.#missing(value, schema?.property(name), schema);
      else this.#value(value, there, schema?.property(name), extras, right);
      this.#path.pop();
    }
    if (extras === 'ignore') return;
    for (const name in right) {
      const value = right[name];
      if (value === undefined || left[name] !== undefined) continue;
      this.#path.push({type: 'field', name});
      this.#extra(value, schema?.property(name), extras, right, schema !== undefined && isMap(schema));
      this.#path.pop();
    }
  }

  #value(
    left: Json,
    right: Json,
    schema: SchemaNode | undefined,
    extras: Extras,
    parent: JsonObject = {},
  ): void {
    if (isZero(left) && this.#standsIn(left, right, parent)) return;
    if (isObject(left) && isObject(right)) {
      if (schema?.atomicMap === true) {
        this.#whole(inner => inner.object(left, right, schema, this.#insideAtomic));
      } else this.object(left, right, schema, extras);
    } else if (Array.isArray(left) && Array.isArray(right)) {
      this.#list(left, right, schema, extras);
    } else if (!this.#equalScalars(left, right, schema)) {
      this.#differ('changed', this.#isCertain(left, right, schema));
    }
  }

  #equalScalars(left: Json, right: Json, schema: SchemaNode | undefined): boolean {
    if (equalJson(left, right)) return true;
    // Go writes an empty list that it may not leave out as null: a Role without rules.
    if (this.#builtIn && isNothing(left) && isNothing(right)) return true;
    // An empty item of a list is a zero to Go.
    if (this.#builtIn && left === null && isZero(right)) return true;
    if (schema?.type === 'quantity') {
      return equalQuantity(left, right) || (this.#inMap && equalRoundedUp(left, right));
    }
    return this.#builtIn && schema?.format === 'date-time' && equalTime(left, right);
  }

  #standsIn(zero: Json, live: Json, parent: JsonObject): boolean {
    const {id, mode} = this.#options;
    return mode === 'desired' && isStandIn(id, this.#path, zero, live, {parent, root: this.#root});
  }

  // What is spelt differently is different, but for what the server may turn into one.
  #isCertain(left: Json, right: Json, schema: SchemaNode | undefined): boolean {
    if (this.#options.mode === 'whole') return true;
    // Only Go types turn what they read into something else; custom resources are kept as they are written (trap 2).
    if (typeof left === typeof right || !this.#builtIn) return true;
    // A port's number as a text is refused by the server.
    if (schema?.type === 'int-or-string') return typeof left !== 'string' || !/^\d+$/.test(left);
    return schema?.type === 'quantity';
  }

  #list(left: Json[], right: Json[], schema: SchemaNode | undefined, extras: Extras): void {
    const kind = schema?.type === 'array' ? schema.listType : 'atomic';
    if (schema !== undefined && kind !== 'atomic' && this.#keyedList(left, right, schema, extras)) return;
    if (this.#isResorted() && sameItems(left, right, schema)) {
      if (!equalJson(left, right)) this.reordered.push([...this.#path]);
      return;
    }
    // Lists inside an atomic value are part of it: its difference is told there.
    this.#whole(inner => inner.#items(left, right, schema?.items()));
  }

  // False where an item can't be addressed: then the list is compared as a whole.
  #keyedList(left: Json[], right: Json[], schema: SchemaNode, extras: Extras): boolean {
    const there = new Map<string, {item: Json; index: number}>();
    const duplicates = new Set<string>();
    for (const [index, item] of right.entries()) {
      const element = itemElement(item, schema);
      if (element === undefined) return false;
      const key = elementKey(element);
      // Duplicates, which only an update can make, are one whole to the server: no item of git's is that.
      if (there.has(key)) duplicates.add(key);
      else there.set(key, {item, index});
    }
    const elements = left.map(item => itemElement(item, schema));
    if (elements.some(element => element === undefined)) return false;

    const items = schema.items();
    const order: number[] = [];
    const seen = new Set<string>();
    left.forEach((item, index) => {
      const element = elements[index];
      if (element === undefined) return;
      const key = elementKey(element);
      seen.add(key);
      const found = there.get(key);
      this.#path.push(element);
      if (found === undefined) this.#differ('removed', true);
      else if (duplicates.has(key)) {
        this.#differ('changed', true);
        this.duplicated.push([...this.#path]);
      } else {
        order.push(found.index);
        if (element.type === 'keys') this.#item(item, found.item, element.keys, items, extras);
      }
      this.#path.pop();
    });
    if (extras !== 'ignore') {
      for (const [key, {item}] of there) {
        const element = seen.has(key) ? undefined : itemElement(item, schema);
        if (element === undefined) continue;
        this.#path.push(element);
        this.#differ('added', extras === 'report');
        this.#path.pop();
      }
    }
    if (order.some((position, index) => index > 0 && position < (order[index - 1] ?? 0))) this.#outOfOrder();
    return true;
  }

  // Keys are equal already, although one side may leave a defaulted one out (trap 24).
  #item(left: Json, right: Json, keys: JsonObject, schema: SchemaNode | undefined, extras: Extras): void {
    if (!isObject(left) || !isObject(right)) {
      this.#value(left, right, schema, extras);
      return;
    }
    const complete = Object.keys(keys).every(name => left[name] !== undefined);
    this.object(complete ? left : {...keys, ...left}, right, schema, extras);
  }

  // Init containers run in their order (trap 23); of other map lists the order is only worth a note (trap 22).
  #outOfOrder(): void {
    const last = this.#path.at(-1);
    if (last?.type === 'field' && last.name === 'initContainers') this.#differ('changed', true);
    else this.reordered.push([...this.#path]);
  }

  #items(left: Json[], right: Json[], schema: SchemaNode | undefined): void {
    const declared = left.length === right.length ? right : this.#withoutAdmitted(right);
    if (left.length !== declared.length) {
      this.#differ('changed', true);
      return;
    }
    for (const [index, item] of left.entries()) {
      const other = declared[index];
      if (other === undefined) continue;
      this.#path.push({type: 'index', index});
      this.#value(item, other, schema, this.#insideAtomic);
      this.#path.pop();
    }
  }

  // An admission plug-in adds two to a bare pod's tolerations.
  #withoutAdmitted(right: Json[]): Json[] {
    const last = this.#path.at(-1);
    const {id, mode} = this.#options;
    const isTheirs =
      mode === 'desired' && id.kind === 'Pod' && last?.type === 'field' && last.name === 'tolerations';
    return isTheirs ? right.filter(item => !isAdmittedToleration(item)) : right;
  }

  // Differences inside an atomic value are one difference, at its path.
  #whole(compare: (inner: Comparer) => void): void {
    const inner = new Comparer(this.#root, this.#options);
    inner.#path.push(...this.#path);
    compare(inner);
    this.reordered.push(...inner.reordered);
    if (inner.differences.length === 0) return;
    const certain = inner.differences.some(difference => difference.certain);
    this.#differ('changed', certain);
  }

  get #insideAtomic(): Extras {
    return this.#options.mode === 'whole' ? 'report' : 'suspect';
  }

  #missing(value: Json, schema: SchemaNode | undefined, parent: SchemaNode | undefined): void {
    if (value === null) return;
    const {id, mode, ownsAbsent} = this.#options;
    if (!isZero(value) && isToldByEntry(this.#path, schema)) {
      this.#each(value, schema, (item, node) => this.#missing(item, node, schema));
    } else if (mode === 'whole') this.#differ('removed', true);
    else if (isLeftOut(id, this.#path, value, schema, parent, this.#root)) return;
    else if (!isZero(value)) this.#differ('removed', hasSubstance(value, schema));
    else if (ownsAbsent?.([...this.#path]) !== true) this.#differ('removed', this.#isKept(value, parent));
  }

  // A zero that the server would have stored.
  #isKept(value: Json, parent: SchemaNode | undefined): boolean {
    const last = this.#path.at(-1);
    // An empty list or map of a custom resource may be left out too: nobody owns it.
    if (!this.#builtIn) return !Array.isArray(value) && !isObject(value);
    // A struct that may be absent is a pointer: it stays, empty as it is.
    return isObject(value) || (last?.type === 'field' && zeroOf(parent?.typeName, last.name) === 'kept');
  }

  #extra(
    value: Json,
    schema: SchemaNode | undefined,
    extras: Extras,
    parent: JsonObject,
    isEntry: boolean,
  ): void {
    // Null is absent (drift trap 4), but for where the schema says that it is a value.
    if (value === null && !isEntry && schema?.nullable !== true) return;
    if (extras === 'suspect' && this.#defaulted(value, isEntry ? undefined : schema, parent)) return;
    if (!isZero(value) && isToldByEntry(this.#path, schema)) {
      const around = isObject(value) ? value : {};
      this.#each(value, schema, (item, node) => this.#extra(item, node, extras, around, isObject(value)));
    } else {
      // Entries of a map are never defaults, and those of a custom resource are in its schema, and were looked for.
      this.#differ('added', extras === 'report' || isEntry || !this.#builtIn);
    }
  }

  #each(
    value: Json,
    schema: SchemaNode | undefined,
    tell: (item: Json, schema: SchemaNode | undefined) => void,
  ): void {
    const entries: [PathElement, Json, SchemaNode | undefined][] = [];
    if (Array.isArray(value)) {
      value.forEach((item, index) => {
        const element = schema === undefined ? undefined : itemElement(item, schema);
        entries.push([element ?? {type: 'index', index}, item, schema?.items()]);
      });
    } else if (isObject(value)) {
      for (const [name, item] of Object.entries(value)) {
        entries.push([{type: 'field', name}, item, schema?.property(name)]);
      }
    }
    for (const [element, item, node] of entries) {
      this.#path.push(element);
      tell(item, node);
      this.#path.pop();
    }
  }

  #defaulted(value: Json, schema: SchemaNode | undefined, parent: JsonObject): boolean {
    return isDefault(this.#options.id, this.#path, value, schema, parent, this.#root);
  }

  #isResorted(): boolean {
    const last = this.#path.at(-1);
    const names = resorted[`${this.#options.id.group}/${this.#options.id.kind}`];
    return last?.type === 'field' && names?.has(last.name) === true;
  }

  #differ(change: Difference['change'], certain: boolean): void {
    this.differences.push({elements: [...this.#path], change, certain});
  }
}

function isAdmittedToleration(item: Json): boolean {
  const key = isObject(item) && item['tolerationSeconds'] === 300 ? item['key'] : undefined;
  return key === 'node.kubernetes.io/not-ready' || key === 'node.kubernetes.io/unreachable';
}

const byEntry = new Set(['metadata', 'labels', 'annotations', 'data', 'stringData', 'binaryData']);

/**
 * True for what is told entry by entry even where one side has none of it: maps, map lists and sets. A struct is told as
 * one, as is what the schema doesn't know.
 */
export function isToldByEntry(path: FieldPath, schema: SchemaNode | undefined): boolean {
  if (schema?.type === 'array') return schema.listType !== 'atomic';
  if (schema?.atomicMap === true) return false;
  if (schema?.type === 'object' && isMap(schema)) return true;
  const last = path.at(-1);
  return last?.type === 'field' && byEntry.has(last.name);
}

/** True for a map of free keys. Its entries are never defaults, whatever default the schema gives to their values. */
export function isMap(schema: SchemaNode): boolean {
  return schema.propertyNames().length === 0 && schema.property('') !== undefined;
}

// True where something in it is more than a zero that a Go type may leave out.
function hasSubstance(value: Json, schema: SchemaNode | undefined): boolean {
  if (!isObject(value) || isZero(value)) return !isZero(value);
  return Object.entries(value).some(([name, item]) => hasSubstance(item, schema?.property(name)));
}

function isNothing(value: Json): boolean {
  return value === null || (typeof value === 'object' && isZero(value));
}

// The same items in any order, each as often.
function sameItems(left: readonly Json[], right: readonly Json[], schema: SchemaNode | undefined): boolean {
  if (left.length !== right.length) return false;
  const rest = [...right];
  return left.every(item => {
    const index = rest.findIndex(other => isCovered(item, other, schema?.items()));
    if (index >= 0) rest.splice(index, 1);
    return index >= 0;
  });
}

// Every field of the one is in the other, lists in any order: enough to pair the items of a re-sorted list.
function isCovered(left: Json, right: Json, schema: SchemaNode | undefined): boolean {
  if (Array.isArray(left)) return Array.isArray(right) && sameItems(left, right, schema);
  if (isObject(left)) {
    return (
      isObject(right) &&
      Object.keys(left).every(name =>
        isCovered(left[name] ?? null, right[name] ?? null, schema?.property(name)),
      )
    );
  }
  return equalJson(left, right) || (schema?.type === 'quantity' && equalQuantity(left, right));
}
