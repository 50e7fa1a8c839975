import assert from 'node:assert/strict';
import {accessSync, constants} from 'node:fs';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {describe, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import fc from 'fast-check';
import {openTerminal, type TestTerminal} from '../../app/terminal.ts';
import {lookOf} from './emulator.ts';
import {frameSequence, type TestFrame} from './frames.ts';

const size = {columns: 40, rows: 10};
const session = fileURLToPath(new URL('../../app/fixture-session.tsx', import.meta.url));
const show = fileURLToPath(new URL('show-frames.ts', import.meta.url));

/** Terminals within a terminal, and how a program is started in one; none for a program without. */
const multiplexers: {
  name: string;
  command?: string;
  wrap: (program: string[], folder: string) => Promise<string[]>;
}[] = [
  {name: 'no multiplexer', wrap: async program => program},
  {
    name: 'tmux',
    command: 'tmux',
    async wrap(program, folder) {
      const config = path.join(folder, 'tmux.conf');
      // Without a client it ends, and so does what runs in it.
      const lines = [
        'set -g status off',
        'set -g default-terminal tmux-256color',
        'set -g destroy-unattached on',
      ];
      await writeFile(config, `${lines.join('\n')}\n`);
      return ['tmux', '-u', '-S', path.join(folder, 'socket'), '-f', config, 'new-session', ...program];
    },
  },
  {
    name: 'GNU screen',
    command: 'screen',
    async wrap(program, folder) {
      const config = path.join(folder, 'screenrc');
      const lines = [
        'startup_message off',
        'altscreen on',
        'defutf8 on',
        'term screen-256color',
        'autodetach off',
      ];
      await writeFile(config, `${lines.join('\n')}\n`);
      return ['screen', '-U', '-c', config, ...program];
    },
  },
];

const installed = multiplexers.filter(({command}) => command === undefined || isOnPath(command));

describe('frames one after the other', () => {
  for (const {name, wrap} of installed) {
    test(`with ${name}, the terminal shows each as it is`, async t => {
      const folder = await mkdtemp(path.join(tmpdir(), 'gitops-tui-test-'));
      t.after(() => rm(folder, {recursive: true, force: true}));
      const sequence = frameSequence(size.columns, size.rows, {isEverywhereSame: true});
      // Sixteen sequences, always the same.
      const frames = fc.sample(sequence, {numRuns: 16, seed: 20_261_121}).flat();
      const file = path.join(folder, 'frames.json');
      await writeFile(file, JSON.stringify(frames.map(({text}) => text)));
      const [command = '', ...args] = await wrap([process.execPath, '--import', 'tsx', show, file], folder);
      await using app = openTerminal({
        command,
        args,
        env: {SCREENDIR: folder, TMUX: undefined, STY: undefined},
        ...size,
      });
      for (const [index, frame] of frames.entries()) {
        if (index > 0) app.send('n');
        await untilShown(app, frame, `frame ${index} of ${frames.length}`);
      }
      assert.match(app.output, /\u001B\[\d*[LM]/, 'some rows were shifted');
      app.send('q');
      await app.ended();
    });
  }
});

describe('the app', () => {
  const keys = ['2', 'ctrl-d', 'ctrl-d', 'j', 'ctrl-d', '?', 'esc', 'k', 'ctrl-l'];
  /** What is on the screen after some keys, and after a resize; ends the app. */
  async function screens(wrap: (typeof multiplexers)[number]['wrap'], folder: string): Promise<string[]> {
    const [command = '', ...args] = await wrap([process.execPath, '--import', 'tsx', session], folder);
    const env = {
      FIXTURE: 'many',
      FIXTURE_ROWS: '150',
      TZ: 'UTC',
      SCREENDIR: folder,
      TMUX: undefined,
      STY: undefined,
    };
    await using app = openTerminal({command, args, env});
    await app.waitFor('~ drift');
    for (const key of keys) {
      await app.press(key);
      await app.calm(key === 'esc' ? 800 : 200);
    }
    await app.waitFor('Drift 150 of 150');
    const before = app.screen();
    app.resize(100, 30);
    await app.waitFor(/^(?:.*\n){29}.* \d+\/\d+$/);
    await app.calm(500);
    const after = app.screen();
    // From the environment to the overview, then out.
    await app.press('q');
    await app.waitFor('Environments 3');
    await app.press('q');
    await app.ended();
    return [before, after];
  }

  test('looks the same in each, also after a resize', async t => {
    const folder = await mkdtemp(path.join(tmpdir(), 'gitops-tui-test-'));
    t.after(() => rm(folder, {recursive: true, force: true}));
    const all = [];
    for (const {name, wrap} of installed) all.push({name, shown: await screens(wrap, folder)});
    for (const {name, shown} of all) assert.deepEqual(shown, all[0]?.shown, name);
  });
});

/** Waits until a frame is shown, in each column as it should be; fails with the first column that is not. */
async function untilShown(app: TestTerminal, frame: TestFrame, what: string): Promise<void> {
  const limit = Date.now() + 30_000;
  for (;;) {
    const wrong = firstWrong(app, frame);
    if (wrong === undefined) return;
    if (Date.now() > limit)
      assert.deepEqual(wrong.actual, wrong.expected, `${what}, ${wrong.place}\n${app.screen()}`);
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}

function firstWrong({emulator}: TestTerminal, {looks}: TestFrame) {
  for (const [row, columns] of looks.entries()) {
    for (const [column, expected] of columns.entries()) {
      if (expected === undefined) continue;
      const actual = lookOf(emulator, row, column);
      const place = `row ${row}, column ${column}`;
      if (JSON.stringify(actual) !== JSON.stringify(expected)) return {actual, expected, place};
    }
  }
  return undefined;
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
