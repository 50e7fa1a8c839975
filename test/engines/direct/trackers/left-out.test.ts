import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {leftOutReason} from '../../../../source/engines/direct/trackers/left-out.ts';
import {protectedBy} from '../../../../source/engines/direct/trackers/prune-protection.ts';
import type {JsonObject} from '../../../../source/resources/json.ts';
import {configMap, namespace} from '../../desired.ts';
import {allowed, setUp} from '../../setting.ts';

function marked(name: string, annotations: JsonObject, labels: JsonObject = {}): JsonObject {
  return {...configMap(name), metadata: {name, namespace: 'shop', annotations, labels}};
}

const argoHook = {'argocd.argoproj.io/hook': 'PreSync'};
const disabled = {'kustomize.toolkit.fluxcd.io/reconcile': 'disabled'};

describe('left out is', () => {
  const cases: [string, JsonObject, boolean, boolean][] = [
    ['a hook of Argo CD', argoHook, true, false],
    ['one that Argo CD skips', {'argocd.argoproj.io/hook': 'Skip'}, true, false],
    ['a hook of Helm', {'helm.sh/hook': 'pre-install,pre-upgrade'}, true, false],
    ['a test of Helm', {'helm.sh/hook': 'test'}, true, false],
    ['no definition of Helm 2', {'helm.sh/hook': 'crd-install'}, false, false],
    ['what Flux does not reconcile', disabled, false, true],
    ['what Flux ignores', {'kustomize.toolkit.fluxcd.io/ssa': 'Ignore'}, false, true],
    ['nothing else', {'argocd.argoproj.io/sync-wave': '1'}, false, false],
  ];
  for (const [name, annotations, alone, byFlux] of cases) {
    test(name, () => {
      const object = marked('a', annotations);
      assert.equal(leftOutReason(object, {byFlux: false}) !== null, alone);
      assert.equal(leftOutReason(object, {byFlux: true}) !== null, byFlux);
    });
  }
});

describe('protected from pruning is', () => {
  const cases: [string, JsonObject, RegExp | null][] = [
    ['nothing', {}, null],
    [
      'Prune=false',
      {'argocd.argoproj.io/sync-options': 'Replace=true, Prune=false'},
      /sync-options is Prune=false/,
    ],
    ['Prune=confirm', {'argocd.argoproj.io/sync-options': 'Prune=confirm'}, /Prune=confirm/],
    ['Delete=false', {'argocd.argoproj.io/sync-options': 'Delete=false'}, /Delete=false/],
    ['PruneLast=true is no protection', {'argocd.argoproj.io/sync-options': 'PruneLast=true'}, null],
    ['keep', {'helm.sh/resource-policy': 'keep'}, /resource-policy is keep/],
    ['prune: disabled', {'kustomize.toolkit.fluxcd.io/prune': 'Disabled'}, /prune is disabled/],
  ];
  for (const [name, annotations, expected] of cases) {
    test(name, () => {
      const mark = protectedBy(marked('a', annotations));
      if (expected === null) assert.equal(mark, null);
      else assert.match(mark ?? '', expected);
    });
  }

  test('what is marked by a label', () => {
    assert.match(
      protectedBy(marked('a', {}, {'kustomize.toolkit.fluxcd.io/prune': 'disabled'})) ?? '',
      /disabled/,
    );
  });
});

test('hooks are no drift and no work, live or not, and it is told', async () => {
  const {engine, repository, cluster, signal} = setUp();
  for (const object of [namespace('shop'), configMap('web'), marked('ran', argoHook)])
    await cluster.seed(object);
  repository.holds(
    configMap('web'),
    marked('ran', {'helm.sh/hook': 'post-install'}),
    marked('runs', argoHook),
  );
  const report = await engine.inspect(signal);
  assert.deepEqual(report.summary, {synced: 1, modified: 0, missing: 0, extra: 0, unknown: 0});
  assert.deepEqual(
    report.leftOut?.map(({id, source, reason}) => `${id.name} ${source.file} ${reason.slice(0, 35)}`),
    [
      'ran configmap-ran.yaml a hook of Helm (post-install): it r',
      'runs configmap-runs.yaml a hook of Argo CD (PreSync): it run',
    ],
  );
  const plan = await engine.plan({prune: true, force: false}, signal);
  assert.deepEqual(
    plan.steps.map(({id}) => id.name),
    ['web'],
  );
});

test('a hook that git had is not left behind, and one that was applied once is not pruned', async () => {
  const {engine, repository, cluster, signal} = setUp();
  await cluster.seed(namespace('shop'));
  repository.holds(configMap('web'), configMap('job'));
  const first = await engine.plan({prune: true, force: false}, signal);
  assert.equal((await engine.sync(first, allowed(), signal)).outcome, 'done');
  repository.holds(configMap('web'), marked('job', argoHook));
  const report = await engine.inspect(signal);
  assert.equal(report.summary.extra, 0);
  const plan = await engine.plan({prune: true, force: false}, signal);
  assert.deepEqual(
    plan.steps.filter(({action}) => action === 'delete'),
    [],
  );
});

test('what is protected stays in a sync with prune, and says so', async () => {
  const {engine, repository, cluster, signal} = setUp();
  await cluster.seed(namespace('shop'));
  const kept = marked('kept', {'argocd.argoproj.io/sync-options': 'Prune=false'});
  repository.holds(configMap('web'), kept, configMap('old'));
  const first = await engine.plan({prune: true, force: false}, signal);
  assert.equal((await engine.sync(first, allowed(), signal)).outcome, 'done');
  repository.holds(configMap('web'));
  const report = await engine.inspect(signal);
  const extras = report.resources.filter(({status}) => status === 'Extra');
  assert.deepEqual(extras.map(({id, notes}) => [id.name, ...notes]).sort(), [
    ['kept', 'protected: a prune leaves it, as argocd.argoproj.io/sync-options is Prune=false'],
    ['old'],
  ]);
  const plan = await engine.plan({prune: true, force: false}, signal);
  assert.equal(plan.prunable, 1);
  assert.deepEqual(
    plan.steps
      .filter(({action}) => action !== 'apply')
      .map(({id, action, reason}) => [id.name, action, reason])
      .sort(),
    [
      ['kept', 'skip', 'kept: argocd.argoproj.io/sync-options is Prune=false'],
      ['old', 'delete', null],
    ],
  );
});
