import {isRemote} from '../remote.ts';
import type {InputEvent} from './events.ts';
import {Tokenizer} from './tokenizer.ts';

/** Where the app hears of keys, pastes and answers. */
export interface InputSource {
  /** Calls back with each event, in order; gives the function that ends it. */
  subscribe(listener: (event: InputEvent) => void): () => void;
}

/** What is read of the terminal: process.stdin, or what stands for it in a test. */
export interface InputStream {
  on(event: 'data', listener: (chunk: Uint8Array) => void): unknown;
  off(event: 'data', listener: (chunk: Uint8Array) => void): unknown;
  setRawMode(isRaw: boolean): unknown;
  resume(): unknown;
  pause(): unknown;
}

/** The one reader of the terminal. */
export interface TerminalInput extends InputSource {
  /** Takes the keyboard: raw mode, every key is the app's. Again after `stop`, or where another program changed the mode. */
  start(): void;
  /** Gives the keyboard back, as it was; resolves when no read is under way that would still take a key. */
  stop(): Promise<void>;
  /** Says that the terminal speaks the kitty keyboard protocol now, or no longer: then ESC is never a key by itself. */
  setUnambiguous(unambiguous: boolean): void;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** How long a paste may stand still before ctrl-c ends it, in ms. */
const pasteStallMs = 2000;

/**
 * How long a lone ESC waits for the rest of a sequence, in ms. Where terminal and app are on one machine a sequence arrives in
 * one piece or within a few ms: 100 is no delay to wait for, esc only goes back. Over SSH a sequence that is split comes in
 * two packets, and a lost one is sent again after 200 ms at the least (RFC 6298's minimum as Linux has it) and a round trip.
 */
export function escapeTime(env: Variables): number {
  return isRemote(env) ? 400 : 100;
}

/** Reads a terminal; nobody else may. */
export function openInput(stream: InputStream, env: Variables): TerminalInput {
  const tokenizer = new Tokenizer();
  const listeners = new Set<(event: InputEvent) => void>();
  const times = {escape: escapeTime(env), paste: pasteStallMs};
  let timer: NodeJS.Timeout | undefined;

  const tell = (events: readonly InputEvent[]) => {
    for (const event of events) for (const listener of [...listeners]) listener(event);
  };
  const wait = () => {
    const {waits} = tokenizer;
    if (waits === null) return;
    timer = setTimeout(() => {
      // After a long frame the rest may be there already, and not be read yet: that comes before another timer.
      timer = setTimeout(() => {
        tell(tokenizer.timeUp());
        wait();
      }, 0);
    }, times[waits]);
  };
  const take = (chunk: Uint8Array) => {
    clearTimeout(timer);
    const events = tokenizer.feed(chunk);
    wait();
    tell(events);
  };

  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start() {
      // Off first: where another program changed the mode behind Node's back, it would take it to be on.
      stream.setRawMode(false);
      stream.setRawMode(true);
      stream.off('data', take);
      stream.on('data', take);
      stream.resume();
    },
    async stop() {
      clearTimeout(timer);
      tokenizer.reset();
      stream.off('data', take);
      // Pausing ends a read that is under way, but not before the next turn.
      stream.pause();
      stream.setRawMode(false);
      await new Promise<void>(resolve => setImmediate(resolve));
    },
    setUnambiguous(unambiguous) {
      tokenizer.unambiguous = unambiguous;
    },
  };
}
