import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {readdirSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {describe, type TestContext, test} from 'node:test';
import {openRepository} from '../../source/repository/open.ts';
import type {FieldPath, PathElement} from '../../source/resources/field-path.ts';
import {formatIdentity, identityOf} from '../../source/resources/identity.ts';
import {objectAt} from '../../source/resources/json.ts';
import {formatProblem} from '../../source/resources/problem.ts';
import {loadSource, sourceFiles} from '../../source/sources/load.ts';
import type {SourceResult} from '../../source/sources/types.ts';
import {newRepository, temporaryFolder} from '../repository/git-folder.ts';
import {hasKubectl, kubectlReads} from './kubectl.ts';

const skip = hasKubectl() ? false : 'no kubectl on PATH';

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  annotations:
    note: kept
spec:
  replicas: 1
  template:
    spec:
      containers:
      - name: web
        image: nginx:1.0
        imagePullPolicy: Always
        envFrom: [{configMapRef: {name: settings}}]
      - name: side
        image: busybox:1
`;

const shop: Record<string, string> = {
  'base/deployment.yaml': deployment,
  'base/service.yaml': 'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n',
  'base/kustomization.yaml': `resources: [deployment.yaml, service.yaml]
configMapGenerator:
- name: settings
  files: [app.properties]
  literals: [color=blue]
`,
  'base/app.properties': 'a=1\n',
  'secrets/kustomization.yaml':
    'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nsecretGenerator:\n- {name: token, literals: [t=x]}\n',
  'staging/kustomization.yaml': `namespace: shop
namePrefix: stg-
resources:
- ../base
- namespace.yaml
components: [../secrets]
images:
- name: nginx
  newTag: "2.0"
replicas:
- name: web
  count: 5
patches:
- path: patches/grace.yaml
- target: {kind: Deployment}
  patch: |
    - op: replace
      path: /spec/template/spec/containers/0/imagePullPolicy
      value: Never
configMapGenerator:
- name: settings
  behavior: merge
  literals: [size=L]
`,
  'staging/namespace.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n',
  'staging/patches/grace.yaml':
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      terminationGracePeriodSeconds: 5\n',
  'unrelated/x.yaml': 'kind: [',
};

const load = async (context: TestContext, files: Record<string, string>, folder: string) => {
  const repository = await newRepository(temporaryFolder(context));
  const sha = await repository.commit('Start', files);
  const opened = await openRepository(repository.root);
  const tree = opened.tree(sha);
  const environment = {path: folder, source: 'auto'} as const;
  return {
    result: await loadSource(environment, tree),
    files: await sourceFiles(environment, tree),
    repository,
  };
};

const words = ({problems}: SourceResult) => problems.map(formatProblem);

const f = (name: string): PathElement => ({type: 'field', name});
const container = (name: string): PathElement => ({type: 'keys', keys: {name}});
const containers = [f('spec'), f('template'), f('spec'), f('containers')];

describe('a kustomization', {skip}, () => {
  test('is built as kustomize builds it; each resource knows where it is from', async context => {
    const {result, files} = await load(context, shop, 'staging');
    assert.deepEqual(words(result), []);
    assert.equal(result.source, 'kustomize');
    const found = result.resources.map(({object, location, generatedFrom}) => {
      const name = formatIdentity(identityOf(object)).replace(/-[a-z0-9]{10}$/, '-<hash>');
      return `${name} ${location.file}:${location.line} ${generatedFrom ?? ''}`.trim();
    });
    assert.deepEqual(found.sort(), [
      'ConfigMap/shop/stg-settings-<hash> base/kustomization.yaml:3 stg-settings',
      'Deployment/shop/stg-web base/deployment.yaml:1',
      'Namespace/shop staging/namespace.yaml:1',
      'Secret/shop/stg-token-<hash> secrets/kustomization.yaml:4 stg-token',
      'Service/shop/stg-web base/service.yaml:1',
    ]);
    assert.deepEqual(
      [...files].sort(),
      Object.keys(shop)
        .filter(name => !name.startsWith('unrelated'))
        .sort(),
    );
    const web = result.resources.find(({object}) => object['kind'] === 'Deployment');
    // kustomize was asked for its origin annotation; nobody else sees it.
    assert.deepEqual(objectAt(objectAt(web?.object, 'metadata'), 'annotations'), {note: 'kept'});
    const service = result.resources.find(({object}) => object['kind'] === 'Service');
    assert.deepEqual(service?.object['metadata'], {name: 'stg-web', namespace: 'shop'});
  });

  test('tells the line of the base, the patch or the kustomization that sets a field', async context => {
    const {result} = await load(context, shop, 'staging');
    const of = (kind: string) => result.resources.find(({object}) => object['kind'] === kind);
    const cases: readonly (readonly [kind: string, path: FieldPath, place: string | undefined])[] = [
      ['Deployment', [f('spec'), f('replicas')], 'staging/kustomization.yaml:12'],
      ['Deployment', [...containers, container('web'), f('image')], 'staging/kustomization.yaml:9'],
      ['Deployment', [...containers, container('side'), f('image')], 'base/deployment.yaml:17'],
      [
        'Deployment',
        [...containers, container('web'), f('imagePullPolicy')],
        'staging/kustomization.yaml:16',
      ],
      [
        'Deployment',
        [f('spec'), f('template'), f('spec'), f('terminationGracePeriodSeconds')],
        'staging/patches/grace.yaml:7',
      ],
      ['Deployment', [f('metadata'), f('namespace')], 'staging/kustomization.yaml:1'],
      ['Deployment', [f('metadata'), f('annotations'), f('note')], 'base/deployment.yaml:6'],
      ['Deployment', [f('spec'), f('paused')], undefined],
      // Renamed by the prefix: no line says stg-web.
      ['Service', [f('metadata'), f('name')], undefined],
      ['ConfigMap', [f('data'), f('color')], 'base/kustomization.yaml:5'],
      ['ConfigMap', [f('data'), f('size')], 'staging/kustomization.yaml:23'],
      ['ConfigMap', [f('data'), f('app.properties')], 'base/app.properties:1'],
      ['Secret', [f('data'), f('t')], 'secrets/kustomization.yaml:4'],
    ];
    for (const [kind, path, expected] of cases) {
      const place = of(kind)?.locate(path);
      assert.equal(
        place === undefined ? undefined : `${place.file}:${place.line}`,
        expected,
        JSON.stringify(path),
      );
    }
  });

  test('gives what kubectl makes of a plain build', async context => {
    // kustomize reads YAML in a way of its own (a timestamp is one to it): its output is what counts.
    const traps = [
      'yes',
      'n',
      '0644',
      '1_000',
      '2001-12-14',
      '9007199254740993',
      '!!binary aGVsbG8=',
      '1e3',
      '~',
      '|+\n  a\n\n',
    ];
    const files = {
      ...shop,
      'traps/kustomization.yaml': 'resources: [a.yaml, ../staging]\n',
      'traps/a.yaml': traps
        .map((value, index) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a${index}}\nx: ${value}\n`)
        .join('---\n'),
    };
    const {result, repository} = await load(context, files, 'traps');
    assert.deepEqual(words(result), []);
    const plain = spawnSync('kubectl', ['kustomize', path.join(repository.root, 'traps')], {
      encoding: 'utf8',
    });
    const {objects, error} = kubectlReads(plain.stdout);
    assert.equal(error, '');
    assert.equal(objects.length, traps.length + 5);
    assert.deepEqual(
      result.resources.map(({object}) => object),
      objects,
    );
  });

  test('is built from the revision, not from the checkout', async context => {
    const repository = await newRepository(temporaryFolder(context));
    const sha = await repository.commit('Start', shop);
    repository.write('base/deployment.yaml', 'kind: [');
    repository.write('staging/kustomization.yaml', 'resources: []');
    const tree = (await openRepository(repository.root)).tree(sha);
    const {resources, problems} = await loadSource({path: 'staging', source: 'auto'}, tree);
    assert.deepEqual(problems, []);
    assert.equal(resources.length, 5);
  });

  test('leaves no copy behind, neither built nor failed nor cancelled', async context => {
    // Others may build at the same time: a copy bears the number of the process that made it.
    const own = `gitops-tui-kustomize-${process.pid}-`;
    const copies = () => readdirSync(tmpdir()).filter(name => name.startsWith(own));
    const {repository} = await load(context, shop, 'staging');
    await load(context, {'k/kustomization.yaml': 'resources: [none.yaml]\n'}, 'k');
    const opened = await openRepository(repository.root);
    const {sha} = await opened.head();
    assert.ok(sha !== null);
    const controller = new AbortController();
    const loading = loadSource({path: 'staging', source: 'auto'}, opened.tree(sha), {
      signal: controller.signal,
    });
    controller.abort();
    await assert.rejects(loading);
    assert.deepEqual(copies(), []);
  });

  test('with a generator that is told to make plain names', async context => {
    const {result} = await load(
      context,
      {
        'k/kustomization.yaml':
          'generatorOptions: {disableNameSuffixHash: true}\nconfigMapGenerator: [{name: a, literals: [b=c]}]\n',
      },
      'k',
    );
    assert.deepEqual(
      result.resources.map(({generatedFrom}) => generatedFrom),
      [undefined],
    );
    assert.deepEqual(identityOf(result.resources[0]?.object ?? {}).name, 'a');
  });

  test('that asks for origin annotations itself keeps them', async context => {
    const {result} = await load(
      context,
      {
        'k/kustomization.yml': 'resources: [a.yaml]\nbuildMetadata: [originAnnotations]\n',
        'k/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
      },
      'k',
    );
    const annotations = objectAt(objectAt(result.resources[0]?.object, 'metadata'), 'annotations');
    assert.deepEqual(annotations, {'config.kubernetes.io/origin': 'path: a.yaml\n'});
    assert.deepEqual(result.resources[0]?.location, {file: 'k/a.yaml', line: 1, column: 1});
  });

  test('whose inputs can’t be told is built on a copy of everything', async context => {
    const {result, files} = await load(
      context,
      {
        'k/Kustomization': 'resources: [linked.yaml]\ntransformers: [labels.yaml]\n',
        'k/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
        'k/linked.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: linked}\n',
        'k/labels.yaml':
          'apiVersion: builtin\nkind: LabelTransformer\nmetadata: {name: x}\nlabels: {a: b}\nfieldSpecs: [{path: metadata/labels, create: true}]\n',
        'elsewhere.yaml': '',
      },
      'k',
    );
    assert.deepEqual(words(result), []);
    assert.deepEqual(objectAt(objectAt(result.resources[0]?.object, 'metadata'), 'labels'), {a: 'b'});
    assert.ok(files.has('elsewhere.yaml'));
  });
});

