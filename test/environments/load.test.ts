import assert from 'node:assert/strict';
import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, type TestContext, test} from 'node:test';
import {type LoadEnvironmentsOptions, loadEnvironments} from '../../source/environments/load.ts';
import {openRepository} from '../../source/repository/open.ts';
import {formatProblem} from '../../source/resources/problem.ts';
import {newRepository, temporaryFolder, withRemote} from '../repository/git-folder.ts';

const manifest = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';

const layout = {
  'environments/development/a.yaml': manifest,
  'environments/staging/a.yaml': manifest,
  'environments/production/a.yaml': manifest,
};

type Options = Partial<Omit<LoadEnvironmentsOptions, 'repository' | 'contexts'>> & {contexts?: string[]};

async function load(root: string, {contexts = [], ...options}: Options = {}) {
  const repository = await openRepository(root);
  const result = await loadEnvironments({
    repository,
    contexts: {names: contexts, current: contexts[0] ?? null},
    ...options,
  });
  return {
    ...result,
    found: result.environments.map(
      ({name, path: folder, context, protected: isProtected}) =>
        `${name} ${folder === '' ? '.' : folder} ${context ?? '-'}${isProtected ? ' protected' : ''}`,
    ),
    words: result.problems.map(
      problem => `${problem.severity === 'error' ? '' : 'warning: '}${formatProblem(problem)}`,
    ),
  };
}

async function repositoryOf(context: TestContext, files: Record<string, string>) {
  const folder = path.join(temporaryFolder(context), 'shop');
  const repository = await newRepository(folder);
  await repository.commit('Start', files);
  return repository;
}

describe('without a config file', () => {
  test('the layout tells, and contexts of the same name are paired', async context => {
    const {root} = await repositoryOf(context, layout);
    const {found, words, configFile, environments} = await load(root, {
      contexts: ['kind-development', 'production', 'staging', 'other'],
    });
    assert.deepEqual(found, [
      'development environments/development kind-development',
      'production environments/production production protected',
      'staging environments/staging staging',
    ]);
    assert.deepEqual(words, []);
    assert.equal(configFile, null);
    assert.equal(environments[0]?.origin, 'environments/*');
  });

  test('an environment without a certain context is there, and says how to settle it', async context => {
    const {root} = await repositoryOf(context, {'environments/staging/a.yaml': manifest});
    const {found, words} = await load(root, {contexts: ['eks-stg', 'minikube']});
    assert.deepEqual(found, ['staging environments/staging -']);
    assert.deepEqual(words, [
      'warning: it is not certain which cluster staging is: no kubeconfig context has its name — say it with --context, or with "context:" in .gitops-tui.yaml; the kubeconfig has eks-stg (the current one), minikube',
    ]);
  });

  test('--context never takes an environment away from its own cluster', async context => {
    const {root} = await repositoryOf(context, layout);
    const {found, words} = await load(root, {contexts: ['production', 'lab'], contextOverride: 'lab'});
    assert.deepEqual(found, [
      'development environments/development lab',
      'production environments/production production protected',
      'staging environments/staging lab',
    ]);
    assert.deepEqual(words, [
      'warning: --context lab is not used for production, whose context is production',
    ]);
  });

  test('branches are environments, those of the remote too', async context => {
    const {checkout} = await withRemote(temporaryFolder(context), {'a.yaml': manifest});
    await checkout.git('branch', 'env/dev');
    await checkout.git('push', '--quiet', 'origin', 'main:env/prod');
    await checkout.git('fetch', '--quiet');
    const {environments} = await load(checkout.root);
    assert.deepEqual(
      environments.map(({name, branch, protected: isProtected}) => [name, branch, isProtected]),
      [
        ['dev', 'env/dev', false],
        ['prod', 'env/prod', true],
      ],
    );
  });

  describe('and without any convention, the root is the one environment', () => {
    test('with --context, or the context of its name, or the only one', async context => {
      const {root} = await repositoryOf(context, {'web/a.yaml': manifest, 'README.md': ''});
      assert.deepEqual((await load(root, {contexts: ['x', 'y'], contextOverride: 'y'})).found, ['shop . y']);
      assert.deepEqual((await load(root, {contexts: ['x', 'kind-shop']})).found, ['shop . kind-shop']);
      assert.deepEqual((await load(root, {contexts: ['x']})).found, ['shop . x']);
      assert.deepEqual((await load(root, {contexts: ['x', 'y']})).found, ['shop . -']);
    });

    test('or its one folder of manifests', async context => {
      const {root} = await repositoryOf(context, {'k8s/a.yaml': manifest, 'src/main.go': ''});
      assert.deepEqual((await load(root, {contexts: ['x']})).found, ['shop k8s x']);
    });

    test('but not where there are no manifests', async context => {
      const {root} = await repositoryOf(context, {
        'a.yaml': 'just: yaml\n',
        '.github/workflows/ci.yml': 'on: push\n',
      });
      const {found, words} = await load(root, {contexts: ['x']});
      assert.deepEqual([found, words], [[], []]);
    });
  });

  test('an empty repository says so; its working tree can be looked at', async context => {
    const {root, write} = await newRepository(path.join(temporaryFolder(context), 'shop'));
    write('environments/dev/a.yaml', manifest);
    const {found, words} = await load(root);
    assert.deepEqual(found, []);
    assert.deepEqual(words, [
      'the repository has no commit yet — commit the manifests, or look at the working tree with --worktree',
    ]);
    assert.deepEqual((await load(root, {worktree: true, contexts: ['dev']})).found, [
      'dev environments/dev dev',
    ]);
  });

  test('--context that the kubeconfig lacks is an error', async context => {
    const {root} = await repositoryOf(context, layout);
    const {words} = await load(root, {contexts: ['staging'], contextOverride: 'stagin'});
    assert.ok(words.includes('the kubeconfig has no context "stagin" — did you mean "staging"?'));
  });
});

