import assert from 'node:assert/strict';
import {describe, type TestContext, test} from 'node:test';
import {dump} from 'js-yaml';
import {connect} from '../../source/cluster/connect.ts';
import type {Cluster} from '../../source/cluster/types.ts';
import type {EnvironmentReport} from '../../source/drift/types.ts';
import {createDirectEngine} from '../../source/engines/direct/engine.ts';
import type {SyncOptions} from '../../source/engines/types.ts';
import {openRepository} from '../../source/repository/open.ts';
import {formatIdentity} from '../../source/resources/identity.ts';
import {type JsonObject, objectAt, parseJson} from '../../source/resources/json.ts';
import {createMask} from '../../source/secrets/mask.ts';
// Renamed: a linter takes names that begin with "use" for hooks of React.
import {useCluster as sharedCluster} from '../cluster/shared.ts';
import type {Context} from '../cluster/users.ts';
import {newRepository, temporaryFolder} from '../repository/git-folder.ts';
import {configMap, namespace} from './desired.ts';
import {allowed, environment, setUp} from './setting.ts';

const usual: SyncOptions = {prune: false, force: false};

/** A namespace of the real cluster with an engine on it; undefined where there is no cluster. */
async function real(t: TestContext, context: Context = 'admin') {
  const shared = await sharedCluster(t);
  if (shared === undefined) return undefined;
  const shop = await shared.namespace('engine');
  const connected = await connect({kubeconfig: shared.kubeconfig, context});
  t.after(() => connected.close());
  const {cluster, dryRuns} = counting(connected);
  const all = setUp({cluster, environment: {...environment, namespace: shop}});
  const kubectl = (args: readonly string[], ...objects: readonly JsonObject[]) =>
    shared.kubectl([...args, '-n', shop], {input: objects.map(object => dump(object)).join('---\n')});
  const sync = async (options: Partial<SyncOptions> = {}) => {
    const plan = await all.engine.plan({...usual, ...options}, all.signal);
    const result = await all.engine.sync(plan, allowed(), all.signal, () => {}, {waitSeconds: 0});
    return {plan, result};
  };
  const live = async (kind: string, name: string) =>
    parseJson(await kubectl(['get', kind, name, '-o', 'json'])) as JsonObject;
  return {...all, cluster, shop, kubectl, sync, live, dryRuns, shared};
}

/** The cluster, with its dry runs counted. */
function counting(cluster: Cluster): {cluster: Cluster; dryRuns: () => number} {
  let count = 0;
  const apply = cluster.apply.bind(cluster);
  const jsonPatch = cluster.jsonPatch.bind(cluster);
  cluster.apply = (kind, object, options) => {
    if (options.dryRun) count++;
    return apply(kind, object, options);
  };
  cluster.jsonPatch = (kind, space, name, operations, options) => {
    if (options?.dryRun) count++;
    return jsonPatch(kind, space, name, operations, options);
  };
  return {cluster, dryRuns: () => count};
}

function web(shop: string, replicas = 3, container: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {name: 'web', namespace: shop},
    spec: {
      replicas,
      selector: {matchLabels: {app: 'web'}},
      template: {
        metadata: {labels: {app: 'web'}},
        spec: {containers: [{name: 'web', image: 'nginx:1', ...container}]},
      },
    },
  };
}

function drifted({resources}: EnvironmentReport): string[] {
  return resources
    .filter(({status}) => status !== 'Synced')
    .map(({id, status, fields}) =>
      `${status} ${id.kind}/${id.name} ${fields.map(({path}) => path).join(' ')}`.trim(),
    );
}

