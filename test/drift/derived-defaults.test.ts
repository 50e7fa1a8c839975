import assert from 'node:assert/strict';
import {test} from 'node:test';
import {isDefault} from '../../source/drift/defaults.ts';
import {type FieldPath, fields} from '../../source/resources/field-path.ts';
import {type JsonObject, objectAt} from '../../source/resources/json.ts';

const item = {type: 'keys', keys: {name: 'a'}} as const;
const list = {type: 'index', index: 0} as const;

test('a pod’s requests are copied from its limits, a deployment’s are not', () => {
  const requests = {cpu: '1', memory: '2Gi'};
  const container = {name: 'a', resources: {limits: {cpu: '1', memory: '1Gi'}, requests}};
  const at = (name: string): FieldPath => [
    ...fields('spec', 'containers'),
    item,
    ...fields('resources', 'requests', name),
  ];
  const root = {spec: {containers: [container]}};
  const ask = (kind: string, group: string, name: 'cpu' | 'memory') =>
    isDefault({group, kind}, at(name), requests[name], undefined, requests, root);
  assert.equal(ask('Pod', '', 'cpu'), true);
  assert.equal(ask('Pod', '', 'memory'), false);
  assert.equal(ask('Deployment', 'apps', 'cpu'), false);
});

test('a limit range’s defaults come from its maximum and its defaults, of the same item', () => {
  const limit: JsonObject = {default: {cpu: '1', memory: '1Gi'}, defaultRequest: {cpu: '2', memory: '1Gi'}};
  const root = {spec: {limits: [limit, {max: {cpu: '2'}}]}};
  const ask = (name: 'cpu' | 'memory') => {
    const parent = objectAt(limit, 'defaultRequest');
    const path = [...fields('spec', 'limits'), list, ...fields('defaultRequest', name)];
    return isDefault({group: '', kind: 'LimitRange'}, path, parent[name] ?? null, undefined, parent, root);
  };
  assert.equal(ask('memory'), true);
  assert.equal(ask('cpu'), false);
});

test('a limit range’s default is no default of itself', () => {
  const limit: JsonObject = {default: {cpu: '1', memory: '2Gi'}, max: {memory: '2Gi'}, min: {cpu: '1'}};
  const root = {spec: {limits: [limit]}};
  const ask = (name: 'cpu' | 'memory') => {
    const parent = objectAt(limit, 'default');
    const path = [...fields('spec', 'limits'), list, ...fields('default', name)];
    return isDefault({group: '', kind: 'LimitRange'}, path, parent[name] ?? null, undefined, parent, root);
  };
  assert.equal(ask('memory'), true);
  assert.equal(ask('cpu'), false);
});

test('a replication controller’s labels are those of its template', () => {
  const labels = {app: 'web', team: 'shop'};
  const root = {metadata: {labels}, spec: {template: {metadata: {labels: {app: 'web'}}}}};
  const ask = (kind: string, group: string, name: 'app' | 'team') =>
    isDefault({group, kind}, fields('metadata', 'labels', name), labels[name], undefined, labels, root);
  assert.equal(ask('ReplicationController', '', 'app'), true);
  assert.equal(ask('ReplicationController', '', 'team'), false);
  assert.equal(ask('ReplicaSet', 'apps', 'app'), false);
});
