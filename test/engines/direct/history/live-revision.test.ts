import assert from 'node:assert/strict';
import {describe, type TestContext, test} from 'node:test';
import {dump} from 'js-yaml';
import {emptyApplySet, parentObject} from '../../../../source/engines/direct/apply/apply-set.ts';
import {createDirectEngine} from '../../../../source/engines/direct/engine.ts';
import {openRepository} from '../../../../source/repository/open.ts';
import type {JsonObject} from '../../../../source/resources/json.ts';
import {createMask} from '../../../../source/secrets/mask.ts';
import {newRepository, temporaryFolder} from '../../../repository/git-folder.ts';
import {configMap, namespace} from '../../desired.ts';
import {FakeCluster} from '../../fake-cluster.ts';
import {environment} from '../../setting.ts';

const path = 'environments/staging';

/** A repository whose environment's folder a test commits to, and a cluster that holds what a test puts there. */
async function setUp(t: TestContext) {
  const folder = await newRepository(temporaryFolder(t));
  const cluster = new FakeCluster();
  await cluster.seed(namespace('shop'));
  const commit = (message: string, ...objects: readonly JsonObject[]) =>
    folder.commit(message, {
      [path]: null,
      ...Object.fromEntries(
        objects.map(object => {
          const {name} = object['metadata'] as {name: string};
          return [`${path}/${name}.yaml`, dump(object)];
        }),
      ),
    });
  await folder.commit('Start', {[`${path}/README.md`]: 'Staging'});
  const engine = async () =>
    createDirectEngine({
      environment: {...environment, path},
      repository: await openRepository(folder.root),
      connect: async () => cluster,
      ignore: [],
      mask: createMask(),
      worktree: false,
    });
  const find = async () => {
    const {liveRevision, liveMatch} = await (await engine()).findLiveRevision(AbortSignal.timeout(60_000));
    return {liveRevision, liveMatch};
  };
  const live = async (...objects: readonly JsonObject[]) => {
    for (const object of objects) await cluster.seed(object);
  };
  return {folder, cluster, commit, find, live, engine};
}

const a = (value: string) => configMap('a', {x: value, y: '1'});
const b = configMap('b', {x: '1'});

