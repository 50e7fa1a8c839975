import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import type {RevisionPage} from '../../../../source/app/session.ts';
import type {Action} from '../../../../source/app/state/actions.ts';
import type {Call} from '../../../../source/app/state/calls.ts';
import {inputOf} from '../../../../source/app/state/input-line.ts';
import {reduce} from '../../../../source/app/state/reduce.ts';
import {notedRevision, revisionKeys} from '../../../../source/app/state/screens/revisions-screen.ts';
import {
  type AppState,
  currentScreen,
  initialState,
  type RevisionsScreen,
} from '../../../../source/app/state/state.ts';
import {commitEffect, environment, noon, report, repository, revision} from '../../fake-data.ts';

const session = {version: '0.1.0', readOnly: false, worktree: false, demoHint: null, revealsSecrets: false};
const sha = (index: number) => index.toString(16).padStart(40, '0');
const tip = sha(0);

function run(state: AppState, ...actions: readonly Action[]): AppState {
  return actions.reduce((next, action) => reduce(next, action, next.now), state);
}

function calls<Name extends Call['name']>(state: AppState, name: Name): Extract<Call, {name: Name}>[] {
  return state.requests.flatMap(({call}) =>
    call.name === name ? [call as Extract<Call, {name: Name}>] : [],
  );
}

function tokenOf(state: AppState, name: Call['name']): number {
  const found = state.requests.find(({call}) => call.name === name);
  assert.ok(found, `no ${name} among ${state.requests.map(({call}) => call.name).join(', ')}`);
  return found.token;
}

/** Revisions from `from` on, `length` of them. */
function page(from: number, length: number, more: boolean): RevisionPage {
  const revisions = Array.from({length}, (_, index) => revision(sha(from + index)));
  return {tip, revisions, more, missing: null};
}

/** The revisions of an environment that was compared, before the first page. */
function opened(): AppState {
  const start = run(initialState({size: {columns: 80, rows: 24}, readOnly: false, now: noon}), {
    type: 'opened',
    session,
  });
  const value = {repository, environments: [environment('staging')], problems: [], contextCount: 1};
  const loaded = run(start, {type: 'answered', token: tokenOf(start, 'load'), answer: {name: 'load', value}});
  const inspected = run(loaded, {
    type: 'answered',
    token: tokenOf(loaded, 'inspect'),
    answer: {name: 'inspect', value: report('staging')},
  });
  return run(inspected, {type: 'revisions'});
}

function withPage(state: AppState, value: RevisionPage): AppState {
  return run(state, {
    type: 'answered',
    token: tokenOf(state, 'revisions'),
    answer: {name: 'revisions', value},
  });
}

function screenOf(state: AppState): RevisionsScreen {
  const screen = currentScreen(state);
  assert.ok(screen.id === 'revisions');
  return screen;
}

