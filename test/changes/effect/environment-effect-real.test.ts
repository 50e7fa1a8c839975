import assert from 'node:assert/strict';
import {describe, type TestContext, test} from 'node:test';
import {dump} from 'js-yaml';
import {clusterLines, clusterSummary} from '../../../source/changes/effect/cluster-words.ts';
import {environmentEffect} from '../../../source/changes/effect/environment-effect.ts';
import {Renderings} from '../../../source/changes/effect/renderings.ts';
import type {EnvironmentEffect} from '../../../source/changes/effect/types.ts';
import {asciiStyle} from '../../../source/changes/effect/words.ts';
import {connect} from '../../../source/cluster/connect.ts';
import {createDirectEngine} from '../../../source/engines/direct/engine.ts';
import {openRepository} from '../../../source/repository/open.ts';
import {createMask} from '../../../source/secrets/mask.ts';
// Renamed: a linter takes names that begin with "use" for hooks of React.
import {useCluster as sharedCluster} from '../../cluster/shared.ts';
import type {Context} from '../../cluster/users.ts';
import {allowed, environment as anEnvironment} from '../../engines/setting.ts';
import {newRepository, temporaryFolder} from '../../repository/git-folder.ts';

const deployment = (image: string, replicas: number, more: object = {}) =>
  dump({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {name: 'web'},
    spec: {
      replicas,
      selector: {matchLabels: {app: 'web'}},
      template: {
        metadata: {labels: {app: 'web'}},
        spec: {containers: [{name: 'web', image, ...more}]},
      },
    },
  });
const configMap = (name: string, data: Record<string, string>) =>
  dump({apiVersion: 'v1', kind: 'ConfigMap', metadata: {name}, data});

/** An environment on the real cluster, deployed with an ApplySet at its first commit by admin. */
async function estate(t: TestContext, context: Context, files: Record<string, string>) {
  const shared = await sharedCluster(t);
  if (shared === undefined) return undefined;
  const shop = await shared.namespace('effect');
  const folder = await newRepository(temporaryFolder(t));
  const first = await folder.commit('first', files);
  const repository = await openRepository(folder.root);
  const environment = {...anEnvironment, path: 'env', source: 'auto' as const, namespace: shop};
  const engineOf = async (user: Context) => {
    const cluster = await connect({kubeconfig: shared.kubeconfig, context: user});
    t.after(() => cluster.close());
    const mask = createMask();
    const options = {
      environment,
      repository,
      connect: async () => cluster,
      ignore: [],
      mask,
      worktree: false,
    };
    return createDirectEngine(options);
  };
  const signal = new AbortController().signal;
  const admin = await engineOf('admin');
  const plan = await admin.plan({prune: false, force: false}, signal);
  const {outcome, message} = await admin.sync(plan, allowed(), signal, () => {}, {waitSeconds: 0});
  assert.equal(outcome, 'done', message);
  const engine = await engineOf(context);
  const renderings = new Renderings(repository);
  const effect = (to: string, from = first): Promise<EnvironmentEffect> =>
    environmentEffect(environment, renderings, {from, to}, {mask: createMask(), engine, signal});
  const lines = async (to: string) => {
    const {cluster} = await effect(to);
    return cluster === null
      ? []
      : clusterLines(cluster, asciiStyle)
          .filter(({tone}) => tone !== 'dim' || !cluster)
          .map(({text, depth}) => `${' '.repeat(depth)}${text.replaceAll(shop, 'NS')}`);
  };
  const kubectl = (...args: string[]) => shared.kubectl([...args, '-n', shop]);
  return {namespace: shop, folder, first, effect, lines, kubectl, engine, signal};
}

const files = {
  'env/web.yaml': deployment('registry.example/web:1.0', 3, {args: ['a']}),
  'env/settings.yaml': configMap('settings', {color: 'blue', size: 'big'}),
  'env/old.yaml': configMap('old', {x: '1'}),
};

