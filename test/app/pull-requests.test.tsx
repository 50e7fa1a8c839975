// The pull requests' screen and its dialogs: what is shown (frames/), what keys do, and what comes too late.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import type {PullRequestMerge, PullRequestSeen, Session} from '../../source/app/session.ts';
import {
  prHead,
  pullRequest,
  pullRequestEffect,
  pullRequestState,
  withPullRequests,
} from './fake-pull-requests.ts';
import {fakeSession} from './fake-session.ts';
import {goldenTests, pressAll, type Scene} from './golden.tsx';
import {openScreen} from './screen.tsx';

const ready = {mergeability: {verdict: 'allowed', reasons: []}} as const;
const opened: Partial<Session> = {
  async openPullRequest(preview) {
    const url = 'https://git.example/acme/infra-live/pull/413';
    return {
      ok: true,
      commit: preview.head,
      branch: preview.branch,
      pullRequest: {opened: true, url, number: 413, updated: false},
      message: `pushed 3f2a91c to the branch ${preview.branch}; opened pull request #413: ${url}`,
      retry: false,
    };
  },
};

const frames: readonly Scene[] = [
  {name: 'pull-requests', keys: ['Q'], until: 'on its cluster'},
  {name: 'pull-requests-120', keys: ['Q'], until: 'on its cluster', columns: 120, rows: 35},
  {name: 'pull-requests-of-one', keys: ['2', 'Q'], until: 'touch staging'},
  {name: 'pull-request-in-full', keys: ['Q', 'enter'], until: 'and on its cluster'},
  {name: 'pull-requests-patch', keys: ['Q', 'd'], until: '+ replicas: 5'},
  {
    name: 'pull-requests-without-token',
    session: {
      async pullRequests() {
        const url = 'https://git.example/acme/infra-live/pulls';
        return {forge: null, reason: 'there is no token for git.example: set GITEA_TOKEN', url};
      },
    },
    keys: ['Q'],
    until: 'no token',
  },
  {
    name: 'pull-requests-conflict',
    session: {
      ...withPullRequests(),
      async pullRequestChange() {
        return pullRequestEffect({conflicts: ['environments/production/web.yaml'], effects: []});
      },
    },
    keys: ['Q'],
    until: 'conflicts with main',
  },
  {name: 'merge-blocked', keys: ['Q', 'm'], until: "can't be merged"},
  {name: 'merge', session: withPullRequests(ready), keys: ['Q', 'm'], until: 'Merge #412'},
  {
    name: 'merge-typing',
    session: withPullRequests(ready),
    keys: ['Q', 'm', 400, 'M', 'b', 'tab', 'enter', 'p', 'r', 'o'],
    until: 'pro_',
    columns: 120,
    rows: 35,
  },
  {
    name: 'merge-done',
    session: withPullRequests(ready),
    keys: ['Q', 'm', 400, 'tab', 'enter', ...'production', 'enter'],
    until: 'merged into main',
  },
  {name: 'edit-request', keys: ['Q', 'e', 400, 'f', 'V', 'b', 'o'], until: 'bo_'},
  {
    name: 'pull-request-live',
    session: {...withPullRequests(), ...opened},
    keys: ['2', 'P', 400, 'tab', 'enter'],
    until: 'ci/test',
  },
];

goldenTests(frames, withPullRequests());

