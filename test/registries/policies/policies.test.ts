import assert from 'node:assert/strict';
import test from 'node:test';
import {
  annotationPolicies,
  updaterPolicies,
} from '../../../source/registries/policies/argocd-image-updater.ts';
import {fluxPolicies} from '../../../source/registries/policies/flux.ts';
import {fluxV1Policy} from '../../../source/registries/policies/flux-v1.ts';
import {imageMarkers} from '../../../source/registries/policies/markers.ts';
import {taggedPolicy} from '../../../source/registries/policies/tagged.ts';
import {policyWords} from '../../../source/registries/policy.ts';
import type {JsonObject} from '../../../source/resources/json.ts';

const location = {file: 'a.yaml', line: 1};
const words = (policy: {policy: Parameters<typeof policyWords>[0] | {problem: string}} | null | undefined) =>
  !policy ? null : 'problem' in policy.policy ? policy.policy.problem : policyWords(policy.policy);

const imagePolicy = (name: string, spec: JsonObject, more: JsonObject = {}): JsonObject => ({
  apiVersion: 'image.toolkit.fluxcd.io/v1',
  kind: 'ImagePolicy',
  metadata: {name, namespace: 'flux-system'},
  spec: {imageRepositoryRef: {name: 'podinfo'}, ...spec},
  ...more,
});
const imageRepository: JsonObject = {
  apiVersion: 'image.toolkit.fluxcd.io/v1',
  kind: 'ImageRepository',
  metadata: {name: 'podinfo', namespace: 'flux-system'},
  spec: {image: 'ghcr.io/stefanprodan/podinfo', interval: '1h'},
};

test('Flux’s policies are read with their repository’s image, and git’s word counts before the cluster’s', () => {
  const inGit = (object: JsonObject) => ({object, location});
  const live = (object: JsonObject) => ({object, location: null});
  const semver = (range: string) => imagePolicy('podinfo', {policy: {semver: {range}}});
  const policies = fluxPolicies([
    inGit(semver('5.0.x')),
    live({...semver('4.0.x'), status: {latestRef: {name: 'x', tag: '4.0.6', digest: 'sha256:1'}}}),
    inGit(imageRepository),
    inGit(imagePolicy('nothing', {policy: {}})),
    inGit(imagePolicy('elsewhere', {imageRepositoryRef: {name: 'gone'}, policy: {numerical: {}}})),
    inGit(imagePolicy('broken', {policy: {numerical: {order: 'up'}}})),
  ]);
  const podinfo = policies.get('flux-system:podinfo');
  assert.equal(words(podinfo), 'semver 5.0.x without ^.*\\.sig$');
  assert.equal(podinfo?.image, 'ghcr.io/stefanprodan/podinfo');
  assert.deepEqual(podinfo?.latest, {tag: '4.0.6', digest: 'sha256:1'});
  assert.deepEqual(podinfo?.location, location);
  assert.equal(words(policies.get('flux-system:nothing')), 'the ImagePolicy names no single policy');
  assert.equal(words(policies.get('flux-system:elsewhere')), 'its ImageRepository gone is not found');
  assert.match(
    words(policies.get('flux-system:broken')) ?? '',
    /can't be read \(spec\.policy\.numerical\.order\)/,
  );
});

test('markers are found with the scalar that they set, and what is written otherwise is left alone', () => {
  const text = [
    '  image: ghcr.io/x/app:1.0 # {"$imagepolicy": "flux-system:app"}',
    '      - image: "app:1.0"   # {"$imagepolicy": "flux-system:app"}\r',
    '    newTag: \'1.0\' # {"$imagepolicy": "flux-system:app:tag"}',
    '    - name: x # {"$imagepolicy": "flux-system:app:name"}',
    '    tag: 1.0 # {"$imagepolicy": "flux-system:app:tag"} and more',
    '    image: &a app # {"$imagepolicy": "flux-system:app"}',
    '    {image: app} # {"$imagepolicy": "flux-system:app"}',
    '    image: app # {"$imagepolicy": "app"}',
    '    # image: app # {"$imagepolicy": "flux-system:app"}',
    '    digest: sha256:1 # {"$imagepolicy": "flux-system:app:digest"}',
    '    image: app # {"$imagepolicy": "flux-system:app:platform"}',
  ].join('\n');
  const lines = text.split('\n');
  const found = imageMarkers(text);
  assert.deepEqual(
    found.map(({line, sets, value}) => [line, sets, value]),
    [
      [1, 'image', 'ghcr.io/x/app:1.0'],
      [2, 'image', 'app:1.0'],
      [3, 'tag', '1.0'],
      [4, 'name', 'x'],
      [10, 'digest', 'sha256:1'],
    ],
  );
  for (const {line, start, end, value, policy} of found) {
    assert.equal(lines[line - 1]?.slice(start, end), value);
    assert.equal(policy, 'flux-system:app');
  }
});

