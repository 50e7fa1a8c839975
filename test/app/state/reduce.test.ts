import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import type {Action} from '../../../source/app/state/actions.ts';
import type {Call} from '../../../source/app/state/calls.ts';
import {shownNames} from '../../../source/app/state/lists/overview-order.ts';
import {reduce} from '../../../source/app/state/reduce.ts';
import {shown} from '../../../source/app/state/screen-kinds.ts';
import {
  type AppState,
  currentScreen,
  environmentNamed,
  initialState,
} from '../../../source/app/state/state.ts';
import {environment, head, noon, report, repository, resource, revisions, synced} from '../fake-data.ts';

const session = {version: '0.1.0', readOnly: false, worktree: false, demoHint: null, revealsSecrets: false};

function run(state: AppState, ...actions: readonly Action[]): AppState {
  return actions.reduce((next, action) => reduce(next, action, next.now), state);
}

function fresh(): AppState {
  return initialState({size: {columns: 80, rows: 24}, readOnly: false, now: noon});
}

/** The token of the request that asks such a call. */
function tokenOf(state: AppState, name: Call['name'], environmentName?: string): number {
  const found = state.requests.find(
    ({call}) =>
      call.name === name &&
      (environmentName === undefined || ('environment' in call && call.environment === environmentName)),
  );
  assert.ok(found, `no ${name} among ${state.requests.map(({call}) => call.name).join(', ')}`);
  return found.token;
}

function loaded(): AppState {
  const opened = run(fresh(), {type: 'opened', session});
  return run(opened, {
    type: 'answered',
    token: tokenOf(opened, 'load'),
    answer: {
      name: 'load',
      value: {
        repository,
        environments: [
          environment('staging'),
          environment('production', {protected: true}),
          environment('lab', {context: null}),
        ],
        problems: [],
        contextCount: 4,
      },
    },
  });
}

function inspected(): AppState {
  const state = loaded();
  return run(
    state,
    {
      type: 'answered',
      token: tokenOf(state, 'inspect', 'staging'),
      answer: {name: 'inspect', value: report('staging')},
    },
    {
      type: 'answered',
      token: tokenOf(state, 'inspect', 'production'),
      answer: {name: 'inspect', value: report('production')},
    },
  );
}

function asks(state: AppState): string[] {
  return state.requests.map(({call}) => call.name);
}

describe('questions and answers', () => {
  test('every environment with a context is inspected after loading, one without is not', () => {
    const asked = loaded().requests.flatMap(({call}) => (call.name === 'inspect' ? [call.environment] : []));
    assert.deepEqual(asked, ['staging', 'production']);
  });

  test('a late answer changes nothing', () => {
    const first = loaded();
    const late = tokenOf(first, 'inspect', 'staging');
    const again = run(first, {type: 'refresh'});
    assert.notEqual(tokenOf(again, 'inspect', 'staging'), late);
    const after = run(again, {
      type: 'answered',
      token: late,
      answer: {name: 'inspect', value: synced('staging')},
    });
    assert.equal(environmentNamed(after, 'staging')?.report, null);
    assert.deepEqual(asks(after), asks(again));
  });

  test('an answer is filed under the environment that was asked for, not the one on the screen', () => {
    const state = run(loaded(), {type: 'go-to', index: 0});
    const after = run(state, {
      type: 'answered',
      token: tokenOf(state, 'inspect', 'production'),
      answer: {name: 'inspect', value: report('production')},
    });
    assert.equal(environmentNamed(after, 'staging')?.report, null);
    assert.equal(environmentNamed(after, 'production')?.report?.environment, 'production');
  });

  test('a failed inspection keeps the old report and says why', () => {
    const asked = run(inspected(), {type: 'refresh'});
    const after = run(asked, {
      type: 'failed',
      token: tokenOf(asked, 'inspect', 'staging'),
      problem: {severity: 'error', message: 'expired'},
    });
    const known = environmentNamed(after, 'staging');
    assert.equal(known?.failure?.message, 'expired');
    assert.equal(known?.report?.summary.modified, 2);
    assert.equal(known?.progress, null);
  });

  test('leaving a screen takes its questions back', () => {
    const state = run(inspected(), {type: 'revisions'});
    assert.ok(asks(state).includes('revisions'));
    assert.ok(!asks(run(state, {type: 'back'})).includes('revisions'));
  });

  test('the commit under the cursor is asked for, the one before it no longer', () => {
    const opened = run(inspected(), {type: 'revisions'});
    const listed = run(opened, {
      type: 'answered',
      token: tokenOf(opened, 'revisions'),
      answer: {name: 'revisions', value: {tip: head, revisions, more: false, missing: null}},
    });
    const moved = run(listed, {type: 'move', by: 1});
    const shas = moved.requests.flatMap(({call}) => (call.name === 'commitDetail' ? [call.sha] : []));
    assert.deepEqual(shas, [revisions[1]?.sha]);
  });

  test('a commit that could not be read is not asked for again and again', () => {
    const opened = run(inspected(), {type: 'revisions'});
    const listed = run(opened, {
      type: 'answered',
      token: tokenOf(opened, 'revisions'),
      answer: {name: 'revisions', value: {tip: head, revisions, more: false, missing: null}},
    });
    const failed = run(listed, {
      type: 'failed',
      token: tokenOf(listed, 'commitDetail'),
      problem: {severity: 'error', message: 'gone'},
    });
    assert.ok(!asks(failed).includes('commitDetail'));
  });
});

