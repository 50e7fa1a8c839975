import {type Command, placeOf} from '../app/keys/command.ts';
import {commandFor, keymapOf} from '../app/keys/keymap.ts';
import type {AppState} from '../app/state/state.ts';

/** Words of the line mode itself: what a screen has keys, a cursor or eyes for. */
export const ownWords = {
  list: 'print the screen again; list all does not stop at a page',
  more: 'the next page of what is too long for one',
  show: 'all about a row: show 3, or just 3',
  open: 'open a row: open 2, open staging',
  goto: 'to an environment by its name or number; goto overview',
  help: 'what can be done here; help WORD says all about one, help all prints every command',
  quit: 'quit; a change that runs is stopped first',
} as const;

export type OwnWord = keyof typeof ownWords;

/** What a line means at a place. */
export type Meaning =
  | {readonly is: 'nothing'}
  | {readonly is: 'rows'; readonly rows: readonly number[]}
  | {readonly is: 'own'; readonly word: OwnWord; readonly rest: string}
  /** `called` is how it was asked for. */
  | {readonly is: 'command'; readonly command: Command; readonly called: string; readonly rest: string}
  /** A command of other places. */
  | {readonly is: 'elsewhere'; readonly command: Command}
  | {readonly is: 'several'; readonly commands: readonly Command[]}
  | {readonly is: 'unknown'; readonly text: string};

/**
 * What a line means: rows by number, a word of the line mode, a command by its key, its id, its footer
 * word, the first word of what it does, or a beginning.
 */
export function meaningOf(state: AppState, text: string): Meaning {
  const words = text.trim().split(/\s+/).filter(Boolean);
  const [first, ...others] = words;
  if (first === undefined) return {is: 'nothing'};
  const rows = rowNumbers(words);
  if (rows !== null) return {is: 'rows', rows};
  const place = placeOf(state);
  const byKey = commandFor(state.preferences, first, place);
  if (byKey !== undefined) return {is: 'command', command: byKey, called: first, rest: others.join(' ')};
  const here = commandsHere(state);
  for (let length = words.length; length > 0; length -= 1) {
    const called = words.slice(0, length).join('-').toLowerCase();
    const rest = words.slice(length).join(' ');
    if (length === 1 && called in ownWords) return {is: 'own', word: called as OwnWord, rest};
    const command =
      here.find(({id}) => id === called) ??
      here.find(each => hintOf(each, state) === called) ??
      (place === 'dialog' ? undefined : here.find(({words: told}) => told.startsWith(`${called}:`)));
    if (command !== undefined) return {is: 'command', command, called, rest};
  }
  return byBeginning(state, here, first.toLowerCase(), others.join(' ')) ?? {is: 'unknown', text: first};
}

/** All commands, with the keys that the user wants. */
export function allCommands({preferences}: AppState): readonly Command[] {
  return keymapOf(preferences).commands;
}

/** The commands of the place that has the keys. */
export function commandsHere(state: AppState): Command[] {
  const place = placeOf(state);
  return allCommands(state).filter(({places}) => places.includes(place));
}

/** Numbers of rows: `3`, `3 5`, `3-5`; null for anything else. */
export function rowNumbers(words: readonly string[]): number[] | null {
  if (words.length === 0) return null;
  const numbers: number[] = [];
  for (const word of words) {
    const [, from, to = from] = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(word) ?? [];
    if (from === undefined || Number(to) - Number(from) > mostRows) return null;
    for (let number = Number(from); number <= Number(to); number += 1) numbers.push(number);
  }
  return numbers;
}

/** So many rows at most are named by one range. */
const mostRows = 10_000;

function byBeginning(state: AppState, here: readonly Command[], word: string, rest: string): Meaning | null {
  const all = allCommands(state).find(({id}) => id === word);
  if (all !== undefined) return {is: 'elsewhere', command: all};
  if (word.length < 2) return null;
  const own = Object.keys(ownWords).filter(known => known.startsWith(word));
  const begun = here.filter(({id}) => id.startsWith(word));
  const [command] = begun;
  if (begun.length + own.length > 1 && begun.length > 0) return {is: 'several', commands: begun};
  if (command !== undefined) return {is: 'command', command, called: word, rest};
  return own.length === 1 ? {is: 'own', word: own[0] as OwnWord, rest} : null;
}

/** The footer's word for a command, as one word. */
function hintOf(command: Command, state: AppState): string | null {
  const hint = typeof command.hint === 'function' ? command.hint(state) : command.hint;
  return hint?.replaceAll(' ', '-') ?? null;
}
