import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {emptyApplySet, parentObject} from '../../../../source/engines/direct/apply/apply-set.ts';
import {
  argocdDeployments,
  fluxDeployments,
} from '../../../../source/engines/direct/trackers/tracker-deployments.ts';
import type {JsonObject} from '../../../../source/resources/json.ts';
import {stringAt} from '../../../../source/resources/json.ts';

import {configMap, namespace} from '../../desired.ts';
import {FakeCluster, kindOf, usualKinds} from '../../fake-cluster.ts';
import {setUp} from '../../setting.ts';

const one = '1'.repeat(40);
const two = '2'.repeat(40);
const ours = (source: JsonObject) => stringAt(source, 'path') === 'envs/prod';
const own = {repoURL: 'https://forge.example/shop.git', path: 'envs/prod'};

describe('Argo CD', () => {
  const of = (...history: JsonObject[]) => argocdDeployments({status: {history}}, ours);

  test('who deployed what, newest first', () => {
    const found = of(
      {
        id: 0,
        revision: one,
        deployStartedAt: '2026-01-01T10:00:00Z',
        deployedAt: '2026-01-01T10:00:09Z',
        source: own,
        initiatedBy: {username: 'jane'},
      },
      {id: 1, revision: two, deployedAt: '2026-01-02T10:00:00Z', source: own, initiatedBy: {automated: true}},
    );
    assert.deepEqual(found, [
      {
        revision: two,
        time: '2026-01-02T10:00:00Z',
        by: 'Argo CD',
        tool: 'Argo CD',
        pruned: null,
        tookSeconds: null,
      },
      {
        revision: one,
        time: '2026-01-01T10:00:09Z',
        by: 'jane (Argo CD)',
        tool: 'Argo CD',
        pruned: null,
        tookSeconds: 9,
      },
    ]);
  });

  test('of several sources the environment’s own revision counts', () => {
    const other = {repoURL: 'https://charts.example', chart: 'redis'};
    const found = of({revisions: ['7.4.1', one], deployedAt: '2026-01-01T10:00:00Z', sources: [other, own]});
    assert.deepEqual(
      found.map(({revision}) => revision),
      [one],
    );
    assert.deepEqual(
      of({revisions: ['1', two], deployedAt: '2026-01-01T10:00:00Z', sources: [other, other]}),
      [],
    );
  });

  test('what is no commit of this folder is left out', () => {
    const time = '2026-01-01T10:00:00Z';
    assert.deepEqual(
      of(
        {revision: '1.2.3', deployedAt: time, source: own},
        {revision: one, deployedAt: time, source: {...own, path: 'envs/dev'}},
        {revision: one, source: own},
        {revision: one, deployedAt: 'yesterday', source: own},
        {},
      ),
      [],
    );
    assert.deepEqual(argocdDeployments({}, ours), []);
  });
});

describe('Flux', () => {
  const snapshot = (revision: string, time: string, status = 'ReconciliationSucceeded') => ({
    digest: 'sha256:0',
    firstReconciled: time,
    lastReconciled: '2026-02-01T00:00:00Z',
    lastReconciledDuration: '1.2s',
    lastReconciledStatus: status,
    metadata: {revision},
    totalReconciliations: 3,
  });

  test('since when each state was there, newest first', () => {
    const history = [
      snapshot(`main@sha1:${one}`, '2026-01-01T00:00:00Z'),
      snapshot(`main@sha1:${two}`, '2026-01-02T00:00:00Z'),
      snapshot(`main@sha1:${'3'.repeat(40)}`, '2026-01-03T00:00:00Z', 'HealthCheckFailed'),
      snapshot('v1.0.0', '2026-01-04T00:00:00Z'),
    ];
    const rest = {by: 'Flux', tool: 'Flux', pruned: null, tookSeconds: null};
    assert.deepEqual(fluxDeployments({status: {history}}), [
      {revision: two, time: '2026-01-02T00:00:00Z', ...rest},
      {revision: one, time: '2026-01-01T00:00:00Z', ...rest},
    ]);
    assert.deepEqual(fluxDeployments({}), []);
  });
});

test('an engine tells them beside its own, newest first, once it has looked at the cluster', async () => {
  const kinds = [...usualKinds, kindOf('argoproj.io/v1alpha1', 'Application')];
  const cluster = new FakeCluster(kinds);
  const {engine, repository, signal} = setUp({cluster});
  repository.holds(configMap('kept'));
  const source = {repoURL: 'git@forge.example:acme/shop.git', path: '.', targetRevision: 'HEAD'};
  const recorded = {revision: one, time: '2026-01-02T00:00:00Z', by: 'jane', pruned: false, tookSeconds: 1};
  const set = parentObject({...emptyApplySet('shop', 'staging'), history: [recorded]}, '');
  for (const object of [
    namespace('shop'),
    configMap('kept'),
    {...set, data: set['data'] ?? null},
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: {name: 'shop', namespace: 'argocd'},
      spec: {source, destination: {server: 'https://kubernetes.default.svc', namespace: 'shop'}},
      status: {
        history: [
          {revision: one, deployedAt: '2026-01-01T00:00:00Z', source},
          {revision: two, deployedAt: '2026-01-03T00:00:00Z', source},
        ],
      },
    },
  ])
    await cluster.seed(object);
  const told = async () => (await engine.history(signal)).map(({time, by}) => `${time.slice(0, 10)} ${by}`);
  assert.deepEqual(await told(), ['2026-01-02 jane']);
  await engine.inspect(signal);
  assert.deepEqual(await told(), ['2026-01-03 Argo CD', '2026-01-02 jane', '2026-01-01 Argo CD']);
});
