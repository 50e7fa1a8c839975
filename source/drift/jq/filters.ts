import {equalJson, isObject, type Json, type JsonObject} from '../../resources/json.ts';

/** Steps from the root of an object to a value of it. */
export type JqPath = readonly (string | number)[];

/** A value that a filter gives, and where it stands; no path for one that was made. */
export interface Item {
  value: Json;
  path: JqPath | undefined;
}

/** What an evaluation goes on with. */
export interface Scope {
  variables: ReadonlyMap<string, Json>;
  /** Steps that may still be made: no program runs without end. */
  budget: {left: number};
}

/** A jq filter: from one item to any number of them. */
export type Filter = (input: Item, scope: Scope) => Iterable<Item>;

/** What stops a program: as in jq, it then has no result at all. */
export class JqError extends Error {}

/** An item that was made: it stands nowhere. */
export function made(value: Json): Item {
  return {value, path: undefined};
}

/** Counts a step. Throws JqError where too many were made. */
export function step({budget}: Scope): void {
  if (--budget.left < 0) throw new JqError('it takes too many steps');
}

/** The type of a value in jq's words. */
export function typeOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'bigint' ? 'number' : typeof value;
}

/** jq's truth: all but null and false. */
export function isTrue(value: Json): boolean {
  return value !== null && value !== false;
}

export const identity: Filter = input => [input];

export function literal(value: Json): Filter {
  return () => [made(value)];
}

export function pipe(left: Filter, right: Filter): Filter {
  return function* (input, scope) {
    for (const item of left(input, scope)) yield* right(item, scope);
  };
}

export function comma(left: Filter, right: Filter): Filter {
  return function* (input, scope) {
    yield* left(input, scope);
    yield* right(input, scope);
  };
}

/** `a // b`: what of `a` is true, else `b`. */
export function alternative(left: Filter, right: Filter): Filter {
  return function* (input, scope) {
    let any = false;
    try {
      for (const item of left(input, scope)) {
        if (!isTrue(item.value)) continue;
        any = true;
        yield item;
      }
    } catch (error) {
      if (!(error instanceof JqError)) throw error;
    }
    if (!any) yield* right(input, scope);
  };
}

/** `a?`, `try a catch b`. */
export function attempt(body: Filter, otherwise: Filter | undefined): Filter {
  return function* (input, scope) {
    try {
      yield* body(input, scope);
    } catch (error) {
      if (!(error instanceof JqError) || scope.budget.left < 0) throw error;
      if (otherwise !== undefined) yield* otherwise(made(error.message), scope);
    }
  };
}

/** `if a then b else c end`. */
export function condition(test: Filter, then: Filter, otherwise: Filter): Filter {
  return function* (input, scope) {
    for (const {value} of test(input, scope)) yield* (isTrue(value) ? then : otherwise)(input, scope);
  };
}

/** `a as $name | body`. */
export function bind(source: Filter, name: string, body: Filter): Filter {
  return function* (input, scope) {
    for (const {value} of source(input, scope)) {
      yield* body(input, {...scope, variables: new Map(scope.variables).set(name, value)});
    }
  };
}

export function variable(name: string): Filter {
  return (_input, scope) => [made(scope.variables.get(name) ?? null)];
}

/** `target[key]` for each key that the filter gives for the input. */
export function index(target: Filter, key: Filter): Filter {
  return function* (input, scope) {
    for (const item of target(input, scope)) {
      for (const {value} of key(input, scope)) yield child(item, value, scope);
    }
  };
}

/** `target[]`. */
export function iterate(target: Filter): Filter {
  return function* (input, scope) {
    for (const item of target(input, scope)) yield* childrenOf(item, scope);
  };
}

/** `target[from:to]`, item by item: as paths they are the same. */
export function slice(target: Filter, from: Filter, to: Filter): Filter {
  return function* (input, scope) {
    for (const {value, path} of target(input, scope)) {
      for (const {value: start} of from(input, scope)) {
        for (const {value: end} of to(input, scope)) {
          if (value === null) continue;
          if (!Array.isArray(value)) throw new JqError(`${typeOf(value)} can't be cut into slices here`);
          const range = value.slice(Number(start ?? 0), end === null ? undefined : Number(end));
          const first = value.slice(0, Number(start ?? 0)).length;
          for (const [offset, item] of range.entries()) {
            step(scope);
            yield {value: item, path: path === undefined ? undefined : [...path, first + offset]};
          }
        }
      }
    }
  };
}

/** The children of an item. Throws JqError for what has none. */
export function* childrenOf({value, path}: Item, scope: Scope): Generator<Item> {
  const below = (key: string | number) => (path === undefined ? undefined : [...path, key]);
  if (Array.isArray(value)) {
    for (const [position, item] of value.entries()) {
      step(scope);
      yield {value: item, path: below(position)};
    }
  } else if (isObject(value)) {
    for (const name of Object.keys(value)) {
      step(scope);
      yield {value: value[name] ?? null, path: below(name)};
    }
  } else throw new JqError(`${typeOf(value)} can't be iterated over`);
}

