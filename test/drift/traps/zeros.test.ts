import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {stringifyJson} from '../../../source/resources/json.ts';
import {configMap, container, custom, define, deployment, text} from './manifests.ts';
import {scenario} from './scenario.ts';

describe('zeros, nulls and empties', {concurrency: 3}, () => {
  const zeros = deployment({
    container: {
      tty: false,
      stdin: false,
      workingDir: '',
      livenessProbe: {httpGet: {path: '/', port: 80}, initialDelaySeconds: 0, periodSeconds: 0},
      volumeMounts: [{name: 'scratch', mountPath: '/scratch', readOnly: false, subPath: ''}],
      env: [{name: 'EMPTY', value: ''}],
    },
    pod: {
      hostNetwork: false,
      hostPID: false,
      nodeName: '',
      tolerations: [],
      nodeSelector: {},
      terminationGracePeriodSeconds: 0,
      volumes: [{name: 'scratch', emptyDir: {medium: ''}}],
    },
    spec: {minReadySeconds: 0, paused: false, replicas: 0, revisionHistoryLimit: 0},
  });

  for (const options of [[], ['--server-side'], ['--server-side', '--field-manager=argocd-controller']]) {
    test(`trap 3: zeros that are defaults are no drift (${options.join(' ') || 'client-side'})`, async t => {
      const scene = await scenario(t, {'web.yaml': zeros});
      if (!scene) return;
      await scene.applyGit(...options);
      await scene.expect({exit: 0});
      await scene.kubectl(
        'patch',
        'deployment',
        'web',
        `--patch=${stringifyJson({
          spec: {
            minReadySeconds: 10,
            template: {spec: {containers: [{name: 'web', livenessProbe: {initialDelaySeconds: 30}}]}},
          },
        })}`,
      );
      await scene.expect({
        exit: 1,
        resources: {
          'Deployment/web': {
            status: 'Modified',
            fields: {
              'spec.minReadySeconds': {change: 'changed', desired: 0, live: 10, manager: 'kubectl-patch'},
              [`${container}.livenessProbe.initialDelaySeconds`]: {change: 'changed', desired: 0, live: 30},
            },
          },
        },
      });
    });
  }

  test('trap 3: a zero that means something is compared', async t => {
    const scene = await scenario(t, {'web.yaml': deployment({spec: {replicas: 0}})});
    if (!scene) return;
    await scene.applyGit();
    await scene.expect({exit: 0});
    await scene.kubectl('scale', 'deployment', 'web', '--replicas=1');
    await scene.expect({
      exit: 1,
      resources: {
        'Deployment/web': {
          status: 'Modified',
          fields: {'spec.replicas': {change: 'changed', desired: 0, live: 1, manager: 'kubectl'}},
        },
      },
    });
  });

  for (const options of [[], ['--server-side']]) {
    test(`trap 4: null is absent (${options.join(' ') || 'client-side'})`, async t => {
      const nulls = deployment({
        metadata: {annotations: null},
        spec: {strategy: {rollingUpdate: null}, replicas: null, minReadySeconds: null},
        pod: {nodeSelector: null, tolerations: null, securityContext: null, affinity: null},
        container: {command: null, env: [{name: 'A', value: null}], resources: null, livenessProbe: null},
      });
      const scene = await scenario(t, {
        'web.yaml': nulls,
        'empty.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: empty\n  labels:\ndata:\n',
        'values.yaml': configMap('values', {a: null, b: 'x'}),
      });
      if (!scene) return;
      await scene.applyGit(...options);
      await scene.expect({exit: 0, count: 3});
      await scene.kubectl(
        'patch',
        'deployment',
        'web',
        `--patch=${stringifyJson({
          spec: {
            template: {spec: {nodeSelector: {disk: 'ssd'}, containers: [{name: 'web', command: ['run']}]}},
          },
        })}`,
      );
      await scene.expect({
        exit: 1,
        resources: {
          'Deployment/web': {
            status: 'Modified',
            fields: {
              'spec.template.spec.nodeSelector': {change: 'added', manager: 'kubectl-patch'},
              [`${container}.command`]: {change: 'added', live: ['run']},
            },
          },
        },
      });
    });
  }

  test('trap 4: null is absent where a schema keeps unknown fields', async t => {
    const scene = await scenario(t, place => ({
      'one.yaml': custom(place, 'Free', {a: null, b: {c: null, d: 1}}),
    }));
    if (!scene) return;
    await define(t, scene, {
      kind: 'Free',
      plural: 'frees',
      schema: {type: 'object', 'x-kubernetes-preserve-unknown-fields': true},
    });
    await scene.feed(custom(scene, 'Free', {b: {d: 1}}), 'apply', '-f', '-');
    await scene.expect({exit: 0});
    await scene.applyGit();
    await scene.expect({exit: 0});
    await scene.kubectl('patch', 'free', 'one', '--type=merge', '--patch={"spec":{"a":"set"}}');
    await scene.expect({
      exit: 1,
      resources: {'Free/one': {status: 'Modified', fields: {'spec.a': {change: 'added', live: 'set'}}}},
    });
  });

  const empties = {
    container: {resources: {}, volumeMounts: [{name: 'scratch', mountPath: '/scratch'}]},
    pod: {volumes: [{name: 'scratch', emptyDir: {}}], securityContext: {}},
    spec: {strategy: {}},
  };

  for (const options of [[], ['--server-side']]) {
    test(`trap 5: resources: {} is absent, emptyDir: {} is not (${options.join(' ') || 'client-side'})`, async t => {
      const scene = await scenario(t, {'web.yaml': deployment(empties)});
      if (!scene) return;
      await scene.applyGit(...options);
      await scene.expect({exit: 0});
      const absent = {volumeMounts: empties.container.volumeMounts};
      await scene.git({'web.yaml': deployment({container: absent, pod: {volumes: empties.pod.volumes}})});
      await scene.expect({exit: 0});
      const operations = [
        {
          op: 'replace',
          path: '/spec/template/spec/volumes/0',
          value: {name: 'scratch', hostPath: {path: '/tmp'}},
        },
      ];
      await scene.kubectl(
        'patch',
        'deployment',
        'web',
        '--type=json',
        `--patch=${stringifyJson(operations)}`,
      );
      const verdict = await scene.expect({
        exit: 1,
        resources: {
          'Deployment/web': {
            status: 'Modified',
            fields: {
              'spec.template.spec.volumes[name=scratch].emptyDir': {change: 'removed', desired: {}},
              'spec.template.spec.volumes[name=scratch].hostPath': {
                change: 'added',
                manager: 'kubectl-patch',
              },
            },
          },
        },
      });
      assert.equal(verdict.resources.length, 1);
    });
  }

  test('trap 5: an empty object in a custom kind is a value', async t => {
    const scene = await scenario(t, place => ({
      'one.yaml': custom(place, 'Cache', {emptyDir: {}, size: '1'}),
    }));
    if (!scene) return;
    await define(t, scene, {
      kind: 'Cache',
      plural: 'caches',
      schema: {
        type: 'object',
        properties: {
          size: {type: 'string'},
          emptyDir: {type: 'object', properties: {medium: {type: 'string'}}},
        },
      },
    });
    await scene.applyGit();
    await scene.expect({exit: 0});
    await scene.kubectl('patch', 'cache', 'one', '--type=merge', '--patch={"spec":{"emptyDir":null}}');
    await scene.expect({
      exit: 1,
      resources: {
        'Cache/one': {status: 'Modified', fields: {'spec.emptyDir': {change: 'removed', desired: {}}}},
      },
    });
  });

  test('trap 5: in a network policy [{}] allows all and [] nothing', async t => {
    const policy = (ingress: object[]) =>
      JSON.stringify({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: {name: 'web'},
        spec: {podSelector: {}, policyTypes: ['Ingress'], ingress},
      });
    const scene = await scenario(t, {'policy.yaml': policy([{}])});
    if (!scene) return;
    await scene.applyGit();
    await scene.expect({exit: 0});
    await scene.feed(policy([]), 'replace', '-f', '-');
    await scene.expect({
      exit: 1,
      resources: {
        'NetworkPolicy/web': {
          status: 'Modified',
          fields: {'spec.ingress': {change: 'removed', desired: [{}]}},
        },
      },
    });
    await scene.git({'policy.yaml': policy([])});
    await scene.expect({exit: 0});
  });

  for (const options of [[], ['--server-side']]) {
    test(`trap 6: creationTimestamp: null is ignored (${options.join(' ') || 'client-side'})`, async t => {
      const exported = (image: string) =>
        deployment({
          metadata: {creationTimestamp: null},
          template: {metadata: {creationTimestamp: null, labels: {app: 'web'}}},
          container: {image},
        });
      const claim = text({
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: {name: 'db', creationTimestamp: null},
        spec: {
          serviceName: 'db',
          selector: {matchLabels: {app: 'db'}},
          template: {
            metadata: {creationTimestamp: null, labels: {app: 'db'}},
            spec: {containers: [{name: 'db', image: 'db:1'}]},
          },
          volumeClaimTemplates: [
            {
              metadata: {name: 'data', creationTimestamp: null},
              spec: {accessModes: ['ReadWriteOnce'], resources: {requests: {storage: '1Gi'}}},
              status: {},
            },
          ],
        },
        status: {replicas: 0},
      });
      const scene = await scenario(t, {'web.yaml': exported('web:1'), 'db.yaml': claim});
      if (!scene) return;
      await scene.applyGit(...options);
      await scene.expect({exit: 0});
      await scene.git({'web.yaml': exported('web:2')});
      await scene.expect({
        exit: 1,
        resources: {
          'Deployment/web': {status: 'Modified', fields: {[`${container}.image`]: 'changed'}},
        },
      });
    });
  }
});
