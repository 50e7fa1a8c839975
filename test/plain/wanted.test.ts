import assert from 'node:assert/strict';
import {test} from 'node:test';
import {isAskedFor, isDumb} from '../../source/plain/wanted.ts';

test('the line mode is asked for by its flag, or by a variable that is on', () => {
  assert.ok(isAskedFor(true, {}));
  for (const name of ['GITOPS_TUI_PLAIN', 'ACCESSIBLE', 'INK_SCREEN_READER']) {
    assert.ok(isAskedFor(false, {[name]: '1'}), name);
    assert.ok(isAskedFor(false, {[name]: 'true'}), name);
    for (const off of ['', '0', 'false', 'no', 'OFF'])
      assert.ok(!isAskedFor(false, {[name]: off}), `${name}=${off}`);
  }
  assert.ok(!isAskedFor(false, {TERM: 'dumb'}));
});

test('a terminal that is dumb, or says nothing of itself, places no cursor', () => {
  assert.ok(isDumb({TERM: 'dumb'}, 'linux'));
  assert.ok(isDumb({}, 'linux'));
  assert.ok(isDumb({TERM: ''}, 'darwin'));
  assert.ok(!isDumb({TERM: 'xterm'}, 'linux'));
  assert.ok(!isDumb({}, 'win32'), 'Windows names no terminal');
});
