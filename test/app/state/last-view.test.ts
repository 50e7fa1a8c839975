import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Action} from '../../../source/app/state/actions.ts';
import type {Answer} from '../../../source/app/state/calls.ts';
import {inputOf} from '../../../source/app/state/input-line.ts';
import {lastView} from '../../../source/app/state/last-view.ts';
import {reduce} from '../../../source/app/state/reduce.ts';
import {chosenRow} from '../../../source/app/state/screens/environment-screen.ts';
import {type AppState, currentScreen, initialState} from '../../../source/app/state/state.ts';
import {environment, noon, report, repository} from '../fake-data.ts';

const session = {version: '0.1.0', readOnly: false, worktree: false, demoHint: null, revealsSecrets: false};
const names = ['development', 'staging', 'production'];

function run(state: AppState, ...actions: readonly Action[]): AppState {
  return actions.reduce((next, action) => reduce(next, action, noon), state);
}

function answer(state: AppState, given: Answer, of?: string): AppState {
  const request = state.requests.find(
    ({call}) =>
      call.name === given.name && (of === undefined || ('environment' in call && call.environment === of)),
  );
  assert.ok(request, `nobody asked for ${given.name}`);
  return run(state, {type: 'answered', token: request.token, answer: given});
}

/** The app as its environments are known, before any of them has answered. */
function loaded(environments = names): AppState {
  const start = run(initialState({size: {columns: 80, rows: 24}, readOnly: false, now: noon}), {
    type: 'opened',
    session,
  });
  const value = {
    repository,
    environments: environments.map(name => environment(name)),
    problems: [],
    contextCount: 3,
  };
  return answer(start, {name: 'load', value});
}

/** In production, at its second drift, all of it shown by what changed, the diff side by side. */
function left(): AppState {
  const compared = answer(loaded(), {name: 'inspect', value: report('production')}, 'production');
  return run(
    compared,
    {type: 'sort'},
    {type: 'go-to', index: 0},
    {type: 'next-drift', by: 1},
    {type: 'drift-only'},
    {type: 'sort'},
    {type: 'filter'},
    {type: 'filter-type', line: inputOf('!Namespace')},
    {type: 'filter-done'},
    {type: 'split'},
    {type: 'mark'},
  );
}

test('the next start is where the last one was left: screen, choice, filter, order, diff', () => {
  const before = left();
  const view = lastView(before);
  assert.equal(view.screen, 'environment');
  const again = answer(
    run(loaded(), {type: 'restore', view}),
    {name: 'inspect', value: report('production')},
    'production',
  );
  const [was, is] = [currentScreen(before), currentScreen(again)];
  assert.ok(was.id === 'environment' && is.id === 'environment');
  assert.equal(is.environment, 'production');
  assert.equal(chosenRow(again, is)?.key, chosenRow(before, was)?.key);
  assert.deepEqual([is.filter, is.sort, is.driftOnly, is.split], [was.filter, was.sort, false, true]);
  assert.equal(is.marked.size, 0, 'marks are never restored');
  assert.equal(again.dialog, null);
  const out = run(again, {type: 'back'}, {type: 'back'});
  assert.equal(currentScreen(out).id, 'overview');
  assert.equal(out.screens[0].sort, 'state');
  assert.equal(out.screens[0].list.key, 'production');
});

test('a choice waits for its object, and no longer once the user has moved', () => {
  const view = lastView(left());
  const restored = run(loaded(), {type: 'restore', view});
  const some = {...report('production'), resources: report('production').resources.slice(1, 3)};
  const early = answer(restored, {name: 'inspect', value: some}, 'production');
  const screenOf = (state: AppState) => {
    const screen = currentScreen(state);
    assert.ok(screen.id === 'environment');
    return screen;
  };
  assert.notEqual(screenOf(early).list.key, view.list.chosen);
  const known = {
    type: 'followed',
    environment: 'production',
    event: {type: 'report', report: report('production')},
  } as const;
  assert.equal(screenOf(run(early, known)).list.key, view.list.chosen);
  const moved = run(early, {type: 'move', by: 1}, known);
  assert.notEqual(screenOf(moved).list.key, view.list.chosen);
});

test('where the environment is gone it is the overview', () => {
  const state = run(loaded(['development', 'staging']), {type: 'restore', view: lastView(left())});
  assert.equal(currentScreen(state).id, 'overview');
  assert.equal(state.screens[0].sort, 'state');
});

test('who has gone somewhere by then stays there', () => {
  const gone = run(loaded(), {type: 'go-to', index: 0});
  assert.equal(run(gone, {type: 'restore', view: lastView(left())}).screens, gone.screens);
});

test('each screen asks for what it shows as if it had been opened by hand', () => {
  const asks = {
    revisions: 'revisions',
    images: 'imageUpdates',
    'pull-requests': 'pullRequests',
    versions: 'versions',
  } as const;
  for (const [screen, call] of Object.entries(asks)) {
    const opened = run(loaded(), {type: 'move', by: 1}, {type: screen as keyof typeof asks});
    const state = run(loaded(), {type: 'restore', view: lastView(opened)});
    assert.equal(currentScreen(state).id, screen);
    assert.equal(state.screens.length, 2);
    assert.ok(
      state.requests.some(request => request.call.name === call),
      screen,
    );
  }
});
