// The whole table, in every place and kind of state: each command runs or says why; nothing changes in a read-only
// session; what is protected is named in full.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {keymapOf} from '../../../source/app/keys/keymap.ts';
import {paletteRefusal} from '../../../source/app/palette/rows.ts';
import type {Session} from '../../../source/app/session.ts';
import {type Call, changesTheWorld} from '../../../source/app/state/calls.ts';
import type {Dialog} from '../../../source/app/state/dialogs/dialog.ts';
import {type AppState, currentScreen} from '../../../source/app/state/state.ts';
import {explore, follow, kindOf, possible} from '../explore.ts';
import {pullRequest, withPullRequests} from '../fake-pull-requests.ts';
import {fakeSession} from '../fake-session.ts';

const session = (more: Partial<Session> = {}) =>
  fakeSession({
    ...withPullRequests({mergeability: {verdict: 'allowed', reasons: []}}),
    revealsSecrets: true,
    async mergePullRequest() {
      return {merged: true, sha: null, notes: []};
    },
    async updatePullRequest(number) {
      return {pullRequest: pullRequest(number), notes: []};
    },
    ...more,
  });
const free = await explore(session());

const mutating: readonly Dialog['kind'][] = [
  'sync',
  'change',
  'pull-request',
  'edit-request',
  'merge',
  'baseline',
];

const currentScreenId = (state: AppState) => currentScreen(state).id;
const dialogStage = (state: AppState) => `${state.dialog?.kind} ${state.dialog?.stage.at}`;

describe('the table', () => {
  test('was walked: every screen, dialog and command', () => {
    const seen = (what: (state: AppState) => string | undefined) => new Set(free.states.map(what));
    for (const screen of [
      'overview',
      'environment',
      'revisions',
      'pull-requests',
      'images',
      'promotion',
      'versions',
    ])
      assert.ok(seen(state => currentScreen(state).id).has(screen), screen);
    for (const kind of mutating) {
      assert.ok(seen(state => state.dialog?.kind).has(kind), kind);
      // A sync that runs has a screen of its own.
      const [result, of] = kind === 'sync' ? ['sync', currentScreenId] : [`${kind} result`, dialogStage];
      assert.ok(seen(of).has(result), result);
    }
    for (const kind of ['sync', 'baseline', 'merge'])
      assert.ok(seen(dialogStage).has(`${kind} typing`), `${kind} typing`);
    const run = new Set(free.tried.map(({what}) => what.split(' ')[0]));
    for (const {id} of keymapOf(free.states[0]?.preferences ?? assert.fail()).commands)
      assert.ok(run.has(id), id);
  });

  test('each command runs or says why', () => {
    for (const {state, what, dispatched} of free.tried) {
      if (what.startsWith('key ')) continue;
      const {actions, outside} = dispatched;
      const isSilent = outside === null && actions.every(({type}) => type === 'hush');
      assert.ok(!isSilent, `${what} in ${kindOf(state)} does nothing and says nothing`);
    }
  });

  test('a reason is a sentence without its stop', () => {
    for (const state of free.states) {
      for (const command of keymapOf(state.preferences).commands) {
        const refused = paletteRefusal(state, command);
        if (refused !== null) assert.match(refused, /^\S.*[^.\s]$/su, `${command.id} in ${kindOf(state)}`);
      }
    }
  });
});

describe('a read-only session', () => {
  test('changes nothing and opens no dialog of a change, whatever is run', async () => {
    const {states, tried} = await explore(session({readOnly: true}), {readOnly: true});
    assert.ok(states.length > 30, `${states.length} kinds of states`);
    for (const {state, what, next, calls} of tried) {
      assert.deepEqual(calls.filter(changesTheWorld), [], `${what} in ${kindOf(state)}`);
      assert.ok(next.dialog === null || !mutating.includes(next.dialog.kind), `${what} in ${kindOf(state)}`);
    }
  });

  test('changes nothing even where such a dialog is open already', async () => {
    // No way leads there: it is as if somebody had got round the dispatcher.
    for (const state of free.states) {
      const forced = {...state, readOnly: true};
      for (const {what, dispatched} of possible(forced)) {
        const {calls} = await follow(session(), forced, dispatched.actions);
        assert.deepEqual(calls.filter(changesTheWorld), [], `${what} in ${kindOf(state)}`);
      }
    }
  });

  test('the reducer itself begins no change', async () => {
    const openings = [
      'open-sync',
      'open-revert',
      'open-baseline',
      'open-to-baseline',
      'open-pull-request',
    ] as const;
    for (const state of free.states.filter(({dialog}) => dialog === null)) {
      for (const type of [...openings, 'open-merge', 'open-edit-request'] as const) {
        const {state: next, calls} = await follow(session(), {...state, readOnly: true}, [
          {type},
          {type: 'dialog-press'},
        ]);
        assert.equal(next.dialog, null, `${type} in ${kindOf(state)}`);
        assert.deepEqual(calls.filter(changesTheWorld), []);
      }
    }
  });
});

describe('what is protected', () => {
  const named: readonly Call['name'][] = ['sync', 'makeBaseline', 'mergePullRequest'];

  test('is synced, merged and marked by its full name only, and never pushed to', () => {
    const changes = free.tried.flatMap(({state, what, calls}) =>
      state.dialog?.protected === true
        ? calls.filter(changesTheWorld).map(call => ({state, what, call}))
        : [],
    );
    for (const name of named)
      assert.ok(
        changes.some(({call}) => call.name === name),
        name,
      );
    for (const {state, what, call} of changes) {
      const where = `${what} in ${kindOf(state)}`;
      if (call.name === 'makeChange') assert.equal(call.order.via, 'pull-request', where);
      if (!('confirmed' in call)) continue;
      const {dialog} = state;
      const wanted = dialog?.kind === 'merge' ? dialog.typing : dialog?.environment;
      assert.deepEqual(call.confirmed, {typed: wanted}, where);
    }
  });
});
