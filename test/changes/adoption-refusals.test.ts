import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {manifestOf, withoutDefaults} from '../../source/changes/adoption/noise.ts';
import {leakRefusal, managerWarning, secretRefusal} from '../../source/changes/adoption/refusals.ts';
import {fields} from '../../source/resources/field-path.ts';

const secret = {apiVersion: 'v1', kind: 'Secret', metadata: {name: 'db'}, data: {password: 'aHVudGVyMg=='}};

describe('what a Secret keeps', () => {
  test('does not go into git', () => {
    for (const path of [
      fields('data', 'password'),
      fields('stringData', 'password'),
      fields('data'),
      fields('metadata', 'annotations', 'a'),
    ]) {
      assert.match(secretRefusal(secret, path) ?? '', /never written into git in the clear/);
    }
    assert.equal(secretRefusal(secret, fields('metadata', 'labels', 'team')), null);
    assert.equal(secretRefusal({kind: 'ConfigMap', data: {a: 'b'}}, fields('data', 'a')), null);
  });

  test('nor into what is encrypted there, which has its own tool', () => {
    const sops = {...secret, data: {password: 'ENC[AES256_GCM,data:x,type:str]'}, sops: {mac: 'x'}};
    assert.match(secretRefusal(sops, fields('metadata', 'labels', 'team')) ?? '', /"sops FILE" edits it/);
    assert.match(
      secretRefusal({kind: 'ConfigMap', sops: {mac: 'x'}}, fields('data', 'a')) ?? '',
      /"sops FILE"/,
    );
  });

  test('nor where it stands in something else', () => {
    const redact = (text: string) => text.replaceAll('hunter2', '***');
    assert.match(
      leakRefusal([{name: 'DSN', value: 'postgres://shop:hunter2@db'}], redact) ?? '',
      /secretKeyRef/,
    );
    assert.equal(leakRefusal({name: 'MODE', value: 'fast'}, redact), null);
    assert.equal(leakRefusal(undefined, redact), null);
  });
});

test('a controller’s value is warned of, a person’s is not', () => {
  for (const manager of [
    'kube-controller-manager',
    'vpa-updater',
    'keda-operator',
    'argocd-controller',
    'horizontal-pod-autoscaler',
  ]) {
    assert.match(managerWarning({path: 'spec.replicas', manager}) ?? '', /may set it again/, manager);
  }
  for (const manager of ['kubectl', 'kubectl-scale', 'kubectl-edit', 'k9s', undefined]) {
    assert.equal(managerWarning({path: 'spec.replicas', ...(manager === undefined ? {} : {manager})}), null);
  }
});

describe('what the server fills in', () => {
  test('is left out of a live value, and nothing else', () => {
    const id = {group: 'apps', kind: 'Deployment'};
    const path = [
      ...fields('spec', 'template', 'spec', 'containers'),
      {type: 'keys', keys: {name: 'side'}} as const,
    ];
    const live = {
      name: 'side',
      image: 'shop/side:1',
      imagePullPolicy: 'IfNotPresent',
      resources: {},
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
      ports: [
        {containerPort: 80, protocol: 'TCP'},
        {containerPort: 53, protocol: 'UDP'},
      ],
    };
    assert.deepEqual(withoutDefaults(id, path, live), {
      name: 'side',
      image: 'shop/side:1',
      ports: [{containerPort: 80}, {containerPort: 53, protocol: 'UDP'}],
    });
    const volume = {name: 'tmp', emptyDir: {}};
    assert.deepEqual(withoutDefaults(id, fields('spec', 'template', 'spec', 'volumes'), [volume]), [volume]);
  });

  test('is left out of a live object', () => {
    const live = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'web',
        namespace: 'shop',
        uid: 'x',
        resourceVersion: '1',
        creationTimestamp: 'now',
        labels: {app: 'web', 'applyset.kubernetes.io/part-of': 'x'},
        annotations: {'kubectl.kubernetes.io/last-applied-configuration': '{}'},
      },
      spec: {
        clusterIP: '10.0.0.1',
        clusterIPs: ['10.0.0.1'],
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
        internalTrafficPolicy: 'Cluster',
        ports: [{port: 80, protocol: 'TCP', targetPort: 80}],
        selector: {app: 'web'},
        sessionAffinity: 'None',
        type: 'ClusterIP',
      },
      status: {loadBalancer: {}},
    };
    assert.deepEqual(manifestOf({group: '', kind: 'Service', namespace: 'shop', name: 'web'}, live), {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {name: 'web', namespace: 'shop', labels: {app: 'web'}},
      spec: {ports: [{port: 80}], selector: {app: 'web'}},
    });
  });
});
