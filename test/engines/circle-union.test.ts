import assert from 'node:assert/strict';
import {describe, type TestContext, test} from 'node:test';
import {dump} from 'js-yaml';
import {connect} from '../../source/cluster/connect.ts';
import type {JsonObject} from '../../source/resources/json.ts';
// Renamed: a linter takes names that begin with "use" for hooks of React.
import {useCluster as sharedCluster} from '../cluster/shared.ts';
import {allowed, environment, setUp} from './setting.ts';

// A pipeline of an unknown name may hold a field that the swap changes: forced, as its user would.
const options = {prune: false, force: true};

async function real(t: TestContext) {
  const shared = await sharedCluster(t);
  if (shared === undefined) return undefined;
  const shop = await shared.namespace('union');
  const cluster = await connect({kubeconfig: shared.kubeconfig, context: 'admin'});
  t.after(() => cluster.close());
  const all = setUp({cluster, environment: {...environment, namespace: shop}});
  const kubectl = (args: readonly string[], ...objects: readonly JsonObject[]) =>
    shared.kubectl([...args, '-n', shop], {input: objects.map(object => dump(object)).join('---\n')});
  const sync = async () => {
    const plan = await all.engine.plan(options, all.signal);
    return {plan, result: await all.engine.sync(plan, allowed(), all.signal, () => {}, {waitSeconds: 0})};
  };
  return {...all, shop, kubectl, sync};
}

function web(shop: string, spec: JsonObject, pod: JsonObject, container: JsonObject): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {name: 'web', namespace: shop},
    spec: {
      selector: {matchLabels: {app: 'web'}},
      template: {
        metadata: {labels: {app: 'web'}},
        spec: {containers: [{name: 'web', image: 'nginx:1', ...container}], ...pod},
      },
      ...spec,
    },
  };
}

interface Union {
  before: [JsonObject, JsonObject, JsonObject];
  after: [JsonObject, JsonObject, JsonObject];
  removes: RegExp;
}

const mount = {volumeMounts: [{name: 'tmp', mountPath: '/tmp'}]};
const unions: Record<string, Union> = {
  'a probe from exec to httpGet': {
    before: [{}, {}, {livenessProbe: {exec: {command: ['true']}, periodSeconds: 20}}],
    after: [{}, {}, {livenessProbe: {httpGet: {path: '/', port: 80}, periodSeconds: 20}}],
    removes: /livenessProbe\.exec/,
  },
  'a volume from hostPath to emptyDir': {
    before: [{}, {volumes: [{name: 'tmp', hostPath: {path: '/var/tmp'}}]}, mount],
    after: [{}, {volumes: [{name: 'tmp', emptyDir: {}}]}, mount],
    removes: /volumes\[name=tmp\]\.hostPath/,
  },
  'a volume from emptyDir to a ConfigMap': {
    before: [{}, {volumes: [{name: 'tmp', emptyDir: {}}]}, mount],
    after: [{}, {volumes: [{name: 'tmp', configMap: {name: 'files'}}]}, mount],
    removes: /volumes\[name=tmp\]\.emptyDir/,
  },
  'a strategy from RollingUpdate to Recreate': {
    before: [{strategy: {type: 'RollingUpdate', rollingUpdate: {maxSurge: 2}}}, {}, {}],
    after: [{strategy: {type: 'Recreate'}}, {}, {}],
    removes: /strategy\.rollingUpdate/,
  },
  'a strategy from the default to Recreate': {
    before: [{}, {}, {}],
    after: [{strategy: {type: 'Recreate'}}, {}, {}],
    removes: /strategy\.rollingUpdate/,
  },
};

const ways: Record<string, readonly string[]> = {
  'kubectl apply': ['apply', '-f', '-'],
  'a pipeline of its own': ['apply', '--server-side', '--field-manager=ci', '-f', '-'],
  'kubectl create': ['create', '-f', '-'],
};

describe('git moves from one member of a union to another', () => {
  for (const [name, {before, after, removes}] of Object.entries(unions)) {
    for (const [way, args] of Object.entries(ways)) {
      test(`${name}, after ${way}`, async t => {
        const all = await real(t);
        if (all === undefined) return;
        const {engine, repository, kubectl, sync, signal, shop} = all;
        await kubectl(args, web(shop, ...before));
        repository.holds(web(shop, ...after));
        const {plan, result} = await sync();
        const [step] = plan.steps;
        assert.deepEqual([step?.action, step?.trouble], ['apply', null], step?.reason ?? '');
        assert.match(step?.reason ?? '', /swapped in one write/);
        assert.match(step?.reason ?? '', removes);
        assert.equal(result.outcome, 'done', JSON.stringify(result));
        const [verdict] = (await engine.inspect(signal)).resources;
        assert.deepEqual([verdict?.status, verdict?.fields], ['Synced', []]);

        // What was moved to is owned by the apply: the way back is as smooth.
        repository.holds(web(shop, ...before));
        await sync();
        const [back] = (await engine.inspect(signal)).resources;
        assert.deepEqual([back?.status, back?.fields], ['Synced', []]);
      });
    }
  }

  test('an object that moved since the plan is planned anew, not written blindly', async t => {
    const all = await real(t);
    if (all === undefined) return;
    const {engine, repository, kubectl, signal, shop} = all;
    const union = unions['a probe from exec to httpGet'];
    assert.ok(union);
    await kubectl(['apply', '-f', '-'], web(shop, ...union.before));
    repository.holds(web(shop, ...union.after));
    const plan = await engine.plan(options, signal);
    await kubectl(['set', 'image', 'deployment/web', 'web=nginx:2']);
    const result = await engine.sync(plan, allowed(), signal, () => {}, {waitSeconds: 0});
    assert.equal(result.outcome, 'plan-changed');
  });

  test('what the server refuses either way stays blocked, in the words of the apply', async t => {
    const all = await real(t);
    if (all === undefined) return;
    const {repository, kubectl, sync, shop} = all;
    const union = unions['a probe from exec to httpGet'];
    assert.ok(union);
    await kubectl(['apply', '-f', '-'], web(shop, ...union.before));
    const bad = {livenessProbe: {httpGet: {path: '/', port: 99_999}, periodSeconds: 20}};
    repository.holds(web(shop, {}, {}, bad));
    const {plan, result} = await sync();
    assert.equal(plan.steps[0]?.trouble, 'blocked');
    assert.match(plan.steps[0]?.reason ?? '', /livenessProbe\.httpGet/);
    assert.equal(result.done, 0);
  });
});
