import {splitApiVersion} from '../../resources/identity.ts';
import {isObject, type Json, type JsonObject, listAt, objectAt, stringAt} from '../../resources/json.ts';
import {GoTypes, type Struct} from './go-type.ts';
import kubernetes from './kubernetes.json' with {type: 'json'};
import type {Subject} from './status.ts';

/** A kind as the server stores and serves it. */
export interface Resource extends Subject {
  singular: string;
  listKind: string;
  namespaced: boolean;
  shortNames: readonly string[];
  categories: readonly string[];
  verbs: readonly string[];
  storageVersionHash: string | undefined;
  hasStatus: boolean;
  hasScale: boolean;
  /** Whether metadata.generation counts changes of the spec. */
  hasGeneration: boolean;
  versions: readonly ServedVersion[];
  /** Version that objects are kept at, and the first in discovery. */
  storageVersion: string;
}

export interface ServedVersion {
  version: string;
  /** Of a built-in kind: how its Go type reads and writes. */
  type: Struct | undefined;
  /** Of a custom kind: its structural schema. */
  schema: JsonObject | undefined;
  /** Of a custom kind: additionalPrinterColumns. */
  columns: readonly Json[];
}

const data = kubernetes as unknown as JsonObject;

/** The schemas of all built-in kinds by name, without descriptions. */
export const builtInSchemas: JsonObject = objectAt(data, 'schemas');

/** The built-in types' field numbers in protobuf, by schema and field. */
export const fieldNumbers: JsonObject = objectAt(data, 'numbers');

/** How the built-in kinds' Go types read and write. */
export const goTypes = new GoTypes(builtInSchemas, objectAt(data, 'shapes'));

/** The answer to /version: that of the server whose definitions these are. */
export const version: JsonObject = objectAt(data, 'version');

/** What ObjectMeta reads and writes, for custom resources too. */
export const objectMeta = goTypes.named('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta');

// Kinds whose strategies don't count generations, though they have a spec or none.
const withoutGeneration = new Set([
  'Namespace',
  'ConfigMap',
  'Secret',
  'Service',
  'ServiceAccount',
  'PersistentVolumeClaim',
  'Event',
  'HorizontalPodAutoscaler',
  'Role',
  'RoleBinding',
  'ClusterRole',
  'ClusterRoleBinding',
  'SelfSubjectAccessReview',
  'SelfSubjectReview',
]);

/** The built-in kinds, in the order of the file that was cut from a real server. */
export function builtInResources(): Resource[] {
  return listAt(data, 'resources').map(item => {
    const {group, version: at} = splitApiVersion(stringAt(item, 'groupVersion') ?? '');
    const kind = stringAt(item, 'kind') ?? '';
    const subresources = listAt(item, 'subresources').map(
      subresource => (stringAt(subresource, 'name') ?? '').split('/')[1],
    );
    return {
      group,
      kind,
      listKind: `${kind}List`,
      plural: stringAt(item, 'name') ?? '',
      singular: stringAt(item, 'singularName') ?? '',
      namespaced: isObject(item) && item['namespaced'] === true,
      shortNames: strings(listAt(item, 'shortNames')),
      categories: strings(listAt(item, 'categories')),
      verbs: strings(listAt(item, 'verbs')).filter(verb => verb !== 'deletecollection'),
      storageVersionHash: stringAt(item, 'storageVersionHash'),
      hasStatus: subresources.includes('status'),
      hasScale: subresources.includes('scale'),
      hasGeneration: !withoutGeneration.has(kind),
      versions: [{version: at, type: rootType(group, at, kind), schema: undefined, columns: []}],
      storageVersion: at,
    };
  });
}

/** The name of the schema that stands for a built-in kind, or undefined. */
export function schemaNameOf(group: string, at: string, kind: string): string | undefined {
  for (const [name, schema] of Object.entries(builtInSchemas)) {
    for (const gvk of listAt(schema, 'x-kubernetes-group-version-kind')) {
      if (
        stringAt(gvk, 'group') === group &&
        stringAt(gvk, 'version') === at &&
        stringAt(gvk, 'kind') === kind
      ) {
        return name;
      }
    }
  }
  return undefined;
}

function rootType(group: string, at: string, kind: string): Struct | undefined {
  const name = schemaNameOf(group, at, kind);
  const type = name === undefined ? undefined : goTypes.named(name);
  return type?.kind === 'struct' ? type : undefined;
}

function strings(list: readonly Json[]): string[] {
  return list.filter(item => typeof item === 'string');
}
