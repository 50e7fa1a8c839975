import assert from 'node:assert/strict';
import path from 'node:path';
import {describe, type TestContext, test} from 'node:test';
import {pathToFileURL} from 'node:url';
import {LogReader} from '../../source/repository/log-reader.ts';
import {openRepository} from '../../source/repository/open.ts';
import type {Commit} from '../../source/repository/types.ts';
import {type GitFolder, gitIn, newRepository, temporaryFolder} from './git-folder.ts';

/** A small generator of numbers below `below`: the same for the same seed. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 0x1_0000_0000) * below);
  };
}

/** Branches, merges (some against another folder's commits), tags, in an order that the dice decide. */
async function randomRepository(context: TestContext, seed: number): Promise<GitFolder> {
  const roll = dice(seed);
  const folder = await newRepository(path.join(temporaryFolder(context), 'repo'));
  await folder.commit('first', {'envs/a/x.yaml': '0', 'envs/b/x.yaml': '0'});
  let branches = 0;
  for (let index = 0; index < 24; index++) {
    const kind = roll(6);
    if (kind === 0)
      await folder.git(
        'checkout',
        '--quiet',
        '-b',
        `side${++branches}`,
        index > 3 ? `HEAD~${roll(2)}` : 'HEAD',
      );
    else if (kind === 1 && branches > 0) {
      await folder.git('merge', '--quiet', '--no-ff', '-X', 'ours', '-m', `merge ${index}`, 'main');
    } else {
      const file = `envs/${roll(3) === 0 ? 'b' : 'a'}/f${roll(4)}.yaml`;
      await folder.commit(`change ${index}\n\nbody\n\nwith lines`, {[file]: String(index)});
    }
    if (roll(8) === 0) await folder.git('tag', `t${index}`);
    if (roll(3) === 0 && branches > 0) {
      await folder.git('checkout', '--quiet', 'main');
      await folder.git('merge', '--quiet', '--no-ff', '-X', 'theirs', '-m', `in ${index}`, `side${branches}`);
    }
  }
  await folder.git('checkout', '--quiet', 'main');
  return folder;
}

async function readerOf(root: string, folder: string, idleMs?: number) {
  const repository = await openRepository(root);
  const from = await repository.resolve('HEAD');
  return {repository, from, reader: new LogReader(repository.git, {from, path: folder}, idleMs)};
}

const shas = (commits: readonly Commit[]) => commits.map(({sha}) => sha);

