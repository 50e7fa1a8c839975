import type {Store} from '../app/effects/store.ts';
import type {Arguments} from '../app/keys/arguments.ts';
import {type Command, type Outside, placeOf, textField} from '../app/keys/command.ts';
import {commandLineOf} from '../app/keys/command-line.ts';
import {dispatch} from '../app/keys/dispatch.ts';
import {filterField} from '../app/keys/filter-field.ts';
import {commandFor, commandNamed} from '../app/keys/keymap.ts';
import {runCommand} from '../app/keys/run-command.ts';
import {inputOf} from '../app/state/input-line.ts';
import {shownNames} from '../app/state/lists/overview-order.ts';
import {reduce} from '../app/state/reduce.ts';
import {shown} from '../app/state/screen-kinds.ts';
import {type AppState, currentScreen} from '../app/state/state.ts';
import {placesOf} from './help.ts';
import {meaningOf, rowNumbers} from './meaning.ts';

/** What a line leads to beside its actions. */
export type Effect = 'screen' | 'detail' | 'change' | 'marks' | 'none';

interface Desk {
  readonly store: Store;
  readonly now: () => number;
  /** The keys of the rows as they were last printed: a number means what stood behind it. */
  readonly printed: () => readonly string[];
  say(lines: readonly string[]): void;
  outside(what: Outside): void;
}

/** Runs a line that is no word of the line mode itself, on a screen. Tells what of the screen is to be printed for it. */
export function runLine(desk: Desk, text: string): Effect {
  const {store, say} = desk;
  const meaning = meaningOf(store.state(), text);
  switch (meaning.is) {
    case 'nothing':
    case 'own':
      return 'none';
    case 'rows':
      return showRows(desk, meaning.rows);
    case 'elsewhere':
      say([`${meaning.command.id} works ${placesOf(meaning.command)}.`]);
      return 'none';
    case 'several':
      say([`${text} is the beginning of: ${meaning.commands.map(({id}) => id).join(', ')}`]);
      return 'none';
    case 'unknown':
      say([`There is no command ${meaning.text}; help lists what can be done here.`]);
      return 'none';
    case 'command':
      return runNamed(desk, meaning.command, meaning.called, meaning.rest);
  }
}

/** Shows a row; on the overview a number opens its environment. */
function showRows(desk: Desk, rows: readonly number[]): Effect {
  const [row, ...more] = rows;
  if (row === undefined || more.length > 0) {
    desk.say(['One row at a time; mark takes several.']);
    return 'none';
  }
  return currentScreen(desk.store.state()).id === 'overview' ? openRow(desk, row) : chooseRow(desk, row);
}

/** Opens a row: what enter does with it, unless that leads to a change. */
export function openRow(desk: Desk, row: number | string): Effect {
  const {store} = desk;
  const chosen = typeof row === 'number' ? chooseRow(desk, row) : chooseKey(desk, row);
  if (chosen === 'none') return 'none';
  const place = placeOf(store.state());
  const {preferences} = store.state();
  const command =
    place === 'environment' ? commandNamed(preferences, 'diff') : commandFor(preferences, 'enter', place);
  if (command === undefined || command.danger !== null) return 'detail';
  return runHere(desk, command, 'open');
}

/** To an environment, by its name, the beginning of it, or its number in the overview. */
export function goTo({store, say}: Desk, name: string): Effect {
  const names = shownNames(store.state());
  if (name === 'overview') {
    while (store.state().screens.length > 1) store.dispatch({type: 'back'});
    return 'screen';
  }
  const begun = names.filter(known => known.startsWith(name));
  const index = names.includes(name)
    ? names.indexOf(name)
    : /^\d+$/.test(name)
      ? Number(name) - 1
      : begun.length === 1
        ? names.indexOf(begun[0] ?? '')
        : -1;
  if (name === '' || names[index] === undefined) {
    say([`goto takes one of: ${['overview', ...names].join(', ')}`]);
    return 'none';
  }
  store.dispatch({type: 'go-to', index});
  return 'screen';
}

