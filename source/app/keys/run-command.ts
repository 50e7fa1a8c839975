import type {Action} from '../state/actions.ts';
import {slipRefusal} from '../state/lists/slip.ts';
import type {AppState} from '../state/state.ts';
import {type Arguments, argumentMistake} from './arguments.ts';
import {type Command, dangerIn, type Outside, placeOf} from './command.ts';
import {isChanging} from './danger.ts';

/** What a key leads to: actions for the state, something outside it, or nothing. */
export interface Dispatched {
  readonly actions: readonly Action[];
  readonly outside: Outside | null;
}

export const nothing: Dispatched = {actions: [], outside: null};

/** What works while text is typed, and in a dialog that has just come up. */
export const always: readonly string[] = ['exit', 'redraw'];

/** Why no change begins in a read-only session. */
export const readOnlyRefusal = 'this session is read-only (--read-only)';

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
  const slipped = dangerIn(state, command) === null ? null : slipRefusal(state, now);
  const refused = refusal(state, command, args) ?? argumentsRefused(state, command, args) ?? slipped;
  if (refused !== null) return said(`${called}: ${refused}`);
  const result = command.run(state, args);
  if ('do' in result) {
    // A program that was approved is on its way: its dialog is done.
    const closes = result.do === 'program' && state.dialog?.kind === 'program';
    return {actions: [{type: 'hush'}, ...(closes ? [{type: 'dialog-press'} as const] : [])], outside: result};
  }
  const actions = 'type' in result ? [result] : result;
  // The types say so already; whoever makes a command of something else is told here.
  if (dangerIn(state, command) === null && actions.some(action => isChanging(state, action)))
    return said(`${called}: it begins a change, which it may not`);
  return {actions: [{type: 'hush'}, ...actions], outside: null};
}

/** One sentence in the footer, and no more. */
export function said(text: string): Dispatched {
  return {actions: [{type: 'say', text, tone: 'drift'}], outside: null};
}

/** True where a dialog has just come up: this key was meant for what was there before. */
export function isEarly(state: AppState, now: number): boolean {
  return placeOf(state) === 'dialog' && state.dialog !== null && now < state.dialog.armedAt;
}

/** Why a command can't be run now, its arguments aside, as a sentence without its stop; null where it can. */
export function refusal(state: AppState, command: Command, args: Arguments = {}): string | null {
  if (dangerIn(state, command) !== null && state.readOnly) return readOnlyRefusal;
  const enabled = command.enabled?.(state, args) ?? true;
  return enabled === true ? null : enabled;
}

/** What is wrong with a command's arguments, as a sentence without its stop; null where nothing is. */
export function argumentsRefused(state: AppState, command: Command, args: Arguments): string | null {
  for (const argument of command.args ?? []) {
    const mistake = argumentMistake(state, argument, args[argument.name]);
    if (mistake !== null) return mistake;
  }
  return null;
}
