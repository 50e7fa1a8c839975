import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {describe} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import {loadAll} from 'js-yaml';
import {DefaultsLearned} from '../../source/drift/defaults.ts';
import type {JsonObject} from '../../source/resources/json.ts';
import {deployment, inWords, scenario, told, yaml} from './bench.ts';

const everyKind = loadAll(
  readFileSync(new URL('./fixtures/every-kind.yaml', import.meta.url), 'utf8'),
) as JsonObject[];

describe('right after it was brought there, nothing is drift', () => {
  for (const way of ['create -f -', 'apply -f -', 'apply --server-side -f -']) {
    scenario(`by kubectl ${way}`, async bench => {
      for (const object of everyKind) {
        await bench.kubectl(way, object);
        const drift = await bench.judge(object);
        assert.deepEqual(told(drift), ['Synced'], inWords(drift));
        const local = await bench.judge(object, {mode: 'local'});
        // Without the right to ask the server some can't be decided; none may be called drift.
        assert.notEqual(local.status, 'Modified', inWords(local));
      }
    });
  }
});

describe('values', () => {
  const cases: [trap: string, live: JsonObject, git: JsonObject, expected: string[]][] = [
    [
      '1: quantities are equal by amount',
      deployment({container: 'resources: {limits: {cpu: "1", memory: 1Gi}, requests: {cpu: 500m}}'}),
      deployment({container: 'resources: {limits: {cpu: 1000m, memory: 1024Mi}, requests: {cpu: 0.5}}'}),
      ['Synced'],
    ],
    [
      '1: other amounts are not',
      deployment({container: 'resources: {limits: {memory: 1Gi}}'}),
      deployment({container: 'resources: {limits: {memory: 1G}}'}),
      ['Modified', 'changed spec.template.spec.containers[name=web].resources.limits.memory by kubectl'],
    ],
    [
      '1: an annotation that looks like a quantity is a text',
      yaml('{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {cpu: 1000m}}'),
      yaml('{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {cpu: "1"}}'),
      ['Modified', 'changed data.cpu by kubectl'],
    ],
    [
      '3: zeros that the server leaves out',
      deployment(),
      deployment({
        spec: 'minReadySeconds: 0\n  paused: false',
        pod: 'hostNetwork: false\n      terminationGracePeriodSeconds: 30',
      }),
      ['Synced'],
    ],
    [
      '3: zeros that mean the default',
      deployment({container: 'livenessProbe: {tcpSocket: {port: 80}}'}),
      deployment({
        container: 'livenessProbe: {tcpSocket: {port: 80}, initialDelaySeconds: 0, periodSeconds: 0}',
      }),
      ['Synced'],
    ],
    [
      '3: a zero that is a number like others',
      deployment({spec: 'replicas: 2'}),
      deployment({spec: 'replicas: 0'}),
      ['Modified', 'changed spec.replicas by kubectl'],
    ],
    [
      '3: a false that is not the default',
      deployment(),
      deployment({pod: 'automountServiceAccountToken: false'}),
      ['Modified', 'removed spec.template.spec.automountServiceAccountToken'],
    ],
    [
      '5: emptyDir: {} is not absent',
      deployment({pod: 'volumes: [{name: v, hostPath: {path: /tmp}}]'}),
      deployment({pod: 'volumes: [{name: v, emptyDir: {}}]'}),
      // One volume can't have two sources: the server refuses the apply until the other is taken out.
      [
        'Modified',
        'added spec.template.spec.volumes[name=v].hostPath by kubectl',
        'removed spec.template.spec.volumes[name=v].emptyDir',
      ],
    ],
    [
      '5: and an emptyDir gives way to another source',
      deployment({pod: 'volumes: [{name: v, emptyDir: {}}]'}),
      deployment({pod: 'volumes: [{name: v, hostPath: {path: /tmp}}]'}),
      [
        'Modified',
        'added spec.template.spec.volumes[name=v].emptyDir by kubectl',
        'removed spec.template.spec.volumes[name=v].hostPath',
      ],
    ],
    [
      '5, 6: resources: {} and creationTimestamp: null are absent',
      deployment(),
      yaml(`
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}, creationTimestamp: null}
spec:
  selector: {matchLabels: {app: web}}
  strategy: {}
  template:
    metadata: {labels: {app: web}, creationTimestamp: null}
    spec: {containers: [{name: web, image: 'web:1', resources: {}}]}
status: {}
`),
      ['Synced'],
    ],
    [
      '21: the order of an atomic list',
      deployment({container: 'args: [a, b]'}),
      deployment({container: 'args: [b, a]'}),
      ['Modified', 'changed spec.template.spec.containers[name=web].args by kubectl'],
    ],
    [
      '23: the order of init containers',
      deployment({pod: 'initContainers: [{name: a, image: a}, {name: b, image: b}]'}),
      deployment({pod: 'initContainers: [{name: b, image: b}, {name: a, image: a}]'}),
      ['Modified', 'changed spec.template.spec.initContainers by kubectl'],
    ],
    [
      '24, 26: ports by number and protocol',
      deployment({container: 'ports: [{containerPort: 53}, {containerPort: 53, protocol: UDP, name: dns}]'}),
      deployment({
        container:
          'ports: [{containerPort: 53, protocol: UDP, name: dns}, {containerPort: 53, protocol: TCP}]',
      }),
      ['Synced'],
    ],
    [
      '25: one env twice',
      deployment({container: 'env: [{name: A, value: a}]'}),
      deployment({container: 'env: [{name: A, value: a}, {name: A, value: b}]'}),
      ['Unknown'],
    ],
    [
      'a new container is one finding',
      deployment(),
      deployment({container: '\n        - {name: side, image: side, env: [{name: A, value: a}]}'}),
      ['Modified', 'removed spec.template.spec.containers[name=side]'],
    ],
  ];
  for (const [name, live, git, expected] of cases) {
    scenario(name, async bench => {
      await bench.apply(live);
      const drift = await bench.judge(git);
      assert.deepEqual(told(drift), expected, inWords(drift));
    });
  }

  scenario('4: null is absent, however the object got there', async bench => {
    const git = yaml(
      '{apiVersion: v1, kind: ConfigMap, metadata: {name: c, annotations: null}, data: {a: "1", b: null}}',
    );
    await bench.kubectl('apply -f -', git);
    assert.deepEqual(told(await bench.judge(git)), ['Synced']);
    await bench.kubectl('delete configmap c');
    // Server-side apply of kubectl keeps an empty text for it.
    await bench.apply(git);
    assert.deepEqual(told(await bench.judge(git)), ['Synced']);
    await bench.patch('configmap/c', '{"data":{"b":"2"}}');
    assert.deepEqual(told(await bench.judge(git)), ['Modified', 'added data.b by kubectl-edit']);
  });

  scenario('22: the order of env is a note', async bench => {
    await bench.apply(deployment({container: 'env: [{name: A, value: a}, {name: B, value: $(A)}]'}));
    const drift = await bench.judge(
      deployment({container: 'env: [{name: B, value: $(A)}, {name: A, value: a}]'}),
    );
    assert.equal(drift.status, 'Synced');
    assert.match(drift.notes.join(), /^order only: .*env/);
  });

  scenario('28: metrics in another order', async bench => {
    const scaler = (metrics: string) =>
      yaml(`{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: h}, spec: {maxReplicas: 2,
        scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, metrics: [${metrics}]}}`);
    const [cpu, memory] = ['cpu', 'memory'].map(
      name =>
        `{type: Resource, resource: {name: ${name}, target: {type: Utilization, averageUtilization: 50}}}`,
    );
    await bench.apply(scaler(`${cpu}, ${memory}`));
    const drift = await bench.judge(scaler(`${memory}, ${cpu}`));
    assert.deepEqual(told(drift), ['Synced']);
    const other = await bench.judge(scaler(`${memory}, ${cpu?.replace('50', '60')}`));
    assert.equal(other.status, 'Modified');
  });
});