describe('which revision is live where nobody recorded one', () => {
  test('the commit that live matches, though git has moved on since', async t => {
    const {commit, find, live} = await setUp(t);
    await commit('One', a('1'), b);
    const two = await commit('Two', a('2'), b);
    await commit('Three', a('3'), b);
    await live(a('2'), b);
    assert.deepEqual(await find(), {liveRevision: two, liveMatch: {revision: two, differences: 0}});
  });

  test('the tip where live is what it says, also where it changed something else', async t => {
    const {folder, commit, find, live} = await setUp(t);
    await commit('One', a('1'), b);
    const tip = await folder.commit('Elsewhere', {'README.md': 'hello'});
    await live(a('1'), b);
    assert.deepEqual((await find()).liveRevision, tip);
  });

  test('the nearest where none matches, with the number of differences', async t => {
    const {commit, find, live} = await setUp(t);
    await commit('One', a('1'), b);
    const two = await commit('Two', a('2'), b);
    await commit('Three', a('3'), b);
    await live(configMap('a', {x: '2', y: 'by hand'}), b);
    assert.deepEqual(await find(), {liveRevision: null, liveMatch: {revision: two, differences: 1}});
  });

  test('an object that a commit lacks and live has counts, so that less is not nearer', async t => {
    const {commit, find, live} = await setUp(t);
    const one = await commit('One', a('1'), b);
    await commit('Without b', a('1'));
    await live(a('1'), b);
    assert.deepEqual((await find()).liveRevision, one);
  });

  test('an object that is not live yet', async t => {
    const {commit, find, live} = await setUp(t);
    const one = await commit('One', a('1'));
    await commit('With b', a('1'), b);
    await live(a('1'));
    assert.deepEqual((await find()).liveRevision, one);
  });

  test('a commit that can not be read matches nothing', async t => {
    const {folder, commit, find, live} = await setUp(t);
    const one = await commit('One', a('1'), b);
    await folder.commit('Break it', {[`${path}/b.yaml`]: 'kind: ['});
    await commit('Two', a('2'), b);
    await live(a('1'), b);
    assert.deepEqual((await find()).liveRevision, one);
  });

  test('what can not be read in the cluster is no match', async t => {
    const {commit, find, live, cluster} = await setUp(t);
    await commit('One', a('1'), b);
    await commit('Two', a('2'), b);
    await live(a('1'), b);
    const {ClusterError} = await import('../../../../source/cluster/types.ts');
    cluster.refuse = request =>
      request.includes('ConfigMap/shop/b') ? new ClusterError('forbidden', 'no', {status: 403}) : undefined;
    assert.deepEqual(await find(), {liveRevision: null, liveMatch: undefined});
  });

  test('is none where nothing was ever deployed', async t => {
    const {commit, find} = await setUp(t);
    await commit('One', a('1'));
    await commit('Two', a('1'), b);
    assert.deepEqual(await find(), {liveRevision: null, liveMatch: undefined});
  });

  test('is what was recorded where it was', async t => {
    const {commit, find, live} = await setUp(t);
    await commit('One', a('1'), b);
    await commit('Two', a('2'), b);
    const revision = 'd'.repeat(40);
    const history = [{revision, time: '2026-11-21T08:00:00Z', by: 'Jane', pruned: false, tookSeconds: 1}];
    const set = {...emptyApplySet('shop', 'staging'), history};
    await live(a('1'), b, {...parentObject(set, ''), data: parentObject(set, '')['data'] ?? null});
    const {liveMatch} = await find();
    assert.equal(liveMatch, undefined);
  });

  test('is not claimed any more once live has moved on', async t => {
    const {commit, live, engine} = await setUp(t);
    const one = await commit('One', a('1'), b);
    await live(a('1'), b);
    const same = await engine();
    const signal = AbortSignal.timeout(60_000);
    assert.equal((await same.findLiveRevision(signal)).liveRevision, one);
    assert.equal((await same.inspect(signal)).liveRevision, one);
    await live(a('by hand'));
    assert.equal((await same.inspect(signal)).liveRevision, null);
    const {liveMatch} = await same.findLiveRevision(signal);
    assert.deepEqual(liveMatch, {revision: one, differences: 1});
  });
});

describe('in how many fields and objects live differs from commits', () => {
  const signal = AbortSignal.timeout(60_000);
  const told = async (
    engine: ReturnType<typeof createDirectEngine>,
    shas: readonly string[],
  ): Promise<(number | null | undefined)[]> => {
    const found = new Map<string, number | null>();
    await engine.differences(shas, signal, (sha, differences) => found.set(sha, differences));
    return shas.map(sha => found.get(sha));
  };

  test('counts fields, what is missing and what is one too many, also of the newest', async t => {
    const {commit, live, engine} = await setUp(t);
    const one = await commit('One', a('1'));
    const two = await commit('Two', a('2'), b);
    const three = await commit('Three', a('3'), b, configMap('c', {}));
    await live(a('2'), b);
    const here = await engine();
    await assert.rejects(told(here, [one]), /nothing was compared/);
    await here.inspect(signal);
    // Of one: a's x, and b that it does not hold. Of three: a's x, and c that is not live.
    assert.deepEqual(await told(here, [three, two, one]), [2, 0, 2]);
    await live(a('1'));
    assert.deepEqual(await told(here, [two]), [0], 'as it was inspected last');
    await here.inspect(signal);
    assert.deepEqual(await told(here, [three, two, one]), [2, 1, 1]);
  });

  test('is not told of what can not be read, and each is told as it is known', async t => {
    const {folder, commit, live, engine} = await setUp(t);
    const broken = await folder.commit('Broken', {[`${path}/a.yaml`]: 'a: [\n'});
    const two = await commit('Two', a('2'));
    await live(a('2'));
    const here = await engine();
    await here.inspect(signal);
    const unknown = 'f'.repeat(40);
    assert.deepEqual(await told(here, [unknown, broken, two]), [null, null, 0]);
  });

  test('ends when it is told to', async t => {
    const {commit, live, engine} = await setUp(t);
    const one = await commit('One', a('1'));
    await live(a('1'));
    const here = await engine();
    await here.inspect(signal);
    await assert.rejects(
      here.differences([one], AbortSignal.abort(new Error('enough')), () => assert.fail('told')),
      /enough/,
    );
  });
});
