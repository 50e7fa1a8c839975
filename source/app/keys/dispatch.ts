import type {Action} from '../state/actions.ts';
import type {AppState} from '../state/state.ts';
import {type Command, type Outside, placeOf, textField} from './command.ts';
import {commandFor} from './commands.ts';
import {typedBy} from './keys.ts';

/** What a key leads to: actions for the state, something outside it, or nothing. */
export interface Dispatched {
  readonly actions: readonly Action[];
  readonly outside: Outside | null;
}

const nothing: Dispatched = {actions: [], outside: null};

/** What a key does in a state at a time (ms). The one place where keys become actions. */
export function dispatch(state: AppState, key: string, now: number): Dispatched {
  const field = textField(state);
  if (field !== null && key !== 'ctrl-c' && key !== 'ctrl-l') return typeInto(field, key);
  const command = commandFor(key, placeOf(state));
  if (command !== undefined) return runCommand(state, command, key, now);
  return isEarly(state, now) ? nothing : {actions: [{type: 'hush'}], outside: null};
}

/**
 * What a command of this place does at a time (ms); `called` is the key or the word that asked for it. The one place where a
 * dangerous command is refused in a read-only session.
 */
export function runCommand(state: AppState, command: Command, called: string, now: number): Dispatched {
  if (isEarly(state, now) && command.id !== 'exit' && command.id !== 'redraw') return nothing;
  const refused = refusal(state, command);
  if (refused !== null) {
    const say: Action = {type: 'say', text: `${called}: ${refused}`, tone: 'drift'};
    return {actions: [say], outside: null};
  }
  if (command.id === 'environment') {
    return {actions: [{type: 'hush'}, {type: 'go-to', index: Number(called) - 1}], outside: null};
  }
  const result = command.run(state);
  if ('do' in result) return {actions: [{type: 'hush'}], outside: result};
  return {actions: [{type: 'hush'}, result], outside: null};
}

/** What pasted text does: it is typed into a text field, never run as keys. A name that confirms must be typed by hand. */
export function dispatchPaste(state: AppState, text: string): readonly Action[] {
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

/** Why a command can't be run now, as a sentence without its stop; null where it can. */
export function refusal(state: AppState, command: Command): string | null {
  if (command.danger !== null && state.readOnly) return 'this session is read-only (--read-only)';
  const enabled = command.enabled?.(state) ?? true;
  return enabled === true ? null : enabled;
}

function typeInto(field: {name: 'filter' | 'name' | 'title'; text: string}, key: string): Dispatched {
  const isFilter = field.name === 'filter';
  const result = (action: Action): Dispatched => ({actions: [{type: 'hush'}, action], outside: null});
  switch (key) {
    case 'enter':
      return result(isFilter ? {type: 'filter-done'} : {type: 'dialog-press'});
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