describe('Secrets', () => {
  const secret = (more: string) => yaml(`{apiVersion: v1, kind: Secret, metadata: {name: s}, ${more}}`);

  scenario('8, 9: stringData is data, and a key dropped from it lives on', async bench => {
    await bench.apply(secret('stringData: {a: one, b: two}'));
    const same = await bench.judge(secret('data: {a: b25l, b: dHdv}'));
    assert.deepEqual(told(same), ['Synced']);
    const both = await bench.judge(secret('stringData: {a: one}, data: {a: b3RoZXI=, b: dHdv}'));
    assert.deepEqual(told(both), ['Synced']);
    // Applied again without the key, nobody owns what is left of it.
    const less = secret('stringData: {a: one}');
    assert.deepEqual(told(await bench.judge(less)), ['Modified', 'added data.b by kubectl']);
    await bench.apply(less);
    assert.deepEqual(told(await bench.judge(less)), ['Modified', 'added data.b']);
    assert.deepEqual(told(await bench.judge(less, {mode: 'local'})), ['Modified', 'added data.b']);
  });

  scenario('values are masked wherever they are shown', async bench => {
    await bench.kubectl('apply -f -', secret('stringData: {a: one, gone: left-over}'));
    const drift = await bench.judge(secret('stringData: {a: changed, b: added}'));
    assert.deepEqual(told(drift), [
      'Modified',
      'added data.gone by kubectl-client-side-apply',
      'changed data.a by kubectl-client-side-apply',
      'removed data.b',
    ]);
    const text = JSON.stringify(drift);
    for (const value of ['one', 'left-over', 'changed', 'added']) {
      const encoded = Buffer.from(value).toString('base64');
      assert.ok(!text.includes(encoded), `${value} in base64`);
    }
    assert.ok(!text.includes('left-over'));
  });
});

