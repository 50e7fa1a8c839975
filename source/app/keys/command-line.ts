import type {AppState} from '../state/state.ts';
import type {Argument, Arguments} from './arguments.ts';
import type {Command} from './command.ts';
import {commandNamed} from './keymap.ts';

/** A line of words, taken apart: the first names a command, the rest are its arguments. */
export interface CommandLine {
  readonly word: string;
  /** The command of that name; undefined where there is none. */
  readonly command: Command | undefined;
  readonly args: Arguments;
  /** The argument that the line's end is about, and what of it is there; null while the command is still being typed. */
  readonly current: {readonly argument: Argument; readonly text: string} | null;
  /** What is too much; '' where nothing is. */
  readonly surplus: string;
}

/**
 * Takes a command line apart: `theme light`, `filter two words`. Words are separated by spaces; the last argument, where it
 * is a text, is the rest of the line. The palette and the line mode read what is typed with it.
 */
export function commandLineOf(state: AppState, text: string): CommandLine {
  const [, word = '', rest = ''] = /^\s*(\S*)(.*)$/s.exec(text) ?? [];
  const command = commandNamed(state.preferences, word);
  const args: Record<string, string | undefined> = {};
  const known = command?.args ?? [];
  let left = rest;
  let current: CommandLine['current'] = null;
  for (const [index, argument] of known.entries()) {
    const isRest = argument.kind === 'text' && index === known.length - 1;
    const [, spaces = '', value = '', more = ''] =
      (isRest ? /^(\s*)(.*?)\s*()$/s : /^(\s*)(\S*)(.*)$/s).exec(left) ?? [];
    if (spaces === '') break;
    current = {argument, text: value};
    if (value !== '') args[argument.name] = value;
    left = more;
  }
  return {word, command, args, current, surplus: left.trim()};
}
