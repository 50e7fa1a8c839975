import {plain} from '../../text/plain.ts';

/** A line that is being typed, and where in it the cursor is: an index of the text, never inside a character. */
export interface InputLine {
  readonly text: string;
  readonly cursor: number;
}

export const emptyInput: InputLine = {text: '', cursor: 0};

/** A line with the cursor at its end. */
export function inputOf(text: string): InputLine {
  return {text, cursor: text.length};
}

/** The line with text typed (or pasted) at the cursor: the first line of it that says something, without escapes. */
export function insertText({text, cursor}: InputLine, typed: string): InputLine {
  const lines = plain(typed).split(/[\r\n]/);
  const clean = lines.find(one => one.trim() !== '') ?? lines[0] ?? '';
  return {text: text.slice(0, cursor) + clean + text.slice(cursor), cursor: cursor + clean.length};
}

/**
 * The line after a key, by the names of keys/keys.ts: what types a character types it, the rest as in a shell (readline).
 * Null where the key is nothing to a line (`enter`, `esc`, `tab`, `up`): whose line it is decides.
 */
export function editLine(line: InputLine, key: string): InputLine | null {
  const {text, cursor} = line;
  switch (key) {
    case 'left':
      return {text, cursor: before(line)};
    case 'right':
      return {text, cursor: after(line)};
    case 'ctrl-left':
      return {text, cursor: wordStart(line)};
    case 'ctrl-right':
      return {text, cursor: cursor + (/^\s*\S*/.exec(text.slice(cursor))?.[0].length ?? 0)};
    case 'home':
      return {text, cursor: 0};
    case 'end':
    case 'ctrl-e':
      return inputOf(text);
    case 'backspace':
    case 'ctrl-h':
      return without(line, before(line), cursor);
    case 'delete':
      return without(line, cursor, after(line));
    case 'ctrl-w':
      return without(line, wordStart(line), cursor);
    case 'ctrl-u':
      return without(line, 0, cursor);
    case 'ctrl-k':
      return without(line, cursor, text.length);
    case 'space':
      return insertText(line, ' ');
    default:
      return isCharacter(key) ? insertText(line, key) : null;
  }
}

// Names of keys are words of ASCII; a character that is several code points is none of them.
function isCharacter(key: string): boolean {
  return [...key].length === 1 || (/[^\u0000-\u007F]/.test(key) && !/[\u0000-\u001F]/.test(key));
}

function without({text}: InputLine, from: number, to: number): InputLine {
  return {text: text.slice(0, from) + text.slice(to), cursor: from};
}

const graphemes = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

/** The line's characters as the eye counts them: a letter with its accents, a family of emoji. */
export function charactersOf(text: string): string[] {
  return Array.from(graphemes.segment(text), ({segment}) => segment);
}

function before({text, cursor}: InputLine): number {
  return cursor - (charactersOf(text.slice(0, cursor)).at(-1)?.length ?? 0);
}

function after({text, cursor}: InputLine): number {
  return cursor + (charactersOf(text.slice(cursor))[0]?.length ?? 0);
}

/** Where the word before the cursor begins, spaces between them left out. */
function wordStart({text, cursor}: InputLine): number {
  return text.slice(0, cursor).replace(/\S+\s*$|\s+$/, '').length;
}
