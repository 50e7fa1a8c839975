import assert from 'node:assert/strict';
import {test} from 'node:test';
import {stripVTControlCharacters} from 'node:util';
import {render} from 'ink-testing-library';
import {Frame} from '../../source/app/app.tsx';
import {initialState} from '../../source/app/state/state.ts';
import {lookOf} from '../../source/app/text/theme.ts';
import {noon} from './fake-data.ts';

const look = lookOf({ascii: false, color: false});

function frameOf(columns: number, rows: number): string {
  const state = initialState({size: {columns, rows}, readOnly: false, now: noon});
  const {lastFrame, unmount} = render(<Frame state={state} look={look} frame={0} />);
  const frame = stripVTControlCharacters(lastFrame() ?? '');
  unmount();
  return frame;
}

for (const [columns, rows] of [
  [59, 24],
  [80, 14],
  [20, 5],
] as const) {
  test(`${columns}x${rows} is too small, and says so in a line`, () => {
    const frame = frameOf(columns, rows);
    assert.match(frame.replace(/\s+/g, ' '), /^ ?terminal too small/);
    assert.doesNotMatch(frame, /Environments/);
  });
}

for (const [columns, rows] of [
  [60, 15],
  [100, 40],
] as const) {
  test(`${columns}x${rows} is exactly filled`, () => {
    const lines = frameOf(columns, rows).split('\n');
    assert.equal(lines.length, rows);
    assert.match(lines.join('\n'), /Environments/);
    assert.ok(lines.every(line => line.length <= columns));
  });
}
