import {describe, test} from 'node:test';
import {container, custom, define, deployment, groupOf, text} from './manifests.ts';
import {type Place, scenario} from './scenario.ts';

const claims = {
  metadata: {name: 'data', creationTimestamp: null},
  spec: {accessModes: ['ReadWriteOnce'], resources: {requests: {storage: '0.5Ti'}}},
  status: {},
};

/** What the server stores in another form than it is written in, in kinds where only a schema or a Go type says so. */
const written = (place: Place) => ({
  'amounts.yaml': deployment({
    name: 'amounts',
    container: {resources: {requests: {cpu: 0.5, memory: 1e9}, limits: {cpu: '1.0001'}}},
  }),
  'zeros.yaml': deployment({
    name: 'zeros',
    container: {
      args: ['a', null, 'b'],
      livenessProbe: {httpGet: {port: 80, host: '', path: ''}, failureThreshold: 0},
      securityContext: {privileged: false, capabilities: {add: [], drop: ['ALL']}},
    },
    pod: {
      serviceAccount: '',
      tolerations: [{key: 'a', operator: 'Exists', value: ''}],
      volumes: [
        {name: 'image', image: {reference: 'files:1', pullPolicy: ''}},
        {name: 'nfs', nfs: {server: 'files', path: '/', readOnly: false}},
        {name: 'token', projected: {sources: [{serviceAccountToken: {path: 'token', audience: ''}}]}},
      ],
    },
  }),
  'pod.yaml': text({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name: 'pod'},
    spec: {
      tolerations: [{key: 'a', operator: 'Equal', value: '', effect: ''}],
      containers: [{name: 'pod', image: 'pod:1'}],
    },
  }),
  'set.yaml': text({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: {name: 'set'},
    spec: {
      serviceName: 'set',
      selector: {matchLabels: {app: 'set'}},
      volumeClaimTemplates: [claims],
      template: {
        metadata: {labels: {app: 'set'}, creationTimestamp: null},
        spec: {containers: [{name: 'set', image: 'set:1'}]},
      },
    },
  }),
  'ingress.yaml': text({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {name: 'door'},
    spec: {
      tls: [{}],
      rules: [
        {
          host: '',
          http: {
            paths: [
              {
                path: '',
                pathType: 'ImplementationSpecific',
                backend: {service: {name: 'a', port: {name: '', number: 80}}},
              },
            ],
          },
        },
      ],
    },
  }),
  'service.yaml': text({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {name: 'empty-protocol'},
    spec: {ports: [{port: 80, name: '', protocol: '', targetPort: 8080}]},
  }),
  'policy.yaml': text({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: {name: 'peers'},
    spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {}}], ports: [{port: 80}]}]},
  }),
  'lease.yaml': text({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {name: 'lease'},
    spec: {renewTime: '2026-01-02T04:04:05.100000+01:00'},
  }),
  'custom.json': custom(place, 'Shape', {free: {big: 12345678901234567890n, small: 1, none: null}}),
});

describe('values, without the right to ask the server', {concurrency: 3}, () => {
  for (const command of [['apply'], ['apply', '--server-side'], ['create']]) {
    const way = command.join(' ');
    test(`traps 1 to 6: what is written and what is stored are one (kubectl ${way})`, async t => {
      const scene = await scenario(t, {}, {environment: {context: 'reader'}});
      if (!scene) return;
      await define(t, scene, {
        kind: 'Shape',
        plural: 'shapes',
        schema: {
          type: 'object',
          properties: {
            free: {type: 'object', 'x-kubernetes-preserve-unknown-fields': true},
            made: {
              type: 'object',
              default: {size: 5},
              properties: {
                size: {type: 'integer', default: 1},
                inner: {type: 'object', default: {}, properties: {on: {type: 'boolean', default: true}}},
              },
            },
          },
        },
      });
      const files = written(scene);
      await scene.git(files);
      await scene.kubectl(...command, '-f', scene.folder);
      await scene.expect({exit: 0, count: Object.keys(files).length});

      await scene.git({
        'amounts.yaml': deployment({
          name: 'amounts',
          container: {resources: {requests: {cpu: 0.6, memory: 1e8}, limits: {cpu: '1.0011'}}},
        }),
        'policy.yaml': files['policy.yaml'].replace('namespaceSelector', 'podSelector'),
        'lease.yaml': files['lease.yaml'].replace('05.100000', '05.100001'),
        'service.yaml': files['service.yaml'].replace('8080', '"web"'),
        'custom.json': files['custom.json'].replace(/,\s*"none": null/, ''),
        'set.yaml': files['set.yaml'].replace('"serviceName"', '"replcas": 2, "serviceName"'),
        'zeros.yaml': files['zeros.yaml'].replace(
          '"serviceAccount": ""',
          '"serviceAccount": "", "automountServiceAccountToken": false',
        ),
      });
      await scene.kubectl(
        'patch',
        `shapes.${groupOf(scene)}`,
        'one',
        '--type=merge',
        '--patch={"spec":{"made":{"inner":{"on":false}}}}',
      );
      const changed = 'changed' as const;
      await scene.expect({
        exit: 1,
        resources: {
          'Deployment/amounts': {
            status: 'Modified',
            fields: {
              [`${container}.resources.requests.cpu`]: {change: changed, desired: 0.6, live: '500m'},
              [`${container}.resources.requests.memory`]: changed,
              [`${container}.resources.limits.cpu`]: changed,
            },
          },
          'Deployment/zeros': {
            status: 'Modified',
            fields: {'spec.template.spec.automountServiceAccountToken': 'removed'},
          },
          'StatefulSet/set': {
            status: 'Modified',
            fields: {'spec.replcas': 'removed'},
            notes: [/unknown field.*spec\.replcas/],
          },
          'NetworkPolicy/peers': {status: 'Modified', fields: {'spec.ingress': changed}},
          'Lease/lease': {status: 'Modified', fields: {'spec.renewTime': changed}},
          'Service/empty-protocol': {
            status: 'Modified',
            fields: {
              'spec.ports[port=80,protocol=TCP].targetPort': {change: changed, desired: 'web', live: 8080},
            },
          },
          'Shape/one': {
            status: 'Modified',
            fields: {'spec.made.inner.on': {change: 'added', live: false, manager: 'kubectl-patch'}},
          },
        },
      });
    });
  }
});
