import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {Ajv, type ValidateFunction} from 'ajv';
import * as v from 'valibot';
import {isObject, type Json, type JsonObject} from '../../source/resources/json.ts';

const operationShape = v.object({
  query: v.record(v.string(), v.unknown()),
  required: v.array(v.string()),
  body: v.unknown(),
  answers: v.record(v.string(), v.unknown()),
  /** What the description leaves unsaid of it, and GitLab's Go client says. */
  client: v.optional(v.array(v.string()), []),
});
const shape = v.object({
  source: v.string(),
  operations: v.record(v.string(), operationShape),
  schemas: v.record(v.string(), v.unknown()),
});

/** A request as it arrived: its path as it was sent, still encoded. */
export interface Sent {
  method: string;
  path: string;
  query: URLSearchParams;
  json: Json | undefined;
}

/** A forge's published description, cut by scripts/cut-forges.ts: what may be asked, and what is answered. */
export class Description {
  readonly #operations: Record<string, v.InferOutput<typeof operationShape>>;
  readonly #schemas: JsonObject;
  readonly #ajv: Ajv;
  readonly #validators = new Map<string, ValidateFunction>();

  constructor(name: 'github' | 'gitlab' | 'gitea') {
    const file = path.join(import.meta.dirname, 'fixtures', `${name}.json`);
    const found = v.parse(shape, JSON.parse(readFileSync(file, 'utf8')));
    this.#operations = found.operations;
    this.#schemas = found.schemas as JsonObject;
    this.#ajv = new Ajv({strict: false, validateFormats: false, coerceTypes: false});
    this.#ajv.addSchema({$id: 'forge:', schemas: found.schemas});
  }

  /** Each operation's name, and which of its facts are not the description's own. */
  get operations(): {name: string; client: readonly string[]}[] {
    return Object.entries(this.#operations).map(([name, {client}]) => ({name, client}));
  }

  /** The operation that a request is, its query and body checked; throws where the description has no such request. */
  operationOf(sent: Sent): string {
    const fitting = Object.keys(this.#operations).filter(name => {
      const [method, route = ''] = name.split(' ');
      const pattern = route.replace(/[.+]/g, '\\$&').replace(/\{[^}]+\}/g, '[^/]+');
      return method === sent.method && new RegExp(`^${pattern}$`).test(sent.path);
    });
    // `/pulls/1` fits `/pulls/{index}`; `/pulls/comments` would fit it too.
    const name = fitting.sort((a, b) => a.split('{').length - b.split('{').length)[0];
    assert.ok(name !== undefined, `the description has no ${sent.method} ${sent.path}`);
    const operation = this.#operations[name];
    assert.ok(operation !== undefined);
    const {query, required, body} = operation;
    for (const [key, text] of sent.query) {
      assert.ok(key in query, `${name} takes no parameter ${key}`);
      this.#check(`${name}?${key}`, query[key] as Json, [text, ...numbersAndBooleans(text)]);
    }
    for (const key of required) assert.ok(sent.query.has(key), `${name} wants the parameter ${key}`);
    if (body === null) assert.equal(sent.json, undefined, `${name} takes no body`);
    else {
      const known = this.#propertiesOf(body as Json);
      for (const key of Object.keys(isObject(sent.json) ? sent.json : {}))
        assert.ok(known.has(key), `the body of ${name} has no ${key}`);
      this.#check(`${name} body`, body as Json, [sent.json ?? {}]);
    }
    return name;
  }

  /**
   * An answer of an operation: the test's own fields, with whatever else the description demands made up. Fields that the
   * description does not know, or gives another type, fail.
   */
  answer(name: string, fields: Json): {status: number; json: Json | undefined} {
    const operation = this.#operations[name];
    assert.ok(operation !== undefined, `the description has no ${name}`);
    const [status = '200', schema] = Object.entries(operation.answers)[0] ?? [];
    if (schema === null || schema === undefined) return {status: Number(status), json: undefined};
    const json = this.#complete(schema as Json, fields);
    this.#check(`${name} ${status}`, schema as Json, [json]);
    return {status: Number(status), json};
  }

  #check(what: string, schema: Json, anyOf: readonly Json[]): void {
    let validate = this.#validators.get(what);
    if (validate === undefined) {
      const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/schemas/', '"forge:#/schemas/'));
      validate = this.#ajv.compile(absolute as JsonObject);
      this.#validators.set(what, validate);
    }
    const fits = anyOf.some(value => validate(value));
    assert.ok(
      fits,
      `${what}: ${this.#ajv.errorsText(validate.errors)}: ${JSON.stringify(anyOf[0]).slice(0, 600)}`,
    );
  }

  #resolve(schema: Json | undefined): JsonObject {
    if (!isObject(schema)) return {};
    const reference = schema['$ref'];
    if (typeof reference === 'string')
      return this.#resolve(this.#schemas[reference.replace('#/schemas/', '')]);
    const options = schema['anyOf'] ?? schema['oneOf'] ?? schema['allOf'];
    if (Array.isArray(options) && schema['properties'] === undefined) {
      const best = options.map(option => this.#resolve(option)).find(option => option['type'] !== 'null');
      return best ?? {};
    }
    return schema;
  }

  #propertiesOf(schema: Json): Set<string> {
    const {properties} = this.#resolve(schema);
    return new Set(Object.keys(isObject(properties) ? properties : {}));
  }

  #complete(schema: Json | undefined, given: Json | undefined): Json {
    const {type, properties, required, items, enum: values} = this.#resolve(schema);
    if (Array.isArray(given)) return given.map(item => this.#complete(items, item));
    if (isObject(given) || (given === undefined && (type === 'object' || properties !== undefined))) {
      const known = isObject(properties) ? properties : {};
      const result: JsonObject = {};
      for (const key of Array.isArray(required) ? required : [])
        if (typeof key === 'string' && given?.[key] === undefined)
          result[key] = this.#complete(known[key], undefined);
      for (const [key, value] of Object.entries(given ?? {})) {
        assert.ok(properties === undefined || key in known, `the description knows no ${key}`);
        result[key] = this.#complete(known[key], value);
      }
      return result;
    }
    if (given !== undefined) return given;
    if (Array.isArray(values)) return values[0] ?? null;
    const kind = Array.isArray(type) ? type[0] : type;
    if (kind === 'string') return 'made-up';
    if (kind === 'integer' || kind === 'number') return 1;
    if (kind === 'boolean') return false;
    if (kind === 'array') return [];
    return null;
  }
}

function numbersAndBooleans(text: string): Json[] {
  if (/^\d+$/.test(text)) return [Number(text)];
  return text === 'true' || text === 'false' ? [text === 'true'] : [];
}
