import assert from 'node:assert/strict';
import path from 'node:path';
import {describe, type TestContext, test} from 'node:test';
import {movesOnlyTracking} from '../../source/repository/auto-fetch.ts';
import {followRepository} from '../../source/repository/follow.ts';
import {openRepository} from '../../source/repository/open.ts';
import {fingerprint} from './fingerprint.ts';
import {gitIn, temporaryFolder, withRemote} from './git-folder.ts';

const soon = {first: 10, every: 10, longest: 20};

async function eventually(what: string, isThere: () => boolean | Promise<boolean>): Promise<void> {
  for (const limit = Date.now() + 20_000; !(await isThere()); ) {
    assert.ok(Date.now() < limit, `not after 20 s: ${what}`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

async function following(t: TestContext, root: string, fetch: Parameters<typeof followRepository>[1]) {
  const repository = await openRepository(root);
  const controller = new AbortController();
  let moves = 0;
  const ended = followRepository(repository, fetch, controller.signal, async () => {
    moves++;
  });
  t.after(async () => {
    controller.abort();
    await ended;
  });
  return {repository, moves: () => moves};
}

describe('following a repository', () => {
  test('a commit in the checkout is told', async t => {
    const folder = temporaryFolder(t);
    const {checkout} = await withRemote(folder, {'a.yaml': 'a: 1\n'});
    const {moves} = await following(t, checkout.root, false);
    await checkout.commit('More', {'a.yaml': 'a: 2\n'});
    await eventually('it is told', () => moves() === 1);
  });

  test("what somebody pushed is fetched and told, and nothing of the user's moves", async t => {
    const folder = temporaryFolder(t);
    const {checkout, remote} = await withRemote(folder, {'a.yaml': 'a: 1\n'});
    const {repository, moves} = await following(t, checkout.root, soon);
    const before = await fingerprint(checkout.root);
    await gitIn(folder).git('clone', '--quiet', remote.root, 'other');
    const other = gitIn(path.join(folder, 'other'));
    const pushed = await other.commit('Theirs', {'a.yaml': 'a: 2\n'});
    await other.git('push', '--quiet');
    await eventually('it is told', () => moves() === 1);
    const upstream = await repository.upstreamOf('main');
    assert.equal(upstream?.sha, pushed);
    assert.deepEqual(await fingerprint(checkout.root), before);
  });

  for (const [what, spec, expected] of [
    ['a clone', '+refs/heads/*:refs/remotes/origin/*', true],
    ['one branch of it', 'refs/heads/main:refs/remotes/origin/main', true],
    ['a mirror, whose branches a fetch would move', '+refs/*:refs/*', false],
    ['a branch that is fetched into the local one', 'refs/heads/main:refs/heads/main', false],
  ] as const) {
    test(`${what} is ${expected ? '' : 'not '}fetched by itself`, async t => {
      const folder = temporaryFolder(t);
      const {checkout} = await withRemote(folder, {'a.yaml': 'a: 1\n'});
      await checkout.git('config', '--replace-all', 'remote.origin.fetch', spec);
      assert.equal(await movesOnlyTracking(await openRepository(checkout.root), 'origin'), expected);
    });
  }
});
