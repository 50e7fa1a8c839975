import {render} from 'ink';
import type {ThemeName} from '../preferences/types.ts';
import {defaultPreferences, type Preferences} from '../preferences/types.ts';
import {openOutput} from '../terminal/output/output.ts';
import {App, type DoOutside} from './app.tsx';
import {runClock} from './effects/clock.ts';
import {runFollows} from './effects/follow.ts';
import {runPullRequestFollow} from './effects/follow-pull-request.ts';
import {runRequests} from './effects/runner.ts';
import {createStore} from './effects/store.ts';
import {checkedPreferences} from './keys/keymap.ts';
import type {Session} from './session.ts';
import {initialState} from './state/state.ts';
import type {ColorDepth} from './text/color.ts';
import type {Shade} from './text/themes/theme.ts';

/** How the app is started. */
export interface AppOptions {
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  /** Plain ASCII instead of glyphs. */
  ascii: boolean;
  /** Colours that the terminal has. */
  color: ColorDepth;
  /** Instead of the preferences' theme. */
  theme?: ThemeName;
  /** What is known of the background before the terminal has answered. */
  shade?: Shade;
  /** Refuse every change; a read-only session refuses them too. */
  readOnly: boolean;
  /** What the user's own file says; default: nothing. */
  preferences?: Preferences;
  /**
   * Opens a file (absolute path, line from 1); the terminal is its own until it resolves. `wait` is for a file that is read
   * afterwards: an editor with windows of its own is to resolve only when it is closed.
   */
  onEditor?: (file: string, line: number, wait?: boolean) => Promise<void>;
  /** Lets the user edit a text; gives it as it was saved. The terminal is its own until it resolves. */
  onText?: (text: string) => Promise<string>;
  /** Opens an address; without it, or where it answers false, the address is shown. */
  onBrowser?: (url: string) => Promise<boolean> | boolean;
  /** Takes what was copied; by default the terminal's clipboard is written (OSC 52). */
  clipboard?: (text: string) => void;
  /** The time in ms. */
  now?: () => number;
}

/**
 * Runs the app in the terminal until the user quits; resolves with the exit code. The first frame doesn't wait for the
 * session. Rejects with the session's error where it can't be had, and with what crashed. However it ends (quit, crash,
 * SIGTERM, SIGHUP), the terminal is as it was before.
 */
export async function startApp(session: Session | Promise<Session>, options: AppOptions): Promise<number> {
  const {stdin, stdout} = options;
  const now = options.now ?? Date.now;
  const {ascii, color} = options;
  const looks = {ascii, color};
  const size = {columns: stdout.columns, rows: stdout.rows};
  const {readOnly} = options;
  const preferences = checkedPreferences(options.preferences ?? defaultPreferences);
  const appearance = {theme: options.theme ?? preferences.theme, shade: options.shade ?? 'dark'};
  const store = createStore(initialState({size, readOnly, now: now(), preferences, appearance}), now);
  // While the terminal is lent, ctrl-c is for the program that has it. It goes to both processes, in no order: the
  // program may have ended of it, and been noticed, before this process has its own.
  const lent = {is: false, until: 0};
  const outside: DoOutside = (what, lend) =>
    void doOutside(what, use =>
      lend(async () => {
        lent.is = true;
        await output.leave();
        await stopReading(stdin);
        try {
          await use();
        } finally {
          output.enter();
          lent.is = false;
          lent.until = performance.now() + interruptLagMs;
        }
      }),
    );
  const output = openOutput(stdout);
  output.enter();
  const app = render(<App store={store} looks={looks} now={now} outside={outside} />, {
    stdin,
    stdout: output.stream,
    stderr: output.messages,
    maxFps: 30,
    exitOnCtrlC: false,
    interactive: true,
  });
  const endings = [app.unmount, runClock(store)];
  let endSignals = () => {};
  let endCrash = () => {};
  const ended = new Promise<number>((resolve, reject) => {
    // A terminal that is gone fails whatever touches it, before its signal comes: that is no crash to report.
    const fail = (error: unknown) =>
      error instanceof Error && 'code' in error && error.code === 'EIO' ? resolve(hungUp) : reject(error);
    endSignals = onSignals(code => {
      const isForProgram = lent.is || performance.now() < lent.until;
      if (code !== interrupted || !isForProgram) resolve(code);
    });
    void app.waitUntilExit().then(code => resolve(typeof code === 'number' ? code : 0), fail);
    endCrash = onCrash(fail);
    endings.push(onHangup(stdin, stdout, () => resolve(hungUp)));
    void Promise.resolve(session).then(opened => {
      // The user may have quit before there was a session.
      if (store.state().exit !== null) return;
      const {version, readOnly, worktree, demoHint, revealsSecrets} = opened;
      const session = {version, readOnly, worktree, demoHint, revealsSecrets};
      store.dispatch({type: 'opened', session});
      endings.push(
        runRequests(store, opened),
        runFollows(store, opened),
        runPullRequestFollow(store, opened),
      );
    }, reject);
  });
  let code: number | undefined;
  try {
    code = await ended;
    return code;
  } finally {
    for (const end of endings.reverse()) end();
    // What React puts off to the next tick (raw mode) must have happened before anybody writes to the terminal. On one
    // that is gone it throws, where nobody but the crash listener can catch it.
    await nextTurn();
    await output.leave();
    // A terminal that is gone goes on failing, and its signal may yet come: both stay caught until the process ends.
    if (code !== hungUp) {
      endCrash();
      endSignals();
    }
  }

  async function doOutside(what: Parameters<DoOutside>[0], lend: Parameters<DoOutside>[1]): Promise<void> {
    const say = (text: string, tone: 'good' | 'drift' | 'bad' = 'good') =>
      store.dispatch({type: 'say', text, tone});
    try {
      switch (what.do) {
        case 'redraw':
          return output.redraw();
        case 'suspend':
          return await lend(suspend);
        case 'copy':
          (options.clipboard ?? (text => output.send(clipboardSequence(text))))(what.text);
          return say(`copied: ${what.text}`);
        case 'browse': {
          const opened = (await options.onBrowser?.(what.url)) ?? false;
          return say(opened ? `opened ${what.url}` : what.url);
        }
        case 'edit': {
          const {onEditor} = options;
          if (onEditor === undefined) return say(`${what.file}:${what.line}`);
          return await lend(() => onEditor(what.file, what.line));
        }
        case 'edit-conflicts': {
          const {onEditor} = options;
          if (onEditor === undefined) return say('there is no editor here', 'drift');
          const opened = await session;
          for (const conflict of what.conflicts) {
            const {file, line} = await opened.conflictFile(conflict, new AbortController().signal);
            await lend(() => onEditor(file, line, true));
          }
          return store.dispatch({type: 'dialog-resolved', ids: what.conflicts.map(({id}) => id)});
        }
        case 'edit-body': {
          const {onText} = options;
          if (onText === undefined) return say('there is no editor here', 'drift');
          return await lend(async () => store.dispatch({type: 'dialog-body', text: await onText(what.text)}));
        }
      }
    } catch (error) {
      say(error instanceof Error ? error.message : String(error), 'bad');
    }
  }
}

