import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {ClusterError} from '../../../source/cluster/types.ts';
import type {SyncEvent, SyncOptions, SyncPlan} from '../../../source/engines/types.ts';
import {formatIdentity, identityKey} from '../../../source/resources/identity.ts';
import {type JsonObject, objectAt} from '../../../source/resources/json.ts';
import {configMap, deployment, namespace} from '../desired.ts';
import {kindOf} from '../fake-cluster.ts';
import {allowed, setUp} from '../setting.ts';

const usual: SyncOptions = {prune: false, force: false};
const noWait = {waitSeconds: 0};
const parent = 'ConfigMap/shop/gitops-tui-staging';
const steps = (plan: SyncPlan) => plan.steps.map(({action, id}) => `${action} ${formatIdentity(id)}`);

/** An environment that was synced once: a namespace, two config maps and a deployment. */
async function synced() {
  const all = setUp();
  const {engine, repository, signal} = all;
  repository.holds(namespace('shop'), configMap('a'), configMap('b'), deployment('web'));
  const result = await engine.sync(await engine.plan(usual, signal), allowed(), signal, () => {}, noWait);
  assert.equal(result.outcome, 'done', result.message);
  all.cluster.requests.length = 0;
  return all;
}

describe('a sync', () => {
  test('makes what is missing in order, the record before its members, and is in sync then', async () => {
    const {engine, repository, cluster, signal} = setUp();
    repository.holds(deployment('web'), configMap('a'), namespace('shop'));
    const plan = await engine.plan(usual, signal);
    assert.deepEqual(steps(plan), [
      'create Namespace/shop',
      'create ConfigMap/shop/a',
      'create Deployment/shop/web',
    ]);
    assert.match(plan.steps[1]?.reason ?? '', /not dry-run: this sync creates its namespace/);
    assert.deepEqual(cluster.writes, [], 'a plan writes nothing');

    const events: SyncEvent[] = [];
    const result = await engine.sync(plan, allowed(), signal, event => events.push(event), noWait);
    assert.deepEqual([result.outcome, result.done, result.failed], ['done', 3, []]);
    assert.deepEqual(cluster.writes, [
      'apply Namespace/shop',
      `apply ${parent}`,
      'apply ConfigMap/shop/a',
      'apply Deployment/shop/web',
      `apply ${parent}`,
    ]);
    assert.deepEqual(
      events.flatMap(event => (event.type === 'step' ? [`${event.index} ${event.state}`] : [event.type])),
      ['0 running', '0 done', '1 running', '1 done', '2 running', '2 done', 'recorded'],
    );
    const report = await engine.inspect(signal);
    assert.deepEqual([report.syncStatus, report.liveRevision], ['Synced', repository.sha]);
    const [deployed] = await engine.history(signal);
    assert.deepEqual(
      [deployed?.revision, deployed?.by, deployed?.pruned],
      [repository.sha, 'jane@laptop', false],
    );
  });

  test('makes objects of a kind that it defines itself', async () => {
    const {engine, repository, cluster, signal} = setUp();
    const basket = {apiVersion: 'shop.example/v1', kind: 'Basket', metadata: {name: 'b'}, spec: {size: 1}};
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: {name: 'baskets.shop.example'},
      spec: {group: 'shop.example', names: {kind: 'Basket'}, scope: 'Namespaced', versions: [{name: 'v1'}]},
    };
    await cluster.seed(namespace('shop'));
    repository.holds(basket, definition);
    const plan = await engine.plan(usual, signal);
    assert.deepEqual(
      plan.steps.map(({reason}) => reason),
      [null, 'not dry-run: this sync creates its CustomResourceDefinition'],
    );
    cluster.refuse = request => {
      if (request.startsWith('apply CustomResourceDefinition'))
        cluster.kindsServed.push(kindOf('shop.example/v1', 'Basket'));
      return undefined;
    };
    const result = await engine.sync(plan, allowed(), signal, () => {}, noWait);
    assert.equal(result.outcome, 'done', result.message);
    assert.equal((await engine.inspect(signal)).syncStatus, 'Synced');
  });

  test('of an environment that is in sync has nothing to do, and says so', async () => {
    const {engine, cluster, signal} = await synced();
    const plan = await engine.plan(usual, signal);
    assert.deepEqual([plan.steps, plan.blockers], [[], []]);
    const result = await engine.sync(plan, allowed(), signal, () => {}, noWait);
    assert.deepEqual([result.outcome, result.message], ['done', 'staging: nothing to do']);
    assert.equal((await engine.history(signal)).length, 1);
    assert.deepEqual(cluster.writes, [`apply ${parent}`]);
  });

  test('of chosen resources touches those alone, and does not count as a deployment', async () => {
    const {engine, repository, cluster, signal} = await synced();
    repository.holds(
      namespace('shop'),
      configMap('a', {a: '2'}),
      configMap('b', {a: '2'}),
      deployment('web'),
    );
    const only = [identityKey({group: '', kind: 'ConfigMap', namespace: 'shop', name: 'b'})];
    const plan = await engine.plan({...usual, only}, signal);
    assert.deepEqual(steps(plan), ['apply ConfigMap/shop/b']);
    await engine.sync(plan, allowed(), signal, () => {}, noWait);
    assert.deepEqual(cluster.writes, [`apply ${parent}`, 'apply ConfigMap/shop/b']);
    assert.notEqual((await engine.inspect(signal)).liveRevision, repository.sha);
  });

  test('needs a permit for this very environment', async () => {
    const {engine, signal} = setUp();
    const plan = await engine.plan(usual, signal);
    await assert.rejects(engine.sync(plan, allowed('production'), signal), /none to sync staging/);
  });

  test('runs only the plan that it gave, once', async () => {
    const {engine, repository, cluster, signal} = await synced();
    repository.holds(namespace('shop'), configMap('a', {a: '2'}), configMap('b'), deployment('web'));
    const plan = await engine.plan(usual, signal);
    assert.equal((await engine.sync(structuredClone(plan), allowed(), signal)).outcome, 'failed');
    assert.deepEqual(cluster.writes, []);
    await engine.sync(plan, allowed(), signal, () => {}, noWait);
    const writes = cluster.writes.length;
    assert.equal((await engine.sync(plan, allowed(), signal)).outcome, 'failed');
    assert.equal(cluster.writes.length, writes);
  });
});

