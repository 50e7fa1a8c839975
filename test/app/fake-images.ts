import type {ImageUpdate} from '../../source/changes/images/types.ts';
import type {ImagesPreview} from '../../source/changes/types.ts';
import {revertPreview} from './fake-data.ts';

function image(name: string, more: Partial<ImageUpdate>): ImageUpdate {
  const container = name.replace(/[:@].*$/, '').replace(/^.*\//, '');
  return {
    image: name,
    users: [{id: {group: 'apps', kind: 'Deployment', namespace: 'shop', name: container}, container}],
    live: [],
    policy: null,
    marker: null,
    state: 'current',
    target: null,
    targetTag: null,
    step: null,
    created: null,
    revision: null,
    problem: null,
    ...more,
  };
}

/** What an image says of itself before its registry has answered. */
export const pendingImage = {
  state: 'pending',
  target: null,
  targetTag: null,
  step: null,
  created: null,
  revision: null,
  problem: null,
} as const;

/** An image of each kind: behind its policy, only suggested, current, unknown. */
export function imageUpdates(): ImageUpdate[] {
  return [
    image('ghcr.io/acme/checkout:1.8.2', {
      state: 'newer',
      target: 'ghcr.io/acme/checkout:1.9.0',
      targetTag: '1.9.0',
      step: 'minor',
      created: '2026-08-04T14:02:00.000Z',
      revision: '9be01d4a5c0ffee1',
      policy: {words: 'semver ~1', origin: 'flux', name: 'ImagePolicy flux-system/checkout'},
      marker: 'flux-system:checkout',
      live: ['ghcr.io/acme/checkout:1.8.0'],
    }),
    image('ghcr.io/acme/web:main-17', {
      state: 'newer',
      target: 'ghcr.io/acme/web:main-21',
      targetTag: 'main-21',
      step: 'other',
      policy: {words: 'numerical asc of ^main-(\\d+)$', origin: 'config', name: '.gitops-tui.yaml:12'},
    }),
    image('nginx:1.26.1', {state: 'suggested', target: 'nginx:2.0.0', targetTag: '2.0.0', step: 'major'}),
    image('redis:7.4.1', {
      state: 'current',
      targetTag: '7.4.1',
      policy: {words: 'semver ~7', origin: 'flux-v1', name: 'Deployment redis (fluxcd.io/tag.redis)'},
    }),
    image('registry.acme.example/private/api:2', {
      state: 'unknown',
      problem: 'registry.acme.example shows private/api to nobody without credentials: run "docker login"',
    }),
  ];
}

/** What updating the first of them would do. */
export function imagesPreview(name: string, request: ImagesPreview['request']): ImagesPreview {
  const {plan, ...rest} = revertPreview(name);
  return {
    ...rest,
    kind: 'images',
    request,
    plan: {
      ...plan,
      message: `Update ${request.updates.length} images in ${name}\n\nEnvironment: ${name}\n`,
      trailers: [`Environment: ${name}`],
    },
    pullRequestBranch: `gitops-tui/images-${name}-0a1b2c3`,
  };
}
