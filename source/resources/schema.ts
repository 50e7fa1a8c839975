import {isObject, type Json, type JsonObject, listAt, stringAt} from './json.ts';

/**
 * A view of one node of a server's OpenAPI v3 schema, with references resolved. Everything that merging and comparing
 * need to know about a field is read from here, never from a table of our own.
 * Source of the extensions: https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */
export interface SchemaNode {
  /** The name that the server's documents give a shared type, from its group on: `core.v1.Container`. */
  readonly typeName: string | undefined;
  /** What kind of value stands here; `any` where the schema doesn't say (or keeps unknown fields). */
  readonly type:
    | 'object'
    | 'array'
    | 'string'
    | 'integer'
    | 'number'
    | 'boolean'
    | 'int-or-string'
    | 'quantity'
    | 'any';
  /** 'map' lists are keyed by `listMapKeys`, 'set' lists by value; a list without a type is atomic. */
  readonly listType: 'atomic' | 'set' | 'map';
  readonly listMapKeys: readonly string[];
  /** An atomic object is replaced as a whole (x-kubernetes-map-type: atomic). */
  readonly atomicMap: boolean;
  /** x-kubernetes-preserve-unknown-fields: fields below that the schema doesn't name are kept. */
  readonly preservesUnknown: boolean;
  /** x-kubernetes-embedded-resource */
  readonly format: string | undefined;
  readonly default: Json | undefined;
  readonly nullable: boolean;
  /** The schema of a named field: a property, else additionalProperties; undefined where the schema knows none. */
  property(name: string): SchemaNode | undefined;
  /** True where the field is one of the schema's own properties. */
  hasProperty(name: string): boolean;
  /** The names of the schema's own properties. */
  propertyNames(): readonly string[];
  /** The schema of a list's items. */
  items(): SchemaNode | undefined;
}

const quantityReference = 'io.k8s.apimachinery.pkg.api.resource.Quantity';
const typeNameKey = 'x-type-name';
const intOrStringReference = 'io.k8s.apimachinery.pkg.util.intstr.IntOrString';

/** One OpenAPI v3 document of a group and version (`/openapi/v3/apis/apps/v1`), by kind. */
export class SchemaDocument {
  readonly #schemas: JsonObject;
  readonly #nodes = new Map<JsonObject, Node>();
  readonly #roots = new Map<string, string>();
  readonly #references = new Map<string, JsonObject>();

  /** Takes the parsed document. Documents without `components.schemas` have no kinds. */
  constructor(document: Json) {
    const components = isObject(document) ? document['components'] : undefined;
    const schemas = isObject(components) ? components['schemas'] : undefined;
    this.#schemas = isObject(schemas) ? schemas : {};
    for (const [name, schema] of Object.entries(this.#schemas)) {
      for (const gvk of listAt(schema, 'x-kubernetes-group-version-kind')) {
        this.#roots.set(
          `${stringAt(gvk, 'group') ?? ''}/${stringAt(gvk, 'version') ?? ''}/${stringAt(gvk, 'kind') ?? ''}`,
          name,
        );
      }
    }
  }

  /** The schema of a kind, or undefined where the server publishes none. */
  kind(group: string, version: string, kind: string): SchemaNode | undefined {
    const name = this.#roots.get(`${group}/${version}/${kind}`);
    if (name === undefined || !isObject(this.#schemas[name])) return undefined;
    let reference = this.#references.get(name);
    if (reference === undefined) {
      reference = {$ref: name};
      this.#references.set(name, reference);
    }
    return this.node(reference);
  }

  /** @internal The node of a raw schema, references resolved, made once. */
  node(raw: JsonObject): SchemaNode {
    const known = this.#nodes.get(raw);
    if (known !== undefined) return known;
    const node = new Node(this, this.#resolve(raw));
    this.#nodes.set(raw, node);
    return node;
  }

  // `$ref`, and `allOf` with one reference (how the server adds a default or description to one), become one schema.
  #resolve(raw: JsonObject): JsonObject {
    let merged: JsonObject = raw;
    for (let depth = 0; depth < 16; depth++) {
      const {$ref, allOf, ...own} = merged;
      const only = Array.isArray(allOf) && allOf.length === 1 ? allOf[0] : undefined;
      if (typeof $ref === 'string') {
        const name = $ref.slice($ref.lastIndexOf('/') + 1);
        const target = this.#schemas[name];
        merged = {
          ...(isObject(target) ? target : {}),
          ...own,
          [typeNameKey]: name.split('.').slice(-3).join('.'),
        };
        if (name === quantityReference) merged['x-quantity'] = true;
        if (name === intOrStringReference) merged['x-kubernetes-int-or-string'] = true;
      } else if (isObject(only)) {
        merged = {...only, ...own};
      } else {
        return merged;
      }
    }
    return merged;
  }
}

/** A schema by hand, for tests and for kinds without a document: one OpenAPI v3 schema without references. */
export function schemaOf(raw: JsonObject): SchemaNode {
  return new SchemaDocument({}).node(raw);
}

class Node implements SchemaNode {
  readonly #document: SchemaDocument;
  readonly #raw: JsonObject;
  readonly typeName: string | undefined;
  readonly type: SchemaNode['type'];
  readonly listType: SchemaNode['listType'];
  readonly listMapKeys: readonly string[];
  readonly atomicMap: boolean;
  readonly preservesUnknown: boolean;
  readonly format: string | undefined;
  readonly default: Json | undefined;
  readonly nullable: boolean;

  constructor(document: SchemaDocument, raw: JsonObject) {
    this.#document = document;
    this.#raw = raw;
    this.typeName = stringAt(raw, typeNameKey);
    this.type = typeOf(raw);
    const listType = stringAt(raw, 'x-kubernetes-list-type');
    this.listType = listType === 'map' || listType === 'set' ? listType : 'atomic';
    this.listMapKeys = listAt(raw, 'x-kubernetes-list-map-keys').filter(key => typeof key === 'string');
    this.atomicMap = raw['x-kubernetes-map-type'] === 'atomic';
    this.preservesUnknown = raw['x-kubernetes-preserve-unknown-fields'] === true;
    this.format = stringAt(raw, 'format');
    this.default = raw['default'];
    this.nullable = raw['nullable'] === true;
  }

  property(name: string): SchemaNode | undefined {
    const properties = this.#raw['properties'];
    const own = isObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (isObject(own)) return this.#document.node(own);
    const additional = this.#raw['additionalProperties'];
    return isObject(additional) ? this.#document.node(additional) : undefined;
  }

  hasProperty(name: string): boolean {
    const properties = this.#raw['properties'];
    return isObject(properties) && Object.hasOwn(properties, name);
  }

  propertyNames(): readonly string[] {
    const properties = this.#raw['properties'];
    return isObject(properties) ? Object.keys(properties) : [];
  }

  items(): SchemaNode | undefined {
    const items = this.#raw['items'];
    return isObject(items) ? this.#document.node(items) : undefined;
  }
}

function typeOf(raw: JsonObject): SchemaNode['type'] {
  if (raw['x-quantity'] === true) return 'quantity';
  if (raw['x-kubernetes-int-or-string'] === true || raw['format'] === 'int-or-string') return 'int-or-string';
  const type = raw['type'];
  switch (type) {
    case 'object':
    case 'array':
    case 'string':
    case 'integer':
    case 'number':
    case 'boolean':
      return type;
    default:
      return isObject(raw['properties']) || isObject(raw['additionalProperties']) ? 'object' : 'any';
  }
}
