import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {hitAt} from '../../../source/app/mouse/hit.ts';
import {shown} from '../../../source/app/state/screen-kinds.ts';
import {currentScreen} from '../../../source/app/state/state.ts';
import {withPullRequests} from '../fake-pull-requests.ts';
import {fakeSession} from '../fake-session.ts';
import {openScreen, type TestScreen} from '../screen.tsx';

/** How to get to each screen on which a click chooses a row; a number passes time, in ms. */
const ways: Readonly<Record<string, readonly (string | number)[]>> = {
  overview: [],
  environment: ['2'],
  revisions: ['2', 'L'],
  'pull-requests': ['Q'],
  images: ['2', 'I'],
  promotion: ['3', 'p', 'f'],
  versions: ['V'],
  'command-log': ['2', '@'],
  problems: ['!'],
  sync: ['2', 's', 400, 'tab', 'enter', 'w'],
};

async function openAt(keys: readonly (string | number)[], columns = 80, rows = 24): Promise<TestScreen> {
  const session = fakeSession({
    ...withPullRequests(),
    ...(keys[0] === '!' ? {inspect: () => Promise.reject(new Error('unreachable'))} : {}),
  });
  const screen = await openScreen(session, {columns, rows});
  for (const key of keys) {
    if (typeof key === 'number') screen.pass(key);
    else await screen.press(key);
  }
  return screen;
}

/** A press as a terminal sends it: columns and lines from 1. */
function click(column: number, row: number): string {
  return `\u001B[<0;${column + 1};${row + 1}M\u001B[<0;${column + 1};${row + 1}m`;
}

/** The line of the frame that is marked as chosen. */
function chosenLine(screen: TestScreen): number {
  return screen
    .frame()
    .split('\n')
    .findIndex(row => row.startsWith('│ > '));
}

describe('a click', () => {
  for (const [name, keys] of Object.entries(ways))
    for (const [columns, rows] of [
      [80, 24],
      [120, 35],
    ] as const)
      test(`on a row chooses it: ${name} at ${columns}x${rows}`, async t => {
        const screen = await openAt(keys, columns, rows);
        t.after(() => screen.close());
        assert.equal(currentScreen(screen.store.state()).id, name);
        const lines = screen.frame().split('\n').length;
        let hits = 0;
        for (let line = 0; line < lines - 1; line += 1) {
          const hit = hitAt(screen.store.state(), 5, line);
          if (hit?.at !== 'row') continue;
          await screen.send(click(5, line));
          assert.equal(chosenLine(screen), line, screen.frame());
          screen.pass(1000);
          hits += 1;
        }
        const {screen: at, kind} = shown(screen.store.state());
        const {keys: all, height} = kind.rows(screen.store.state(), at);
        assert.equal(hits, Math.min(all.length, height));
        assert.ok(hits > 0);
      });

  test('on a key of the footer presses it', async t => {
    const screen = await openAt([]);
    t.after(() => screen.close());
    const footer = screen.frame().split('\n').at(-1) ?? '';
    await screen.send(click(footer.indexOf('L log'), 23));
    assert.match(screen.frame(), /Revisions development/);
    await screen.send(click(0, 23));
    await screen.send(click(79, 23));
    assert.match(screen.frame(), /Revisions development/);
  });

  test('twice on a row enters it, three times no more', async t => {
    const screen = await openAt([]);
    t.after(() => screen.close());
    await screen.send(click(5, 4));
    assert.match(screen.frame(), /> staging/);
    await screen.send(click(5, 4) + click(5, 4));
    assert.match(screen.frame(), /staging +kind-staging/);
    assert.match(screen.frame(), /Drift 3 of 5/);
  });

  test('twice, but slowly or at two places, is two clicks', async t => {
    const screen = await openAt([]);
    t.after(() => screen.close());
    await screen.send(click(5, 4));
    screen.pass(500);
    await screen.send(click(5, 4) + click(5, 5) + click(5, 4));
    assert.match(screen.frame(), /> staging/);
  });

  test('on the diff gives it the keys, and the wheel scrolls what is under it', async t => {
    const screen = await openAt(['2', 'n']);
    t.after(() => screen.close());
    const pane = () => {
      const at = currentScreen(screen.store.state());
      return at.id === 'environment' ? at.pane : null;
    };
    await screen.send(click(5, 20));
    assert.equal(pane(), 'diff');
    await screen.send('\u001B[<65;6;4M');
    assert.equal(pane(), 'tree');
  });

  test('through a dialog chooses nothing', async t => {
    const screen = await openAt(['2', 's', 400]);
    t.after(() => screen.close());
    const before = screen.frame();
    for (let line = 1; line < 23; line += 1) await screen.send(click(5, line) + click(5, line));
    assert.equal(screen.frame(), before);
  });
});
