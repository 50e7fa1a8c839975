import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {dispatch} from '../../../source/app/keys/dispatch.ts';
import type {Action} from '../../../source/app/state/actions.ts';
import type {Call} from '../../../source/app/state/calls.ts';
import {reduce} from '../../../source/app/state/reduce.ts';
import {shown} from '../../../source/app/state/screen-kinds.ts';
import {countSteps, type SyncRun} from '../../../source/app/state/screens/sync-run.ts';
import {currentWave, syncRows} from '../../../source/app/state/screens/sync-screen.ts';
import {type AppState, currentScreen, initialState} from '../../../source/app/state/state.ts';
import type {SyncEvent, SyncPlan, SyncResult} from '../../../source/engines/types.ts';
import {environment, noon, report, repository, syncPlan} from '../fake-data.ts';

const session = {version: '0.1.0', readOnly: false, worktree: false, demoHint: null, revealsSecrets: false};

function run(state: AppState, ...actions: readonly Action[]): AppState {
  return actions.reduce((next, action) => reduce(next, action, next.now), state);
}

function tokenOf(state: AppState, name: Call['name']): number {
  const found = state.requests.find(({call}) => call.name === name);
  assert.ok(found, `no ${name}`);
  return found.token;
}

function loaded(): AppState {
  const size = {columns: 80, rows: 24};
  const opened = run(initialState({size, readOnly: false, now: noon}), {type: 'opened', session});
  const environments = [environment('staging'), environment('production', {protected: true})];
  const value = {repository, environments, problems: [], contextCount: 2};
  const told = run(opened, {type: 'answered', token: tokenOf(opened, 'load'), answer: {name: 'load', value}});
  return told.requests
    .filter(({call}) => call.name === 'inspect')
    .reduce((next, {token, call}) => {
      const answer = {name: 'inspect', value: report('environment' in call ? call.environment : '')} as const;
      return run(next, {type: 'answered', token, answer});
    }, told);
}

/** Staging with a sync of this plan under way, on its screen. */
function syncing(plan: SyncPlan = syncPlan('staging')): AppState {
  const open = run(loaded(), {type: 'open-sync'});
  const planned = run(open, {
    type: 'answered',
    token: tokenOf(open, 'planSync'),
    answer: {name: 'planSync', value: plan},
  });
  return run(planned, {type: 'dialog-focus', focus: 'go'}, {type: 'dialog-press'});
}

function tell(state: AppState, ...events: readonly SyncEvent[]): AppState {
  const token = tokenOf(state, 'sync');
  return run(state, {type: 'news', token, events: events.map(event => ({of: 'sync', event}))});
}

const done: SyncResult = {
  outcome: 'done',
  done: 2,
  failed: [],
  unhealthy: [],
  message: 'staging: 2 of 2 steps done',
};

function ended(state: AppState, value: SyncResult = done): AppState {
  return run(state, {type: 'answered', token: tokenOf(state, 'sync'), answer: {name: 'sync', value}});
}

/** Staging's sync. */
function staging(state: AppState): SyncRun {
  const found = state.syncs.get('staging');
  assert.ok(found);
  return found;
}

function press(state: AppState, key: string): AppState {
  return dispatch(state, key, state.now + 1000).actions.reduce((next, action) => run(next, action), state);
}

const step = (index: number, state: 'running' | 'done' | 'failed' | 'unknown'): SyncEvent => ({
  type: 'step',
  index,
  state,
  message: null,
});