describe('the circle of drift and sync, on a real API server', () => {
  test('scaled by hand, seen, brought back', async t => {
    const all = await real(t);
    if (all === undefined) return;
    const {engine, repository, kubectl, sync, signal, shop} = all;
    const objects = [configMap('a', {x: '1'}, shop), web(shop)];
    repository.holds(...objects);
    await kubectl(['apply', '-f', '-'], ...objects);
    assert.deepEqual(drifted(await engine.inspect(signal)), []);

    await kubectl(['scale', 'deployment/web', '--replicas=5']);
    const report = await engine.inspect(signal);
    assert.deepEqual(drifted(report), ['Modified Deployment/web spec.replicas']);
    const field = report.resources.find(({id}) => id.kind === 'Deployment')?.fields[0];
    assert.deepEqual([field?.desired, field?.live, field?.manager, field?.author], [3, 5, 'kubectl', 'Jane']);
    assert.equal(field?.location?.file, 'deployment-web.yaml');

    const before = all.dryRuns();
    await engine.inspect(signal);
    assert.equal(all.dryRuns(), before, 'nothing moved: nothing is asked');

    const {plan, result} = await sync();
    assert.equal(result.outcome, 'done', result.message);
    assert.ok(plan.steps.some(({reason}) => reason === 'takes over spec.replicas from kubectl'));
    const after = await engine.inspect(signal);
    assert.deepEqual([after.syncStatus, after.liveRevision], ['Synced', repository.sha]);
  });

  for (const [manager, apply] of Object.entries({
    'kubectl-client-side-apply': ['apply', '-f', '-'],
    kubectl: ['apply', '--server-side', '-f', '-'],
    helm: ['create', '--field-manager=helm', '-f', '-'],
    'a pipeline of its own name': ['apply', '--server-side', '--field-manager=ci', '-f', '-'],
  })) {
    test(`what git dropped is really removed, although ${manager} applied it`, async t => {
      const all = await real(t);
      if (all === undefined) return;
      const {engine, repository, kubectl, sync, live, signal, shop} = all;
      const probe = {livenessProbe: {httpGet: {path: '/', port: 80}}, env: [{name: 'A', value: '1'}]};
      await kubectl(apply, configMap('a', {x: '1', y: '1'}, shop), web(shop, 3, probe));
      repository.holds(configMap('a', {y: '1'}, shop), web(shop));
      const report = await engine.inspect(signal);
      assert.equal(report.resources.find(({id}) => id.kind === 'ConfigMap')?.fields[0]?.path, 'data.x');
      assert.equal(report.summary.modified, 2);

      const {result} = await sync();
      assert.equal(result.outcome, 'done', result.message);
      assert.deepEqual(drifted(await engine.inspect(signal)), []);
      assert.deepEqual((await live('configmap', 'a'))['data'], {y: '1'});
      const template = objectAt(
        objectAt(objectAt(await live('deployment', 'web'), 'spec'), 'template'),
        'spec',
      );
      const [container] = template['containers'] as JsonObject[];
      assert.deepEqual([container?.['livenessProbe'], container?.['env']], [undefined, undefined]);
    });
  }

  test('what a person added is seen and taken out', async t => {
    const all = await real(t);
    if (all === undefined) return;
    const {engine, repository, kubectl, sync, live, signal, shop} = all;
    repository.holds(configMap('a', {x: '1'}, shop), web(shop));
    await sync();
    await kubectl(['label', 'configmap/a', 'by-hand=yes']);
    await kubectl(['set', 'env', 'deployment/web', 'DEBUG=1']);
    assert.deepEqual(drifted(await engine.inspect(signal)), [
      'Modified ConfigMap/a metadata.labels.by-hand',
      'Modified Deployment/web spec.template.spec.containers[name=web].env[name=DEBUG]',
    ]);
    const {plan, result} = await sync();
    assert.equal(plan.steps[0]?.reason, 'removes metadata.labels.by-hand');
    assert.equal(result.outcome, 'done', result.message);
    assert.deepEqual(drifted(await engine.inspect(signal)), []);
    const labels = objectAt(objectAt(await live('configmap', 'a'), 'metadata'), 'labels');
    assert.deepEqual(Object.keys(labels), ['applyset.kubernetes.io/part-of']);
  });

  test('what git no longer has is Extra, and pruned when that is chosen', async t => {
    const all = await real(t);
    if (all === undefined) return;
    const {engine, repository, kubectl, sync, signal, shop} = all;
    repository.holds(configMap('a', {}, shop), configMap('old', {}, shop));
    await sync();
    await kubectl(['create', 'configmap', 'stranger']);
    repository.holds(configMap('a', {}, shop));
    assert.deepEqual(drifted(await engine.inspect(signal)), ['Extra ConfigMap/old']);
    assert.equal((await sync()).plan.prunable, 1);
    assert.deepEqual(drifted(await engine.inspect(signal)), ['Extra ConfigMap/old']);
    const {result} = await sync({prune: true});
    assert.equal(result.outcome, 'done', result.message);
    assert.equal((await engine.inspect(signal)).syncStatus, 'Synced');
    assert.match(await kubectl(['get', 'configmaps', '-o', 'name']), /stranger/);
    const [latest] = await engine.history(signal);
    assert.deepEqual([latest?.pruned, latest?.revision], [true, repository.sha]);
  });

  test('what an earlier commit held is Extra without any record, and only shown', async t => {
    const all = await real(t);
    if (all === undefined) return;
    const {kubectl, cluster, shop, signal} = all;
    const folder = await newRepository(temporaryFolder(t));
    const files = (...objects: JsonObject[]) => ({
      'env/all.yaml': objects.map(object => dump(object)).join('---\n'),
    });
    const kept = configMap('kept', {}, shop);
    const old = configMap('old', {}, shop);
    const taken = configMap('taken', {}, shop);
    const extraneous = configMap('extraneous', {}, shop);
    const hook = {
      ...configMap('hook', {}, shop),
      metadata: {name: 'hook', namespace: shop, annotations: {'argocd.argoproj.io/hook': 'PostSync'}},
    };
    await folder.commit('Start', files(kept, old, taken, extraneous, hook, configMap('gone', {}, shop)));
    await kubectl(['apply', '-f', '-'], kept, old, taken, extraneous, hook);
    // What a chart was rendered with, and what Helm itself writes besides.
    await kubectl(['label', 'configmap/old', 'configmap/taken', 'app.kubernetes.io/managed-by=Helm']);
    const release = ['meta.helm.sh/release-name=other', 'meta.helm.sh/release-namespace=elsewhere'];
    await kubectl(['annotate', 'configmap/taken', ...release]);
    const option = 'argocd.argoproj.io/compare-options=IgnoreExtraneous';
    await kubectl(['annotate', 'configmap/extraneous', option]);
    const until = await folder.commit('Drop', files(kept));
    const engine = createDirectEngine({
      environment: {...environment, path: 'env', namespace: shop},
      repository: await openRepository(folder.root),
      connect: async () => cluster,
      ignore: [],
      mask: createMask(),
      worktree: false,
    });
    const report = await engine.inspect(signal);
    assert.deepEqual(drifted(report), ['Extra ConfigMap/old']);
    const note = report.resources.find(({id}) => id.name === 'old')?.notes[0];
    assert.equal(note, `git had it until ${until.slice(0, 7)} (env/all.yaml); no ApplySet records it`);

    const plan = await engine.plan({prune: true, force: false}, signal);
    assert.deepEqual([plan.prunable, plan.steps.filter(({action}) => action === 'delete')], [0, []]);
    await engine.sync(plan, allowed(), signal, () => {}, {waitSeconds: 0});
    assert.deepEqual(
      drifted(await engine.inspect(signal)),
      ['Extra ConfigMap/old'],
      'still there after a sync',
    );
    await kubectl(['delete', 'configmap', 'old']);
    assert.equal((await engine.inspect(signal)).syncStatus, 'Synced');
  });

  test('of a folder that git emptied everything is Extra, and not pruned at once', async t => {
    const all = await real(t);
    if (all === undefined) return;
    const {cluster, shop, signal, kubectl} = all;
    const folder = await newRepository(temporaryFolder(t));
    const file = dump(configMap('only', {}, shop));
    await folder.commit('Start', {'env/only.yaml': file, 'README.md': '# Shop'});
    const engine = createDirectEngine({
      environment: {...environment, path: 'env', namespace: shop},
      repository: await openRepository(folder.root),
      connect: async () => cluster,
      ignore: [],
      mask: createMask(),
      worktree: false,
    });
    const applied = await engine.plan({prune: false, force: false}, signal);
    await engine.sync(applied, allowed(), signal, () => {}, {waitSeconds: 0});

    await folder.git('rm', '-q', 'env/only.yaml');
    await folder.git('commit', '-q', '-m', 'Drop');
    const report = await engine.inspect(signal);
    assert.deepEqual(drifted(report), ['Extra ConfigMap/only']);
    assert.deepEqual(
      report.errors.map(({severity, message}) => [
        severity,
        /there is no folder env .* is Extra/.test(message),
      ]),
      [['warning', true]],
    );
    const plan = await engine.plan({prune: true, force: false}, signal);
    assert.match(plan.blockers.join(), /not pruned at once/);
    await kubectl(['delete', 'configmap', 'only']);
    assert.equal((await engine.inspect(signal)).syncStatus, 'Synced');

    // Moved as it is, it is still in git: then the folder of the environment is the mistake.
    await folder.commit('Back', {'env/only.yaml': file});
    await folder.git('mv', 'env', 'elsewhere');
    await folder.git('commit', '-q', '-m', 'Move');
    const moved = await engine.inspect(signal);
    assert.equal(moved.syncStatus, 'Unknown');
  });

  test('a controller keeps its field until force is chosen', async t => {
    const all = await real(t);
    if (all === undefined) return;
    const {repository, kubectl, sync, live, shop} = all;
    repository.holds(web(shop));
    await sync();
    const scale = {apiVersion: 'apps/v1', kind: 'Deployment', metadata: {name: 'web'}, spec: {replicas: 8}};
    await kubectl(
      ['apply', '--server-side', '--force-conflicts', '--field-manager=shop-operator', '-f', '-'],
      scale,
    );
    const {plan, result} = await sync();
    assert.deepEqual(plan.steps[0]?.conflicts, [{field: 'spec.replicas', manager: 'shop-operator'}]);
    assert.equal(result.outcome, 'partial');
    assert.equal(objectAt(await live('deployment', 'web'), 'spec')['replicas'], 8);
    assert.equal((await sync({force: true})).result.outcome, 'done');
    assert.equal(objectAt(await live('deployment', 'web'), 'spec')['replicas'], 3);
  });

  test('a namespace, a definition and what is in them come up in one sync', async t => {
    const all = await real(t);
    if (all === undefined) return;
    const {engine, repository, sync, signal, shop, shared} = all;
    const group = `${shop}.example`;
    const fresh = `${shop}-new`;
    t.after(() => shared.kubectl(['delete', 'crd', `baskets.${group}`, '--wait=false']));
    const schema = {
      type: 'object',
      properties: {spec: {type: 'object', properties: {size: {type: 'integer'}}}},
    };
    repository.holds(
      {apiVersion: `${group}/v1`, kind: 'Basket', metadata: {name: 'b', namespace: fresh}, spec: {size: 2}},
      configMap('a', {}, fresh),
      {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: {name: `baskets.${group}`},
        spec: {
          group,
          scope: 'Namespaced',
          names: {kind: 'Basket', plural: 'baskets', singular: 'basket', listKind: 'BasketList'},
          versions: [{name: 'v1', served: true, storage: true, schema: {openAPIV3Schema: schema}}],
        },
      },
      namespace(fresh),
    );
    const before = await engine.inspect(signal);
    assert.deepEqual([before.summary.missing, before.summary.unknown], [4, 0]);
    const {plan, result} = await sync();
    assert.deepEqual(
      plan.steps.map(({id}) => id.kind),
      ['Namespace', 'CustomResourceDefinition', 'ConfigMap', 'Basket'],
    );
    assert.equal(result.outcome, 'done', `${result.message} ${JSON.stringify(result.failed)}`);
    assert.deepEqual(drifted(await engine.inspect(signal)), []);
  });

  test('the server’s refusal to change a field is told, and the rest is synced', async t => {
    const all = await real(t);
    if (all === undefined) return;
    const {engine, repository, sync, signal, shop} = all;
    repository.holds(configMap('a', {}, shop), web(shop));
    await sync();
    const other = web(shop);
    const spec = objectAt(other, 'spec');
    Object.assign(spec, {selector: {matchLabels: {app: 'other'}}});
    Object.assign(objectAt(objectAt(spec, 'template'), 'metadata'), {labels: {app: 'other'}});
    repository.holds(configMap('a', {x: '1'}, shop), other);
    const {plan, result} = await sync();
    assert.deepEqual(
      plan.steps.map(({trouble}) => trouble),
      [null, 'needs-replace'],
    );
    assert.deepEqual([result.outcome, result.done], ['partial', 1]);
    assert.equal((await engine.inspect(signal)).summary.modified, 1);
  });

  test('kubectl sees the ApplySet and keeps its hands off', async t => {
    const all = await real(t);
    if (all === undefined) return;
    const {repository, sync, shop, shared} = all;
    repository.holds(configMap('a', {}, shop));
    await sync();
    process.env['KUBECTL_APPLYSET'] = 'true';
    t.after(() => delete process.env['KUBECTL_APPLYSET']);
    await assert.rejects(
      shared.kubectl(
        ['apply', '--prune', '--applyset=configmaps/gitops-tui-staging', '-n', shop, '-f', '-'],
        {
          input: dump(configMap('a', {}, shop)),
        },
      ),
      /managed by tooling "gitops-tui" instead of "kubectl"/,
    );
  });
});

