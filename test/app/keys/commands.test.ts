import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {commands} from '../../../source/app/keys/commands.ts';
import {dispatch, dispatchPaste} from '../../../source/app/keys/dispatch.ts';
import type {Place} from '../../../source/app/keys/places.ts';
import {openChange, reduceChange} from '../../../source/app/state/dialogs/change-dialog.ts';
import type {ChangeDialog} from '../../../source/app/state/dialogs/dialog.ts';
import {initialState} from '../../../source/app/state/state.ts';
import type {Conflict} from '../../../source/repository/types.ts';
import {noon, revertPreview} from '../fake-data.ts';

const places: readonly Place[] = [
  'overview',
  'environment',
  'revisions',
  'pull-requests',
  'overlay',
  'dialog',
];

describe('the command table', () => {
  test('a key means one thing at a place', () => {
    for (const place of places) {
      const keys = commands
        .filter(command => command.places.includes(place))
        .flatMap(command => command.keys);
      const twice = keys.filter((key, index) => keys.indexOf(key) !== index);
      assert.deepEqual(twice, [], place);
    }
  });

  test("keys of tmux and of flow control are not bound, nor is what's left of a broken arrow key to a change", () => {
    for (const {keys, danger, id} of commands) {
      for (const key of ['ctrl-a', 'ctrl-b', 'ctrl-s', 'ctrl-q'])
        assert.ok(!keys.includes(key), `${id}: ${key}`);
      if (danger === null) continue;
      for (const key of ['[', 'O', 'A', 'B', 'C', 'D', 'F', 'H'])
        assert.ok(!keys.includes(key), `${id}: ${key}`);
    }
  });

  test('ids are unique, words say something', () => {
    const ids = commands.map(({id}) => id);
    assert.equal(new Set(ids).size, ids.length);
    for (const {id, words} of commands) assert.ok(words.length > 1, id);
  });

  test('what changes the world is marked as dangerous', () => {
    const acting = commands.filter(({section, id}) => section === 'Act' && id !== 'revert-from');
    assert.deepEqual(
      acting.map(({id, danger}) => `${id} ${danger}`),
      [
        'sync sync',
        'revert pull-request',
        'baseline baseline',
        'to-baseline pull-request',
        'pull-request pull-request',
        'adopt pull-request',
        'merge merge',
        'edit-request pull-request',
        'update-images pull-request',
        'promotion-plan pull-request',
        'promotion-merge pull-request',
        'sync-again sync',
      ],
    );
  });
});

describe('dispatch', () => {
  const state = initialState({size: {columns: 80, rows: 24}, readOnly: true, now: noon});

  test('refuses a change in a read-only session, and says so', () => {
    const {actions} = dispatch(state, 's', noon);
    assert.deepEqual(actions, [
      {type: 'say', text: 's: this session is read-only (--read-only)', tone: 'drift'},
    ]);
  });

  test('a command that is not possible says why', () => {
    const {actions} = dispatch(state, 'ctrl-r', noon);
    assert.deepEqual(actions, [{type: 'say', text: 'ctrl-r: the repository is not read yet', tone: 'drift'}]);
  });

  test('e in a dialog opens its conflicts in the editor, else the body', () => {
    const preview = revertPreview('staging');
    const resolve = {
      id: 'a'.repeat(40),
      path: 'x',
      blob: 'b'.repeat(40),
      deleted: false,
      undone: 'One',
      isResolved: false,
      note: null,
    };
    const pressed = (conflicts: readonly Conflict[]) => {
      const plan = {...preview.plan, conflicts};
      const {dialog} = reduceChange(
        openChange({name: 'staging', protected: false}, preview.request, 'x', 0).dialog as ChangeDialog,
        {type: 'answer', answer: {name: 'planChange', value: {...preview, plan}}},
        0,
      );
      return dispatch({...state, readOnly: false, dialog}, 'e', noon).outside;
    };
    assert.deepEqual(pressed([{path: 'x', hunks: '', resolve}]), {
      do: 'edit-conflicts',
      conflicts: [resolve],
    });
    assert.equal(pressed([{path: 'x', hunks: "an editor can't resolve this"}])?.do, 'edit-body');
    assert.equal(pressed([])?.do, 'edit-body');
  });

  test('an unbound key does nothing', () => {
    assert.deepEqual(dispatch(state, 'Z', noon), {actions: [{type: 'hush'}], outside: null});
  });

  test('a key that does something on another screen says that it does nothing here', () => {
    assert.deepEqual(dispatch(state, 'f', noon).actions, [
      {type: 'say', text: 'f does nothing here: ? shows the keys', tone: 'drift'},
    ]);
  });

  test('pasted text is not run', () => {
    assert.deepEqual(dispatchPaste(state, 'sq'), [
      {type: 'say', text: 'pasted text is not read as keys', tone: 'drift'},
    ]);
  });
});
