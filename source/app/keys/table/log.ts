import {chosenEntry} from '../../state/screens/command-log-screen.ts';
import {chosenProblem, type ToldProblem} from '../../state/screens/problems-screen.ts';
import {type AppState, currentScreen} from '../../state/state.ts';
import type {Command} from '../command.ts';

/** What the keys of the command log and of the problems do. */
export const logCommands: readonly Command[] = [
  {
    id: 'log-entry',
    keys: ['enter'],
    words: 'what was run, in full',
    hint: 'in full',
    section: 'Look',
    danger: null,
    places: ['command-log'],
    enabled: hasEntry,
    run: () => ({type: 'enter'}),
  },
  {
    id: 'problem-go',
    keys: ['enter'],
    words: 'to the object, the environment or the sync that it is about',
    hint: 'go there',
    section: 'Move',
    danger: null,
    places: ['problems'],
    enabled: canGo,
    run: () => ({type: 'enter'}),
  },
  {
    id: 'problem-edit',
    keys: ['e'],
    words: 'the file that it is in, in $EDITOR',
    hint: 'edit',
    section: 'Out',
    danger: null,
    places: ['problems'],
    enabled: canEdit,
    run: state => ({do: 'edit', ...(placeOf(state) ?? {file: '', line: 1})}),
  },
];

function hasEntry(state: AppState): true | string {
  const screen = currentScreen(state);
  return screen.id === 'command-log' && chosenEntry(screen) !== undefined ? true : 'nothing was run yet';
}

function problemOf(state: AppState): ToldProblem | undefined {
  const screen = currentScreen(state);
  return screen.id === 'problems' ? chosenProblem(state, screen) : undefined;
}

function canGo(state: AppState): true | string {
  const told = problemOf(state);
  if (told === undefined) return 'nothing went wrong';
  return told.who === '' ? 'it is not about one environment' : true;
}

function canEdit(state: AppState): true | string {
  if (placeOf(state) === null) return 'it names no file';
  return state.repository?.bare === true
    ? 'a bare repository has no files to edit: clone it, and edit there'
    : true;
}

/** The file with its whole path; null where it names none. */
function placeOf(state: AppState): {file: string; line: number} | null {
  const told = problemOf(state);
  const location = told?.problem.location;
  if (told === undefined || location === undefined) return null;
  // The preferences are the user's own, with their whole path.
  if (told.kind === 'settings') return {file: location.file, line: location.line};
  return state.repository === null
    ? null
    : {file: `${state.repository.path}/${location.file}`, line: location.line};
}
