import assert from 'node:assert/strict';
import {
  isObject,
  type Json,
  type JsonObject,
  listAt,
  objectAt,
  stringAt,
} from '../../source/resources/json.ts';
import {managedFieldsOf} from '../../source/resources/managed-fields.ts';
import {type Answer, applyType, ask, mergePatchType, type Target} from './client.ts';

/** What any Kubernetes API server does, told in raw HTTPS. Each case has a namespace of its own. */
export interface ContractCase {
  name: string;
  run(target: Target): Promise<void>;
}

export const configMaps = '/api/v1/namespaces/{ns}/configmaps';
export const deployments = '/apis/apps/v1/namespaces/{ns}/deployments';

export const configMap = (name: string, data: JsonObject = {}, labels?: JsonObject): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {name, ...(labels === undefined ? {} : {labels})},
  data,
});

export const deployment = (replicas: number | undefined): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {name: 'web'},
  spec: {
    ...(replicas === undefined ? {} : {replicas}),
    selector: {matchLabels: {app: 'web'}},
    template: {metadata: {labels: {app: 'web'}}, spec: {containers: [{name: 'web', image: 'nginx:1.27'}]}},
  },
});

export async function expect(status: number, answer: Promise<Answer>): Promise<JsonObject> {
  const {status: found, body} = await answer;
  assert.equal(found, status, JSON.stringify(body));
  return isObject(body) ? body : {};
}

export const get = (target: Target, path: string) => ask(target, {method: 'GET', path});
export const post = (target: Target, path: string, body: Json) => ask(target, {method: 'POST', path, body});
export const merge = (target: Target, path: string, body: Json) =>
  ask(target, {method: 'PATCH', path, body, type: mergePatchType});
export const apply = (target: Target, path: string, manager: string, body: Json, query = '') =>
  ask(target, {method: 'PATCH', path: `${path}?fieldManager=${manager}${query}`, body, type: applyType});

export const revision = (object: JsonObject): string =>
  stringAt(objectAt(object, 'metadata'), 'resourceVersion') ?? '';
export const names = (list: JsonObject): string[] =>
  listAt(list, 'items').map(item => stringAt(objectAt(item, 'metadata'), 'name') ?? '');

/** Who owns what, as `manager Operation`: paths of FieldsV1. */
export function ownership(object: JsonObject): Record<string, Json> {
  return Object.fromEntries(
    managedFieldsOf(object).map(({manager, operation, subresource, fields}) => [
      `${manager} ${operation}${subresource === '' ? '' : ` ${subresource}`}`,
      fields.format(),
    ]),
  );
}
