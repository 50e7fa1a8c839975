import assert from 'node:assert/strict';
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {after, before, describe, test} from 'node:test';
import {preferencesFile, readPreferences} from '../../source/preferences/read.ts';
import {defaultPreferences} from '../../source/preferences/types.ts';

describe('where the preferences are', () => {
  const home = {HOME: '/home/jane'};
  for (const [words, env, flag, file, isNamed] of [
    ['in the user’s own folder', home, undefined, '/home/jane/.config/gitops-tui/config.yaml', false],
    [
      'below XDG_CONFIG_HOME',
      {...home, XDG_CONFIG_HOME: '/etc/jane'},
      undefined,
      '/etc/jane/gitops-tui/config.yaml',
      false,
    ],
    [
      'a relative XDG_CONFIG_HOME is ignored',
      {...home, XDG_CONFIG_HOME: 'x'},
      undefined,
      '/home/jane/.config/gitops-tui/config.yaml',
      false,
    ],
    [
      'the variable comes first',
      {...home, GITOPS_TUI_PREFERENCES: '/mine.yaml'},
      undefined,
      '/mine.yaml',
      true,
    ],
    [
      'an empty variable names none',
      {...home, GITOPS_TUI_PREFERENCES: ''},
      undefined,
      '/home/jane/.config/gitops-tui/config.yaml',
      false,
    ],
    [
      'the flag comes before it',
      {...home, GITOPS_TUI_PREFERENCES: '/mine.yaml'},
      '/theirs.yaml',
      '/theirs.yaml',
      true,
    ],
  ] as const) {
    test(words, () => assert.deepEqual(preferencesFile(env, flag, 'linux'), {file, isNamed}));
  }
});

describe('reading them', () => {
  let home = '';
  before(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'gitops-tui-preferences-'));
  });
  after(() => rm(home, {recursive: true, force: true}));

  test('no file: the defaults, and nothing to say', async () => {
    assert.deepEqual(await readPreferences({HOME: home}), defaultPreferences);
  });

  test('a file that was named and is not there is a problem, and the defaults hold', async () => {
    const {problems, ...rest} = await readPreferences({HOME: home}, path.join(home, 'none.yaml'));
    assert.deepEqual({...rest, problems: []}, defaultPreferences);
    assert.match(
      problems[0]?.message ?? '',
      /^the preferences ~\/none\.yaml could not be read: there is no such file$/,
    );
  });

  test('a folder in its place is a problem', async () => {
    const {problems} = await readPreferences({HOME: home}, home);
    assert.match(problems[0]?.message ?? '', /could not be read: EISDIR/);
  });

  test('a file is read, its mistakes have a short name', async () => {
    const folder = path.join(home, '.config', 'gitops-tui');
    await mkdir(folder, {recursive: true});
    await writeFile(path.join(folder, 'config.yaml'), 'mouse: true\ntheme: blue\n');
    const {mouse, theme, problems} = await readPreferences({HOME: home});
    assert.equal(mouse, true);
    assert.equal(theme, 'auto');
    assert.deepEqual(problems[0]?.location, {file: '~/.config/gitops-tui/config.yaml', line: 2, column: 1});
  });
});
