import assert from 'node:assert/strict';
import {describe, type TestContext, test} from 'node:test';
import {type RenderedEnvironment, renderedEffect} from '../../../source/changes/effect/rendered-effect.ts';
import {Renderings} from '../../../source/changes/effect/renderings.ts';
import type {RenderedEffect} from '../../../source/changes/effect/types.ts';
import {openRepository} from '../../../source/repository/open.ts';
import type {Tree} from '../../../source/repository/types.ts';
import {formatIdentity} from '../../../source/resources/identity.ts';
import {formatProblem} from '../../../source/resources/problem.ts';
import {KnownSecrets} from '../../../source/secrets/known.ts';
import {createMask} from '../../../source/secrets/mask.ts';
import {fingerprint} from '../../repository/fingerprint.ts';
import {type GitFolder, newRepository, temporaryFolder} from '../../repository/git-folder.ts';
import {hasKubectl} from '../../sources/kubectl.ts';
import {environment} from '../context.ts';

const withoutKubectl = hasKubectl() ? false : 'no kubectl on PATH';
const signal = new AbortController().signal;

const web = (image = 'nginx:1.0', replicas = 3) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: ${replicas}
  template:
    spec:
      containers:
      - name: web
        image: ${image}
        envFrom: [{configMapRef: {name: settings}}]
`;
const service = (port: number) =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  ports: [{port: ${port}}]\n`;

interface Estate {
  folder: GitFolder;
  effect(
    from: string | null,
    to: string,
    more?: Partial<RenderedEnvironment>,
    name?: string,
  ): Promise<RenderedEffect>;
  renderings: Renderings;
}

async function estate(context: TestContext, known?: KnownSecrets): Promise<Estate> {
  const folder = await newRepository(temporaryFolder(context));
  const renderings = new Renderings(await openRepository(folder.root), known);
  const mask = createMask();
  return {
    folder,
    renderings,
    effect: (from, to, more = {}, name = 'staging') =>
      renderedEffect(environment(name, more), renderings, {from, to}, {mask, signal}),
  };
}

function told(effect: RenderedEffect): string[] {
  return effect.objects.flatMap(({id, change, fields, source}) => [
    `${change} ${formatIdentity(id)} ${source.file}:${source.line}`,
    ...fields.map(
      ({path, before, after, location}) =>
        `  ${path} ${JSON.stringify(before)} -> ${JSON.stringify(after)}${location === undefined ? '' : ` ${location.file}:${location.line}`}`,
    ),
  ]);
}