describe('LogReader', () => {
  for (const seed of [1, 2, 3, 4]) {
    test(`pages are git log, whatever merges there are (${seed})`, async context => {
      const folder = await randomRepository(context, seed);
      for (const below of ['', 'envs/a', 'envs/b', 'envs/none']) {
        const {repository, from, reader} = await readerOf(folder.root, below);
        context.after(() => reader.close());
        const whole = (await folder.git('log', '--format=%H', '--', ...(below === '' ? [] : [below])))
          .split('\n')
          .filter(sha => sha !== '');
        const roll = dice(seed + 7);
        const found: Commit[] = [];
        for (let more = true; more; ) {
          const limit = 1 + roll(6);
          const page = await reader.page({skip: found.length, limit});
          found.push(...page.commits);
          more = page.more;
          assert.ok(!more || page.commits.length === limit, 'a page that is not the last is full');
          // A log that was closed goes on where it was.
          if (roll(3) === 0) reader.close();
        }
        assert.deepEqual(shas(found), whole, below);
        assert.deepEqual(found, await repository.log({from, path: below, limit: 1000}), below);
        assert.deepEqual(shas((await reader.page({skip: 2, limit: 3})).commits), whole.slice(2, 5), 'back');
        assert.deepEqual(await reader.page({skip: whole.length, limit: 3}), {
          commits: [],
          more: false,
          brokenOff: false,
        });
      }
    });
  }

  test('pages asked for at once share one log, and one that is cancelled harms no other', async context => {
    const folder = await newRepository(path.join(temporaryFolder(context), 'repo'));
    const made: string[] = [];
    for (const value of ['1', '2', '3', '4']) made.unshift(await folder.commit(value, {'a.yaml': value}));
    const {reader} = await readerOf(folder.root, '');
    context.after(() => reader.close());
    const cancelled = new AbortController();
    const pages = [
      reader.page({skip: 0, limit: 2}),
      reader.page({skip: 2, limit: 2}, cancelled.signal),
      reader.page({skip: 1, limit: 2}),
    ];
    cancelled.abort();
    const [first, second, third] = await Promise.allSettled(pages);
    assert.ok(first?.status === 'fulfilled' && third?.status === 'fulfilled');
    assert.deepEqual(shas(first.value.commits), made.slice(0, 2));
    assert.deepEqual(shas(third.value.commits), made.slice(1, 3));
    assert.ok(second?.status === 'rejected');
    assert.equal(second.reason.reason, 'aborted');
  });

  test('answers with what is there when its time is up, and goes on', async () => {
    const answers: (() => void)[] = [];
    const row = (sha: string) =>
      `${[sha, '', 'Ada', 'a@x', '2026-01-01T00:00:00Z', 's', 'b', ''].join('\0')}\0`;
    const told = [row('a'.repeat(40)), row('b'.repeat(40)).slice(0, 50), row('b'.repeat(40)).slice(50)];
    const next = async () => {
      const {promise, resolve} = Promise.withResolvers<void>();
      answers.push(resolve);
      await promise;
      const text = told.shift();
      return text === undefined
        ? ({done: true, value: undefined} as const)
        : {done: false, value: Buffer.from(text)};
    };
    const ended = Promise.resolve({exitCode: 0, stderr: ''});
    const git = {stream: () => ({chunks: {next}, ended, stop() {}})};
    const reader = new LogReader(git, {from: 'a'.repeat(40), path: ''});
    assert.deepEqual(await reader.page({skip: 0, limit: 5, withinMs: 0}), {
      commits: [],
      more: true,
      brokenOff: false,
    });
    const whole = reader.page({skip: 0, limit: 5});
    const tick = setInterval(() => answers.shift()?.(), 1);
    assert.deepEqual(shas((await whole).commits), ['a'.repeat(40), 'b'.repeat(40)]);
    clearInterval(tick);
    reader.close();
  });

  test('an idle log ends by itself, and its rows stay', async context => {
    const folder = await newRepository(path.join(temporaryFolder(context), 'repo'));
    const made: string[] = [];
    for (const value of ['1', '2', '3']) made.unshift(await folder.commit(value, {'a.yaml': value}));
    const {reader} = await readerOf(folder.root, '', 0);
    for (const [skip, sha] of made.entries()) {
      const {commits} = await reader.page({skip, limit: 1});
      assert.deepEqual(shas(commits), [sha]);
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  });

  test('a renamed folder begins with the commit that renamed it', async context => {
    const folder = await newRepository(path.join(temporaryFolder(context), 'repo'));
    await folder.commit('one', {'old/a.yaml': '1'});
    await folder.git('mv', 'old', 'new');
    const moved = await folder.commit('move');
    const two = await folder.commit('two', {'new/a.yaml': '2'});
    const {reader} = await readerOf(folder.root, 'new');
    context.after(() => reader.close());
    const {commits, more} = await reader.page({skip: 0, limit: 9});
    assert.deepEqual([shas(commits), more], [[two, moved], false]);
  });

  test('tells tags from branches', async context => {
    const folder = await newRepository(path.join(temporaryFolder(context), 'repo'));
    await folder.commit('one', {'a.yaml': '1'});
    await folder.git('tag', 'v1');
    await folder.git('tag', '-a', 'release/2', '-m', 'two');
    await folder.git('branch', 'v2');
    await folder.git('update-ref', 'refs/remotes/origin/v3', 'HEAD');
    const {reader} = await readerOf(folder.root, '');
    context.after(() => reader.close());
    const [commit] = (await reader.page({skip: 0, limit: 1})).commits;
    assert.deepEqual([...(commit?.tags ?? [])].sort(), ['release/2', 'v1']);
    assert.deepEqual([...(commit?.refs ?? [])].sort(), ['main', 'origin/v3', 'release/2', 'v1', 'v2']);
  });

  test('a shallow clone ends where it was cut, a detached one begins at its commit', async context => {
    const base = temporaryFolder(context);
    const folder = await newRepository(path.join(base, 'repo'));
    const made: string[] = [];
    for (const value of ['1', '2', '3']) made.unshift(await folder.commit(value, {'a.yaml': value}));
    const url = pathToFileURL(folder.root).href;
    await folder.git('clone', '--quiet', '--depth=2', url, path.join(base, 'shallow'));
    const shallow = await readerOf(path.join(base, 'shallow'), 'a.yaml');
    assert.equal(shallow.repository.shallow, true);
    assert.deepEqual(shas((await shallow.reader.page({skip: 0, limit: 9})).commits), made.slice(0, 2));
    await folder.git('checkout', '--quiet', '--detach', 'HEAD~1');
    const detached = await readerOf(folder.root, '');
    assert.deepEqual(shas((await detached.reader.page({skip: 0, limit: 9})).commits), made.slice(1));
  });

  test('a partial clone is not fetched from: without blobs all is there, without trees it says so', async context => {
    const base = temporaryFolder(context);
    const folder = await newRepository(path.join(base, 'repo'));
    const made: string[] = [];
    for (const value of ['1', '2', '3']) made.unshift(await folder.commit(value, {'e/a.yaml': value}));
    await folder.git('config', 'uploadpack.allowFilter', 'true');
    await folder.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
    const url = pathToFileURL(folder.root).href;
    const clone = async (filter: string, name: string) => {
      const target = path.join(base, name);
      await folder.git('clone', '--quiet', '--no-checkout', `--filter=${filter}`, url, target);
      const objects = () => gitIn(target).git('count-objects', '-v');
      const before = await objects();
      const {reader} = await readerOf(target, 'e');
      context.after(() => reader.close());
      const page = await reader.page({skip: 0, limit: 9});
      assert.equal(await objects(), before, 'nothing was fetched');
      return page;
    };
    const blobless = await clone('blob:none', 'blobless');
    assert.deepEqual([shas(blobless.commits), blobless.more, blobless.brokenOff], [made, false, false]);
    const treeless = await clone('tree:0', 'treeless');
    assert.deepEqual([treeless.commits, treeless.more, treeless.brokenOff], [[], false, true]);
  });

  test('a commit that is not there is an error, each time', async context => {
    const folder = await newRepository(path.join(temporaryFolder(context), 'repo'));
    await folder.commit('one', {'a.yaml': '1'});
    const {git} = await openRepository(folder.root);
    const reader = new LogReader(git, {from: 'f'.repeat(40), path: ''});
    for (let time = 0; time < 2; time++)
      await assert.rejects(reader.page({skip: 0, limit: 1}), {name: 'RepositoryError', reason: 'git'});
    assert.throws(() => new LogReader(git, {from: '--all', path: ''}), {reason: 'unknown-revision'});
    assert.throws(() => new LogReader(git, {from: 'f'.repeat(40), path: '../x'}), {reason: 'unknown-path'});
  });
});
