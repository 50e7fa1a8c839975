/** Counts the bytes of a cursor move on each list screen at 80x24: of the list alone, and with what stands below it. */
import {renderToString} from 'ink';
import {Frame} from '../source/app/app.tsx';
import type {Session} from '../source/app/session.ts';
import {lookOf} from '../source/app/text/theme.ts';
import {type Row, rowOf} from '../source/terminal/output/cells.ts';
import {clear, paint} from '../source/terminal/output/paint.ts';
import {chain} from '../test/app/fake-promotion.ts';
import {withPullRequests} from '../test/app/fake-pull-requests.ts';
import {fakeSession} from '../test/app/fake-session.ts';
import {openScreen, type TestScreen} from '../test/app/screen.tsx';
import {median} from './timed.ts';

const places: readonly {title: string; session?: Partial<Session>; keys: readonly string[]}[] = [
  {title: 'overview', keys: []},
  {title: 'environment', keys: ['2', 'g']},
  {title: 'revisions', keys: ['2', 'L', 'g']},
  {title: 'pull requests', session: withPullRequests(), keys: ['Q', 'g']},
  {title: 'images', keys: ['2', 'I', 'g']},
  {title: 'promotion', session: chain, keys: ['3', 'p', 'g']},
  {title: 'versions', session: chain, keys: ['V', 'g']},
  {title: 'events', keys: ['2', 'E', 'g']},
  {title: 'problems', session: {inspect: refused}, keys: ['!', 'g']},
  {title: 'command log', keys: ['@', 'g']},
];

async function refused(name: string): Promise<never> {
  throw new Error(`the cluster of ${name} refuses`);
}

const size = {columns: 80, rows: 24};
const look = lookOf({ascii: false, color: 'true'});
const moves = 9;

const rowsOf = ({store}: TestScreen): readonly Row[] => {
  const state = {...store.state(), size};
  return renderToString(<Frame state={state} look={look} frame={0} />, size)
    .split('\n')
    .map(text => rowOf(text, size.columns));
};

/** The rows of the box that holds the marker of what is chosen: the list. */
function listOf(rows: readonly Row[]): {first: number; last: number} {
  const textOf = (row: Row) => row.map(({text}) => text).join('');
  const at = rows.findIndex(row => textOf(row).startsWith('│ >'));
  const first = rows.findLastIndex((row, y) => y < at && textOf(row).startsWith('╭'));
  const last = rows.findIndex((row, y) => y > at && textOf(row).startsWith('╰'));
  return {first, last};
}

function bytesOf(before: readonly Row[], wanted: readonly Row[]): number {
  const {shown} = clear(size.columns, size.rows);
  paint(shown, before, Number.POSITIVE_INFINITY);
  return Buffer.byteLength(paint(shown, wanted, Number.POSITIVE_INFINITY));
}

console.log('| screen | the list alone | with all that changes |');
console.log('|---|---|---|');
for (const {title, session = {}, keys} of places) {
  const screen = await openScreen(fakeSession(session), size);
  await screen.press(...keys);
  const alone: number[] = [];
  const whole: number[] = [];
  for (let count = 0; count < moves; count += 1) {
    const before = rowsOf(screen);
    await screen.press('j');
    const after = rowsOf(screen);
    const {first, last} = listOf(after);
    const bytes = bytesOf(before, after);
    // At a list's end a step moves nothing.
    if (bytes === 0) continue;
    whole.push(bytes);
    alone.push(
      bytesOf(
        before,
        before.map((row, y) => (y >= first && y <= last ? (after[y] ?? row) : row)),
      ),
    );
  }
  screen.close();
  console.log(`| ${title} | ${median(alone)} B, at most ${Math.max(...alone)} | ${median(whole)} B |`);
}
process.exit(0);
