import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {waitForHealth} from '../../../../source/engines/direct/apply/wait.ts';
import type {SyncEvent} from '../../../../source/engines/types.ts';
import {argoHealth} from '../../../../source/health/argo-cd.ts';
import {configMap, deployment, namespace} from '../../desired.ts';
import {FakeCluster, kindOf} from '../../fake-cluster.ts';

const web = {
  kind: kindOf('apps/v1', 'Deployment'),
  id: {group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web'},
};
const settings = {
  kind: kindOf('v1', 'ConfigMap'),
  id: {group: '', kind: 'ConfigMap', namespace: 'shop', name: 'a'},
};
const rolledOut = {
  observedGeneration: 1,
  replicas: 1,
  updatedReplicas: 1,
  readyReplicas: 1,
  availableReplicas: 1,
};

async function cluster() {
  const fake = new FakeCluster();
  await fake.seed(namespace('shop'));
  await fake.seed(configMap('a'));
  await fake.seed(deployment('web', 1));
  return fake;
}

const wait = (
  fake: FakeCluster,
  seconds: number,
  onEvent: (event: SyncEvent) => void = () => {},
  objects = [web, settings],
) => waitForHealth(fake, objects, argoHealth, seconds, new AbortController().signal, onEvent);

describe('the wait for health', () => {
  test('ends when all are healthy, and tells how it went', async () => {
    const fake = await cluster();
    const events: SyncEvent[] = [];
    const unhealthy = await wait(fake, 60, event => {
      events.push(event);
      if (event.type === 'waiting' && event.healthy === 1) {
        const live = fake.peek('apps/v1', 'Deployment', 'shop', 'web') ?? {};
        void fake.seed({...live, status: rolledOut}, 'kube-controller-manager', 'Update');
      }
    });
    assert.deepEqual(unhealthy, []);
    assert.deepEqual(
      events.filter(event => event.type === 'waiting').map(event => [event.healthy, event.total]),
      [
        [1, 2],
        [2, 2],
      ],
    );
    const healths = events.flatMap(event =>
      event.type === 'health' ? [`${event.id.name} ${event.health}`] : [],
    );
    assert.deepEqual(healths, ['web Progressing', 'a Healthy', 'web Healthy']);
  });

  test('ends when its time is over, and gives what is not healthy', async () => {
    const unhealthy = await wait(await cluster(), 0.01);
    assert.deepEqual(
      unhealthy.map(({id, health}) => [id.name, health]),
      [['web', 'Progressing']],
    );
  });

  test('tells what has gone in the meantime', async () => {
    const fake = await cluster();
    await fake.delete(web.kind, 'shop', 'web');
    assert.deepEqual(
      (await wait(fake, 0.01)).map(({health}) => health),
      ['Missing'],
    );
  });

  test('asks nothing where it is not wanted', async () => {
    const fake = await cluster();
    assert.deepEqual(await wait(fake, 0), []);
    assert.deepEqual(fake.requests, []);
  });
});
