import {createInterface} from 'node:readline';
import {plain} from '../text/plain.ts';

export interface ConsoleOptions {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  /** True where the terminal's own line editing is all there is. */
  readonly dumb: boolean;
  readonly now: () => number;
  /** False for a line that has to wait for what the one before it asked for. */
  isReady(text: string): boolean;
  /** A line, and when it arrived. */
  onLine(text: string, arrivedAt: number): void;
  /** ctrl-c while a line is edited here; without that it is a signal. */
  onInterrupt(): void;
  /** The input is over and all of it was taken: true once there is nothing to wait for any more. */
  onEnd(): boolean;
  /** What stands before the line that is typed; null while an answer is about to come. */
  prompt(): string | null;
  complete(text: string): [string[], string];
}

/** A terminal, or a pipe, as lines in and lines out. */
export interface Console {
  /** Prints lines, without anything that a terminal would obey. */
  say(lines: readonly string[]): void;
  /** Takes lines that had to wait, and shows the prompt where it is time for it. */
  settle(): void;
  /** True where both ends are a terminal, which can be lent. */
  readonly isTerminal: boolean;
  /** Lets another program have the terminal until it resolves. */
  lend<T>(use: () => Promise<T>): Promise<T>;
  isLent(): boolean;
  close(): void;
}

/**
 * Opens the console. Lines are edited here where a cursor can be placed; on a dumb terminal, a serial line or in a shell buffer
 * the terminal does that itself, and nothing but text and line ends is written.
 */
export function openConsole(options: ConsoleOptions): Console {
  const {stdin, stdout} = options;
  const isTerminal = stdin.isTTY === true && stdout.isTTY === true;
  const isEdited = isTerminal && !options.dumb;
  const reader = createInterface({
    input: stdin,
    output: stdout,
    terminal: isEdited,
    completer: (text: string) => options.complete(text),
    prompt: '',
  });
  const waiting: {text: string; at: number}[] = [];
  let isPrompted = false;
  let isOver = false;
  let isClosed = false;
  let isLent = false;
  let isTaking = false;

  const settle = () => {
    // What a line leads to comes back here before the line is done.
    if (isClosed || isLent || isTaking) return;
    for (let next = waiting[0]; next !== undefined && options.isReady(next.text); next = waiting[0]) {
      waiting.shift();
      isTaking = true;
      options.onLine(next.text, next.at);
      isTaking = false;
      if (isClosed) return;
    }
    if (isOver && waiting.length === 0 && options.onEnd()) return;
    const prompt = isOver ? null : options.prompt();
    if (prompt === null || isPrompted || waiting.length > 0) return;
    isPrompted = true;
    if (!isEdited) {
      stdout.write(plain(prompt));
      return;
    }
    // What was printed since the last prompt is none of its rows: it must not be wiped with them.
    Reflect.set(reader, 'prevRows', 0);
    reader.setPrompt(plain(prompt));
    reader.prompt(true);
  };

  reader.on('line', text => {
    // Nobody echoes what comes through a pipe: what is printed next begins a line of its own.
    if (isPrompted && stdin.isTTY !== true) stdout.write('\n');
    isPrompted = false;
    waiting.push({text, at: options.now()});
    settle();
  });
  reader.on('SIGINT', () => {
    // What was typed so far was not meant.
    reader.write(null, {ctrl: true, name: 'u'});
    if (isPrompted) stdout.write('\n');
    isPrompted = false;
    options.onInterrupt();
    settle();
  });
  reader.on('close', () => {
    isOver = true;
    settle();
  });

  return {
    settle,
    isLent: () => isLent,
    say(lines) {
      if (isClosed || lines.length === 0) return;
      const begin = isPrompted ? '\n' : '';
      isPrompted = false;
      stdout.write(`${begin}${lines.map(text => `${plain(text)}\n`).join('')}`);
    },
    isTerminal,
    async lend(use) {
      isLent = true;
      reader.pause();
      if (isEdited) stdin.setRawMode(false);
      // A read that is under way ends only with the turn; it would take the other program's first key.
      await new Promise(resolve => setImmediate(resolve));
      try {
        return await use();
      } finally {
        if (isEdited) stdin.setRawMode(true);
        reader.resume();
        isLent = false;
        isPrompted = false;
        settle();
      }
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      if (isPrompted) stdout.write('\n');
      reader.close();
    },
  };
}
