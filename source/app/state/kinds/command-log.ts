import {logPanes} from '../layout.ts';
import {replaceScreen} from '../screen-stack.ts';
import {
  type CommandLogScreen,
  chosenCommandLine,
  chosenEntry,
  commandLog as log,
  shownEntries,
} from '../screens/command-log-screen.ts';
import type {AppState} from '../state.ts';
import {flat} from './flat.ts';
import type {ScreenKind} from './kind.ts';

const height = (state: AppState) => Math.max(1, logPanes(state.size).list - 3);

/** What was really run and asked. */
export const commandLog: ScreenKind<CommandLogScreen> = {
  listing: flat(log, (_state, screen) => shownEntries(screen), height, 'well'),
  rows: (state, screen) => ({keys: shownEntries(screen).keys, height: height(state)}),
  above: () => 3,
  enter(state, screen) {
    const entry = chosenEntry(screen);
    return entry === undefined ? state : {...state, overlay: {id: 'errand', top: 0, entry}};
  },
  reduce: (state, screen, action) =>
    action.type === 'journal' ? replaceScreen(state, {...screen, entries: action.entries}) : state,
  // It is told anew whenever it changes.
  refresh: state => state,
  copyable: (_state, screen) => chosenCommandLine(screen),
};