describe('pages', () => {
  test('the first is asked for quickly, the others from the commit that it began at', () => {
    const state = opened();
    assert.deepEqual(calls(state, 'revisions')[0]?.range, {skip: 0, limit: 50, quick: true});
    const first = withPage(state, page(0, 50, true));
    assert.deepEqual(calls(first, 'revisions'), [], 'there is enough for now');
    const end = run(first, {type: 'move', by: 'last'});
    assert.deepEqual(calls(end, 'revisions')[0]?.range, {skip: 50, limit: 50, quick: true, tip});
    const second = withPage(end, page(50, 3, false));
    assert.equal(screenOf(second).revisions.length, 53);
    assert.deepEqual(calls(second, 'revisions'), []);
  });

  test('when git moves the log is read anew, as far as it is known, and the choice stays on its commit', () => {
    const end = run(withPage(opened(), page(0, 50, true)), {type: 'move', by: 'last'});
    const known = run(withPage(end, page(50, 50, true)), {type: 'move', by: 10});
    const moved = run(known, {type: 'repository', repository: {...repository, head: sha(999)}});
    assert.deepEqual(
      calls(moved, 'revisions').map(({range}) => range),
      [{skip: 0, limit: 100, quick: true}],
    );
    const value = {...page(0, 99, true), tip: sha(999)};
    const fresh = withPage(moved, {...value, revisions: [revision(sha(999)), ...value.revisions]});
    assert.equal(screenOf(fresh).list.key, screenOf(known).list.key);
    assert.equal(screenOf(fresh).revisions[0]?.sha, sha(999));
    assert.equal(screenOf(fresh).tip, sha(999));
  });

  test('one that came in part, or empty, is followed by the rest', () => {
    const empty = withPage(opened(), page(0, 0, true));
    assert.equal(calls(empty, 'revisions')[0]?.range.skip, 0);
    const some = withPage(empty, page(0, 2, true));
    assert.equal(calls(some, 'revisions')[0]?.range.skip, 2);
    const all = withPage(some, page(2, 1, false));
    assert.deepEqual(
      screenOf(all).revisions.map(row => row.sha),
      [sha(0), sha(1), sha(2)],
    );
    assert.deepEqual(calls(all, 'revisions'), []);
  });

  test('a page that failed is not asked for again by itself', () => {
    const first = run(withPage(opened(), page(0, 50, true)), {type: 'move', by: 'last'});
    const failed = run(first, {
      type: 'failed',
      token: tokenOf(first, 'revisions'),
      problem: {severity: 'error', message: 'git failed'},
    });
    assert.deepEqual(calls(failed, 'revisions'), []);
    const again = run(failed, {type: 'refresh'});
    // A page more than what is above the cursor: new commits move its own down.
    assert.deepEqual(calls(again, 'revisions')[0]?.range, {skip: 0, limit: 100, quick: true});
  });

  test('a refresh far down keeps what is there until the answer, and the choice on its commit', () => {
    const first = run(withPage(opened(), page(0, 50, true)), {type: 'move', by: 'last'});
    const known = run(withPage(first, page(50, 50, true)), {type: 'move', by: 30});
    const chosen = screenOf(known).list.key;
    const asked = run(known, {type: 'refresh'});
    assert.equal(screenOf(asked).list.key, chosen);
    assert.equal(screenOf(asked).revisions.length, 100);
    const limit = calls(asked, 'revisions')[0]?.range.limit ?? 0;
    assert.ok(limit > screenOf(known).list.index, `${limit}`);
    const fresh = withPage(asked, page(0, limit, true));
    assert.equal(screenOf(fresh).list.key, chosen);
    assert.equal(screenOf(fresh).list.index, screenOf(known).list.index);
  });

  test('an order and a filter are about what is read, and more is read while there is room', () => {
    const state = withPage(opened(), page(0, 50, true));
    const filtered = run(
      state,
      {type: 'filter'},
      {type: 'filter-type', line: inputOf('no such commit')},
      {type: 'filter-done'},
    );
    assert.deepEqual(revisionKeys(screenOf(filtered)), []);
    assert.deepEqual(calls(filtered, 'revisions')[0]?.range, {
      skip: 50,
      limit: 500,
      quick: true,
      tip: sha(0),
    });
    const out = run(filtered, {type: 'back'});
    assert.equal(revisionKeys(screenOf(out)).length, 50);
  });
});

