import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import type {Action} from '../../../source/app/state/actions.ts';
import type {Call} from '../../../source/app/state/calls.ts';
import {reduce} from '../../../source/app/state/reduce.ts';
import {
  type AppState,
  currentScreen,
  environmentNamed,
  initialState,
} from '../../../source/app/state/state.ts';
import {busySince, cancellable, isCounted, isShown, waitings} from '../../../source/app/state/waiting.ts';
import {environmentStatus} from '../../../source/app/text/status.ts';
import {lookOf} from '../../../source/app/text/theme.ts';
import {environment, noon, report, repository} from '../fake-data.ts';

const session = {version: '0.1.0', readOnly: false, worktree: false, demoHint: null, revealsSecrets: false};
const look = lookOf({ascii: false, color: false});

function at(state: AppState, ms: number, ...actions: readonly Action[]): AppState {
  return actions.reduce((next, action) => reduce(next, action, noon + ms), state);
}

function tokenOf(state: AppState, name: Call['name'], environment?: string): number {
  const found = state.requests.find(
    ({call}) =>
      call.name === name &&
      (environment === undefined || ('environment' in call && call.environment === environment)),
  );
  assert.ok(found, `no ${name}`);
  return found.token;
}

const asks = (state: AppState) =>
  state.requests.map(({call}) => ('environment' in call ? `${call.name} ${call.environment}` : call.name));

/** Two environments, both being compared for the first time since noon. */
function loaded(): AppState {
  const size = {columns: 80, rows: 24};
  const opened = at(initialState({size, readOnly: false, now: noon}), 0, {type: 'opened', session});
  const environments = [environment('staging'), environment('production')];
  const value = {repository, environments, problems: [], contextCount: 2};
  return at(opened, 0, {type: 'answered', token: tokenOf(opened, 'load'), answer: {name: 'load', value}});
}

function compared(): AppState {
  return ['staging', 'production'].reduce(
    (next, name) =>
      at(next, 0, {
        type: 'answered',
        token: tokenOf(next, 'inspect', name),
        answer: {name: 'inspect', value: report(name)},
      }),
    loaded(),
  );
}

const status = (state: AppState, ms: number, name = 'staging') => {
  const known = environmentNamed(state, name);
  assert.ok(known);
  return environmentStatus(known, {look, frame: 0, now: noon + ms})
    .map(({text}) => text)
    .join('');
};

test('a wait is shown after 300 ms and counted after 3 s', () => {
  const table: [number, boolean, boolean][] = [
    [0, false, false],
    [299, false, false],
    [300, true, false],
    [2999, true, false],
    [3000, true, true],
  ];
  for (const [ms, shown, counted] of table)
    assert.deepEqual([isShown(noon, noon + ms), isCounted(noon, noon + ms)], [shown, counted], `${ms} ms`);
});

describe('what is waited for', () => {
  test('is the session at first, then the repository, then the environments', () => {
    const fresh = initialState({size: {columns: 80, rows: 24}, readOnly: false, now: noon});
    assert.equal(busySince(at(fresh, 500, {type: 'hush'})), noon);
    assert.deepEqual(
      waitings(at(fresh, 0, {type: 'opened', session})).map(({kind}) => kind),
      ['load'],
    );
    assert.deepEqual(
      waitings(loaded()).map(({kind, environment}) => [kind, environment]),
      [
        ['inspection', 'staging'],
        ['inspection', 'production'],
      ],
    );
  });

  test('is nothing while nothing is asked, and what the clock asks or what fills in by itself does not count', () => {
    const idle = compared();
    assert.ok(asks(idle).includes('forgeRules'));
    assert.deepEqual([waitings(idle), busySince(idle)], [[], null]);
    const asked = at(idle, 60_000, {type: 'tick'});
    assert.ok(asks(asked).includes('inspect staging'));
    assert.equal(busySince(asked), null);
  });

  test('is what is in front first: the question of the screen, a fetch, the chosen environment, the others', () => {
    const state = at(compared(), 0, {type: 'move', by: 1}, {type: 'refresh'}, {type: 'fetch'});
    assert.deepEqual(
      waitings(state).map(({kind, environment}) => environment ?? kind),
      ['fetch', 'production', 'staging'],
    );
    const log = at(compared(), 0, {type: 'fetch'}, {type: 'revisions'});
    assert.deepEqual(
      waitings(log).map(({kind}) => kind),
      ['screen', 'fetch'],
    );
  });
});

