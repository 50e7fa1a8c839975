import {equalJson, isObject, type Json, parseJson, stringifyJson} from '../../resources/json.ts';
import {safePattern} from '../safe-pattern.ts';
import {
  add,
  childrenOf,
  compare,
  type Filter,
  type Item,
  identity,
  isTrue,
  iterate,
  JqError,
  made,
  ownChildren,
  recurse,
  type Scope,
  step,
  typeOf,
} from './filters.ts';

type Builder = (...parameters: Filter[]) => Filter;

/** A function of the input's value alone. */
function ofValue(compute: (value: Json) => Json): Builder {
  return () => (input, scope) => {
    step(scope);
    return [made(compute(input.value))];
  };
}

/** A function of the input's value and one more. */
function withArgument(compute: (value: Json, argument: Json) => Json): Builder {
  return argument =>
    function* (input, scope) {
      for (const item of (argument ?? identity)(input, scope)) {
        step(scope);
        yield made(compute(input.value, item.value));
      }
    };
}

/** Lets the input through where its value passes. */
function only(test: (value: Json) => boolean): Builder {
  return () => input => (test(input.value) ? [input] : []);
}

/** Whether some (or, with `every`, all) items of a stream pass. */
function quantifier(every: boolean): (items: Filter, test: Filter) => Filter {
  return (items, test) =>
    function* (input, scope) {
      for (const item of items(input, scope)) {
        for (const {value} of test(made(item.value), scope)) {
          if (isTrue(value) === every) continue;
          yield made(!every);
          return;
        }
      }
      yield made(every);
    };
}

const some = quantifier(false);
const all = quantifier(true);

const select: Builder = (test = identity) =>
  function* (input, scope) {
    for (const {value} of test(input, scope)) if (isTrue(value)) yield input;
  };

const map: Builder = (body = identity) => {
  return (input, scope) => {
    const values: Json[] = [];
    for (const item of childrenOf(made(input.value), scope)) {
      for (const {value} of body(item, scope)) values.push(value);
    }
    return [made(values)];
  };
};

/** Of a stream the first so many. */
function* limited(items: Iterable<Item>, count: number): Generator<Item> {
  let left = count;
  if (left <= 0) return;
  for (const item of items) {
    yield item;
    if (--left <= 0) return;
  }
}

function entriesOf(value: Json): Json[] {
  return Object.entries(asObject(value)).map(([key, item]) => ({key, value: item}));
}

function objectOf(entries: Json): Json {
  return Object.fromEntries(
    asArray(entries).map(entry => {
      const {key, k, name, value, v} = asObject(entry);
      const named = key ?? k ?? name ?? null;
      return [typeof named === 'string' ? named : stringifyJson(named), value ?? v ?? null];
    }),
  );
}

function withEntries(body: Filter): Filter {
  return (input, scope) => {
    const changed: Json[] = [];
    for (const entry of entriesOf(input.value)) {
      step(scope);
      for (const {value} of body(made(entry), scope)) changed.push(value);
    }
    return [made(objectOf(changed))];
  };
}

function asString(value: Json): string {
  if (typeof value !== 'string') throw new JqError(`${typeOf(value)} is no string`);
  return value;
}

function asArray(value: Json): Json[] {
  if (!Array.isArray(value)) throw new JqError(`${typeOf(value)} is no array`);
  return value;
}

function asObject(value: Json): {[key: string]: Json} {
  if (!isObject(value)) throw new JqError(`${typeOf(value)} is no object`);
  return value;
}

function keysOf(value: Json): Json[] {
  return Array.isArray(value) ? [...value.keys()] : Object.keys(asObject(value)).sort();
}

function has(value: Json, key: Json): boolean {
  if (typeof key === 'number') return key >= 0 && key < asArray(value).length;
  return Object.hasOwn(asObject(value), asString(key));
}

function contains(value: Json, part: Json): boolean {
  if (isObject(value) && isObject(part)) {
    return Object.entries(part).every(([key, item]) => {
      const own = Object.hasOwn(value, key) ? value[key] : undefined;
      return own !== undefined && contains(own, item);
    });
  }
  if (Array.isArray(value) && Array.isArray(part)) {
    return part.every(item => value.some(own => typeOf(own) === typeOf(item) && contains(own, item)));
  }
  if (typeof value === 'string' && typeof part === 'string') return value.includes(part);
  if (typeOf(value) !== typeOf(part)) throw new JqError(`${typeOf(value)} can't contain ${typeOf(part)}`);
  return equalJson(value, part);
}

function lengthOf(value: Json): Json {
  if (value === null) return 0;
  if (typeof value === 'string') return [...value].length;
  if (typeof value === 'number') return Math.abs(value);
  return Array.isArray(value) ? value.length : Object.keys(asObject(value)).length;
}

function toNumber(value: Json): Json {
  if (typeof value === 'number') return value;
  const text = asString(value).trim();
  if (text === '' || Number.isNaN(Number(text))) throw new JqError(`"${text}" is no number`);
  return Number(text);
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : stringifyJson(value);
}

function joined(value: Json, separator: Json): Json {
  return asArray(value)
    .map(item => (item === null ? '' : textOf(item)))
    .join(asString(separator));
}

function parsed(value: Json): Json {
  try {
    return parseJson(asString(value));
  } catch (error) {
    if (error instanceof SyntaxError) throw new JqError('it is no JSON');
    throw error;
  }
}