/** The sequence by which a terminal's clipboard is set (OSC 52); it moves no cursor. */
export function clipboardSequence(text: string): string {
  return `\u001B]52;c;${Buffer.from(text, 'utf8').toString('base64')}\u0007`;
}

/**
 * Stops taking keys, so that the program that has the terminal gets them all. Ink only lets go of its listener, and a
 * read that is under way would still take a key. Pausing ends it, but not before the stream knows that nobody listens.
 */
async function stopReading(stdin: NodeJS.ReadStream): Promise<void> {
  await nextTurn();
  stdin.pause();
  await nextTurn();
}

function nextTurn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}

/** Stops the process group as the terminal's own ctrl-z would. */
async function suspend(): Promise<void> {
  process.kill(0, 'SIGTSTP');
  // The signal takes effect soon after; this timer runs on when the process is continued.
  await new Promise(resolve => setTimeout(resolve, 100));
}

// A shell's codes for what ended by a signal: 128 and its number.
const hungUp = 129;
const interrupted = 130;
const terminated = 143;

// How late an interrupt may be that a lent program ended of. In the app ctrl-c is a key, never a signal.
const interruptLagMs = 1000;

/** Ends the app on SIGTERM, SIGHUP and SIGINT with the shell's code for it. Gives the function that stops listening. */
function onSignals(end: (code: number) => void): () => void {
  const signals = [
    ['SIGTERM', () => end(terminated)],
    ['SIGHUP', () => end(hungUp)],
    ['SIGINT', () => end(interrupted)],
  ] as const;
  for (const [signal, listener] of signals) process.on(signal, listener);
  return () => {
    for (const [signal, listener] of signals) process.off(signal, listener);
  };
}

/** Ends the app where the terminal is gone without a signal. Gives the function that stops listening. */
function onHangup(stdin: NodeJS.ReadStream, stdout: NodeJS.WriteStream, end: () => void): () => void {
  stdin.on('end', end);
  // These stay: a terminal that is gone also fails what is done to it last, which must not keep the rest from its end.
  for (const stream of [stdin, stdout]) stream.on('error', end);
  return () => {
    stdin.off('end', end);
  };
}

/** Ends the app on an error that nobody caught: Node would print it into the alternate screen, where it is lost. */
function onCrash(end: (error: unknown) => void): () => void {
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
  return () => {
    process.off('uncaughtException', end);
    process.off('unhandledRejection', end);
  };
}
