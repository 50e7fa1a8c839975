import assert from 'node:assert/strict';
import {describe, type TestContext, test} from 'node:test';
import {dump} from 'js-yaml';
import {connect} from '../../source/cluster/connect.ts';
import type {EnvironmentReport} from '../../source/drift/types.ts';
import {createDirectEngine} from '../../source/engines/direct/engine.ts';
import type {FollowEvent} from '../../source/engines/types.ts';
import type {JsonObject} from '../../source/resources/json.ts';
import {createMask} from '../../source/secrets/mask.ts';
import type {Cluster} from '../cluster/cluster.ts';
import {useOwnCluster as ownCluster, useCluster as sharedCluster} from '../cluster/shared.ts';
import type {Context} from '../cluster/users.ts';
import {configMap} from './desired.ts';
import {environment, FakeRepository} from './setting.ts';

/** Follows a namespace of a real cluster that holds what git holds. */
async function following(t: TestContext, shared: Cluster, context: Context = 'admin') {
  const shop = await shared.namespace('follow');
  const objects = [
    ...Array.from({length: 8}, (_, index) => configMap(`c${index}`, {a: '1'}, shop)),
    web(shop),
  ];
  const repository = new FakeRepository();
  repository.holds(...objects);
  const kubectl = (...args: string[]) => shared.kubectl(['-n', shop, ...args]);
  await shared.kubectl(['apply', '-f', '-'], {input: objects.map(object => dump(object)).join('---\n')});
  const cluster = await connect({kubeconfig: shared.kubeconfig, context});
  const engine = createDirectEngine({
    environment: {...environment, namespace: shop},
    repository: repository.asRepository(),
    connect: async () => cluster,
    ignore: [],
    mask: createMask(),
    worktree: false,
  });
  const events: FollowEvent[] = [];
  const controller = new AbortController();
  const ended = engine.follow(controller.signal, event => events.push(event));
  t.after(async () => {
    controller.abort();
    await ended;
    cluster.close();
  });
  const until = (what: string, isThere: (report: EnvironmentReport) => boolean) =>
    eventually(what, () => {
      const last = events.at(-1);
      return last?.type === 'report' && isThere(last.report);
    });
  await until('all is well', ({syncStatus}) => syncStatus === 'Synced');
  return {events, until, kubectl, shop};
}

async function eventually(what: string, isThere: () => boolean): Promise<void> {
  for (const limit = Date.now() + 60_000; !isThere(); ) {
    assert.ok(Date.now() < limit, `not after 60 s: ${what}`);
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}

function web(shop: string): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {name: 'web', namespace: shop},
    spec: {
      replicas: 3,
      selector: {matchLabels: {app: 'web'}},
      template: {
        metadata: {labels: {app: 'web'}},
        spec: {containers: [{name: 'web', image: 'nginx:1'}]},
      },
    },
  };
}

function drifted({resources}: EnvironmentReport): string {
  return resources
    .filter(({status}) => status !== 'Synced')
    .map(({id, status}) => `${status} ${id.name}`)
    .join(', ');
}

describe('following a real API server', () => {
  test('what kubectl does is told: scale, patch, delete, apply', async t => {
    const shared = await sharedCluster(t);
    if (shared === undefined) return;
    const {until, kubectl} = await following(t, shared);
    await kubectl('scale', 'deployment/web', '--replicas=5');
    await until('web drifts', report => drifted(report) === 'Modified web');
    await kubectl('patch', 'configmap/c1', '--patch', '{"data":{"a":"2"}}');
    await until('c1 drifts', report => drifted(report) === 'Modified c1, Modified web');
    await kubectl('delete', 'configmap/c2');
    await until('c2 is gone', report => drifted(report) === 'Modified c1, Missing c2, Modified web');
    await kubectl('scale', 'deployment/web', '--replicas=3');
    await until('web is back', report => drifted(report) === 'Modified c1, Missing c2');
  });

  test('who may only get is polled for', async t => {
    const shared = await sharedCluster(t);
    if (shared === undefined) return;
    const {until, kubectl} = await following(t, shared, 'getter');
    await kubectl('patch', 'configmap/c1', '--patch', '{"data":{"a":"2"}}');
    await until('c1 drifts', report => drifted(report) === 'Modified c1');
  });

  test('a killed API server is told, and what happened meanwhile is seen when it is back', async t => {
    const own = await ownCluster(t);
    if (own === undefined) return;
    const {until, kubectl, events} = await following(t, own);
    await own.kill();
    await eventually('it is lost', () => events.at(-1)?.type === 'lost');
    await own.restart();
    await kubectl('patch', 'configmap/c1', '--patch', '{"data":{"a":"2"}}');
    await until('c1 drifts', report => drifted(report) === 'Modified c1');
    const reports = events.flatMap(event => (event.type === 'report' ? [event.report] : []));
    assert.ok(
      reports.every(({summary}) => summary.unknown === 0),
      'a server that starts makes nothing unknown',
    );
  });

  test('one that hangs with its connections open is told, too', async t => {
    const own = await ownCluster(t);
    if (own === undefined) return;
    const {until, kubectl, events} = await following(t, own);
    own.freeze();
    await eventually('it is lost', () => events.at(-1)?.type === 'lost');
    own.thaw();
    await kubectl('patch', 'configmap/c1', '--patch', '{"data":{"a":"2"}}');
    await until('c1 drifts', report => drifted(report) === 'Modified c1');
  });
});
