import type {InputEvent} from './events.ts';
import {keyOfCharacter, keyOfControl} from './key-names.ts';
import {readCsi, readLinux, readOsc, readSs3} from './sequences.ts';

/** How much of a paste is kept; what is longer is no name, filter or title. */
export const pasteLimit = 64 * 1024;

const esc = 0x1b;
const interrupt = 0x03;
const bell = 0x07;
const pasteEnd = Buffer.from('\u001B[201~');
/** Ctrl-c, plain or as the kitty keyboard protocol has it. */
const isInterrupts = /^(?:\u0003|\u001B\[99;5u)+$/;
/** What can still become that. */
const beginsInterrupts = /^(?:\u0003|\u001B\[99;5u)*(?:\u001B(?:\[(?:9(?:9(?:;5?)?)?)?)?)?$/;
/** No parameters of a sequence, no colour and no name of a terminal is longer. */
const sequenceLimit = 256;
/** The last letters of sequences without parameters that terminals send. */
const lettersAlone = new Set([...'ABCDEFHIOPQRSZabcd']);

interface Paste {
  readonly bytes: number[];
  cut: boolean;
  /** How many bytes of the end mark came last. */
  matched: number;
  /** What came since time was up; null while more is expected. */
  sinceStall: string | null;
}

type Mode =
  | 'ground'
  | 'escape'
  | 'late'
  | 'csi'
  | 'linux'
  | 'oldMouse'
  | 'ss3'
  | 'oscNumber'
  | 'stringStart'
  | 'string'
  | 'stringEscape'
  | 'paste';

/**
 * Bytes from a terminal to keys, pastes and replies, wherever they are split. Pure: it has no clock. While `waits` says
 * so, who reads the terminal calls `timeUp` if nothing came for a while.
 *
 * Only a lone ESC is ever decided by time: it is the key esc, or the first byte of a sequence that a slow link has split. What
 * arrives later and can be the rest of one (`[A`, `OA`, `[<0;1;1M`) is swallowed, however late it is: esc was one key too
 * many (it only ever goes back), an arrow after it would move in another place than it was meant for. Pastes and replies are
 * understood late, too. The price: a `[` or an `O` right after esc is not heard. Alt and a key come in one piece: a key in the
 * next one was typed after esc. All other sequences wait for their end
 * without a limit; any control character but ESC ends a broken one, so ctrl-c is always heard.
 */
export class Tokenizer {
  /** True while the terminal speaks the kitty keyboard protocol: then ESC is never a key, always the start of a sequence. */
  unambiguous = false;

  #mode: Mode = 'ground';
  #events: InputEvent[] = [];
  /** How many ESC came before what follows them. */
  #escapes = 0;
  /** True where an esc was made of the ESC of what follows. */
  #late = false;
  #text = '';
  #left = 0;
  /** A character of several bytes: its bits so far, and how many bytes are to come. */
  #character = {bits: 0, left: 0, least: 0, alt: false};
  #paste: Paste | null = null;

  /** What time would decide: whether an ESC was a key, whether a paste's end is lost. */
  get waits(): 'escape' | 'paste' | null {
    if (this.#mode === 'escape') return this.unambiguous ? null : 'escape';
    // After a stop, only for a ctrl-c that nothing follows.
    return this.#paste !== null && this.#paste.sinceStall !== '' ? 'paste' : null;
  }

  /** Takes bytes; gives what they complete. */
  feed(bytes: Uint8Array): InputEvent[] {
    if (this.#mode === 'escape' && !this.unambiguous && bytes.length > 0) this.#endEscape(bytes[0] ?? 0);
    for (const byte of bytes) this.#modes[this.#mode](byte);
    return this.#taken();
  }

  /** Says that nothing came for as long as `waits` allows. */
  timeUp(): InputEvent[] {
    if (this.waits === 'escape') {
      this.#emitEscapes();
      this.#mode = 'late';
    } else if (this.waits === 'paste' && this.#paste !== null) {
      // Its end is lost, or the link stands still: what comes late must not run as keys, and nobody must be locked in.
      if (isInterrupts.test(this.#paste.sinceStall ?? '')) this.reset();
      else this.#paste.sinceStall = '';
    }
    return this.#taken();
  }

  /** Forgets what is unfinished: another program had the terminal. */
  reset(): void {
    this.#mode = 'ground';
    this.#character.left = 0;
    this.#paste = null;
  }

  readonly #modes: Readonly<Record<Mode, (byte: number) => void>> = {
    ground: (byte: number) => this.#ground(byte),

    escape: (byte: number) => {
      if (byte === esc) {
        this.#escapes = Math.min(2, this.#escapes + 1);
        return;
      }
      this.#late = false;
      if (this.#introduce(byte)) return;
      this.#mode = 'ground';
      if (byte === interrupt) this.#ground(byte);
      // Alt and a character of several bytes: they belong together. Alt and any other key is not bound.
      else if (byte >= 0x80) this.#begin(byte, true);
    },

    late: (byte: number) => {
      this.#late = true;
      this.#escapes = 1;
      // Replies in DCS and APC are none that the app has asked for, and `P` and `_` are keys.
      if (byte === 0x50 || byte === 0x5f || !this.#introduce(byte)) this.#again(byte);
    },

    csi: (byte: number) => {
      const letter = String.fromCharCode(byte);
      if (byte < 0x20 || byte > 0x7e) this.#again(byte);
      // rxvt ends a shifted key in `$`, which else stands before the last letter.
      else if (byte < 0x40 && !(letter === '$' && /^[235678]$/.test(this.#text))) this.#add(letter);
      else if (this.#text !== '') this.#endCsi(letter);
      else if (letter === '[') this.#mode = 'linux';
      else if (letter === 'M') {
        this.#mode = 'oldMouse';
        this.#left = 3;
      } else if (this.#late && !lettersAlone.has(letter)) this.#again(byte);
      else this.#endCsi(letter);
    },

    linux: (byte: number) => {
      this.#mode = 'ground';
      if (byte < 0x20) this.#ground(byte);
      else this.#emitKey(readLinux(String.fromCharCode(byte)));
    },

    /** A mouse report of before SGR: three bytes, which may be anything but control characters. */
    oldMouse: (byte: number) => {
      if (byte < 0x20) return this.#again(byte);
      this.#left -= 1;
      if (this.#left === 0) this.#mode = 'ground';
    },

    ss3: (byte: number) => {
      const letter = String.fromCharCode(byte);
      if (/[\d;]/.test(letter)) return this.#add(letter);
      const event = readSs3(this.#text, letter);
      if (event === undefined) return this.#again(byte);
      this.#mode = 'ground';
      this.#emitKey(event);
    },

    /** OSC up to its number: without one it was alt-] and another key. */
    oscNumber: (byte: number) => {
      const letter = String.fromCharCode(byte);
      if (/\d/.test(letter) && this.#text.length < 4) this.#add(letter);
      else if (letter === ';' && this.#text !== '') {
        this.#add(letter);
        this.#mode = 'string';
      } else this.#again(byte);
    },

    /** DCS or APC after its first byte, which tells an answer from alt-P and alt-_ with another key. */
    stringStart: (byte: number) => {
      const isAnswer = (this.#text === 'P' ? /[\d>!+$?]/ : /G/).test(String.fromCharCode(byte));
      if (!isAnswer) return this.#again(byte);
      this.#mode = 'string';
    },

    string: (byte: number) => {
      if (byte === esc) this.#mode = 'stringEscape';
      else if (byte === bell) this.#endString();
      else if (byte < 0x20) this.#again(byte);
      else this.#add(String.fromCharCode(byte));
    },

    stringEscape: (byte: number) => {
      if (byte === 0x5c) return this.#endString();
      this.#mode = 'escape';
      this.#escapes = 1;
      this.#modes.escape(byte);
    },

    paste: (byte: number) => this.#pasteByte(byte),
  };

  /** ESC was the last byte of a chunk. What then comes and begins no sequence was typed after it. */
  #endEscape(next: number): void {
    if (next === 0x5b || next === 0x4f || next === 0x5d) return;
    this.#emitEscapes();
    this.#mode = 'ground';
  }

  #emitEscapes(): void {
    for (let count = 0; count < this.#escapes; count += 1) this.#emit({type: 'key', key: 'esc'});
  }

  #ground(byte: number): void {
    const {left} = this.#character;
    if (left > 0 && (byte & 0xc0) === 0x80) {
      this.#continue(byte);
      return;
    }
    // A character that was not finished is none.
    this.#character.left = 0;
    if (byte === esc) {
      this.#mode = 'escape';
      this.#escapes = 1;
    } else if (byte < 0x20 || byte === 0x7f) this.#emit({type: 'key', key: keyOfControl(byte)});
    else if (byte < 0x80) this.#type(byte);
    else this.#begin(byte, false);
  }

  /** The first byte of a character of several (RFC 3629). */
  #begin(byte: number, alt: boolean): void {
    const [left, least, bits] =
      byte >= 0xc2 && byte <= 0xdf
        ? [1, 0x80, byte & 0x1f]
        : byte >= 0xe0 && byte <= 0xef
          ? [2, 0x800, byte & 0x0f]
          : byte >= 0xf0 && byte <= 0xf4
            ? [3, 0x10000, byte & 0x07]
            : [0, 0, 0];
    this.#character = {bits, left, least, alt};
  }

  #continue(byte: number): void {
    const character = this.#character;
    character.bits = (character.bits << 6) | (byte & 0x3f);
    character.left -= 1;
    if (character.left === 0 && !character.alt && character.bits >= character.least)
      this.#type(character.bits);
  }

  #type(code: number): void {
    const key = keyOfCharacter(code);
    if (key !== null) this.#emit({type: 'key', key});
  }

  /** Begins the sequence that a byte after ESC introduces; false where it introduces none. */
  #introduce(byte: number): boolean {
    const modes = {'[': 'csi', O: 'ss3', ']': 'oscNumber', P: 'stringStart', _: 'stringStart'} as const;
    const letter = String.fromCharCode(byte);
    if (!(letter in modes)) return false;
    this.#mode = modes[letter as keyof typeof modes];
    this.#text = letter === 'P' || letter === '_' ? letter : '';
    return true;
  }

  /** Takes a byte that is no part of the sequence before it. */
  #again(byte: number): void {
    this.#mode = 'ground';
    this.#ground(byte);
  }

  #add(letter: string): void {
    if (this.#text.length < sequenceLimit) this.#text += letter;
  }

  #endCsi(letter: string): void {
    this.#mode = 'ground';
    if (letter === '~' && this.#text === '200') {
      this.#mode = 'paste';
      this.#paste = {bytes: [], cut: false, matched: 0, sinceStall: null};
      return;
    }
    const event = readCsi(this.#text, letter);
    if (event?.type === 'key') this.#emitKey(event);
    else if (event !== null && !(this.#late && event.type === 'mouse')) this.#emit(event);
  }

  #endString(): void {
    this.#mode = 'ground';
    const event = readOsc(this.#text);
    if (event !== null) this.#emit(event);
  }

  #pasteByte(byte: number): void {
    const paste = this.#paste;
    if (paste === null) return;
    if (paste.sinceStall !== null) {
      const since = paste.sinceStall + String.fromCharCode(byte);
      paste.sinceStall = beginsInterrupts.test(since) ? since : null;
    }
    if (byte === pasteEnd[paste.matched]) {
      paste.matched += 1;
      if (paste.matched === pasteEnd.length) this.#endPaste(paste.bytes, paste.cut);
      return;
    }
    for (let index = 0; index < paste.matched; index += 1) keep(paste, pasteEnd[index] ?? 0);
    paste.matched = byte === esc ? 1 : 0;
    if (byte !== esc) keep(paste, byte);
  }

  #endPaste(bytes: readonly number[], cut: boolean): void {
    this.#mode = 'ground';
    this.#paste = null;
    const text = new TextDecoder()
      .decode(Uint8Array.from(bytes))
      .replace(/\r\n?/g, '\n')
      .replace(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\uFFFD]/g, '');
    this.#emit({type: 'paste', text, cut});
  }

  /** A key that a sequence stands for: not where it came too late, or with alt before it. */
  #emitKey(event: InputEvent | null): void {
    if (event !== null && !this.#late && this.#escapes < 2) this.#emit(event);
  }

  #emit(event: InputEvent): void {
    this.#events.push(event);
  }

  #taken(): InputEvent[] {
    const taken = this.#events;
    this.#events = [];
    return taken;
  }
}

function keep(paste: Paste, byte: number): void {
  if (paste.bytes.length < pasteLimit) paste.bytes.push(byte);
  else paste.cut = true;
}
