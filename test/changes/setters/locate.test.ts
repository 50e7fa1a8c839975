import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {beginDraft, type Located, setField} from '../../../source/changes/setters/locate.ts';
import type {FieldPath, PathElement} from '../../../source/resources/field-path.ts';
import type {Json} from '../../../source/resources/json.ts';
import {hasKubectl} from '../../sources/kubectl.ts';
import {memoryTree} from '../../sources/memory-tree.ts';

/** `spec.containers[name=web].image`, `list[2]`, `data["a.b"]`, as a path. */
function at(text: string): FieldPath {
  return [...text.matchAll(/([^.[\]"]+)|\["([^"]+)"\]|\[(?:(\w+)=([\w.-]+)|(\d+))\]/g)].map(
    ([, name, quoted, key, value, index]): PathElement => {
      if (name !== undefined || quoted !== undefined) return {type: 'field', name: name ?? quoted ?? ''};
      if (index !== undefined) return {type: 'index', index: Number(index)};
      return {type: 'keys', keys: {[key ?? '']: value ?? ''}};
    },
  );
}

interface Wish {
  path: string;
  value: Json | undefined;
  kind?: string;
  /** Files that another environment shares. */
  shared?: RegExp;
  inShared?: boolean;
}

async function located(files: Record<string, string>, folder: string, wish: Wish): Promise<Located> {
  const draft = await beginDraft({path: folder, source: 'auto'}, memoryTree(files));
  assert.deepEqual(draft.rendered.problems, []);
  const resource = draft.rendered.resources.find(
    ({object}) => object['kind'] === (wish.kind ?? 'Deployment'),
  );
  assert.ok(resource !== undefined);
  return setField(draft, resource, at(wish.path), wish.value, {
    sharedWith: file => (wish.shared?.test(file) === true ? ['staging'] : []),
    inShared: wish.inShared ?? false,
  });
}

/** The edited files as `file: -line +line`, and how the field is set there. */
async function change(files: Record<string, string>, folder: string, wish: Wish): Promise<string[]> {
  const result = await located(files, folder, wish);
  if ('reason' in result) return [`${result.reason}${result.shared ? ` (in ${result.shared.join()})` : ''}`];
  const lines = [...result.draft.edits].flatMap(([file, text]) => {
    const [old, now] = [(files[file] ?? '').split('\n'), (text ?? '').split('\n')];
    let start = 0;
    while (start < Math.min(old.length, now.length) && old[start] === now[start]) start++;
    let end = 0;
    while (end < Math.min(old.length, now.length) - start && old.at(-1 - end) === now.at(-1 - end)) end++;
    return [
      ...old.slice(start, old.length - end).map(line => `-${line}`),
      ...now.slice(start, now.length - end).map(line => `+${line}`),
    ];
  });
  return [`${result.file}:${result.line} ${result.how}`, ...lines];
}

const web = `# The shop's front.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web   # short
  labels: {app: web}
spec:
  replicas: 3 # for the sale
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        # the one and only
        - name: web
          image: shop/web:1.0
          env:
            - name: MODE
              value: "on"
`;
const image = 'spec.template.spec.containers[name=web].image';

describe('in a folder of manifests the file itself is edited', () => {
  const files = {
    'prod/web.yaml': web,
    'prod/other.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n',
  };

  test('at the line', async () => {
    assert.deepEqual(await change(files, 'prod', {path: 'spec.replicas', value: 5}), [
      'prod/web.yaml:8 its manifest',
      '-  replicas: 3 # for the sale',
      '+  replicas: 5 # for the sale',
    ]);
    assert.deepEqual(await change(files, 'prod', {path: 'metadata.labels.team', value: 'a'}), [
      'prod/web.yaml:6 its manifest',
      '-  labels: {app: web}',
      '+  labels: {app: web, team: a}',
    ]);
    const env = 'spec.template.spec.containers[name=web].env[name=DEBUG]';
    assert.deepEqual(await change(files, 'prod', {path: env, value: {name: 'DEBUG', value: '1'}}), [
      'prod/web.yaml:20 its manifest',
      '+            - name: DEBUG',
      '+              value: "1"',
    ]);
    assert.deepEqual(await change(files, 'prod', {path: 'spec.replicas', value: undefined}), [
      'prod/web.yaml:8 its manifest',
      '-  replicas: 3 # for the sale',
    ]);
  });

  test('in a list of objects and in JSON', async () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n${web
      .replace(/^#.*\n/, '')
      .replace(/^/gm, '  ')
      .replace('  apiV', '- apiV')
      .trimEnd()}\n`;
    assert.deepEqual(await change({'prod/all.yaml': list}, 'prod', {path: image, value: 'shop/web:1.1'}), [
      'prod/all.yaml:18 its manifest',
      '-          image: shop/web:1.0'.replace('-', '-  '),
      '+            image: shop/web:1.1',
    ]);
    const json =
      '{\n  "apiVersion": "v1",\n  "kind": "ConfigMap",\n  "metadata": {"name": "c"},\n  "data": {"a": "1"}\n}\n';
    assert.deepEqual(
      await change({'prod/c.json': json}, 'prod', {kind: 'ConfigMap', path: 'data.a', value: '2'}),
      ['prod/c.json:5 its manifest', '-  "data": {"a": "1"}', '+  "data": {"a": "2"}'],
    );
  });

  test('also where another object is there twice, but not where it is itself', async () => {
    const twice = {...files, 'prod/again.yaml': files['prod/other.yaml']};
    const [first] = await change(twice, 'prod', {path: 'spec.replicas', value: 5});
    assert.equal(first, 'prod/web.yaml:8 its manifest');
    const [words] = await change({...twice, 'prod/zweb.yaml': web}, 'prod', {
      path: 'spec.replicas',
      value: 5,
    });
    assert.match(
      words ?? '',
      /can't tell where spec\.replicas is set: .*git holds the object more than once/,
    );
  });

  test('or it says why not', async () => {
    const anchored = web
      .replace('{app: web}\nspec', '&labels {app: web}\nspec')
      .replace('matchLabels: {app: web}', 'matchLabels: *labels');
    const [words] = await change({'prod/web.yaml': anchored}, 'prod', {
      path: 'metadata.labels.app',
      value: 'x',
    });
    assert.match(words ?? '', /can't tell where metadata\.labels\.app is set: .*shared by an anchor/);
  });
});

describe('in a kustomization', {skip: hasKubectl() ? false : 'no kubectl on PATH'}, () => {
  const base = {
    'base/kustomization.yaml': 'resources:\n- web.yaml\n',
    'base/web.yaml': web,
  };
  const overlay = (more: string, files: Record<string, string> = {}) => ({
    ...base,
    'prod/kustomization.yaml': `# production\nresources:\n- ../base\n${more}`,
    ...files,
  });

  test('a base of its own is edited', async () => {
    assert.deepEqual(await change(overlay(''), 'prod', {path: 'spec.replicas', value: 5}), [
      'base/web.yaml:8 its manifest',
      '-  replicas: 3 # for the sale',
      '+  replicas: 5 # for the sale',
    ]);
  });

  test('a base that others share stays, and the overlay gets a patch', async () => {
    assert.deepEqual(await change(overlay(''), 'prod', {path: 'spec.replicas', value: 5, shared: /^base/}), [
      'prod/kustomization.yaml:4 a new patch',
      '+patches:',
      '+- patch: |-',
      '+    apiVersion: apps/v1',
      '+    kind: Deployment',
      '+    metadata:',
      '+      name: web',
      '+    spec:',
      '+      replicas: 5',
    ]);
    assert.deepEqual(
      await change(overlay(''), 'prod', {path: 'spec.replicas', value: 5, shared: /^base/, inShared: true}),
      ['base/web.yaml:8 its manifest', '-  replicas: 3 # for the sale', '+  replicas: 5 # for the sale'],
    );
  });

  test('a patch that sets it is edited, in its file or where it stands', async () => {
    const patch =
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 4} # peak\n';
    const files = overlay('patches:\n- path: more.yaml # of them\n', {'prod/more.yaml': patch});
    assert.deepEqual(await change(files, 'prod', {path: 'spec.replicas', value: 5, shared: /^base/}), [
      'prod/more.yaml:4 its patch',
      '-spec: {replicas: 4} # peak',
      '+spec: {replicas: 5} # peak',
    ]);
    const inline = overlay(
      'patches:\n- patch: |\n    apiVersion: apps/v1\n    kind: Deployment\n    metadata: {name: web}\n    spec:\n      replicas: 4 # peak\n# end\n',
    );
    assert.deepEqual(await change(inline, 'prod', {path: 'spec.replicas', value: 5, shared: /^base/}), [
      'prod/kustomization.yaml:10 its patch',
      '-      replicas: 4 # peak',
      '+      replicas: 5 # peak',
    ]);
    const operations = overlay(
      'patches:\n- target: {kind: Deployment, name: web}\n  patch: |-\n    - op: replace\n      path: /spec/template/spec/containers/0/image\n      value: shop/web:1.1 # hot\n',
    );
    assert.deepEqual(
      await change(operations, 'prod', {path: image, value: 'shop/web:1.2', shared: /^base/}),
      [
        'prod/kustomization.yaml:9 its patch',
        '-      value: shop/web:1.1 # hot',
        '+      value: shop/web:1.2 # hot',
      ],
    );
  });

  test('a patch of the object that does not set it yet is added to', async () => {
    const patch =
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 4 # peak\n';
    const files = overlay('patches:\n- path: more.yaml\n', {'prod/more.yaml': patch});
    assert.deepEqual(
      await change(files, 'prod', {path: 'spec.revisionHistoryLimit', value: 2, shared: /^base/}),
      ['prod/more.yaml:6 its patch', '+  revisionHistoryLimit: 2'],
    );
  });

  test('images and replicas are set where they are', async () => {
    const files = overlay(
      'images:\n- name: shop/web # front\n  newTag: "1.1"\nreplicas:\n- name: web\n  count: 4\n',
    );
    assert.deepEqual(await change(files, 'prod', {path: image, value: 'shop/web:1.20'}), [
      'prod/kustomization.yaml:6 its images',
      '-  newTag: "1.1"',
      '+  newTag: "1.20"',
    ]);
    assert.deepEqual(await change(files, 'prod', {path: image, value: 'mirror/web:1.1'}), [
      'prod/kustomization.yaml:7 its images',
      '+  newName: mirror/web',
    ]);
    assert.deepEqual(await change(files, 'prod', {path: 'spec.replicas', value: 6}), [
      'prod/kustomization.yaml:9 its replicas',
      '-  count: 4',
      '+  count: 6',
    ]);
    assert.deepEqual(
      await change(overlay(''), 'prod', {path: image, value: 'shop/web:1.1', shared: /^base/}),
      [
        'prod/kustomization.yaml:4 a new entry in images',
        '+images:',
        '+- name: shop/web',
        '+  newTag: "1.1"',
      ],
    );
  });

  test('an entry that other objects share is not the place: a patch is', async () => {
    const second = web
      .replaceAll('name: web', 'name: api')
      .replaceAll('app: web', 'app: api')
      .replace('name: api\n          image', 'name: web\n          image');
    const files = {
      ...overlay('images:\n- {name: shop/web, newTag: "1.1"}\n'),
      'base/kustomization.yaml': 'resources: [web.yaml, api.yaml]\n',
      'base/api.yaml': second,
    };
    const [first = '', ...lines] = await change(files, 'prod', {
      path: image,
      value: 'other/web:2',
      shared: /^base/,
    });
    assert.match(first, /kustomization\.yaml:6 a new patch/);
    assert.ok(lines.includes('+            image: other/web:2'), lines.join('\n'));
  });

  test('a removal becomes a null, and an item a deletion', async () => {
    const wish = {
      path: 'spec.template.spec.containers[name=web].env[name=MODE]',
      value: undefined,
      shared: /^base/,
    };
    const lines = await change(overlay(''), 'prod', wish);
    assert.ok(
      lines.some(line => /\$patch: delete/.test(line)),
      lines.join('\n'),
    );
    const gone = await change(overlay(''), 'prod', {
      path: 'spec.replicas',
      value: undefined,
      shared: /^base/,
    });
    assert.ok(gone.includes('+      replicas: null'), gone.join('\n'));
  });

  test('prefixes and namespaces do not keep a patch from finding its object', async () => {
    const files = overlay('namePrefix: prod-\nnamespace: shop\n');
    const [first] = await change(files, 'prod', {path: 'spec.replicas', value: 5, shared: /^base/});
    assert.match(first ?? '', /a new patch/);
  });

  test('generated data is set where it comes from', async () => {
    const generator =
      'configMapGenerator:\n- name: settings\n  literals:\n  - MODE=fast # yes\n  files: [app.conf]\n  envs: [more.env]\n';
    const files = overlay(generator, {'prod/app.conf': 'a = 1\n', 'prod/more.env': '# some\nLEVEL=1\n'});
    const set = (key: string, value: string) =>
      change(files, 'prod', {kind: 'ConfigMap', path: `data["${key}"]`, value});
    assert.deepEqual(await set('MODE', 'slow'), [
      'prod/kustomization.yaml:7 a literal of its generator',
      '-  - MODE=fast # yes',
      '+  - MODE=slow # yes',
    ]);
    assert.deepEqual(await set('app.conf', 'a = 2\n'), [
      'prod/app.conf:1 the file of its generator',
      '-a = 1',
      '+a = 2',
    ]);
    assert.deepEqual(await set('LEVEL', '2'), [
      'prod/more.env:2 the env file of its generator',
      '-LEVEL=1',
      '+LEVEL=2',
    ]);
  });

  test('what replacements set, no file tells', async () => {
    const files = overlay(
      'replacements:\n- source: {kind: Deployment, name: web, fieldPath: metadata.name}\n  targets:\n  - select: {kind: Deployment}\n    fieldPaths: [metadata.labels.app]\n',
    );
    const [words] = await change(files, 'prod', {path: 'metadata.labels.app', value: 'x'});
    assert.match(words ?? '', /^can't tell where metadata\.labels\.app is set: /);
  });
});
