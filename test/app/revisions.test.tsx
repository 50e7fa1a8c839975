import assert from 'node:assert/strict';
import {test} from 'node:test';
import {fakeSession} from './fake-session.ts';
import {openScreen} from './screen.tsx';

test('nobody is told that a commit is being rendered before that takes its time', async t => {
  const session = fakeSession({commitEffect: () => new Promise<never>(() => {})});
  const screen = await openScreen(session);
  t.after(() => screen.close());
  await screen.press('2', 'L');
  await screen.waitFor('Files');
  assert.doesNotMatch(screen.frame(), /rendering what it changes/);
  screen.pass(300);
  screen.store.dispatch({type: 'tick'});
  await screen.waitFor('rendering what it changes');
});
