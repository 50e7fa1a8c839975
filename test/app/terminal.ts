import assert from 'node:assert/strict';
import os from 'node:os';
import path from 'node:path';
import {spawn} from '@lydell/node-pty';
import xterm from '@xterm/headless';
import {type SlowLink, slowWay} from './slow-link.ts';

/** Names of keys that are no characters, as a terminal sends them. */
const sequences: Readonly<Record<string, string>> = {
  enter: '\r',
  // As the kitty keyboard protocol has it: nothing has to wait to see whether it begins a longer sequence.
  esc: '\u001B[27u',
  tab: '\t',
  space: ' ',
  up: '\u001B[A',
  down: '\u001B[B',
  right: '\u001B[C',
  left: '\u001B[D',
  pgup: '\u001B[5~',
  pgdn: '\u001B[6~',
  backspace: '\u007F',
};

let started = 0;

/** How long something may take, in seconds: a limit for what hangs, no measure; machines that are busy are slow. */
const patience = 120;

/** A program in a real terminal: a pty, with an emulator that knows what is on its screen. */
export interface TestTerminal {
  readonly pid: number;
  /** Presses keys one after the other: characters, `enter`, `esc`, `ctrl-c`. Each is a chunk of its own. */
  press(...keys: string[]): Promise<void>;
  /** Sends one chunk as it is: `jjj`, or a text between the marks of a paste. */
  send(chunk: string): void;
  /** Pastes a text as a terminal with bracketed paste does. */
  paste(text: string): void;
  /** Waits until the screen holds a text or matches; fails with the screen after `seconds`. */
  waitFor(expected: string | RegExp, seconds?: number): Promise<void>;
  /** Waits until nothing was written for a while (ms). */
  calm(ms?: number): Promise<void>;
  /** The screen: rows without trailing spaces. */
  screen(): string;
  resize(columns: number, rows: number): void;
  kill(signal: string): void;
  /** Closes the terminal under the program, as closing its window does. */
  hangUp(): void;
  /** Bytes that the program wrote so far. */
  readonly bytes: number;
  /** All that it wrote. */
  readonly output: string;
  /** True while it shows its alternate screen. */
  readonly isAlternate: boolean;
  readonly isCursorHidden: boolean;
  /** Over a slow link, bytes on their way to the emulator, and the most that were since `forget`. */
  readonly onTheirWay: {readonly waiting: number; readonly most: number; forget(): void};
  /** The emulator, for those who want its cells. */
  readonly emulator: xterm.Terminal;
  /** Waits for the end; gives the exit code and the signal that ended it (0 for none). */
  ended(seconds?: number): Promise<{exitCode: number; signal: number}>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface TerminalOptions {
  command: string;
  args: readonly string[];
  columns?: number;
  rows?: number;
  cwd?: string;
  /** Between the program and its terminal; without one they are on one machine. */
  link?: SlowLink;
  /** Variables on top of this process's own; undefined takes one away. */
  env?: Readonly<Record<string, string | undefined>>;
}

/** Starts a program in a terminal of its own. End it with `await using`, or dispose of it. */
export function openTerminal(options: TerminalOptions): TestTerminal {
  const {columns = 80, rows = 24} = options;
  const emulator = new xterm.Terminal({cols: columns, rows, allowProposedApi: true, scrollback: 1000});
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries({
    ...process.env,
    TERM: 'xterm-256color',
    COLORTERM: 'truecolor',
    // What the app remembers is no part of the next test, nor of whoever runs it.
    XDG_STATE_HOME: path.join(os.tmpdir(), `gitops-tui-state-${process.pid}-${started++}`),
    ...options.env,
  })) {
    if (value !== undefined) env[name] = value;
  }
  const pty = spawn(options.command, [...options.args], {
    // It goes into TERM, whatever that says.
    name: env['TERM'] ?? 'xterm-256color',
    cols: columns,
    rows,
    cwd: options.cwd ?? process.cwd(),
    env,
  });
  let output = '';
  let lastWrite = Date.now();
  let end: {exitCode: number; signal: number} | null = null;
  const isSlow = options.link !== undefined;
  const link = options.link ?? {bytesPerSecond: Number.POSITIVE_INFINITY, delayMs: 0};
  const there = slowWay(link, data => {
    lastWrite = Date.now();
    emulator.write(data);
  });
  const back = slowWay({...link, bytesPerSecond: Number.POSITIVE_INFINITY}, data => pty.write(data));
  pty.onData(data => {
    output += data;
    lastWrite = Date.now();
    if (isSlow) there.send(data);
    else emulator.write(data);
  });
  const type = (data: string) => (isSlow ? back.send(data) : pty.write(data));
  // The emulator answers what programs ask of a terminal (its attributes, the cursor's place).
  emulator.onData(type);
  // An answer takes its time: calm is counted from the last thing that was asked, too.
  const write = (chunk: string) => {
    lastWrite = Date.now();
    type(chunk);
  };
  pty.onExit(({exitCode, signal}) => {
    end = {exitCode, signal: signal ?? 0};
  });

  const screen = () => {
    const buffer = emulator.buffer.active;
    const lines = Array.from({length: emulator.rows}, (_, row) =>
      (buffer.getLine(buffer.baseY + row)?.translateToString(true) ?? '').trimEnd(),
    );
    return lines.join('\n').trimEnd();
  };
  const until = async (what: string, isThere: () => boolean, seconds: number) => {
    for (const limit = Date.now() + seconds * 1000; !isThere(); ) {
      assert.ok(Date.now() < limit, `${what} in ${seconds} s; the screen:\n${screen()}`);
      await new Promise(resolve => setTimeout(resolve, 10));
    }
  };

  return {
    pid: pty.pid,
    emulator,
    onTheirWay: there,
    screen,
    async press(...keys) {
      for (const key of keys) {
        write(sequences[key] ?? controlOf(key) ?? key);
        await new Promise(resolve => setTimeout(resolve, 15));
      }
    },
    send: write,
    paste: text => write(`\u001B[200~${text}\u001B[201~`),
    waitFor: (expected, seconds = patience) =>
      until(
        `no ${expected}`,
        () => (typeof expected === 'string' ? screen().includes(expected) : expected.test(screen())),
        seconds,
      ),
    calm: (ms = 300) => until('it kept writing', () => Date.now() - lastWrite >= ms, patience),
    resize(newColumns, newRows) {
      lastWrite = Date.now();
      emulator.resize(newColumns, newRows);
      pty.resize(newColumns, newRows);
    },
    kill: signal => pty.kill(signal),
    // Its types leave it out.
    hangUp: () => (pty as typeof pty & {destroy(): void}).destroy(),
    get bytes() {
      return Buffer.byteLength(output);
    },
    get output() {
      return output;
    },
    get isAlternate() {
      return emulator.buffer.active.type === 'alternate';
    },
    get isCursorHidden() {
      return output.lastIndexOf('\u001B[?25l') > output.lastIndexOf('\u001B[?25h');
    },
    async ended(seconds = patience) {
      await until('it did not end', () => end !== null, seconds);
      // What it wrote last may still be on its way into the emulator.
      await new Promise<void>(resolve => emulator.write('', resolve));
      return end ?? {exitCode: -1, signal: 0};
    },
    async [Symbol.asyncDispose]() {
      if (end === null) pty.kill('SIGKILL');
      await until('it did not end', () => end !== null, 10);
      emulator.dispose();
    },
  };
}

function controlOf(key: string): string | undefined {
  const letter = /^ctrl-([a-z])$/.exec(key)?.[1];
  return letter === undefined ? undefined : String.fromCharCode(letter.charCodeAt(0) - 96);
}
