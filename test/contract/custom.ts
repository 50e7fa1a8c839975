import type {JsonObject} from '../../source/resources/json.ts';
import {listAt, objectAt, stringAt} from '../../source/resources/json.ts';
import {type Ask, applyType, jsonPatchType, mergePatchType} from './client.ts';
import type {Transcript} from './transcripts.ts';

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const group = '{ns}.example.com';
const widgets = `/apis/${group}/v1/namespaces/{ns}/widgets`;
const gadgets = `/apis/${group}/v1/gadgets`;

const schema: JsonObject = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      required: ['size'],
      properties: {
        size: {type: 'integer', minimum: 1, maximum: 10},
        color: {type: 'string', enum: ['red', 'green'], default: 'red'},
        title: {type: 'string', pattern: '^[a-z]+$', minLength: 2},
        port: {'x-kubernetes-int-or-string': true},
        free: {type: 'object', 'x-kubernetes-preserve-unknown-fields': true},
        options: {type: 'object', additionalProperties: {type: 'string'}},
        parts: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: {
            type: 'object',
            required: ['name'],
            properties: {name: {type: 'string'}, count: {type: 'integer', default: 1}},
          },
        },
        tags: {type: 'array', 'x-kubernetes-list-type': 'set', items: {type: 'string'}},
        steps: {type: 'array', items: {type: 'string'}},
        maybe: {type: 'string', nullable: true},
      },
    },
    status: {type: 'object', properties: {phase: {type: 'string'}}},
  },
};

const definition = (plural: string, kind: string, scope: string, version: JsonObject): JsonObject => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: {name: `${plural}.${group}`},
  spec: {
    group,
    scope,
    names: {plural, kind},
    versions: [{name: 'v1', served: true, storage: true, ...version}],
  },
});

const widget = (spec: JsonObject, more: JsonObject = {}): JsonObject => ({
  apiVersion: `${group}/v1`,
  kind: 'Widget',
  metadata: {name: 'a'},
  spec,
  ...more,
});

/** One with a field of each sort. */
const full = widget({
  size: 1,
  parts: [{name: 'x'}, {name: 'y', count: 2}],
  tags: ['a', 'b'],
  steps: ['1'],
  free: {deep: {er: [1]}},
  options: {o: '1'},
});

const ofGet = (path: string): Ask => ({method: 'GET', path});
const post = (path: string, body: JsonObject): Ask => ({method: 'POST', path, body});
const apply = (path: string, manager: string, body: JsonObject, query = ''): Ask => ({
  method: 'PATCH',
  path: `${path}?fieldManager=${manager}${query}`,
  body,
  type: applyType,
});
const merge = (path: string, body: JsonObject): Ask => ({method: 'PATCH', path, body, type: mergePatchType});

/** The definition is established and its kind is served, which the real server does in its own time. */
const established = (plural: string): Ask[] => [
  {
    ...ofGet(`${definitions}/${plural}.${group}`),
    until: ({body}) =>
      listAt(objectAt(body, 'status'), 'conditions').some(
        condition =>
          stringAt(condition, 'type') === 'Established' && stringAt(condition, 'status') === 'True',
      ),
  },
  {
    ...ofGet(plural === 'widgets' ? widgets : gadgets),
    until: ({status}) => status === 200,
  },
];

