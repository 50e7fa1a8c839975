import assert from 'node:assert/strict';
import path from 'node:path';
import {describe, test} from 'node:test';
import {openRepository} from '../../source/repository/open.ts';
import {hideSecrets, secretLines} from '../../source/repository/secret-lines.ts';
import {newRepository, temporaryFolder} from './git-folder.ts';

const lines = (...text: string[]) => `${text.join('\n')}\n`;

describe('a diff', () => {
  async function patchOf(
    context: Parameters<typeof temporaryFolder>[0],
    before: string,
    after: string,
    name: string,
  ) {
    const folder = await newRepository(path.join(temporaryFolder(context), 'repo'));
    const first = await folder.commit('One', {[name]: before});
    const second = await folder.commit('Two', {[name]: after});
    return (await openRepository(folder.root)).diff(first, second, '');
  }

  test('shows which keys of a Secret changed, not to what', async context => {
    const deployment = ['apiVersion: apps/v1', 'kind: Deployment', 'spec:', '  replicas: 1'];
    const secret = (value: string) => [
      '---',
      'apiVersion: v1',
      'kind: Secret',
      'metadata:',
      '  name: login',
      '  annotations:',
      `    last: '{"password":"${value}"}'`,
      'stringData:',
      '  user: ada',
      `  password: ${value}`,
      '  key: |',
      `    -----BEGIN ${value}-----`,
    ];
    const after = lines(...deployment.slice(0, 3), '  replicas: 2', ...secret('s3cret-new'));
    const patch = await patchOf(
      context,
      lines(...deployment, ...secret('s3cret-old')),
      after,
      'a b "c".yaml',
    );
    assert.doesNotMatch(patch, /s3cret|: ada/);
    assert.match(patch, /^- {2}replicas: 1\n\+ {2}replicas: 2$/m, 'the Deployment beside it is whole');
    assert.match(patch, /^ {3}name: login$/m);
    assert.match(patch, /^- {2}password: \*\*\*\n(-.*\n)*\+/m);
    assert.match(patch, /^\+ {4}\*\*\*$/m);
  });

  test('of a file that becomes or stops being a Secret, one in JSON, and a generator', async context => {
    const map = (kind: string) => lines(`kind: ${kind}`, 'data:', '  a: czNjcmV0');
    assert.doesNotMatch(await patchOf(context, map('Secret'), map('ConfigMap'), 'a.yml'), /^-.*czNjcmV0/m);
    assert.doesNotMatch(
      await patchOf(context, 'x\n', '{"kind":"Secret","data":{"a":"czNjcmV0"}}\n', 'a.json'),
      /czNjcmV0/,
    );
    const generator = lines('secretGenerator:', '- name: login', '  literals:', '  - password=s3cret');
    const patch = await patchOf(context, 'resources: []\n', generator, 'kustomization.yaml');
    assert.doesNotMatch(patch, /s3cret/);
    assert.match(patch, /^\+ {2}\*\*\*$/m);
  });

  test('says what it cut off', async context => {
    const patch = await patchOf(context, '', 'long line\n'.repeat(600_000), 'a.txt');
    assert.ok(patch.length < 4_300_000);
    assert.match(patch, /\n\.\.\. \d+ more characters are not shown\n$/);
  });
});

test('only Secrets are secret', () => {
  for (const kind of ['SealedSecret', 'ExternalSecret', 'ConfigMap', 'SecretProviderClass'])
    assert.equal(secretLines(lines(`kind: ${kind}`, 'data:', '  a: b')).size, 0, kind);
  assert.deepEqual([...secretLines(lines('kind: Secret', 'data:', '  a: b')).keys()], [3]);
  assert.deepEqual([...secretLines('"kind" : "Secret"\r\ndata:\r\n  a: b').keys()], [3]);
});

test('what looks harmless is hidden where values stand', () => {
  const text = lines(
    'kind: Secret',
    'metadata: {name: login, annotations: {a: s3cret}}',
    'stringData:',
    '  name: s3cret',
    '  type: s3cret',
    '  data:',
    '    kind: s3cret',
    'type: Opaque',
    'immutable: true',
    'data: {a: s3cret}',
  );
  const shown = hideSecrets(text);
  assert.doesNotMatch(shown, /s3cret/);
  assert.match(shown, /^ {2}name: \*\*\*$/m);
  assert.match(shown, /^type: Opaque\nimmutable: true\ndata: \*\*\*$/m);
  const items = lines(
    'kind: List',
    'items:',
    '- kind: Secret',
    '  data:',
    '    a: s3cret',
    '- kind: ConfigMap',
    '  name: x',
  );
  assert.equal(hideSecrets(items), items.replace('s3cret', '***').replace('items:', 'items: ***'));
  const json = lines(
    '{',
    '  "kind": "Secret",',
    '  "metadata": {"name": "a", "x": "s3cret"},',
    '  "data": {',
    '    "a": "s3cret"',
    '  }',
    '}',
  );
  assert.doesNotMatch(hideSecrets(json), /s3cret/);
  assert.match(hideSecrets(json), /^ {2}"kind": "Secret",$/m);
  const merge = lines(
    'kind: Secret',
    'data:',
    '<<<<<<< ours',
    '  a: s3cret1',
    '=======',
    '  name: s3cret2',
    '>>>>>>> theirs',
  );
  const hidden = hideSecrets(merge);
  assert.equal(hidden, merge.replaceAll(/s3cret\d/g, '***'));
});

test('what stands behind --- and in comments beside a Secret is hidden', () => {
  const text = lines(
    '# it was s3cret1',
    '--- # s3cret2',
    'kind: Secret # s3cret3',
    'metadata:',
    '  # s3cret4',
    '  name: login',
    'stringData:',
    '  a: |',
    '-----s3cret5',
    '--- s3cret6',
    'kind: ConfigMap',
    'data:',
    '  b: shown # shown',
    '---',
    's3cret7',
    '... # s3cret8',
    '---\ts3cret9',
  );
  assert.equal(
    hideSecrets(text),
    lines(
      '# ***',
      '--- ***',
      'kind: Secret # ***',
      'metadata:',
      '  # ***',
      '  name: login',
      'stringData:',
      '  a: ***',
      '***',
      '--- ***',
      'kind: ConfigMap',
      'data:',
      '  b: shown # shown',
      '---',
      '***',
      '***',
      '--- ***',
    ),
  );
  const open = lines('--- # Source: chart/map.yaml', 'kind: ConfigMap # a: b', '--- text');
  assert.equal(hideSecrets(open), open);
});