describe('a cluster that moved since the plan', () => {
  test('gets a new plan instead of the old one', async () => {
    const {engine, repository, cluster, signal} = await synced();
    repository.holds(namespace('shop'), configMap('a', {a: '2'}), configMap('b'), deployment('web'));
    const plan = await engine.plan(usual, signal);
    await cluster.seed(configMap('a', {a: 'other'}), 'kubectl-edit', 'Update');
    const result = await engine.sync(plan, allowed(), signal, () => {}, noWait);
    assert.equal(result.outcome, 'plan-changed');
    assert.match(result.message, /ConfigMap\/shop\/a/);
    assert.deepEqual(cluster.writes, []);
    assert.ok(result.newPlan !== undefined);
    const second = await engine.sync(result.newPlan, allowed(), signal, () => {}, noWait);
    assert.equal(second.outcome, 'done', second.message);
  });

  test('in its status alone does not matter', async () => {
    const {engine, cluster, signal} = await synced();
    const live = cluster.peek('apps/v1', 'Deployment', 'shop', 'web') ?? {};
    await cluster.seed({...live, spec: {replicas: 9}}, 'kubectl', 'Update');
    const plan = await engine.plan(usual, signal);
    const now = cluster.peek('apps/v1', 'Deployment', 'shop', 'web') ?? {};
    await cluster.seed({...now, status: {readyReplicas: 1}}, 'kube-controller-manager', 'Update');
    const result = await engine.sync(plan, allowed(), signal, () => {}, noWait);
    assert.equal(result.outcome, 'done', result.message);
    const spec = objectAt(cluster.peek('apps/v1', 'Deployment', 'shop', 'web'), 'spec');
    assert.equal(spec['replicas'], 3);
  });

  test('by a deletion is not made anew behind the user’s back', async () => {
    const {engine, repository, cluster, signal} = await synced();
    repository.holds(namespace('shop'), configMap('a', {a: '2'}), configMap('b'), deployment('web'));
    const plan = await engine.plan(usual, signal);
    // Between the check and the write: the uid that goes with the write keeps the server from making a new one.
    cluster.refuse = request => {
      if (request === `apply ${parent}`) void cluster.delete(kindOf('v1', 'ConfigMap'), 'shop', 'a');
      return undefined;
    };
    const result = await engine.sync(plan, allowed(), signal, () => {}, noWait);
    assert.equal(result.outcome, 'failed');
    assert.match(result.failed[0]?.message ?? '', /uid/);
    assert.equal(cluster.peek('v1', 'ConfigMap', 'shop', 'a'), undefined);
  });
});