export const customTranscripts: Record<string, Transcript> = {
  'custom resources: schema, defaults, pruning': [
    post(
      definitions,
      definition('widgets', 'Widget', 'Namespaced', {
        schema: {openAPIV3Schema: schema},
        subresources: {status: {}},
      }),
    ),
    ...established('widgets'),
    post(
      `${widgets}?fieldManager=me`,
      widget({size: 1, unknown: true, free: {any: [1, {thing: null}]}, maybe: null, title: null}),
    ),
    ofGet(`${widgets}/a`),
    ofGet(widgets),
    post(`${widgets}?fieldValidation=Strict`, widget({size: 1, unknown: true}, {extra: 1})),
    post(
      `${widgets}?fieldValidation=Warn&dryRun=All`,
      widget({size: 1, unknown: true}, {metadata: {name: 'warned'}}),
    ),
    post(widgets, widget({}, {metadata: {name: 'b'}})),
    post(widgets, widget({size: 'big'}, {metadata: {name: 'b'}})),
    post(widgets, widget({size: 0}, {metadata: {name: 'b'}})),
    post(widgets, widget({size: 1, color: 'blue'}, {metadata: {name: 'b'}})),
    post(widgets, widget({size: 1, title: 'X'}, {metadata: {name: 'b'}})),
    post(widgets, widget({size: 1, title: 'XX'}, {metadata: {name: 'b'}})),
    post(widgets, widget({size: 11}, {metadata: {name: 'b'}})),
    post(widgets, widget({size: 1, parts: [{count: 1}]}, {metadata: {name: 'b'}})),
    post(widgets, widget({size: 1}, {metadata: {name: 'b'}, status: {phase: 'Done'}})),
    merge(`${widgets}/b/status?fieldManager=controller`, {
      status: {phase: 'Done'},
      spec: {size: 9},
      metadata: {labels: {a: 'b'}},
    }),
    merge(`${widgets}/b?fieldManager=me`, {spec: {size: 2}, status: {phase: 'Other'}}),
    merge(`${widgets}/b?fieldManager=me`, {metadata: {annotations: {a: 'b'}}}),
    {method: 'PUT', path: `${widgets}/b`, body: widget({size: 3}, {metadata: {name: 'b'}})},
    {
      method: 'PATCH',
      path: `${widgets}/b`,
      type: jsonPatchType,
      body: [{op: 'replace', path: '/spec/size', value: 4}],
    },
    {method: 'PATCH', path: `${widgets}/b`, type: 'application/strategic-merge-patch+json', body: {}},
    {method: 'DELETE', path: `${widgets}/b`},
  ],
  'custom resources: apply': [
    post(
      definitions,
      definition('widgets', 'Widget', 'Namespaced', {
        schema: {openAPIV3Schema: schema},
        subresources: {status: {}},
      }),
    ),
    ...established('widgets'),
    apply(`${widgets}/a`, 'git', full),
    // The same again changes nothing.
    apply(`${widgets}/a`, 'git', full),
    apply(
      `${widgets}/a`,
      'other',
      widget({size: 1, parts: [{name: 'z'}, {name: 'y', count: 3}], tags: ['c']}),
    ),
    apply(
      `${widgets}/a`,
      'other',
      widget({size: 1, parts: [{name: 'z'}, {name: 'y', count: 3}], tags: ['c']}),
      '&force=true',
    ),
    apply(
      `${widgets}/a`,
      'git',
      widget({size: 1, parts: [{name: 'y'}], tags: ['a'], free: {deep: {er: [2]}}}),
      '&force=true',
    ),
    apply(`${widgets}/a`, 'git', widget({size: 2}), '&force=true'),
    apply(`${widgets}/a`, 'git', widget({size: 2, unknown: 1}), '&force=true'),
    apply(`${widgets}/a`, 'git', widget({size: 2, tags: ['a', 'a']}), '&force=true'),
    apply(`${widgets}/a`, 'git', widget({size: 'x'}), '&force=true'),
    apply(`${widgets}/a`, 'other', widget({size: 2}), '&force=true'),
    apply(`${widgets}/a/status`, 'controller', {
      apiVersion: `${group}/v1`,
      kind: 'Widget',
      metadata: {name: 'a'},
      status: {phase: 'Up'},
    }),
    ofGet(`${widgets}/a`),
  ],
  'custom resources: cluster-scoped, anything goes': [
    post(definitions, {
      ...definition('gadgets', 'Gadget', 'Cluster', {
        schema: {openAPIV3Schema: {type: 'object', 'x-kubernetes-preserve-unknown-fields': true}},
      }),
    }),
    ...established('gadgets'),
    post(gadgets, {
      apiVersion: `${group}/v1`,
      kind: 'Gadget',
      metadata: {name: 'a'},
      anything: {goes: [1, 2]},
      status: {x: 1},
    }),
    apply(`${gadgets}/a`, 'git', {
      apiVersion: `${group}/v1`,
      kind: 'Gadget',
      metadata: {name: 'a'},
      anything: {goes: [3]},
      more: {a: 'b'},
    }),
    apply(
      `${gadgets}/a`,
      'git',
      {
        apiVersion: `${group}/v1`,
        kind: 'Gadget',
        metadata: {name: 'a'},
        anything: {goes: [3]},
        more: {a: 'b'},
      },
      '&force=true',
    ),
    apply(`${gadgets}/a`, 'git', {
      apiVersion: `${group}/v1`,
      kind: 'Gadget',
      metadata: {name: 'a'},
      more: {},
    }),
    merge(`${gadgets}/a`, {status: {x: 2}}),
    ofGet(`/apis/${group}`),
    {method: 'DELETE', path: `${gadgets}/a`},
  ],
};