function child({value, path}: Item, key: Json, scope: Scope): Item {
  step(scope);
  if (typeof key === 'string') {
    if (value !== null && !isObject(value)) throw new JqError(`${typeOf(value)} has no field "${key}"`);
    const found = value !== null && Object.hasOwn(value, key) ? (value[key] ?? null) : null;
    return {value: found, path: path === undefined ? undefined : [...path, key]};
  }
  if (typeof key !== 'number') throw new JqError(`${typeOf(key)} is no key`);
  if (value !== null && !Array.isArray(value)) throw new JqError(`${typeOf(value)} has no item ${key}`);
  const position = key < 0 ? (value?.length ?? 0) + Math.floor(key) : Math.floor(key);
  return {value: value?.[position] ?? null, path: path === undefined ? undefined : [...path, position]};
}

/** `..` and `recurse(f)`: the input, and what the filter gives of it again and again. */
export function recurse(below: Filter): Filter {
  return function* (input, scope) {
    const open: Item[] = [input];
    for (let item = open.pop(); item !== undefined; item = open.pop()) {
      step(scope);
      yield item;
      open.push(...[...below(item, scope)].reverse());
    }
  };
}

/** The children of what has some. */
export const ownChildren: Filter = (input, scope) =>
  typeof input.value === 'object' && input.value !== null ? childrenOf(input, scope) : [];

/** An operator of two values; as in jq, the right side varies slowest. */
export function binary(operator: string, left: Filter, right: Filter): Filter {
  return function* (input, scope) {
    for (const {value: b} of right(input, scope)) {
      for (const {value: a} of left(input, scope)) {
        step(scope);
        yield made(operate(operator, a, b));
      }
    }
  };
}

/** `and`, `or`: the right side only where it is needed. */
export function logical(operator: 'and' | 'or', left: Filter, right: Filter): Filter {
  return function* (input, scope) {
    for (const {value} of left(input, scope)) {
      if (isTrue(value) === (operator === 'or')) yield made(operator === 'or');
      else for (const item of right(input, scope)) yield made(isTrue(item.value));
    }
  };
}

function operate(operator: string, a: Json, b: Json): Json {
  switch (operator) {
    case '==':
      return equalJson(a, b);
    case '!=':
      return !equalJson(a, b);
    case '<':
      return compare(a, b) < 0;
    case '<=':
      return compare(a, b) <= 0;
    case '>':
      return compare(a, b) > 0;
    case '>=':
      return compare(a, b) >= 0;
    case '+':
      return add(a, b);
    default:
      return calculate(operator, a, b);
  }
}

/** Longer texts and lists are not made: a program could double them without end. */
const mostLength = 1_000_000;

/** The sum of two values. Throws JqError where they have none. */
export function add(a: Json, b: Json): Json {
  if (a === null) return b;
  if (b === null) return a;
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (typeof a === 'string' && typeof b === 'string' && a.length + b.length < mostLength) return a + b;
  if (Array.isArray(a) && Array.isArray(b) && a.length + b.length < mostLength) return [...a, ...b];
  if (isObject(a) && isObject(b)) return {...a, ...b};
  throw new JqError(`${typeOf(a)} and ${typeOf(b)} can't be added`);
}

function calculate(operator: string, a: Json, b: Json): Json {
  if (operator === '-' && Array.isArray(a) && Array.isArray(b)) {
    return a.filter(item => !b.some(other => equalJson(item, other)));
  }
  if (typeof a !== 'number' || typeof b !== 'number') {
    throw new JqError(`${typeOf(a)} and ${typeOf(b)} can't be calculated with`);
  }
  if (operator === '-') return a - b;
  if (operator === '*') return a * b;
  if (b === 0) throw new JqError('it divides by zero');
  return operator === '/' ? a / b : Math.trunc(a) % Math.trunc(b);
}

const order = ['null', 'false', 'true', 'number', 'string', 'array', 'object'];

/** jq's order of all values; of objects only that they come last. Throws JqError for two of those. */
export function compare(a: Json, b: Json): number {
  const rank = (value: Json) => order.indexOf(typeof value === 'boolean' ? String(value) : typeOf(value));
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (isObject(a)) throw new JqError("objects can't be ordered here");
  if (Array.isArray(a) && Array.isArray(b)) {
    for (const [position, item] of a.entries()) {
      const other = b[position];
      if (other === undefined) return 1;
      const result = compare(item, other);
      if (result !== 0) return result;
    }
    return a.length - b.length;
  }
  if (a === null || b === null || a === b) return 0;
  return a < b ? -1 : 1;
}

/** `[a]`. */
export function collect(body: Filter): Filter {
  return (input, scope) => [made([...body(input, scope)].map(({value}) => value))];
}

/** `{a: b}`: one object for each combination of keys and values. */
export function construct(entries: readonly {key: Filter; value: Filter}[]): Filter {
  return function* (input, scope) {
    let objects: JsonObject[] = [{}];
    for (const {key, value} of entries) {
      const next: JsonObject[] = [];
      for (const object of objects) {
        for (const {value: name} of key(input, scope)) {
          if (typeof name !== 'string') throw new JqError(`${typeOf(name)} is no object's key`);
          for (const item of value(input, scope)) {
            step(scope);
            next.push({...object, [name]: item.value});
          }
        }
      }
      objects = next;
    }
    for (const object of objects) yield made(object);
  };
}
