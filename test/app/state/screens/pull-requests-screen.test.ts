import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import type {Action} from '../../../../source/app/state/actions.ts';
import type {Call} from '../../../../source/app/state/calls.ts';
import {reduce} from '../../../../source/app/state/reduce.ts';
import {followedRequest, shownRequests} from '../../../../source/app/state/screens/pull-requests-screen.ts';
import {type AppState, currentScreen, initialState} from '../../../../source/app/state/state.ts';
import {environment, noon, repository} from '../../fake-data.ts';
import {pullRequest, pullRequestEffect, pullRequestState} from '../../fake-pull-requests.ts';

const size = {columns: 80, rows: 24};
const session = {version: '0', readOnly: false, worktree: false, demoHint: null, revealsSecrets: false};

function after(state: AppState, ...actions: Action[]): AppState {
  return actions.reduce((next, action) => reduce(next, action, noon), state);
}

/** Answers the waiting question of a name. */
function answered(state: AppState, name: Call['name'], value: unknown): AppState {
  const request = state.requests.find(({call}) => call.name === name);
  assert.ok(request !== undefined, `${name} was not asked`);
  return after(state, {type: 'answered', token: request.token, answer: {name, value} as never});
}

const requests = [412, 409, 398, 397, 396].map(number =>
  pullRequest(number, {environments: number === 409 ? ['staging'] : ['production']}),
);

function opened(): AppState {
  const start = after(initialState({size, readOnly: false, now: noon}), {type: 'opened', session});
  const environments = [environment('staging'), environment('production', {protected: true})];
  const loaded = answered(start, 'load', {repository, environments, problems: [], contextCount: 1});
  return after(loaded, {type: 'pull-requests'});
}

const listed = () => answered(opened(), 'pullRequests', {forge: 'GitHub', requests});
const asked = (state: AppState) =>
  state.requests.flatMap(({call}) =>
    call.name === 'pullRequest'
      ? [call.number]
      : call.name === 'pullRequestChange'
        ? [call.request.number]
        : [],
  );
const screenOf = (state: AppState) => {
  const screen = currentScreen(state);
  assert.ok(screen.id === 'pull-requests');
  return screen;
};

describe('the pull requests screen', () => {
  test('follows the chosen one, and asks for the others two at a time', () => {
    const state = listed();
    assert.deepEqual(followedRequest(state), {number: 412, round: 0});
    assert.deepEqual(asked(state), [412, 409, 398]);
    const next = answered(state, 'pullRequest', pullRequestState(pullRequest(409)));
    assert.deepEqual(asked(next), [412, 398, 397]);
    assert.equal(next.seen.get(409)?.state?.pullRequest.number, 409);
  });

  test('what a chosen one changes is asked once a head: first rendered, then of the clusters', () => {
    const state = listed();
    const of = (next: AppState) =>
      next.requests.flatMap(({call}) =>
        call.name === 'pullRequestChange' ? [`${call.request.number} ${call.cluster}`] : [],
      );
    assert.deepEqual(of(state), ['412 no']);
    const rendered = answered(state, 'pullRequestChange', pullRequestEffect({}, false));
    assert.deepEqual(of(rendered), ['412 at-hand']);
    const whole = answered(rendered, 'pullRequestChange', pullRequestEffect());
    assert.deepEqual(of(whole), []);
    assert.deepEqual(of(after(whole, {type: 'move', by: 1})), ['409 no']);
    const moved = pullRequestState(pullRequest(412, {head: 'f'.repeat(40)}));
    const seen = {state: moved, error: null, retryAt: null};
    assert.deepEqual(of(after(whole, {type: 'pull-request-seen', number: 412, seen})), ['412 no']);
  });

  test('where only the clusters could not be asked, what was rendered stays', () => {
    const rendered = answered(listed(), 'pullRequestChange', pullRequestEffect({}, false));
    const request = rendered.requests.find(({call}) => call.name === 'pullRequestChange');
    const problem = {severity: 'error', message: 'no'} as const;
    const failed = after(rendered, {type: 'failed', token: request?.token ?? 0, problem});
    const [known] = [...screenOf(failed).effects.values()];
    assert.ok(known !== undefined && 'effect' in known);
    assert.equal(known.asked, 'at-hand');
  });

  test('a look at one that is not followed (any more) changes nothing', () => {
    const state = listed();
    const late = {state: pullRequestState(pullRequest(409)), error: null, retryAt: null};
    assert.equal(after(state, {type: 'pull-request-seen', number: 409, seen: late}).seen.has(409), false);
    const left = after(state, {type: 'back'});
    assert.equal(followedRequest(left), null);
    assert.equal(after(left, {type: 'pull-request-seen', number: 412, seen: late}).seen.size, 0);
    assert.deepEqual(asked(left), [], 'leaving takes the questions back');
  });

  test('of one environment or of all; r asks for all anew', () => {
    const state = listed();
    const numbers = (next: AppState) => shownRequests(next, screenOf(next)).map(({number}) => number);
    const one = after(state, {type: 'pull-request-scope'});
    assert.deepEqual([screenOf(one).environment, numbers(one)], ['staging', [409]]);
    assert.equal(followedRequest(one)?.number, 409);
    assert.deepEqual(numbers(after(one, {type: 'pull-request-scope'})), [412, 409, 398, 397, 396]);
    const again = after(state, {type: 'refresh'});
    assert.ok(again.requests.some(({call}) => call.name === 'pullRequests'));
    assert.deepEqual(followedRequest(again), {number: 412, round: 1});
  });

  test('after an edit what was seen before is not shown over it, and it is looked at anew', () => {
    const before = pullRequestState(pullRequest(412));
    const looked = after(listed(), {
      type: 'pull-request-seen',
      number: 412,
      seen: {state: before, error: null, retryAt: null},
    });
    let state = reduce(looked, {type: 'open-edit-request'}, noon);
    state = after(
      state,
      {type: 'dialog-toggle', option: 'draft'},
      {type: 'dialog-focus'},
      {type: 'dialog-press'},
    );
    const edited = pullRequest(412, {title: 'Edited', draft: true});
    state = answered(state, 'updatePullRequest', {pullRequest: edited, notes: []});
    assert.equal(state.seen.has(412), false);
    assert.deepEqual(followedRequest(state), {number: 412, round: 1});
    state = answered(state, 'pullRequests', {forge: 'GitHub', requests: [{...requests[0], ...edited}]});
    state = after(state, {type: 'dialog-leave'});
    assert.deepEqual(followedRequest(state), {number: 412, round: 1});
    assert.deepEqual(
      shownRequests(state, screenOf(state)).map(({title, draft}) => [title, draft]),
      [['Edited', true]],
    );
  });

  test('the rule of a forge reaches its environment', () => {
    const rule = {environment: 'staging', straight: false, reason: 'GitHub protects main'};
    const state = answered(opened(), 'forgeRules', [rule]);
    assert.deepEqual(
      state.environments.map(known => known.rule?.straight),
      [false, undefined],
    );
  });
});
