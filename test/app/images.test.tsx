import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import type {ChangeRequest, ImageReport, Session} from '../../source/app/session.ts';
import {imageUpdates} from './fake-images.ts';
import {fakeSession} from './fake-session.ts';
import {openScreen, type TestScreen} from './screen.tsx';

async function onImages(t: TestContext, more: Partial<Session> = {}, readOnly = false): Promise<TestScreen> {
  const screen = await openScreen(fakeSession(more), {readOnly});
  t.after(() => screen.close());
  await screen.press('2', 'I');
  return screen;
}

const minutes = 60_000;

/** What a session is asked, and answers of one's choice. */
function asking(report: (nth: number) => Promise<ImageReport> | ImageReport) {
  const asked: {environment: string; fresh: boolean; signal: AbortSignal}[] = [];
  const session: Partial<Session> = {
    async imageUpdates(environment, signal, onEvent, {fresh}) {
      asked.push({environment, fresh, signal});
      const answer = await report(asked.length);
      onEvent({type: 'found', images: answer.images});
      return answer;
    },
  };
  return {asked, session};
}

const reportOf = (images = imageUpdates()): ImageReport => ({environment: 'staging', images, problems: []});

test('what is marked is what the change is about, and without a mark the chosen image', async t => {
  const planned: ChangeRequest[] = [];
  const screen = await onImages(t, {
    async planChange(request) {
      planned.push(request);
      throw new Error('enough');
    },
  });
  await screen.press('enter');
  // Longer than a dialog ignores keys that were meant for what was there before it.
  screen.pass(1000);
  await screen.press('esc', '*', 'enter');
  const named = planned.map(request =>
    request.kind === 'images' ? request.updates.map(({target}) => target) : [],
  );
  assert.deepEqual(named, [
    ['ghcr.io/acme/checkout:1.9.0'],
    ['ghcr.io/acme/checkout:1.9.0', 'ghcr.io/acme/web:main-21'],
  ]);
  const [first] = planned;
  assert.equal(first?.kind === 'images' ? first.updates[0]?.marker : '', 'flux-system:checkout');
});

test('a suggestion is never marked by itself, and what has no newer one can’t be', async t => {
  const screen = await onImages(t);
  await screen.press('*');
  assert.match(screen.frame(), /2 marked/);
  await screen.press('*');
  assert.doesNotMatch(screen.frame(), /marked/);
  await screen.press('G', 'space');
  assert.match(screen.frame(), /space: there is nothing to update it to/);
  await screen.press('enter');
  assert.match(screen.frame(), /enter: there is nothing to update it to/);
});

test('a read-only session looks, and changes nothing', async t => {
  const screen = await onImages(t, {}, true);
  await screen.press('enter');
  assert.match(screen.frame(), /this session is read-only/);
  assert.equal(screen.store.state().dialog, null);
});

test('registries are asked again after some minutes, and what is new is said', async t => {
  const later = imageUpdates().map(image =>
    image.image.startsWith('redis')
      ? {...image, state: 'newer' as const, target: 'redis:7.4.2', targetTag: '7.4.2'}
      : image,
  );
  const {asked, session} = asking(nth => reportOf(nth === 1 ? imageUpdates() : later));
  const screen = await onImages(t, session);
  screen.pass(3 * minutes);
  screen.store.dispatch({type: 'tick'});
  assert.equal(asked.length, 1, 'not yet');
  screen.pass(4 * minutes);
  screen.store.dispatch({type: 'tick'});
  await screen.waitFor('new: redis:7.4.2');
  assert.deepEqual(
    asked.map(({fresh}) => fresh),
    [false, true],
  );
  await screen.press('q');
  screen.pass(30 * minutes);
  screen.store.dispatch({type: 'tick'});
  assert.equal(asked.length, 2, 'only while the screen is open');
});

test('who leaves takes the question back, and its late answer changes nothing', async t => {
  const answer = Promise.withResolvers<ImageReport>();
  const {asked, session} = asking(() => answer.promise);
  const screen = await onImages(t, session);
  assert.match(screen.frame(), /reading the images of git/);
  await screen.press('q');
  assert.equal(asked[0]?.signal.aborted, true);
  answer.resolve(reportOf());
  await screen.press('3', 'I');
  assert.equal(asked[1]?.environment, 'production');
});

test('a failure keeps what was known, and r asks anew', async t => {
  const {asked, session} = asking(nth => {
    if (nth === 2) throw new Error('the branch is gone');
    return reportOf();
  });
  const screen = await onImages(t, session);
  await screen.press('r');
  await screen.waitFor('the branch is gone');
  assert.match(screen.frame(), /checkout:1\.8\.2/, 'the old rows stay');
  await screen.press('r');
  await screen.waitFor('2 newer');
  assert.doesNotMatch(screen.frame(), /the branch is gone/);
  assert.deepEqual(
    asked.map(({fresh}) => fresh),
    [false, true, true],
  );
});
