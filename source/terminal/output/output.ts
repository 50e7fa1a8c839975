import {writeSync} from 'node:fs';
import process from 'node:process';
import {plain} from '../../text/plain.ts';
import {asks, unasked} from '../questions.ts';
import {type Row, rowOf} from './cells.ts';
import {frameStream} from './frame-stream.ts';
import {openLink} from './link.ts';
import {atOnce, clear, paint, type Shown} from './paint.ts';

/** The terminal that the app draws on. While it is the app's, nobody else writes to it. */
export interface TerminalOutput {
  /** Ink's stdout: takes whole frames. */
  readonly stream: NodeJS.WriteStream;
  /** Ink's stderr: what is written here shows where the terminal is given back. */
  readonly messages: NodeJS.WriteStream;
  /** Takes the terminal: alternate screen, no cursor, no wrapping; the newest frame is painted on it. */
  enter(): void;
  /**
   * Writes nothing more, and resolves when the terminal has taken what it was sent and answered what it was asked: an answer
   * must not come to who has the terminal next. Frames that come from now on wait for `enter`.
   */
  settle(): Promise<void>;
  /** Gives it back as it was, once that is settled. */
  leave(): Promise<void>;
  /** The same at once, for a process that ends now; happens by itself when it exits. */
  abandon(): void;
  /** Takes the terminal again, with all modes, and paints all of it: another program may have written to it. */
  retake(): void;
  /** Writes a sequence that shows nothing and moves no cursor (the clipboard, a question), between two frames. */
  send(sequence: string): void;
  /**
   * Sets a mode of the terminal (mouse, keyboard): `on` is written now and whenever the terminal is taken, `off` whenever
   * it is given back, the last one first. Gives the function that ends it.
   */
  setMode(on: string, off: string): () => void;
}

// While it is resized, a terminal tells of many sizes, and Ink draws the old frame first: only the last one counts.
const resizingMs = 50;
// How long a terminal may take for what it was sent; then it is given back all the same.
const patienceMs = 2000;
const mostMessages = 100_000;

const take = '\u001B[?1049h\u001B[?25l\u001B[?7l';
// Clears, too: Linux's console has no alternate screen. Paste mode is Ink's; a crash would leave it on.
const give = '\u001B[?2026l\u001B[?2004l\u001B[m\u001B[H\u001B[J\u001B[?7h\u001B[?25h\u001B[?1049l';

/**
 * Puts a cell diff between Ink and a terminal: only what differs from what the terminal shows is written, and never more
 * than it can take at once. With `onAnswer` (calls back whenever the terminal answers DSR 5 with `CSI 0 n`; the keyboard must
 * be raw before `enter` and until `leave` is done) that holds for what lies between, too: see link.ts.
 */
