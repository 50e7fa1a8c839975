import type {Mutation} from '../../engines/permission.ts';
import type {ResolvableConflict} from '../session.ts';
import type {Action} from '../state/actions.ts';
import {dialogField} from '../state/dialog.ts';
import {type AppState, currentScreen} from '../state/state.ts';
import type {Place} from './places.ts';

/** Something that a key does outside the state. */
export type Outside =
  | {do: 'redraw'}
  | {do: 'suspend'}
  | {do: 'copy'; text: string}
  | {do: 'edit'; file: string; line: number}
  /** Conflicts of the open dialog's change, each in the editor. */
  | {do: 'edit-conflicts'; conflicts: readonly ResolvableConflict[]}
  /** The body of the open dialog's pull request, in the editor. */
  | {do: 'edit-body'; text: string}
  | {do: 'browse'; url: string};

/** A command, declared once: the dispatcher, the footer and the help screen read it here. */
export interface Command {
  readonly id: string;
  readonly keys: readonly string[];
  /** What it does, for the help screen. */
  readonly words: string;
  /** The footer's word for it; without one, or where it is null, the footer leaves it out. */
  readonly hint?: string | ((state: AppState) => string | null);
  readonly section: 'Move' | 'Select' | 'Act' | 'Look' | 'Out' | 'App' | 'Dialog';
  readonly places: readonly Place[];
  /** What it leads to changing; null for what only looks. The dispatcher refuses it in a read-only session. */
  readonly danger: Mutation | null;
  /** True where it can be run now, else the reason why not, as a sentence without its stop. */
  enabled?(state: AppState): true | string;
  run(state: AppState): Action | Outside;
}

/** The place that has the keys. */
export function placeOf(state: AppState): Place {
  if (state.overlay !== null) return 'overlay';
  if (state.dialog !== null) return 'dialog';
  return currentScreen(state).id;
}

/** The text field that has the keys, with what is in it; null where keys are commands. */
export function textField(state: AppState): {name: 'filter' | 'name' | 'title'; text: string} | null {
  if (state.overlay !== null) return null;
  if (state.dialog !== null) return dialogField(state.dialog);
  const screen = currentScreen(state);
  return screen.id === 'environment' && screen.filtering ? {name: 'filter', text: screen.filter} : null;
}