describe('esc', () => {
  test('leaves what has only just been asked to its answer, and goes out', () => {
    const gone = at(loaded(), 0, {type: 'go-to', index: 0});
    assert.equal(cancellable(at(gone, 299, {type: 'hush'})), undefined);
    assert.equal(currentScreen(at(gone, 299, {type: 'out'})).id, 'overview');
  });

  test('cancels one thing at a time: the chosen environment, then the other; then it goes out', () => {
    const one = at(loaded(), 400, {type: 'out'});
    assert.ok(!asks(one).includes('inspect staging'));
    assert.ok(asks(one).includes('inspect production'));
    assert.equal(one.notice?.text, 'staging: cancelled, r retries');
    assert.equal(status(one, 400), '? cancelled');
    const both = at(one, 500, {type: 'out'});
    assert.ok(!asks(both).includes('inspect production'));
  });

  test('keeps what was known, with its age, and an answer that comes too late changes nothing', () => {
    const asked = at(compared(), 600_000, {type: 'refresh'});
    const token = tokenOf(asked, 'inspect', 'staging');
    const left = at(asked, 601_000, {type: 'out'});
    assert.equal(
      environmentNamed(left, 'staging')?.report?.summary.modified,
      report('staging').summary.modified,
    );
    assert.equal(status(left, 601_000), '? cancelled, 10m old');
    const late = at(left, 602_000, {
      type: 'answered',
      token,
      answer: {name: 'inspect', value: report('staging', {syncStatus: 'Synced'})},
    });
    assert.equal(status(late, 602_000), '? cancelled, 10m old');
  });

  test('what was cancelled is not asked for by the clock, but by r', () => {
    const left = at(at(compared(), 1000, {type: 'refresh'}), 2000, {type: 'out'});
    const later = at(left, 3_600_000, {type: 'tick'});
    assert.ok(!asks(later).includes('inspect staging'));
    assert.ok(asks(at(left, 3000, {type: 'refresh'})).includes('inspect staging'));
  });

  test('of an environment that is followed takes only the question back: what is shown is as of now', () => {
    const followed = at(compared(), 0, {
      type: 'followed',
      environment: 'staging',
      event: {type: 'report', report: report('staging')},
    });
    const left = at(at(followed, 1000, {type: 'refresh'}), 2000, {type: 'out'});
    assert.equal(status(left, 2000), '~ drift');
  });

  test('cancels a fetch and goes on', () => {
    const left = at(at(compared(), 0, {type: 'fetch'}), 500, {type: 'out'});
    assert.deepEqual(waitings(left), []);
    assert.match(left.notice?.text ?? '', /the fetch is cancelled, ctrl-r retries/);
  });

  test('cancels what the screen asks, which says so and stays', () => {
    const left = at(at(compared(), 0, {type: 'go-to', index: 0}, {type: 'revisions'}), 500, {type: 'out'});
    const screen = currentScreen(left);
    assert.ok(screen.id === 'revisions');
    assert.equal(screen.failure?.message, 'cancelled');
    assert.ok(asks(at(left, 600, {type: 'refresh'})).includes('revisions staging'));
    assert.equal(currentScreen(at(left, 600, {type: 'out'})).id, 'environment');
  });

  test('cancels the first reading of the repository', () => {
    const opened = at(initialState({size: {columns: 80, rows: 24}, readOnly: false, now: noon}), 0, {
      type: 'opened',
      session,
    });
    const left = at(opened, 500, {type: 'out'});
    assert.equal(left.failure?.message, 'reading the repository was cancelled');
    assert.deepEqual(asks(at(left, 600, {type: 'refresh'})), ['load']);
  });

  test('closes a dialog or a text in front before all else', () => {
    const dialog = at(at(loaded(), 0, {type: 'open-sync'}), 500, {type: 'out'});
    assert.equal(dialog.dialog, null);
    assert.ok(asks(dialog).includes('inspect staging'));
  });
});

describe('the state of an environment', () => {
  const told = (phase: 'list' | 'compare', done: number, total: number | null) => {
    const state = loaded();
    const event = {type: 'progress', phase, done, total} as const;
    return at(state, 100, {
      type: 'news',
      token: tokenOf(state, 'inspect', 'staging'),
      events: [{of: 'inspect', event}],
    });
  };

  test('says how far its comparison is, and for how long where there is no number', () => {
    assert.equal(status(loaded(), 0), '  connecting');
    assert.equal(status(loaded(), 300), '⠋ connecting');
    assert.equal(status(loaded(), 4200), '⠋ connecting 4s');
    assert.equal(status(told('list', 214, 890), 4200), '⠋ listing 214/890');
    assert.equal(status(told('compare', 300, 890), 4200), '⠋ comparing 300/890');
    assert.equal(status(told('list', 12, null), 400), '⠋ listing 12');
  });

  test('stays what it was while it is asked for anew, until that takes its time', () => {
    const asked = at(compared(), 1000, {type: 'refresh'});
    assert.equal(status(asked, 1200), '~ drift');
    assert.equal(status(asked, 1400), '⠋ connecting');
  });
});
