import assert from 'node:assert/strict';
import path from 'node:path';
import {describe, test} from 'node:test';
import {openRepository} from '../../source/repository/open.ts';
import {secretFiles} from '../../source/repository/secret-files.ts';
import {newRepository, temporaryFolder} from './git-folder.ts';

const kustomization = `configMapGenerator:
  - name: plain
    files: [plain.txt]
secretGenerator:
  - name: login
    files:
      - key.txt
      - tls.key=./keys/tls.yaml
    envs: ["login.env"]
generatorOptions: {disableNameSuffixHash: true}
`;
const files = {
  'a/kustomization.yaml': kustomization,
  'a/plain.txt': 'shown-1\n',
  'a/key.txt': 's3cret-1\n',
  'a/keys/tls.yaml': 'key: s3cret-1\n',
  'a/login.env': 'PASSWORD=s3cret-1\n',
  'a/other/key.txt': 'shown-1\n',
};
const changed = Object.fromEntries(
  Object.entries(files).map(([name, text]) => [name, text.replace(/-1$/m, '-2')]),
);

describe('files that a kustomization makes Secrets of', () => {
  for (const [when, last] of [
    ['as long as it does', changed],
    ['also once it no longer does', {...changed, 'a/kustomization.yaml': 'resources: []\n'}],
  ] satisfies [string, Record<string, string>][]) {
    test(`are not shown in a diff, ${when}`, async context => {
      const folder = await newRepository(path.join(temporaryFolder(context), 'repo'));
      const first = await folder.commit('One', files);
      const second = await folder.commit('Two', last);
      const patch = await (await openRepository(folder.root)).diff(first, second, '');
      assert.doesNotMatch(patch, /s3cret/);
      assert.equal(patch.match(/^\+\*\*\*$/gm)?.length, 2, 'key.txt and login.env');
      assert.match(patch, /^\+key: \*\*\*$/m);
      assert.equal(patch.match(/^\+shown-2$/gm)?.length, 2, 'what only looks like one');
    });
  }

  test('are known in a kustomization in JSON', async context => {
    const folder = await newRepository(path.join(temporaryFolder(context), 'repo'));
    const only = await folder.commit('One', {
      Kustomization: '{"secretGenerator": [{"name": "login", "files": ["sub/key.txt"]}]}',
      'sub/key.txt': 's3cret\n',
    });
    const {git} = await openRepository(folder.root);
    assert.deepEqual([...(await secretFiles(git, [only], ['sub/key.txt', 'key.txt']))], ['sub/key.txt']);
  });

  test('are not shown in the conflicts of a revert', async context => {
    const folder = await newRepository(path.join(temporaryFolder(context), 'repo'));
    const env = (value: string) => ({'a/login.env': `PASSWORD=s3cret-${value}\n`});
    const target = await folder.commit('One', {
      ...files,
      'b/x.env': 'A=s3cret-1\n',
      'b/Kustomization': 'secretGenerator: [{name: b, envs: [x.env]}]\n',
    });
    await folder.commit('Two, with both', {...env('2'), 'b/x.env': 'A=s3cret-2\n'});
    await folder.commit('Three, of another environment', {'b/x.env': 'A=s3cret-3\n'});
    const {planRevertCommits} = await import('../../source/repository/revert/revert-commits.ts');
    const plan = await planRevertCommits(await openRepository(folder.root), {
      environment: 'a',
      path: 'a',
      branch: 'main',
      target,
      mode: 'revert-commits',
    });
    assert.deepEqual(
      plan.conflicts.map(conflict => conflict.path),
      ['b/x.env'],
    );
    assert.doesNotMatch(JSON.stringify(plan.conflicts), /s3cret/);
  });
});
