import {createHash} from 'node:crypto';
import {isObject, type Json, type JsonObject, stringifyJson} from '../../resources/json.ts';
import {builtInSchemas, type Resource, type ServedVersion, schemaNameOf} from './catalog.ts';
import {customSchema, type Registry} from './registry.ts';

const reference = /"#\/components\/schemas\/([^"]+)"/g;
const text = {type: 'string', uniqueItems: true};
const query = (name: string, schema: JsonObject = text): JsonObject => ({name, in: 'query', schema});
const writeParameters = [query('dryRun'), query('fieldManager'), query('fieldValidation')];

/** The OpenAPI v3 documents: one for each group and version, made when first asked for. */
export class OpenApi {
  readonly #registry: Registry;
  readonly #documents = new Map<string, {resources: readonly ServedVersion[]; text: string; hash: string}>();

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** The answer to /openapi/v3: where each document is, with the hash of its content. */
  index(): JsonObject {
    const paths: JsonObject = {};
    for (const place of this.#places()) {
      paths[place] = {serverRelativeURL: `/openapi/v3/${place}?hash=${this.document(place)?.hash ?? ''}`};
    }
    return {paths};
  }

  /** The document at `api/v1` or `apis/apps/v1`, or undefined. */
  document(place: string): {text: string; hash: string} | undefined {
    const resources = this.#registry
      .all()
      .flatMap(resource => resource.versions.map(version => ({resource, version})))
      .filter(served => placeOf(served) === place);
    if (resources.length === 0) return undefined;
    const versions = resources.map(({version}) => version);
    const known = this.#documents.get(place);
    if (
      known !== undefined &&
      known.resources.length === versions.length &&
      versions.every((version, index) => version === known.resources[index])
    ) {
      return known;
    }
    const made = stringifyJson(build(resources));
    const hash = createHash('sha512').update(made).digest('hex').toUpperCase();
    const document = {resources: versions, text: made, hash};
    this.#documents.set(place, document);
    return document;
  }

  #places(): string[] {
    const places = this.#registry
      .all()
      .flatMap(resource => resource.versions.map(version => placeOf({resource, version})));
    return [...new Set(places)].sort();
  }
}

interface Entry {
  resource: Resource;
  version: ServedVersion;
}

function placeOf({resource, version}: Entry): string {
  return resource.group === '' ? `api/${version.version}` : `apis/${resource.group}/${version.version}`;
}

function build(entries: readonly Entry[]): JsonObject {
  const schemas: JsonObject = {};
  const paths: JsonObject = {};
  for (const entry of entries) {
    const {resource, version} = entry;
    const name =
      schemaNameOf(resource.group, version.version, resource.kind) ??
      [...resource.group.split('.').reverse(), version.version, resource.kind].join('.');
    if (version.type === undefined) {
      const schema = customSchema(resource, version);
      schemas[name] = schema;
      keepReferences(schema, schemas);
    } else {
      keep(name, schemas);
    }
    if (resource.hasScale) keep(schemaNameOf('autoscaling', 'v1', 'Scale') ?? '', schemas);
    Object.assign(paths, pathsOf(entry, name));
  }
  return {openapi: '3.0.0', info: {title: 'Kubernetes', version: '1.36'}, paths, components: {schemas}};
}

function keep(name: string, schemas: JsonObject): void {
  if (Object.hasOwn(schemas, name)) return;
  const schema = builtInSchemas[name];
  if (!isObject(schema)) return;
  schemas[name] = schema;
  keepReferences(schema, schemas);
}

function keepReferences(schema: Json, schemas: JsonObject): void {
  for (const [, name] of stringifyJson(schema).matchAll(reference)) {
    if (name !== undefined) keep(name, schemas);
  }
}

function pathsOf(entry: Entry, schemaName: string): JsonObject {
  const {resource, version} = entry;
  const base = `/${placeOf(entry)}${resource.namespaced ? '/namespaces/{namespace}' : ''}/${resource.plural}`;
  const gvk = {group: resource.group, kind: resource.kind, version: version.version};
  const content = {'application/json': {schema: {$ref: `#/components/schemas/${schemaName}`}}};
  const operation = (action: string, parameters: readonly JsonObject[], body?: JsonObject): JsonObject => ({
    ...(parameters.length > 0 ? {parameters: [...parameters]} : {}),
    ...(body === undefined ? {} : {requestBody: {content: body, required: true}}),
    responses: {200: {description: 'OK', content}},
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': gvk,
  });
  const name = {name: 'name', in: 'path', required: true, schema: text};
  const namespace = {name: 'namespace', in: 'path', required: true, schema: text};
  const own = resource.namespaced ? [namespace] : [];
  const patch = {
    'application/apply-patch+yaml': {},
    'application/json-patch+json': {},
    'application/merge-patch+json': {},
  };
  const collection: JsonObject = {parameters: own};
  const item: JsonObject = {parameters: [name, ...own]};
  for (const verb of resource.verbs) {
    if (verb === 'list') {
      collection['get'] = operation(
        'list',
        ['continue', 'fieldSelector', 'labelSelector', 'resourceVersion'].map(each => query(each)),
      );
    } else if (verb === 'create') collection['post'] = operation('post', writeParameters, content);
    else if (verb === 'get') item['get'] = operation('get', []);
    else if (verb === 'update') item['put'] = operation('put', writeParameters, content);
    else if (verb === 'delete')
      item['delete'] = operation('delete', [query('dryRun'), query('propagationPolicy')]);
    else if (verb === 'patch') {
      item['patch'] = operation(
        'patch',
        [...writeParameters, query('force', {type: 'boolean', uniqueItems: true})],
        patch,
      );
    }
  }
  return {[base]: collection, ...(Object.keys(item).length > 1 ? {[`${base}/{name}`]: item} : {})};
}
