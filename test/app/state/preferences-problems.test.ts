import assert from 'node:assert/strict';
import {test} from 'node:test';
import '../../../source/app/keys/keymap.ts';
import {generalProblems, problemsInShort} from '../../../source/app/state/problems.ts';
import {reduce} from '../../../source/app/state/reduce.ts';
import {initialState} from '../../../source/app/state/state.ts';
import {parsePreferences} from '../../../source/preferences/parse.ts';
import {noon, repository} from '../fake-data.ts';

const options = {size: {columns: 80, rows: 24}, readOnly: false, now: noon};

test('mistakes in the preferences are said at once, and stay among the problems when the session has answered', () => {
  const preferences = parsePreferences('theme: blue\nmouse: perhaps', '~/.config/gitops-tui/config.yaml');
  const state = initialState({...options, preferences});
  assert.match(
    state.notice?.text ?? '',
    /^config\.yaml:1: theme must be auto, .*, not "blue" \(1 more: ! tells all\)$/,
  );
  const session = {version: '1', readOnly: false, worktree: false, demoHint: null, revealsSecrets: false};
  const opened = reduce(state, {type: 'opened', session}, noon);
  const token = opened.requests.find(({call}) => call.name === 'load')?.token ?? 0;
  const value = {repository, environments: [], problems: [], contextCount: 0};
  const loaded = reduce(opened, {type: 'answered', token, answer: {name: 'load', value}}, noon);
  assert.deepEqual(
    generalProblems(loaded).map(({location}) => location?.line),
    [1, 2],
  );
  // Asking the clusters again mends no file.
  assert.deepEqual(
    problemsInShort(loaded).map(({retry}) => retry),
    [false, false],
  );
});

test('preferences without a mistake say nothing', () => {
  const preferences = parsePreferences('theme: dark', 'config.yaml');
  assert.equal(initialState({...options, preferences}).notice, null);
  assert.equal(initialState(options).notice, null);
});
