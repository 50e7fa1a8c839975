import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {describe, test} from 'node:test';
import {stringAt} from '../../../source/resources/json.ts';
import {deployment, text} from './manifests.ts';
import {onlyTheServerKnows} from './only-the-server-knows.ts';
import {type Scenario, scenario} from './scenario.ts';

const settings = (data: Record<string, string>) =>
  text({apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'settings'}, data});

const files = {
  'web.yaml': deployment({spec: {replicas: 2}}),
  'settings.yaml': settings({kept: 'a', dropped: ''}),
};

/** What may be said to who can read but not ask the server: what is right, as `Kind/name: status`. */
const steps: [what: string, change: (scene: Scenario) => Promise<unknown>, right: string[]][] = [
  ['nothing has changed', async () => undefined, ['ConfigMap/settings Synced', 'Deployment/web Synced']],
  [
    'a person has scaled',
    scene => scene.kubectl('scale', 'deployment', 'web', '--replicas=4'),
    ['ConfigMap/settings Synced', 'Deployment/web Modified'],
  ],
  [
    'git has dropped a key',
    scene => scene.git({'settings.yaml': settings({kept: 'a'})}),
    ['ConfigMap/settings Modified', 'Deployment/web Modified'],
  ],
  [
    'an object is gone',
    scene => scene.kubectl('delete', 'deployment', 'web'),
    ['ConfigMap/settings Modified', 'Deployment/web Missing'],
  ],
];

describe('without the right to ask the server', {concurrency: 3}, () => {
  for (const context of ['reader', 'getter', 'nobody']) {
    test(`a ${context} is told what is right, or that it is not known and why`, async t => {
      const scene = await scenario(t, files, {environment: {context}});
      if (!scene) return;
      await scene.applyGit('--server-side');
      for (const [what, change, right] of steps) {
        await change(scene);
        const {resources, status} = await scene.diff();
        const said = resources.map(
          one => `${stringAt(one, 'kind')}/${stringAt(one, 'name')} ${stringAt(one, 'status')}`,
        );
        const expected = context === 'nobody' ? right.map(line => line.replace(/ \w+$/, ' Unknown')) : right;
        assert.deepEqual(said.sort(), expected, what);
        for (const one of resources) {
          if (one['status'] === 'Unknown') assert.match(stringAt(one, 'error') ?? '', /\w/, what);
          else assert.equal(one['verdict'] === 'server' && one['status'] === 'Synced', false, what);
        }
        if (context === 'nobody') assert.equal(status, 2, what);
      }
    });
  }
});

test('the table of what only the server knows names tests that there are', () => {
  const folder = import.meta.dirname;
  const tests = readdirSync(folder).filter(name => name.endsWith('.test.ts'));
  const text = tests.map(name => readFileSync(path.join(folder, name), 'utf8')).join('');
  for (const name of onlyTheServerKnows.flatMap(entry => entry.tests)) {
    // What is in parentheses is put together there.
    const [beginning = ''] = name.split(' (');
    assert.ok(text.includes(beginning), name);
  }
});