test('Weave’s annotations state a policy for each container', () => {
  const workload = (annotations: JsonObject): JsonObject => ({
    kind: 'Deployment',
    metadata: {name: 'web', annotations},
  });
  const read = (annotations: JsonObject, container = 'web') =>
    words(fluxV1Policy(workload(annotations), container, location));
  assert.equal(read({}), null);
  assert.equal(read({'fluxcd.io/automated': 'false'}), null);
  assert.equal(read({'fluxcd.io/automated': 'true'}), 'newest build');
  assert.equal(read({'fluxcd.io/automated': 'true', 'fluxcd.io/tag.web': 'semver:~1.3'}), 'semver ~1.3');
  assert.equal(read({'flux.weave.works/tag.web': 'glob:master-*'}), 'newest build of master-*');
  assert.equal(read({'fluxcd.io/tag.web': 'regexp:^v\\d+$'}), 'newest build of ^v\\d+$');
  assert.equal(read({'fluxcd.io/tag.other': 'semver:~1'}), null);
});

test('a policy in one text is read, or what is wrong with it told', () => {
  const read = (text: string) => words({policy: taggedPolicy(text)});
  const cases = [
    ['semver:^1.2', 'semver ^1.2'],
    ['globsemver:v{1.x}-dev', 'semver 1.x in v…-dev'],
    ['regex:^a', 'newest build of ^a'],
    ['main-*', 'newest build of main-*'],
    ['numerical:desc', 'numerical desc'],
    ['alphabetical', 'alphabetical asc'],
    ['newest-build', 'newest build'],
    ['digest:edge', 'digest of edge'],
    ['digest', 'digest of latest'],
    ['numerical:up', '"numerical:up": the order is asc or desc'],
    ['globsemver:1.x', '"globsemver:1.x" has no {version range}'],
  ] as const;
  for (const [text, expected] of cases) assert.equal(read(text), expected, text);
});

test('Argo CD Image Updater’s annotations are read, an image’s own before those for all', () => {
  const prefix = 'argocd-image-updater.argoproj.io/';
  const application = (annotations: Record<string, string>): JsonObject => ({
    kind: 'Application',
    metadata: {
      name: 'shop',
      namespace: 'argocd',
      annotations: Object.fromEntries(
        Object.entries(annotations).map(([key, value]) => [prefix + key, value]),
      ),
    },
  });
  const policies = annotationPolicies(
    application({
      'image-list': 'web=nginx:~1.26, quay.io/team/api, d=app:stable ,n=localhost:5000/x',
      'web.allow-tags': 'regexp:^[0-9.]+$',
      'web.ignore-tags': 'latest, 2.*',
      'd.update-strategy': 'digest',
      'update-strategy': 'newest-build',
      'n.update-strategy': 'name',
      'web.update-strategy': 'semver',
    }),
    location,
  );
  assert.deepEqual(
    policies.map(policy => [policy.image, words(policy), policy.pinsDigest]),
    [
      ['docker.io/library/nginx', 'semver ~1.26 of ^[0-9.]+$ without latest, 2.*', false],
      ['quay.io/team/api', 'newest build', false],
      ['docker.io/library/app', 'digest of stable', true],
      ['localhost:5000/x', 'alphabetical asc', false],
    ],
  );
  assert.equal(policies[0]?.name, 'Application argocd/shop');
  const odd = annotationPolicies(
    application({'image-list': 'nginx', 'allow-tags': 'glob:x', 'update-strategy': 'best'}),
    null,
  );
  assert.match(words(odd[0]) ?? '', /neither any nor regexp/);
  assert.deepEqual(annotationPolicies(application({}), null), []);
});

test('an ImageUpdater’s settings come down to its images, and only for Applications that it names', () => {
  const updater: JsonObject = {
    apiVersion: 'argocd-image-updater.argoproj.io/v1alpha1',
    kind: 'ImageUpdater',
    metadata: {name: 'updater', namespace: 'argocd'},
    spec: {
      commonUpdateSettings: {updateStrategy: 'newest-build'},
      applicationRefs: [
        {
          namePattern: 'shop-*',
          images: [
            {alias: 'web', imageName: 'nginx:1.26.x', commonUpdateSettings: {updateStrategy: 'semver'}},
            {alias: 'api', imageName: 'ghcr.io/team/api', commonUpdateSettings: {allowTags: 'regexp:^main-'}},
          ],
        },
      ],
    },
  };
  const read = (name: string, namespace = 'argocd') =>
    updaterPolicies(updater, {metadata: {name, namespace}}, location).map(policy => [
      policy.image,
      words(policy),
    ]);
  assert.deepEqual(read('shop-production'), [
    ['docker.io/library/nginx', 'semver 1.26.x'],
    ['ghcr.io/team/api', 'newest build of ^main-'],
  ]);
  assert.deepEqual(read('other'), []);
  assert.deepEqual(read('shop-production', 'elsewhere'), []);
});
