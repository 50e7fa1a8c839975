// Names of keys. Sources: xterm's ctlseqs (https://invisible-island.net/xterm/ctlseqs/ctlseqs.html), and the kitty keyboard
// protocol (https://sw.kovidgoyal.net/kitty/keyboard-protocol/).

/** Keys by the last letter of `CSI … letter` and `SS3 letter`. */
export const byLetter: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  F: 'end',
  H: 'home',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
};

/** Keys by the number of `CSI number ~`. */
export const byNumber: Readonly<Record<number, string>> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'pgup',
  6: 'pgdn',
  7: 'home',
  8: 'end',
  11: 'f1',
  12: 'f2',
  13: 'f3',
  14: 'f4',
  15: 'f5',
  17: 'f6',
  18: 'f7',
  19: 'f8',
  20: 'f9',
  21: 'f10',
  23: 'f11',
  24: 'f12',
};

/** The keypad in its application mode, by the letter after SS3. */
export const byKeypadLetter: Readonly<Record<string, string>> = {
  ' ': 'space',
  I: 'tab',
  M: 'enter',
  X: '=',
  j: '*',
  k: '+',
  l: ',',
  m: '-',
  n: '.',
  o: '/',
  ...Object.fromEntries([...'pqrstuvwxy'].map((letter, digit) => [letter, String(digit)])),
};

/** Keys that have no character of their own, by the number of `CSI number u`; the keypad's are from kitty's private range. */
const byCode: Readonly<Record<number, string>> = {
  8: 'backspace',
  9: 'tab',
  13: 'enter',
  27: 'esc',
  32: 'space',
  127: 'backspace',
  57409: '.',
  57410: '/',
  57411: '*',
  57412: '-',
  57413: '+',
  57414: 'enter',
  57415: '=',
  57416: ',',
  57417: 'left',
  57418: 'right',
  57419: 'up',
  57420: 'down',
  57421: 'pgup',
  57422: 'pgdn',
  57423: 'home',
  57424: 'end',
  57425: 'insert',
  57426: 'delete',
};

const keypadZero = 57399;
const privateRange = [57344, 63743] as const;

/** The key of a code point (kitty's `CSI number u`, xterm's `CSI 27 ; modifiers ; number ~`); null for none of ours. */
export function keyOfCode(code: number): string | null {
  const named = byCode[code];
  if (named !== undefined) return named;
  if (code >= keypadZero && code < keypadZero + 10) return String(code - keypadZero);
  if (code >= privateRange[0] && code <= privateRange[1]) return null;
  return keyOfCharacter(code);
}

/** The key of a printable character; null for control characters and what is no character. */
export function keyOfCharacter(code: number): string | null {
  if (code < 0x20 || (code >= 0x7f && code < 0xa0) || code > 0x10ffff) return null;
  if ((code >= 0xd800 && code <= 0xdfff) || code === 0xfffd || code === 0xfeff) return null;
  return code === 0x20 ? 'space' : String.fromCodePoint(code);
}

/** The key of a control character as terminals have sent it since ever. Ctrl-h, ctrl-i, ctrl-j, ctrl-m are not to be told there. */
export function keyOfControl(byte: number): string {
  switch (byte) {
    case 0x00:
      return 'ctrl-space';
    case 0x08:
    case 0x7f:
      return 'backspace';
    case 0x09:
      return 'tab';
    case 0x0a:
    case 0x0d:
      return 'enter';
    default:
      return `ctrl-${String.fromCharCode(byte + 0x40).toLowerCase()}`;
  }
}

/** The bits of a modifier parameter, less the locks (caps, num), which change no key. */
const shift = 1;
const control = 4;
/** Alt, super, hyper and meta: nothing is bound to keys with them. */
const unbound = 2 | 8 | 16 | 32;

/**
 * The name of a key with modifiers (as xterm and kitty count them: 1 and the bits); null with alt, super, hyper or meta.
 * Shift is in the character where there is one.
 */
export function withModifiers(key: string, parameter: number): string | null {
  const bits = Math.max(0, parameter - 1);
  if ((bits & unbound) !== 0) return null;
  const hasShift = (bits & shift) !== 0;
  const isCharacter = [...key].length === 1;
  if ((bits & control) !== 0) {
    // What ctrl-[ always was.
    if (key === '[') return 'esc';
    return `ctrl-${hasShift ? 'shift-' : ''}${isCharacter ? key.toLowerCase() : key}`;
  }
  // Held a little too long while typing.
  if (!hasShift || key === 'space' || key === 'backspace') return key;
  return isCharacter ? key.toUpperCase() : `shift-${key}`;
}
