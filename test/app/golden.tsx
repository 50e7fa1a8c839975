// Frames that are kept in frames/ and compared: read them like screenshots. `UPDATE_FRAMES=1` writes them anew.
import assert from 'node:assert/strict';
import {readFile, writeFile} from 'node:fs/promises';
import {test} from 'node:test';
import {stripVTControlCharacters} from 'node:util';
import xterm from '@xterm/headless';
import {renderToString} from 'ink';
import {frameToSvg} from '../../scripts/frame-svg.ts';
import {Frame} from '../../source/app/app.tsx';
import type {Session} from '../../source/app/session.ts';
import {reduce} from '../../source/app/state/reduce.ts';
import type {AppState} from '../../source/app/state/state.ts';
import {busySince, shownAfter} from '../../source/app/state/waiting.ts';
import {lookOf} from '../../source/app/text/theme.ts';
import {fakeSession} from './fake-session.ts';
import {openScreen, type ScreenOptions, type TestScreen} from './screen.tsx';

/** How to get to a frame. */
export interface Scene extends ScreenOptions {
  readonly name: string;
  readonly session?: Partial<Session>;
  /** Keys to get there; a number passes time, in ms. */
  readonly keys?: readonly (string | number)[];
  /** Text to wait for: news of what runs is gathered for a moment before it is shown. */
  readonly until?: string;
}

/** A test for each scene: its frame is the one that is kept. `session` is what scenes run on that name none. */
export function goldenTests(scenes: readonly Scene[], session: Partial<Session> = {}): void {
  for (const scene of scenes) {
    test(`frame ${scene.name}`, async () => {
      const screen = await openScreen(fakeSession(scene.session ?? session), scene);
      try {
        await pressAll(screen, scene.keys ?? []);
        if (scene.until !== undefined) await screen.waitFor(scene.until);
        await untilSpinning(screen);
        const {name, columns = 80, rows = 24, ascii = false} = scene;
        await expectKept(`${name}.txt`, still(screen.frame()));
        const sizes = columns === 80 && rows === 24 ? [narrow, wide] : [{columns, rows, suffix: ''}];
        for (const {suffix, ...size} of sizes) {
          const drawn = drawnAt(screen.store.state(), size, ascii);
          if (suffix !== '') await expectKept(`${name}${suffix}.txt`, textOf(drawn));
          await expectKept(`${name}${suffix}.svg`, await svgOf(drawn, size));
        }
      } finally {
        screen.close();
      }
    });
  }
}

const narrow = {columns: 80, rows: 24, suffix: ''};
const wide = {columns: 120, rows: 35, suffix: '.wide'};

/** The frame of a state in colour at a size, as a terminal takes it; spinners stand still. */
function drawnAt(state: AppState, size: AppState['size'], ascii: boolean): string {
  const resized = reduce(state, {type: 'resized', ...size}, state.now);
  const look = lookOf({ascii, color: 'true'});
  return renderToString(<Frame state={resized} look={look} frame={0} />, {columns: size.columns});
}

function textOf(drawn: string): string {
  return stripVTControlCharacters(drawn)
    .split('\n')
    .map(row => row.trimEnd())
    .join('\n');
}

async function svgOf(drawn: string, {columns, rows}: AppState['size']): Promise<string> {
  const terminal = new xterm.Terminal({cols: columns, rows, allowProposedApi: true, convertEol: true});
  await new Promise<void>(resolve => terminal.write(drawn, resolve));
  const svg = frameToSvg(terminal);
  terminal.dispose();
  return svg.trimEnd();
}

/** Presses keys one after the other; a number passes time, in ms. */
export async function pressAll(screen: TestScreen, keys: readonly (string | number)[]): Promise<void> {
  for (const key of keys) {
    if (typeof key === 'string') await screen.press(key);
    else screen.pass(key);
  }
}

/** What is still waited for is shown as that: long enough for a sign of it. */
async function untilSpinning(screen: TestScreen): Promise<void> {
  if (busySince(screen.store.state()) === null) return;
  screen.pass(shownAfter);
  const isSpinning = () => /(?:[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]|[|/\\-]) .*R[WO] /.test(screen.frame().split('\n')[0] ?? '');
  for (let tries = 0; !isSpinning(); tries += 1) {
    assert.ok(tries < 1000, `no spinner in\n${screen.frame()}`);
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}

/** Spinners turn by themselves: the picture has their first glyph. */
function still(frame: string): string {
  return frame.replace(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/g, '⠋').replace(/ [|/\\-] (?=214| RW)/g, ' | ');
}

async function expectKept(name: string, frame: string): Promise<void> {
  const content = `${frame}\n`;
  const file = new URL(`frames/${name}`, import.meta.url);
  if (process.env['UPDATE_FRAMES'] === '1') await writeFile(file, content);
  assert.equal(content, await readFile(file, 'utf8').catch(() => ''), `see test/app/frames/${name}`);
}
