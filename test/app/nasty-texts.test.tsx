// Every screen, overlay and dialog with texts that are hard to draw, at sizes from the smallest to a wall: each frame is
// exactly as large as the terminal, whatever is in it.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {stripVTControlCharacters} from 'node:util';
import {renderToString} from 'ink';
import stringWidth from 'string-width';
import {Frame} from '../../source/app/app.tsx';
import {screens} from '../../source/app/keys/places.ts';
import {reduce} from '../../source/app/state/reduce.ts';
import {type AppState, currentScreen} from '../../source/app/state/state.ts';
import {lookOf} from '../../source/app/text/theme.ts';
import {noon} from './fake-data.ts';
import {withPullRequests} from './fake-pull-requests.ts';
import {nasties, nastySession} from './nasty-session.ts';
import {openScreen} from './screen.tsx';

const sizes: [number, number][] = [
  [60, 15],
  [80, 24],
  [120, 35],
  [400, 100],
];

/** A seeded generator (mulberry32): a failure is found again. */
function randomly(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** How to get to each place; a number passes time, in ms. */
const places: Readonly<Record<string, readonly (string | number)[]>> = {
  overview: [],
  environment: ['2', 'n'],
  'environment, all': ['2', '.', '*', 'G'],
  'environment, side by side': ['2', 'n', 'n', 'u'],
  'environment, in sync': ['1'],
  revisions: ['2', 'L', 'j'],
  'pull-requests': ['Q'],
  images: ['2', 'I', 'j', '*'],
  promotion: ['3', 'p', 'f', 'j', 'j', 'space'],
  versions: ['V', 'j'],
  diff: ['2', 'n', 'd'],
  yaml: ['2', 'n', 'y'],
  hidden: ['2', 'n', 'i'],
  patch: ['2', 'L', 'd'],
  problems: ['!'],
  'command-log': ['2', '@'],
  help: ['2', '?'],
  sync: ['2', 's'],
  events: ['2', 'n', 'h', 'E'],
  logs: ['2', 'n', 'h', 't', 'w'],
  'logs, cut': ['2', 'n', 'h', 't', '/', 'e'],
  field: ['2', 'n', 'f'],
  'sync, protected': ['3', 's', 400, 'tab', 'enter', 'p', 'r'],
  'sync, done': ['2', 's', 400, 'tab', 'enter'],
  revert: ['2', 'L', 'j', 'j', 'R'],
  baseline: ['2', 'L', 'j', 'b'],
  'pull request': ['2', 'P'],
  'update of images': ['2', 'I', '*', 'enter'],
};

/** What is on the screens that follow something once it was told. */
const toldBy: Readonly<Record<string, string>> = {events: 'BackOff', logs: 'orders', field: '9be01d4'};

const look = lookOf({ascii: false, color: false});

function frameAt(state: AppState, columns: number, rows: number): string[] {
  const resized = reduce(state, {type: 'resized', columns, rows}, noon);
  const frame = renderToString(<Frame state={resized} look={look} frame={0} />, {columns});
  return stripVTControlCharacters(frame).split('\n');
}

const random = randomly(20_261_121);

for (const [name, keys] of Object.entries(places)) {
  test(`${name}: each frame is as large as the terminal`, async () => {
    const session = nastySession({
      ...withPullRequests(),
      demoHint: nasties.join(' '),
      // Something is wrong there.
      ...(name === 'problems' ? {inspect: async () => Promise.reject(new Error('broken'))} : {}),
    });
    const screen = await openScreen(session, {columns: 100, rows: 30});
    try {
      for (const key of keys) {
        if (typeof key === 'number') screen.pass(key);
        else await screen.press(key);
      }
      // What is told while it is followed is gathered for a moment.
      const told = Object.entries(toldBy).find(([id]) => id === currentScreen(screen.store.state()).id)?.[1];
      if (told !== undefined) await screen.waitFor(told);
      const state = screen.store.state();
      const others = Array.from({length: 4}, () => [60 + random(180), 15 + random(50)] as [number, number]);
      for (const [columns, rows] of [...sizes, ...others]) {
        const frame = frameAt(state, columns, rows);
        const where = `${name} at ${columns}x${rows}`;
        assert.equal(frame.length, rows, where);
        for (const row of frame) {
          // But for what keeps Indic letters apart.
          assert.doesNotMatch(
            row.replaceAll('\u200C', ''),
            /[\p{Cc}\p{Default_Ignorable_Code_Point}]/u,
            where,
          );
          assert.ok(stringWidth(row) <= columns, `${where}: ${stringWidth(row)} columns in ${row}`);
        }
        // A border that stands where it should closes every row between the header and the footer.
        if (currentScreen(state).id !== 'overview')
          for (const row of frame.slice(1, -1)) assert.equal(stringWidth(row), columns, `${where}: ${row}`);
        // Of the lines of a log none is chosen.
        if (state.dialog === null && state.overlay === null && currentScreen(state).id !== 'logs') {
          const isChosen = frame.some(row => row.includes('> '));
          assert.ok(isChosen, `${where}: no row is chosen\n${frame.join('\n')}`);
        }
      }
    } finally {
      screen.close();
    }
  });
}

test('every screen is among them', () => {
  for (const screen of screens) assert.ok(screen in places, screen);
});
