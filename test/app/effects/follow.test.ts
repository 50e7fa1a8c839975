import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {runFollows} from '../../../source/app/effects/follow.ts';
import {createStore} from '../../../source/app/effects/store.ts';
import type {RepositorySummary} from '../../../source/app/session.ts';
import {initialState} from '../../../source/app/state/state.ts';
import type {FollowEvent} from '../../../source/engines/types.ts';
import {environment, report, repository, synced} from '../fake-data.ts';
import {fakeSession} from '../fake-session.ts';

/** The app's state with two environments loaded, and a session whose follows a test speaks for. */
function opened() {
  const follows = new Map<
    string,
    {signal: AbortSignal; tell: (event: FollowEvent) => void; end: () => void}
  >();
  let tellRepository: (repository: RepositorySummary) => void = () => {};
  const session = fakeSession({
    follow: (name, signal, tell) => new Promise(end => follows.set(name, {signal, tell, end})),
    followRepository: async (_signal, tell) => {
      tellRepository = tell;
    },
  });
  let now = 1_000_000;
  const store = createStore(initialState({size: {columns: 80, rows: 24}, readOnly: false, now}), () => now);
  store.dispatch({
    type: 'opened',
    session: {version: '0', readOnly: false, worktree: false, demoHint: null, revealsSecrets: false},
  });
  const answer = (name: 'load' | 'inspect', place?: string) => {
    const {token} =
      store
        .state()
        .requests.find(
          ({call}) => call.name === name && (call.name !== 'inspect' || call.environment === place),
        ) ?? assert.fail();
    return token;
  };
  const load = () =>
    store.dispatch({
      type: 'answered',
      token: answer('load'),
      answer: {
        name: 'load',
        value: {
          repository,
          environments: [environment('staging'), environment('production')],
          problems: [],
          contextCount: 2,
        },
      },
    });
  load();
  const end = runFollows(store, session);
  const inspected = (name: string) =>
    store.dispatch({
      type: 'answered',
      token: answer('inspect', name),
      answer: {name: 'inspect', value: report(name)},
    });
  const known = (name: string) =>
    store.state().environments.find(item => item.environment.name === name) ?? assert.fail();
  const later = (ms: number) => {
    now += ms;
    store.dispatch({type: 'tick'});
  };
  return {store, follows, inspected, known, later, end, load, repository: () => tellRepository};
}

describe('following what is on the screen', () => {
  test('begins with the first report of each environment', () => {
    const {follows, inspected} = opened();
    assert.deepEqual([...follows.keys()], []);
    inspected('staging');
    assert.deepEqual([...follows.keys()], ['staging']);
    inspected('production');
    assert.deepEqual([...follows.keys()], ['staging', 'production']);
  });

  test('a report comes in by itself, and nothing is polled any more', () => {
    const {store, follows, inspected, known, later} = opened();
    inspected('staging');
    inspected('production');
    follows.get('staging')?.tell({type: 'report', report: synced('staging')});
    assert.equal(known('staging').report?.syncStatus, 'Synced');
    later(60_000);
    const asked = store
      .state()
      .requests.flatMap(({call}) => (call.name === 'inspect' ? [call.environment] : []));
    assert.deepEqual(asked, ['production']);
  });

  test('a lost cluster keeps the last report, with the time until which it was right', () => {
    const {follows, inspected, known, later} = opened();
    inspected('staging');
    const {tell} = follows.get('staging') ?? assert.fail();
    tell({type: 'report', report: synced('staging')});
    later(60_000);
    tell({type: 'lost', problem: {severity: 'error', message: 'gone'}});
    later(60_000);
    const {report: last, failure, checkedAt} = known('staging');
    assert.deepEqual([last?.syncStatus, failure?.message, checkedAt], ['Synced', 'gone', 1_060_000]);
    tell({type: 'report', report: report('staging')});
    assert.equal(known('staging').failure, null);
  });

  test('one that can not be followed is polled again', async () => {
    const {store, follows, inspected, later} = opened();
    inspected('staging');
    const {tell, end} = follows.get('staging') ?? assert.fail();
    tell({type: 'report', report: synced('staging')});
    end();
    await new Promise(resolve => setImmediate(resolve));
    later(60_000);
    assert.ok(
      store.state().requests.some(({call}) => call.name === 'inspect' && call.environment === 'staging'),
    );
    assert.equal(follows.size, 1);
  });

  test('ends with the app, and what comes after that changes nothing', () => {
    const {follows, inspected, known, end} = opened();
    inspected('staging');
    const {tell, signal} = follows.get('staging') ?? assert.fail();
    end();
    assert.ok(signal.aborted);
    tell({type: 'report', report: synced('staging')});
    assert.notEqual(known('staging').report?.syncStatus, 'Synced');
  });

  test('the header is told when the repository moves', () => {
    const {store, repository: tell} = opened();
    tell()({...repository, behind: 7});
    assert.equal(store.state().repository?.behind, 7);
  });
});
