import assert from 'node:assert/strict';
import {EventEmitter} from 'node:events';
import {stripVTControlCharacters} from 'node:util';
import {render} from 'ink';
import {App} from '../../source/app/app.tsx';
import {runJournalFollow} from '../../source/app/effects/follow-journal.ts';
import {runPullRequestFollow} from '../../source/app/effects/follow-pull-request.ts';
import {runRequests} from '../../source/app/effects/runner.ts';
import {createStore, type Store} from '../../source/app/effects/store.ts';
import type {Outside} from '../../source/app/keys/command.ts';
import type {Session} from '../../source/app/session.ts';
import {initialState} from '../../source/app/state/state.ts';
import type {Preferences} from '../../source/preferences/types.ts';
import {openInput} from '../../source/terminal/input/reader.ts';
import {noon} from './fake-data.ts';

/** Names of keys that are no characters. */
const sequences: Readonly<Record<string, string>> = {
  enter: '\r',
  // As the kitty keyboard protocol has it: nothing has to wait to see whether it begins a longer sequence.
  esc: '\u001B[27u',
  tab: '\t',
  space: ' ',
  up: '\u001B[A',
  down: '\u001B[B',
  left: '\u001B[D',
  right: '\u001B[C',
  pgdn: '\u001B[6~',
  backspace: '\u007F',
  'ctrl-c': '\u0003',
  'ctrl-r': '\u0012',
  'ctrl-d': '\u0004',
  'ctrl-u': '\u0015',
};

/** How the app is opened; 80x24 by default. */
export interface ScreenOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly ascii?: boolean;
  readonly readOnly?: boolean;
  readonly preferences?: Preferences;
}

export interface TestScreen {
  readonly store: Store;
  /** What keys did outside the state. */
  readonly outside: Outside[];
  /** Presses keys, one after the other, each by itself; then waits until the answers are in. */
  press(...keys: string[]): Promise<void>;
  /** Sends one chunk of input as it is. */
  send(chunk: string): Promise<void>;
  /** Makes the terminal another size. */
  resize(columns: number, rows: number): Promise<void>;
  /** Moves the clock on, in ms. */
  pass(ms: number): void;
  /** Waits until the frame holds a text. */
  waitFor(text: string): Promise<void>;
  /** The frame as text: rows without trailing spaces. */
  frame(): string;
  close(): void;
}

/** Calls that are not asked, or not all, at once. */
const askedLater: ReadonlySet<string> = new Set([
  'commitDetail',
  'revisionNotes',
  'pullRequestChange',
  'effect',
]);

/** The app on a fake session, drawn at a size of one's choice, without a terminal. The clock stands until it is told. */
export async function openScreen(session: Session, options: ScreenOptions = {}): Promise<TestScreen> {
  const {columns = 80, rows = 24, ascii = false, readOnly = false, preferences} = options;
  let time = noon;
  const now = () => time;
  const stdout = new FakeOutput(columns, rows);
  const stdin = new FakeInput();
  const input = openInput(stdin, {});
  const wanted = preferences === undefined ? {} : {preferences};
  const store = createStore(initialState({size: {columns, rows}, readOnly, now: time, ...wanted}), now);
  const outside: Outside[] = [];
  const app = render(
    <App
      store={store}
      looks={{ascii, color: 'none'}}
      now={now}
      input={input}
      outside={what => outside.push(what)}
    />,
    {
      stdout: stdout as unknown as NodeJS.WriteStream,
      debug: true,
      exitOnCtrlC: false,
      patchConsole: false,
    },
  );
  input.start();
  store.dispatch({type: 'opened', session});
  const endRequests = runRequests(store, session);
  const endFollow = runPullRequestFollow(store, session);
  const endJournal = runJournalFollow(store, session);
  const frame = () =>
    stripVTControlCharacters(stdout.last)
      .split('\n')
      .map(row => row.trimEnd())
      .join('\n');
  const calm = async () => {
    await new Promise(resolve => setTimeout(resolve, 5));
    // A held key rests before a commit is asked for, and what a change does is asked in steps: still to be answered.
    const isWaiting = () => store.state().requests.some(({call}) => askedLater.has(call.name));
    for (let tries = 0; isWaiting() && tries < 2000; tries += 1)
      await new Promise(resolve => setTimeout(resolve, 5));
    await app.waitUntilRenderFlush();
  };
  await calm();
  return {
    store,
    outside,
    frame,
    async press(...keys) {
      for (const key of keys) {
        stdin.send(sequences[key] ?? key);
        await calm();
      }
    },
    async send(chunk) {
      stdin.send(chunk);
      await calm();
    },
    async resize(columns, rows) {
      stdout.resize(columns, rows);
      await calm();
    },
    pass(ms) {
      time += ms;
    },
    async waitFor(text) {
      for (let tries = 0; !frame().includes(text); tries += 1) {
        assert.ok(tries < 200, `no "${text}" in\n${frame()}`);
        await new Promise(resolve => setTimeout(resolve, 10));
      }
    },
    close() {
      void input.stop();
      endRequests();
      endFollow();
      endJournal();
      app.unmount();
      app.cleanup();
    },
  };
}

class FakeOutput extends EventEmitter {
  last = '';
  columns: number;
  rows: number;

  constructor(columns: number, rows: number) {
    super();
    this.columns = columns;
    this.rows = rows;
  }

  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    this.emit('resize');
  }

  write(text: string, done?: () => void): boolean {
    if (text !== '' && text !== '\n') this.last = text;
    done?.();
    return true;
  }
}

class FakeInput extends EventEmitter {
  send(chunk: string): void {
    this.emit('data', Buffer.from(chunk));
  }

  setRawMode(): void {}
  resume(): void {}
  pause(): void {}
}
