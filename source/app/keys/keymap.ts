import {nearest} from '../../environments/suggest.ts';
import type {KeyBinding, Preferences} from '../../preferences/types.ts';
import type {Problem} from '../../resources/problem.ts';
import type {Command} from './command.ts';
import {commands} from './commands.ts';
import {brokenArrow, keyNamed} from './key-names.ts';
import {tellKeys} from './key-words.ts';
import type {Place} from './places.ts';
import {ownCommands} from './table/custom.ts';

/** The commands with the keys that they have in this session, and what of the user's wishes could not be. */
export interface Keymap {
  readonly commands: readonly Command[];
  readonly problems: readonly Problem[];
}

/** Without a key for these nobody would find out. */
const kept: readonly string[] = ['exit', 'quit', 'back', 'out', 'help', 'leave', 'press'];

const known = new WeakMap<Preferences, Keymap>();

/**
 * The commands as the user wants them. A wish that can't be is a problem with its place in the file, and the command keeps
 * its own keys: an unknown command, a key that is none or is never to be bound, two commands on one key, no key for what
 * one could not leave without.
 */
export function keymapOf(preferences: Preferences): Keymap {
  let keymap = known.get(preferences);
  if (keymap === undefined) {
    keymap = madeFrom(preferences);
    known.set(preferences, keymap);
  }
  return keymap;
}

/** The preferences with what is wrong with their keys among their problems. */
export function checkedPreferences(preferences: Preferences): Preferences {
  const {problems} = keymapOf(preferences);
  return problems.length === 0
    ? preferences
    : {...preferences, problems: [...preferences.problems, ...problems]};
}

/** The command that a key runs at a place. */
export function commandFor(preferences: Preferences, key: string, place: Place): Command | undefined {
  return keymapOf(preferences).commands.find(
    command => command.places.includes(place) && command.keys.includes(key),
  );
}

/** A command by its id. */
export function commandNamed(preferences: Preferences, id: string): Command | undefined {
  return keymapOf(preferences).commands.find(command => command.id === id);
}

/** How texts call the way to a command: its key, else its word in the palette. */
export function keyOf(preferences: Preferences, id: string): string {
  return commandNamed(preferences, id)?.keys[0] ?? `:${id}`;
}

tellKeys(keyOf);

/** A binding that could be, unless it gets in the way of another. */
interface Wish {
  readonly binding: KeyBinding;
  readonly keys: readonly string[];
}

function madeFrom(preferences: Preferences): Keymap {
  const problems: Problem[] = [];
  const refuse = ({at}: KeyBinding, message: string, fix: string) => {
    problems.push({severity: 'error', message, fix, location: at});
  };
  const wishes = new Map<string, Wish>();
  for (const binding of preferences.keys) {
    const command = commands.find(one => one.id === binding.command);
    if (command === undefined) {
      const near = nearest(
        binding.command,
        commands.map(({id}) => id),
      );
      const fix =
        near === undefined ? 'the help and the manual list the commands' : `did you mean "${near}"?`;
      refuse(binding, `keys.${binding.command} is no command`, fix);
      continue;
    }
    const wish = wishOf(binding, command, refuse);
    if (wish !== null) wishes.set(binding.command, wish);
  }
  const {own, problems: unusable} = ownCommands(preferences, commands);
  problems.push(...unusable);
  for (const {custom, command} of own) {
    if (custom.keys.length === 0) continue;
    const wish = wishOf({command: command.id, keys: custom.keys, at: custom.at}, command, refuse);
    if (wish !== null) wishes.set(command.id, wish);
  }
  const all = withOwn(own.map(({command}) => command));
  let mapped = withKeys(all, wishes);
  for (let clash = clashIn(mapped, wishes); clash !== null; clash = clashIn(mapped, wishes)) {
    const {wish, key, other} = clash;
    const {command} = wish.binding;
    refuse(
      wish.binding,
      `keys.${command}: ${key} is ${other.id} already (${other.words})`,
      `${command} keeps its own keys; give ${other.id} another key, or unbind it: {${other.id}: []}`,
    );
    wishes.delete(command);
    mapped = withKeys(all, wishes);
  }
  return {commands: mapped, problems};
}

function wishOf(
  binding: KeyBinding,
  command: Command,
  refuse: (binding: KeyBinding, message: string, fix: string) => void,
): Wish | null {
  const {command: id, keys} = binding;
  if (keys.length === 0 && kept.includes(id)) {
    refuse(binding, `keys.${id}: nothing would be left to ${command.words}`, 'give it another key');
    return null;
  }
  const names: string[] = [];
  for (const written of keys) {
    const named = keyNamed(written);
    // What leaves may stay where it always was.
    const isOwn = command.keys.includes(written);
    if ('mistake' in named && !isOwn) {
      refuse(binding, `keys.${id}: "${written}" can't be bound: ${named.mistake}`, 'give another key');
      return null;
    }
    const key = 'key' in named ? named.key : written;
    if (command.danger !== null && brokenArrow.includes(key)) {
      refuse(
        binding,
        `keys.${id}: "${written}" can't be bound to what changes something: a slow link can make it of an arrow key`,
        'give another key',
      );
      return null;
    }
    if (!names.includes(key)) names.push(key);
  }
  return {binding, keys: names};
}

/** The user's own commands stand where the eye finds them: before those that move. */
function withOwn(own: readonly Command[]): readonly Command[] {
  if (own.length === 0) return commands;
  const moving = commands.findIndex(({id}) => id === 'down');
  return [...commands.slice(0, moving), ...own, ...commands.slice(moving)];
}

function withKeys(all: readonly Command[], wishes: ReadonlyMap<string, Wish>): readonly Command[] {
  if (wishes.size === 0) return all;
  return all.map(command => {
    const wish = wishes.get(command.id);
    return wish === undefined ? command : {...command, keys: wish.keys};
  });
}

/** Two commands on one key at one place, at least one of them by the user's wish: the later one in the file gives way. */
function clashIn(
  mapped: readonly Command[],
  wishes: ReadonlyMap<string, Wish>,
): {wish: Wish; key: string; other: Command} | null {
  for (const wish of [...wishes.values()].reverse()) {
    const command = mapped.find(({id}) => id === wish.binding.command);
    for (const key of wish.keys) {
      const other = mapped.find(
        one =>
          one.id !== wish.binding.command &&
          one.keys.includes(key) &&
          one.places.some(place => command?.places.includes(place)),
      );
      if (other !== undefined) return {wish, key, other};
    }
  }
  return null;
}
