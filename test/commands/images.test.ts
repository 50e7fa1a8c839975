import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {ImageReport} from '../../source/app/session.ts';
import {UsageError} from '../../source/commands/failure.ts';
import {exitStatus, imagesDocument, imagesText, select, updatesOf} from '../../source/commands/images.ts';
import {watchImages, watchPause} from '../../source/commands/watch-images.ts';
import {imageUpdates} from '../app/fake-images.ts';

const report: ImageReport = {environment: 'staging', images: imageUpdates(), problems: []};

test('the exit status tells newer ones from those that could not be told', () => {
  const of = (...states: string[]) => exitStatus(report.images.filter(({state}) => states.includes(state)));
  assert.deepEqual(
    [of('current'), of('current', 'newer'), of('suggested'), of('newer', 'unknown'), of()],
    [0, 1, 1, 2, 0],
  );
});

test('images are named as git writes them, or without what may change', () => {
  const named = (...words: string[]) => select(report, words).map(({image}) => image);
  assert.deepEqual(named('ghcr.io/acme/web'), ['ghcr.io/acme/web:main-17']);
  assert.deepEqual(named('nginx', 'docker.io/library/redis'), ['nginx:1.26.1', 'redis:7.4.1']);
  assert.deepEqual(named('redis:7.4.1'), ['redis:7.4.1']);
  assert.equal(named().length, 5);
  assert.throws(() => named('redis:7'), UsageError);
  assert.throws(() => named('ngin'), /no image "ngin" is in git; there are ghcr\.io/);
});

test('an update carries the marker that says where it is set', () => {
  assert.deepEqual(updatesOf(report.images).slice(0, 2), [
    {
      image: 'ghcr.io/acme/checkout:1.8.2',
      target: 'ghcr.io/acme/checkout:1.9.0',
      marker: 'flux-system:checkout',
    },
    {image: 'ghcr.io/acme/web:main-17', target: 'ghcr.io/acme/web:main-21', marker: null},
  ]);
});

test('what is printed says state, target and policy, and is safe on a terminal', () => {
  const [first] = report.images;
  assert.ok(first);
  const hostile = {...first, problem: 'no \u001b[31mway'};
  const text = imagesText({...report, images: [hostile, ...report.images.slice(1)]});
  assert.match(text, /^IMAGE +STATE +TO +STEP +BUILT \(UTC\) +REVISION +POLICY$/m);
  assert.match(
    text,
    /^ghcr\.io\/acme\/checkout:1\.8\.2 +newer +1\.9\.0 +minor +2026-08-04 14:02 +9be01d4a5c0f +semver ~1, ImagePolicy/m,
  );
  assert.match(text, /^ghcr\.io\/acme\/checkout:1\.8\.2: ghcr\.io\/acme\/checkout:1\.8\.0 runs instead$/m);
  assert.ok(text.includes('no way') && !text.includes('\u001b'));
  const document = imagesDocument(report);
  assert.equal(document['schemaVersion'], 1);
});

test('a watch prints what is there and then only what has changed, whatever fails in between', async t => {
  const printed: string[] = [];
  t.mock.method(process.stdout, 'write', (text: string, done: () => void) => {
    printed.push(text);
    done();
    return true;
  });
  t.mock.method(process.stderr, 'write', () => true);
  const controller = new AbortController();
  const answers = ['a', 'a', null, 'b'];
  const asked: boolean[] = [];
  const session = {
    async imageUpdates(_name: string, _signal: AbortSignal, _tell: unknown, {fresh}: {fresh: boolean}) {
      asked.push(fresh);
      const answer = answers.shift();
      if (answers.length === 0) controller.abort();
      if (answer === null || answer === undefined) throw new Error('no network');
      return {...report, environment: answer};
    },
  };
  const status = await watchImages(
    session,
    'staging',
    ({environment}) => environment,
    controller.signal,
    async () => {},
  );
  t.mock.restoreAll();
  assert.deepEqual([printed, status], [['a', 'b'], 0]);
  assert.ok(asked.length === 4 && asked.every(Boolean));
  assert.deepEqual([watchPause(() => 0), watchPause(() => 1)], [240_000, 360_000]);
});