describe('notes', () => {
  test('are asked of the rows in sight, the chosen one first, and of others once those are in sight', () => {
    const start = withPage(opened(), page(0, 50, true));
    const state = run(start, {type: 'move', by: 1});
    assert.equal(tokenOf(state, 'revisionNotes'), tokenOf(start, 'revisionNotes'), 'the rows are the same');
    const [call] = calls(state, 'revisionNotes');
    assert.deepEqual(call?.question.about, ['state', 'signature', 'differences']);
    assert.equal(call?.question.shas[0], sha(0));
    const height = call?.question.shas.length ?? 0;
    assert.ok(height > 5 && height < 20, `${height} rows`);

    const answered = run(state, {
      type: 'answered',
      token: tokenOf(state, 'revisionNotes'),
      answer: {name: 'revisionNotes'},
    });
    assert.deepEqual(calls(answered, 'revisionNotes'), []);
    const below = run(answered, {type: 'move', by: 'last'});
    const [next] = calls(below, 'revisionNotes');
    assert.equal(next?.question.shas[0], sha(49));
    assert.ok(!next?.question.shas.includes(sha(0)));
  });

  test('that are not needed any more are taken back', () => {
    const state = withPage(opened(), page(0, 50, true));
    const token = tokenOf(state, 'revisionNotes');
    const below = run(state, {type: 'move', by: 'last'});
    assert.ok(!below.requests.some(request => request.token === token));
    const late = run(below, {
      type: 'news',
      token,
      events: [{of: 'revisionNotes', event: {sha: sha(0), differences: 7}}],
    });
    assert.equal(screenOf(late).notes.size, 0);
  });

  test('add up, and are stale once the environment is reported anew', () => {
    const state = withPage(opened(), page(0, 2, false));
    const token = tokenOf(state, 'revisionNotes');
    const told = run(
      state,
      {
        type: 'news',
        token,
        events: [
          {of: 'revisionNotes', event: {sha: sha(0), state: 'live', deployments: []}},
          {of: 'revisionNotes', event: {sha: sha(0), differences: 7}},
        ],
      },
      {type: 'answered', token, answer: {name: 'revisionNotes'}},
    );
    const first = (from: AppState) => {
      const screen = screenOf(from);
      const [row] = screen.revisions;
      assert.ok(row);
      const {state: is, differences, stale} = notedRevision(screen, row);
      return {is, differences, stale};
    };
    assert.deepEqual(first(told), {is: 'live', differences: 7, stale: false});

    const moved = run(told, {
      type: 'followed',
      environment: 'staging',
      event: {type: 'report', report: report('staging')},
    });
    assert.deepEqual(first(moved), {is: 'live', differences: 7, stale: true});
    const [again] = calls(moved, 'revisionNotes');
    assert.deepEqual(again?.question.shas, [sha(0), sha(1)]);

    // What is under way by then was asked of the report before.
    const over = run(moved, {
      type: 'followed',
      environment: 'staging',
      event: {type: 'report', report: report('staging')},
    });
    assert.notEqual(tokenOf(over, 'revisionNotes'), tokenOf(moved, 'revisionNotes'));
  });

  test('that fail are not asked for again and again', () => {
    const state = withPage(opened(), page(0, 2, false));
    const failed = run(state, {
      type: 'failed',
      token: tokenOf(state, 'revisionNotes'),
      problem: {severity: 'error', message: 'no'},
    });
    assert.deepEqual(calls(failed, 'revisionNotes'), []);
  });
});

describe('what the chosen commit does', () => {
  const detailed = () => {
    const state = withPage(opened(), page(0, 2, false));
    return run(state, {
      type: 'answered',
      token: tokenOf(state, 'commitDetail'),
      answer: {name: 'commitDetail', value: {files: [], patch: ''}},
    });
  };

  test('is asked for after its files, and dropped when another one is chosen', () => {
    const state = detailed();
    assert.deepEqual(
      calls(state, 'commitEffect').map(call => call.sha),
      [sha(0)],
    );
    const late = tokenOf(state, 'commitEffect');
    const moved = run(state, {type: 'move', by: 1});
    assert.deepEqual(calls(moved, 'commitEffect'), []);
    const value = commitEffect('staging', sha(0));
    const after = run(moved, {type: 'answered', token: late, answer: {name: 'commitEffect', value}});
    assert.equal(screenOf(after).effects.size, 0);
  });

  test('the forge is asked for it alone, once', () => {
    const state = detailed();
    const [call] = calls(state, 'commitPullRequest');
    assert.equal(call?.sha, sha(0));
    const answered = run(state, {
      type: 'answered',
      token: tokenOf(state, 'commitPullRequest'),
      answer: {name: 'commitPullRequest', value: null},
    });
    assert.deepEqual(calls(answered, 'commitPullRequest'), []);
    assert.deepEqual(calls(run(state, {type: 'move', by: 1}), 'commitPullRequest'), [], 'taken back');
  });

  test('is kept, also that it could not be told', () => {
    const state = detailed();
    const failed = run(state, {
      type: 'failed',
      token: tokenOf(state, 'commitEffect'),
      problem: {severity: 'error', message: 'kustomize is not there', fix: 'install it'},
    });
    assert.deepEqual(screenOf(failed).effects.get(sha(0)), {problem: 'kustomize is not there; install it'});
    assert.deepEqual(calls(failed, 'commitEffect'), []);
  });
});