describe('ownership', () => {
  scenario('29: a field that git dropped, by whoever applied it', async bench => {
    for (const manager of ['kubectl', 'argocd-controller', 'kustomize-controller', 'gitops-tui', 'our-ci']) {
      await bench.apply(
        deployment({spec: 'minReadySeconds: 5', container: 'env: [{name: A, value: a}]'}),
        manager,
      );
      const expected = [
        'Modified',
        `added spec.minReadySeconds by ${manager}`,
        `added spec.template.spec.containers[name=web].env[name=A] by ${manager}`,
      ];
      assert.deepEqual(told(await bench.judge(deployment())), expected);
      assert.deepEqual(told(await bench.judge(deployment(), {mode: 'local'})), expected, 'locally');
      await bench.kubectl('delete deployment web');
    }
  });

  scenario('30: and by kubectl apply of old', async bench => {
    await bench.kubectl(
      'apply -f -',
      deployment({spec: 'minReadySeconds: 5', container: 'livenessProbe: {httpGet: {port: 80}}'}),
    );
    const by = 'by kubectl-client-side-apply';
    const expected = [
      'Modified',
      `added spec.minReadySeconds ${by}`,
      `added spec.template.spec.containers[name=web].livenessProbe ${by}`,
    ];
    assert.deepEqual(told(await bench.judge(deployment())), expected);
    assert.deepEqual(told(await bench.judge(deployment(), {mode: 'local'})), expected, 'locally');
  });

  scenario('31: what people add is found by the tool they used', async bench => {
    const git = deployment();
    await bench.apply(git);
    await bench.kubectl('label deployment/web team=a');
    await bench.kubectl('annotate deployment/web note=a');
    await bench.kubectl('set env deployment/web DEBUG=1');
    await bench.patch('deployment/web', '{"spec":{"minReadySeconds":3}}', 'kubectl-patch');
    const expected = [
      'Modified',
      'added metadata.annotations.note by kubectl-annotate',
      'added metadata.labels.team by kubectl-label',
      'added spec.minReadySeconds by kubectl-patch',
      'added spec.template.spec.containers[name=web].env[name=DEBUG] by kubectl-set',
    ];
    const drift = await bench.judge(git);
    assert.deepEqual(told(drift), expected);
    assert.equal(drift.verdict, 'server');
    assert.ok(drift.fields.every(({changedAt}) => changedAt !== undefined));
    assert.deepEqual(told(await bench.judge(git, {mode: 'local'})), expected, 'locally');
  });

  scenario('31: a whole probe by hand, beside labels of others', async bench => {
    const git = yaml('{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {a: "1"}}');
    await bench.apply(git);
    await bench.patch(
      'configmap/c',
      '{"metadata":{"labels":{"applyset.kubernetes.io/part-of":"x"}}}',
      'gitops-tui',
    );
    await bench.patch('configmap/c', '{"metadata":{"labels":{"team":"a"}}}');
    const drift = await bench.judge(git);
    assert.deepEqual(told(drift), ['Modified', 'added metadata.labels.team by kubectl-edit']);

    await bench.apply(deployment());
    const probe = '{"name":"web","livenessProbe":{"httpGet":{"port":80},"periodSeconds":7}}';
    await bench.kubectl(
      `patch deployment/web --field-manager=kubectl-edit -p {"spec":{"template":{"spec":{"containers":[${probe}]}}}}`,
    );
    const probed = await bench.judge(deployment());
    assert.deepEqual(told(probed), [
      'Modified',
      'added spec.template.spec.containers[name=web].livenessProbe by kubectl-edit',
    ]);
    assert.equal(probed.verdict, 'server');
  });

  scenario('31: a scaled deployment, although nobody owns its replicas then', async bench => {
    await bench.apply(deployment());
    await bench.kubectl('scale deployment/web --replicas=3');
    assert.deepEqual(told(await bench.judge(deployment())), ['Modified', 'added spec.replicas']);
    const declared = await bench.judge(deployment({spec: 'replicas: 1'}));
    assert.deepEqual(told(declared), ['Modified', 'changed spec.replicas']);
  });

  scenario('31: a scaled deployment that kubectl apply made', async bench => {
    await bench.kubectl('apply -f -', deployment());
    await bench.kubectl('scale deployment/web --replicas=3');
    assert.deepEqual(told(await bench.judge(deployment())), ['Modified', 'added spec.replicas by kubectl']);
  });

  scenario('32: what an autoscaler sets is its own', async bench => {
    await bench.apply(deployment());
    await bench.kubectl('autoscale deployment/web --min=2 --max=4');
    await bench.kubectl('scale deployment/web --replicas=3');
    assert.deepEqual(told(await bench.judge(deployment())), ['Synced']);
  });

  scenario('33: what a controller adds is its own, a value that it changes is not', async bench => {
    await bench.apply(deployment());
    const sidecar =
      '{"spec":{"template":{"spec":{"priorityClassName":"x"},"metadata":{"labels":{"injected":"yes"}}}}}';
    await bench.patch('deployment/web', sidecar, 'mesh-controller');
    assert.deepEqual(told(await bench.judge(deployment())), ['Synced']);
    await bench.patch('deployment/web', '{"metadata":{"labels":{"app":"other"}}}', 'mesh-controller');
    assert.deepEqual(told(await bench.judge(deployment())), [
      'Modified',
      'changed metadata.labels.app by mesh-controller',
    ]);
  });

  scenario('36: restarts, revisions and what services are given', async bench => {
    const service = yaml(
      '{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: NodePort, selector: {app: web}, ports: [{port: 80}]}}',
    );
    await bench.kubectl('apply -f -', deployment());
    await bench.kubectl('rollout restart deployment/web');
    await bench.kubectl('apply -f -', service);
    assert.deepEqual(told(await bench.judge(deployment())), ['Synced']);
    assert.deepEqual(told(await bench.judge(service)), ['Synced']);
  });

  scenario('36: the rules of an aggregated cluster role', async bench => {
    const role = yaml(`
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: ${bench.namespace}}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {drift: ${bench.namespace}}}]}
rules: []
`);
    await bench.apply(role);
    await bench.patch(
      `clusterrole/${bench.namespace}`,
      '{"rules":[{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}]}',
      'clusterrole-aggregation-controller',
    );
    assert.deepEqual(told(await bench.judge(role)), ['Synced']);
    await bench.kubectl(`delete clusterrole ${bench.namespace}`);
  });

  scenario('39: a last-applied annotation that lies changes nothing', async bench => {
    await bench.kubectl('apply -f -', deployment({spec: 'minReadySeconds: 5'}));
    const lie = '{"metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{}"}}}';
    await bench.patch('deployment/web', lie, 'kubectl-client-side-apply');
    assert.deepEqual(told(await bench.judge(deployment())), [
      'Modified',
      'added spec.minReadySeconds by kubectl-client-side-apply',
    ]);
  });

  scenario('defaults that the server showed once spare the next dry run', async bench => {
    // On the host's network a port is the host's too: a default that no table of ours has.
    const pod = (name: string) =>
      yaml(`{apiVersion: v1, kind: Pod, metadata: {name: ${name}},
        spec: {hostNetwork: true, containers: [{name: a, image: "a:1", ports: [{containerPort: 8080}]}]}}`);
    const learned = new DefaultsLearned();
    const dryRuns: number[] = [];
    for (const name of ['one', 'two']) {
      await bench.kubectl('apply -f -', pod(name));
      const before = bench.server.dryRuns;
      assert.deepEqual(told(await bench.judge(pod(name), {learned})), ['Synced']);
      dryRuns.push(bench.server.dryRuns - before);
    }
    assert.deepEqual(dryRuns, [1, 0]);
  });
});

