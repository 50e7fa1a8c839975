import assert from 'node:assert/strict';
import {describe, type TestContext, test} from 'node:test';
import {Standings} from '../../source/changes/standing.ts';
import {ForgeError} from '../../source/forges/error.ts';
import type {KnownForge, KnownForges} from '../../source/forges/known.ts';
import type {Forge, ForgeKind, Rights} from '../../source/forges/types.ts';
import {openRepository} from '../../source/repository/open.ts';
import {newRepository, temporaryFolder} from '../repository/git-folder.ts';

const origin = {name: 'origin', url: 'https://github.com/shop/e.git'};
const allowed: Rights = {push: true, straight: true, reason: null, forkOf: null};
const reader: Rights = {push: false, straight: false, reason: 'you may read', forkOf: null};

/** Forges by URL, whose rights are what the test says; what was asked is kept. */
function forges(
  rights: Record<string, (branch: string | null) => Promise<Rights> | Rights>,
  kind: ForgeKind = 'github',
) {
  const asked: string[] = [];
  const of = async (url: string): Promise<KnownForge> => {
    const path = url.replace(/^https:\/\/[^/]+\/|\.git$/g, '');
    const answer = rights[path];
    const repository = {forge: kind, host: new URL(url).host, path};
    if (answer === undefined) return {repository, token: null, forge: null};
    const forge = {
      repository,
      async rights(branch: string | null) {
        asked.push(`${path} ${branch}`);
        return answer(branch);
      },
    };
    return {repository, token: {value: 't', from: 'a test'}, forge: forge as unknown as Forge};
  };
  return {asked, forges: {of} as unknown as KnownForges};
}

async function repositoryWith(t: TestContext, ...remotes: [name: string, url: string][]) {
  const folder = await newRepository(temporaryFolder(t));
  for (const [name, url] of remotes) await folder.git('remote', 'add', name, url);
  return openRepository(folder.root);
}

describe('Standings', () => {
  test('asks once a minute for a branch, whoever wants to know', async t => {
    const repository = await repositoryWith(t);
    const {asked, forges: known} = forges({'shop/e': () => allowed});
    let now = 0;
    const standings = new Standings(known, () => now);
    const [one, two] = await Promise.all([
      standings.of(repository, origin, 'main'),
      standings.of(repository, origin, 'main'),
    ]);
    assert.deepEqual(
      [one, two],
      [
        {...allowed, fork: null},
        {...allowed, fork: null},
      ],
    );
    await standings.of(repository, origin, 'env/staging');
    assert.deepEqual(asked, ['shop/e main', 'shop/e env/staging']);
    now = 59_999;
    await standings.of(repository, origin, 'main');
    assert.equal(asked.length, 2);
    now = 60_000;
    await standings.of(repository, origin, 'main');
    assert.equal(asked.length, 3);
  });

  test('without a token nothing is known, and nothing is asked', async t => {
    const {asked, forges: known} = forges({});
    assert.equal(await new Standings(known).of(await repositoryWith(t), origin, 'main'), null);
    assert.deepEqual(asked, []);
  });

  test('a failure is unknown, never allowed, and is asked again the next time', async t => {
    const repository = await repositoryWith(t);
    let fails = true;
    const {forges: known} = forges({
      'shop/e': () => {
        if (fails) throw new ForgeError('unreachable', 'github.com could not be reached');
        return allowed;
      },
    });
    const standings = new Standings(known);
    assert.deepEqual(await standings.of(repository, origin, 'main'), {
      push: null,
      straight: null,
      reason: 'github.com could not be reached',
      forkOf: null,
      fork: null,
    });
    fails = false;
    assert.equal((await standings.of(repository, origin, 'main'))?.straight, true);
  });

  test('a token that is no longer taken is forgotten', async t => {
    const {forges: known} = forges({
      'shop/e': () => {
        throw new ForgeError('unauthorized', 'GitHub does not accept the token');
      },
    });
    const forgotten: string[] = [];
    const watched = {of: known.of, forget: (url: string) => forgotten.push(url)} as unknown as KnownForges;
    const standing = await new Standings(watched).of(await repositoryWith(t), origin, 'main');
    assert.equal(standing?.straight, null);
    assert.deepEqual(forgotten, [origin.url]);
  });

  test('who goes away ends it for nobody else', async t => {
    const repository = await repositoryWith(t);
    const answer = Promise.withResolvers<Rights>();
    const {asked, forges: known} = forges({'shop/e': () => answer.promise});
    const standings = new Standings(known);
    const leaving = new AbortController();
    const gone = standings.of(repository, origin, 'main', leaving.signal);
    const stays = standings.of(repository, origin, 'main', new AbortController().signal);
    leaving.abort(new Error('left'));
    await assert.rejects(gone, /left/);
    answer.resolve(allowed);
    assert.equal((await stays)?.straight, true);
    assert.deepEqual(asked, ['shop/e main']);
  });

  test("finds the remote of the user's own fork, and no other", async t => {
    const repository = await repositoryWith(
      t,
      ['elsewhere', 'https://gitlab.com/ada/e.git'],
      ['folder', '/srv/git/e.git'],
      ['others', 'https://github.com/bob/e.git'],
      ['readable', 'https://github.com/eve/e.git'],
      ['unrelated', 'https://github.com/ada/other.git'],
      ['zfork', 'https://github.com/ada/E.git'],
    );
    const fork = {push: true, straight: null, reason: null};
    const {forges: known} = forges({
      'shop/e': () => reader,
      'bob/e': () => {
        throw new ForgeError('not-found', 'gone');
      },
      'eve/e': () => ({...reader, forkOf: 'shop/e'}),
      'ada/other': () => ({...fork, forkOf: null}),
      'ada/E': () => ({...fork, forkOf: 'Shop/e'}),
    });
    const {of} = known;
    const withFolder = {
      of: async (url: string) =>
        url.startsWith('/') ? {repository: null, token: null, forge: null} : of.call(known, url),
    } as unknown as KnownForges;
    const standing = await new Standings(withFolder).of(repository, origin, 'main');
    assert.deepEqual(standing?.fork, {remote: 'zfork', path: 'ada/E'});
  });
});
