import fc from 'fast-check';
import type {JsonObject} from '../../../source/resources/json.ts';
import {only, parts, sample, spec, word, words} from './parts.ts';

const anything = fc.constantFrom<unknown>(0, '0', false, {b: []}, {b: {c: 'd'}}, [{a: 1}], 'text');

/** Custom resources. */
export const custom = [
  sample(
    'property.example.com/v1',
    'Gadget',
    'gadgets',
    spec(
      {},
      {
        size: fc.constantFrom('1000m', '1', '1Gi'),
        port: fc.constantFrom<string | number>(80, '80', 'web'),
        count: fc.nat(3),
        mode: fc.constantFrom('auto', 'manual'),
        flag: fc.boolean(),
        atomic: words(0, 3),
        tags: words(0, 3),
        items: fc.uniqueArray(parts({name: word}, {value: word, weight: fc.nat(2)}), {
          maxLength: 3,
          selector: item => item['name'],
        }),
        ports: fc.uniqueArray(
          parts(
            {port: fc.constantFrom(80, 81)},
            {protocol: fc.constantFrom('TCP', 'UDP'), target: fc.nat(2)},
          ),
          {maxLength: 3, selector: item => `${item['port']}${item['protocol'] ?? 'TCP'}`},
        ),
        nested: parts({}, {on: fc.boolean(), tags: words(0, 2), deep: parts({}, {level: fc.nat(2)})}),
        free: parts({}, {a: anything, list: words(0, 2)}),
        whole: parts({}, {a: word, b: word}),
        map: fc.dictionary(word, word, {maxKeys: 2}),
        maybe: fc.constantFrom('', 'a'),
        template: parts({}, {metadata: only({labels: {a: 'b'}}), spec: parts({}, {a: word})}).map(more => ({
          apiVersion: 'v1',
          kind: 'ConfigMap',
          ...more,
        })),
      },
    ),
    {also: 'property.example.com/v1beta1'},
  ),
  sample(
    'property.example.com/v1',
    'Blob',
    'blobs',
    parts({}, {spec: parts({}, {a: anything, b: anything, tags: words(0, 2)}), other: anything}),
    {scope: 'cluster'},
  ),
];

const gadgetSpec: JsonObject = {
  type: 'object',
  properties: {
    size: {type: 'string'},
    port: {'x-kubernetes-int-or-string': true},
    count: {type: 'integer', default: 1},
    mode: {type: 'string', default: 'auto'},
    flag: {type: 'boolean'},
    atomic: {type: 'array', items: {type: 'string'}, 'x-kubernetes-list-type': 'atomic'},
    tags: {type: 'array', items: {type: 'string'}, 'x-kubernetes-list-type': 'set'},
    items: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: {
        type: 'object',
        required: ['name'],
        properties: {
          name: {type: 'string'},
          value: {type: 'string'},
          weight: {type: 'integer', default: 1},
        },
      },
    },
    ports: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['port', 'protocol'],
      items: {
        type: 'object',
        required: ['port'],
        properties: {
          port: {type: 'integer'},
          protocol: {type: 'string', default: 'TCP'},
          target: {type: 'integer'},
        },
      },
    },
    nested: {
      type: 'object',
      default: {},
      properties: {
        on: {type: 'boolean', default: true},
        tags: {type: 'array', items: {type: 'string'}, 'x-kubernetes-list-type': 'set'},
        deep: {type: 'object', properties: {level: {type: 'integer', default: 2}}},
      },
    },
    map: {type: 'object', additionalProperties: {type: 'string'}},
    maybe: {type: 'string', nullable: true},
    template: {
      type: 'object',
      'x-kubernetes-embedded-resource': true,
      'x-kubernetes-preserve-unknown-fields': true,
    },
    free: {type: 'object', 'x-kubernetes-preserve-unknown-fields': true},
    whole: {
      type: 'object',
      'x-kubernetes-map-type': 'atomic',
      properties: {a: {type: 'string'}, b: {type: 'string'}},
    },
  },
};

const gadgetVersion = (name: string, storage: boolean) => ({
  name,
  served: true,
  storage,
  schema: {openAPIV3Schema: {type: 'object', properties: {spec: gadgetSpec}}},
});

/** The definition of Gadget: structural, with a list of every type, defaults, and what is left open. */
export const gadgets: JsonObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: {name: 'gadgets.property.example.com'},
  spec: {
    group: 'property.example.com',
    scope: 'Namespaced',
    names: {kind: 'Gadget', plural: 'gadgets', singular: 'gadget', listKind: 'GadgetList'},
    versions: [gadgetVersion('v1', true), gadgetVersion('v1beta1', false)],
  },
};

/** The definition of Blob: cluster-scoped, and nothing is said of what is in it. */
export const blobs: JsonObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: {name: 'blobs.property.example.com'},
  spec: {
    group: 'property.example.com',
    scope: 'Cluster',
    names: {kind: 'Blob', plural: 'blobs', singular: 'blob', listKind: 'BlobList'},
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {openAPIV3Schema: {type: 'object', 'x-kubernetes-preserve-unknown-fields': true}},
      },
    ],
  },
};
