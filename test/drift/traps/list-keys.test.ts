import {describe, test} from 'node:test';
import type {JsonObject} from '../../../source/resources/json.ts';
import {custom, define, text} from './manifests.ts';
import {scenario} from './scenario.ts';

describe('lists of custom kinds, and lists that are sorted', {concurrency: 3}, () => {
  test('trap 27: a list without keys in its schema is atomic, whatever its items look like', async t => {
    const items = (...names: string[]) => names.map(name => ({name, value: name}));
    const scene = await scenario(t, place => ({
      'one.yaml': custom(place, 'Plain', {items: items('a', 'b'), free: {items: items('a', 'b')}}),
    }));
    if (!scene) return;
    await define(t, scene, {
      kind: 'Plain',
      plural: 'plains',
      schema: {
        type: 'object',
        properties: {
          items: {
            type: 'array',
            items: {type: 'object', properties: {name: {type: 'string'}, value: {type: 'string'}}},
          },
          free: {type: 'object', 'x-kubernetes-preserve-unknown-fields': true},
        },
      },
    });
    await scene.applyGit();
    await scene.expect({exit: 0});
    await scene.git({
      'one.yaml': custom(scene, 'Plain', {items: items('b', 'a'), free: {items: items('b', 'a')}}),
    });
    await scene.expect({
      exit: 1,
      resources: {
        'Plain/one': {status: 'Modified', fields: {'spec.items': 'changed', 'spec.free.items': 'changed'}},
      },
    });
  });

  test('trap 27: a list whose schema gives keys is a map, by those keys', async t => {
    const items = (...ids: string[]) => ids.map(id => ({id, name: 'same', value: id}));
    const scene = await scenario(t, place => ({
      'one.yaml': custom(place, 'Keyed', {items: items('a', 'b'), tags: ['x', 'y']}),
    }));
    if (!scene) return;
    await define(t, scene, {
      kind: 'Keyed',
      plural: 'keyeds',
      schema: {
        type: 'object',
        properties: {
          tags: {type: 'array', 'x-kubernetes-list-type': 'set', items: {type: 'string'}},
          items: {
            type: 'array',
            'x-kubernetes-list-type': 'map',
            'x-kubernetes-list-map-keys': ['id'],
            items: {
              type: 'object',
              required: ['id'],
              properties: {id: {type: 'string'}, name: {type: 'string'}, value: {type: 'string'}},
            },
          },
        },
      },
    });
    await scene.applyGit();
    await scene.git({'one.yaml': custom(scene, 'Keyed', {items: items('b', 'a'), tags: ['y', 'x']})});
    await scene.expect({
      exit: 0,
      resources: {'Keyed/one': {status: 'Synced', fields: {}, notes: [/order only/]}},
    });
    await scene.kubectl(
      'patch',
      'keyed',
      'one',
      '--type=json',
      '--patch=[{"op":"replace","path":"/spec/items/0/value","value":"z"},{"op":"add","path":"/spec/tags/-","value":"hand"}]',
    );
    await scene.expect({
      exit: 1,
      resources: {
        'Keyed/one': {
          status: 'Modified',
          fields: {
            'spec.items[id=a].value': {change: 'changed', desired: 'a', live: 'z'},
            'spec.tags[=hand]': {change: 'added', manager: 'kubectl-patch'},
          },
        },
      },
    });
  });

  test('trap 28: metrics of an autoscaler in another order are no drift, another target is', async t => {
    const metric = (name: string, averageUtilization: number) => ({
      type: 'Resource',
      resource: {name, target: {type: 'Utilization', averageUtilization}},
    });
    const autoscaler = (...metrics: JsonObject[]) =>
      text({
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: {name: 'web'},
        spec: {
          scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'web'},
          maxReplicas: 5,
          metrics,
        },
      });
    const scene = await scenario(t, {'autoscaler.yaml': autoscaler(metric('memory', 70), metric('cpu', 80))});
    if (!scene) return;
    await scene.applyGit();
    await scene.expect({exit: 0});
    // What the server once did by itself, when it kept them as annotations of autoscaling/v1.
    await scene.feed(autoscaler(metric('cpu', 80), metric('memory', 70)), 'replace', '-f', '-');
    await scene.expect({exit: 0});
    await scene.feed(autoscaler(metric('cpu', 90), metric('memory', 70)), 'replace', '-f', '-');
    await scene.expect({
      exit: 1,
      resources: {'HorizontalPodAutoscaler/web': {status: 'Modified', fields: {'spec.metrics': 'changed'}}},
    });
  });

  test('trap 28: endpoints that the server re-sorts are no drift, another address is', async t => {
    const endpoints = (...addresses: string[]) =>
      text({
        apiVersion: 'v1',
        kind: 'Endpoints',
        metadata: {name: 'database'},
        subsets: [
          {
            addresses: addresses.map(ip => ({ip})),
            ports: [
              {name: 'b', port: 5432},
              {name: 'a', port: 80},
            ],
          },
        ],
      });
    const scene = await scenario(t, {'endpoints.yaml': endpoints('192.0.2.9', '192.0.2.3')});
    if (!scene) return;
    await scene.applyGit();
    await scene.expect({exit: 0});
    // As servers and their controllers write them back.
    const sorted = endpoints('192.0.2.3', '192.0.2.9').replace(
      /(\{[^{}]*5432[^{}]*\}),(\s*)(\{[^{}]*80[^{}]*\})/,
      '$3,$2$1',
    );
    await scene.feed(sorted, 'replace', '-f', '-');
    await scene.expect({exit: 0});
    await scene.feed(endpoints('192.0.2.9', '192.0.2.4'), 'replace', '-f', '-');
    await scene.expect({
      exit: 1,
      resources: {'Endpoints/database': {status: 'Modified', fields: {subsets: 'changed'}}},
    });
  });
});
