import type {Action} from '../state/actions.ts';
import type {AppState} from '../state/state.ts';
import {type Arguments, argumentMistake} from './arguments.ts';
import {type Command, dangerIn, type Outside, placeOf, textField} from './command.ts';
import {isChanging} from './danger.ts';
import {commandFor, commandNamed} from './keymap.ts';
import {typedBy} from './keys.ts';
import {pasteSearch, searchField, typeSearch} from './search-field.ts';

/** What a key leads to: actions for the state, something outside it, or nothing. */
export interface Dispatched {
  readonly actions: readonly Action[];
  readonly outside: Outside | null;
}

const nothing: Dispatched = {actions: [], outside: null};

/** What a key does in a state at a time (ms). The one place where keys become actions. */
export function dispatch(state: AppState, key: string, now: number): Dispatched {
  const command = commandFor(state.preferences, key, placeOf(state));
  const leaves = command !== undefined && always.includes(command.id) && typedBy(key) === null;
  const search = searchField(state);
  if (search !== null && !leaves)
    return {actions: [{type: 'hush'}, ...typeSearch(search, key)], outside: null};
  const field = textField(state);
  if (field !== null && !leaves) return typeInto(state, field, key, now);
  if (command === undefined)
    return isEarly(state, now) ? nothing : {actions: [{type: 'hush'}], outside: null};
  const args = command.keyed?.(state, command.keys.indexOf(key)) ?? {};
  return runCommand(state, command, key, now, args);
}

/** What works while text is typed, and in a dialog that has just come up. */
const always: readonly string[] = ['exit', 'redraw'];

/**
 * What a command of this place does at a time (ms); `called` is the key or the word that asked for it. Keys, palette, mouse
 * and line mode all come through here: the one place where a dangerous command is refused in a read-only session.
 */
export function runCommand(
  state: AppState,
  command: Command,
  called: string,
  now: number,
  args: Arguments = {},
): Dispatched {
  if (isEarly(state, now) && !always.includes(command.id)) return nothing;
  const refused = refusal(state, command, args);
  if (refused !== null) return said(`${called}: ${refused}`);
  const result = command.run(state, args);
  if ('do' in result) return {actions: [{type: 'hush'}], outside: result};
  const actions = 'type' in result ? [result] : result;
  // The types say so already; whoever makes a command of something else is told here.
  if (dangerIn(state, command) === null && actions.some(action => isChanging(state, action)))
    return said(`${called}: it begins a change, which it may not`);
  return {actions: [{type: 'hush'}, ...actions], outside: null};
}

function said(text: string): Dispatched {
  return {actions: [{type: 'say', text, tone: 'drift'}], outside: null};
}

/** What pasted text does: it is typed into a text field, never run as keys. A name that confirms must be typed by hand. */
export function dispatchPaste(state: AppState, text: string): readonly Action[] {
  const search = searchField(state);
  if (search !== null) return pasteSearch(search, text);
  const field = textField(state);
  if (field === null) return [{type: 'say', text: 'pasted text is not read as keys', tone: 'drift'}];
  if (field.name === 'name')
    return [{type: 'say', text: 'type the name: it is not taken from a paste', tone: 'drift'}];
  const [first = ''] = text.trim().split(/[\r\n]/);
  return [{type: 'text', text: field.text + first}];
}

/** True where a dialog has just come up: this key was meant for what was there before. */
function isEarly(state: AppState, now: number): boolean {
  return placeOf(state) === 'dialog' && state.dialog !== null && now < state.dialog.armedAt;
}

/** Why no change begins in a read-only session. */
export const readOnlyRefusal = 'this session is read-only (--read-only)';

/** Why a command can't be run now, as a sentence without its stop; null where it can. */
export function refusal(state: AppState, command: Command, args: Arguments = {}): string | null {
  if (dangerIn(state, command) !== null && state.readOnly) return readOnlyRefusal;
  const enabled = command.enabled?.(state, args) ?? true;
  if (enabled !== true) return enabled;
  for (const argument of command.args ?? []) {
    const mistake = argumentMistake(state, argument, args[argument.name]);
    if (mistake !== null) return mistake;
  }
  return null;
}

function typeInto(
  state: AppState,
  field: {name: 'filter' | 'name' | 'title'; text: string},
  key: string,
  now: number,
): Dispatched {
  const isFilter = field.name === 'filter';
  const result = (action: Action): Dispatched => ({actions: [{type: 'hush'}, action], outside: null});
  switch (key) {
    case 'enter':
      return isFilter ? result({type: 'filter-done'}) : pressed(state, now);
    case 'esc':
      return result(isFilter ? {type: 'filter-clear'} : {type: 'dialog-leave'});
    case 'backspace':
      return result({type: 'text', text: [...field.text].slice(0, -1).join('')});
    case 'ctrl-u':
      return result({type: 'text', text: ''});
    case 'up':
    case 'down':
      return isFilter ? result({type: 'move', by: key === 'up' ? -1 : 1}) : nothing;
    default: {
      const typed = typedBy(key);
      return typed === null ? nothing : result({type: 'text', text: field.text + typed});
    }
  }
}

/** Enter in a dialog's text field is its button. */
function pressed(state: AppState, now: number): Dispatched {
  const press = commandNamed(state.preferences, 'press');
  return press === undefined ? nothing : runCommand(state, press, 'enter', now);
}
