import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {containerImages} from '../../../source/changes/promotion/containers.ts';
import {compareVersions, promotedImage, versionOf} from '../../../source/changes/promotion/promoted-image.ts';
import {parseImage} from '../../../source/registries/reference.ts';
import {formatPath} from '../../../source/resources/field-path.ts';
import {object} from './objects.ts';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

test('a version is the tag, else the start of the digest', () => {
  assert.equal(versionOf({tag: 'v1', digest}), 'v1');
  assert.equal(versionOf({tag: null, digest}), 'sha256:0123456789ab');
  assert.equal(versionOf({tag: null, digest: null}), 'latest');
});

describe('what a target gets', () => {
  const promote = (source: string, target: string) => {
    const [from, to] = [parseImage(source), parseImage(target)];
    assert.ok(from !== null && to !== null);
    const {image, note} = promotedImage(from, to);
    return [image, note === null ? null : note.replace(/;.*/, '')];
  };
  const table: [string, string, string, string | null][] = [
    ['shop/api:v2', 'shop/api:v1', 'shop/api:v2', null],
    ['docker.io/shop/api:v2', 'shop/api:v1', 'shop/api:v2', null],
    ['docker.io/library/nginx:2', 'nginx:1', 'nginx:2', null],
    ['eu.example/api:v2', 'us.example/api:v1', 'us.example/api:v2', 'stays with us.example/api'],
    [`shop/api@${digest}`, 'shop/api:v1', `shop/api@${digest}`, null],
    ['caddy:2', 'nginx:1', 'caddy:2', 'another image: nginx becomes caddy'],
  ];
  for (const [source, target, image, note] of table) {
    test(`${source} for ${target}`, () => assert.deepEqual(promote(source, target), [image, note]));
  }
});

test('versions are ordered only where that can be said', () => {
  const table: [string, string, number | undefined][] = [
    ['1.8.0', '1.8.2', -1],
    ['v1.10', 'v1.9', 1],
    ['v1.8', 'v1.8.0', 0],
    ['1.8.0', 'v1.8.1', -1],
    ['7.4-alpine', '7.2-alpine', 1],
    ['7.4-alpine', '7.2', undefined],
    ['1.0.0-rc.1', '1.0.0-rc.2', -1],
    ['main', 'v1', undefined],
    ['2024.11.3', '2024.2.1', 1],
  ];
  for (const [a, b, expected] of table) {
    const order = compareVersions(a, b);
    assert.equal(order === undefined ? undefined : Math.sign(order), expected, `${a} and ${b}`);
  }
});

describe('the images of an object', () => {
  const table: [string, string, string[]][] = [
    [
      'a pod template with init containers',
      `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      initContainers: [{name: migrate, image: shop/migrate:1}]
      containers: [{name: web, image: nginx:1}, {name: side, image: envoy:2}]
`,
      [
        'init migrate spec.template.spec.initContainers[name=migrate].image shop/migrate:1',
        'web spec.template.spec.containers[name=web].image nginx:1',
        'side spec.template.spec.containers[name=side].image envoy:2',
      ],
    ],
    [
      'a CronJob',
      `apiVersion: batch/v1
kind: CronJob
metadata: {name: report}
spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: report, image: 'shop/report:3'}]}}}}}
`,
      ['report spec.jobTemplate.spec.template.spec.containers[name=report].image shop/report:3'],
    ],
    [
      'a Rollout',
      `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: web}
spec: {template: {spec: {containers: [{name: web, image: nginx:1}]}}}
`,
      ['web spec.template.spec.containers[name=web].image nginx:1'],
    ],
    [
      'a custom resource with an image of its own',
      'apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {name: p}\nspec: {image: "prom/prometheus:v3"}\n',
      ['spec spec.image prom/prometheus:v3'],
    ],
    [
      'no image: a disk, a schema, a setting',
      `apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {image: nginx:1}}
`,
      [],
    ],
    [
      'no image: the disk of a pod',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {volumes: [{name: d, rbd: {image: disk}}]}\n',
      [],
    ],
  ];
  for (const [what, text, expected] of table) {
    test(what, () => {
      const found = containerImages(object(text)).map(
        image => `${image.isInit ? 'init ' : ''}${image.container} ${formatPath(image.path)} ${image.text}`,
      );
      assert.deepEqual(found, expected);
    });
  }
});
