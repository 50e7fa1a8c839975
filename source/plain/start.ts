import {runClock} from '../app/effects/clock.ts';
import {doOutside, type Hands} from '../app/effects/do-outside.ts';
import {runSession} from '../app/effects/run-session.ts';
import {createStore} from '../app/effects/store.ts';
import {checkedPreferences} from '../app/keys/keymap.ts';
import type {Session} from '../app/session.ts';
import type {CommonOptions} from '../app/start.tsx';
import {initialState} from '../app/state/state.ts';
import {defaultPreferences} from '../preferences/types.ts';
import {hungUp, isHangup, onCrash, onSignals} from '../terminal/ending.ts';
import {version} from '../version.ts';
import {openConsole} from './console.ts';
import {createTalk} from './talk.ts';

/** How the line mode is started. */
export interface PlainOptions extends CommonOptions {
  /** True for a terminal without a cursor to place: its own line editing is all there is. */
  readonly dumb: boolean;
}

/** Lines of a page where nobody says how many there are. */
const defaultRows = 24;
const defaultColumns = 80;

/** Two interrupts within this time (ms) are one wish: to get out. */
const twiceMs = 2000;

/** A shell's code for what an interrupt has ended. */
const interrupted = 130;

/**
 * Runs the line mode until the user quits or the input ends; resolves with the exit code. It writes lines, and nothing that
 * moves a cursor. Rejects with the session's error where it can't be had, and with what crashed.
 */
export async function startPlain(session: Promise<Session>, options: PlainOptions): Promise<number> {
  const {stdin, stdout, readOnly} = options;
  const now = Date.now;
  const preferences = checkedPreferences(options.preferences ?? defaultPreferences);
  const size = {columns: stdout.columns || defaultColumns, rows: stdout.rows || defaultRows};
  const appearance = {theme: 'none', shade: 'dark'} as const;
  const store = createStore(initialState({size, readOnly, now: now(), preferences, appearance}), now);
  const endings = [runClock(store)];
  let isToldTwice = false;
  let interruptedAt = 0;
  let isOver = false;

  const ended = new Promise<number>((resolve, reject) => {
    const fail = (error: unknown) => (isHangup(error) ? resolve(hungUp) : reject(error));
    endings.push(onCrash(fail));
    const console = openConsole({
      stdin,
      stdout,
      dumb: options.dumb,
      now,
      onLine: (text, at) => {
        isToldTwice = false;
        talk.line(text, at);
      },
      isReady: text => talk.takes(text, stdin.isTTY === true),
      onInterrupt: () => interrupt(),
      onEnd: () => {
        const isTerminal = stdin.isTTY === true;
        // A file of commands is done when its last one is; who closes the input of a terminal wants to leave.
        if (isTerminal ? talk.isRunning() : talk.isAtWork()) {
          if (isTerminal) talk.interrupt();
          return false;
        }
        talk.end();
        store.dispatch({type: 'quit', code: 0});
        return true;
      },
      prompt: () => (isOver || store.state().exit !== null || talk.isHolding() ? null : talk.prompt()),
      complete: text => talk.complete(text),
    });
    const talk = createTalk({
      store,
      now,
      say: console.say,
      pageRows: () => (stdout.rows || defaultRows) - 2,
      soon: then => setImmediate(() => setImmediate(then)),
      outside: what => {
        const {onBrowser} = options;
        // Without a terminal there is none to lend: what would need it is said, or refused with its reason.
        const hands: Hands = console.isTerminal ? options : onBrowser === undefined ? {} : {onBrowser};
        void doOutside(what, {
          ...hands,
          store,
          session,
          lend: console.lend,
          redraw: () => {},
          // What it would show is printed, a page at a time.
          pagerText: () => null,
          async suspend() {
            process.kill(process.pid, 'SIGTSTP');
            return true;
          },
          // Not every terminal here has a clipboard that can be written: what is printed can be taken from the line.
          async copy(text) {
            console.say(text.split('\n'));
            console.settle();
          },
        });
      },
    });
    const interrupt = () => {
      const isTwice = now() - interruptedAt < twiceMs;
      interruptedAt = now();
      if (!isTwice && talk.interrupt()) return;
      if (isTwice || isToldTwice) {
        isOver = true;
        resolve(interrupted);
        return;
      }
      isToldTwice = true;
      console.say(['ctrl-c again quits.']);
    };
    endings.push(console.close);
    for (const stream of [stdin, stdout]) stream.on('error', () => resolve(hungUp));
    endings.push(
      onSignals((code, signal) => {
        if (signal !== 'SIGINT') resolve(code);
        else if (!console.isLent()) interrupt();
      }),
    );
    const ticking = setInterval(() => {
      talk.tick();
      console.settle();
    }, 1000);
    endings.push(() => clearInterval(ticking));
    endings.push(
      store.subscribe(() => {
        const {exit} = store.state();
        if (exit !== null) resolve(exit);
        else console.settle();
      }),
    );
    console.say([`gitops-tui ${version}, line mode; help lists the commands.`]);
    void session.then(opened => {
      endings.push(...runSession(store, opened));
    }, reject);
  });
  try {
    return await ended;
  } finally {
    for (const end of endings.reverse()) end();
  }
}
