// A secret value in the app: on the screen while it is looked at, and nowhere else.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {inspect} from 'node:util';
import type {Session} from '../../source/app/session.ts';
import {report} from './fake-data.ts';
import {fakeSession} from './fake-session.ts';
import {openScreen, type TestScreen} from './screen.tsx';

const value = 'correct-horse-7';
const revealing: Partial<Session> = {
  revealsSecrets: true,
  async reveal() {
    return {git: {text: value}, live: {text: value}};
  },
};

/** The app with the value on its screen, and all arguments that the session was asked with. */
async function shown(more: Partial<Session> = {}, options: Parameters<typeof openScreen>[1] = {}) {
  const asked: unknown[] = [];
  const session = fakeSession({
    ...revealing,
    async reveal(...given) {
      asked.push(given.slice(0, 2));
      return revealing.reveal?.(...given) ?? assert.fail();
    },
    ...more,
  });
  const screen = await openScreen(session, options);
  await screen.press('2', 'G', 'x');
  await screen.waitFor(value);
  screen.pass(400);
  return {screen, asked};
}

function isInState({store}: TestScreen): boolean {
  return inspect(store.state(), {depth: null, maxStringLength: null, maxArrayLength: null}).includes(value);
}

describe('a revealed value', () => {
  test('is asked for by its Secret and key, of the one that is chosen', async () => {
    const {screen, asked} = await shown();
    const secret = {namespace: 'platform', name: 'db-creds', liveName: 'db-creds'};
    assert.deepEqual(asked, [['staging', {...secret, key: 'password'}]]);
    assert.ok(isInState(screen), 'it can be found where it is');
    screen.close();
  });

  for (const key of ['j', 'k', 'esc', 'q', 'enter', 'r', 'G', 'ctrl-d']) {
    test(`is gone, from the state too, after ${key}`, async () => {
      const {screen} = await shown();
      await screen.press(key);
      assert.ok(!screen.frame().includes(value), screen.frame());
      assert.ok(!isInState(screen));
      assert.ok(screen.frame().includes('data.password'), 'what was behind it is there again');
      screen.close();
    });
  }

  test('is gone after half a minute', async () => {
    const {screen} = await shown();
    screen.pass(29_000);
    screen.store.dispatch({type: 'tick'});
    assert.ok(isInState(screen));
    screen.pass(1000);
    screen.store.dispatch({type: 'tick'});
    assert.ok(!isInState(screen));
    screen.close();
  });

  test('is gone when its environment was compared again, stays for another', async () => {
    const {screen} = await shown();
    const followed = (environment: string) =>
      screen.store.dispatch({
        type: 'followed',
        environment,
        event: {type: 'report', report: report(environment)},
      });
    followed('production');
    assert.ok(isInState(screen));
    followed('staging');
    assert.ok(!isInState(screen));
    screen.close();
  });

  test('is not copied, and not in the list of calls', async () => {
    const {screen} = await shown({}, {columns: 120});
    await screen.press('c');
    assert.deepEqual(screen.outside, []);
    await screen.press('esc', '@');
    assert.ok(screen.frame().includes('What was run'));
    assert.ok(!screen.frame().includes(value));
    screen.close();
  });

  test('may be shown in a read-only session', async () => {
    const {screen} = await shown({readOnly: true}, {readOnly: true});
    assert.ok(screen.frame().includes(value));
    screen.close();
  });

  test('that comes after its dialog was left is dropped', async () => {
    const {promise, resolve} = Promise.withResolvers<Awaited<ReturnType<Session['reveal']>>>();
    const screen = await openScreen(fakeSession({...revealing, reveal: () => promise}));
    await screen.press('2', 'G', 'x');
    screen.pass(400);
    await screen.press('esc');
    resolve({git: {text: value}, live: {text: value}});
    await promise;
    await screen.press('k');
    assert.ok(!isInState(screen));
    screen.close();
  });
});

describe('the key says why it shows nothing', () => {
  for (const [where, keys, words] of [
    [
      'of a Deployment',
      ['2', 'g', 'n', 'n', 'x'],
      /x: Deployment checkout-api is no Secret: nothing of it is masked/,
    ],
    ['of a namespace', ['2', 'g', 'x'], /x: choose a Secret, or a key of one/],
  ] as const) {
    test(where, async () => {
      const screen = await openScreen(fakeSession(revealing));
      await screen.press(...keys);
      assert.match(screen.frame(), words);
      screen.close();
    });
  }
});
