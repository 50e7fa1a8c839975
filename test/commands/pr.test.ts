import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import type {ChangeOrder, PullRequestMerge, PullRequestSeen, Session} from '../../source/app/session.ts';
import {UsageError} from '../../source/commands/failure.ts';
import type {Flags} from '../../source/commands/flags.ts';
import {runPr} from '../../source/commands/pr.ts';
import {
  prHead,
  pullRequest,
  pullRequestEffect,
  pullRequestState,
  withPullRequests,
} from '../app/fake-pull-requests.ts';
import {fakeSession, pullRequestPreview} from '../app/fake-session.ts';
import {plainFlags} from './plain-flags.ts';

const ready = {mergeability: {verdict: 'allowed', reasons: []}} as const;

/** Runs a subcommand on a session; gives its exit status and what it printed. */
async function pr(words: readonly string[], session: Partial<Session> = {}, flags: Partial<Flags> = {}) {
  const made = fakeSession({...withPullRequests(), ...session});
  const {signal} = new AbortController();
  let output = '';
  let complaints = '';
  const context = {
    session: made,
    loaded: await made.load(signal),
    flags: {...plainFlags, ...flags},
    signal,
    print: async (text: string) => {
      output += text;
    },
    complain: (text: string) => {
      complaints += text;
    },
  };
  return {exit: await runPr(context, words), output, complaints};
}

describe('pr', () => {
  test('lists the open ones with their checks and the environments that they touch', async () => {
    const {exit, output} = await pr([]);
    assert.equal(exit, 0);
    assert.deepEqual(
      output
        .trimEnd()
        .split('\n')
        .map(line => line.replaceAll(/ {2,}/g, ' | ')),
      [
        '# | UPDATED (UTC) | AUTHOR | CHECKS | APPROVED | ENVIRONMENTS | TITLE',
        '#412 | 2026-08-07 10:00 | jane | 2/3 | 1/2 | production | checkout: 5 replicas for the sale',
        '#409 | 2026-08-04 10:00 | ci | 1 failed | 0/2 | development,staging | draft: WIP: bump redis to 7.4',
        '#398 | 2026-06-01 10:00 | bob | none | changes wanted | - | readme: how to get a kubeconfig',
      ],
    );
  });

  test('one document for machines', async () => {
    const {output} = await pr([], {}, {output: 'json'});
    const document = JSON.parse(output);
    assert.equal(document.schemaVersion, 1);
    assert.equal(document.forge, 'GitHub');
    const [first] = document.pullRequests;
    assert.deepEqual(
      [first.number, first.environments, first.state, first.mergeability.verdict, first.checks.length],
      [412, ['production'], 'open', 'blocked', 3],
    );
  });

  test('what can not be told is an error with the page to look at', async () => {
    const url = 'https://git.example/acme/infra-live/pulls';
    const {exit, output, complaints} = await pr([], {
      pullRequests: async () => ({forge: null, reason: 'there is no token for git.example', url}),
    });
    assert.deepEqual([exit, output], [2, '']);
    assert.match(complaints, /there is no token for git\.example; look at https:\/\/git\.example/);
  });

  test('an environment that is none, a number that is none, a word too many', async () => {
    for (const words of [
      ['nowhere'],
      ['show'],
      ['show', 'x'],
      ['show', '1', '2'],
      ['staging', 'x'],
      ['edit', '0'],
    ])
      await assert.rejects(pr(words), UsageError, words.join(' '));
  });
});