describe('the clock', () => {
  const later = (state: AppState, ms: number) => reduce(state, {type: 'tick'}, state.now + ms);
  // History is asked after an inspection; what matters here is who is inspected.
  const inspections = (state: AppState) =>
    state.requests.flatMap(({call}) =>
      call.name === 'inspect' ? [`${call.environment} ${call.quiet}`] : [],
    );

  test('asks quietly for what is on the screen and old', () => {
    const state = inspected();
    assert.deepEqual(inspections(later(state, 14_000)), []);
    assert.deepEqual(inspections(later(state, 15_000)), ['staging true', 'production true']);
    const inside = run(state, {type: 'go-to', index: 0});
    assert.deepEqual(inspections(later(inside, 15_000)), ['staging true']);
  });

  test('a quiet question shows nothing until it is answered', () => {
    const asked = later(inspected(), 15_000);
    const told = run(asked, {
      type: 'news',
      token: tokenOf(asked, 'inspect', 'staging'),
      events: [{of: 'inspect', event: {type: 'progress', phase: 'list', done: 1, total: 9}}],
    });
    assert.equal(environmentNamed(told, 'staging')?.progress, null);
  });

  test('a slow cluster is asked less often', () => {
    const state = loaded();
    const token = tokenOf(state, 'inspect', 'staging');
    const slow = reduce(
      state,
      {type: 'answered', token, answer: {name: 'inspect', value: report('staging')}},
      state.now + 10_000,
    );
    assert.deepEqual(inspections(later(slow, 60_000)), ['production false']);
    assert.deepEqual(inspections(later(slow, 100_000)), ['production false', 'staging true']);
  });

  test('stands still while a change is shown', () => {
    const open = run(inspected(), {type: 'open-sync'});
    assert.deepEqual(inspections(later(open, 60_000)), []);
  });
});

describe('the selection', () => {
  const chosen = (state: AppState) => currentScreen(state).list.key;

  test('begins at the first drift', () => {
    assert.equal(chosen(run(inspected(), {type: 'go-to', index: 0})), 'r:/ConfigMap/payments/old-flags');
  });

  test('stays on its object when others come and go', () => {
    const state = run(inspected(), {type: 'go-to', index: 0}, {type: 'next-drift', by: 1}, {type: 'refresh'});
    const field = 'f:apps/Deployment/payments/checkout-api\nspec.replicas';
    assert.equal(chosen(state), field);
    const before = report('staging');
    const resources = [
      resource('ConfigMap', 'apps', 'new', {status: 'Missing'}),
      ...before.resources.filter(({id}) => id.kind !== 'ConfigMap'),
    ];
    const after = run(state, {
      type: 'answered',
      token: tokenOf(state, 'inspect', 'staging'),
      answer: {name: 'inspect', value: {...before, resources}},
    });
    assert.equal(chosen(after), field);
  });

  test('a row is chosen by its key, and one that is not there changes nothing', () => {
    const state = run(inspected(), {type: 'go-to', index: 0});
    const {keys} = shown(state).kind.rows(state, currentScreen(state));
    const last = keys.at(-1) ?? '';
    const chosen = run(state, {type: 'pane'}, {type: 'choose', key: last});
    const screen = currentScreen(chosen);
    assert.equal(screen.list.key, last);
    assert.ok(screen.id === 'environment' && screen.pane === 'tree');
    assert.equal(currentScreen(run(chosen, {type: 'choose', key: 'r:gone'})).list.key, last);
  });

  test('goes to the resource when its field is in sync again', () => {
    const state = run(inspected(), {type: 'go-to', index: 0}, {type: 'next-drift', by: 1}, {type: 'refresh'});
    const before = report('staging');
    const resources = before.resources.map(item =>
      item.id.kind === 'Deployment' ? {...item, fields: item.fields.slice(1)} : item,
    );
    const after = run(state, {
      type: 'answered',
      token: tokenOf(state, 'inspect', 'staging'),
      answer: {name: 'inspect', value: {...before, resources}},
    });
    assert.equal(chosen(after), 'r:apps/Deployment/payments/checkout-api');
  });
});

describe('the order of the overview', () => {
  const order = (state: AppState) => shownNames(state);

  test('S goes from what is listed to what needs a look, to names, and back', () => {
    const state = inspected();
    assert.deepEqual(order(state), ['staging', 'production', 'lab']);
    const failed = run(state, {type: 'refresh'});
    const failing = run(failed, {
      type: 'failed',
      token: tokenOf(failed, 'inspect', 'production'),
      problem: {severity: 'error', message: 'expired'},
    });
    const byState = run(failing, {type: 'sort'});
    assert.deepEqual(order(byState), ['production', 'staging', 'lab']);
    assert.deepEqual(order(run(byState, {type: 'sort'})), ['lab', 'production', 'staging']);
    assert.deepEqual(order(run(byState, {type: 'sort'}, {type: 'sort'})), ['staging', 'production', 'lab']);
  });

  test('the choice stays on its environment, and numbers are places on the screen', () => {
    const chosen = run(inspected(), {type: 'move', by: 1}, {type: 'sort'}, {type: 'sort'});
    const screen = currentScreen(chosen);
    assert.equal(screen.id === 'overview' ? screen.list.key : '', 'production');
    const gone = currentScreen(run(chosen, {type: 'go-to', index: 0}));
    assert.equal(gone.id === 'environment' ? gone.environment : '', 'lab');
  });
});

describe('changes', () => {
  test('closing a dialog takes its question back', () => {
    const open = run(inspected(), {type: 'open-sync'});
    assert.ok(asks(open).includes('planSync'));
    const closed = run(open, {type: 'dialog-leave'});
    assert.equal(closed.dialog, null);
    assert.ok(!asks(closed).includes('planSync'));
  });
});
