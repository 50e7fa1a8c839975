import {pressInPalette} from '../palette/press.ts';
import type {Action} from '../state/actions.ts';
import {insertText} from '../state/input-line.ts';
import type {AppState} from '../state/state.ts';
import {placeOf, textField} from './command.ts';
import {filterField, pasteFilter, typeFilter} from './filter-field.ts';
import {commandFor, commandNamed, keyOf} from './keymap.ts';
import {typedBy} from './keys.ts';
import {lookField, pasteLook, typeLook} from './look-field.ts';
import {screens} from './places.ts';
import {always, type Dispatched, isEarly, nothing, runCommand, said} from './run-command.ts';
import {pasteSearch, searchField, typeSearch} from './search-field.ts';

/** What a key does in a state at a time (ms). The one place where keys become actions. */
export function dispatch(state: AppState, key: string, now: number): Dispatched {
  const command = commandFor(state.preferences, key, placeOf(state));
  const leaves = command !== undefined && always.includes(command.id) && typedBy(key) === null;
  if (!leaves) {
    if (state.palette !== null) return pressInPalette(state, state.palette, key, now);
    const typed = lookField(state);
    if (typed !== null) return {actions: [{type: 'hush'}, ...typeLook(typed, key)], outside: null};
    const search = searchField(state);
    if (search !== null) return {actions: [{type: 'hush'}, ...typeSearch(search, key)], outside: null};
    const filter = filterField(state);
    if (filter !== null) return {actions: [{type: 'hush'}, ...typeFilter(filter, key)], outside: null};
    const field = textField(state);
    if (field !== null) return typeInto(state, field, key, now);
  }
  if (command === undefined) {
    if (isEarly(state, now)) return nothing;
    const place = placeOf(state);
    // It does something elsewhere: who pressed it is told that it did nothing here.
    if (
      place !== 'dialog' &&
      place !== 'overlay' &&
      screens.some(id => commandFor(state.preferences, key, id))
    )
      return said(`${key} does nothing here: ${keyOf(state.preferences, 'help')} shows the keys`);
    return {actions: [{type: 'hush'}], outside: null};
  }
  const args = command.keyed?.(state, command.keys.indexOf(key)) ?? {};
  const missing = (command.args ?? []).some(({name, optional}) => !optional && args[name] === undefined);
  // A key for a command that wants to be told more: the palette asks for it.
  if (missing)
    return {actions: [{type: 'hush'}, {type: 'palette-open', text: `${command.id} `}], outside: null};
  return runCommand(state, command, key, now, args);
}

/** What pasted text does: it is typed into a text field, never run as keys. A name that confirms must be typed by hand. */
export function dispatchPaste(state: AppState, text: string): readonly Action[] {
  if (state.palette !== null) return [{type: 'palette-input', input: insertText(state.palette.input, text)}];
  const typed = lookField(state);
  if (typed !== null) return pasteLook(typed, text);
  const search = searchField(state);
  if (search !== null) return pasteSearch(search, text);
  const filter = filterField(state);
  if (filter !== null) return pasteFilter(filter, text);
  const field = textField(state);
  if (field === null) return [{type: 'say', text: 'pasted text is not read as keys', tone: 'drift'}];
  if (field.name === 'name')
    return [{type: 'say', text: 'type the name: it is not taken from a paste', tone: 'drift'}];
  const [first = ''] = text.trim().split(/[\r\n]/);
  return [{type: 'text', text: field.text + first}];
}

function typeInto(
  state: AppState,
  field: {name: 'name' | 'title'; text: string},
  key: string,
  now: number,
): Dispatched {
  const result = (action: Action): Dispatched => ({actions: [{type: 'hush'}, action], outside: null});
  switch (key) {
    case 'enter':
      return pressed(state, now);
    case 'esc':
      return result({type: 'dialog-leave'});
    case 'backspace':
      return result({type: 'text', text: [...field.text].slice(0, -1).join('')});
    case 'ctrl-u':
      return result({type: 'text', text: ''});
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
