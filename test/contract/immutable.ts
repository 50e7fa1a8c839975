import type {JsonObject} from '../../source/resources/json.ts';
import {type Ask, applyType, mergePatchType} from './client.ts';
import type {Transcript} from './transcripts.ts';

const template = (spec: JsonObject = {}, labels: JsonObject = {app: 'web'}): JsonObject => ({
  metadata: {labels},
  spec: {containers: [{name: 'web', image: 'nginx:1.27'}], ...spec},
});
const selector = {matchLabels: {app: 'web'}};
const apps = '/apis/apps/v1/namespaces/{ns}';
const batch = '/apis/batch/v1/namespaces/{ns}';
const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}';
const core = '/api/v1/namespaces/{ns}';

const create = (path: string, object: JsonObject): Ask => ({
  method: 'POST',
  path: `${path}?fieldManager=me`,
  body: object,
});
const merge = (path: string, body: JsonObject): Ask => ({
  method: 'PATCH',
  path: `${path}?fieldManager=me`,
  body,
  type: mergePatchType,
});
const apply = (path: string, manager: string, body: JsonObject): Ask => ({
  method: 'PATCH',
  path: `${path}?fieldManager=${manager}&force=true`,
  body,
  type: applyType,
});

const deployment = (container: JsonObject): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {name: 'web'},
  spec: {selector, template: template({containers: [{name: 'web', image: 'nginx:1.27', ...container}]})},
});
const env = (...names: string[]): JsonObject => ({env: names.map(name => ({name, value: name}))});

/** What may not change, and what a merge does to lists. */
export const immutableTranscripts: Record<string, Transcript> = {
  'immutable: stateful sets': [
    create(`${apps}/statefulsets`, {
      metadata: {name: 'db'},
      spec: {serviceName: 'db', selector, template: template()},
    }),
    merge(`${apps}/statefulsets/db`, {spec: {serviceName: 'other'}}),
    merge(`${apps}/statefulsets/db`, {spec: {podManagementPolicy: 'Parallel'}}),
    merge(`${apps}/statefulsets/db`, {
      spec: {replicas: 2, template: template({terminationGracePeriodSeconds: 5})},
    }),
  ],
  'immutable: daemon sets count their templates': [
    create(`${apps}/daemonsets`, {metadata: {name: 'agent'}, spec: {selector, template: template()}}),
    merge(`${apps}/daemonsets/agent`, {spec: {template: template({terminationGracePeriodSeconds: 5})}}),
    merge(`${apps}/daemonsets/agent`, {spec: {minReadySeconds: 5}}),
    merge(`${apps}/daemonsets/agent`, {metadata: {labels: {a: 'b'}}}),
    merge(`${apps}/daemonsets/agent`, {
      spec: {selector: {matchLabels: {app: 'x'}}, template: template({}, {app: 'x'})},
    }),
  ],
  'immutable: jobs': [
    create(`${batch}/jobs`, {metadata: {name: 'once'}, spec: {template: template({restartPolicy: 'Never'})}}),
    merge(`${batch}/jobs/once`, {spec: {completions: 5}}),
    merge(`${batch}/jobs/once`, {spec: {parallelism: 2}}),
    merge(`${batch}/jobs/once`, {spec: {suspend: true}}),
  ],
  'immutable: bindings, secrets, claims': [
    create(`${rbac}/rolebindings`, {
      metadata: {name: 'read'},
      roleRef: {kind: 'Role', name: 'read', apiGroup: 'rbac.authorization.k8s.io'},
    }),
    merge(`${rbac}/rolebindings/read`, {roleRef: {name: 'write'}}),
    merge(`${rbac}/rolebindings/read`, {subjects: [{kind: 'Group', name: 'x'}]}),
    create(`${core}/secrets`, {metadata: {name: 'a'}, stringData: {a: '1', b: '2'}}),
    merge(`${core}/secrets/a`, {type: 'other'}),
    merge(`${core}/secrets/a`, {stringData: {a: '3'}}),
    merge(`${core}/secrets/a`, {data: {a: 'not base64!'}}),
    merge(`${core}/secrets/a`, {data: {b: null}}),
    apply(`${core}/secrets/a`, 'git', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {name: 'a'},
      stringData: {c: '1'},
    }),
    apply(`${core}/secrets/a`, 'git', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {name: 'a'},
      stringData: {d: '1'},
    }),
    apply(`${core}/secrets/a`, 'git', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {name: 'a'},
      data: {d: 'MQ=='},
    }),
    create(`${core}/persistentvolumeclaims`, {
      metadata: {name: 'data'},
      spec: {accessModes: ['ReadWriteOnce'], resources: {requests: {storage: '1Gi'}}},
    }),
    merge(`${core}/persistentvolumeclaims/data`, {metadata: {labels: {a: 'b'}}}),
    {method: 'DELETE', path: `${core}/persistentvolumeclaims/data`},
    {method: 'GET', path: `${core}/persistentvolumeclaims/data`},
  ],
  'lists: who owns an item, and where it stands': [
    apply(`${apps}/deployments/web`, 'git', deployment(env('A', 'B', 'C'))),
    apply(`${apps}/deployments/web`, 'git', deployment(env('C', 'A', 'B'))),
    apply(`${apps}/deployments/web`, 'other', {
      ...deployment(env('X', 'B')),
      spec: {selector, template: {spec: {containers: [{name: 'web', ...env('X', 'B')}]}}},
    }),
    apply(`${apps}/deployments/web`, 'git', deployment(env('B', 'D'))),
    apply(`${apps}/deployments/web`, 'other', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: {name: 'web'},
    }),
    merge(`${apps}/deployments/web`, {
      spec: {
        template: template({
          containers: [
            {name: 'web', image: 'nginx:1.27', ...env('Z', 'Z')},
            {name: 'side', image: 'side:1'},
          ],
        }),
      },
    }),
    apply(`${apps}/deployments/web`, 'git', deployment(env('B', 'Z'))),
    apply(`${apps}/deployments/web`, 'git', deployment({...env(), command: ['a']})),
    apply(`${apps}/deployments/web`, 'git', deployment({command: [], resources: {limits: {cpu: '1'}}})),
    apply(`${apps}/deployments/web`, 'git', deployment({resources: null, ports: null})),
  ],
  'a manager that was there before apply': [
    create(`${core}/configmaps`, {metadata: {name: 'a', managedFields: []}, data: {x: '1'}}),
    {
      method: 'PUT',
      path: `${core}/configmaps/a?fieldManager=one`,
      body: {metadata: {name: 'a'}, data: {x: '1', y: '1'}},
    },
    {
      method: 'PUT',
      path: `${core}/configmaps/a?fieldManager=two`,
      body: {metadata: {name: 'a'}, data: {x: '1'}},
    },
    apply(`${core}/configmaps/a`, 'git', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {name: 'a'},
      data: {x: '1'},
    }),
    apply(`${core}/configmaps/a`, 'git', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {name: 'a', labels: {a: 'b'}},
    }),
  ],
};
