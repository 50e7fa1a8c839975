import assert from 'node:assert/strict';
import {describe, type TestContext, test} from 'node:test';
import {dump} from 'js-yaml';
import {EarlierSources} from '../../../../source/engines/direct/history/earlier-sources.ts';
import {FormerResources} from '../../../../source/engines/direct/history/former.ts';
import {openRepository} from '../../../../source/repository/open.ts';
import type {Repository} from '../../../../source/repository/types.ts';
import {identityOf} from '../../../../source/resources/identity.ts';
import {type GitFolder, newRepository, temporaryFolder} from '../../../repository/git-folder.ts';
import {hasKubectl} from '../../../sources/kubectl.ts';
import {configMap} from '../../desired.ts';
import {environment, FakeRepository, setUp} from '../../setting.ts';

const kustomization = (resources: readonly string[], tag = '1') =>
  dump({resources, images: [{name: 'web', newTag: tag}]});

async function started(t: TestContext): Promise<GitFolder> {
  const folder = await newRepository(temporaryFolder(t));
  await folder.commit('Start', {
    'env/kustomization.yaml': kustomization(['kept.yaml', 'old.yaml']),
    'env/kept.yaml': dump(configMap('kept')),
    'env/old.yaml': dump(configMap('old')),
  });
  return folder;
}

/** What the engine is told of earlier commits, and how many of them were built for it. */
async function former(folder: GitFolder) {
  const repository = await openRepository(folder.root);
  const built: string[] = [];
  const place = {...environment, path: 'env', source: 'auto'} as const;
  const earlier = new EarlierSources(
    {
      tree: revision => {
        built.push(revision);
        return repository.tree(revision);
      },
    },
    place,
  );
  const resources = new FormerResources({repository, environment: place, worktree: false}, earlier);
  const read = async () => {
    const revision = await folder.git('rev-parse', 'HEAD');
    const {signal} = new AbortController();
    const answer = await resources.read(revision, false, signal);
    assert.deepEqual(answer.problems, []);
    return answer.resources.map(({object, location}) => `${identityOf(object).name} ${location.file}`);
  };
  return {read, built};
}

describe('former resources of a kustomization', {skip: hasKubectl() ? false : 'no kubectl on PATH'}, () => {
  test('are found below many commits that only move an image on, change a value or add something', async t => {
    const folder = await started(t);
    const before = await folder.git('rev-parse', 'HEAD');
    const dropped = await folder.commit('Drop', {'env/kustomization.yaml': kustomization(['kept.yaml'])});
    const resources = ['kept.yaml'];
    for (let tag = 2; tag < 14; tag++) {
      resources.push(`added-${tag}.yaml`);
      await folder.commit(`Move on to ${tag}`, {
        'env/kustomization.yaml': kustomization(resources, String(tag)),
        'env/kept.yaml': dump(configMap('kept', {x: String(tag)})),
        [`env/added-${tag}.yaml`]: dump(configMap(`added-${tag}`)),
      });
    }
    const {read, built} = await former(folder);
    assert.deepEqual(await read(), [`kept ${dropped}/env/kept.yaml`, `old ${dropped}/env/old.yaml`]);
    assert.deepEqual(built, [before]);
  });

  test('are of the latest commits that may have dropped some, and built once', async t => {
    const folder = await started(t);
    for (let count = 0; count < 11; count++) {
      const other = count % 2 === 0 ? 'kept.yaml' : 'old.yaml';
      await folder.commit(`Change ${count}`, {'env/kustomization.yaml': kustomization([other])});
    }
    const {read, built} = await former(folder);
    await read();
    assert.equal(built.length, 10);
    await folder.commit('And back', {'env/kustomization.yaml': kustomization(['old.yaml'])});
    await read();
    assert.equal(built.length, 11);
  });

  test('are those of a name that changed, and of a patch that renames or deletes', async t => {
    const folder = await started(t);
    const renamed = await folder.commit('Rename', {'env/old.yaml': dump(configMap('new'))});
    const {read} = await former(folder);
    assert.ok((await read()).includes(`old ${renamed}/env/old.yaml`));
    const patch = (value: string) => dump([{op: 'replace', path: '/metadata/name', value}]);
    const own = (...patches: object[]) => ({
      'env/kustomization.yaml': dump({resources: ['kept.yaml'], patches}),
    });
    const named = {path: 'patch.yaml', target: {kind: 'ConfigMap'}};
    await folder.commit('Patch', {...own(named), 'env/patch.yaml': patch('first')});
    const patched = await folder.commit('Patch anew', {'env/patch.yaml': patch('second')});
    assert.ok((await read()).includes(`first ${patched}/env/kept.yaml`));
    const away = {patch: dump({...configMap('kept'), $patch: 'delete'})};
    const deleted = await folder.commit('Delete by a patch', own(away));
    assert.ok((await read()).includes(`second ${deleted}/env/kept.yaml`));
    await folder.commit('Back again', own());
    const byFile = await folder.commit('Delete by a file', {
      ...own({path: 'away.yaml'}),
      'env/away.yaml': away.patch,
    });
    assert.ok((await read()).includes(`kept ${byFile}/env/kept.yaml`));
    await folder.commit('Back once more', own());
    const gone = await folder.commit('Delete it again', own(away));
    assert.ok((await read()).includes(`kept ${gone}/env/kept.yaml`));
  });
});

describe('earlier commits that can’t be read', () => {
  const read = async (git: Pick<Repository['git'], 'text'>, limitMs?: number) => {
    const fake = new FakeRepository();
    const repository = {...fake.asRepository(), git: git as Repository['git']};
    const earlier = new EarlierSources(repository, environment);
    const resources = new FormerResources({repository, environment, worktree: false}, earlier, limitMs);
    return resources.read(fake.sha, false, new AbortController().signal);
  };

  test('are told, not taken for empty', async () => {
    const {resources, problems} = await read({
      text: async () => {
        throw new Error('no such luck');
      },
    });
    assert.deepEqual(resources, []);
    assert.deepEqual(problems, [
      {
        severity: 'warning',
        message: 'earlier commits could not be read: no such luck; what git dropped may not be told in full',
      },
    ]);
  });

  test('in time are told as such', async () => {
    const text: Repository['git']['text'] = (_args, {signal} = {}) =>
      new Promise((_resolve, reject) => {
        // A limit alone keeps no process alive.
        const alive = setInterval(() => {}, 1000);
        signal?.addEventListener('abort', () => {
          clearInterval(alive);
          reject(new Error('aborted'));
        });
      });
    const {problems} = await read({text}, 1);
    assert.deepEqual(
      problems.map(({message}) => message),
      ['earlier commits could not be read in time; what git dropped may not be told in full'],
    );
  });

  test('are a warning of the report', async () => {
    const fake = new FakeRepository();
    fake.holds(configMap('a'));
    const git = {
      text: async () => {
        throw new Error('no such luck');
      },
    };
    const repository = {...fake.asRepository(), git: git as unknown as Repository['git']};
    const {engine, cluster, signal} = setUp({repository});
    await cluster.seed(configMap('a'), 'kubectl', 'Apply');
    const {errors} = await engine.inspect(signal);
    assert.ok(errors.some(({message}) => message.startsWith('earlier commits could not be read: no such')));
  });
});
