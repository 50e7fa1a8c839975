import {hungUp, isHangup, onCrash, onHangup, onSignals} from './ending.ts';
import type {Rgb} from './input/events.ts';
import {type InputSource, openInput} from './input/reader.ts';
import {openOutput} from './output/output.ts';
import {kittyKeyboard, mouseReports, pasteMarks, questions} from './questions.ts';

/** The terminal while the app has it: what it shows, what comes from it, and how both end. */
export interface AppTerminal {
  /** Keys, pastes, the mouse. */
  readonly input: InputSource;
  /** Ink's stdout and stderr. */
  readonly stream: NodeJS.WriteStream;
  readonly messages: NodeJS.WriteStream;
  /** Resolves with an exit code when a signal, or the end of the terminal, ends the app; rejects with an error that nobody caught. */
  readonly ended: Promise<number>;
  /** Writes a sequence that shows nothing and moves no cursor. */
  send(sequence: string): void;
  /** Paints all of it anew, and sets its modes again. */
  redraw(): void;
  /**
   * Lends the terminal to a program: it is as it was before the app, keys and ctrl-c are the program's until `use` is
   * settled; then the app has it again, and paints all of it. Gives what `use` gives, throws what it throws; throws where
   * it is lent already.
   */
  lend<Result>(use: () => Promise<Result>): Promise<Result>;
  /** Stops the process group as the terminal's own ctrl-z would; resolves when it goes on. False where nothing can stop it. */
  suspend(): Promise<boolean>;
  /** Gives the terminal back as it was before the app. */
  close(): Promise<void>;
}

export interface TerminalOptions {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Presses and the wheel come as events. */
  readonly mouse: boolean;
  /** Told once, where the terminal tells it. */
  readonly onBackground?: (color: Rgb) => void;
}

// How late an interrupt may be that a lent program ended of. In the app ctrl-c is a key, never a signal.
const interruptLagMs = 1000;
// How long a signal that stops the process may take to do so.
const stopLagMs = 100;

/** Takes the terminal. However the process ends but by SIGKILL, the terminal is as it was before. */
export function openTerminal({stdin, stdout, env, mouse, onBackground}: TerminalOptions): AppTerminal {
  const input = openInput(stdin, env);
  const asked = questions(env);
  const onReady = (listener: () => void) => {
    input.subscribe(event => {
      if (event.type === 'reply' && event.reply.of === 'ready') listener();
    });
  };
  const output = openOutput(stdout, asked === '' ? undefined : onReady);
  // While the terminal is lent, ctrl-c is for the program that has it. It goes to both processes, in no order: the
  // program may have ended of it, and been noticed, before this process has its own.
  const lent = {is: false, until: 0};
  let isOpen = true;
  let isGone = false;

  const modes = [pasteMarks, ...(mouse ? [mouseReports] : [])];
  for (const {on, off} of modes) output.setMode(on, off);
  // What answers is not to be echoed: first the keyboard, then the screen.
  input.start();
  output.enter();
  let isKittyOn = false;
  input.subscribe(event => {
    if (event.type !== 'reply') return;
    const {reply} = event;
    if (reply.of === 'background') onBackground?.(reply.color);
    if (reply.of !== 'keyboard') return;
    input.setUnambiguous(isKittyOn && (reply.flags & 1) === 1);
    if (!isKittyOn) output.setMode(kittyKeyboard.on, kittyKeyboard.off);
    isKittyOn = true;
  });
  if (asked !== '') output.send(asked);

  // While answers are awaited keys are nobody's: those pressed before are the app's, those after are who has it next's.
  let isLeaving = false;
  const leave = async () => {
    isLeaving = true;
    if (isGone) output.abandon();
    await output.settle();
    await input.stop();
    input.setUnambiguous(false);
    await output.leave();
  };
  const enter = () => {
    isLeaving = false;
    input.start();
    output.enter();
  };

  const ends: (() => void)[] = [];
  const ended = new Promise<number>((resolve, reject) => {
    const end = (code: number) => {
      isGone ||= code === hungUp;
      resolve(code);
    };
    ends.push(
      onSignals((code, signal) => {
        const isForProgram = lent.is || performance.now() < lent.until;
        if (!(isForProgram && (signal === 'SIGINT' || signal === 'SIGQUIT'))) end(code);
      }),
      // A terminal that is gone fails whatever touches it, before its signal comes: that is no crash to report.
      onCrash(error => (isHangup(error) ? end(hungUp) : reject(error))),
      onHangup(stdin, stdout, () => end(hungUp)),
    );
  });
  // Who has closed it is no longer interested in how it would have ended.
  ended.catch(() => {});

  // Stopped and continued from outside: the shell has used the terminal meanwhile, and its size may be another.
  const onContinued = () => {
    if (lent.is || !isOpen) return;
    process.emit('SIGWINCH', 'SIGWINCH');
    input.setUnambiguous(false);
    input.start();
    output.retake();
  };
  const onStop = () => void terminal.suspend().catch(() => {});
  process.on('SIGCONT', onContinued);
  process.on('SIGTSTP', onStop);
  ends.push(
    () => process.off('SIGCONT', onContinued),
    () => process.off('SIGTSTP', onStop),
  );

  const terminal: AppTerminal = {
    input: {subscribe: listener => input.subscribe(event => isLeaving || listener(event))},
    stream: output.stream,
    messages: output.messages,
    ended,
    send: output.send,
    redraw: output.retake,
    async lend(use) {
      if (lent.is) throw new Error('another program has the terminal');
      lent.is = true;
      // A program that suspends itself stops the whole group: this process must not be the one that goes on.
      process.off('SIGTSTP', onStop);
      try {
        await leave();
        return await use();
      } finally {
        lent.until = performance.now() + interruptLagMs;
        if (isOpen) {
          process.on('SIGTSTP', onStop);
          enter();
        }
        lent.is = false;
      }
    },
    suspend: () =>
      terminal.lend(async () => {
        const stopped = continued();
        process.kill(0, 'SIGTSTP');
        const isStopped = await stopped;
        process.emit('SIGWINCH', 'SIGWINCH');
        return isStopped;
      }),
    async close() {
      isOpen = false;
      if (!lent.is) await leave();
      // A terminal that is gone goes on failing, and its signal may yet come: both stay caught until the process ends.
      if (!isGone) for (const end of ends) end();
    },
  };
  return terminal;
}

/** Waits until the process, about to be stopped, goes on: true. False where it was not stopped after all. */
function continued(): Promise<boolean> {
  return new Promise(resolve => {
    let isContinued = false;
    const onContinue = () => {
      isContinued = true;
      finish();
    };
    // A timer that was due while the process stood still comes before its signal does.
    const finish = () => setImmediate(end);
    const end = () => {
      clearTimeout(timer);
      process.off('SIGCONT', onContinue);
      resolve(isContinued);
    };
    const timer = setTimeout(finish, stopLagMs);
    process.on('SIGCONT', onContinue);
  });
}
