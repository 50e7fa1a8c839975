import {type Command, placeOf} from '../app/keys/command.ts';
import {commandNamed} from '../app/keys/keymap.ts';
import {placeTitles} from '../app/keys/places.ts';
import {refusal} from '../app/keys/run-command.ts';
import type {AppState} from '../app/state/state.ts';
import {allCommands, commandsHere, meaningOf, ownWords} from './meaning.ts';

/** What only a cursor on a screen needs: it works, and is not offered. */
const ofTheScreen: ReadonlySet<string> = new Set([
  'redraw',
  'suspend',
  'split',
  'range',
  'exit',
  'help',
  'palette',
  'focus',
  'press',
]);

/** What can be done here: a command a line, with its key, and why it can't be done now. */
function helpLines(state: AppState): string[] {
  const place = placeOf(state);
  const own = place === 'dialog' ? ['more', 'help'] : Object.keys(ownWords);
  return [
    `${placeTitles[place]}. A command is its word or its key; a number behind it is the row that it is for.`,
    ...commandsHere(state)
      .filter(command => command.section !== 'Move' && !ofTheScreen.has(command.id))
      .filter(command => place !== 'dialog' || refusal(state, command) === null)
      .map(command => commandLine(state, command)),
    ...own.map(word => `${word}: ${ownWords[word as keyof typeof ownWords]}`),
  ];
}

/** What `help` prints: what can be done here; of a word all about its command; of `all` every command. */
export function helpFor(state: AppState, about: string): string[] {
  if (about === '') return helpLines(state);
  if (about === 'all') return allHelp(state);
  const command = commandNamed(state.preferences, idOf(state, about));
  return command === undefined ? [`There is no command ${about}.`] : helpOn(state, command);
}

function idOf(state: AppState, word: string): string {
  const meaning = meaningOf(state, word);
  return 'command' in meaning ? meaning.command.id : word.replaceAll(' ', '-');
}

/** Every command, wherever it works. */
function allHelp(state: AppState): string[] {
  return allCommands(state).map(command => `${called(command)}: ${command.words}; ${placesOf(command)}`);
}

/** All about one command. */
function helpOn(state: AppState, command: Command): string[] {
  const isHere = command.places.includes(placeOf(state));
  const refused = isHere ? refusal(state, command) : null;
  return [
    `${command.id}: ${command.words}`,
    ...(command.keys.length === 0
      ? []
      : [`${command.keys.length === 1 ? 'Key' : 'Keys'}: ${command.keys.join(' ')}`]),
    `Works: ${placesOf(command)}`,
    ...(command.danger === null ? [] : ['It changes something: what exactly is shown first, and asked.']),
    ...(refused === null ? [] : [`Not now: ${refused}`]),
  ];
}

/** Where a command works: `on the overview, in the revisions`. */
export function placesOf({places}: Command): string {
  const words = [...new Set(places)].filter(place => place !== 'overlay').map(place => placeTitles[place]);
  return words.map(text => text.charAt(0).toLowerCase() + text.slice(1)).join(', ');
}

function commandLine(state: AppState, command: Command): string {
  const refused = refusal(state, command);
  return `${called(command)}: ${command.words}${refused === null ? '' : ` (not now: ${refused})`}`;
}

function called({id, keys}: Command): string {
  return keys[0] === undefined ? id : `${id} (${keys[0]})`;
}
