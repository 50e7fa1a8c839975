import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, test} from 'node:test';
import {formatIdentity, identityOf} from '../../source/resources/identity.ts';
import {objectAt} from '../../source/resources/json.ts';
import {formatProblem} from '../../source/resources/problem.ts';
import {loadSource, sourceFiles} from '../../source/sources/load.ts';
import {temporaryFolder} from '../repository/git-folder.ts';
import {hasKubectl} from './kubectl.ts';
import {memoryTree} from './memory-tree.ts';

const withoutKubectl = hasKubectl() ? false : 'no kubectl on PATH';

const configMap = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;

async function load(files: Record<string, string>, folder = '', source: 'auto' | 'directory' = 'auto') {
  const result = await loadSource({path: folder, source}, memoryTree(files));
  return {
    ...result,
    found: result.resources.map(
      ({object, location}) => `${formatIdentity(identityOf(object))} ${location.file}:${location.line}`,
    ),
    words: result.problems.map(
      problem => `${problem.severity === 'error' ? '' : 'warning: '}${formatProblem(problem)}`,
    ),
  };
}

describe('a folder of manifests', () => {
  test('is read with its subfolders: .yaml, .yml and .json, several documents, lists', async () => {
    const {found, words, source} = await load(
      {
        'shop/a.yaml': `${configMap('a')}---\n# second\n${configMap('b')}`,
        'shop/deep/er/c.yml': configMap('c'),
        'shop/d.json': '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "d"}}',
        'shop/list.yaml': `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: e}\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: f}}\n`,
        'shop/notes.txt': 'kind: [',
        'shopping/z.yaml': configMap('z'),
      },
      'shop',
    );
    assert.equal(source, 'directory');
    assert.deepEqual(words, []);
    assert.deepEqual(found, [
      'ConfigMap/a shop/a.yaml:1',
      'ConfigMap/b shop/a.yaml:7',
      'ConfigMap/d shop/d.json:1',
      'ConfigMap/c shop/deep/er/c.yml:1',
      'ConfigMap/e shop/list.yaml:4',
      'ConfigMap/f shop/list.yaml:7',
    ]);
  });

  test('one broken file costs no other one', async () => {
    const {found, words} = await load({
      'a.yaml': configMap('a'),
      'b.yaml': `${configMap('b')}---\nkind: [\n---\n${configMap('c')}`,
    });
    assert.deepEqual(found, ['ConfigMap/a a.yaml:1', 'ConfigMap/b b.yaml:1', 'ConfigMap/c b.yaml:8']);
    assert.deepEqual(words, [
      'b.yaml:7:1: unexpected end of the stream within a flow collection — close the bracket, or add the comma',
    ]);
  });

  test('what is no resource is an error with its place', async () => {
    const cases: readonly (readonly [text: string, words: string])[] = [
      ['data: 1\n', 'x.yaml:1:1: apiVersion is missing — a Kubernetes object states apiVersion and kind'],
      ['apiVersion: v1\n', 'x.yaml:1:1: kind is missing — a Kubernetes object states apiVersion and kind'],
      ['apiVersion: 1\nkind: A\n', 'x.yaml:1:1: apiVersion is a number (1) — it must be text: quote it'],
      [
        'hello\n',
        'x.yaml:1:1: this is text, not a Kubernetes object — it needs apiVersion, kind and metadata',
      ],
      [
        '- a\n',
        'x.yaml:1:1: this is a list, not a Kubernetes object — it needs apiVersion, kind and metadata',
      ],
      [
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n',
        'x.yaml:3:1: metadata.name is missing in this ConfigMap — give it a name',
      ],
      [
        'apiVersion: v1\nkind: ConfigMap\n',
        'x.yaml:1:1: metadata.name is missing in this ConfigMap — give it a name',
      ],
      [
        'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: 12\n',
        'x.yaml:4:3: metadata.name is a number (12) — it must be text: quote it',
      ],
      [
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: on}\n',
        'x.yaml:3:21: metadata.namespace is a boolean (true) — it must be text: quote it',
      ],
      [
        'apiVersion: v1\nkind: List\nitems:\n- kind: ConfigMap\n- 5\n',
        'x.yaml:4:3: apiVersion is missing — a Kubernetes object states apiVersion and kind',
      ],
    ];
    for (const [text, expected] of cases) {
      const {words, found} = await load({'x.yaml': text});
      assert.equal(words[0], expected);
      assert.deepEqual(found, []);
    }
  });

  test('a name that the server makes is no mistake', async () => {
    const {resources, words} = await load({
      'job.yaml': 'apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: once-}\n',
    });
    assert.deepEqual(words, []);
    assert.deepEqual(objectAt(resources[0]?.object, 'metadata'), {generateName: 'once-'});
  });

  test('files of other tools are left out without a word; manifests in them are not', async () => {
    const {found, words} = await load({
      'a.yaml': configMap('a'),
      'values.yaml': 'replicas: 1\nimage: {{ broken\n',
      'values-prod.yaml': 'replicas: 3\n',
      '.gitops-tui.yaml': 'environments: []\n',
      '.github/workflows/ci.yml': 'on: push\n',
      '.hidden/b.yaml': configMap('hidden'),
      '.pre-commit.yaml': 'repos: []\n',
      '.secret.yaml': configMap('c'),
      'app.schema.json': '{"type": "object"}',
      'package.json': '{"name": "x"}',
      'cluster.yaml': 'apiVersion: kind.x-k8s.io/v1alpha4\nkind: Cluster\n',
    });
    assert.deepEqual(words, []);
    assert.deepEqual(found, ['ConfigMap/c .secret.yaml:1', 'ConfigMap/a a.yaml:1']);
  });

  test('a chart inside is told, not read as what it is not', async () => {
    const {found, words} = await load(
      {
        'shop/a.yaml': configMap('a'),
        'shop/chart/Chart.yaml': 'name: x\n',
        'shop/chart/templates/b.yaml': '{{ if }}\n',
      },
      'shop',
    );
    assert.deepEqual(found, ['ConfigMap/a shop/a.yaml:1']);
    assert.deepEqual(words, [
      "shop/chart/Chart.yaml:1: shop/chart is a Helm chart, which this version can't read yet: what it deploys is not compared — move it out of the environment’s folder, or commit what it renders",
    ]);
  });

  test('kustomizations inside are built, but not what others build on', {skip: withoutKubectl}, async () => {
    const files = {
      'shop/a.yaml': configMap('a'),
      'shop/web/overlay/kustomization.yaml': 'namePrefix: web-\nresources: [../base]\n',
      'shop/web/base/kustomization.yaml': 'resources: [b.yaml]\n',
      'shop/web/base/b.yaml': configMap('b'),
      'shop/labels/kustomization.yaml': 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n',
      'shop/flux/kustomization.yaml':
        'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps}\n',
    };
    const {found, words} = await load(files, 'shop');
    assert.deepEqual(words, []);
    assert.deepEqual(found, [
      'ConfigMap/a shop/a.yaml:1',
      'Kustomization/apps shop/flux/kustomization.yaml:1',
      'ConfigMap/web-b shop/web/base/b.yaml:1',
    ]);
    assert.deepEqual(
      [...(await sourceFiles({path: 'shop', source: 'auto'}, memoryTree(files)))],
      [
        'shop/a.yaml',
        'shop/flux/kustomization.yaml',
        'shop/web/overlay/kustomization.yaml',
        'shop/web/base/kustomization.yaml',
        'shop/web/base/b.yaml',
      ],
    );
  });

  test('symbolic links are not followed', async () => {
    const {found, words} = await load({'a.yaml': configMap('a'), 'passwd.yaml': 'link:/etc/passwd'});
    assert.deepEqual(found, ['ConfigMap/a a.yaml:1']);
    assert.deepEqual(words, [
      'passwd.yaml:1: a symbolic link is not followed: what it leads to is not compared — put the file itself there',
    ]);
  });
});