describe('a folder of manifests', () => {
  test('two commits, and two trees', async context => {
    const {folder, effect} = await estate(context);
    const first = await folder.commit('first', {
      'envs/staging/web.yaml': web(),
      'envs/staging/service.yaml': service(80),
    });
    const second = await folder.commit('second', {
      'envs/staging/web.yaml': web('nginx:2.0', 5),
      'envs/staging/service.yaml': null,
      'envs/staging/other.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\n',
    });
    const expected = [
      'added ConfigMap/other envs/staging/other.yaml:1',
      'changed Deployment/web envs/staging/web.yaml:1',
      '  spec.replicas 3 -> 5 envs/staging/web.yaml:6',
      '  spec.template.spec.containers[name=web].image "nginx:1.0" -> "nginx:2.0" envs/staging/web.yaml:11',
      'removed Service/web envs/staging/service.yaml:1',
    ];
    const ofCommits = await effect(first, second);
    assert.deepEqual(told(ofCommits), expected);
    assert.equal(ofCommits.touched, true);
    assert.equal(ofCommits.builds, true);
    const trees = await Promise.all([first, second].map(sha => folder.git('rev-parse', `${sha}^{tree}`)));
    assert.deepEqual(told(await effect(trees[0] ?? '', trees[1] ?? '')), expected);
    assert.deepEqual(told(await effect(null, first)), [
      'added Service/web envs/staging/service.yaml:1',
      'added Deployment/web envs/staging/web.yaml:1',
    ]);
  });

  test('a commit that touches none of its files renders nothing', async context => {
    const {folder, effect} = await estate(context);
    const first = await folder.commit('first', {'envs/staging/web.yaml': web(), 'README.md': 'a'});
    const second = await folder.commit('second', {'README.md': 'b', 'envs/production/web.yaml': web()});
    const nothing = await effect(first, second);
    assert.equal(nothing.touched, false);
    assert.deepEqual(nothing.objects, []);
  });

  test('a comment changes files and nothing that is wanted', async context => {
    const {folder, effect} = await estate(context);
    const first = await folder.commit('first', {'envs/staging/web.yaml': web()});
    const second = await folder.commit('second', {'envs/staging/web.yaml': `# the front\n${web()}`});
    const nothing = await effect(first, second);
    assert.equal(nothing.touched, true);
    assert.deepEqual([nothing.objects, nothing.unchanged], [[], 1]);
  });

  test('a folder that goes away takes all of its objects, and one that comes brings them', async context => {
    const {folder, effect} = await estate(context);
    const first = await folder.commit('first', {'envs/staging/web.yaml': web(), 'README.md': 'a'});
    const second = await folder.commit('second', {'envs/staging': null});
    const gone = await effect(first, second);
    assert.deepEqual(told(gone), ['removed Deployment/web envs/staging/web.yaml:1']);
    assert.equal(gone.builds, true);
    assert.deepEqual(
      gone.problems.map(({severity}) => severity),
      ['warning'],
    );
    const back = await effect(second, first);
    assert.deepEqual(told(back), ['added Deployment/web envs/staging/web.yaml:1']);
    assert.deepEqual(back.repaired, []);
  });

  test('a file that breaks is said with its line; what was in it is undecided, not gone', async context => {
    const {folder, effect} = await estate(context);
    const first = await folder.commit('first', {
      'envs/staging/web.yaml': web(),
      'envs/staging/service.yaml': service(80),
      'envs/staging/gone.yaml': service(81).replace('web', 'gone'),
    });
    const second = await folder.commit('second', {
      'envs/staging/web.yaml': `${web()}  - broken: [\n`,
      'envs/staging/service.yaml': service(8080),
    });
    const broken = await effect(first, second);
    assert.equal(broken.builds, false);
    assert.match(formatProblem(broken.problems[0] ?? assert.fail()), /^envs\/staging\/web\.yaml:1\d:/);
    assert.deepEqual(broken.undecided.map(formatIdentity), ['Deployment/web']);
    assert.deepEqual(told(broken), [
      'changed Service/web envs/staging/service.yaml:1',
      '  spec.ports[port=8080,protocol=TCP] undefined -> {"port":8080} envs/staging/service.yaml:5',
      '  spec.ports[port=80,protocol=TCP] {"port":80} -> undefined',
    ]);
    const repaired = await effect(second, first);
    assert.equal(repaired.builds, true);
    assert.equal(repaired.repaired.length, 1);
    assert.deepEqual(repaired.undecided.map(formatIdentity), ['Deployment/web']);
  });

  test('a chart that comes into the folder is a problem, however little of it is new', async context => {
    const {folder, effect} = await estate(context);
    const first = await folder.commit('first', {
      'envs/staging/web.yaml': web(),
      'envs/staging/chart/x.yaml': service(80),
    });
    const second = await folder.commit('second', {'envs/staging/chart/Chart.yaml': 'name: x\n'});
    const effectOfIt = await effect(first, second);
    assert.equal(effectOfIt.builds, false);
    assert.deepEqual(effectOfIt.undecided.map(formatIdentity), ['Service/web']);
  });

  test('an abort ends it', async context => {
    const {folder, renderings} = await estate(context);
    const first = await folder.commit('first', {'envs/staging/web.yaml': web()});
    const second = await folder.commit('second', {'envs/staging/web.yaml': web('nginx:2.0')});
    const ended = AbortSignal.abort(new Error('enough'));
    const change = {from: first, to: second};
    const mask = createMask();
    await assert.rejects(renderedEffect(environment('staging'), renderings, change, {mask, signal: ended}));
  });

  test('nothing of the checkout moves, dirty as it is', async context => {
    const {folder, effect} = await estate(context);
    const first = await folder.commit('first', {'envs/staging/web.yaml': web()});
    const second = await folder.commit('second', {'envs/staging/web.yaml': web('nginx:2.0')});
    folder.write('envs/staging/web.yaml', 'dirty');
    const before = fingerprint(folder.root);
    await effect(first, second);
    assert.deepEqual(fingerprint(folder.root), before);
  });
});

