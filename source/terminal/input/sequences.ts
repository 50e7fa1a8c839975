import type {InputEvent, Rgb} from './events.ts';
import {byKeypadLetter, byLetter, byNumber, keyOfCode, withModifiers} from './key-names.ts';

/** What `CSI parameters final` says; null for what is nothing to the app. */
export function readCsi(parameters: string, final: string): InputEvent | null {
  switch (parameters[0]) {
    case '<':
      return final === 'M' ? readMouse(parameters.slice(1)) : null;
    case '?':
      return readReply(parameters.slice(1), final);
    case '>':
    case '=':
      return null;
  }
  if (final === 'n') return parameters === '0' ? {type: 'reply', reply: {of: 'ready'}} : null;
  if (parameters === '' && (final === 'I' || final === 'O')) return {type: 'focus', focused: final === 'I'};
  return keyEvent(readKey(parameters, final));
}

/** What `SS3 parameters final` says; undefined where there is no such sequence: then it was alt-O and another key. */
export function readSs3(parameters: string, final: string): InputEvent | null | undefined {
  const key = byLetter[final] ?? rxvtControl[final] ?? byKeypadLetter[final];
  if (key === undefined) return final === 'E' ? null : undefined;
  // Old xterms write the modifiers alone, newer ones `1;` before them.
  return keyEvent(withModifiers(key, Number(parameters.split(';').at(-1) || 1)));
}

/** A function key of the Linux console, `CSI [ letter`. */
export function readLinux(letter: string): InputEvent | null {
  const index = 'ABCDE'.indexOf(letter);
  return index < 0 ? null : keyEvent(`f${index + 1}`);
}

/** What the terminal says by `OSC number ; text`: its colours. */
export function readOsc(text: string): InputEvent | null {
  const [, number, value = ''] = /^(10|11);(.*)$/s.exec(text) ?? [];
  const color = number === undefined ? null : readColor(value);
  return color === null
    ? null
    : {type: 'reply', reply: {of: number === '10' ? 'foreground' : 'background', color}};
}

/** A colour as X11 writes it (XParseColor(3)): `rgb:h/h/h` with one to four digits each, or `#rrggbb`. */
export function readColor(value: string): Rgb | null {
  const [, ...digits] =
    /^rgba?:([\da-f]{1,4})\/([\da-f]{1,4})\/([\da-f]{1,4})(?:\/[\da-f]{1,4})?$/i.exec(value) ??
    /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(value) ??
    [];
  const [r, g, b] = digits.map(hex => Math.round((Number.parseInt(hex, 16) / (16 ** hex.length - 1)) * 255));
  return r === undefined || g === undefined || b === undefined ? null : {r, g, b};
}

/** Arrows that rxvt sends with ctrl (SS3) and with shift (CSI). */
const rxvtControl: Readonly<Record<string, string>> = {
  a: 'ctrl-up',
  b: 'ctrl-down',
  c: 'ctrl-right',
  d: 'ctrl-left',
};
const rxvtShift: Readonly<Record<string, string>> = {
  a: 'shift-up',
  b: 'shift-down',
  c: 'shift-right',
  d: 'shift-left',
};

function keyEvent(key: string | null): InputEvent | null {
  return key === null ? null : {type: 'key', key};
}

function readKey(parameters: string, final: string): string | null {
  const parts = parameters.split(';').map(part => part.split(':'));
  const [code = '', shifted = '', base = ''] = parts[0] ?? [];
  const [modifiers = '', kind = ''] = parts[1] ?? [];
  // The protocol can tell when a key is let go; that is no press.
  if (kind === '3') return null;
  const modifier = Number(modifiers || 1);
  switch (final) {
    case 'u':
      return readKittyKey({code: Number(code), shifted: Number(shifted), base: Number(base)}, modifier);
    case '~': {
      if (code === '27') return named(keyOfCode(Number(parts[2]?.[0] ?? 0)), modifier);
      return named(byNumber[Number(code)], modifier);
    }
    case 'Z':
      return 'shift-tab';
    // rxvt: shift, ctrl, and both.
    case '$':
      return named(byNumber[Number(code)], 2);
    case '^':
      return named(byNumber[Number(code)], 5);
    case '@':
      return named(byNumber[Number(code)], 6);
    case 'R':
      // Without parameters it is a key; with them it may tell where the cursor is, as with a shift it would be F3.
      return parameters === '' ? 'f3' : null;
    default:
      return parameters === ''
        ? (rxvtShift[final] ?? named(byLetter[final], 1))
        : named(byLetter[final], modifier);
  }
}

function readKittyKey(key: {code: number; shifted: number; base: number}, modifier: number): string | null {
  const isControl = ((modifier - 1) & 4) !== 0;
  // ctrl-c is where c is on a Latin keyboard, whichever alphabet is typed in.
  const code = isControl && key.code > 0x7f && key.base > 0 ? key.base : key.code;
  const isShift = ((modifier - 1) & 1) !== 0;
  if (isShift && !isControl && key.shifted > 0) return named(keyOfCode(key.shifted), modifier - 1);
  return named(keyOfCode(code), modifier);
}

function named(key: string | null | undefined, modifier: number): string | null {
  return key === null || key === undefined ? null : withModifiers(key, modifier);
}

/** `button ; column ; row` (SGR, from 1). Only what the app answers to: a press of the left button alone, and the wheel. */
function readMouse(parameters: string): InputEvent | null {
  const [, button, column, row] = /^(\d+);(\d+);(\d+)$/.exec(parameters) ?? [];
  const action = ({0: 'press', 64: 'wheel-up', 65: 'wheel-down'} as const)[Number(button)];
  if (action === undefined) return null;
  return {type: 'mouse', action, column: Number(column) - 1, row: Number(row) - 1};
}

function readReply(parameters: string, final: string): InputEvent | null {
  switch (final) {
    case 'c':
      return {type: 'reply', reply: {of: 'attributes'}};
    case 'u':
      return {type: 'reply', reply: {of: 'keyboard', flags: Number(parameters)}};
    case 'y': {
      const [, mode, setting] = /^(\d+);(\d)\$$/.exec(parameters) ?? [];
      if (mode === undefined) return null;
      return {type: 'reply', reply: {of: 'mode', mode: Number(mode), setting: Number(setting)}};
    }
    default:
      return null;
  }
}
