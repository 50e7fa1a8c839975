import {describe, test} from 'node:test';
import {type JsonObject, stringifyJson} from '../../../source/resources/json.ts';
import {configMap, container, custom, define, deployment, text} from './manifests.ts';
import {cleanUp, type Scenario, scenario} from './scenario.ts';

const applies: Record<string, readonly string[]> = {'client-side': [], 'server-side': ['--server-side']};

/** A JSON patch, as whoever: a controller by its own name, or its stand-in with kubectl's. */
const patch = (scene: Scenario, name: string, operations: readonly JsonObject[], ...more: string[]) =>
  scene.kubectl(
    'patch',
    ...name.split('/'),
    '--type=json',
    `--patch=${stringifyJson([...operations])}`,
    ...more,
  );

describe('filled in by the server or a controller', {concurrency: 3}, () => {
  for (const [way, options] of Object.entries(applies)) {
    for (const manager of ['cert-manager-cainjector', 'kubectl-patch', 'Go-http-client']) {
      test(`trap 36: a caBundle set by ${manager} is not drift (${way})`, async t => {
        const webhook = (place: {namespace: string}, caBundle: JsonObject) =>
          text({
            apiVersion: 'admissionregistration.k8s.io/v1',
            kind: 'ValidatingWebhookConfiguration',
            metadata: {name: place.namespace, annotations: {'cert-manager.io/inject-ca-from': 'shop/web'}},
            webhooks: [
              {
                name: 'check.example.com',
                admissionReviewVersions: ['v1'],
                sideEffects: 'None',
                failurePolicy: 'Ignore',
                clientConfig: {...caBundle, service: {name: 'web', namespace: place.namespace}},
                objectSelector: {matchLabels: {nobody: 'has-this'}},
                rules: [{apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods']}],
              },
            ],
          });
        const scene = await scenario(t, place => ({'webhook.yaml': webhook(place, {})}));
        if (!scene) return;
        cleanUp(t, scene, 'validatingwebhookconfiguration', scene.namespace);
        const name = `validatingwebhookconfiguration/${scene.namespace}`;
        const ca = Buffer.from('-----BEGIN CERTIFICATE-----\n').toString('base64');
        await scene.applyGit(...options);
        await patch(
          scene,
          name,
          [{op: 'add', path: '/webhooks/0/clientConfig/caBundle', value: ca}],
          `--field-manager=${manager}`,
        );
        await scene.expect({exit: 0});
        // The placeholder that kubebuilder writes.
        await scene.git({'webhook.yaml': webhook(scene, {caBundle: 'Cg=='})});
        await scene.expect({exit: 0});
        await patch(scene, name, [{op: 'replace', path: '/webhooks/0/failurePolicy', value: 'Fail'}]);
        await scene.expect({
          exit: 1,
          resources: {
            [`ValidatingWebhookConfiguration/${scene.namespace}`]: {
              status: 'Modified',
              fields: {
                'webhooks[name=check.example.com].failurePolicy': {
                  change: 'changed',
                  desired: 'Ignore',
                  live: 'Fail',
                },
              },
            },
          },
        });
      });
    }

    test(`trap 36: rules that are collected into an aggregated role are not drift (${way})`, async t => {
      const role = (place: {namespace: string}, rest: JsonObject) =>
        text({
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'ClusterRole',
          metadata: {name: place.namespace},
          aggregationRule: {clusterRoleSelectors: [{matchLabels: {aggregate: 'yes'}}]},
          ...rest,
        });
      const scene = await scenario(t, place => ({'role.yaml': role(place, {rules: []})}));
      if (!scene) return;
      cleanUp(t, scene, 'clusterrole', scene.namespace);
      await scene.applyGit(...options);
      const rules = [{apiGroups: [''], resources: ['pods'], verbs: ['get']}];
      await patch(scene, `clusterrole/${scene.namespace}`, [{op: 'add', path: '/rules', value: rules}]);
      await scene.expect({exit: 0});
      await scene.git({'role.yaml': role(scene, {})});
      await scene.expect({exit: 0});
      await patch(scene, `clusterrole/${scene.namespace}`, [
        {
          op: 'replace',
          path: '/aggregationRule/clusterRoleSelectors/0/matchLabels',
          value: {aggregate: 'no'},
        },
      ]);
      await scene.expect({
        exit: 1,
        resources: {
          [`ClusterRole/${scene.namespace}`]: {
            status: 'Modified',
            fields: {'aggregationRule.clusterRoleSelectors': 'changed'},
          },
        },
      });
    });

    test(`trap 36: what a Service is given is not drift (${way})`, async t => {
      const service = (type: string, spec: JsonObject = {}) =>
        text({
          apiVersion: 'v1',
          kind: 'Service',
          metadata: {name: 'web'},
          spec: {type, selector: {app: 'web'}, ports: [{name: 'http', port: 80}], ...spec},
        });
      const scene = await scenario(t, {
        'service.yaml': service('LoadBalancer', {externalTrafficPolicy: 'Local'}),
      });
      if (!scene) return;
      await scene.applyGit(...options);
      await scene.expect({exit: 0});
      await scene.kubectl('patch', 'service', 'web', '--patch={"spec":{"sessionAffinity":"ClientIP"}}');
      await scene.expect({
        exit: 1,
        resources: {
          'Service/web': {
            status: 'Modified',
            fields: {
              'spec.sessionAffinity': {change: 'added', live: 'ClientIP', manager: 'kubectl-patch'},
            },
          },
        },
      });
    });

    test(`trap 36: a node port that git sets is compared (${way})`, async t => {
      const service = (ports: JsonObject[]) =>
        text({
          apiVersion: 'v1',
          kind: 'Service',
          metadata: {name: 'web'},
          spec: {type: 'NodePort', selector: {app: 'web'}, ports},
        });
      const scene = await scenario(t, {'service.yaml': service([{port: 80}])});
      if (!scene) return;
      await scene.applyGit(...options);
      await scene.expect({exit: 0});
      const live = await scene.live('service', 'web');
      const {ports} = live['spec'] as unknown as {ports: {nodePort: number}[]};
      const nodePort = ports[0]?.nodePort ?? 0;
      await scene.git({'service.yaml': service([{port: 80, nodePort}])});
      await scene.expect({exit: 0});
      const other = nodePort === 30000 ? 30001 : nodePort - 1;
      await scene.git({'service.yaml': service([{port: 80, nodePort: other}])});
      await scene.expect({
        exit: 1,
        resources: {
          'Service/web': {
            status: 'Modified',
            fields: {
              'spec.ports[port=80,protocol=TCP].nodePort': {
                change: 'changed',
                desired: other,
                live: nodePort,
              },
            },
          },
        },
      });
    });

    test(`trap 36: a claim that was bound is not drift (${way})`, async t => {
      const scene = await scenario(t, {
        'claim.yaml': text({
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          metadata: {name: 'files'},
          spec: {accessModes: ['ReadWriteOnce'], resources: {requests: {storage: '1Gi'}}},
        }),
      });
      if (!scene) return;
      await scene.applyGit(...options);
      for (const manager of ['kube-controller-manager', 'kubectl-patch']) {
        await scene.kubectl(
          'patch',
          'pvc',
          'files',
          `--field-manager=${manager}`,
          `--patch=${stringifyJson({
            metadata: {
              annotations: {
                'pv.kubernetes.io/bind-completed': 'yes',
                'pv.kubernetes.io/bound-by-controller': 'yes',
              },
            },
            spec: {volumeName: 'pvc-1'},
          })}`,
        );
        await scene.expect({exit: 0});
      }
    });

    test(`trap 36: revision, restartedAt and tokens are not drift (${way})`, async t => {
      const scene = await scenario(t, {
        'web.yaml': deployment(),
        'account.yaml': text({apiVersion: 'v1', kind: 'ServiceAccount', metadata: {name: 'web'}}),
        'token.yaml': text({
          apiVersion: 'v1',
          kind: 'Secret',
          type: 'kubernetes.io/service-account-token',
          metadata: {name: 'token', annotations: {'kubernetes.io/service-account.name': 'web'}},
        }),
      });
      if (!scene) return;
      await scene.applyGit(...options);
      await scene.kubectl('annotate', 'deployment', 'web', 'deployment.kubernetes.io/revision=3');
      await scene.kubectl('rollout', 'restart', 'deployment/web');
      await patch(scene, 'serviceaccount/web', [{op: 'add', path: '/secrets', value: [{name: 'token'}]}]);
      await scene.kubectl(
        'patch',
        'secret',
        'token',
        '--field-manager=kube-controller-manager',
        `--patch=${stringifyJson({
          metadata: {annotations: {'kubernetes.io/service-account.uid': '1'}},
          data: {token: 'eA==', 'ca.crt': 'eA==', namespace: 'eA=='},
        })}`,
      );
      await scene.expect({exit: 0});
      // Other changes in the same places are seen.
      await scene.kubectl('annotate', 'deployment', 'web', 'example.com/revision=3');
      await patch(scene, 'serviceaccount/web', [
        {op: 'add', path: '/automountServiceAccountToken', value: false},
      ]);
      await scene.expect({
        exit: 1,
        resources: {
          'Deployment/web': {
            status: 'Modified',
            fields: {
              'metadata.annotations["example.com/revision"]': {change: 'added', manager: 'kubectl-annotate'},
            },
          },
          'ServiceAccount/web': {
            status: 'Modified',
            fields: {automountServiceAccountToken: {change: 'added', live: false}},
          },
        },
      });
    });

    test(`trap 37: status is ignored, in git and live (${way})`, async t => {
      const web = (status: JsonObject, image = 'web:1') => {
        const object = JSON.parse(deployment({container: {image}})) as JsonObject;
        return text({...object, status});
      };
      const scene = await scenario(t, {'web.yaml': web({replicas: 3, readyReplicas: 3})});
      if (!scene) return;
      await scene.applyGit(...options);
      await scene.kubectl(
        'patch',
        'deployment',
        'web',
        '--subresource=status',
        '--type=merge',
        '--patch={"status":{"replicas":9,"observedGeneration":1}}',
      );
      await scene.expect({exit: 0});
      await scene.git({'web.yaml': web({replicas: 1}, 'web:2')});
      await scene.expect({
        exit: 1,
        resources: {'Deployment/web': {status: 'Modified', fields: {[`${container}.image`]: 'changed'}}},
      });
    });

    for (const subresource of [true, false]) {
      test(`trap 37: of custom kinds too, ${subresource ? 'with' : 'without'} a status subresource (${way})`, async t => {
        const scene = await scenario(t, place => ({
          'one.yaml': custom(place, 'Thing', {size: 1}, {status: {phase: 'New'}}),
        }));
        if (!scene) return;
        await define(t, scene, {
          kind: 'Thing',
          plural: 'things',
          status: subresource,
          schema: {type: 'object', properties: {size: {type: 'integer'}}},
          properties: {status: {type: 'object', properties: {phase: {type: 'string'}}}},
        });
        await scene.applyGit(...options);
        const of = subresource ? ['--subresource=status'] : [];
        await scene.kubectl(
          'patch',
          `things.${scene.namespace}.example.com`,
          'one',
          ...of,
          '--type=merge',
          '--patch={"status":{"phase":"Done"}}',
        );
        await scene.expect({exit: 0});
      });
    }
  }

  test('trap 36: a namespace’s own label, and finalizers, are not drift', async t => {
    const scene = await scenario(t, place => ({
      'space.yaml': text({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: {name: place.namespace, labels: {team: 'shop'}},
      }),
      'map.yaml': configMap('map', {a: '1'}),
    }));
    if (!scene) return;
    await scene.applyGit();
    await scene.kubectl(
      'patch',
      'configmap',
      'map',
      '--field-manager=some-controller',
      '--patch={"metadata":{"finalizers":["example.com/hold"]}}',
    );
    t.after(() => scene.kubectl('patch', 'configmap', 'map', '--patch={"metadata":{"finalizers":null}}'));
    await scene.expect({exit: 0, count: 2});
    await scene.kubectl('label', 'namespace', scene.namespace, 'istio-injection=enabled');
    await scene.expect({
      exit: 1,
      resources: {
        [`Namespace/${scene.namespace}`]: {
          status: 'Modified',
          fields: {'metadata.labels.istio-injection': {change: 'added', manager: 'kubectl-label'}},
        },
      },
    });
  });
});
