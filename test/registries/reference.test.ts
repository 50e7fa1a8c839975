import assert from 'node:assert/strict';
import test from 'node:test';
import {fullName, parseImage, withVersion} from '../../source/registries/reference.ts';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

// By the rules and the tests of github.com/distribution/reference.
const cases: [written: string, name: string, tag: string | null, digest: string | null][] = [
  ['nginx', 'docker.io/library/nginx', null, null],
  ['nginx:1.27', 'docker.io/library/nginx', '1.27', null],
  ['bitnami/redis:7', 'docker.io/bitnami/redis', '7', null],
  ['docker.io/nginx', 'docker.io/library/nginx', null, null],
  ['index.docker.io/library/nginx:1', 'docker.io/library/nginx', '1', null],
  ['ghcr.io/stefanprodan/podinfo:6.5.0', 'ghcr.io/stefanprodan/podinfo', '6.5.0', null],
  ['localhost/app', 'localhost/app', null, null],
  ['localhost:5000/team/app:v1', 'localhost:5000/team/app', 'v1', null],
  ['registry.local:5000/app', 'registry.local:5000/app', null, null],
  ['127.0.0.1:5000/app', '127.0.0.1:5000/app', null, null],
  ['[::1]:5000/app:1', '[::1]:5000/app', '1', null],
  [`nginx@${digest}`, 'docker.io/library/nginx', null, digest],
  [`ghcr.io/a/b:1.2@${digest}`, 'ghcr.io/a/b', '1.2', digest],
  ['a/b/c/d:x', 'docker.io/a/b/c/d', 'x', null],
  ['a__b/c--d.e', 'docker.io/a__b/c--d.e', null, null],
];

test('an image’s name is taken apart as docker does it', () => {
  for (const [written, name, tag, sum] of cases) {
    const image = parseImage(written);
    assert.ok(image, written);
    assert.deepEqual([fullName(image), image.tag, image.digest], [name, tag, sum], written);
    assert.equal(withVersion(image, image), written);
  }
});

test('what is no image’s name is none', () => {
  const none = [
    '',
    ' ',
    'Nginx',
    'nginx:',
    'nginx:a b',
    'a//b',
    '/a',
    'a/',
    '$IMAGE',
    '{{ .image }}',
    'nginx@sha256:12',
  ];
  none.push('nginx:-x', 'a'.repeat(600), 'a@b@c', 'http://a.b/c', 'a_/b', 'nginx:1\u001b[31m');
  for (const text of none) assert.equal(parseImage(text), null, JSON.stringify(text));
});