describe('with a config file', () => {
  const config = 'environments:\n- {name: stage, path: environments/staging, context: stg}\n- {name: live}\n';

  test('its environments are the only ones', async context => {
    const {root} = await repositoryOf(context, {...layout, '.gitops-tui.yaml': config});
    const {found, configFile, environments} = await load(root, {contexts: ['stg', 'live']});
    assert.deepEqual(found, ['stage environments/staging stg', 'live . live protected']);
    assert.equal(configFile, '.gitops-tui.yaml');
    assert.equal(environments[0]?.origin, '.gitops-tui.yaml');
  });

  test('it counts before it is committed, from subfolders too, and its rules go with discovered environments', async context => {
    const {root, write} = await repositoryOf(context, {'environments/dev/a.yaml': manifest});
    write('.gitops-tui.yaml', 'ignore:\n- {kind: Deployment, paths: [/spec/replicas]}\n');
    const {found, ignore} = await load(path.join(root, 'environments'), {contexts: ['dev']});
    assert.deepEqual(found, ['dev environments/dev dev']);
    assert.deepEqual(ignore, [{kind: 'Deployment', paths: ['/spec/replicas'], origin: '.gitops-tui.yaml:2'}]);
  });

  test('in a bare repository it is that of HEAD', async context => {
    const {root} = await repositoryOf(context, {...layout, '.gitops-tui.yaml': config});
    const bare = await newRepository(path.join(temporaryFolder(context), 'shop.git'), '--bare');
    await bare.git('fetch', '--quiet', root, 'main:main');
    assert.deepEqual((await load(bare.root, {contexts: ['stg', 'live']})).found, [
      'stage environments/staging stg',
      'live . live protected',
    ]);
  });

  test('a context on the command line counts for the only environment', async context => {
    const {root} = await repositoryOf(context, {
      '.gitops-tui.yaml': 'environments: [{name: a, context: x}]\n',
    });
    assert.deepEqual((await load(root, {contexts: ['x', 'y'], contextOverride: 'y'})).found, ['a . y']);
  });

  test('paths and contexts that are not there are told with their line', async context => {
    const {root} = await repositoryOf(context, {
      ...layout,
      '.gitops-tui.yaml':
        'environments:\n- name: a\n  path: environments/stagin\n  context: prod-eu\n- name: b\n  path: environments/staging/a.yaml\n  context: prod-us\n',
    });
    const sha = (await (await openRepository(root)).head()).sha?.slice(0, 7);
    const {words, found} = await load(root, {contexts: ['prod-us']});
    assert.deepEqual(words, [
      `warning: .gitops-tui.yaml:3:3: there is no folder environments/stagin at ${sha} — did you mean "environments/staging"?`,
      'warning: .gitops-tui.yaml:4:3: the kubeconfig has no context "prod-eu" — did you mean "prod-us"?',
      '.gitops-tui.yaml:6:3: environments/staging/a.yaml is a file, not a folder — did you mean "environments/staging"?',
    ]);
    assert.equal(found.length, 2);
  });

  test('a broken one is not replaced by guesses', async context => {
    const {root} = await repositoryOf(context, {...layout, '.gitops-tui.yaml': 'environments: [\n'});
    const {found, words} = await load(root, {contexts: ['staging']});
    assert.deepEqual(found, []);
    assert.deepEqual(words, [
      '.gitops-tui.yaml:2:1: unexpected end of the stream within a flow collection — close the bracket, or add the comma',
    ]);
  });

  test('--config names another file; one that is not there is an error and no guess', async context => {
    const {root} = await repositoryOf(context, {...layout, '.gitops-tui.yaml': config});
    const folder = temporaryFolder(context);
    mkdirSync(path.join(folder, 'etc'));
    const other = path.join(folder, 'etc', 'tui.yaml');
    writeFileSync(other, 'environments: [{name: other, contxt: a}, {name: fine}]\n');
    const {found, words, configFile} = await load(root, {contexts: ['fine'], configPath: other});
    assert.deepEqual(found, ['fine . fine']);
    assert.equal(configFile, other);
    assert.deepEqual(words, [
      `${other}:1:30: environments[0].contxt is no key of this file — did you mean "context"?`,
    ]);
    const none = await load(root, {configPath: path.join(folder, 'none.yaml')});
    assert.deepEqual(none.found, []);
    assert.match(none.words[0] ?? '', /none\.yaml can't be read: there is none$/);
  });

  test('a symbolic link is not followed, and nothing is guessed instead', async context => {
    const {root} = await repositoryOf(context, layout);
    symlinkSync('/etc/hostname', path.join(root, '.gitops-tui.yaml'));
    const {found, words} = await load(root, {contexts: ['staging']});
    assert.deepEqual(found, []);
    assert.match(words[0] ?? '', /^\.gitops-tui\.yaml:1: \.gitops-tui\.yaml is a symbolic link/);
  });

  test('.gitops-tui.yml is told to be the wrong name', async context => {
    const {root} = await repositoryOf(context, {
      'environments/dev/a.yaml': manifest,
      '.gitops-tui.yml': config,
    });
    const {words} = await load(root, {contexts: ['dev']});
    assert.deepEqual(words, [
      'warning: .gitops-tui.yml:1: .gitops-tui.yml is not read — rename it to .gitops-tui.yaml',
    ]);
  });
});