/** `test(re)` and `test(re; flags)`, with what Go's expressions and ours have in common. */
function matches(value: Json, expression: string, flags = ''): boolean {
  const test = safePattern(expression, flags.replace(/[^i]/g, ''));
  if (typeof test === 'string' || /[^ign]/.test(flags)) {
    throw new JqError(`the expression ${expression} is not supported`);
  }
  const answer = test(asString(value));
  if (answer === undefined) throw new JqError(`the expression ${expression} takes too long`);
  return answer;
}

function range(from: number, to: number, scope: Scope): Iterable<Item> {
  return (function* () {
    for (let number = from; number < to; number++) {
      step(scope);
      yield made(number);
    }
  })();
}

const isIterable = (value: Json) => typeof value === 'object' && value !== null;

/** The functions that are known here, by name and number of parameters. */
export const functions: ReadonlyMap<string, Builder> = new Map<string, Builder>([
  ['empty/0', () => () => []],
  ['not/0', ofValue(value => !isTrue(value))],
  ['true/0', ofValue(() => true)],
  ['false/0', ofValue(() => false)],
  ['null/0', ofValue(() => null)],
  ['type/0', ofValue(typeOf)],
  ['length/0', ofValue(lengthOf)],
  ['keys/0', ofValue(keysOf)],
  ['keys_unsorted/0', ofValue(keysOf)],
  ['to_entries/0', ofValue(entriesOf)],
  ['from_entries/0', ofValue(objectOf)],
  ['with_entries/1', (body = identity) => withEntries(body)],
  [
    'add/0',
    ofValue(value => (isIterable(value) ? Object.values(value ?? {}) : asArray(value)).reduce(add, null)),
  ],
  ['select/1', select],
  ['map/1', map],
  ['recurse/0', () => recurse(ownChildren)],
  ['recurse/1', (body = identity) => recurse(body)],
  ['first/0', () => (input, scope) => limited(childrenOf(input, scope), 1)],
  [
    'first/1',
    (items = identity) =>
      (input, scope) =>
        limited(items(input, scope), 1),
  ],
  [
    'limit/2',
    (count = identity, items = identity) =>
      function* (input, scope) {
        for (const {value} of count(input, scope)) yield* limited(items(input, scope), Number(value));
      },
  ],
  ['any/0', () => some(iterate(identity), identity)],
  ['any/1', (test = identity) => some(iterate(identity), test)],
  ['any/2', (items = identity, test = identity) => some(items, test)],
  ['all/0', () => all(iterate(identity), identity)],
  ['all/1', (test = identity) => all(iterate(identity), test)],
  ['all/2', (items = identity, test = identity) => all(items, test)],
  [
    'IN/1',
    (items = identity) =>
      (input, scope) => [made([...items(input, scope)].some(({value}) => equalJson(value, input.value)))],
  ],
  [
    'range/1',
    (to = identity) =>
      function* (input, scope) {
        for (const {value} of to(input, scope)) yield* range(0, Number(value), scope);
      },
  ],
  ['has/1', withArgument(has)],
  ['in/1', withArgument((value, object) => has(object, value))],
  ['contains/1', withArgument(contains)],
  ['inside/1', withArgument((value, whole) => contains(whole, value))],
  ['startswith/1', withArgument((value, start) => asString(value).startsWith(asString(start)))],
  ['endswith/1', withArgument((value, end) => asString(value).endsWith(asString(end)))],
  [
    'ltrimstr/1',
    withArgument((value, start) =>
      typeof value === 'string' && typeof start === 'string' && value.startsWith(start)
        ? value.slice(start.length)
        : value,
    ),
  ],
  [
    'rtrimstr/1',
    withArgument((value, end) =>
      typeof value === 'string' && typeof end === 'string' && end !== '' && value.endsWith(end)
        ? value.slice(0, -end.length)
        : value,
    ),
  ],
  ['split/1', withArgument((value, separator) => asString(value).split(asString(separator)))],
  ['join/1', withArgument(joined)],
  ['test/1', withArgument((value, expression) => matches(value, asString(expression)))],
  [
    'test/2',
    (expression = identity, flags = identity) =>
      function* (input, scope) {
        for (const {value: given} of flags(input, scope)) {
          for (const {value: text} of expression(input, scope)) {
            step(scope);
            yield made(matches(input.value, asString(text), given === null ? '' : asString(given)));
          }
        }
      },
  ],
  ['ascii_downcase/0', ofValue(value => asString(value).replace(/[A-Z]/g, letter => letter.toLowerCase()))],
  ['ascii_upcase/0', ofValue(value => asString(value).replace(/[a-z]/g, letter => letter.toUpperCase()))],
  ['tostring/0', ofValue(textOf)],
  ['tonumber/0', ofValue(toNumber)],
  ['tojson/0', ofValue(value => stringifyJson(value))],
  ['fromjson/0', ofValue(parsed)],
  ['sort/0', ofValue(value => [...asArray(value)].sort(compare))],
  ['reverse/0', ofValue(value => [...asArray(value)].reverse())],
  ['values/0', only(value => value !== null)],
  ['nulls/0', only(value => value === null)],
  ['booleans/0', only(value => typeof value === 'boolean')],
  ['numbers/0', only(value => typeOf(value) === 'number')],
  ['strings/0', only(value => typeof value === 'string')],
  ['arrays/0', only(value => Array.isArray(value))],
  ['objects/0', only(isObject)],
  ['iterables/0', only(isIterable)],
  ['scalars/0', only(value => !isIterable(value))],
]);