describe('lists', () => {
  const cases: readonly (readonly [title: string, text: string, found: string[]])[] = [
    ['an empty v1 List', 'apiVersion: v1\nkind: List\nitems: []\n', []],
    ['a v1 List without items', 'apiVersion: v1\nkind: List\nitems: null\n', []],
    [
      'a typed list, whose items leave out their kind',
      'apiVersion: v1\nkind: ConfigMapList\nitems: [{metadata: {name: a}}]\n',
      ['ConfigMap/a x.yaml:3'],
    ],
    [
      'a list in a list',
      'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: List\n  items:\n  - {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n',
      ['ConfigMap/a x.yaml:7'],
    ],
    [
      'a custom kind that merely ends in List',
      'apiVersion: example.com/v1\nkind: AllowList\nmetadata: {name: a}\nspec: {items: [b]}\n',
      ['AllowList/a x.yaml:1'],
    ],
    [
      'one with items of its own',
      'apiVersion: example.com/v1\nkind: AllowList\nmetadata: {name: a}\nitems: [{cidr: 10.0.0.0/8}, {cidr: 10.1.0.0/16}]\n',
      ['AllowList/a x.yaml:1'],
    ],
    [
      'a real list of custom kinds',
      'apiVersion: example.com/v1\nkind: AllowList\nitems:\n- {apiVersion: example.com/v1, kind: Allow, metadata: {name: a}}\n',
      ['Allow/a x.yaml:4'],
    ],
  ];
  for (const [title, text, expected] of cases) {
    test(title, async () => {
      const {found, words} = await load({'x.yaml': text});
      assert.deepEqual(words, []);
      assert.deepEqual(found, expected);
    });
  }

  test('fields of an item are found in the list', async () => {
    const {resources} = await load({
      'x.yaml':
        'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a}\n  data:\n    k: v\n',
    });
    const place = resources[0]?.locate([
      {type: 'field', name: 'data'},
      {type: 'field', name: 'k'},
    ]);
    assert.deepEqual(place, {file: 'x.yaml', line: 8, column: 5});
  });
});