for (const user of ['admin', 'reader'] as const) {
  const local = user === 'reader' ? ' (compared here only)' : '';
  describe(`a change on a real cluster, to ${user}`, () => {
    test('what would change, be created, and no longer be in git', async t => {
      const all = await estate(t, user, files);
      if (all === undefined) return;
      const to = await all.folder.commit('second', {
        'env/web.yaml': deployment('registry.example/web:1.1', 5),
        'env/settings.yaml': configMap('settings', {color: 'red'}),
        'env/old.yaml': null,
        'env/new.yaml': configMap('new', {y: '1'}),
      });
      assert.deepEqual(await all.lines(to), [
        '+ ConfigMap/NS/new would be created',
        `~ ConfigMap/NS/settings would change${local}`,
        '  data.color: blue -> red',
        '  data.size: big -> none',
        `~ Deployment/NS/web would change${local}`,
        '  spec.replicas: 3 -> 5',
        '  spec.template.spec.containers[name=web].image: registry.example/web:1.0 -> registry.example/web:1.1',
        '  spec.template.spec.containers[name=web].args: ["a"] -> none',
        '- ConfigMap/NS/old would be deleted by a sync that prunes',
      ]);
      const {cluster} = await all.effect(to);
      assert.equal(
        clusterSummary(cluster ?? assert.fail()),
        '2 changed (ConfigMap/settings; Deployment/web), 1 created (ConfigMap/new), ' +
          '1 deleted by a sync that prunes (ConfigMap/old)',
      );
    });

    test('what is so already, what is not live anyway, and drift of its own', async t => {
      const all = await estate(t, user, files);
      if (all === undefined) return;
      await all.kubectl('scale', 'deployment', 'web', '--replicas', '7');
      await all.kubectl('delete', 'configmap', 'old');
      await all.kubectl('patch', 'configmap', 'settings', '-p', '{"data":{"color":"red"}}');
      const to = await all.folder.commit('second', {
        'env/web.yaml': deployment('registry.example/web:1.1', 3, {args: ['a']}),
        'env/settings.yaml': configMap('settings', {color: 'red', size: 'big'}),
        'env/old.yaml': null,
      });
      const {cluster} = await all.effect(to);
      assert.equal(
        clusterSummary(cluster ?? assert.fail()),
        '1 changed (Deployment/web), 1 not live anyway, 1 already so, 1 with drift of their own besides (Deployment/web)',
      );
      assert.deepEqual(await all.lines(to), [
        `~ Deployment/NS/web would change${local}`,
        '  spec.replicas: 7 -> 3 (drift, not of this change)',
        '  spec.template.spec.containers[name=web].image: registry.example/web:1.0 -> registry.example/web:1.1',
      ]);
    });
  });
}

describe('a change on a real cluster', () => {
  const mislabelled = (name: string) =>
    deployment('registry.example/web:1.1', 3)
      .replace('name: web', `name: ${name}`)
      .replace('matchLabels:', 'matchLabels:\n      tier: front');

  test('that the server refuses is said to be refused, of what changes and of what is new', async t => {
    const all = await estate(t, 'admin', files);
    if (all === undefined) return;
    const to = await all.folder.commit('second', {
      'env/web.yaml': mislabelled('web'),
      'env/other.yaml': mislabelled('other'),
    });
    const {cluster} = await all.effect(to);
    assert.ok(cluster !== null && 'objects' in cluster);
    assert.deepEqual(
      cluster.objects.map(({id, outcome}) => `${outcome} ${id.name}`),
      ['created other', 'changed web'],
    );
    for (const {refused} of cluster.objects) assert.match(refused ?? '', /selector/);
    assert.match(
      clusterSummary(cluster),
      /2 refused by the server as it is \(Deployment\/other; Deployment\/web\)/,
    );
  });

  test('that brings a namespace is not refused for want of it; one that is nowhere is missed', async t => {
    const all = await estate(t, 'admin', files);
    if (all === undefined) return;
    const {namespace} = all;
    const to = await all.folder.commit('second', {
      'env/namespace.yaml': dump({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: {name: `${namespace}-more`},
      }),
      'env/there.yaml': configMap('there', {}).replace(
        'name: there',
        `name: there\n  namespace: ${namespace}-more`,
      ),
      'env/lost.yaml': configMap('lost', {}).replace(
        'name: lost',
        `name: lost\n  namespace: ${namespace}-lost`,
      ),
    });
    const {cluster} = await all.effect(to);
    assert.ok(cluster !== null && 'objects' in cluster);
    assert.deepEqual(
      cluster.objects.map(({id, outcome, refused}) => [outcome, id.kind, /not found/.test(refused ?? '')]),
      [
        ['created', 'ConfigMap', true],
        ['created', 'Namespace', false],
        ['created', 'ConfigMap', false],
      ],
    );
  });

  test('tells a reader nothing of what the server would refuse, as it may not be asked', async t => {
    const all = await estate(t, 'reader', files);
    if (all === undefined) return;
    const {cluster} = await all.effect(
      await all.folder.commit('second', {'env/other.yaml': mislabelled('other')}),
    );
    assert.ok(cluster !== null && 'objects' in cluster);
    assert.deepEqual(
      cluster.objects.map(({outcome, refused}) => [outcome, refused]),
      [['created', null]],
    );
  });

  test('leaves the report of the engine as it is, while it is asked for', async t => {
    const all = await estate(t, 'admin', files);
    if (all === undefined) return;
    const before = await all.engine.inspect(all.signal);
    const to = await all.folder.commit('second', {'env/old.yaml': null});
    await all.folder.git('reset', '--quiet', '--hard', all.first);
    const [, after] = await Promise.all([all.effect(to), all.engine.inspect(all.signal)]);
    assert.deepEqual(after.summary, before.summary);
    assert.equal(after.syncStatus, 'Synced');
  });
});
