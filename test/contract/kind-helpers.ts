import type {JsonObject} from '../../source/resources/json.ts';

export const metadata = (name: string, more: JsonObject = {}): JsonObject => ({name, ...more});
export const labels = {app: 'web'};
export const container = (more: JsonObject = {}): JsonObject => ({
  name: 'web',
  image: 'registry.example/shop/web:1.2.3',
  ...more,
});
export const template = (spec: JsonObject = {}, meta: JsonObject = {}): JsonObject => ({
  metadata: {labels, ...meta},
  spec: {containers: [container()], ...spec},
});

/** One object, where it is created. `{ns}` stands for a namespace of the test's own. */
export interface KindCase {
  name: string;
  path: string;
  object: JsonObject;
}

export const namespaced = (group: string, plural: string, object: JsonObject): KindCase => ({
  name: `${String(object['kind'])} ${String((object['metadata'] as JsonObject)['name'])}`,
  path: `/${group}/namespaces/{ns}/${plural}`,
  object,
});

export const clustered = (group: string, plural: string, object: JsonObject): KindCase => ({
  ...namespaced(group, plural, object),
  path: `/${group}/${plural}`,
});

export const deployment = (name: string, spec: JsonObject): KindCase =>
  namespaced('apis/apps/v1', 'deployments', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata(name),
    spec: {selector: {matchLabels: labels}, template: template(), ...spec},
  });

export const pod = (name: string, spec: JsonObject): KindCase =>
  namespaced('api/v1', 'pods', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadata(name),
    spec: {containers: [container()], ...spec},
  });

export const job = (name: string, spec: JsonObject, meta: JsonObject = {}): KindCase =>
  namespaced('apis/batch/v1', 'jobs', {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: metadata(name, meta),
    spec: {template: template({restartPolicy: 'Never'}), ...spec},
  });

export const service = (name: string, spec: JsonObject): KindCase =>
  namespaced('api/v1', 'services', {apiVersion: 'v1', kind: 'Service', metadata: metadata(name), spec});