describe('custom resources', () => {
  const crd = (group: string) =>
    yaml(`
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.${group}}
spec:
  group: ${group}
  scope: Namespaced
  names: {plural: things, kind: Thing}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              x-kubernetes-preserve-unknown-fields: true
              properties:
                port: {x-kubernetes-int-or-string: true}
                size: {type: integer, format: int64, default: 3}
                nothing: {type: string, nullable: true}
`);

  scenario('2, 7, 35, 38: compared field by field, in every digit', async bench => {
    const group = `${bench.namespace}.example.org`;
    await bench.kubectl('apply -f -', crd(group));
    await bench.kubectl(`wait --for=condition=Established crd/things.${group} --timeout=30s`);
    const thing = (spec: string) =>
      yaml(`{apiVersion: ${group}/v1, kind: Thing, metadata: {name: t}, spec: ${spec}}`);
    // The server publishes a new kind's schema a moment later.
    while ((await bench.server.schema(thing('{}'))) === undefined) await sleep(50);
    const cases: [live: string, git: string, expected: string[]][] = [
      ['{a: {b: 1, list: [{x: 1}]}}', '{a: {b: 1, list: [{x: 1}]}}', ['Synced']],
      ['{a: {b: 1}}', '{a: {b: 2}}', ['Modified', 'changed spec.a.b by kubectl']],
      ['{a: {b: 1, c: 2}}', '{a: {b: 1}}', ['Modified', 'added spec.a.c by kubectl']],
      ['{list: [{name: a, x: 1}]}', '{list: [{name: a}]}', ['Modified', 'changed spec.list by kubectl']],
      ['{port: "80"}', '{port: 80}', ['Modified', 'changed spec.port by kubectl']],
      ['{zero: 1}', '{zero: 1, flag: false}', ['Modified', 'removed spec.flag']],
      ['{big: 1}', '{big: 1, size: 3}', ['Synced']],
    ];
    for (const [live, git, expected] of cases) {
      await bench.kubectl('delete thing t --ignore-not-found');
      await bench.apply(thing(live));
      const drift = await bench.judge(thing(git));
      assert.deepEqual(told(drift), expected, `${live} ${git}: ${inWords(drift)}`);
      const local = await bench.judge(thing(git), {mode: 'local'});
      assert.deepEqual(told(local), expected, `locally: ${live} ${git}: ${inWords(local)}`);
    }
    await bench.patch('thing/t', '{"spec":{"deep":{"er":true}}}');
    assert.deepEqual(told(await bench.judge(thing('{big: 1}'))), [
      'Modified',
      'added spec.deep by kubectl-edit',
    ]);
    await bench.kubectl(`delete crd things.${group}`);
  });
});