describe('a kustomization that can’t be built is a problem with its file', {skip}, () => {
  const cases: readonly (readonly [title: string, files: Record<string, string>, words: RegExp])[] = [
    [
      'a missing resource',
      {
        'k/kustomization.yaml': 'resources:\n- a.yaml\n- b.yaml\n',
        'k/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
      },
      /^k\/kustomization\.yaml:3:3: kustomize can't build it: .*'b\.yaml'/,
    ],
    [
      'a missing base',
      {'k/kustomization.yaml': 'resources:\n- ../base\n'},
      /^k\/kustomization\.yaml:2:3: kustomize can't build it: .*'\.\.\/base'/,
    ],
    [
      'a broken resource',
      {'k/kustomization.yaml': 'resources: [a.yaml]\n', 'k/a.yaml': 'apiVersion: v1\nkind: [\n'},
      /^k\/a\.yaml:3:1: unexpected end of the stream within a flow collection/,
    ],
    [
      'a broken kustomization',
      {'k/kustomization.yaml': 'resources: [\n'},
      /^k\/kustomization\.yaml:\d+(?::\d+)?: unexpected end of the stream within a flow collection/,
    ],
    [
      'an unknown field',
      {'k/kustomization.yaml': 'resource: [a.yaml]\n'},
      /^k\/kustomization\.yaml:1:1: kustomize can't build it: .*unknown field "resource"/,
    ],
    [
      'a file outside of the kustomization',
      {
        'k/kustomization.yaml': 'resources: [../a.yaml]\n',
        'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
      },
      /^k\/kustomization\.yaml:1:13: kustomize can't build it: .*is not in or below/,
    ],
    [
      'a missing patch, of which kustomize tells in several lines',
      {'k/kustomization.yaml': 'patches: [{path: nope.yaml}]\n'},
      /^k\/kustomization\.yaml:1(?::\d+)?: kustomize can't build it: (?!E\d).*nope\.yaml[^<>]*$/,
    ],
    [
      'a Helm chart',
      {'k/kustomization.yaml': 'helmCharts: [{name: x, repo: "https://localhost:1"}]\n'},
      /^k\/kustomization\.yaml:1(?::\d+)?: kustomize can't build it: .*--enable-helm/,
    ],
    [
      'a remote base through a protocol that runs programs',
      {'k/kustomization.yaml': 'resources: ["ext::sh -c touch%20/tmp/pwned"]\n'},
      /^k\/kustomization\.yaml:1(?::\d+)?: kustomize can't build it: /,
    ],
  ];
  for (const [title, files, expected] of cases) {
    test(title, async context => {
      const {result} = await load(context, files, 'k');
      assert.deepEqual(result.resources, []);
      assert.match(words(result)[0] ?? '', expected);
      assert.doesNotMatch(words(result).join(), /gitops-tui-kustomize-/);
    });
  }
});
