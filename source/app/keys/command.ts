import type {ResolvableConflict} from '../session.ts';
import type {Action} from '../state/actions.ts';
import {dialogField} from '../state/dialogs/dialog.ts';
import {type AppState, currentScreen} from '../state/state.ts';
import type {Argument, Arguments} from './arguments.ts';
import type {Danger, LookingAction} from './danger.ts';
import type {Place} from './places.ts';

/** A program of the user's own with its arguments; there is never a shell. */
export interface Program {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** On top of this process's variables; undefined takes one away. */
  readonly env?: Record<string, string | undefined>;
}

/** A place in a cluster: a context, a namespace (null for the context's own), a kind (null for none in particular). */
export interface ClusterPlace {
  readonly context: string;
  readonly namespace: string | null;
  readonly kind: string | null;
}

/** Something that a key does outside the state. */
export type Outside =
  | {do: 'redraw'}
  | {do: 'suspend'}
  | {do: 'copy'; text: string}
  /** A program that has the terminal until it ends. */
  | {do: 'program'; program: Program}
  | {do: 'k9s'; place: ClusterPlace}
  | {do: 'edit'; file: string; line: number}
  /** Conflicts of the open dialog's change, each in the editor. */
  | {do: 'edit-conflicts'; conflicts: readonly ResolvableConflict[]}
  /** The body of the open dialog's pull request, in the editor. */
  | {do: 'edit-body'; text: string}
  /** The text at hand, in the pager. */
  | {do: 'pager'}
  | {do: 'browse'; url: string};

interface CommandBase {
  /** Its word in the palette and in the user's preferences. */
  readonly id: string;
  /** The keys that it has unless the user wants others; none where only the palette has it. */
  readonly keys: readonly string[];
  /** What it does, for the help screen. */
  readonly words: string;
  /** What can be said after its word. */
  readonly args?: readonly Argument[];
  /** The arguments that its keys stand for, by the key's index. */
  keyed?(state: AppState, index: number): Arguments;
  /** The footer's word for it; without one, or where it is null, the footer leaves it out. */
  readonly hint?: string | ((state: AppState) => string | null);
  readonly section: 'Move' | 'Select' | 'Act' | 'Look' | 'Own' | 'Out' | 'App' | 'Dialog';
  readonly places: readonly Place[];
  /** True where it can be run now, else the reason why not, as a sentence without its stop. */
  enabled?(state: AppState, args: Arguments): true | string;
}

/** A command that changes nothing, and can begin no change. */
interface LookingCommand extends CommandBase {
  readonly danger: null;
  run(state: AppState, args: Arguments): LookingAction | readonly LookingAction[] | Outside;
}

/** A command that leads to a change. The dispatcher refuses it in a read-only session. */
interface ChangingCommand extends CommandBase {
  /** What it leads to changing; where that depends on the state, null for what only looks. */
  readonly danger: Danger | ((state: AppState) => Danger | null);
  run(state: AppState, args: Arguments): Action | readonly Action[] | Outside;
}

/** A command, declared once: the dispatcher, the footer, help, palette, remapping and the manual read it here. */
export type Command = LookingCommand | ChangingCommand;

/** What a command leads to changing in a state; null for nothing. */
export function dangerIn(state: AppState, {danger}: Command): Danger | null {
  return typeof danger === 'function' ? danger(state) : danger;
}

/** The place that has the keys. */
export function placeOf(state: AppState): Place {
  if (state.overlay !== null) return 'overlay';
  if (state.dialog !== null) return 'dialog';
  return currentScreen(state).id;
}

/** The text field that has the keys, with what is in it; null where keys are commands. */
export function textField(state: AppState): {name: 'name' | 'title'; text: string} | null {
  return state.overlay !== null || state.dialog === null ? null : dialogField(state.dialog);
}