describe('a sync that fails or is stopped', () => {
  test('ends after the kind that failed, tells the rest, and a new one does it', async () => {
    const {engine, repository, cluster, signal} = await synced();
    repository.holds(
      namespace('shop'),
      configMap('a', {a: '2'}),
      configMap('b', {a: '2'}),
      deployment('web', 5),
    );
    const plan = await engine.plan(usual, signal);
    cluster.refuse = request =>
      request === 'apply ConfigMap/shop/a'
        ? new ClusterError('forbidden', 'quota exceeded', {status: 403})
        : undefined;
    const result = await engine.sync(plan, allowed(), signal, () => {}, noWait);
    assert.deepEqual([result.outcome, result.done], ['partial', 1]);
    assert.deepEqual(
      result.failed.map(({id, message}) => [id.name, message]),
      [['a', 'quota exceeded']],
    );
    assert.match(result.message, /1 of 3 steps done, 1 failed, 1 not begun/);
    assert.equal(
      cluster.writes.filter(write => write === 'apply ConfigMap/shop/a').length,
      1,
      'never tried twice',
    );
    assert.ok(!cluster.writes.includes('apply Deployment/shop/web'));
    assert.notEqual((await engine.inspect(signal)).liveRevision, repository.sha);

    cluster.refuse = () => undefined;
    const rest = await engine.plan(usual, signal);
    assert.deepEqual(steps(rest), ['apply ConfigMap/shop/a', 'apply Deployment/shop/web']);
    assert.equal((await engine.sync(rest, allowed(), signal, () => {}, noWait)).outcome, 'done');
  });

  test('tells what was sent and never answered as unknown, not as failed or done', async () => {
    const {engine, repository, cluster, signal} = await synced();
    repository.holds(
      namespace('shop'),
      configMap('a', {a: '2'}),
      configMap('b', {b: '2'}),
      deployment('web', 5),
    );
    const plan = await engine.plan(usual, signal);
    const died = new ClusterError('unreachable', 'https://c: the connection broke (ECONNRESET)', {
      cause: Object.assign(new Error('socket hang up'), {code: 'ECONNRESET'}),
    });
    cluster.refuse = request => (request === 'apply ConfigMap/shop/b' ? died : undefined);
    const events: SyncEvent[] = [];
    const result = await engine.sync(plan, allowed(), signal, event => events.push(event), noWait);
    assert.deepEqual(
      events.flatMap(event =>
        event.type === 'step' && event.state !== 'running' ? [`${event.index} ${event.state}`] : [],
      ),
      ['0 done', '1 unknown'],
    );
    assert.deepEqual([result.outcome, result.done], ['partial', 1]);
    assert.deepEqual(
      result.failed.map(({id, unknown}) => [id.name, unknown]),
      [['b', true]],
    );
    assert.match(result.message, /1 of 3 steps done, 1 of unknown outcome, 1 not begun/);
  });

  test('says in its plan in which wave a step runs', async () => {
    const {engine, repository, signal} = await synced();
    const late = configMap('late');
    late['metadata'] = {...objectAt(late, 'metadata'), annotations: {'argocd.argoproj.io/sync-wave': '3'}};
    repository.holds(namespace('shop'), configMap('a', {a: '2'}), configMap('b'), deployment('web'), late);
    const plan = await engine.plan(usual, signal);
    assert.deepEqual(
      plan.steps.map(({id, wave}) => [id.name, wave]),
      [
        ['a', undefined],
        ['late', 3],
      ],
    );
  });

  test('stops between two writes', async () => {
    const {engine, repository, cluster, signal} = await synced();
    repository.holds(namespace('shop'), configMap('a', {a: '2'}), configMap('b'), deployment('web', 5));
    const plan = await engine.plan(usual, signal);
    const controller = new AbortController();
    const result = await engine.sync(
      plan,
      allowed(),
      controller.signal,
      event => {
        if (event.type === 'step' && event.state === 'running') controller.abort(new Error('stopped'));
      },
      noWait,
    );
    assert.deepEqual([result.outcome, result.done], ['partial', 1]);
    assert.match(result.message, /stopped: 1 of 2 steps done, 1 not begun/);
    assert.deepEqual(cluster.writes, [`apply ${parent}`, 'apply ConfigMap/shop/a']);
  });

  test('stops its wait for health, with everything applied and recorded', async () => {
    const {engine, repository, signal} = await synced();
    repository.holds(namespace('shop'), configMap('a'), configMap('b'), deployment('web', 5));
    const plan = await engine.plan(usual, signal);
    const controller = new AbortController();
    const result = await engine.sync(
      plan,
      allowed(),
      controller.signal,
      event => {
        if (event.type === 'waiting') controller.abort(new Error('stopped'));
      },
      {waitSeconds: 60},
    );
    assert.deepEqual([result.outcome, result.done], ['partial', 1]);
    assert.match(result.message, /the wait for health was stopped/);
    assert.equal((await engine.inspect(signal)).liveRevision, repository.sha);
  });

  test('writes no member where its record can’t be written', async () => {
    const {engine, repository, cluster, signal} = await synced();
    repository.holds(namespace('shop'), configMap('a', {a: '2'}), configMap('b'), deployment('web'));
    const plan = await engine.plan(usual, signal);
    cluster.refuse = request =>
      request === `apply ${parent}` ? new ClusterError('forbidden', 'no', {status: 403}) : undefined;
    const result = await engine.sync(plan, allowed(), signal, () => {}, noWait);
    assert.equal(result.outcome, 'failed');
    assert.deepEqual(cluster.writes, [`apply ${parent}`]);
  });
});

