import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import {type JsonObject, stringifyJson} from '../../../source/resources/json.ts';
import {configMap, container, custom, deployment, groupOf, text} from './manifests.ts';
import {scenario} from './scenario.ts';
import {sync} from './syncing.ts';

describe('generated, deleted and owned', {concurrency: 3}, () => {
  const generated = (level: string) => ({
    'kustomization.yaml': `
configMapGenerator:
  - name: settings
    literals: [level=${level}, color=red]
secretGenerator:
  - name: login
    literals: [user=ada]
resources: [web.yaml]
namePrefix: shop-
`,
    'web.yaml': deployment({
      container: {envFrom: [{configMapRef: {name: 'settings'}}, {secretRef: {name: 'login'}}]},
    }),
  });
  for (const options of [[], ['--server-side']]) {
    test(`trap 45: a hash suffix is no other object (${options.join(' ') || 'client-side'})`, async t => {
      const scene = await scenario(t, generated('info'));
      if (!scene) return;
      await scene.applyGit(...options);
      await scene.feed(configMap('shop-settings-extra', {b: '1'}), 'apply', '-f', '-');
      await scene.feed(configMap('shop-settings', {b: '1'}), 'apply', '-f', '-');
      await scene.expect({exit: 0, count: 3});
      await scene.git(generated('debug'));
      const verdict = await scene.diff();
      const said = stringifyJson(verdict.document, 2);
      assert.equal(verdict.status, 1, said);
      const map = verdict.resources.filter(resource => resource['kind'] === 'ConfigMap');
      assert.deepEqual(
        map.map(resource => resource['status']),
        ['Modified'],
        said,
      );
      const fields = map[0]?.['fields'] as {path: string; desired: string; live: string}[];
      const level = fields.find(field => field.path === 'data.level');
      assert.deepEqual([level?.desired, level?.live], ['debug', 'info'], said);
      assert.equal(fields.length, 1, said);
      assert.equal(verdict.resources.find(resource => resource['kind'] === 'Secret')?.['status'], 'Synced');
      assert.equal(verdict.resources.length, 3, said);
      // Once it is applied, the old generation stays beside the new one, and is no drift.
      await scene.applyGit(...options);
      await scene.expect({exit: 0, count: 3});
    });
  }

  test('trap 45: of several live generations the newest is the one that git replaces', async t => {
    const settings = (level: string) => ({
      'kustomization.yaml': `configMapGenerator: [{name: settings, literals: [level=${level}]}]\n`,
    });
    const scene = await scenario(t, settings('first'));
    if (!scene) return;
    await scene.applyGit();
    // The server notes when it made something in whole seconds.
    await sleep(1100);
    await scene.git(settings('second'));
    await scene.applyGit();
    await scene.git(settings('third'));
    const verdict = await scene.diff();
    assert.equal(verdict.status, 1);
    assert.equal(verdict.resources.length, 1);
    const [map] = verdict.resources;
    assert.equal(map?.['status'], 'Modified');
    const [field] = map['fields'] as {path: string; desired: string; live: string}[];
    assert.deepEqual([field?.path, field?.desired, field?.live], ['data.level', 'third', 'second']);
    await scene.git(settings('first'));
    await scene.expect({exit: 0, count: 1});
  });

  test('trap 45: also where the rendered output is what git holds', async t => {
    const scene = await scenario(t, {'map.yaml': configMap('settings-7f8b9c2d4f', {level: 'debug'})});
    if (!scene) return;
    await scene.feed(configMap('settings-5t5m8g2h4k', {level: 'info'}), 'apply', '-f', '-');
    await scene.feed(configMap('settings-spare', {level: 'none'}), 'apply', '-f', '-');
    await scene.expect({
      exit: 1,
      count: 1,
      resources: {
        'ConfigMap/settings-7f8b9c2d4f': {
          status: 'Modified',
          fields: {'data.level': {change: 'changed', desired: 'debug', live: 'info'}},
        },
      },
    });
    await scene.applyGit();
    await scene.expect({exit: 0, count: 1});
  });

  test('trap 46: an object that is being deleted is terminating, not Synced', async t => {
    const scene = await scenario(t, {
      'held.yaml': configMap('held', {a: '1'}, {finalizers: ['example.com/hold']}),
      'other.yaml': configMap('other', {a: '1'}),
    });
    if (!scene) return;
    await scene.applyGit();
    await scene.expect({exit: 0});
    await scene.kubectl('delete', 'configmap', 'held', '--wait=false');
    t.after(() =>
      scene.kubectl('patch', 'configmap', 'held', '--type=merge', '--patch={"metadata":{"finalizers":null}}'),
    );
    await scene.expect({
      exit: 1,
      count: 2,
      resources: {'ConfigMap/held': {status: 'Modified', notes: [/terminating/]}},
    });
  });

  test('trap 47: children with owner references are never Extra, what git dropped is', async t => {
    const scene = await scenario(t, {'web.yaml': deployment(), 'gone.yaml': configMap('gone', {a: '1'})});
    if (!scene) return;
    await sync(scene);
    await scene.expect({exit: 0, count: 2});
    const live = await scene.live('deployment', 'web');
    const metadata = live['metadata'] as {uid: string; labels: JsonObject};
    // As controllers do that copy their parent's labels.
    const child = (kind: 'ReplicaSet' | 'ConfigMap') => ({
      metadata: {
        name: 'web-child',
        labels: metadata.labels,
        ownerReferences: [
          {
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            name: 'web',
            uid: metadata.uid,
            controller: kind === 'ReplicaSet',
          },
        ],
      },
    });
    const spec = live['spec'] as JsonObject;
    await scene.feed(
      text(
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          ...child('ReplicaSet'),
          spec: {selector: spec['selector'] ?? null, template: spec['template'] ?? null},
        },
        {apiVersion: 'v1', kind: 'ConfigMap', ...child('ConfigMap')},
      ),
      'create',
      '-f',
      '-',
    );
    await scene.expect({exit: 0, count: 2});
    await scene.git({'gone.yaml': null});
    await scene.expect({exit: 1, count: 2, resources: {'ConfigMap/gone': {status: 'Extra'}}});
  });

  test('Missing and Modified side by side, and what others made is not Extra', async t => {
    const scene = await scenario(t, place => ({
      'map.yaml': configMap('map', {a: '1'}),
      'web.yaml': deployment(),
      'one.yaml': custom(place, 'Nowhere', {a: 1}),
    }));
    if (!scene) return;
    await scene.kubectl('apply', '-f', `${scene.folder}/web.yaml`);
    await scene.kubectl('expose', 'deployment', 'web', '--port=80');
    await scene.kubectl('create', 'configmap', 'by-hand', '--from-literal=a=b');
    await scene.kubectl('set', 'image', 'deployment/web', 'web=web:2');
    await scene.expect({
      exit: 2,
      count: 3,
      resources: {
        'ConfigMap/map': {status: 'Missing'},
        'Deployment/web': {status: 'Modified', fields: {[`${container}.image`]: 'changed'}},
        'Nowhere/one': {status: 'Unknown', error: new RegExp(groupOf(scene))},
      },
    });
  });
});
