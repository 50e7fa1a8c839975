import assert from 'node:assert/strict';
import {chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {describe, test} from 'node:test';
import {parseConfig} from '../../source/environments/config.ts';
import {settleContext} from '../../source/environments/settle.ts';
import {noteContext} from '../../source/environments/settle-file.ts';
import {environment} from '../changes/context.ts';

const both = [environment('staging'), environment('production')];

function settle(text: string | undefined, name = 'staging', context = 'kind-staging') {
  return settleContext(text, both, name, context);
}

describe('a context is written down', () => {
  for (const [words, before, after] of [
    [
      'under the path, comments and order as they are',
      '# ours\nenvironments:\n  # first\n  - name: staging # here\n    path: envs/staging # there\n    namespace: shop\n\n  - name: production\n',
      '# ours\nenvironments:\n  # first\n  - name: staging # here\n    path: envs/staging # there\n    context: kind-staging\n    namespace: shop\n\n  - name: production\n',
    ],
    [
      'under the name where there is no path',
      'environments:\n- name: staging\n- name: production\n',
      'environments:\n- name: staging\n  context: kind-staging\n- name: production\n',
    ],
    [
      'where the path stands before the name',
      'environments:\n  - path: a\n    name: staging\n',
      'environments:\n  - path: a\n    context: kind-staging\n    name: staging\n',
    ],
    [
      'where the list lies deeper, and the dash stands alone',
      'environments:\n    -\n        name: staging\n        path: a\n',
      'environments:\n    -\n        name: staging\n        path: a\n        context: kind-staging\n',
    ],
    [
      'at the end of a file without a last line end',
      'environments:\n  - name: staging',
      'environments:\n  - name: staging\n    context: kind-staging',
    ],
    [
      'with the line ends of Windows',
      'environments:\r\n  - name: staging\r\n    path: a\r\n',
      'environments:\r\n  - name: staging\r\n    path: a\r\n    context: kind-staging\r\n',
    ],
    [
      'in braces',
      'environments:\n  - {name: staging, path: a}\n  - {name: production}\n',
      'environments:\n  - {context: kind-staging, name: staging, path: a}\n  - {name: production}\n',
    ],
    [
      'in JSON',
      '{"environments": [\n  {"name": "staging",\n   "path": "a"}]}\n',
      '{"environments": [\n  {"context": "kind-staging", "name": "staging",\n   "path": "a"}]}\n',
    ],
    [
      'after rules alone, with all environments',
      '---\nignore: []\n',
      '---\nignore: []\nenvironments:\n  - name: staging\n    path: envs/staging\n    context: kind-staging\n  - name: production\n    path: envs/production\n',
    ],
    [
      'in a file of comments alone',
      '# nothing yet',
      '# nothing yet\nenvironments:\n  - name: staging\n    path: envs/staging\n    context: kind-staging\n  - name: production\n    path: envs/production\n',
    ],
  ] as const) {
    test(words, () => {
      const {text, reason} = settle(before);
      assert.equal(reason, null);
      assert.equal(text, after);
    });
  }

  test('in a new file with all environments', () => {
    const {text, lines} = settle(undefined, 'production', 'arn:aws:eks:eu-west-1:123:cluster/prod');
    assert.ok(text !== null);
    assert.ok(text.endsWith(lines));
    assert.deepEqual(
      parseConfig(text, 'f').environments?.map(({config}) => config),
      [
        {name: 'staging', path: 'envs/staging'},
        {name: 'production', path: 'envs/production', context: 'arn:aws:eks:eu-west-1:123:cluster/prod'},
      ],
    );
  });

  for (const context of [
    'a: b',
    '123',
    'yes',
    '# x',
    "it's",
    '- a',
    'a b',
    '{a}',
    'ends:',
    '~',
    '"q"',
    'Größe',
    '1e3',
  ]) {
    test(`a context named ${context} stays that text`, () => {
      for (const before of [
        undefined,
        'environments:\n  - name: staging\n',
        'environments: [{name: staging}]\n',
      ]) {
        const {text} = settle(before, 'staging', context);
        assert.equal(parseConfig(text ?? '', 'f').environments?.[0]?.config.context, context);
      }
    });
  }
});

describe('a file that can’t be edited for certain is left alone', () => {
  for (const [words, before, reason] of [
    ['with mistakes', 'environments:\n  - name: staging\n    pth: a\n', /mistakes/],
    ['with a context', 'environments:\n  - name: staging\n    context: other\n', /states a context/],
    ['without the environment', 'environments:\n  - name: production\n', /does not name staging/],
    ['with two documents', 'environments:\n  - name: staging\n---\nignore: []\n', /mistakes|more than one/],
    ['in which two share an entry', 'environments:\n  - &a\n    name: staging\n  - *a\n', /mistakes|certain/],
    ['whose entry is an alias', 'x: &a {name: staging}\nenvironments: [*a]\n', /mistakes|certain/],
    ['whose name takes two lines', 'environments:\n  - name: >-\n      staging\n', /certain/],
  ] as const) {
    test(words, () => {
      const settled = settle(before);
      assert.equal(settled.text, null);
      assert.match(settled.reason ?? '', reason);
      assert.match(settled.lines, /context: kind-staging/);
    });
  }
});

describe('the file', () => {
  async function checkout(t: {after(end: () => Promise<void>): void}) {
    const root = await mkdtemp(path.join(tmpdir(), 'gitops-tui-test-'));
    t.after(() => rm(root, {recursive: true, force: true}));
    return {root, file: path.join(root, '.gitops-tui.yaml')};
  }
  const choice = {environment: 'staging', context: 'kind-staging', write: true};

  test('is written only when asked for, as a whole, with its rights', async t => {
    const {root, file} = await checkout(t);
    await writeFile(file, 'environments:\n  - name: staging\n');
    await chmod(file, 0o640);
    const place = {root, bare: false, configFile: '.gitops-tui.yaml'};
    const told = await noteContext(place, both, {...choice, write: false});
    assert.deepEqual(told, {
      file: '.gitops-tui.yaml',
      isNew: false,
      lines: 'context: kind-staging\n',
      reason: null,
      written: false,
    });
    assert.equal(await readFile(file, 'utf8'), 'environments:\n  - name: staging\n');
    assert.equal((await noteContext(place, both, choice)).written, true);
    assert.equal(
      await readFile(file, 'utf8'),
      'environments:\n  - name: staging\n    context: kind-staging\n',
    );
    assert.equal((await lstat(file)).mode & 0o777, 0o640);
    assert.deepEqual(await readdir(root), ['.gitops-tui.yaml']);
  });

  test('is made where there is none', async t => {
    const {root, file} = await checkout(t);
    const note = await noteContext({root, bare: false, configFile: null}, both, choice);
    assert.deepEqual([note.isNew, note.written], [true, true]);
    assert.match(await readFile(file, 'utf8'), /context: kind-staging/);
  });

  test('is left alone where it is a link, a folder, not text, not checked out, or there is no checkout', async t => {
    const {root, file} = await checkout(t);
    const place = {root, bare: false, configFile: '.gitops-tui.yaml'};
    const reasonOf = async (changed: Partial<typeof place> = {}) => {
      const note = await noteContext({...place, ...changed}, both, choice);
      assert.equal(note.written, false);
      assert.match(note.lines, /context: kind-staging/);
      return note.reason;
    };
    assert.match((await reasonOf()) ?? '', /not in the working tree/);
    assert.match((await reasonOf({bare: true})) ?? '', /bare/);
    await writeFile(path.join(root, 'other'), 'environments: []\n');
    await symlink('other', file);
    assert.match((await reasonOf()) ?? '', /no regular file/);
    await rm(file);
    await mkdir(file);
    assert.match((await reasonOf()) ?? '', /no regular file/);
    await rm(file, {recursive: true});
    await writeFile(file, Buffer.from([0x23, 0xff, 0x0a]));
    assert.match((await reasonOf()) ?? '', /UTF-8/);
    assert.deepEqual((await readdir(root)).sort(), ['.gitops-tui.yaml', 'other']);
  });
});