describe('a plan', () => {
  const hpa = {...deployment('web', 9)};

  test('takes over what people changed, and tells from whom', async () => {
    const {engine, cluster, signal} = await synced();
    const live = cluster.peek('apps/v1', 'Deployment', 'shop', 'web') ?? {};
    await cluster.seed({...live, spec: {replicas: 9}}, 'kubectl-scale', 'Update');
    const [step] = (await engine.plan(usual, signal)).steps;
    assert.deepEqual([step?.action, step?.conflicts, step?.trouble], ['apply', [], null]);
    assert.equal(step?.reason, 'takes over spec.replicas from kubectl-scale');
  });

  test('leaves to a controller what it sets, unless it is told to force', async () => {
    const {engine, cluster, signal} = await synced();
    await cluster.seed(hpa, 'kube-controller-manager', 'Update');
    const plan = await engine.plan(usual, signal);
    assert.equal(plan.conflicts, 1);
    assert.deepEqual(
      plan.steps.map(({action, trouble, conflicts}) => ({action, trouble, conflicts})),
      [
        {
          action: 'skip',
          trouble: 'conflict',
          conflicts: [{field: 'spec.replicas', manager: 'kube-controller-manager'}],
        },
      ],
    );
    const result = await engine.sync(plan, allowed(), signal, () => {}, noWait);
    assert.equal(result.outcome, 'partial');
    assert.ok(!cluster.writes.includes('apply Deployment/shop/web'));

    const forced = await engine.plan({...usual, force: true}, signal);
    assert.deepEqual(
      forced.steps.map(({action}) => action),
      ['apply'],
    );
    assert.equal((await engine.sync(forced, allowed(), signal, () => {}, noWait)).outcome, 'done');
    assert.equal(objectAt(cluster.peek('apps/v1', 'Deployment', 'shop', 'web'), 'spec')['replicas'], 3);
  });

  test('does not touch what a rule ignores', async () => {
    const all = setUp({ignore: [{kind: 'Deployment', paths: ['/spec/replicas']}]});
    const {engine, repository, cluster, signal} = all;
    await cluster.seed(namespace('shop'));
    await cluster.seed(
      {...deployment('web', 9), metadata: {name: 'web', namespace: 'shop'}},
      'kube-controller-manager',
      'Update',
    );
    repository.holds(namespace('shop'), deployment('web', 3, {paused: true}));
    const plan = await engine.plan(usual, signal);
    assert.equal(plan.conflicts, 0);
    const result = await engine.sync(plan, allowed(), signal, () => {}, noWait);
    assert.equal(result.outcome, 'done', result.message);
    const spec: JsonObject = objectAt(cluster.peek('apps/v1', 'Deployment', 'shop', 'web'), 'spec');
    assert.deepEqual([spec['replicas'], spec['paused']], [9, true]);
  });

  test('goes on without what can only be replaced', async () => {
    const {engine, repository, cluster, signal} = await synced();
    repository.holds(namespace('shop'), configMap('a', {a: '2'}), configMap('b'), deployment('web', 5));
    cluster.refuse = request =>
      request === 'dry-run Deployment/shop/web'
        ? new ClusterError('invalid', 'spec.selector: field is immutable', {status: 422})
        : undefined;
    const plan = await engine.plan(usual, signal);
    assert.deepEqual(steps(plan), ['apply ConfigMap/shop/a', 'skip Deployment/shop/web']);
    assert.equal(plan.steps[1]?.trouble, 'needs-replace');
    assert.deepEqual(plan.blockers, []);
  });

  test('is blocked where git could not be read in full, but not for chosen resources', async () => {
    const {engine, repository, signal} = await synced();
    repository.holds(namespace('shop'), configMap('a', {a: '2'}), deployment('web'));
    repository.files.set('configmap-b.yaml', 'kind: ConfigMap\n  metadata: [');
    const plan = await engine.plan({...usual, prune: true}, signal);
    assert.equal(plan.blockers.length, 2);
    assert.deepEqual(
      plan.steps.filter(({action}) => action === 'delete'),
      [],
      'b may be what could not be read',
    );
    const only = ['/ConfigMap/shop/a'];
    assert.deepEqual((await engine.plan({...usual, only}, signal)).blockers, []);
  });

  test('is blocked where the cluster is out of reach', async () => {
    const {engine, repository, signal} = setUp({
      connect: async () => {
        throw new ClusterError('unreachable', 'connection refused', {fix: 'start it'});
      },
    });
    repository.holds(configMap('a'));
    const plan = await engine.plan(usual, signal);
    assert.deepEqual(plan.blockers, ['connection refused — start it']);
    assert.equal((await engine.sync(plan, allowed(), signal)).outcome, 'failed');
  });

  test('is blocked with --worktree', async () => {
    const {engine, repository, signal} = setUp({worktree: true});
    repository.holds(namespace('shop'));
    assert.match((await engine.plan(usual, signal)).blockers.join(), /commit first/);
  });
});

