import type {JsonObject} from '../../source/resources/json.ts';
import type {DesiredResource} from '../../source/sources/types.ts';

/** A resource as a source would give it: line 1 for the document, line 2 for each of its fields. */
export function desired(object: JsonObject, file = 'app.yaml', line = 1): DesiredResource {
  return {
    object,
    location: {file, line},
    locate: path => (path.length === 0 ? undefined : {file, line: line + 1}),
  };
}

export function configMap(name: string, data: JsonObject = {a: '1'}, namespace = 'shop'): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {name, ...(namespace === '' ? {} : {namespace})},
    data,
  };
}

export function namespace(name: string): JsonObject {
  return {apiVersion: 'v1', kind: 'Namespace', metadata: {name}};
}

export function deployment(name: string, replicas = 3, spec: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {name, namespace: 'shop'},
    spec: {replicas, ...spec},
  };
}
