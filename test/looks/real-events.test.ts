import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import {connect} from '../../source/cluster/connect.ts';
import {followEvents} from '../../source/looks/events.ts';
import type {EventsSeen} from '../../source/looks/types.ts';
import {objectAt, parseJson, stringAt} from '../../source/resources/json.ts';
import type {Cluster} from '../cluster/cluster.ts';
import {useCluster} from '../cluster/shared.ts';

/** Follows in the background; gives what was told last. */
async function following(t: TestContext, cluster: Cluster, context: string, namespace: string) {
  const client = await connect({kubeconfig: cluster.kubeconfig, context});
  const controller = new AbortController();
  let seen: EventsSeen | undefined;
  const target = {
    of: 'resource',
    id: {group: 'apps', kind: 'Deployment', namespace, name: 'web'},
    version: 'v1',
  } as const;
  const done = followEvents(client, target, controller.signal, told => {
    seen = told;
  });
  t.after(async () => {
    controller.abort();
    await done.catch(() => undefined);
    client.close();
  });
  return async (holds: (seen: EventsSeen) => boolean): Promise<EventsSeen> => {
    for (let tried = 0; ; tried++) {
      if (seen !== undefined && holds(seen)) return seen;
      if (tried > 1500) assert.fail(`never: ${JSON.stringify(seen)}`);
      await sleep(20);
    }
  };
}

test('events of both APIs, of the object and of its replica set, as they come', {
  timeout: 180_000,
}, async t => {
  const cluster = await useCluster(t);
  if (cluster === undefined) return;
  const namespace = await cluster.namespace('events');
  const put = (object: object) =>
    cluster.kubectl(['create', '-n', namespace, '-o', 'json', '-f', '-'], {input: JSON.stringify(object)});
  const labels = {app: 'web'};
  const spec = {
    selector: {matchLabels: labels},
    template: {metadata: {labels}, spec: {containers: [{name: 'api', image: 'nginx:1.27'}]}},
  };
  const uidOf = async (object: object) =>
    stringAt(objectAt(parseJson(await put(object)), 'metadata'), 'uid') ?? '';
  const uid = await uidOf({apiVersion: 'apps/v1', kind: 'Deployment', metadata: {name: 'web'}, spec});
  const set = await uidOf({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: 'web-7d4b9c',
      labels,
      ownerReferences: [{apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid, controller: true}],
    },
    spec,
  });
  await put({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {name: 'web.1'},
    involvedObject: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace, uid},
    type: 'Warning',
    reason: 'Old',
    message: 'by core/v1',
    source: {component: 'tester'},
    count: 3,
    firstTimestamp: '2026-01-01T00:00:00Z',
    lastTimestamp: '2026-01-01T00:10:00Z',
  });
  const until = await following(t, cluster, 'admin', namespace);
  const first = await until(({isRead, events}) => isRead && events.length === 1);
  assert.deepEqual(
    first.events.map(({reason, count, source, last, relation}) => [reason, count, source, last, relation]),
    [['Old', 3, 'tester', '2026-01-01T00:10:00Z', 'itself']],
  );
  // What comes while it is looked at, by the other API.
  await put({
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: {name: 'web.2'},
    regarding: {apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-7d4b9c', namespace, uid: set},
    type: 'Normal',
    reason: 'New',
    action: 'Testing',
    note: 'by events.k8s.io',
    eventTime: '2026-01-02T00:00:00.000000Z',
    reportingController: 'tests.example/tester',
    reportingInstance: 'one',
    series: {count: 5, lastObservedTime: '2026-01-02T00:05:00.000000Z'},
  });
  const second = await until(({events}) => events.length === 2);
  assert.deepEqual(
    second.events.map(({reason, message, count, source, relation}) => [
      reason,
      message,
      count,
      source,
      relation,
    ]),
    [
      ['New', 'by events.k8s.io', 5, 'tests.example/tester', 'owned'],
      ['Old', 'by core/v1', 3, 'tester', 'itself'],
    ],
  );
});

test('who may not list events hears which right is missing', {timeout: 180_000}, async t => {
  const cluster = await useCluster(t);
  if (cluster === undefined) return;
  const namespace = await cluster.namespace('events');
  const until = await following(t, cluster, 'nobody', namespace);
  const {problems, isRead} = await until(seen =>
    seen.problems.some(({fix}) => fix === `ask for the list verb on events in namespace ${namespace}`),
  );
  assert.equal(isRead, false);
  assert.ok(problems.some(({message}) => /cannot list resource "deployments"/.test(message)));
});
