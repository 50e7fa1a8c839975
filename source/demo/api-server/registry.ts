import {splitApiVersion} from '../../resources/identity.ts';
import {isObject, type Json, type JsonObject, listAt, objectAt, stringAt} from '../../resources/json.ts';
import type {SchemaAt} from '../../resources/merge.ts';
import {SchemaDocument} from '../../resources/schema.ts';
import {builtInResources, builtInSchemas, type Resource, type ServedVersion} from './catalog.ts';
import {qualified} from './status.ts';

/** A resource at one of its versions, as a URL names it. */
export interface Served {
  resource: Resource;
  version: ServedVersion;
}

/** `apps/v1`, `v1`. */
export function apiVersionOf({resource, version}: Served): string {
  return resource.group === '' ? version.version : `${resource.group}/${version.version}`;
}

const builtInDocument = new SchemaDocument({components: {schemas: builtInSchemas}});

/** All kinds that are served: the built-in ones, and those of the CustomResourceDefinitions that are there now. */
export class Registry {
  readonly #builtIn: readonly Resource[];
  #custom: readonly Resource[] = [];
  readonly #documents = new Map<ServedVersion, SchemaDocument>();

  /** `kinds` leaves out all built-in kinds but these; undefined keeps all. */
  constructor(kinds?: readonly string[]) {
    const always = new Set(['Namespace', 'SelfSubjectAccessReview', 'SelfSubjectReview']);
    this.#builtIn = builtInResources().filter(
      ({kind}) => kinds === undefined || kinds.includes(kind) || always.has(kind),
    );
  }

  all(): readonly Resource[] {
    return [...this.#builtIn, ...this.#custom];
  }

  /** Takes over the kinds that CustomResourceDefinitions define. */
  setCustom(definitions: readonly JsonObject[]): void {
    this.#custom = definitions.filter(isEstablished).map(customResource);
  }

  find(group: string, version: string, plural: string): Served | undefined {
    for (const resource of this.all()) {
      if (resource.group !== group || resource.plural !== plural) continue;
      const found = resource.versions.find(served => served.version === version);
      if (found !== undefined) return {resource, version: found};
    }
    return undefined;
  }

  /** The resource of a group and kind, at any version. */
  byKind(group: string, kind: string): Resource | undefined {
    return this.all().find(resource => resource.group === group && resource.kind === kind);
  }

  byStoreName(name: string): Resource | undefined {
    return this.all().find(resource => qualified(resource) === name);
  }

  /** Schemas of a resource by apiVersion, for merging. */
  schemaAt(resource: Resource): SchemaAt {
    return apiVersion => {
      const {group, version} = splitApiVersion(apiVersion);
      const served = resource.versions.find(candidate => candidate.version === version);
      if (group !== resource.group || served === undefined) return 'gone';
      return this.#document(resource, served).kind(group, version, resource.kind);
    };
  }

  #document(resource: Resource, served: ServedVersion): SchemaDocument {
    if (served.type !== undefined) return builtInDocument;
    let document = this.#documents.get(served);
    if (document === undefined) {
      document = new SchemaDocument({
        components: {schemas: {...builtInSchemas, custom: customSchema(resource, served)}},
      });
      this.#documents.set(served, document);
    }
    return document;
  }
}

/** A custom kind's schema as the server publishes it: with what every object has. */
export function customSchema(resource: Resource, served: ServedVersion): JsonObject {
  const schema = served.schema ?? {type: 'object', 'x-kubernetes-preserve-unknown-fields': true};
  return {
    ...schema,
    type: 'object',
    properties: {
      ...objectAt(schema, 'properties'),
      apiVersion: {type: 'string'},
      kind: {type: 'string'},
      metadata: {
        allOf: [{$ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'}],
      },
    },
    'x-kubernetes-group-version-kind': [
      {group: resource.group, kind: resource.kind, version: served.version},
    ],
  };
}

function isEstablished(definition: JsonObject): boolean {
  return (
    objectAt(definition, 'metadata')['deletionTimestamp'] === undefined &&
    listAt(objectAt(definition, 'status'), 'conditions').some(
      condition => stringAt(condition, 'type') === 'Established' && stringAt(condition, 'status') === 'True',
    )
  );
}

function customResource(definition: JsonObject): Resource {
  const spec = objectAt(definition, 'spec');
  const names = objectAt(spec, 'names');
  const kind = stringAt(names, 'kind') ?? '';
  const versions = listAt(spec, 'versions').filter(isObject);
  const served = versions.filter(version => version['served'] === true).sort(byPriority);
  const has = (name: string) => versions.some(version => isObject(objectAt(version, 'subresources')[name]));
  return {
    group: stringAt(spec, 'group') ?? '',
    kind,
    listKind: stringAt(names, 'listKind') ?? `${kind}List`,
    plural: stringAt(names, 'plural') ?? '',
    singular: stringAt(names, 'singular') ?? kind.toLowerCase(),
    namespaced: spec['scope'] === 'Namespaced',
    shortNames: texts(listAt(names, 'shortNames')),
    categories: texts(listAt(names, 'categories')),
    verbs: ['delete', 'get', 'list', 'patch', 'create', 'update', 'watch'],
    storageVersionHash: undefined,
    hasStatus: has('status'),
    hasScale: false,
    hasGeneration: true,
    versions: served.map(version => {
      const schema = objectAt(version, 'schema')['openAPIV3Schema'];
      return {
        version: stringAt(version, 'name') ?? '',
        type: undefined,
        schema: isObject(schema) ? schema : undefined,
        columns: listAt(version, 'additionalPrinterColumns'),
      };
    }),
    storageVersion:
      stringAt(
        versions.find(version => version['storage'] === true),
        'name',
      ) ?? '',
  };
}

// GA before beta before alpha, then the higher number: v2, v1, v1beta1, v1alpha1.
function byPriority(a: JsonObject, b: JsonObject): number {
  const [left, right] = [rank(a), rank(b)];
  for (const [index, value] of left.entries()) {
    const other = right[index] ?? 0;
    if (value !== other) return other - value;
  }
  return 0;
}

function rank(version: JsonObject): number[] {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(stringAt(version, 'name') ?? '');
  if (match === null) return [-1, 0, 0];
  const stage = match[2] === undefined ? 2 : match[2] === 'beta' ? 1 : 0;
  return [stage, Number(match[1]), Number(match[3] ?? 0)];
}

function texts(list: readonly Json[]): string[] {
  return list.filter(item => typeof item === 'string');
}
