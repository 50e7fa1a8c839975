import assert from 'node:assert/strict';
import {describe, type TestContext, test} from 'node:test';
import {dump} from 'js-yaml';
import {connect} from '../../source/cluster/connect.ts';
import {createDirectEngine} from '../../source/engines/direct/engine.ts';
import {openRepository} from '../../source/repository/open.ts';
import {createMask} from '../../source/secrets/mask.ts';
// Renamed: a linter takes names that begin with "use" for hooks of React.
import {useCluster as sharedCluster} from '../cluster/shared.ts';
import type {Context} from '../cluster/users.ts';
import {newRepository, temporaryFolder} from '../repository/git-folder.ts';
import {environment} from './setting.ts';

const manifest = (name: string, data: Record<string, string> = {x: '1'}) =>
  dump({apiVersion: 'v1', kind: 'ConfigMap', metadata: {name}, data});

const kustomization = (fields: object) =>
  dump({apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', ...fields});

/** A repository with an environment in `env`, a namespace of the real cluster, and an engine between them. */
async function estate(t: TestContext, context: Context) {
  const shared = await sharedCluster(t);
  if (shared === undefined) return undefined;
  const shop = await shared.namespace('former');
  const cluster = await connect({kubeconfig: shared.kubeconfig, context});
  t.after(() => cluster.close());
  const folder = await newRepository(temporaryFolder(t));
  const kubectl = (...args: string[]) => shared.kubectl([...args, '-n', shop]);
  const deploy = () => kubectl('apply', '--server-side', '-k', `${folder.root}/env`);
  const report = async () => {
    const engine = createDirectEngine({
      environment: {...environment, path: 'env', source: 'auto', namespace: shop},
      repository: await openRepository(folder.root),
      connect: async () => cluster,
      ignore: [],
      mask: createMask(),
      worktree: false,
    });
    return engine.inspect(new AbortController().signal);
  };
  /** What is not as git wants it, with what is said of it; and what else is told. */
  const told = async () => {
    const {resources, errors} = await report();
    const drifted = resources.filter(({status}) => status !== 'Synced');
    return [
      ...drifted.map(({id, status, notes}) => [status, id.name, ...notes].join(' ')),
      ...errors.map(({message}) => message),
    ];
  };
  return {folder, deploy, kubectl, told};
}

const until = (sha: string, file: string) =>
  `git had it until ${sha.slice(0, 7)} (${file}); no ApplySet records it`;

for (const context of ['admin', 'reader'] as const) {
  describe(`what a kustomization dropped, to ${context}`, () => {
    test('is Extra: its file deleted, or only no longer named', async t => {
      const all = await estate(t, context);
      if (all === undefined) return;
      const {folder, deploy, told} = all;
      await folder.commit('Start', {
        'env/kustomization.yaml': kustomization({resources: ['kept.yaml', 'deleted.yaml', 'unnamed.yaml']}),
        'env/kept.yaml': manifest('kept'),
        'env/deleted.yaml': manifest('deleted'),
        'env/unnamed.yaml': manifest('unnamed'),
      });
      await deploy();
      assert.deepEqual(await told(), []);
      const deleted = await folder.commit('Delete', {
        'env/kustomization.yaml': kustomization({resources: ['kept.yaml', 'unnamed.yaml']}),
        'env/deleted.yaml': null,
      });
      const unnamed = await folder.commit('No longer name', {
        'env/kustomization.yaml': kustomization({resources: ['kept.yaml']}),
      });
      await folder.commit('Go on', {'env/README.md': 'Words\n'});
      assert.deepEqual(await told(), [
        `Extra unnamed ${until(unnamed, 'env/unnamed.yaml')}`,
        `Extra deleted ${until(deleted, 'env/deleted.yaml')}`,
      ]);
    });

    test('is Extra where a base elsewhere dropped it, or the environment the base', async t => {
      const all = await estate(t, context);
      if (all === undefined) return;
      const {folder, deploy, told} = all;
      await folder.commit('Start', {
        'env/kustomization.yaml': kustomization({
          resources: ['../base', '../other'],
          labels: [{pairs: {by: 'us'}}],
        }),
        'base/kustomization.yaml': kustomization({resources: ['kept.yaml', 'old.yaml']}),
        'base/kept.yaml': manifest('kept'),
        'base/old.yaml': manifest('old'),
        'other/kustomization.yaml': kustomization({resources: ['other.yaml']}),
        'other/other.yaml': manifest('other'),
      });
      await deploy();
      const base = await folder.commit('Drop in the base', {
        'base/kustomization.yaml': kustomization({resources: ['kept.yaml']}),
      });
      assert.deepEqual(await told(), [`Extra old ${until(base, 'base/old.yaml')}`]);
      const whole = await folder.commit('Drop a base', {
        'env/kustomization.yaml': kustomization({resources: ['../base'], labels: [{pairs: {by: 'us'}}]}),
      });
      assert.deepEqual(await told(), [
        `Extra other ${until(whole, 'other/other.yaml')}`,
        `Extra old ${until(base, 'base/old.yaml')}`,
      ]);
    });

    test('is not what moved, nor what is generated with another hash', async t => {
      const all = await estate(t, context);
      if (all === undefined) return;
      const {folder, deploy, kubectl, told} = all;
      const generator = (name: string, value: string) => ({name, literals: [`x=${value}`]});
      await folder.commit('Start', {
        'env/kustomization.yaml': kustomization({
          resources: ['a.yaml', 'b.yaml'],
          configMapGenerator: [generator('settings', '1'), generator('dropped', '1')],
        }),
        'env/a.yaml': manifest('a'),
        'env/b.yaml': manifest('b'),
      });
      await deploy();
      const names = (await kubectl('get', 'configmaps', '-o', 'name')).split('\n');
      const generated = names.find(name => name.startsWith('configmap/dropped-'))?.slice(10) ?? '';
      assert.match(generated, /^dropped-\w{10}$/);
      await folder.commit('Move', {
        'env/kustomization.yaml': kustomization({
          resources: ['../base', 'all.yaml'],
          configMapGenerator: [generator('settings', '2'), generator('dropped', '1')],
        }),
        'env/a.yaml': null,
        'env/b.yaml': null,
        'env/all.yaml': manifest('a'),
        'base/kustomization.yaml': kustomization({resources: ['b.yaml']}),
        'base/b.yaml': manifest('b'),
      });
      // The ConfigMap of the earlier content is still there: kubectl deletes none.
      await deploy();
      assert.deepEqual(await told(), []);
      const dropped = await folder.commit('Generate less', {
        'env/kustomization.yaml': kustomization({
          resources: ['../base', 'all.yaml'],
          configMapGenerator: [generator('settings', '2')],
        }),
      });
      assert.deepEqual(await told(), [`Extra ${generated} ${until(dropped, 'env/kustomization.yaml')}`]);
    });

    test('is Extra where all of it is gone', async t => {
      const all = await estate(t, context);
      if (all === undefined) return;
      const {folder, deploy, told} = all;
      await folder.commit('Start', {
        'env/kustomization.yaml': kustomization({resources: ['a.yaml']}),
        'env/a.yaml': manifest('a'),
        'README.md': 'Words\n',
      });
      await deploy();
      const gone = await folder.commit('Empty', {env: null});
      const [extra, ...rest] = await told();
      assert.equal(extra, `Extra a ${until(gone, 'env/a.yaml')}`);
      assert.match(rest.join(), /^there is no folder env at \w+; earlier commits had manifests there/);
    });
  });
}
