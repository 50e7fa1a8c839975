import assert from 'node:assert/strict';
import {test} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import {type JsonObject, stringAt} from '../../../source/resources/json.ts';
import {useOwnCluster} from '../../cluster/shared.ts';
import {registration, startAggregated} from './aggregated-server.ts';
import {configMap, text} from './manifests.ts';
import {scenario} from './scenario.ts';
import {sync} from './syncing.ts';

// An API that is down is down for everybody: it gets a cluster of its own.
test('aggregated APIs', async t => {
  const cluster = await useOwnCluster(t);
  if (!cluster) return;

  await t.test('trap 53: of an aggregated API that is down only its own kinds are Unknown', async t => {
    const nowhere = 'nowhere.example.com';
    const scene = await scenario(
      t,
      {
        'map.yaml': configMap('map', {a: '1'}),
        'thing.yaml': text({
          apiVersion: `${nowhere}/v1`,
          kind: 'Thing',
          metadata: {name: 'one'},
          spec: {a: 1},
        }),
        // Of the same name in another group.
        'role.yaml': text({
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'Role',
          metadata: {name: 'one'},
          rules: [],
        }),
      },
      {cluster},
    );
    if (!scene) return;
    await cluster.kubectl(['apply', '-f', '-'], {input: registration(nowhere, 'nowhere')});
    t.after(() => cluster.kubectl(['delete', 'apiservice', `v1.${nowhere}`]));
    await cluster.kubectl(['wait', '--for=condition=Available=false', `apiservice/v1.${nowhere}`]);
    for (const file of ['map', 'role']) await scene.kubectl('apply', '-f', `${scene.folder}/${file}.yaml`);
    const thing = {
      status: 'Unknown',
      error: /nowhere\.example\.com.*(does not answer|could not be discovered)/,
    } as const;
    await scene.expect({exit: 2, count: 3, resources: {'Thing/one': thing}});
    await scene.kubectl('patch', 'configmap', 'map', '--patch={"data":{"a":"2"}}');
    await scene.kubectl('delete', 'role', 'one');
    await scene.expect({
      exit: 2,
      count: 3,
      resources: {
        'Thing/one': thing,
        'ConfigMap/map': {
          status: 'Modified',
          fields: {'data.a': {change: 'changed', live: '2', manager: 'kubectl-patch'}},
        },
        'Role/one': {status: 'Missing'},
      },
    });
  });

  const group = 'shop.example.com';
  const widget = (name: string, size: number): string =>
    text({apiVersion: `${group}/v1`, kind: 'Widget', metadata: {name}, spec: {size}});

  await t.test('trap 53 and 54: an aggregated API that ignores selectors, and then goes down', async t => {
    const server = await startAggregated(t, cluster, group);
    const scene = await scenario(
      t,
      {'one.yaml': widget('one', 1), 'two.yaml': widget('two', 2), 'map.yaml': configMap('map', {a: '1'})},
      {cluster},
    );
    if (!scene) return;
    // Served by the aggregation layer, and known to discovery.
    const deadline = Date.now() + 60_000;
    while (!(await cluster.kubectl(['get', '--raw', '/apis'])).includes(group)) {
      if (Date.now() > deadline) throw new Error(`${group} is not discovered`);
      await sleep(100);
    }
    await sync(scene);
    await scene.expect({exit: 0, count: 3});
    // Somebody else's, in the same namespace: no selector finds it, and this server gives it all the same.
    const metadata = {
      namespace: scene.namespace,
      uid: 'uid-other',
      resourceVersion: '1',
      labels: {app: 'other'},
    };
    server.objects.set('other', {
      apiVersion: `${group}/v1`,
      kind: 'Widget',
      metadata: {...metadata, name: 'other'},
      spec: {size: 9},
    });
    await scene.expect({exit: 0, count: 3});
    await scene.git({'two.yaml': null});
    server.lists.length = 0;
    await scene.expect({exit: 1, count: 3, resources: {'Widget/two': {status: 'Extra'}}});
    assert.ok(
      server.lists.some(query => query.has('labelSelector')),
      'it was asked with a selector',
    );
    const one = server.objects.get('one') as JsonObject;
    server.objects.set('one', {
      ...one,
      metadata: {...(one['metadata'] as JsonObject), resourceVersion: '7'},
      spec: {size: 5},
    });
    const verdict = await scene.expect({
      exit: 1,
      count: 3,
      resources: {
        'Widget/one': {status: 'Modified', fields: {'spec.size': {change: 'changed', desired: 1, live: 5}}},
        'Widget/two': {status: 'Extra'},
      },
    });
    assert.ok(!verdict.resources.some(resource => stringAt(resource, 'name') === 'other'));

    server.stop();
    await cluster.kubectl(
      ['wait', '--for=condition=Available=false', '--timeout=90s', `apiservice/v1.${group}`],
      {
        timeoutMs: 100_000,
      },
    );
    await scene.kubectl('patch', 'configmap', 'map', '--patch={"data":{"a":"2"}}');
    await scene.expect({
      exit: 2,
      problems: [/Widget.*shop\.example\.com|widgets.* can't be listed/],
      resources: {
        'Widget/one': {status: 'Unknown', error: /./},
        'ConfigMap/map': {status: 'Modified', fields: {'data.a': {change: 'changed', live: '2'}}},
      },
    });
  });
});