export function openOutput(
  terminal: NodeJS.WriteStream,
  onAnswer?: (listener: () => void) => void,
): TerminalOutput {
  const link = openLink(() => performance.now());
  let waiting: NodeJS.Timeout | undefined;
  let holder: 'others' | 'ours' | 'leaving' = 'others';
  let frame: string | undefined;
  let shown: Shown | undefined;
  let known = new Map<string, Row>();
  let size = {columns: 0, rows: 0};
  let sequences = '';
  let messages = '';
  let isWriting = false;
  let onSettled = () => {};
  let resizing: NodeJS.Timeout | undefined;
  const modes = new Set<{on: string; off: string}>();

  const onFrame = (text: string) => {
    frame = text;
    pump();
  };
  const send = (sequence: string) => {
    if (holder === 'others') return void terminal.write(sequence);
    sequences += sequence;
    pump();
  };
  const stream = frameStream(terminal, {onFrame, onSequence: send});
  onAnswer?.(() => {
    link.answered();
    onSettled();
    pump();
  });
  const keep = (text: string) => {
    messages = (messages + text).slice(-mostMessages);
  };
  return {
    stream,
    messages: frameStream(terminal, {onFrame: keep, onSequence() {}}),
    enter,
    settle,
    async leave() {
      await settle();
      giveBack(out => void terminal.write(out));
    },
    abandon,
    retake() {
      if (holder !== 'ours') return;
      // An answer that is still awaited may have gone to the other program.
      sequences += offs() + taken() + asked();
      shown = undefined;
      pump();
    },
    send,
    setMode(on, off) {
      const mode = {on, off};
      modes.add(mode);
      if (holder === 'ours') send(on);
      return () => {
        if (modes.delete(mode) && holder === 'ours') send(off);
      };
    },
  };

  /** Writes what there is to write, unless the terminal has yet to take what it was sent: then only the newest counts. */
  function pump(): void {
    if (holder !== 'ours' || isWriting) return;
    if (!link.isFree) {
      waitForAnswer();
      return;
    }
    const out = sequences + nextPiece();
    sequences = '';
    if (out !== '') write(out);
  }

  function write(out: string): void {
    isWriting = true;
    const question = onAnswer === undefined ? '' : link.sent(Buffer.byteLength(out), asks(out));
    terminal.write(out + question, error => {
      isWriting = false;
      onSettled();
      if (error == null) pump();
    });
  }

  /** A terminal that does not answer any longer is written to all the same. */
  function waitForAnswer(): void {
    const deadline = link.deadline ?? 0;
    waiting ??= setTimeout(
      () => {
        waiting = undefined;
        if (performance.now() >= (link.deadline ?? 0)) link.giveUp();
        pump();
      },
      deadline - performance.now() + 1,
    );
  }

  function nextPiece(): string {
    if (frame === undefined || resizing !== undefined) return '';
    const {columns, rows} = size;
    const lines = frame.split('\n');
    // A frame is as high as the terminal: any other is of a size that is gone.
    if (lines.length !== rows) return '';
    const wanted = lines.map(line => known.get(line) ?? rowOf(line, columns));
    known = new Map(lines.map((line, y) => [line, wanted[y] ?? []]));
    if (shown !== undefined) return paint(shown, wanted, link.piece);
    const empty = clear(columns, rows);
    shown = empty.shown;
    return atOnce(empty.out + paint(shown, wanted, link.piece));
  }

  function enter(): void {
    if (holder !== 'others') return;
    holder = 'ours';
    setBlocking(terminal, false);
    fitSize();
    terminal.on('resize', onResize);
    process.on('exit', abandon);
    sequences += taken() + asked();
    pump();
  }

  function taken(): string {
    return take + [...modes].map(({on}) => on).join('');
  }

  function asked(): string {
    return onAnswer === undefined ? '' : link.begin();
  }

  function offs(): string {
    return [...modes]
      .map(({off}) => off)
      .reverse()
      .join('');
  }

  function fitSize(): void {
    size = {columns: terminal.columns, rows: terminal.rows};
    shown = undefined;
    known = new Map();
  }

  function onResize(): void {
    resizing ??= setTimeout(() => {
      resizing = undefined;
      pump();
    }, resizingMs);
    fitSize();
  }

  function abandon(): void {
    giveBack(out => {
      try {
        writeSync('fd' in terminal ? Number(terminal.fd) : 1, out);
      } catch {
        // It is gone, and so will be this process.
      }
    });
  }

  function giveBack(write: (out: string) => void): void {
    if (holder === 'others') return;
    holder = 'others';
    process.off('exit', abandon);
    terminal.off('resize', onResize);
    clearTimeout(resizing);
    clearTimeout(waiting);
    resizing = undefined;
    waiting = undefined;
    // One that has not even taken what came before would keep the process from its end.
    if (!isWriting) setBlocking(terminal, true);
    // What has not been asked yet is not asked any more: its answer would come to who has the terminal next.
    write(unasked(sequences) + offs() + give + plain(messages).replaceAll('\n', '\r\n'));
    sequences = '';
    messages = '';
  }

  async function settle(): Promise<void> {
    if (holder !== 'ours') return;
    holder = 'leaving';
    if (!isWriting && !link.isAsked) return;
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, patienceMs);
      onSettled = () => {
        if (isWriting || link.isAsked) return;
        onSettled = () => {};
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/**
 * Node writes to terminals blocking: with a slow one the app would stand still and hear no key. Nothing may be left to
 * write when the process ends, though: then it blocks again.
 */
function setBlocking(terminal: NodeJS.WriteStream, isBlocking: boolean): void {
  const {_handle: handle} = terminal as {_handle?: {setBlocking?(isBlocking: boolean): number}};
  handle?.setBlocking?.(isBlocking);
}