describe('server', () => {
  scenario('46: what is being deleted is not in sync', async bench => {
    const git = yaml(
      '{apiVersion: v1, kind: ConfigMap, metadata: {name: c, finalizers: [example.org/hold]}, data: {a: "1"}}',
    );
    await bench.apply(git);
    await bench.kubectl('delete configmap c --wait=false');
    const drift = await bench.judge(git);
    assert.equal(drift.status, 'Modified');
    assert.match(drift.notes.join(), /terminating since 20/);
    await bench.patch('configmap/c', '{"metadata":{"finalizers":null}}');
  });

  scenario('48: an immutable field is shown, with what it takes', async bench => {
    const job = (image: string) =>
      yaml(`{apiVersion: batch/v1, kind: Job, metadata: {name: j}, spec: {template: {spec: {restartPolicy: Never,
        containers: [{name: j, image: '${image}'}]}}}}`);
    await bench.kubectl('create -f -', job('j:1'));
    const drift = await bench.judge(job('j:2'));
    assert.deepEqual(told(drift), [
      'Modified',
      'changed spec.template.spec.containers[name=j].image by kubectl-create',
    ]);
    assert.match(drift.notes.join(), /needs replace: spec.template/);

    const set = (name: string) =>
      yaml(`{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: s}, spec: {serviceName: ${name}, selector: {matchLabels: {a: b}},
        template: {metadata: {labels: {a: b}}, spec: {containers: [{name: s, image: s}]}}}}`);
    await bench.apply(set('one'));
    const other = await bench.judge(set('two'));
    assert.deepEqual(told(other), ['Modified', 'changed spec.serviceName by kubectl']);
    assert.match(other.notes.join(), /needs replace/);

    await bench.apply(deployment());
    const selector = deployment();
    (selector['spec'] as JsonObject)['selector'] = {matchLabels: {app: 'web', more: 'x'}};
    const third = await bench.judge(selector);
    assert.equal(third.status, 'Modified');
  });

  scenario('a value that the server refuses is a difference, with the reason', async bench => {
    await bench.apply(deployment());
    const drift = await bench.judge(deployment({spec: 'replicas: -1'}));
    assert.equal(drift.status, 'Modified');
    assert.match(drift.notes.join(), /refuses.*must be greater than or equal to 0/);
  });
});
