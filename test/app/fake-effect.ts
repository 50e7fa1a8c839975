import {digestOf} from '../../source/changes/effect/digest.ts';
import type {
  ClusterEffect,
  EnvironmentEffect,
  FieldEffect,
  ObjectEffect,
  RenderedEffect,
} from '../../source/changes/effect/types.ts';
import type {ResourceId} from '../../source/resources/identity.ts';

const id = (kind: string, name: string, group = ''): ResourceId => ({group, kind, namespace: 'shop', name});
const web = id('Deployment', 'web', 'apps');

function object(of: ResourceId, change: ObjectEffect['change'], fields: FieldEffect[] = []): ObjectEffect {
  const source = {file: `environments/production/${of.name}.yaml`, line: 1};
  return {id: of, version: 'v1', change, fields, source, leftOut: null, notes: []};
}

const image: FieldEffect = {
  path: 'spec.template.spec.containers[name=web].image',
  elements: [
    ...['spec', 'template', 'spec', 'containers'].map(name => ({type: 'field', name}) as const),
    {type: 'keys', keys: {name: 'web'}},
    {type: 'field', name: 'image'},
  ],
  change: 'changed',
  before: 'registry.example/shop/web:1.4.2',
  after: 'registry.example/shop/web:1.4.1',
};
const replicas: FieldEffect = {
  path: 'spec.replicas',
  elements: [
    {type: 'field', name: 'spec'},
    {type: 'field', name: 'replicas'},
  ],
  change: 'changed',
  before: 6,
  after: 4,
};

/** A change that moves an image back, scales down, brings a Service and drops a ConfigMap. */
export function rendered(environment: string, more: Partial<RenderedEffect> = {}): RenderedEffect {
  const objects = [
    object(web, 'changed', [replicas, image]),
    object(id('Service', 'web'), 'added'),
    object(id('ConfigMap', 'banner'), 'removed'),
  ];
  return {
    environment,
    from: 'a'.repeat(40),
    to: 'b'.repeat(40),
    objects,
    unchanged: 12,
    digest: digestOf(objects),
    touched: true,
    builds: true,
    problems: [],
    repaired: [],
    undecided: [],
    ...more,
  };
}

/** The same on the cluster, where somebody scaled the Deployment by hand. */
export const onCluster: ClusterEffect = {
  objects: [
    {
      id: web,
      outcome: 'changed',
      reason: null,
      refused: null,
      verdict: 'server',
      notes: [],
      fields: [
        {
          path: replicas.path,
          elements: replicas.elements,
          change: 'changed',
          live: 6,
          desired: 4,
          isDrift: false,
        },
        {
          path: image.path,
          elements: image.elements,
          change: 'changed',
          live: 'registry.example/shop/web:1.4.2',
          desired: 'registry.example/shop/web:1.4.1',
          isDrift: false,
        },
        {
          path: 'metadata.labels.tier',
          elements: [],
          change: 'added',
          live: 'front',
          isDrift: true,
        },
      ],
    },
    {
      id: id('Service', 'web'),
      outcome: 'created',
      reason: null,
      refused: null,
      verdict: 'server',
      notes: [],
      fields: [],
    },
    {
      id: id('ConfigMap', 'banner'),
      outcome: 'kept',
      reason: 'no ApplySet records it: delete it by hand where it is not needed',
      refused: null,
      verdict: 'server',
      notes: [],
      fields: [],
    },
  ],
  problems: [],
};

/** What a session answers about an environment. */
export function effectOf(
  environment: string,
  {from, to}: {from: string | null; to: string},
  cluster: ClusterEffect | null,
  more: Partial<RenderedEffect> = {},
): EnvironmentEffect {
  return {environment, rendered: rendered(environment, {from: from ?? '', to, ...more}), cluster};
}