describe('a sync that runs', () => {
  test('has its own screen, and the dialog is closed', () => {
    const state = syncing();
    assert.deepEqual([state.dialog, currentScreen(state).id], [null, 'sync']);
  });

  test('goes on behind other screens, and is shown again by w and by s', () => {
    const away = press(syncing(), 'q');
    assert.equal(currentScreen(away).id, 'overview');
    assert.ok(away.requests.some(({call}) => call.name === 'sync'));
    assert.equal(currentScreen(press(away, 'w')).id, 'sync');
    const again = press(away, 's');
    assert.deepEqual([currentScreen(again).id, again.dialog], ['sync', null]);
  });

  test('is told of behind other screens too, and when it ended', () => {
    const told = tell(press(syncing(), 'q'), step(0, 'running'), step(0, 'done'));
    assert.deepEqual(countSteps(staging(told)), {
      total: 2,
      done: 1,
      failed: 0,
      unknown: 0,
      running: 0,
      waiting: 1,
    });
    const over = ended(told);
    assert.deepEqual(over.notice, {text: 'sync of staging: 2 of 2 steps done; w shows it', tone: 'good'});
  });

  test('is looked at again when it ended, also when it broke off', () => {
    const state = syncing();
    const failed = run(state, {
      type: 'failed',
      token: tokenOf(state, 'sync'),
      problem: {severity: 'error', message: 'broken pipe'},
    });
    for (const after of [ended(state), failed])
      assert.ok(after.requests.some(({call}) => call.name === 'inspect' && call.environment === 'staging'));
  });

  test('x and ctrl-c stop it, and its answer still counts', () => {
    for (const key of ['x', 'ctrl-c']) {
      const stopped = press(syncing(), key);
      assert.equal(stopped.exit, null, key);
      assert.equal(stopped.requests.find(({call}) => call.name === 'sync')?.stopping, true);
      assert.equal(ended(stopped).syncs.get('staging')?.end?.at, noon);
    }
  });

  test('keeps q from ending the app; ctrl-c ends it the second time', () => {
    const away = press(syncing(), 'q');
    const refused = press(away, 'q');
    assert.equal(refused.exit, null);
    assert.match(refused.notice?.text ?? '', /a sync of staging runs: w shows it, ctrl-c stops it/);
    assert.equal(press(press(away, 'ctrl-c'), 'ctrl-c').exit, 0);
  });

  test('one that was asked for and never answered is unknown, what was not asked for is not begun', () => {
    const state = tell(syncing(), step(0, 'running'));
    const broken = run(state, {
      type: 'failed',
      token: tokenOf(state, 'sync'),
      problem: {severity: 'error', message: 'the connection broke'},
    });
    assert.deepEqual(
      staging(broken).progress.steps.map(step => step.state),
      ['unknown', 'waiting', 'waiting'],
    );
    const {screen, kind} = shown(broken);
    const text = kind.copyable(broken, screen) ?? '';
    assert.match(
      text,
      /: the connection broke\n {2}unknown +Deployment\/payments\/checkout-api: no answer came/,
    );
    assert.match(
      text,
      /not begun +Secret\/platform\/db-creds\n {2}skipped +ConfigMap\/payments\/old-flags: prune is off/,
    );
  });

  test('follows what runs until a key moves the choice, and again after f', () => {
    const chosen = (state: AppState) => {
      const screen = currentScreen(state);
      return screen.id === 'sync' ? screen.list.index : -1;
    };
    const rows = syncRows(staging(syncing()));
    const second = rows.findIndex(row => row.kind === 'step' && row.index === 1);
    const told = tell(syncing(), step(0, 'running'), step(1, 'running'));
    assert.equal(chosen(told), second);
    const moved = press(told, 'g');
    assert.equal(chosen(tell(moved, step(1, 'done'))), 0);
    assert.equal(chosen(press(moved, 'f')), second);
  });

  test('the environment is not asked for by the clock meanwhile', () => {
    const later = reduce(press(syncing(), 'q'), {type: 'tick'}, noon + 3_600_000);
    const asked = later.requests.flatMap(({call}) => (call.name === 'inspect' ? [call.environment] : []));
    assert.deepEqual(asked, ['production']);
  });
});

describe('a cluster that moved between plan and run', () => {
  const newPlan = syncPlan('staging', {dryRunSeconds: 9});
  const moved: SyncResult = {
    outcome: 'plan-changed',
    done: 0,
    failed: [],
    unhealthy: [],
    newPlan,
    message: 'the cluster moved',
  };

  test('the new plan is shown and must be approved anew', () => {
    const after = ended(syncing(), moved);
    const {dialog} = after;
    assert.ok(dialog?.kind === 'sync' && dialog.stage.at === 'plan');
    assert.deepEqual([dialog.focus, dialog.armedAt, dialog.stage.moved], ['cancel', noon + 300, true]);
    assert.equal(dialog.stage.plan, newPlan);
    assert.equal(after.syncs.size, 0);
    assert.notEqual(currentScreen(after).id, 'sync');
  });

  test('no dialog comes up in front of somebody who looks elsewhere', () => {
    const after = ended(press(syncing(), 'q'), moved);
    assert.equal(after.dialog, null);
    assert.deepEqual(after.notice, {text: 'sync of staging: the cluster moved; w shows it', tone: 'bad'});
  });
});

describe('the parts of a sync', () => {
  const base = syncPlan('staging').steps[0];
  assert.ok(base);
  const plan = syncPlan('staging', {
    steps: [
      {...base, wave: -1},
      base,
      {...base, id: {...base.id, name: 'second'}},
      {...base, id: {...base.id, name: 'gone'}, action: 'delete'},
    ],
  });

  test('are its waves and what it prunes; without waves there is one list', () => {
    const state = syncing(plan);
    const rows = syncRows(staging(state));
    assert.deepEqual(
      rows.map(row => (row.kind === 'part' ? row.title : row.index)),
      ['wave -1', 0, 'wave 0', 1, 2, 'prune', 3],
    );
    const [only, both] = [syncPlan('staging').steps.slice(0, 1), syncPlan('staging').steps.slice(0, 2)];
    for (const steps of [only, both])
      assert.ok(syncRows(staging(syncing(syncPlan('staging', {steps})))).every(({kind}) => kind === 'step'));
  });

  test('say which wave is on', () => {
    const first = tell(syncing(plan), step(0, 'running'));
    const second = tell(first, step(0, 'done'), step(1, 'running'));
    assert.deepEqual(currentWave(staging(first)), {number: 1, of: 2, wave: -1});
    assert.deepEqual(currentWave(staging(second)), {number: 2, of: 2, wave: 0});
  });
});