/** Runs a command, for the rows or with the text that stand behind it. */
function runNamed(desk: Desk, command: Command, called: string, rest: string): Effect {
  const {store, say, printed} = desk;
  if (rest === '') {
    const effect = runHere(desk, command, called);
    // Without a text a filter is taken away.
    if (filterField(store.state()) !== null) press(desk, 'esc');
    return effect;
  }
  const rows = rowNumbers(rest.split(/\s+/));
  const [argument] = command.args ?? [];
  if (rows !== null && argument?.kind !== 'text' && argument?.kind !== 'number')
    return runForRows(desk, command, called, rows);
  if (argument !== undefined) {
    const {args, surplus} = commandLineOf(store.state(), `${command.id} ${rest}`);
    if (surplus === '') return runHere(desk, command, called, args);
    say([`${called}: "${surplus}" is too much, nothing was done.`]);
    return 'none';
  }
  if (takesText(store.state(), command, desk.now())) {
    runHere(desk, command, called);
    const isFilter = filterField(store.state()) !== null;
    store.dispatch(isFilter ? {type: 'filter-type', line: inputOf(rest)} : {type: 'text', text: rest});
    press(desk, 'enter');
    return 'change';
  }
  if (command.id === 'yaml' && /^(?:git|live)$/.test(rest)) {
    const effect = runHere(desk, command, called);
    const side = commandNamed(store.state().preferences, 'yaml-side');
    if (rest === 'git' && side !== undefined) runHere(desk, side, rest);
    return effect;
  }
  // The overview's rows have names.
  if (printed().includes(rest))
    return chooseKey(desk, rest) === 'none' ? 'none' : runHere(desk, command, called);
  say([`${called} takes the number of a row: "${rest}" is none, nothing was done.`]);
  return 'none';
}

/** Runs a command for rows by their numbers: for each that is marked, for one that anything else is done to. */
function runForRows(desk: Desk, command: Command, called: string, rows: readonly number[]): Effect {
  const {store, say} = desk;
  const screen = currentScreen(store.state());
  const refuse = (words: string): Effect => {
    say([`${called}: ${words}; nothing was done.`]);
    return 'none';
  };
  const isSelecting = command.section === 'Select';
  if (rows.length > 1 && !isSelecting) return refuse('one row at a time');
  // What changes something and also works on the overview is for a whole environment: a row of another list is none.
  if (command.section === 'Act' && command.places.includes('overview') && screen.id !== 'overview')
    return refuse('it is for the whole environment, or for what is marked, and takes no row');
  if (command.section === 'Act' && 'marked' in screen && screen.marked.size > 0)
    return refuse('it is for what is marked; mark-all twice takes the marks away');
  let effect: Effect = 'none';
  for (const row of rows) {
    if (chooseRow(desk, row) === 'none') return effect;
    runHere(desk, command, called);
    effect = isSelecting ? 'marks' : 'change';
  }
  return effect;
}

/** Runs a command on what is chosen. */
function runHere(
  {store, now, outside}: Desk,
  command: Command,
  called: string,
  args: Arguments = {},
): Effect {
  const result = runCommand(store.state(), command, called, now(), args);
  store.dispatch(...result.actions);
  if (result.outside !== null) outside(result.outside);
  if (result.outside !== null) return 'none';
  return command.id === 'refresh' ? 'screen' : 'change';
}

/** True where a command opens a text field: what stands behind it is that text. */
function takesText(state: AppState, command: Command, now: number): boolean {
  const {actions} = runCommand(state, command, command.id, now);
  const opened = actions.reduce((next, action) => reduce(next, action, now), state);
  return textField(opened) !== null || filterField(opened) !== null;
}

/** Chooses a row by the number that stood before it when it was printed. */
function chooseRow(desk: Desk, row: number): Effect {
  const keys = desk.printed();
  const key = keys[row - 1];
  if (key !== undefined) return chooseKey(desk, key, `Row ${row}`);
  desk.say([keys.length === 0 ? 'There are no rows here.' : `There is no row ${row}: 1 to ${keys.length}.`]);
  return 'none';
}

function chooseKey({store, say}: Desk, key: string, called = key): Effect {
  const {screen, kind} = shown(store.state());
  if (!kind.rows(store.state(), screen).keys.includes(key)) {
    say([`${called} is not there any more; list prints what is.`]);
    return 'none';
  }
  store.dispatch({type: 'choose', key});
  return 'detail';
}

function press({store, now}: Desk, key: string): void {
  store.dispatch(...dispatch(store.state(), key, now()).actions);
}