test('a Secret’s data is found in stringData, which wins', async () => {
  const {resources} = await load({
    'x.yaml':
      'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata:\n  a: eA==\n  b: eA==\nstringData:\n  a: y\n',
  });
  const line = (name: string) =>
    resources[0]?.locate([
      {type: 'field', name: 'data'},
      {type: 'field', name},
    ])?.line;
  assert.deepEqual([line('a'), line('b'), line('c')], [8, 6, undefined]);
});

describe('a source is recognised', () => {
  const cases: readonly (readonly [
    title: string,
    files: Record<string, string>,
    folder: string,
    words: RegExp,
  ])[] = [
    [
      'a Helm chart',
      {'c/Chart.yaml': 'name: x\n'},
      'c',
      /^c\/Chart\.yaml:1: c is a Helm chart, which this version can't read yet/,
    ],
    ['Terraform', {'t/main.tf': ''}, 't', /^t\/main\.tf:1: t is Terraform/],
    ['Ansible', {'a/site.yml': '- hosts: all\n'}, 'a', /^a\/site\.yml:1: a is Ansible/],
    ['no manifest', {'a/README.md': ''}, 'a', /^a holds no manifest/],
    [
      'no folder',
      {'envs/staging/a.yaml': ''},
      'envs/stagin',
      /^there is no folder envs\/stagin at c0ffee0 — .*; there is envs\/staging$/,
    ],
    ['a folder of that name elsewhere', {'k8s/prod/a.yaml': ''}, 'prod', /there is k8s\/prod$/],
    ['no file at all', {}, '', /holds no file$/],
  ];
  for (const [title, files, folder, expected] of cases) {
    test(title, async () => {
      const {words, found} = await load(files, folder);
      assert.equal(words.length, 1);
      assert.match(words[0] ?? '', expected);
      assert.deepEqual(found, []);
    });
  }

  test('a kustomization is wanted where the config says so', async () => {
    const tree = memoryTree({'a/a.yaml': configMap('a')});
    const {problems} = await loadSource({path: 'a', source: 'kustomize'}, tree);
    assert.match(problems[0]?.message ?? '', /^a has no kustomization\.yaml$/);
  });

  test('slashes around a path do not matter', async () => {
    const {found} = await load({'a/b/x.yaml': configMap('a')}, './a/b/');
    assert.deepEqual(found, ['ConfigMap/a a/b/x.yaml:1']);
  });
});

test('the files of a folder are its manifests', async () => {
  const tree = memoryTree({'e/a.yaml': '', 'e/README.md': '', 'e/.hidden/x.yaml': '', 'f/b.yaml': ''});
  assert.deepEqual([...(await sourceFiles({path: 'e', source: 'auto'}, tree))], ['e/a.yaml']);
});

test('an abort ends the reading', async () => {
  const tree = memoryTree({'a.yaml': configMap('a')});
  await assert.rejects(loadSource({path: '', source: 'auto'}, tree, {signal: AbortSignal.abort()}), {
    name: 'AbortError',
  });
});

test('kubectl reads the same objects from the same folder', {
  skip: hasKubectl() ? false : 'no kubectl on PATH',
}, async context => {
  const files = {
    'a.yaml': `${configMap('a')}---\n${configMap('b')}`,
    'deep/c.yml': configMap('c'),
    'deep/d.json': '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "d"}}',
    'list.yaml':
      'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: e}}\n',
    'typed.yaml': 'apiVersion: v1\nkind: ConfigMapList\nitems:\n- metadata: {name: f}\n',
    'custom.yaml': 'apiVersion: example.com/v1\nkind: AllowList\nmetadata: {name: g}\nspec: {items: [1]}\n',
    'notes.txt': 'no manifest',
  };
  const folder = temporaryFolder(context);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), {recursive: true});
    writeFileSync(path.join(folder, name), content);
  }
  const args = ['label', '--local', '--dry-run=client', '-o', 'name', '-R', '-f', folder, 'read-by=kubectl'];
  const kubectl = spawnSync('kubectl', args, {encoding: 'utf8'});
  const {found} = await load(files);
  const names = found.map(line => line.split(' ')[0]?.split('/')[1]);
  assert.deepEqual(
    kubectl.stdout
      .trim()
      .split('\n')
      .map(line => line.split('/')[1])
      .sort(),
    names.sort(),
  );
});
