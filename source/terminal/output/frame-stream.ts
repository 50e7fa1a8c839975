import type process from 'node:process';

type Listener = (...args: unknown[]) => void;

// Sequences that only make room for a frame or are the screen's own business: erasing, moving, cursor, alternate screen,
// synchronized output. Ink writes them in front of a frame, or by themselves.
const upkeep = /(?:\u001B\[[\d;]*[A-HJK]|\u001B\[\?(?:25|1049|2026)[hl])/y;
const sequencesOnly = /^(?:\u001B\[[\d;?<=>]*[ -/]*[@-~])*$/;

/** Takes what Ink writes to its stdout apart: whole frames, and sequences that set modes. */
export interface FrameListener {
  onFrame(frame: string): void;
  onSequence(sequence: string): void;
}

/**
 * A terminal as Ink sees it: size, resizes and state are the terminal's, what is written goes to the listener. Works with
 * Ink's default output (no `debug`, `incrementalRendering` nor `alternateScreen`): each write holds a whole frame, behind
 * the erasing of the one before.
 */
export function frameStream(
  terminal: NodeJS.WriteStream,
  {onFrame, onSequence}: FrameListener,
): typeof process.stdout {
  const stream = {
    isTTY: true,
    get columns() {
      return terminal.columns;
    },
    get rows() {
      return terminal.rows;
    },
    get writable() {
      return terminal.writable;
    },
    get destroyed() {
      return terminal.destroyed;
    },
    get writableEnded() {
      return terminal.writableEnded;
    },
    on(event: string, listener: Listener) {
      terminal.on(event, listener);
      return stream;
    },
    off(event: string, listener: Listener) {
      terminal.off(event, listener);
      return stream;
    },
    // Ink waits for this before it goes on; it never has to wait for a slow terminal.
    write(chunk: string, ...rest: unknown[]) {
      const text = withoutUpkeep(chunk);
      if (!sequencesOnly.test(text)) onFrame(text);
      else if (text !== '') onSequence(text);
      const done = rest.find(each => typeof each === 'function');
      if (done !== undefined) setImmediate(done as () => void);
      return true;
    },
  };
  return stream as unknown as typeof process.stdout;
}

function withoutUpkeep(chunk: string): string {
  let start = 0;
  for (upkeep.lastIndex = 0; upkeep.test(chunk); ) start = upkeep.lastIndex;
  return chunk.slice(start);
}
