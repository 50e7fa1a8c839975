import {writeSync} from 'node:fs';
import process from 'node:process';
import {plain} from '../../text/plain.ts';
import {type Row, rowOf} from './cells.ts';
import {frameStream} from './frame-stream.ts';
import {atOnce, clear, paint, type Shown} from './paint.ts';

/** The terminal that the app draws on. While it is the app's, nobody else writes to it. */
export interface TerminalOutput {
  /** Ink's stdout: takes whole frames. */
  readonly stream: NodeJS.WriteStream;
  /** Ink's stderr: what is written here shows where the terminal is given back. */
  readonly messages: NodeJS.WriteStream;
  /** Takes the terminal: alternate screen, no cursor, no wrapping; the newest frame is painted on it. */
  enter(): void;
  /** Gives it back as it was, once it has taken what it was sent. Frames that come meanwhile wait for `enter`. */
  leave(): Promise<void>;
  /** The same at once, for a process that ends now; happens by itself when it exits. */
  abandon(): void;
  /** Clears the terminal and paints the newest frame anew. */
  redraw(): void;
  /** The same where another program may have changed the terminal: takes it again, with all modes. */
  retake(): void;
  /** Writes a sequence that shows nothing and moves no cursor (the clipboard, a question), between two frames. */
  send(sequence: string): void;
  /**
   * Sets a mode of the terminal (mouse, keyboard): `on` is written now and whenever the terminal is taken, `off` whenever
   * it is given back, the last one first. Gives the function that ends it.
   */
  setMode(on: string, off: string): () => void;
}

// A frame goes out in pieces of about so many characters: on a slow link a newer frame replaces the rest of an older one.
const pieceLength = 1024;
// While it is resized, a terminal tells of many sizes, and Ink draws the old frame first: only the last one counts.
const resizingMs = 50;
// How long a terminal may take for what it was sent; then it is given back all the same.
const patienceMs = 2000;
const mostMessages = 100_000;

const take = '\u001B[?1049h\u001B[?25l\u001B[?7l';
// Clears, too: Linux's console has no alternate screen. Paste mode is Ink's; a crash would leave it on.
const give = '\u001B[?2026l\u001B[?2004l\u001B[m\u001B[H\u001B[J\u001B[?7h\u001B[?25h\u001B[?1049l';

/** Puts a cell diff between Ink and a terminal: only what differs from what the terminal shows is written. */
export function openOutput(terminal: NodeJS.WriteStream): TerminalOutput {
  let holder: 'others' | 'ours' | 'leaving' = 'others';
  let frame: string | undefined;
  let shown: Shown | undefined;
  let known = new Map<string, Row>();
  let size = {columns: 0, rows: 0};
  let sequences = '';
  let messages = '';
  let isWriting = false;
  let onWritten = () => {};
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
  const keep = (text: string) => {
    messages = (messages + text).slice(-mostMessages);
  };
  return {
    stream,
    messages: frameStream(terminal, {onFrame: keep, onSequence() {}}),
    enter,
    async leave() {
      if (holder !== 'ours') return;
      holder = 'leaving';
      if (isWriting) await written();
      giveBack(out => void terminal.write(out));
    },
    abandon,
    redraw() {
      shown = undefined;
      pump();
    },
    retake() {
      if (holder !== 'ours') return;
      sequences += offs() + taken();
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
    const out = sequences + nextPiece();
    sequences = '';
    if (out === '') return;
    isWriting = true;
    terminal.write(out, error => {
      isWriting = false;
      onWritten();
      if (error == null) pump();
    });
  }

  function nextPiece(): string {
    if (frame === undefined || resizing !== undefined) return '';
    const {columns, rows} = size;
    const lines = frame.split('\n');
    // A frame is as high as the terminal: any other is of a size that is gone.
    if (lines.length !== rows) return '';
    const wanted = lines.map(line => known.get(line) ?? rowOf(line, columns));
    known = new Map(lines.map((line, y) => [line, wanted[y] ?? []]));
    if (shown !== undefined) return paint(shown, wanted, pieceLength);
    const empty = clear(columns, rows);
    shown = empty.shown;
    return atOnce(empty.out + paint(shown, wanted, pieceLength));
  }

  function enter(): void {
    if (holder !== 'others') return;
    holder = 'ours';
    setBlocking(terminal, false);
    fitSize();
    terminal.on('resize', onResize);
    process.on('exit', abandon);
    sequences += taken();
    pump();
  }

  function taken(): string {
    return take + [...modes].map(({on}) => on).join('');
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
    resizing = undefined;
    setBlocking(terminal, true);
    write(sequences + offs() + give + plain(messages).replaceAll('\n', '\r\n'));
    sequences = '';
    messages = '';
  }

  function written(): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, patienceMs);
      onWritten = () => {
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
