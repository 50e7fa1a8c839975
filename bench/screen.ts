/** What the app writes to a terminal, and when, beside k9s and lazygit where they are installed; see README.md. */
import {accessSync, constants} from 'node:fs';
import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';
import {bundling} from '../scripts/bundling.js';
import {type Demo, startDemo} from '../source/demo/demo.ts';
import {openTerminal, type TestTerminal} from '../test/app/terminal.ts';
import {median} from './timed.ts';

/** A line of the result: a number at each size, undefined where it was not measured. */
export interface ScreenRow {
  what: string;
  unit: 'bytes' | 'ms';
  numbers: readonly (number | undefined)[];
}

export const sizes = [
  {columns: 80, rows: 24},
  {columns: 200, rows: 60},
] as const;

type Size = (typeof sizes)[number];
type Numbers = Map<string, number>;

const idleSeconds = 10;
const moves = 9;
const manyRows = 10_000;

/** Measures the program on the demo's repository, on 10,000 made-up rows, and its peers on the same repository and clusters. */
export async function measureScreen(folder: string, program: string): Promise<ScreenRow[]> {
  const demo = await startDemo();
  const all: Numbers[] = [];
  const fixture = await bundledFixture(folder);
  try {
    for (const size of sizes) {
      const numbers: Numbers = new Map();
      await measureApp(program, demo, size, numbers);
      await measureMany(fixture, size, numbers);
      await measurePeers(folder, demo, size, numbers);
      all.push(numbers);
    }
  } finally {
    await demo.stop();
  }
  const whats = [...new Set(all.flatMap(numbers => [...numbers.keys()]))];
  return whats.map(what => ({
    what,
    unit: what.includes('from ') ? 'ms' : 'bytes',
    numbers: all.map(numbers => numbers.get(what)),
  }));
}

/** Bytes of each screen's cursor moves, of getting there, of a scroll, and while nothing happens. */
async function measureApp(program: string, demo: Demo, size: Size, numbers: Numbers): Promise<void> {
  const started = performance.now();
  await using app = openTerminal({
    command: process.execPath,
    args: [program, '--kubeconfig', demo.kubeconfig],
    cwd: demo.repository,
    ...size,
  });
  while (app.bytes === 0 || app.screen() === '') await sleep(1);
  numbers.set('from start to the first frame', performance.now() - started);
  await app.waitFor('~ drift');
  await app.calm(2000);
  numbers.set('the overview, whole', app.bytes);
  numbers.set('overview: cursor move', await moveBytes(app));
  await app.press('k', 'k', 'k', 'k');
  numbers.set('overview to an environment', await bytesOf(app, ['2'], 'Drift '));
  numbers.set('environment: cursor move, with what it changes in the diff', await moveBytes(app));
  numbers.set('environment: help on it', await bytesOf(app, ['?']));
  numbers.set('environment: help closed', await bytesOf(app, ['esc']));
  numbers.set('environment to its revisions', await bytesOf(app, ['L']));
  numbers.set('revisions: cursor move, with what it changes in the detail', await moveBytes(app));
  await app.press('esc', 'esc');
  await app.calm(1000);
  numbers.set('overview to the versions', await bytesOf(app, ['V']));
  numbers.set('versions: cursor move', await moveBytes(app));
  await app.press('esc');
  await app.calm(1000);
  numbers.set(`idle, ${idleSeconds} s`, await idleBytes(app));
}

/** The app on made-up rows, bundled as the product is. */
async function bundledFixture(folder: string): Promise<string> {
  const fixture = fileURLToPath(new URL('../test/app/fixture-session.tsx', import.meta.url));
  const outdir = path.join(folder, 'fixture');
  await build({...bundling('0'), entryPoints: {fixture}, outdir, outExtension: {'.js': '.mjs'}});
  return path.join(outdir, 'fixture.mjs');
}

/** From a key to the first byte that it changes, with many rows; and the bytes of a move and of a page there. */
async function measureMany(fixture: string, size: Size, numbers: Numbers): Promise<void> {
  await using app = openTerminal({
    command: process.execPath,
    args: [fixture],
    env: {FIXTURE: 'many', FIXTURE_ROWS: String(manyRows)},
    ...size,
  });
  await app.waitFor('~ drift');
  await app.press('2');
  await app.waitFor(`Drift ${manyRows}`);
  await app.calm(1000);
  const times: number[] = [];
  for (let count = 0; count < 50; count++) {
    const before = app.bytes;
    const pressed = performance.now();
    app.send('j');
    while (app.bytes === before) await new Promise(resolve => setImmediate(resolve));
    times.push(performance.now() - pressed);
    await app.calm(60);
  }
  numbers.set(`${manyRows} rows: from key to bytes`, median(times));
  numbers.set(`${manyRows} rows: cursor move`, await moveBytes(app));
  numbers.set(`${manyRows} rows: half a page`, await bytesOf(app, ['ctrl-d']));
}

async function measurePeers(folder: string, demo: Demo, size: Size, numbers: Numbers): Promise<void> {
  if (isOnPath('k9s')) {
    const args = ['--kubeconfig', demo.kubeconfig, '--readonly', '-c', 'pods', '-A'];
    await measurePeer('k9s', args, {demo, folder, size, numbers});
  }
  if (isOnPath('lazygit')) {
    const config = path.join(folder, 'lazygit');
    await mkdir(config, {recursive: true});
    await writeFile(path.join(config, 'config.yml'), 'disableStartupPopups: true\n');
    // 4 is the panel of commits.
    const args = ['--use-config-dir', config];
    await measurePeer('lazygit', args, {demo, folder, size, numbers, keys: ['4']});
  }
}

async function measurePeer(
  command: string,
  args: readonly string[],
  options: {demo: Demo; folder: string; size: Size; numbers: Numbers; keys?: readonly string[]},
): Promise<void> {
  const {demo, folder, size, numbers, keys = []} = options;
  const home = path.join(folder, command);
  await mkdir(home, {recursive: true});
  const env = {HOME: home, XDG_CONFIG_HOME: home, XDG_STATE_HOME: home, XDG_DATA_HOME: home};
  const started = performance.now();
  await using app = openTerminal({command, args, cwd: demo.repository, env, ...size});
  while (app.bytes === 0 || app.screen() === '') await sleep(1);
  numbers.set(`${command}: from start to the first frame`, performance.now() - started);
  // They load and paint for a while.
  await sleep(5000);
  await app.press(...keys);
  await sleep(1000);
  numbers.set(`${command}: cursor move`, await moveBytes(app));
  numbers.set(`${command}: idle, ${idleSeconds} s`, await idleBytes(app));
  await app.press('ctrl-c');
}

/** Bytes of a step down, the median of some. */
async function moveBytes(app: TestTerminal): Promise<number> {
  const bytes: number[] = [];
  for (let count = 0; count < moves; count++) bytes.push(await bytesOf(app, ['j']));
  // At a list's end a step moves nothing.
  return median(bytes.filter(each => each > 0));
}

async function bytesOf(app: TestTerminal, keys: readonly string[], text?: string): Promise<number> {
  const before = app.bytes;
  await app.press(...keys);
  if (text !== undefined) await app.waitFor(text);
  await app.calm(400);
  return app.bytes - before;
}

async function idleBytes(app: TestTerminal): Promise<number> {
  const before = app.bytes;
  await sleep(idleSeconds * 1000);
  return app.bytes - before;
}

function isOnPath(command: string): boolean {
  return (process.env['PATH'] ?? '').split(path.delimiter).some(folder => {
    try {
      accessSync(path.join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
