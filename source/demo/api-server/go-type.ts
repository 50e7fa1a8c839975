import {isObject, type Json, type JsonObject, listAt, objectAt, stringAt} from '../../resources/json.ts';

/** What kind of Go value a schema stands for. */
export type Scalar =
  | 'string'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'bytes'
  | 'time'
  | 'microtime'
  | 'quantity'
  | 'int-or-string'
  | 'any';

export interface Struct {
  kind: 'struct';
  /** The schema's name: `io.k8s.api.apps.v1.DeploymentSpec`. */
  name: string;
  fields: ReadonlyMap<string, Field>;
  required: readonly string[];
}

/** How a built-in kind's Go type reads and writes JSON; compiled from the schemas and the shapes beside them. */
export type GoType =
  | Struct
  | {kind: 'map'; value: GoType}
  | {kind: 'list'; item: GoType}
  | {kind: 'scalar'; scalar: Scalar};

/** p: pointer, left out when nil; P: pointer, null when nil; V: value, always written; z: left out when zero; '': when empty. */
export type Shape = 'p' | 'P' | 'V' | 'z' | '';

export interface Field {
  name: string;
  shape: Shape;
  /** A default that the type itself declares: `TCP`. */
  default: Json | undefined;
  enum: readonly string[] | undefined;
  type: GoType;
}

const prefix = '#/components/schemas/';
const special: Record<string, Scalar> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': 'quantity',
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': 'int-or-string',
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': 'time',
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': 'microtime',
};

/** Compiles schemas to Go types, each once. */
export class GoTypes {
  readonly #schemas: JsonObject;
  readonly #shapes: JsonObject;
  readonly #structs = new Map<string, GoType>();

  constructor(schemas: JsonObject, shapes: JsonObject) {
    this.#schemas = schemas;
    this.#shapes = shapes;
  }

  /** The type of a named schema. */
  named(name: string): GoType {
    const scalar = special[name];
    if (scalar !== undefined) return {kind: 'scalar', scalar};
    const known = this.#structs.get(name);
    if (known !== undefined) return known;
    const schema = objectAt(this.#schemas, name);
    const properties = schema['properties'];
    if (!isObject(properties)) return this.#inline(schema);
    const fields = new Map<string, Field>();
    const required = listAt(schema, 'required').filter(item => typeof item === 'string');
    const struct: Struct = {kind: 'struct', name, fields, required};
    this.#structs.set(name, struct);
    const shapes = new Map<string, Shape>();
    for (const [shape, names] of Object.entries(objectAt(this.#shapes, name))) {
      if (Array.isArray(names)) for (const field of names) shapes.set(String(field), shape as Shape);
    }
    for (const [field, property] of Object.entries(properties)) {
      const {default: value, ...raw} = isObject(property) ? property : {};
      const choices = listAt(raw, 'enum').filter(item => typeof item === 'string');
      fields.set(field, {
        name: field,
        shape: shapes.get(field) ?? '',
        // Empty defaults only say that the field is always written.
        default: isScalarDefault(value) ? value : undefined,
        enum: choices.length > 0 ? choices : undefined,
        type: this.#inline(raw),
      });
    }
    return struct;
  }

  #inline(schema: JsonObject): GoType {
    const reference = stringAt(schema, '$ref') ?? stringAt(listAt(schema, 'allOf')[0], '$ref');
    if (reference !== undefined) return this.named(reference.slice(prefix.length));
    switch (schema['type']) {
      case 'array':
        return {kind: 'list', item: this.#inline(objectAt(schema, 'items'))};
      case 'object': {
        const values = schema['additionalProperties'];
        return isObject(values)
          ? {kind: 'map', value: this.#inline(values)}
          : {kind: 'scalar', scalar: 'any'};
      }
      case 'string':
        return {kind: 'scalar', scalar: schema['format'] === 'byte' ? 'bytes' : 'string'};
      case 'integer':
      case 'number':
      case 'boolean':
        return {kind: 'scalar', scalar: schema['type']};
      default:
        return {kind: 'scalar', scalar: 'any'};
    }
  }
}

function isScalarDefault(value: Json | undefined): boolean {
  return value !== undefined && value !== '' && value !== 0 && value !== false && !isObject(value);
}
