import {formatProblem} from '../../../resources/problem.ts';
import {goTo} from '../go-to.ts';
import {inspect} from '../inspections.ts';
import {logPanes} from '../layout.ts';
import {ask} from '../requests.ts';
import {replaceScreen} from '../screen-stack.ts';
import {rowsOf} from '../screens/environment-screen.ts';
import {chosenProblem, type ProblemsScreen, problemList, shownProblems} from '../screens/problems-screen.ts';
import {showSync} from '../screens/sync-screen.ts';
import {type AppState, currentScreen} from '../state.ts';
import {flat} from './flat.ts';
import type {ScreenKind} from './kind.ts';

const height = (state: AppState) => Math.max(1, logPanes(state.size).list - 3);

/** Everything that is wrong now. */
export const problems: ScreenKind<ProblemsScreen> = {
  listing: flat(problemList, shownProblems, height, 'only a warning'),
  rows: (state, screen) => ({keys: shownProblems(state, screen).keys, height: height(state)}),
  above: () => 3,
  /** To the place that it is about: the object's row, the environment, the sync. */
  enter(state, screen) {
    const chosen = chosenProblem(state, screen);
    if (chosen === undefined || chosen.who === '') return state;
    const gone = goTo(state, chosen.who);
    if (chosen.kind === 'sync') return showSync(gone, chosen.who);
    return chosen.resource === null ? gone : atResource(gone, chosen.resource);
  },
  /** Tries again what failed: the environment, the fetch, or all. */
  refresh(state, screen) {
    const chosen = chosenProblem(state, screen);
    if (chosen !== undefined && chosen.who !== '') return inspect(state, chosen.who, false);
    return ask(state, 'app', {name: chosen?.kind === 'remote' ? 'fetch' : 'load'});
  },
  copyable(state, screen) {
    const chosen = chosenProblem(state, screen);
    if (chosen === undefined) return null;
    return `${chosen.who === '' ? '' : `${chosen.who}: `}${formatProblem(chosen.problem)}`;
  },
};

function atResource(state: AppState, key: string): AppState {
  const screen = currentScreen(state);
  if (screen.id !== 'environment') return state;
  const shown = {...screen, driftOnly: false};
  const row = rowsOf(state, shown).find(each => each.kind === 'resource' && each.id === key);
  return row === undefined ? state : replaceScreen(state, {...shown, list: {...shown.list, key: row.key}});
}
