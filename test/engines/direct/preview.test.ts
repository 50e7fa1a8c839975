import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {ClusterError} from '../../../source/cluster/types.ts';
import type {Preview, PreviewedResource} from '../../../source/engines/types.ts';
import type {JsonObject} from '../../../source/resources/json.ts';
import type {DesiredResource} from '../../../source/sources/types.ts';
import {configMap, deployment, desired, namespace} from '../desired.ts';
import {kindOf} from '../fake-cluster.ts';
import {allowed, setUp} from '../setting.ts';

const wanted = (...objects: readonly JsonObject[]): DesiredResource[] =>
  objects.map((object, index) => desired(object, `file-${index}.yaml`));

function told(preview: Preview): string[] {
  if ('unreachable' in preview) return [`unreachable: ${preview.unreachable.message}`];
  return [...preview.resources.values()].map(words);
}

function words({id, outcome, reason, fields}: PreviewedResource): string {
  const differs = fields.map(
    ({path, live, desired}) => ` ${path} ${JSON.stringify(live)}>${JSON.stringify(desired)}`,
  );
  return `${outcome} ${id.kind}/${id.name}${differs.join('')}${reason === null ? '' : `: ${reason}`}`;
}

/** Git and cluster agree on a Deployment and a ConfigMap. */
async function agreeing() {
  const all = setUp();
  const objects = [namespace('shop'), configMap('a'), deployment('web')];
  all.repository.holds(...objects);
  for (const object of objects) await all.cluster.seed(object);
  const before = {revision: null, wanted: wanted(...objects)};
  const ask = (
    after: readonly DesiredResource[],
    about: readonly DesiredResource[] = after,
    more: {complete?: boolean} = {},
  ) =>
    all.engine.preview({wanted: after, complete: true, before, about: new Set(about), ...more}, all.signal);
  return {...all, before: before.wanted, ask};
}

describe('a preview', () => {
  test('tells what would be made, changed, and is so already', async () => {
    const {ask, cluster} = await agreeing();
    const after = wanted(configMap('new'), configMap('a'), deployment('web', 5));
    assert.deepEqual(told(await ask(after)), [
      'created ConfigMap/new',
      'same ConfigMap/a',
      'changed Deployment/web spec.replicas 3>5',
    ]);
    assert.deepEqual(cluster.writes, []);
  });

  test('looks at nothing but what it is asked about', async () => {
    const {ask, cluster} = await agreeing();
    const after = wanted(namespace('shop'), configMap('a', {a: '2'}), deployment('web', 5));
    cluster.requests.length = 0;
    const [, second] = after;
    assert.deepEqual(told(await ask(after, second === undefined ? [] : [second])), [
      'changed ConfigMap/a data.a "1">"2"',
    ]);
    assert.deepEqual(
      cluster.requests.filter(request => request.includes('Deployment')),
      [],
    );
  });

  test('tells drift beside the change: a sync would take both', async () => {
    const {ask, cluster} = await agreeing();
    const live = cluster.peek('apps/v1', 'Deployment', 'shop', 'web') ?? {};
    await cluster.seed({...live, spec: {replicas: 9}}, 'kubectl-scale', 'Update');
    assert.deepEqual(told(await ask(wanted(deployment('web', 5)))), [
      'changed Deployment/web spec.replicas 9>5',
    ]);
    assert.deepEqual(told(await ask(wanted(deployment('web', 9)))), ['same Deployment/web']);
  });

  test('of what git would drop tells what would become of it', async () => {
    const {ask, before, engine, cluster, signal} = await agreeing();
    const [ns, map, web] = before;
    const after = [ns, web].filter(item => item !== undefined);
    const gone = map === undefined ? [] : [map];
    assert.deepEqual(told(await ask(after, gone)), [
      'kept ConfigMap/a: no ApplySet records it: delete it by hand where it is not needed',
    ]);
    const plan = await engine.plan({prune: false, force: false}, signal);
    const {outcome} = await engine.sync(plan, allowed(), signal, () => {}, {waitSeconds: 0});
    assert.equal(outcome, 'done');
    assert.deepEqual(told(await ask(after, gone)), ['prunable ConfigMap/a']);
    assert.deepEqual(told(await ask([], before)).sort(), [
      'kept ConfigMap/a: git would have nothing left, which no sync prunes',
      'kept Deployment/web: git would have nothing left, which no sync prunes',
      'kept Namespace/shop: git would have nothing left, which no sync prunes',
    ]);
    assert.deepEqual(told(await ask(after, gone, {complete: false})), [
      "kept ConfigMap/a: what may be pruned can't be known: git could not be read in full",
    ]);
    await cluster.delete(kindOf('v1', 'ConfigMap'), 'shop', 'a');
    assert.deepEqual(told(await ask(after, gone)), ['gone ConfigMap/a']);
  });

  test('says why of what can not be known', async () => {
    const {ask, cluster} = await agreeing();
    const custom = {apiVersion: 'example.com/v1', kind: 'Unserved', metadata: {name: 'x'}};
    const [only] = told(await ask(wanted(custom)));
    assert.match(only ?? '', /^unknown Unserved\/x: the cluster serves no Unserved in example\.com\/v1/);
    cluster.refuse = request =>
      request.includes('ConfigMap') ? new ClusterError('forbidden', 'no, you may not') : undefined;
    const [denied] = told(await ask(wanted(configMap('a', {a: '2'}))));
    assert.match(denied ?? '', /^unknown ConfigMap\/a: .*no, you may not/);
  });

  test('says what a hook is left out for', async () => {
    const {ask} = await agreeing();
    const hook = configMap('hook');
    hook['metadata'] = {name: 'hook', namespace: 'shop', annotations: {'helm.sh/hook': 'pre-install'}};
    assert.match(told(await ask(wanted(hook)))[0] ?? '', /^left-out ConfigMap\/hook: a hook of Helm/);
  });

  test('is out of reach where the cluster is', async () => {
    const {engine, signal} = setUp({
      connect: async () => {
        throw new ClusterError('unreachable', 'nobody is there');
      },
    });
    const after = wanted(configMap('a'));
    const request = {
      wanted: after,
      complete: true,
      before: {revision: null, wanted: []},
      about: new Set(after),
    };
    assert.deepEqual(told(await engine.preview(request, signal)), ['unreachable: nobody is there']);
  });

  test('leaves what inspections remember alone', async () => {
    const {ask, engine, cluster, signal} = await agreeing();
    const live = cluster.peek('apps/v1', 'Deployment', 'shop', 'web') ?? {};
    await cluster.seed({...live, spec: {replicas: 9}}, 'kubectl-scale', 'Update');
    const before = await engine.inspect(signal);
    const dryRuns = () => cluster.requests.filter(request => request.startsWith('dry-run')).length;
    await ask(wanted(deployment('web', 5)));
    const asked = dryRuns();
    assert.deepEqual(await engine.inspect(signal), before);
    assert.equal(dryRuns(), asked, 'the inspection still knew its answers');
  });

  test('ends when it is aborted', async () => {
    const {engine} = await agreeing();
    const after = wanted(configMap('a'));
    const request = {
      wanted: after,
      complete: true,
      before: {revision: null, wanted: []},
      about: new Set(after),
    };
    await assert.rejects(engine.preview(request, AbortSignal.abort(new Error('enough'))), /enough/);
  });
});
