import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {commands} from '../../../source/app/keys/commands.ts';
import {dispatch} from '../../../source/app/keys/dispatch.ts';
import {keyNamed} from '../../../source/app/keys/key-names.ts';
import {checkedPreferences, commandFor, keymapOf, keyOf} from '../../../source/app/keys/keymap.ts';
import {initialState} from '../../../source/app/state/state.ts';
import {parsePreferences} from '../../../source/preferences/parse.ts';
import {defaultPreferences, type Preferences} from '../../../source/preferences/types.ts';
import {formatProblem} from '../../../source/resources/problem.ts';
import {noon} from '../fake-data.ts';

function preferencesOf(text: string): Preferences {
  return parsePreferences(text, 'config.yaml');
}

function keysOf(preferences: Preferences, id: string): readonly string[] | undefined {
  return keymapOf(preferences).commands.find(command => command.id === id)?.keys;
}

describe('the keys of a user who wants none', () => {
  test('are the table’s', () => {
    assert.equal(keymapOf(defaultPreferences).commands, commands);
    assert.deepEqual(keymapOf(defaultPreferences).problems, []);
  });
});

describe('a user’s keys', () => {
  test('take the place of a command’s own', () => {
    const mine = preferencesOf('keys: {sync: Y, help: [f1, "?"], fold-all: }');
    assert.deepEqual(keymapOf(mine).problems, []);
    assert.equal(commandFor(mine, 'Y', 'environment')?.id, 'sync');
    assert.equal(commandFor(mine, 's', 'environment'), undefined);
    assert.equal(commandFor(mine, 'f1', 'overview')?.id, 'help');
    assert.equal(commandFor(mine, '-', 'environment'), undefined);
    assert.equal(keyOf(mine, 'sync'), 'Y');
    assert.equal(keyOf(mine, 'help'), 'f1');
    // What has no key is still to be had.
    assert.equal(keyOf(mine, 'fold-all'), ':fold-all');
  });

  test('can change places with each other', () => {
    const mine = preferencesOf('keys: {sync: R, revert: s, revert-from: s}');
    assert.deepEqual(keymapOf(mine).problems, []);
    assert.equal(commandFor(mine, 'R', 'revisions')?.id, 'sync');
    assert.equal(commandFor(mine, 's', 'revisions')?.id, 'revert');
    assert.equal(commandFor(mine, 's', 'overview')?.id, 'revert-from');
  });

  test('may be the same where they never meet', () => {
    const mine = preferencesOf('keys: {baseline: X}');
    assert.deepEqual(keymapOf(mine).problems, []);
    assert.equal(commandFor(mine, 'X', 'revisions')?.id, 'baseline');
    assert.equal(commandFor(mine, 'X', 'overview')?.id, 'context');
  });

  test('are heeded by the dispatcher, and the old ones no more', () => {
    const preferences = preferencesOf('keys: {fetch: Z}');
    const state = initialState({size: {columns: 80, rows: 24}, readOnly: false, now: noon, preferences});
    assert.deepEqual(dispatch(state, 'Z', noon).actions, [
      {type: 'say', text: 'Z: the repository is not read yet', tone: 'drift'},
    ]);
    assert.deepEqual(dispatch(state, 'ctrl-r', noon).actions, [{type: 'hush'}]);
  });

  for (const [words, text, id, expected] of [
    [
      'an unknown command',
      'keys: {snyc: Y}',
      'sync',
      'config.yaml:1:8: keys.snyc is no command — did you mean "sync"?',
    ],
    ['a key that is taken', 'keys:\n  sync: L', 'sync', 'config.yaml:2:3: keys.sync: L is revisions already'],
    [
      'a key that the user gave away before',
      'keys:\n  hidden: Y\n  sync: Y',
      'sync',
      'config.yaml:3:3: keys.sync: Y is hidden already',
    ],
    [
      'tmux’s key',
      'keys: {sync: ctrl-b}',
      'sync',
      'config.yaml:1:8: keys.sync: "ctrl-b" can\'t be bound: tmux takes ctrl-b',
    ],
    [
      'flow control’s key',
      'keys: {refresh: Ctrl-S}',
      'refresh',
      'config.yaml:1:8: keys.refresh: "Ctrl-S" can\'t be bound: terminals stop',
    ],
    [
      'what is left of an arrow',
      'keys: {sync: B}',
      'sync',
      'config.yaml:1:8: keys.sync: "B" can\'t be bound to what changes something',
    ],
    [
      'esc on a change',
      'keys: {revert: esc}',
      'revert',
      'config.yaml:1:8: keys.revert: "esc" can\'t be bound to what changes something',
    ],
    [
      'esc on the button',
      'keys: {press: [enter, esc], leave: q}',
      'press',
      'config.yaml:1:8: keys.press: "esc" can\'t be bound to what changes something',
    ],
    [
      'an unknown key',
      'keys: {sync: hyper-x}',
      'sync',
      'config.yaml:1:8: keys.sync: "hyper-x" can\'t be bound: a key is a character',
    ],
    [
      'no way to leave',
      'keys: {exit: }',
      'exit',
      'config.yaml:1:8: keys.exit: nothing would be left to quit',
    ],
    ['no way to help', 'keys: {help: []}', 'help', 'config.yaml:1:8: keys.help: nothing would be left to'],
    ['no way back', 'keys: {back: []}', 'back', 'config.yaml:1:8: keys.back: nothing would be left to'],
    ['no way to quit', 'keys: {quit: []}', 'quit', 'config.yaml:1:8: keys.quit: nothing would be left to'],
    [
      'ctrl-c for something else',
      'keys: {exit: ctrl-x, sync: ctrl-c}',
      'sync',
      'config.yaml:1:22: keys.sync: "ctrl-c" can\'t be bound',
    ],
  ] as const) {
    test(`${words} is refused, and the command keeps its own`, () => {
      const mine = preferencesOf(text);
      const problems = checkedPreferences(mine).problems.map(formatProblem);
      assert.equal(problems.length, 1, problems.join('\n'));
      assert.ok(problems[0]?.startsWith(expected), problems[0]);
      assert.deepEqual(keysOf(mine, id), commands.find(command => command.id === id)?.keys);
    });
  }

  test('that are refused cost those that counted on them', () => {
    // `sync` can't have B, so it keeps s, which `next-drift` wanted.
    const mine = preferencesOf('keys:\n  sync: B\n  next-drift: s');
    const lines = keymapOf(mine).problems.map(({location}) => location?.line);
    assert.deepEqual(lines, [2, 3]);
    assert.deepEqual(keysOf(mine, 'sync'), ['s']);
    assert.deepEqual(keysOf(mine, 'next-drift'), ['n']);
  });

  test('never leave one key with two commands at a place', () => {
    const ids = commands.map(({id}) => id);
    // Everything on one key: all but one of those that meet are refused.
    const mine = preferencesOf(`keys:\n${ids.map(id => `  ${id}: Z`).join('\n')}`);
    const mapped = keymapOf(mine).commands;
    for (const place of new Set(mapped.flatMap(({places}) => places))) {
      const keys = mapped.filter(({places}) => places.includes(place)).flatMap(command => command.keys);
      assert.equal(new Set(keys).size, keys.length, place);
    }
  });
});

describe('the name of a key', () => {
  for (const [written, expected] of [
    ['j', {key: 'j'}],
    ['再', {key: '再'}],
    ['Ctrl-X', {key: 'ctrl-x'}],
    ['C-x', {key: 'ctrl-x'}],
    ['Escape', {key: 'esc'}],
    ['Return', {key: 'enter'}],
    ['PageUp', {key: 'pgup'}],
    [' ', {key: 'space'}],
    ['F5', {key: 'f5'}],
    ['shift-tab', {key: 'shift-tab'}],
  ] as const) {
    test(written, () => assert.deepEqual(keyNamed(written), expected));
  }
  for (const written of [
    'ctrl-m',
    'ctrl-i',
    'ctrl-j',
    'ctrl-h',
    'ctrl-[',
    'jj',
    '',
    'f13',
    'alt-x',
    '\u200B',
  ]) {
    test(`${JSON.stringify(written)} is none`, () => assert.ok('mistake' in keyNamed(written)));
  }
});