describe('a prune', () => {
  async function dropped() {
    const all = await synced();
    await all.cluster.seed(configMap('stranger'));
    all.repository.holds(namespace('shop'), configMap('a'));
    return all;
  }

  test('is off until it is chosen, and shown all the same', async () => {
    const {engine, signal} = await dropped();
    const plan = await engine.plan(usual, signal);
    assert.deepEqual(steps(plan), ['skip Deployment/shop/web', 'skip ConfigMap/shop/b']);
    assert.deepEqual([plan.prunable, plan.steps[0]?.reason], [2, 'prune off']);
  });

  test('deletes what git no longer has, last made first, and nothing else', async () => {
    const {engine, repository, cluster, signal} = await dropped();
    const plan = await engine.plan({...usual, prune: true}, signal);
    const result = await engine.sync(plan, allowed(), signal, () => {}, noWait);
    assert.equal(result.outcome, 'done', result.message);
    assert.deepEqual(cluster.writes.slice(1, 3), ['delete Deployment/shop/web', 'delete ConfigMap/shop/b']);
    assert.ok(cluster.peek('v1', 'ConfigMap', 'shop', 'stranger'));
    const set = objectAt(
      objectAt(cluster.peek('v1', 'ConfigMap', 'shop', 'gitops-tui-staging'), 'metadata'),
      'annotations',
    );
    assert.equal(set['applyset.kubernetes.io/contains-group-kinds'], 'ConfigMap,Namespace');
    const report = await engine.inspect(signal);
    assert.deepEqual([report.syncStatus, report.liveRevision], ['Synced', repository.sha]);
  });

  test('never follows an incomplete list', async () => {
    const {engine, cluster, signal} = await dropped();
    cluster.refuse = request =>
      request.startsWith('list Deployment') ? new ClusterError('forbidden', 'no', {status: 403}) : undefined;
    const plan = await engine.plan({...usual, prune: true}, signal);
    assert.match(plan.blockers.join(), /what to prune is not known/);
    assert.deepEqual(
      plan.steps.filter(({action}) => action === 'delete'),
      [],
    );
    assert.equal((await engine.sync(plan, allowed(), signal)).outcome, 'failed');
    assert.deepEqual(cluster.writes, []);
  });

  test('never follows the record of another repository', async () => {
    const {engine, repository, cluster, signal} = await dropped();
    repository.remoteUrl = 'https://forge.example/acme/other.git';
    const report = await engine.inspect(signal);
    assert.equal(report.summary.extra, 0);
    assert.equal(report.liveRevision, null);
    assert.match(report.errors.map(({message}) => message).join(), /not from forge.example\/acme\/other/);
    const plan = await engine.plan({...usual, prune: true}, signal);
    assert.equal((await engine.sync(plan, allowed(), signal)).outcome, 'failed');
    assert.deepEqual(cluster.writes, []);
  });

  test('spares what asks to be kept, and what another object owns', async () => {
    const {engine, cluster, signal} = await dropped();
    const keep = cluster.peek('v1', 'ConfigMap', 'shop', 'b') ?? {};
    const annotations = {'argocd.argoproj.io/sync-options': 'Validate=false,Prune=false'};
    await cluster.seed(
      {...keep, metadata: {...objectAt(keep, 'metadata'), annotations}},
      'kubectl',
      'Update',
    );
    const web = cluster.peek('apps/v1', 'Deployment', 'shop', 'web') ?? {};
    const ownerReferences = [{apiVersion: 'v1', kind: 'ConfigMap', name: 'a', uid: 'x'}];
    await cluster.seed(
      {...web, metadata: {...objectAt(web, 'metadata'), ownerReferences}},
      'operator',
      'Update',
    );
    const plan = await engine.plan({...usual, prune: true}, signal);
    assert.deepEqual(steps(plan), ['skip ConfigMap/shop/b']);
    assert.match(plan.steps[0]?.reason ?? '', /Prune=false/);
  });

  test('does not delete what moved since it was shown', async () => {
    const {engine, cluster, signal} = await dropped();
    const plan = await engine.plan({...usual, prune: true}, signal);
    const live = cluster.peek('v1', 'ConfigMap', 'shop', 'b') ?? {};
    await cluster.seed({...live, data: {precious: 'yes'}}, 'kubectl-edit', 'Update');
    const result = await engine.sync(plan, allowed(), signal, () => {}, noWait);
    assert.equal(result.outcome, 'plan-changed');
    assert.ok(cluster.peek('v1', 'ConfigMap', 'shop', 'b'));
  });
});