describe('kustomizations', {skip: withoutKubectl}, () => {
  const shop: Record<string, string> = {
    'base/web.yaml': web(),
    'base/service.yaml': service(80),
    'base/kustomization.yaml': `resources: [web.yaml, service.yaml]
configMapGenerator:
- {name: settings, literals: [color=blue]}
`,
    'envs/staging/kustomization.yaml': 'namespace: stg\nresources: [../../base]\n',
    'envs/production/kustomization.yaml': `namespace: prod
resources: [../../base]
images: [{name: nginx, newTag: "1.0"}]
secretGenerator:
- {name: token, literals: [password=old-horse-battery]}
`,
  };
  const change = async (context: TestContext, files: Record<string, string | null>, known?: KnownSecrets) => {
    const made = await estate(context, known);
    const from = await made.folder.commit('first', shop);
    const to = await made.folder.commit('second', files);
    return {...made, from, to};
  };

  test('a base reaches each environment in its own way', async context => {
    const {effect, from, to} = await change(context, {'base/web.yaml': web('nginx:2.0', 4)});
    const staging = await effect(from, to);
    const production = await effect(from, to, {}, 'production');
    assert.deepEqual(told(staging), [
      'changed Deployment/stg/web base/web.yaml:1',
      '  spec.replicas 3 -> 4 base/web.yaml:6',
      '  spec.template.spec.containers[name=web].image "nginx:1.0" -> "nginx:2.0" base/web.yaml:11',
    ]);
    assert.deepEqual(told(production), [
      'changed Deployment/prod/web base/web.yaml:1',
      '  spec.replicas 3 -> 4 base/web.yaml:6',
    ]);
  });

  test('an overlay of its own leaves the other alone', async context => {
    const {effect, from, to} = await change(context, {
      'envs/production/kustomization.yaml': (shop['envs/production/kustomization.yaml'] ?? '').replace(
        '"1.0"',
        '"3.0"',
      ),
    });
    assert.equal((await effect(from, to)).touched, false);
    const {digest} = await effect(from, to, {}, 'production');
    assert.deepEqual(
      digest.images.map(({before, after}) => [before, after]),
      [['nginx:1.0', 'nginx:3.0']],
    );
  });

  test('a generated ConfigMap is replaced, and the Deployment follows', async context => {
    const {effect, from, to} = await change(context, {
      'base/kustomization.yaml': (shop['base/kustomization.yaml'] ?? '').replace('blue', 'red'),
    });
    const {objects, digest} = await effect(from, to);
    assert.deepEqual(objects.map(({id, change}) => `${change} ${id.kind}`).sort(), [
      'changed Deployment',
      'replaced ConfigMap',
    ]);
    assert.equal(digest.otherFields, 1);
    const deployment = objects.find(({id}) => id.kind === 'Deployment');
    assert.deepEqual(
      deployment?.fields.map(({follows}) => follows?.replace(/[^-]+$/, '')),
      ['settings-'],
    );
  });

  test('a generated Secret shows masks alone, and its values are known to be secret', async context => {
    const known = new KnownSecrets();
    const {effect, from, to} = await change(
      context,
      {
        'envs/production/kustomization.yaml': (shop['envs/production/kustomization.yaml'] ?? '').replace(
          'old-horse',
          'new-horse',
        ),
      },
      known,
    );
    const answer = await effect(from, to, {}, 'production');
    const [secret] = answer.objects;
    assert.equal(`${secret?.change} ${secret?.id.kind}`, 'replaced Secret');
    assert.match(String(secret?.fields[0]?.before), /^\*{3}[0-9a-f]{8}$/);
    assert.ok(!/horse|b2xkLWhvcnNl|bmV3LWhvcnNl/.test(JSON.stringify(answer)));
    assert.equal(known.redact('it is old-horse-battery'), 'it is ***');
    assert.equal(known.redact('it is new-horse-battery'), 'it is ***');
  });

  test('a kustomization that does not build is said, and takes nothing away', async context => {
    const {effect, from, to} = await change(context, {'base/service.yaml': null});
    const broken = await effect(from, to);
    assert.equal(broken.builds, false);
    assert.match(formatProblem(broken.problems[0] ?? assert.fail()), /^base\/kustomization\.yaml:1/);
    assert.deepEqual(broken.objects, []);
    assert.equal(broken.undecided.length, 3);
  });

  test('one that lies in a folder of manifests reads its base from elsewhere', async context => {
    const {effect, from, to} = await change(context, {'base/service.yaml': service(8080)});
    const around = await effect(from, to, {path: 'envs'});
    assert.deepEqual(
      around.objects.map(({id}) => formatIdentity(id)),
      ['Service/prod/web', 'Service/stg/web'],
    );
  });

  test('what was rendered is not rendered again', async context => {
    const {effect, renderings, from, to} = await change(context, {'base/service.yaml': service(8080)});
    await effect(from, to);
    const tree: Tree = renderings.tree(to);
    const key = await renderings.inputsKey(environment('staging'), tree);
    const unread: Tree = {...tree, read: () => assert.fail('read again'), export: () => assert.fail('built')};
    const again = await renderings.of(environment('staging'), unread, key, signal);
    assert.equal(again.resources.length, 3);
  });

  test('of many renderings the last are kept, and no more Secrets are known than they hold', async context => {
    const known = new KnownSecrets();
    const {folder, from, to} = await change(context, {
      'envs/production/kustomization.yaml': (shop['envs/production/kustomization.yaml'] ?? '').replace(
        'old-horse',
        'new-horse',
      ),
    });
    const renderings = new Renderings(await openRepository(folder.root), known, {
      renderings: 1,
      resources: 100,
    });
    await renderedEffect(environment('production'), renderings, {from, to}, {mask: createMask(), signal});
    assert.equal(known.redact('old-horse-battery, new-horse-battery'), 'old-horse-battery, ***');
  });
});

test('of large environments no more renderings are kept than the last change has sides', async context => {
  const {folder} = await estate(context);
  const secret = (value: number) =>
    `apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {x: horse-${value}-battery}\n`;
  const known = new Set<string>();
  const renderings = new Renderings(
    await openRepository(folder.root),
    {keep: (scope, secrets) => void (secrets.length > 0 ? known.add(scope) : known.delete(scope))},
    {renderings: 16, resources: 1},
  );
  let from = await folder.commit('first', {'envs/staging/a.yaml': secret(0)});
  for (const value of [1, 2, 3]) {
    const to = await folder.commit(`commit ${value}`, {'envs/staging/a.yaml': secret(value)});
    await renderedEffect(environment('staging'), renderings, {from, to}, {mask: createMask(), signal});
    from = to;
  }
  assert.equal(known.size, 2);
});