describe('pr show', () => {
  test('tells all of it, escapes taken out; 1 while it is not to be merged', async () => {
    const {exit, output} = await pr(['show', '#412']);
    assert.equal(exit, 1);
    assert.match(output, /not to be merged yet: required checks have not ended: ci\/test/);
    assert.match(output, /^ {2}ci\/test: running, required$/m);
    assert.match(output, /^ {2}bob: approved$/m);
    assert.match(output, /^ {4}Is five enough\?$/m);
    assert.match(output, /^ {4}spec\.replicas: 3 → 5$/m);
    assert.doesNotMatch(output, /\u001B/);
    assert.equal((await pr(['show', '412'], withPullRequests(ready))).exit, 0);
    const merged = pullRequestState(pullRequest(412, {state: 'merged'}));
    assert.equal((await pr(['show', '412'], {pullRequest: async () => merged})).exit, 0);
  });

  test('--watch prints what changes, and ends with the last check', async () => {
    const running = pullRequestState(pullRequest(412));
    const failed = pullRequestState(pullRequest(412), {
      checks: [{name: 'ci/test', result: 'failed', required: true, url: null, summary: '2 failed'}],
    });
    const passed = pullRequestState(pullRequest(412), {...ready, checks: []});
    const follow =
      (...looks: PullRequestSeen[]): Session['followPullRequest'] =>
      async (_, signal, onSeen) => {
        for (const look of looks) if (!signal.aborted) onSeen(look);
      };
    const seen = (state: typeof running): PullRequestSeen => ({state, error: null, retryAt: null});
    const bad = await pr(
      ['show', '412'],
      {followPullRequest: follow(seen(running), seen(running), seen(failed), seen(passed))},
      {watch: true},
    );
    assert.equal(bad.exit, 1);
    assert.equal(bad.output.match(/^#412/gm)?.length, 2, 'the same is not printed twice');
    assert.match(bad.output, /ci\/test: failed, required, 2 failed/);
    const trouble = {state: running, error: 'no network', retryAt: null};
    const good = await pr(
      ['show', '412'],
      {followPullRequest: follow(seen(running), trouble, seen(passed))},
      {watch: true},
    );
    assert.equal(good.exit, 0);
    assert.match(good.complaints, /no network/);
  });
});

describe('pr open', () => {
  test('prints what would go out; --yes opens it as the flags say', async () => {
    const orders: Omit<ChangeOrder, 'via'>[] = [];
    const session: Partial<Session> = {
      async openPullRequest(_, order) {
        orders.push(order);
        return {ok: true, commit: null, branch: 'x', pullRequest: null, message: 'opened #413', retry: false};
      },
    };
    const printed = await pr(['open', 'staging'], session);
    assert.equal(printed.exit, 1);
    assert.match(printed.output, /gitops-tui\/staging-3f2a91c into main: checkout: image v1\.8\.2/);
    assert.match(printed.output, /Nothing was changed: --yes does it\.\n$/);
    assert.doesNotMatch(
      (await pr(['open', 'staging'], session, {dryRun: true, yes: true})).output,
      /--yes does/,
    );
    assert.deepEqual(orders, []);
    const flags = {yes: true, title: 'T', body: 'B', draft: true, reviewer: ['bob'], label: ['gitops']};
    const done = await pr(['open', 'staging'], session, flags);
    assert.deepEqual([done.exit, done.output.endsWith('opened #413\n')], [0, true]);
    assert.deepEqual(orders, [{title: 'T', body: 'B', draft: true, reviewers: ['bob'], labels: ['gitops']}]);
  });

  test('where there is nothing to open, it says so', async () => {
    const nothing = 'main has no commits that origin/main lacks';
    const session = {planPullRequest: async (name: string) => pullRequestPreview(name, {nothing})};
    const {exit, output} = await pr(['open', 'staging'], session, {yes: true});
    assert.deepEqual([exit, output], [2, `${nothing}\n`]);
  });
});

describe('pr merge', () => {
  const merging = () => {
    const orders: {order: PullRequestMerge; confirmed: unknown}[] = [];
    const session: Partial<Session> = {
      ...withPullRequests(ready),
      async mergePullRequest(order, confirmed) {
        orders.push({order, confirmed});
        return {merged: true, sha: prHead, notes: []};
      },
    };
    return {orders, session};
  };

  test('prints what it would do and what it takes; merges the head that was seen', async () => {
    const {orders, session} = merging();
    const printed = await pr(['merge', '412'], session);
    assert.equal(printed.exit, 1);
    assert.match(printed.output, /^Changes what git says of: production$/m);
    assert.match(printed.output, /^With --yes: merges 9be01d4 into main \(squash\)$/m);
    assert.match(printed.output, /name it too: gitops-tui pr merge 412 production --yes/);
    assert.deepEqual(orders, []);
    const flags = {yes: true, method: 'merge', deleteBranch: true};
    const {exit, output} = await pr(['merge', '412', 'production'], session, flags);
    assert.deepEqual([exit, output.endsWith('merged #412 as 9be01d4 into main\n')], [0, true]);
    assert.deepEqual(orders, [
      {
        order: {number: 412, head: prHead, method: 'merge', deleteBranch: true},
        confirmed: {typed: 'production'},
      },
    ]);
  });

  test('is not ordered while it is blocked, nor in a way that the repository does not allow', async () => {
    const {orders, session} = merging();
    const blocked = {...session, ...withPullRequests(), mergePullRequest: session.mergePullRequest ?? never};
    const {exit, output} = await pr(['merge', '412', 'production'], blocked, {yes: true});
    assert.equal(exit, 2);
    assert.match(output, /^Blocked: required checks have not ended: ci\/test$/m);
    await assert.rejects(pr(['merge', '412'], session, {method: 'rebase'}), /does not allow --method rebase/);
    assert.deepEqual(orders, []);
  });

  test('one whose effect can not be told is still shown, with why', async () => {
    const {session} = merging();
    const pullRequestChange = async () => {
      throw new Error('it has other commits by now');
    };
    const {output} = await pr(['merge', '412'], {...session, pullRequestChange});
    assert.match(output, /What it changes can't be told: it has other commits by now/);
    const conflicts = async () => pullRequestEffect({conflicts: ['web.yaml'], effects: []});
    const other = await pr(['merge', '412'], {...session, pullRequestChange: conflicts});
    assert.match(other.output, /It conflicts with its base in web\.yaml/);
  });
});

test('pr edit prints what it would change, and changes it with --yes', async () => {
  const changes: unknown[] = [];
  const session: Partial<Session> = {
    async updatePullRequest(number, wish) {
      changes.push(wish);
      return {pullRequest: pullRequest(number), notes: ['no review was asked for: nobody knows eve']};
    },
  };
  const flags = {ready: true, label: ['gitops'], reviewer: ['eve']};
  const printed = await pr(['edit', '412'], session, flags);
  assert.deepEqual([printed.exit, changes], [1, []]);
  assert.match(printed.output, /becomes ready for review\n {2}labels: gitops\n {2}reviews asked of: eve/);
  const done = await pr(['edit', '412'], session, {...flags, yes: true});
  assert.equal(done.exit, 0);
  assert.match(done.output, /nobody knows eve/);
  assert.deepEqual(changes, [{draft: false, labels: ['gitops'], reviewers: ['eve']}]);
  await assert.rejects(pr(['edit', '412'], session), UsageError);
  await assert.rejects(pr(['edit', '412'], session, {draft: true, ready: true}), UsageError);
});

async function never(): Promise<never> {
  throw new Error('nothing was to be merged');
}
