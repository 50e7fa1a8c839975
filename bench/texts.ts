/** Measures keys in a patch of a hundred thousand lines and in one with lines of a megabyte: computing time of what is in sight. */
import process from 'node:process';
import {overlaySheet, overlayView} from '../source/app/overlays/content.ts';
import {withPlace} from '../source/app/overlays/place.ts';
import type {Action} from '../source/app/state/actions.ts';
import {reduce} from '../source/app/state/reduce.ts';
import {type AppState, initialState} from '../source/app/state/state.ts';
import {drawn, lookOf} from '../source/app/text/theme.ts';
import {median} from './timed.ts';

const look = lookOf({ascii: false, color: 'true'});
const [columns, rows] = [120, 40];

function manyLines(): string {
  const lines = ['diff --git a/web.yaml b/web.yaml', '--- a/web.yaml', '+++ b/web.yaml'];
  for (let hunk = 0; hunk < 1000; hunk += 1) {
    lines.push(`@@ -${hunk * 100 + 1},90 +${hunk * 100 + 1},90 @@`);
    for (let index = 0; index < 80; index += 1) lines.push(`   key-${hunk}-${index}: "a value"`);
    for (const [mark, version] of [
      ['-', hunk],
      ['+', hunk + 1],
    ])
      for (let index = 0; index < 10; index += 1)
        lines.push(`${mark}  image-${index}: shop/web:v1.${index}.${version}`);
  }
  return `${lines.join('\n')}\n`;
}

function longLines(): string {
  const long = `a: ${'x1, '.repeat(2 ** 18)}`;
  return `--- a/web.yaml\n+++ b/web.yaml\n@@ -1 +1 @@\n-${long}\n+${long}y\n`;
}

const keys: readonly (readonly [string, readonly Action[], number])[] = [
  ['j', [{type: 'move', by: 1}], 20],
  ['pgdn', [{type: 'move', by: 'page-down'}], 20],
  ['n', [{type: 'text-jump', jump: 'next'}], 20],
  ['far to the right', [{type: 'text-view', change: {left: 100_000}}], 20],
  ['u', [{type: 'text-view', change: {split: true, left: 0}}], 1],
  ['j, two sides', [{type: 'move', by: 1}], 20],
  ['w', [{type: 'text-view', change: {wrap: true, split: false}}], 1],
  ['j, wrapped', [{type: 'move', by: 1}], 20],
  [
    '/, first letter',
    [
      {type: 'text-view', change: {wrap: false, query: 'v'}},
      {type: 'text-jump', jump: 'first-match'},
    ],
    1,
  ],
  [
    '/, more letters',
    [
      {type: 'text-view', change: {query: 'v1.9.999'}},
      {type: 'text-jump', jump: 'first-match'},
    ],
    1,
  ],
];

/** Computing time of this process so far, in ms: what other programs take is not counted. */
function spent(): number {
  const {user, system} = process.cpuUsage();
  return (user + system) / 1000;
}

function draw(state: AppState): void {
  const {overlay} = state;
  if (overlay === null) return;
  const view = overlayView(state, overlay, look, overlaySheet(state, overlay, look));
  const top = Math.min(overlay.top, view.length - rows);
  for (let row = 0; row < rows - 4; row += 1) drawn(view.line(top + row), look);
}

console.log('| key | 100,000 lines | lines of 1 MB |\n|---|---|---|');
const columnsOf = [manyLines(), longLines()].map(patch => {
  const start = initialState({size: {columns, rows}, readOnly: false, now: 0});
  const before = spent();
  let state = reduce(start, {type: 'overlay', overlay: {id: 'patch', top: 0, title: 'patch', patch}}, 0);
  draw(state);
  const times: (readonly [string, number])[] = [['open', spent() - before]];
  for (const [name, actions, repeats] of keys) {
    const each = Array.from({length: repeats}, () => {
      const from = spent();
      for (const action of actions) {
        if (state.overlay !== null) state = reduce(state, withPlace(state, state.overlay, action, look), 0);
      }
      draw(state);
      return spent() - from;
    });
    times.push([name, median(each)]);
  }
  return times;
});
for (const [index, [name]] of (columnsOf[0] ?? []).entries())
  console.log(`| ${name} | ${columnsOf.map(times => `${times[index]?.[1].toFixed(1)} ms`).join(' | ')} |`);