describe('what a context may not do', () => {
  const seeded = async (t: TestContext, context: Context) => {
    const all = await real(t, context);
    if (all === undefined) return undefined;
    const objects = Array.from({length: 6}, (_, index) => configMap(`c${index}`, {x: '1'}, all.shop));
    all.repository.holds(...objects);
    await all.kubectl(['apply', '--server-side', '-f', '-'], ...objects);
    await all.kubectl(['patch', 'configmap', 'c0', '--type=merge', '-p', '{"data":{"x":"2"}}']);
    return {...all, report: await all.engine.inspect(all.signal)};
  };

  test('a reader sees drift, by a verdict that says that it is local', async t => {
    const all = await seeded(t, 'reader');
    if (all === undefined) return;
    assert.deepEqual(drifted(all.report), ['Modified ConfigMap/c0 data.x']);
    assert.equal(all.report.resources[0]?.verdict, 'local');
    assert.equal(all.dryRuns(), 0);
    const plan = await all.engine.plan(usual, all.signal);
    assert.match(plan.blockers.join(), /could not be recorded/);
  });

  test('one who may get but not list sees drift, and is told what can’t be known', async t => {
    const all = await seeded(t, 'getter');
    if (all === undefined) return;
    assert.deepEqual(drifted(all.report), ['Modified ConfigMap/c0 data.x']);
    assert.match(all.report.errors.map(({message}) => message).join(), /configmaps can't be listed/);
  });

  for (const context of ['nobody', 'stranger'] as const) {
    test(`to ${context} everything is Unknown: not missing, not in sync`, async t => {
      const all = await seeded(t, context);
      if (all === undefined) return;
      const {syncStatus, summary, resources, liveRevision} = all.report;
      assert.deepEqual([syncStatus, summary.unknown, summary.missing, liveRevision], ['Unknown', 6, 0, null]);
      for (const {error, id} of resources) assert.ok(error, formatIdentity(id));
    });
  }
});
