import {formatIdentity} from '../../resources/identity.ts';
import {shownNames} from '../state/lists/overview-order.ts';
import {treeResources} from '../state/screens/environment-screen.ts';
import {type AppState, currentScreen} from '../state/state.ts';

/** What a command is told beside its name. */
export interface Argument {
  readonly name: string;
  readonly kind: 'environment' | 'commit' | 'resource' | 'number' | 'text' | 'choice';
  /** What can be chosen, for `choice`; where that depends on what is shown, by the state. */
  readonly choices?: readonly string[] | ((state: AppState) => readonly string[]);
  /** Without it the command does what its key does. */
  readonly optional?: true;
}

/** The arguments of a command by their names, as they were typed. */
export type Arguments = Readonly<Record<string, string | undefined>>;

/** Something that can stand for an argument, and what it is, in words. */
export interface Candidate {
  readonly value: string;
  readonly words: string;
}

/** What an argument can be here and now; empty where anything can be typed. */
export function candidatesOf(state: AppState, {kind, choices = []}: Argument): readonly Candidate[] {
  switch (kind) {
    case 'choice':
      return (typeof choices === 'function' ? choices(state) : choices).map(value => ({value, words: ''}));
    case 'environment':
      return shownNames(state).map(value => ({value, words: contextOf(state, value)}));
    case 'commit': {
      const screen = currentScreen(state);
      const revisions = screen.id === 'revisions' ? screen.revisions : [];
      return revisions.map(({sha, subject}) => ({value: sha.slice(0, 7), words: subject}));
    }
    case 'resource':
      return treeResources(state).map(({id, status}) => ({
        value: formatIdentity(id),
        words: status,
      }));
    case 'number':
    case 'text':
      return [];
  }
}

function contextOf(state: AppState, name: string): string {
  const known = state.environments.find(({environment}) => environment.name === name);
  return known?.environment.context ?? 'no context';
}

/** Why a value can't be that argument, as a sentence without its stop; null where it can. */
export function argumentMistake(
  state: AppState,
  argument: Argument,
  value: string | undefined,
): string | null {
  const {name, kind, optional} = argument;
  if (value === undefined || value === '') return optional ? null : `${name} is missing`;
  if (kind === 'text') return null;
  if (kind === 'number') return /^\d{1,9}$/.test(value) ? null : `${name} must be a number, not "${value}"`;
  const known = candidatesOf(state, argument);
  if (known.some(candidate => candidate.value === value)) return null;
  if (known.length === 0) return `there is no ${kind === 'choice' ? name : kind} to choose here`;
  return `"${value}" is no ${kind === 'choice' ? name : kind} here`;
}
