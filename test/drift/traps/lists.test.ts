import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import type {JsonObject} from '../../../source/resources/json.ts';
import {stringifyJson} from '../../../source/resources/json.ts';
import {container, deployment, text} from './manifests.ts';
import {scenario} from './scenario.ts';

const service = (ports: JsonObject[], spec: JsonObject = {}) =>
  text({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {name: 'web'},
    spec: {selector: {app: 'web'}, ...spec, ports},
  });
const variables = (...names: string[]) => names.map(name => ({name, value: name.toLowerCase()}));

describe('lists', {concurrency: 3}, () => {
  const applies: Record<string, readonly string[]> = {'client-side': [], 'server-side': ['--server-side']};

  for (const [way, options] of Object.entries(applies)) {
    test(`trap 21: the order of an atomic list is drift (${way})`, async t => {
      const web = (args: string[]) => deployment({container: {command: ['run', '--fast'], args}});
      const scene = await scenario(t, {'web.yaml': web(['a', 'b'])});
      if (!scene) return;
      await scene.applyGit(...options);
      await scene.expect({exit: 0});
      await scene.git({'web.yaml': web(['b', 'a'])});
      await scene.expect({
        exit: 1,
        resources: {
          'Deployment/web': {
            status: 'Modified',
            fields: {[`${container}.args`]: {change: 'changed', desired: ['b', 'a'], live: ['a', 'b']}},
          },
        },
      });
    });

    test(`trap 22: the order of env is a note, not drift (${way})`, async t => {
      const web = (...names: string[]) => deployment({container: {env: variables(...names)}});
      const scene = await scenario(t, {'web.yaml': web('A', 'B', 'C')});
      if (!scene) return;
      await scene.applyGit(...options);
      const clean = await scene.expect({exit: 0});
      assert.deepEqual(clean.resources[0]?.['notes'], []);
      await scene.git({'web.yaml': web('C', 'A', 'B')});
      await scene.expect({
        exit: 0,
        resources: {'Deployment/web': {status: 'Synced', fields: {}, notes: [/order only.*env/]}},
      });
      // Order and a value: the value is drift, the order still a note.
      await scene.kubectl('set', 'env', 'deployment/web', 'B=changed');
      await scene.expect({
        exit: 1,
        resources: {
          'Deployment/web': {
            status: 'Modified',
            fields: {
              [`${container}.env[name=B].value`]: {
                change: 'changed',
                desired: 'b',
                live: 'changed',
                manager: 'kubectl-set',
              },
            },
            notes: [/order only.*env/],
          },
        },
      });
    });

    test(`trap 23: the order of init containers is drift (${way})`, async t => {
      const web = (...names: string[]) =>
        deployment({pod: {initContainers: names.map(name => ({name, image: `${name}:1`}))}});
      const scene = await scenario(t, {'web.yaml': web('first', 'second')});
      if (!scene) return;
      await scene.applyGit(...options);
      await scene.expect({exit: 0});
      await scene.git({'web.yaml': web('second', 'first')});
      await scene.expect({
        exit: 1,
        resources: {
          'Deployment/web': {
            status: 'Modified',
            fields: {'spec.template.spec.initContainers': 'changed'},
          },
        },
      });
    });

    test(`trap 24: a port without a protocol is a TCP port (${way})`, async t => {
      const scene = await scenario(t, {
        'service.yaml': service([{name: 'http', port: 80}]),
        'web.yaml': deployment({
          container: {ports: [{containerPort: 8080}, {containerPort: 53, protocol: 'UDP'}]},
        }),
      });
      if (!scene) return;
      await scene.applyGit(...options);
      await scene.expect({exit: 0, count: 2});
      await scene.git({
        'service.yaml': service([{name: 'http', port: 80, protocol: 'TCP'}]),
        'web.yaml': deployment({
          container: {ports: [{containerPort: 8080, protocol: 'TCP'}, {containerPort: 53}]},
        }),
      });
      await scene.expect({
        exit: 1,
        resources: {
          'Deployment/web': {
            status: 'Modified',
            fields: {
              [`${container}.ports[containerPort=53,protocol=TCP]`]: 'removed',
              [`${container}.ports[containerPort=53,protocol=UDP]`]: 'added',
            },
          },
        },
      });
    });

    test(`trap 26: one port for TCP and UDP is two entries (${way})`, async t => {
      const both = [
        {name: 'dns', port: 53, protocol: 'UDP', targetPort: 1053},
        {name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 1053},
      ];
      const scene = await scenario(t, {
        'service.yaml': service(both),
        'web.yaml': deployment({
          container: {
            ports: [
              {containerPort: 53, protocol: 'UDP', name: 'dns'},
              {containerPort: 53, protocol: 'TCP', name: 'dns-tcp'},
            ],
          },
        }),
      });
      if (!scene) return;
      await scene.applyGit(...options);
      await scene.expect({exit: 0, count: 2});
      await scene.kubectl(
        'patch',
        'service',
        'web',
        '--type=json',
        '--patch=[{"op":"replace","path":"/spec/ports/1/targetPort","value":2053}]',
      );
      await scene.expect({
        exit: 1,
        resources: {
          'Service/web': {
            status: 'Modified',
            fields: {
              'spec.ports[port=53,protocol=TCP].targetPort': {change: 'changed', desired: 1053, live: 2053},
            },
          },
        },
      });
      await scene.kubectl(
        'patch',
        'service',
        'web',
        '--type=json',
        '--patch=[{"op":"remove","path":"/spec/ports/1"}]',
      );
      await scene.expect({
        exit: 1,
        resources: {
          'Service/web': {
            status: 'Modified',
            fields: {'spec.ports[port=53,protocol=TCP]': 'removed'},
          },
        },
      });
    });
  }

  test('trap 21: an atomic list of objects is one difference', async t => {
    const policy = (...ports: number[]) =>
      text({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: {name: 'web'},
        spec: {podSelector: {}, ingress: [{ports: ports.map(port => ({port}))}]},
      });
    const scene = await scenario(t, {'policy.yaml': policy(80, 443)});
    if (!scene) return;
    await scene.applyGit();
    await scene.expect({exit: 0});
    await scene.git({'policy.yaml': policy(443, 80)});
    await scene.expect({
      exit: 1,
      resources: {'NetworkPolicy/web': {status: 'Modified', fields: {'spec.ingress': 'changed'}}},
    });
  });

  test('trap 22: env that a person put in another order', async t => {
    const scene = await scenario(t, {
      'web.yaml': deployment({container: {env: [...variables('A', 'B'), {name: 'C', value: '$(A)'}]}}),
    });
    if (!scene) return;
    await scene.applyGit();
    await scene.kubectl(
      'patch',
      'deployment',
      'web',
      '--type=json',
      `--patch=${stringifyJson([
        {
          op: 'replace',
          path: '/spec/template/spec/containers/0/env',
          value: [{name: 'C', value: '$(A)'}, ...variables('A', 'B')],
        },
      ])}`,
    );
    await scene.expect({
      exit: 0,
      resources: {'Deployment/web': {status: 'Synced', fields: {}, notes: [/order only.*env/]}},
    });
  });

  test('trap 25: two env of one name can not be applied: Unknown, with the reason', async t => {
    const twice = deployment({container: {env: [...variables('A'), {name: 'A', value: 'second'}]}});
    const scene = await scenario(t, {'web.yaml': twice, 'other.yaml': deployment({name: 'other'})});
    if (!scene) return;
    await scene.kubectl('create', '-f', scene.folder);
    await scene.expect({
      exit: 2,
      count: 2,
      resources: {'Deployment/web': {status: 'Unknown', error: /env\[name=A\].*twice|duplicate/}},
    });
    await scene.kubectl('delete', 'deployment', 'web');
    await scene.expect({
      exit: 2,
      resources: {'Deployment/web': {status: 'Unknown', error: /env\[name=A\].*twice|duplicate/}},
    });
  });

  test('trap 25: two ports of one number too', async t => {
    const ports = [
      {name: 'http', containerPort: 80},
      {name: 'again', containerPort: 80, protocol: 'TCP'},
    ];
    const scene = await scenario(t, {'web.yaml': deployment({container: {ports}})});
    if (!scene) return;
    await scene.kubectl('create', '-f', scene.folder);
    await scene.expect({
      exit: 2,
      resources: {'Deployment/web': {status: 'Unknown', error: /containerPort=80.*twice|duplicate/}},
    });
  });

  test('trap 25: a live duplicate that git does not have is not Synced', async t => {
    const scene = await scenario(t, {'web.yaml': deployment({container: {env: variables('A')}})});
    if (!scene) return;
    const twice = deployment({container: {env: [{name: 'A', value: 'other'}, ...variables('A')]}});
    await scene.feed(twice, 'create', '-f', '-');
    const verdict = await scene.diff();
    assert.notEqual(verdict.resources[0]?.['status'], 'Synced');
    assert.notEqual(verdict.status, 0);
  });
});
