import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {openLink} from '../../../source/terminal/output/link.ts';

interface Route {
  bytesPerSecond: number;
  /** Each way. */
  delayMs: number;
}

/**
 * Writes pieces for so long as there is room, at a clock of its own. Gives the bytes that arrived within `seconds`, and the
 * most that waited in front of the link's narrowest part in the second half of it.
 */
function simulate({bytesPerSecond, delayMs}: Route, piece: number, seconds: number) {
  let time = 0;
  const link = openLink(() => time);
  const answers: number[] = [];
  let free = 0;
  let arrived = 0;
  let most = 0;
  const send = (bytes: number, isAsked: boolean) => {
    free = Math.max(free, time) + (bytes / bytesPerSecond) * 1000;
    if (isAsked) answers.push(free + 2 * delayMs);
    if (free + delayMs <= seconds * 1000) arrived += bytes;
    if (time > seconds * 500) most = Math.max(most, ((free - time) / 1000) * bytesPerSecond);
  };
  send(4, link.begin() !== '');
  for (; time < seconds * 1000; time++) {
    while ((answers[0] ?? Number.POSITIVE_INFINITY) <= time) {
      answers.shift();
      link.answered();
    }
    for (let count = 0; link.isFree && count < 4; count++) {
      const bytes = Math.min(piece, link.piece);
      send(bytes, link.sent(bytes) !== '');
    }
  }
  return {arrived, most};
}

describe('a link', () => {
  for (const piece of [60, 300, 1024]) {
    test(`slow and far, pieces of ${piece}: little waits on it, yet it is used`, () => {
      const {arrived, most} = simulate({bytesPerSecond: 2000, delayMs: 300}, piece, 60);

      assert.ok(most < 1000, `${most} bytes waited`);
      assert.ok(arrived > 0.8 * 2000 * 60, `${arrived} bytes arrived`);
    });
  }

  test('fast and far: the way there and back is no limit for long', () => {
    const {arrived} = simulate({bytesPerSecond: 1_000_000, delayMs: 300}, 1024, 60);
    assert.ok(arrived > 1_000_000, `${arrived} bytes arrived`);
  });

  test('fast and near: more than anybody can read', () => {
    const {arrived} = simulate({bytesPerSecond: 10_000_000, delayMs: 1}, 1024, 2);
    assert.ok(arrived > 1_000_000, `${arrived} bytes arrived`);
  });

  test('a terminal that never answers is given up, and written to without questions', () => {
    let time = 0;
    const link = openLink(() => time);
    assert.notEqual(link.begin(), '');
    while (link.isFree) link.sent(1000);
    time = link.deadline ?? Number.POSITIVE_INFINITY;
    assert.ok(time <= 5000);
    link.giveUp();
    for (let count = 0; count < 100; count++) {
      assert.ok(link.isFree);
      assert.equal(link.sent(1000), '');
    }
    assert.equal(link.deadline, undefined);
  });

  test('one that answered once is asked again after it stood still', () => {
    const link = openLink(() => 0);
    link.begin();
    link.answered();
    while (link.isFree) link.sent(1000);
    link.giveUp();
    assert.ok(link.isFree);
    assert.notEqual(link.sent(1000), '');
  });

  test('a question costs nothing where little is written', () => {
    const link = openLink(() => 0);
    link.begin();
    link.answered();
    assert.deepEqual([link.sent(50), link.sent(50), link.isAsked], ['', '', false]);
  });
});
