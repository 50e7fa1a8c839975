import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {stringifyJson} from '../../../source/resources/json.ts';
import {configMap, container, custom, define, deployment, text} from './manifests.ts';
import {scenario} from './scenario.ts';

const limits = (cpu: string | number, memory: string | number) => ({resources: {limits: {cpu, memory}}});

describe('values', {concurrency: 3}, () => {
  test('trap 1: quantities are equal by amount, and differ by amount', async t => {
    const scene = await scenario(t, {
      'web.yaml': deployment({
        container: {
          resources: {limits: {cpu: '1000m', memory: '1024Mi'}, requests: {cpu: '0.5', memory: '1e9'}},
        },
        pod: {volumes: [{name: 'scratch', emptyDir: {sizeLimit: '2048Mi'}}]},
      }),
      'numbers.yaml': deployment({name: 'numbers', container: limits(2, 134217728)}),
      'quota.yaml': text({
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: {name: 'quota'},
        spec: {hard: {'requests.cpu': '4000m', 'limits.memory': '8192Mi', pods: 10}},
      }),
      'claim.yaml': text({
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: {name: 'data'},
        spec: {accessModes: ['ReadWriteOnce'], resources: {requests: {storage: '1024Mi'}}},
      }),
      'autoscaler.yaml': text({
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: {name: 'web'},
        spec: {
          scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'web'},
          minReplicas: 1,
          maxReplicas: 3,
          metrics: [
            {
              type: 'Resource',
              resource: {name: 'memory', target: {type: 'AverageValue', averageValue: '0.5Gi'}},
            },
          ],
        },
      }),
    });
    if (!scene) return;
    await scene.applyGit();
    await scene.expect({exit: 0, count: 5});
    await scene.git({'web.yaml': deployment({container: limits('1500m', '1024Mi')})});
    await scene.expect({
      exit: 1,
      resources: {
        'Deployment/web': {
          status: 'Modified',
          fields: {
            [`${container}.resources.limits.cpu`]: {change: 'changed', desired: '1500m', live: '1'},
            [`${container}.resources.requests.cpu`]: 'added',
            [`${container}.resources.requests.memory`]: 'added',
            'spec.template.spec.volumes[name=scratch]': 'added',
          },
        },
      },
    });
  });

  test('trap 1: applied by the server too, 1000m is 1 and 1100m is not', async t => {
    const scene = await scenario(t, {'web.yaml': deployment({container: limits('1000m', '1Gi')})});
    if (!scene) return;
    await scene.applyGit('--server-side');
    await scene.git({'web.yaml': deployment({container: limits(1, '1024Mi')})});
    await scene.expect({exit: 0});
    await scene.kubectl('set', 'resources', 'deployment', 'web', '--limits=cpu=1100m,memory=1Gi');
    await scene.expect({
      exit: 1,
      resources: {
        'Deployment/web': {
          status: 'Modified',
          fields: {
            [`${container}.resources.limits.cpu`]: {
              change: 'changed',
              desired: 1,
              live: '1100m',
              manager: 'kubectl-set',
            },
          },
        },
      },
    });
  });

  test('trap 1: what only looks like a quantity is compared as text', async t => {
    const scene = await scenario(t, {
      'limits.yaml': configMap('limits', {cpu: '1000m'}),
      'noted.yaml': configMap('noted', {a: 'b'}, {annotations: {'example.com/memory': '1024Mi'}}),
    });
    if (!scene) return;
    await scene.applyGit();
    await scene.kubectl('patch', 'configmap', 'limits', '--patch={"data":{"cpu":"1"}}');
    await scene.kubectl('annotate', '--overwrite', 'configmap', 'noted', 'example.com/memory=1Gi');
    await scene.expect({
      exit: 1,
      resources: {
        'ConfigMap/limits': {
          status: 'Modified',
          fields: {'data.cpu': {change: 'changed', desired: '1000m', live: '1', manager: 'kubectl-patch'}},
        },
        'ConfigMap/noted': {
          status: 'Modified',
          fields: {'metadata.annotations["example.com/memory"]': {change: 'changed', live: '1Gi'}},
        },
      },
    });
  });

  test('trap 1: a custom kind’s text that looks like a quantity is text', async t => {
    const scene = await scenario(t, place => ({'one.yaml': custom(place, 'Budget', {cpu: '1000m'})}));
    if (!scene) return;
    await define(t, scene, {
      kind: 'Budget',
      plural: 'budgets',
      schema: {type: 'object', properties: {cpu: {type: 'string'}}},
    });
    await scene.applyGit();
    await scene.expect({exit: 0});
    await scene.kubectl('patch', 'budget', 'one', '--type=merge', '--patch={"spec":{"cpu":"1"}}');
    await scene.expect({
      exit: 1,
      resources: {'Budget/one': {status: 'Modified', fields: {'spec.cpu': 'changed'}}},
    });
  });

  test('trap 2: int-or-string is typed by the schema', async t => {
    const service = (targetPort: string | number) =>
      text({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: {name: 'web'},
        spec: {selector: {app: 'web'}, ports: [{port: 80, targetPort}]},
      });
    const budget = text({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: {name: 'web'},
      spec: {maxUnavailable: '25%', selector: {matchLabels: {app: 'web'}}},
    });
    const scene = await scenario(t, {'service.yaml': service(8080), 'budget.yaml': budget});
    if (!scene) return;
    await scene.applyGit();
    await scene.expect({exit: 0});
    await scene.git({'service.yaml': service('http')});
    await scene.expect({
      exit: 1,
      resources: {
        'Service/web': {
          status: 'Modified',
          fields: {
            'spec.ports[port=80,protocol=TCP].targetPort': {change: 'changed', desired: 'http', live: 8080},
          },
        },
      },
    });
    // A port name needs a letter: the server refuses what git says now.
    await scene.git({'service.yaml': service('8080')});
    await scene.expect({exit: 2, resources: {'Service/web': {status: 'Unknown', error: /letter|port/}}});
  });

  test('trap 2: a number in quotes where the schema wants a number is an error of the manifest', async t => {
    const scene = await scenario(t, {'web.yaml': deployment({spec: {replicas: 2}})});
    if (!scene) return;
    await scene.applyGit();
    await scene.git({'web.yaml': deployment({spec: {replicas: '2'}})});
    await scene.expect({exit: 2, resources: {'Deployment/web': {status: 'Unknown', error: /replicas/}}});
  });

  test('trap 2: in a custom kind 80 and "80" are two values of an int-or-string', async t => {
    const scene = await scenario(t, place => ({'one.yaml': custom(place, 'Route', {port: '80'})}));
    if (!scene) return;
    await define(t, scene, {
      kind: 'Route',
      plural: 'routes',
      schema: {type: 'object', properties: {port: {'x-kubernetes-int-or-string': true}}},
    });
    await scene.applyGit();
    await scene.expect({exit: 0});
    await scene.git({'one.yaml': custom(scene, 'Route', {port: 80})});
    await scene.expect({
      exit: 1,
      resources: {
        'Route/one': {
          status: 'Modified',
          fields: {'spec.port': {change: 'changed', desired: 80, live: '80'}},
        },
      },
    });
  });

  test('trap 7: integers beyond 2^53 keep every digit', async t => {
    const scene = await scenario(t, {});
    if (!scene) return;
    await define(t, scene, {
      kind: 'Count',
      plural: 'counts',
      schema: {
        type: 'object',
        properties: {
          value: {type: 'integer', format: 'int64'},
          free: {type: 'object', 'x-kubernetes-preserve-unknown-fields': true},
        },
      },
    });
    const count = (value: bigint) => custom(scene, 'Count', {value, free: {value}});
    await scene.git({'one.yaml': count(9007199254740993n)});
    await scene.applyGit();
    await scene.expect({exit: 0, count: 1});
    await scene.git({'one.yaml': count(9007199254740992n)});
    const verdict = await scene.expect({
      exit: 1,
      resources: {
        'Count/one': {
          status: 'Modified',
          fields: {
            'spec.value': {change: 'changed', live: 9007199254740993n},
            'spec.free.value': {change: 'changed', live: 9007199254740993n},
          },
        },
      },
    });
    assert.match(stringifyJson(verdict.document), /"live":9007199254740993\b/);
  });

  test('trap 7: and in a built-in kind', async t => {
    const pod = (terminationGracePeriodSeconds: bigint) => deployment({pod: {terminationGracePeriodSeconds}});
    const scene = await scenario(t, {'web.yaml': pod(9007199254740993n)});
    if (!scene) return;
    await scene.applyGit('--server-side');
    await scene.expect({exit: 0});
    await scene.git({'web.yaml': pod(9007199254740995n)});
    await scene.expect({
      exit: 1,
      resources: {
        'Deployment/web': {
          status: 'Modified',
          fields: {
            'spec.template.spec.terminationGracePeriodSeconds': {
              change: 'changed',
              desired: 9007199254740995n,
              live: 9007199254740993n,
            },
          },
        },
      },
    });
  });
});
