import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {contextFor} from '../../source/environments/contexts.ts';
import {discover, isProduction, onlyFolder} from '../../source/environments/discover.ts';
import {editDistance, nearest} from '../../source/environments/suggest.ts';

const entries = (paths: readonly string[]) =>
  paths.map(path => ({path, mode: '100644', oid: path})).sort((a, b) => (a.path < b.path ? -1 : 1));

describe('environments are found by the layout', () => {
  const cases: readonly (readonly [title: string, files: string[], branches: string[], found: string[]])[] = [
    [
      'environments/*',
      ['environments/staging/a.yaml', 'environments/production/deep/a.yaml', 'README.md'],
      ['main'],
      ['production environments/production environments/*', 'staging environments/staging environments/*'],
    ],
    [
      'what they share is none',
      [
        'envs/dev/kustomization.yaml',
        'envs/base/a.yaml',
        'envs/_lib/a.yaml',
        'envs/common/a.yaml',
        'envs/a.yaml',
      ],
      [],
      ['dev envs/dev envs/*'],
    ],
    [
      'a folder without manifests is none',
      ['environments/docs/README.md', 'environments/dev/main.tf'],
      [],
      ['dev environments/dev environments/*'],
    ],
    [
      'overlays of one application are named like themselves',
      ['apps/web/base/a.yaml', 'apps/web/overlays/dev/a.yaml', 'apps/web/overlays/prod/a.yaml'],
      [],
      ['dev apps/web/overlays/dev apps/*/overlays/*', 'prod apps/web/overlays/prod apps/*/overlays/*'],
    ],
    [
      'of several, with the application in front',
      ['apps/web/overlays/dev/a.yaml', 'apps/api/overlays/dev/a.yaml', 'apps/api/overlays/prod/a.yaml'],
      [],
      [
        'api/dev apps/api/overlays/dev apps/*/overlays/*',
        'api/prod apps/api/overlays/prod apps/*/overlays/*',
        'web/dev apps/web/overlays/dev apps/*/overlays/*',
      ],
    ],
    ['below the usual folders', ['k8s/overlays/dev/a.yaml'], [], ['dev k8s/overlays/dev k8s/overlays/*']],
    [
      'branches',
      ['a.yaml'],
      ['env/staging', 'environments/prod', 'feature/env', 'main'],
      ['staging  env/staging branch env/*', 'prod  environments/prod branch environments/*'],
    ],
    [
      'two of one name are named by their paths',
      ['environments/dev/a.yaml', 'clusters/dev/a.yaml', 'clusters/prod/a.yaml'],
      ['env/dev'],
      [
        'environments/dev environments/dev environments/*',
        'clusters/dev clusters/dev clusters/*',
        'prod clusters/prod clusters/*',
        'env/dev  env/dev branch env/*',
      ],
    ],
    ['nothing of the kind', ['a.yaml', 'src/environments/dev.ts'], ['main'], []],
  ];
  for (const [title, files, branches, expected] of cases) {
    test(title, () => {
      const found = discover(entries(files), branches).map(({name, path, branch, origin}) =>
        [name, path, branch, origin].filter(part => part !== null).join(' '),
      );
      assert.deepEqual(found, expected);
    });
  }
});

test('the one folder of manifests', () => {
  assert.equal(onlyFolder(entries(['a.yaml', 'k8s/b.yaml'])), '');
  assert.equal(onlyFolder(entries(['package.txt', '.gitops-tui.yaml', 'k8s/b.yaml'])), 'k8s');
  assert.equal(onlyFolder(entries(['k8s/b.yaml', 'deploy/c.yaml'])), '');
  assert.equal(onlyFolder(entries(['shop/b.yaml'])), '');
});

test('production by its name', () => {
  for (const name of [
    'prod',
    'production',
    'live',
    'prod-eu',
    'eu-prod',
    'web/production',
    'PROD',
    'production_us',
  ]) {
    assert.equal(isProduction(name), true, name);
  }
  for (const name of ['dev', 'staging', 'preprod', 'product', 'liver', 'prod/dev', 'reproduction']) {
    assert.equal(isProduction(name), false, name);
  }
});

describe('a context is taken only where it is certain', () => {
  const cases: readonly (readonly [environment: string, contexts: string[], context: string | null])[] = [
    ['staging', ['staging', 'kind-staging'], 'staging'],
    ['dev', ['kind-dev', 'stg'], 'kind-dev'],
    ['dev', ['arn:aws:eks:eu-west-1:1:cluster/dev'], 'arn:aws:eks:eu-west-1:1:cluster/dev'],
    ['dev', ['gke_project_zone_dev', 'x'], 'gke_project_zone_dev'],
    ['dev', ['admin@dev'], 'admin@dev'],
    ['dev', ['kind-dev', 'eks-dev'], null],
    ['production', ['eks-prod', 'prod'], null],
    ['prod', ['nonprod', 'preprod'], null],
    ['prod', ['prod-eu'], null],
    ['prod', ['non-prod'], null],
    ['prod', ['aks-pre-prod'], null],
    ['prod', ['aks-pre-prod', 'aks-prod'], 'aks-prod'],
    ['web/dev', ['kind-dev'], 'kind-dev'],
    ['web/dev', ['web/dev', 'dev'], 'web/dev'],
    ['dev', [], null],
  ];
  for (const [environment, contexts, expected] of cases) {
    test(`${environment} of ${contexts.join(', ')}`, () => {
      assert.equal(contextFor(environment, {names: contexts, current: contexts[0] ?? null}), expected);
    });
  }
});

test('a word that was mistyped', () => {
  assert.equal(nearest('contxt', ['name', 'context', 'path']), 'context');
  assert.equal(nearest('Branch', ['name', 'branch']), 'branch');
  assert.equal(nearest('zzz', ['name', 'context']), undefined);
  assert.equal(nearest('x', []), undefined);
  assert.deepEqual(
    [editDistance('', 'abc'), editDistance('abc', 'acb'), editDistance('abc', 'abc')],
    [3, 1, 0],
  );
});