describe('merging', () => {
  const merges = async (session: Partial<Session>, keys: readonly (string | number)[], readOnly = false) => {
    const orders: {order: PullRequestMerge; confirmed: unknown}[] = [];
    const made = fakeSession({
      ...session,
      async mergePullRequest(order, confirmed) {
        orders.push({order, confirmed});
        return {merged: true, sha: null, notes: []};
      },
    });
    const screen = await openScreen(made, {readOnly});
    try {
      await pressAll(screen, keys);
      return {orders, frame: screen.frame()};
    } finally {
      screen.close();
    }
  };

  test('takes the head that was shown, the method that was chosen, and the name typed in full', async () => {
    const keys = ['Q', 'm', 400, 'M', 'b', 'tab', 'enter', ...'productio', 'enter', 'n', 'enter'];
    const {orders} = await merges(withPullRequests(ready), keys);
    assert.deepEqual(orders, [
      {
        order: {number: 412, head: prHead, method: 'merge', deleteBranch: false},
        confirmed: {typed: 'production'},
      },
    ]);
  });

  test('without a protected environment a yes is enough; Cancel has the focus', async () => {
    const allowed = withPullRequests(ready);
    const session = {
      ...allowed,
      async pullRequests() {
        return {forge: 'GitHub', requests: [pullRequest(412, {environments: ['staging']})]};
      },
    };
    assert.deepEqual((await merges(session, ['Q', 'm', 400, 'enter'])).orders, []);
    // A dialog that has just come up takes no keys.
    assert.deepEqual((await merges(session, ['Q', 'm', 'tab', 'enter'])).orders, []);
    const {orders} = await merges(session, ['Q', 'm', 400, 'tab', 'enter']);
    assert.deepEqual(
      orders.map(({confirmed}) => confirmed),
      ['yes'],
    );
  });

  test('what is not to be merged yet is not ordered, and a read-only session has no dialog', async () => {
    const blocked = await merges(withPullRequests(), ['Q', 'm', 400, 'tab', 'enter']);
    assert.deepEqual(blocked.orders, []);
    assert.match(blocked.frame, /required checks have not ended/);
    const reader = await merges(withPullRequests(ready), ['Q', 'm'], true);
    assert.deepEqual(reader.orders, []);
    assert.match(reader.frame, /read-only/);
  });

  test('other commits on the branch take the button away, while the dialog is open', async () => {
    let say: (seen: PullRequestSeen) => void = () => {};
    const orders: PullRequestMerge[] = [];
    const session = fakeSession({
      ...withPullRequests(ready),
      async followPullRequest(number, signal, onSeen) {
        say = onSeen;
        onSeen({state: pullRequestState(pullRequest(number), ready), error: null, retryAt: null});
        await new Promise(resolve => signal.addEventListener('abort', resolve));
      },
      async mergePullRequest(order) {
        orders.push(order);
        return {merged: true, sha: null, notes: []};
      },
    });
    const screen = await openScreen(session);
    try {
      await pressAll(screen, ['Q', 'm', 400, 'tab']);
      const moved = pullRequest(412, {head: 'f'.repeat(40)});
      say({state: pullRequestState(moved, ready), error: null, retryAt: null});
      await screen.press('enter');
      await screen.waitFor('it has other commits by now');
      assert.deepEqual(orders, []);
    } finally {
      screen.close();
    }
  });
});

test('editing one writes what was changed, and nothing else', async () => {
  const written: unknown[] = [];
  const session = fakeSession({
    ...withPullRequests(),
    async updatePullRequest(number, changes) {
      written.push({number, changes});
      return {pullRequest: pullRequest(number), notes: ['the label "x" was not set']};
    },
  });
  const screen = await openScreen(session);
  try {
    await pressAll(screen, ['Q', 'e', 400, 'tab', 'enter']);
    assert.match(screen.frame(), /It can't be written: nothing is changed yet/);
    assert.deepEqual(written, []);
    await pressAll(screen, ['f', 'V', ...'bob', 'enter', 'b', 'x', 'enter', 'enter']);
    assert.deepEqual(written, [{number: 412, changes: {draft: true, labels: ['x'], reviewers: ['bob']}}]);
    await screen.waitFor('the label "x" was not set');
  } finally {
    screen.close();
  }
});

test('one pull request is followed at a time, and what comes late of another changes nothing', async () => {
  const said = new Map<number, (seen: PullRequestSeen) => void>();
  const ended: number[] = [];
  const session = fakeSession({
    ...withPullRequests(),
    async followPullRequest(number, signal, onSeen) {
      said.set(number, onSeen);
      await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve()));
      ended.push(number);
    },
  });
  const screen = await openScreen(session);
  try {
    await screen.press('Q');
    assert.deepEqual([...said.keys()], [412]);
    await screen.press('j');
    assert.deepEqual([[...said.keys()], ended], [[412, 409], [412]]);
    said.get(412)?.({state: pullRequestState(pullRequest(412, {title: 'LATE'})), error: null, retryAt: null});
    await screen.press('k');
    assert.doesNotMatch(screen.frame(), /LATE/);
    await screen.press('esc');
    assert.deepEqual(ended, [412, 409, 412]);
  } finally {
    screen.close();
  }
});

test('after a failed look the former one stays, and says that it is from before', async () => {
  const session = fakeSession({
    ...withPullRequests(),
    async followPullRequest(number, signal, onSeen) {
      onSeen({state: pullRequestState(pullRequest(number)), error: null, retryAt: null});
      onSeen({state: null, error: 'github.com could not be reached', retryAt: '2026-08-07T12:05:00Z'});
      await new Promise(resolve => signal.addEventListener('abort', resolve));
    },
  });
  const screen = await openScreen(session);
  try {
    await screen.press('Q');
    await screen.waitFor('github.com could not be reached; asked again at 12:05 UTC');
    assert.match(screen.frame(), /from before that[\s\S]*ci\/test/);
  } finally {
    screen.close();
  }
});
