import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {configMap, deployment} from './manifests.ts';
import {scenario} from './scenario.ts';

describe('the command line', {concurrency: 2}, () => {
  test('gitops-tui diff exits with 0, 1 and 2 as documented, and prints one document', async t => {
    const scene = await scenario(t, {'map.yaml': configMap('map', {a: '1'}), 'web.yaml': deployment()});
    if (!scene) return;
    await scene.applyGit();
    const clean = await scene.diffByCommand();
    assert.equal(clean.status, 0);
    assert.equal(clean.environment['syncStatus'], 'Synced');
    await scene.kubectl('patch', 'configmap', 'map', '--patch={"data":{"a":"2"}}');
    const drifted = await scene.diffByCommand();
    assert.equal(drifted.status, 1);
    assert.deepEqual(drifted.environment['summary'], {
      synced: 1,
      modified: 1,
      missing: 0,
      extra: 0,
      unknown: 0,
    });
    await scene.git({'broken.yaml': 'apiVersion: v1\nkind: [\n'});
    const broken = await scene.diffByCommand();
    assert.equal(broken.status, 2);
    assert.equal(broken.resources.length, 2, 'the rest is still shown');
  });

  test('an environment at the repository’s root, what is not committed left out', async t => {
    const scene = await scenario(t, {'map.yaml': configMap('map', {a: '1'})}, {environment: {path: ''}});
    if (!scene) return;
    await scene.applyGit();
    assert.equal((await scene.diffByCommand()).status, 0);
  });
});
